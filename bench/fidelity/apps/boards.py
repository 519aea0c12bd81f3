"""Kanban boards: columns with limits, cards whose positions shift, labels, assignees, comments, archive, activity."""

from __future__ import annotations

from secrets import token_hex, token_urlsafe
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from bench.fidelity.apps.boards_cards import router
from bench.fidelity.apps.boards_data import (
    ACTIVITY,
    BOARDS,
    CARDS,
    COLUMNS,
    LABELS,
    STARTING,
    TOKENS,
    USERS,
    ApiError,
    BoardChange,
    ColumnChange,
    Member,
    NewBoard,
    NewColumn,
    NewLabel,
    Row,
    SignIn,
    User,
    board_for,
    board_view,
    column_view,
    columns_of,
    found,
    log,
    signed_in,
)
from bench.fidelity.apps.parts import now

app: Final = FastAPI(openapi_url=None)
app.include_router(router)


@app.exception_handler(ApiError)
def refused(_: Request, error: ApiError) -> JSONResponse:
    return JSONResponse({"errors": [error.error]}, error.status)


@app.exception_handler(RequestValidationError)
def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    found = [
        {"code": "INVALID_FIELD", "message": one["msg"], "field": ".".join(map(str, one["loc"][1:]))}
        for one in error.errors()
    ]
    return JSONResponse({"errors": found}, 400)


@app.post("/v1/sessions", status_code=201)
def sign_in(asked: SignIn) -> Row:
    user = next((one for one in USERS.values() if one["email"] == asked.email.lower()), None)
    if not user or asked.password != f"{user['handle']}-kanban":
        raise ApiError(401, "BAD_CREDENTIALS", "Email or password is wrong")
    token = token_urlsafe(24)
    TOKENS[token] = user["id"]
    return {"token": token, "tokenType": "Bearer", "expiresIn": 28800, "user": user}


@app.delete("/v1/sessions/current", status_code=204, dependencies=[Depends(signed_in)])
def sign_out(authorization: Annotated[str, Header()]) -> None:
    del TOKENS[authorization.removeprefix("Bearer ")]


@app.get("/v1/me")
def me(user: User) -> Row:
    mine = [one for one in CARDS.values() if user in one["assigneeIds"] and not one["archivedAt"]]
    return {**USERS[user], "assignedCardCount": len(mine)}


@app.get("/v1/users", dependencies=[Depends(signed_in)])
def users() -> Row:
    return {"items": list(USERS.values())}


@app.post("/v1/boards", status_code=201)
def new_board(asked: NewBoard, user: User, response: Response) -> Row:
    if any(one["key"] == asked.key for one in BOARDS.values()):
        raise ApiError(409, "KEY_TAKEN", f"Key {asked.key} is in use", field="key")
    key, at = f"brd_{token_hex(6)}", now()
    BOARDS[key] = {"id": key, "key": asked.key, "name": asked.name, "description": asked.description}
    BOARDS[key] |= {"archived": False, "ownerId": user, "createdAt": at, "updatedAt": at}
    BOARDS[key] |= {"roles": {user: "owner"}, "next": 1}
    for place, (name, limit) in enumerate(STARTING[asked.template], 1):
        column = f"col_{token_hex(5)}"
        COLUMNS[column] = {"id": column, "boardId": key, "name": name, "wipLimit": limit, "position": place}
    log(key, "board.created", user, name=asked.name)
    response.headers["Location"] = f"/v1/boards/{key}"
    return board_view(BOARDS[key], user)


@app.get("/v1/boards")
def boards(user: User, archived: bool = False) -> Row:
    mine = [one for one in BOARDS.values() if user in one["roles"] and one["archived"] == archived]
    return {"items": [board_view(one, user) for one in sorted(mine, key=lambda one: one["name"].lower())]}


@app.get("/v1/boards/{key}")
def board(key: str, user: User, include: str = "") -> Row:
    view = board_view(board_for(key, user), user)
    if "columns" in include.split(","):
        view["columns"] = [column_view(one) for one in columns_of(key)]
    if "members" in include.split(","):
        view["members"] = [{"userId": one, "role": role} for one, role in BOARDS[key]["roles"].items()]
    return view


@app.patch("/v1/boards/{key}")
def change_board(key: str, asked: BoardChange, user: User) -> Row:
    board = board_for(key, user, "owner")
    changes = {name: value for name, value in asked.model_dump().items() if value is not None}
    board |= changes
    log(key, "board.updated", user, fields=sorted(changes))
    return board_view(board, user)


@app.delete("/v1/boards/{key}", status_code=204)
def drop_board(key: str, user: User) -> None:
    if not board_for(key, user, "owner")["archived"]:
        raise ApiError(409, "NOT_ARCHIVED", "Archive the board before it is deleted")
    del BOARDS[key]


@app.post("/v1/boards/{key}/members", status_code=201)
def add_member(key: str, asked: Member, user: User) -> Row:
    board = board_for(key, user, "owner")
    if asked.userId not in USERS:
        raise ApiError(422, "UNKNOWN_USER", "No such user", field="userId")
    if asked.userId in board["roles"]:
        raise ApiError(409, "ALREADY_MEMBER", f"{USERS[asked.userId]['displayName']} is a member")
    board["roles"][asked.userId] = asked.role
    log(key, "member.added", user, userId=asked.userId, role=asked.role)
    return {"boardId": key, "userId": asked.userId, "role": asked.role}


@app.get("/v1/boards/{key}/columns")
def columns(key: str, user: User) -> Row:
    board_for(key, user)
    return {"items": [column_view(one) for one in columns_of(key)]}


@app.post("/v1/boards/{key}/columns", status_code=201)
def new_column(key: str, asked: NewColumn, user: User) -> Row:
    board_for(key, user, "owner")
    there = columns_of(key)
    if any(one["name"].lower() == asked.name.lower() for one in there):
        raise ApiError(409, "COLUMN_EXISTS", f"There is a column {asked.name}", field="name")
    ref = f"col_{token_hex(5)}"
    COLUMNS[ref] = {"id": ref, "boardId": key, "name": asked.name, "wipLimit": asked.wipLimit}
    there.insert(len(there) if asked.position is None else asked.position - 1, COLUMNS[ref])
    for place, one in enumerate(there, 1):
        one["position"] = place
    log(key, "column.created", user, name=asked.name)
    return column_view(COLUMNS[ref])


@app.patch("/v1/columns/{key}")
def change_column(key: str, asked: ColumnChange, user: User) -> Row:
    column = found(COLUMNS, key, "Column")
    board_for(column["boardId"], user, "owner")
    column |= asked.model_dump(exclude_unset=True)
    return column_view(column)


@app.delete("/v1/columns/{key}", status_code=204)
def drop_column(key: str, user: User) -> None:
    column = found(COLUMNS, key, "Column")
    board_for(column["boardId"], user, "owner")
    if held := sum(one["columnId"] == key for one in CARDS.values()):
        raise ApiError(409, "COLUMN_NOT_EMPTY", "Move its cards first", cardCount=held)
    del COLUMNS[key]
    for place, one in enumerate(columns_of(column["boardId"]), 1):
        one["position"] = place
    log(column["boardId"], "column.deleted", user, name=column["name"])


@app.post("/v1/boards/{key}/labels", status_code=201)
def new_label(key: str, asked: NewLabel, user: User) -> Row:
    board_for(key, user, "owner", "editor")
    if any(one["boardId"] == key and one["name"] == asked.name.lower() for one in LABELS.values()):
        raise ApiError(409, "LABEL_EXISTS", f"There is a label {asked.name.lower()}", field="name")
    ref = f"lbl_{token_hex(4)}"
    LABELS[ref] = {"id": ref, "boardId": key, "name": asked.name.lower(), "color": asked.color}
    return {**LABELS[ref], "cardCount": 0}


@app.get("/v1/boards/{key}/labels")
def labels(key: str, user: User) -> Row:
    board_for(key, user)
    rows = sorted((one for one in LABELS.values() if one["boardId"] == key), key=lambda one: one["name"])
    used = [label for card in CARDS.values() if not card["archivedAt"] for label in card["labelIds"]]
    return {"items": [{**one, "cardCount": used.count(one["id"])} for one in rows]}


@app.delete("/v1/labels/{key}", status_code=204)
def drop_label(key: str, user: User) -> None:
    board_for(found(LABELS, key, "Label")["boardId"], user, "owner", "editor")
    del LABELS[key]
    for card in CARDS.values():
        card["labelIds"] = [one for one in card["labelIds"] if one != key]


@app.get("/v1/boards/{key}/activity")
def activity(
    key: str,
    user: User,
    type: str = "",  # noqa: A002
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
) -> Row:
    board_for(key, user)
    rows = [one for one in ACTIVITY[::-1] if one["boardId"] == key and type in ("", one["type"])]
    rows = [one for one in rows if before is None or one["id"] < before]
    return {"items": rows[:limit], "nextBefore": rows[limit - 1]["id"] if len(rows) > limit else None}
