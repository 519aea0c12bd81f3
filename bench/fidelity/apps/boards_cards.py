"""The cards of the kanban boards: search, moves, labels, assignees, the archive, comments."""

from __future__ import annotations

from secrets import token_hex
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response

from bench.fidelity.apps.boards_data import (
    BOARDS,
    CARDS,
    COLUMNS,
    COMMENTS,
    LABELS,
    RANKS,
    ApiError,
    CardChange,
    Move,
    NewCard,
    Priority,
    Row,
    Text,
    User,
    board_for,
    card_for,
    card_view,
    close_up,
    found,
    in_column,
    log,
    paged,
    put,
    room,
)
from bench.fidelity.apps.parts import now

router: Final = APIRouter()


@router.post("/v1/columns/{key}/cards", status_code=201)
def new_card(key: str, asked: NewCard, user: User, response: Response) -> Row:
    column = found(COLUMNS, key, "Column")
    board = board_for(column["boardId"], user, "owner", "editor")
    for label in asked.labelIds:
        if LABELS.get(label, {}).get("boardId") != board["id"]:
            raise ApiError(422, "UNKNOWN_LABEL", "No such label on this board", id=label)
    if any(one not in board["roles"] for one in asked.assigneeIds):
        raise ApiError(422, "NOT_A_MEMBER", "Only members can be assigned", field="assigneeIds")
    room(column)
    ref = f"crd_{token_hex(7)}"
    card = {"id": ref, "ref": f"{board['key']}-{board['next']}", "boardId": board["id"], **asked.model_dump()}
    card |= {"columnId": key, "createdBy": user, "archivedAt": None, "completedAt": None, "createdAt": now()}
    board["next"] += 1
    put(card, key, asked.position)
    CARDS[ref] = card
    log(board["id"], "card.created", user, card, column=column["name"])
    response.headers["Location"] = f"/v1/cards/{ref}"
    return card_view(card)


@router.get("/v1/columns/{key}/cards")
def column_cards(key: str, user: User) -> Row:
    board_for(found(COLUMNS, key, "Column")["boardId"], user)
    return {"items": [card_view(one) for one in in_column(key)]}


@router.get("/v1/boards/{key}/cards")
def search(
    key: str,
    user: User,
    q: str = "",
    column: Annotated[str, Query(alias="columnId")] = "",
    label: str = "",
    assignee: str = "",
    priority: Priority | None = None,
    archived: bool = False,
    sort: Literal["number", "priority", "dueOn", "title"] = "number",
    order: Literal["asc", "desc"] = "asc",
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=50, alias="pageSize")] = 10,
) -> Row:
    board_for(key, user)
    rows = [one for one in CARDS.values() if one["boardId"] == key and bool(one["archivedAt"]) == archived]
    rows = [one for one in rows if q.lower() in f"{one['title']} {one['description'] or ''}".lower()]
    rows = [one for one in rows if column in ("", one["columnId"]) and priority in (None, one["priority"])]
    who = user if assignee == "me" else assignee
    rows = [one for one in rows if not who or who in one["assigneeIds"]]
    rows = [one for one in rows if not label or label in [LABELS[each]["name"] for each in one["labelIds"]]]
    keys = {
        "number": lambda one: int(one["ref"].split("-")[1]),
        "priority": lambda one: RANKS[one["priority"]],
        "dueOn": lambda one: one["dueOn"] or "9999",
        "title": lambda one: one["title"].lower(),
    }
    rows.sort(key=keys[sort], reverse=order == "desc")
    return paged([card_view(one) for one in rows], page, size)


@router.get("/v1/cards/{key}")
def card(key: str, user: User) -> Row:
    return card_view(card_for(key, user))


@router.patch("/v1/cards/{key}")
def change_card(key: str, asked: CardChange, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if card["archivedAt"]:
        raise ApiError(409, "CARD_ARCHIVED", f"{card['ref']} is archived")
    changes = {name: value for name, value in asked.model_dump(exclude_unset=True).items() if card[name] != value}
    if changes:
        card |= changes
        log(card["boardId"], "card.updated", user, card, fields=sorted(changes))
    return card_view(card)


@router.post("/v1/cards/{key}/move")
def move(key: str, asked: Move, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if card["archivedAt"]:
        raise ApiError(409, "CARD_ARCHIVED", f"{card['ref']} is archived")
    before, column = COLUMNS[card["columnId"]], found(COLUMNS, asked.columnId, "Column")
    if column["boardId"] != card["boardId"]:
        raise ApiError(422, "OTHER_BOARD", "The column is on another board", field="columnId")
    if column is not before:
        room(column)
    put(card, column["id"], asked.position)
    close_up(before["id"])
    if column is not before:
        card["completedAt"] = now() if column["name"].lower() == "done" else None
    log(card["boardId"], "card.moved", user, card, **{"from": before["name"], "to": column["name"]})
    return card_view(card)


@router.put("/v1/cards/{key}/labels/{label}")
def tag(key: str, label: str, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if found(LABELS, label, "Label")["boardId"] != card["boardId"]:
        raise ApiError(422, "UNKNOWN_LABEL", "No such label on this board", id=label)
    if label not in card["labelIds"]:
        card["labelIds"].append(label)
    return card_view(card)


@router.delete("/v1/cards/{key}/labels/{label}")
def untag(key: str, label: str, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if label not in card["labelIds"]:
        raise ApiError(404, "NOT_FOUND", "The card has no such label", id=label)
    card["labelIds"].remove(label)
    return card_view(card)


@router.put("/v1/cards/{key}/assignees/{who}")
def assign(key: str, who: str, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if who not in BOARDS[card["boardId"]]["roles"]:
        raise ApiError(422, "NOT_A_MEMBER", "Only members can be assigned", field="assigneeIds")
    if who not in card["assigneeIds"]:
        if len(card["assigneeIds"]) >= 2:
            raise ApiError(422, "TOO_MANY_ASSIGNEES", "A card has two assignees at most", limit=2)
        card["assigneeIds"].append(who)
        log(card["boardId"], "card.assigned", user, card, userId=who)
    return card_view(card)


@router.delete("/v1/cards/{key}/assignees/{who}", status_code=204)
def unassign(key: str, who: str, user: User) -> None:
    card = card_for(key, user, "owner", "editor")
    if who not in card["assigneeIds"]:
        raise ApiError(404, "NOT_FOUND", "Not assigned to this card", id=who)
    card["assigneeIds"].remove(who)


@router.post("/v1/cards/{key}/archive")
def archive(key: str, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if card["archivedAt"]:
        raise ApiError(409, "CARD_ARCHIVED", f"{card['ref']} is archived")
    card["archivedAt"], card["position"] = now(), None
    close_up(card["columnId"])
    log(card["boardId"], "card.archived", user, card)
    return card_view(card)


@router.post("/v1/cards/{key}/restore")
def restore(key: str, user: User) -> Row:
    card = card_for(key, user, "owner", "editor")
    if not card["archivedAt"]:
        raise ApiError(409, "NOT_ARCHIVED", f"{card['ref']} is not archived")
    room(COLUMNS[card["columnId"]])
    card["archivedAt"] = None
    put(card, card["columnId"], None)
    log(card["boardId"], "card.restored", user, card)
    return card_view(card)


@router.delete("/v1/cards/{key}", status_code=204)
def drop_card(key: str, user: User) -> None:
    card = card_for(key, user, "owner", "editor")
    if not card["archivedAt"]:
        raise ApiError(409, "NOT_ARCHIVED", "Archive the card before it is deleted")
    del CARDS[key]
    for one in [one for one, comment in COMMENTS.items() if comment["cardId"] == key]:
        del COMMENTS[one]


@router.post("/v1/cards/{key}/comments", status_code=201)
def comment(key: str, asked: Text, user: User) -> Row:
    card = card_for(key, user)
    ref = f"cmt_{token_hex(6)}"
    COMMENTS[ref] = {"id": ref, "cardId": key, "authorId": user, "text": asked.text, "edited": False}
    COMMENTS[ref]["createdAt"] = now()
    log(card["boardId"], "comment.added", user, card, commentId=ref)
    return COMMENTS[ref]


@router.get("/v1/cards/{key}/comments")
def comments(key: str, user: User) -> Row:
    card_for(key, user)
    return {"items": [one for one in COMMENTS.values() if one["cardId"] == key][::-1]}


@router.patch("/v1/comments/{key}")
def edit(key: str, asked: Text, user: User) -> Row:
    comment = found(COMMENTS, key, "Comment")
    if comment["authorId"] != user:
        raise ApiError(403, "NOT_AUTHOR", "Only its author may edit a comment")
    comment |= {"text": asked.text, "edited": True}
    return comment


@router.delete("/v1/comments/{key}", status_code=204)
def drop_comment(key: str, user: User) -> None:
    comment = found(COMMENTS, key, "Comment")
    role = BOARDS[CARDS[comment["cardId"]]["boardId"]]["roles"].get(user)
    if comment["authorId"] != user and role != "owner":
        raise ApiError(403, "NOT_AUTHOR", "Only its author may delete a comment")
    del COMMENTS[key]
