"""Samples after DummyJSON: fixed products, users and posts with paging, fields chosen, search; writes are only told."""

from __future__ import annotations

import json
import secrets
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import bearer, now

Row = dict[str, Any]

CATEGORIES: Final = ("beauty", "fragrances", "furniture", "groceries")
THINGS: Final = ("Mascara", "Perfume", "Table", "Apple", "Lipstick", "Cologne", "Sofa", "Honey")
FINISHES: Final = ("Classic", "Deluxe", "Mini")
FIRST: Final = ("Emily", "Michael", "Sophia", "James", "Emma", "Olivia")
LAST: Final = ("Johnson", "Williams", "Brown", "Davis", "Miller", "Wilson")
SUBJECTS: Final = ("love", "crime", "history", "fiction", "magic", "mystery")
PRODUCTS: Final = [
    {
        "id": number,
        "title": f"{FINISHES[number % 3]} {THINGS[number % 8]}",
        "category": CATEGORIES[number % 4],
        "price": round(4.99 + 37.5 * (number * 7 % 24), 2),
        "stock": number * 13 % 100,
        "tags": [CATEGORIES[number % 4], THINGS[number % 8].lower()],
        "dimensions": {"width": 5.5 + number, "height": 11.25 + number},
    }
    for number in range(1, 25)
]
USERS: Final = [
    {
        "id": number,
        "firstName": FIRST[number - 1],
        "lastName": LAST[number - 1],
        "email": f"{FIRST[number - 1].lower()}@dummy.example",
        "username": f"{FIRST[number - 1].lower()}{LAST[number - 1][0].lower()}",
        "company": {"name": f"{LAST[-number]} Ltd", "department": ("Engineering", "Support")[number % 2]},
    }
    for number in range(1, 7)
]
POSTS: Final = [
    {
        "id": number,
        "title": f"Of {SUBJECTS[number % 6]} and {SUBJECTS[number * 5 % 7 % 6]}",
        "body": f"It was a tale of {SUBJECTS[number % 6]} that nobody knew.",
        "tags": [SUBJECTS[number % 6], SUBJECTS[(number + 2) % 6]],
        "reactions": {"likes": number * 37 % 200, "dislikes": number * 11 % 40},
        "userId": number * 7 % 6 + 1,
    }
    for number in range(1, 19)
]
ALL: Final[dict[str, list[Row]]] = {"products": PRODUCTS, "users": USERS, "posts": POSTS}
SEARCHED: Final = {"products": ("title", "category"), "users": ("firstName", "lastName"), "posts": ("title", "body")}
_signed_in: dict[str, Row] = {}


class RefusedError(Exception):
    """A refusal: a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def refused(_: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, RefusedError) else 400
    return JSONResponse({"message": str(error)}, status)


async def sent(request: Request) -> Row:
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise RefusedError(400, "Unexpected token in JSON") from None
    if not isinstance(found, dict) or not found:
        raise RefusedError(400, "Send an object with something in it")
    return found


def number_asked(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdigit():
        raise RefusedError(400, f"Invalid '{name}' - must be a number")
    return int(text)


def chosen(row: Row, select: str) -> Row:
    names = ["id", *(name for name in select.split(",") if name != "id")]
    return {name: row[name] for name in names if name in row} if select else row


def page(request: Request, kind: str, rows: list[Row]) -> Response:
    """Answer a page of rows, sorted and with the members that were asked for."""
    asked = request.query_params
    if by := asked.get("sortBy"):
        if asked.get("order", "asc") not in ("asc", "desc"):
            raise RefusedError(400, "Order can be: 'asc' or 'desc'")
        rows = sorted(rows, key=lambda row: row.get(by, ""), reverse=asked.get("order") == "desc")
    limit, skip = number_asked(request, "limit", 10), number_asked(request, "skip", 0)
    shown = rows[skip : skip + limit] if limit else rows[skip:]
    told = [chosen(row, asked.get("select", "")) for row in shown]
    return JSONResponse({kind: told, "total": len(rows), "skip": skip, "limit": len(shown)})


def kind_of(request: Request) -> str:
    kind = request.path_params["kind"]
    if kind not in ALL:
        raise RefusedError(404, f"There is no {kind}")
    return str(kind)


def row_of(request: Request, kind: str) -> Row:
    number = request.path_params["number"]
    for row in ALL[kind]:
        if str(row["id"]) == number:
            return row
    raise RefusedError(404, f"{kind[:-1].capitalize()} with id '{number}' not found")


async def listed(request: Request) -> Response:
    kind = kind_of(request)
    return page(request, kind, ALL[kind])


async def found(request: Request) -> Response:
    kind, word = kind_of(request), request.query_params.get("q", "").lower()
    rows = [row for row in ALL[kind] if any(word in str(row[name]).lower() for name in SEARCHED[kind])]
    return page(request, kind, rows)


async def filtered(request: Request) -> Response:
    kind, asked = kind_of(request), request.query_params
    rows = [row for row in ALL[kind] if str(row.get(asked.get("key", ""))) == asked.get("value")]
    return page(request, kind, rows)


async def add(request: Request) -> Response:
    kind = kind_of(request)
    asked = await sent(request)
    if kind == "posts" and not any(user["id"] == asked.get("userId") for user in USERS):
        raise RefusedError(400 if "userId" not in asked else 404, "User id is required and must be known")
    return JSONResponse({"id": len(ALL[kind]) + 1, **asked}, 201)


async def one(request: Request) -> Response:
    kind = kind_of(request)
    row = row_of(request, kind)
    if request.method == "DELETE":
        return JSONResponse({**row, "isDeleted": True, "deletedOn": now()})
    if request.method in ("PUT", "PATCH"):
        return JSONResponse({**row, **await sent(request), "id": row["id"]})
    return JSONResponse(chosen(row, request.query_params.get("select", "")))


async def categories(_: Request) -> Response:
    told = [{"slug": name, "name": name.capitalize(), "url": f"/products/category/{name}"} for name in CATEGORIES]
    return JSONResponse(told)


async def category(request: Request) -> Response:
    name = request.path_params["name"]
    return page(request, "products", [row for row in PRODUCTS if row["category"] == name])


async def posts_of(request: Request) -> Response:
    user = row_of(request, "users")
    return page(request, "posts", [row for row in POSTS if row["userId"] == user["id"]])


async def login(request: Request) -> Response:
    asked = await sent(request)
    if not asked.get("username") or not asked.get("password"):
        raise RefusedError(400, "Username and password required")
    user = next((user for user in USERS if user["username"] == asked["username"]), None)
    if user is None or asked["password"] != f"{user['username']}pass":
        raise RefusedError(400, "Invalid credentials")
    token, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    _signed_in[token] = user
    told = {name: user[name] for name in ("id", "username", "email", "firstName", "lastName")}
    return JSONResponse({**told, "accessToken": token, "refreshToken": refresh})


async def me(request: Request) -> Response:
    token = bearer(request)
    if not token:
        raise RefusedError(401, "Access Token is required")
    if token not in _signed_in:
        raise RefusedError(401, "Invalid/Expired Token!")
    return JSONResponse(_signed_in[token])


app = Starlette(
    routes=[
        Route("/auth/login", login, methods=["POST"]),
        Route("/auth/me", me),
        Route("/products/categories", categories),
        Route("/products/category/{name}", category),
        Route("/{kind}", listed),
        Route("/{kind}/search", found),
        Route("/{kind}/filter", filtered),
        Route("/{kind}/add", add, methods=["POST"]),
        Route("/{kind}/{number}", one, methods=["GET", "PUT", "PATCH", "DELETE"]),
        Route("/users/{number}/posts", posts_of),
    ],
    exception_handlers={RefusedError: refused},
)
