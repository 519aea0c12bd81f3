"""What the kanban boards keep and show: users, boards, columns, labels, cards by position, comments, activity."""

# ruff: noqa: N815 - the names are those of the API
from __future__ import annotations

from itertools import count
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Header
from pydantic import BaseModel, Field

from bench.fidelity.apps.parts import now

Row = dict[str, Any]
Priority = Literal["none", "low", "medium", "high", "urgent"]

USERS: Final[dict[str, Row]] = {
    key: {"id": key, "email": f"{handle}@northwind.test", "displayName": name, "handle": handle, "isAdmin": admin}
    for key, handle, name, admin in (
        ("usr_01", "mara", "Mara Lindqvist", True),
        ("usr_02", "tobias", "Tobias Okafor", False),
        ("usr_03", "ines", "Inês Duarte", False),
        ("usr_04", "jun", "Jun Watanabe", False),
    )
}
STARTING: Final = {"kanban": (("Backlog", None), ("In progress", 3), ("Done", None)), "blank": ()}
RANKS: Final = {"none": 0, "low": 1, "medium": 2, "high": 3, "urgent": 4}

TOKENS: Final[dict[str, str]] = {}
BOARDS: Final[dict[str, Row]] = {}
COLUMNS: Final[dict[str, Row]] = {}
LABELS: Final[dict[str, Row]] = {}
CARDS: Final[dict[str, Row]] = {}
COMMENTS: Final[dict[str, Row]] = {}
ACTIVITY: Final[list[Row]] = []
SEQUENCE: Final = count(1)


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        self.status, self.error = status, {"code": code, "message": message, **more}


class SignIn(BaseModel):
    email: str
    password: str


class NewBoard(BaseModel):
    name: str = Field(min_length=1, max_length=60)
    key: str = Field(pattern=r"^[A-Z]{2,5}$")
    description: str = ""
    template: Literal["kanban", "blank"] = "kanban"


class BoardChange(BaseModel):
    name: str | None = Field(default=None, min_length=1, max_length=60)
    description: str | None = None
    archived: bool | None = None


class Member(BaseModel):
    userId: str
    role: Literal["editor", "viewer"] = "editor"


class NewColumn(BaseModel):
    name: str = Field(min_length=1)
    wipLimit: int | None = Field(default=None, ge=1)
    position: int | None = Field(default=None, ge=1)


class ColumnChange(BaseModel):
    name: str | None = Field(default=None, min_length=1)
    wipLimit: int | None = Field(default=None, ge=1)


class NewLabel(BaseModel):
    name: str = Field(min_length=1, max_length=20)
    color: Literal["red", "amber", "green", "blue", "violet", "grey"] = "grey"


class NewCard(BaseModel):
    title: str = Field(min_length=3, max_length=120)
    description: str | None = None
    priority: Priority = "none"
    estimate: int | None = Field(default=None, ge=1, le=21)
    dueOn: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$")
    labelIds: list[str] = []
    assigneeIds: list[str] = []
    position: int | None = Field(default=None, ge=1)


class CardChange(BaseModel):
    title: str | None = Field(default=None, min_length=3, max_length=120)
    description: str | None = None
    priority: Priority | None = None
    estimate: int | None = Field(default=None, ge=1, le=21)
    dueOn: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$")


class Move(BaseModel):
    columnId: str
    position: int | None = Field(default=None, ge=1)


class Text(BaseModel):
    text: str = Field(min_length=1, max_length=500)


def signed_in(authorization: Annotated[str, Header()] = "") -> str:
    user = TOKENS.get(authorization.removeprefix("Bearer "))
    if not user:
        raise ApiError(401, "UNAUTHENTICATED", "Sign in first")
    return user


User = Annotated[str, Depends(signed_in)]


def found(rows: dict[str, Row], key: str, kind: str) -> Row:
    if key not in rows:
        raise ApiError(404, "NOT_FOUND", f"{kind} not found", id=key)
    return rows[key]


def board_for(key: str, user: str, *needed: str) -> Row:
    """Give the board to a member; one of the roles that are named is needed, any where none is."""
    board = found(BOARDS, key, "Board")
    role = board["roles"].get(user)
    if not role:
        raise ApiError(404, "NOT_FOUND", "Board not found", id=key)
    if needed and role not in needed:
        raise ApiError(403, "FORBIDDEN", f"A {role} may not do this", required=needed[0])
    if needed and board["archived"] and needed != ("owner",):
        raise ApiError(409, "BOARD_ARCHIVED", "The board is archived")
    return board


def card_for(key: str, user: str, *needed: str) -> Row:
    card = found(CARDS, key, "Card")
    board_for(card["boardId"], user, *needed)
    return card


def log(board: str, kind: str, user: str, card: Row | None = None, **data: Any) -> None:
    ACTIVITY.append(
        {
            "id": next(SEQUENCE),
            "boardId": board,
            "type": kind,
            "actor": {"id": user, "displayName": USERS[user]["displayName"]},
            "cardRef": card and card["ref"],
            "data": data,
            "at": now(),
        }
    )
    BOARDS[board]["updatedAt"] = ACTIVITY[-1]["at"]


def in_column(key: str) -> list[Row]:
    cards = [one for one in CARDS.values() if one["columnId"] == key and not one["archivedAt"]]
    return sorted(cards, key=lambda one: one["position"] or 0)


def put(card: Row, column: str, position: int | None) -> None:
    """Put a card into a column and count all positions there anew."""
    others = [one for one in in_column(column) if one is not card]
    others.insert(len(others) if position is None else min(position, len(others) + 1) - 1, card)
    card["columnId"] = column
    for place, one in enumerate(others, 1):
        one["position"] = place


def close_up(column: str) -> None:
    for place, one in enumerate(in_column(column), 1):
        one["position"] = place


def room(column: Row) -> None:
    used = len(in_column(column["id"]))
    if column["wipLimit"] and used >= column["wipLimit"]:
        raise ApiError(422, "WIP_LIMIT", f"{column['name']} is full", limit=column["wipLimit"], current=used)


def columns_of(board: str) -> list[Row]:
    return sorted((one for one in COLUMNS.values() if one["boardId"] == board), key=lambda one: one["position"])


def column_view(one: Row) -> Row:
    return {**one, "cardCount": len(in_column(one["id"]))}


def board_view(board: Row, user: str) -> Row:
    cards = [one for one in CARDS.values() if one["boardId"] == board["id"]]
    kept = {key: value for key, value in board.items() if key not in ("roles", "next")}
    return {
        **kept,
        "myRole": board["roles"][user],
        "memberCount": len(board["roles"]),
        "columnCount": len(columns_of(board["id"])),
        "openCardCount": sum(not one["archivedAt"] for one in cards),
        "archivedCardCount": sum(bool(one["archivedAt"]) for one in cards),
    }


def card_view(card: Row) -> Row:
    column = COLUMNS[card["columnId"]]
    labels = sorted((LABELS[one] for one in card["labelIds"]), key=lambda one: one["name"])
    kept = {key: value for key, value in card.items() if key not in ("labelIds", "assigneeIds", "columnId")}
    return {
        **kept,
        "column": {"id": column["id"], "name": column["name"]},
        "labels": [{"id": one["id"], "name": one["name"], "color": one["color"]} for one in labels],
        "assignees": [{"id": one, "handle": USERS[one]["handle"]} for one in card["assigneeIds"]],
        "commentCount": sum(one["cardId"] == card["id"] for one in COMMENTS.values()),
    }


def paged(rows: list[Row], page: int, size: int) -> Row:
    number = {"page": page, "pageSize": size, "totalItems": len(rows), "totalPages": -(-len(rows) // size)}
    return {"items": rows[(page - 1) * size : page * size], "pageInfo": number}
