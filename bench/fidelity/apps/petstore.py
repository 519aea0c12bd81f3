"""A pet store after Swagger's: pets by ids of the caller's with nested tags, orders, an inventory, users who log in."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import now

Row = dict[str, Any]

STATES: Final = ("available", "pending", "sold")
CATEGORIES: Final = ("Dogs", "Cats", "Rabbits", "Lions")
_pets: dict[int, Row] = {
    number: {
        "id": number,
        "category": {"id": number % 4 + 1, "name": CATEGORIES[number % 4]},
        "name": f"{CATEGORIES[number % 4][:-1]} {number}",
        "photoUrls": [f"url{number}", f"url{number + 1}"],
        "tags": [{"id": 1, "name": f"tag{number % 3 + 1}"}, {"id": 2, "name": f"tag{number % 3 + 2}"}],
        "status": STATES[number % 3],
    }
    for number in range(1, 8)
}
_orders: dict[int, Row] = {}
_users: dict[str, Row] = {}


class RefusedError(Exception):
    """A refusal: a status and what is wrong; as JSON with a code where the input was."""

    def __init__(self, status: int, message: str, *, coded: bool = False) -> None:
        super().__init__(message)
        self.status, self.coded = status, coded


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        raise error
    if error.coded:
        return JSONResponse({"code": error.status, "message": str(error)}, error.status)
    return PlainTextResponse(str(error), error.status)


async def sent(request: Request, kind: type = dict) -> Any:
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise RefusedError(400, "Input error: unable to convert input", coded=True) from None
    if not isinstance(found, kind):
        raise RefusedError(400, "Input error: unable to convert input", coded=True)
    return found


def number_in(request: Request) -> int:
    text = request.path_params["number"]
    if not text.lstrip("-").isdigit():
        raise RefusedError(400, f"Input error: couldn't convert `{text}` to type `class java.lang.Long`", coded=True)
    return int(text)


def pet_of(number: object) -> Row:
    if not isinstance(number, int) or number not in _pets:
        raise RefusedError(404, "Pet not found")
    return _pets[number]


def checked(pet: Row) -> Row:
    if not pet.get("name"):
        raise RefusedError(422, "Pet must have a name", coded=True)
    if pet.get("status", "available") not in STATES:
        raise RefusedError(422, f"Status `{pet['status']}` is not one of {', '.join(STATES)}", coded=True)
    return pet


async def pets(request: Request) -> Response:
    asked = checked(await sent(request))
    if request.method == "PUT":
        pet_of(asked.get("id"))
    number = asked.get("id", max(_pets, default=0) + 1)
    kept: Row = {"id": number}
    kept |= {name: asked[name] for name in ("category", "name") if name in asked}
    kept |= {"photoUrls": asked.get("photoUrls", []), "tags": asked.get("tags", [])}
    _pets[number] = kept | ({"status": asked["status"]} if "status" in asked else {})
    return JSONResponse(_pets[number])


async def pet(request: Request) -> Response:
    number = number_in(request)
    if request.method == "DELETE":
        _pets.pop(number, None)
        return PlainTextResponse("Pet deleted")
    found = pet_of(number)
    if request.method == "POST":
        asked = {name: value for name, value in request.query_params.items() if name in ("name", "status")}
        if not asked.get("name"):
            raise RefusedError(400, "No Name provided. Try again?")
        _pets[number] = found = {**found, **asked}
    return JSONResponse(found)


async def by_status(request: Request) -> Response:
    status = request.query_params.get("status", "")
    if not status:
        raise RefusedError(400, "No status provided. Try again?")
    if status not in STATES:
        told = f"Input error: query parameter `status` value `{status}` is not in the allowable values"
        raise RefusedError(400, f"{told} `[{', '.join(STATES)}]`", coded=True)
    return JSONResponse([one for one in _pets.values() if one.get("status") == status])


async def by_tags(request: Request) -> Response:
    asked = {name for text in request.query_params.getlist("tags") for name in text.split(",") if name}
    if not asked:
        raise RefusedError(400, "No tags provided. Try again?")
    return JSONResponse([one for one in _pets.values() if asked & {tag.get("name") for tag in one["tags"]}])


async def order(request: Request) -> Response:
    asked = await sent(request)
    if asked.get("petId") not in _pets:
        raise RefusedError(400, "No such pet to order", coded=True)
    if not 0 < asked.get("quantity", 1) <= 100:
        raise RefusedError(422, "Quantity must be between 1 and 100", coded=True)
    number = asked.get("id", max(_orders, default=0) + 1)
    kept = {"id": number, "petId": asked["petId"], "quantity": asked.get("quantity", 1)}
    kept |= {"shipDate": asked.get("shipDate") or now(86400), "status": asked.get("status", "placed")}
    _orders[number] = kept | {"complete": asked.get("complete", False)}
    return JSONResponse(_orders[number])


async def order_itself(request: Request) -> Response:
    number = number_in(request)
    if number not in _orders:
        raise RefusedError(404, "Order not found")
    if request.method == "DELETE":
        del _orders[number]
        return Response()
    return JSONResponse(_orders[number])


async def inventory(_: Request) -> Response:
    return JSONResponse(Counter(one["status"] for one in _pets.values() if "status" in one))


def kept_user(asked: Row) -> Row:
    if not asked.get("username"):
        raise RefusedError(400, "No User provided. Try again?")
    known = ("firstName", "lastName", "email", "password", "phone")
    user = {"id": asked.get("id", len(_users) + 1), "username": asked["username"]}
    user |= {name: asked.get(name) for name in known} | {"userStatus": asked.get("userStatus", 0)}
    _users[user["username"]] = user
    return user


async def create_user(request: Request) -> Response:
    return JSONResponse(kept_user(await sent(request)))


async def create_users(request: Request) -> Response:
    return JSONResponse([kept_user(one) for one in await sent(request, list)])


async def login(request: Request) -> Response:
    asked = request.query_params
    user = _users.get(asked.get("username", ""))
    if user is None or user["password"] != asked.get("password"):
        raise RefusedError(400, "Invalid username/password supplied")
    ends = (datetime.now(UTC) + timedelta(hours=1)).strftime("%a %b %d %H:%M:%S UTC %Y")
    headers = {"X-Rate-Limit": "5000", "X-Expires-After": ends}
    return PlainTextResponse(f"Logged in user session: {user['id'] * 7919}", headers=headers)


async def logout(_: Request) -> Response:
    return PlainTextResponse("User logged out")


async def user_itself(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _users:
        raise RefusedError(404, "User not found")
    if request.method == "DELETE":
        del _users[name]
        return Response()
    if request.method == "PUT":
        _users[name] |= {key: value for key, value in (await sent(request)).items() if key != "username"}
    return JSONResponse(_users[name])


app = Starlette(
    routes=[
        Route("/api/v3/pet", pets, methods=["POST", "PUT"]),
        Route("/api/v3/pet/findByStatus", by_status),
        Route("/api/v3/pet/findByTags", by_tags),
        Route("/api/v3/pet/{number}", pet, methods=["GET", "POST", "DELETE"]),
        Route("/api/v3/store/inventory", inventory),
        Route("/api/v3/store/order", order, methods=["POST"]),
        Route("/api/v3/store/order/{number}", order_itself, methods=["GET", "DELETE"]),
        Route("/api/v3/user", create_user, methods=["POST"]),
        Route("/api/v3/user/createWithList", create_users, methods=["POST"]),
        Route("/api/v3/user/login", login),
        Route("/api/v3/user/logout", logout),
        Route("/api/v3/user/{name}", user_itself, methods=["GET", "PUT", "DELETE"]),
    ],
    exception_handlers={RefusedError: refused},
)
