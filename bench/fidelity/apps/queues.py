"""Queues after IronMQ: messages that are reserved, touched, released and deleted by reservation, and dead letters."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Row = dict[str, Any]

NAME: Final = re.compile(r"[\w-]{1,64}")
DEFAULTS: Final = {"message_timeout": 60, "message_expiration": 604800}
LIMITS: Final = {"message_timeout": (30, 86400), "message_expiration": (60, 2592000)}
_queues: dict[str, Row] = {}
_messages: dict[str, list[Row]] = {}
_numbers = iter(range(secrets.randbelow(10**17) + 6 * 10**18, 10**19))


class RefusedError(Exception):
    """A refusal: a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return JSONResponse({"msg": str(error)}, error.status)


def permitted(request: Request) -> None:
    if not request.headers.get("authorization", "").startswith("OAuth "):
        raise RefusedError(401, "You must be authorized.")


async def sent(request: Request) -> Row:
    permitted(request)
    text = await request.body()
    try:
        found = json.loads(text or b"{}")
    except ValueError:
        raise RefusedError(400, "Failed to decode JSON.") from None
    if not isinstance(found, dict):
        raise RefusedError(400, "Body must be an object.")
    return found


def queue_of(request: Request) -> Row:
    permitted(request)
    name = request.path_params["queue"]
    if name not in _queues:
        raise RefusedError(404, "Queue not found")
    return _queues[name]


def shown(queue: Row) -> Response:
    sizes = {"size": len(_messages[queue["name"]]), "total_messages": queue["total"]}
    told = {key: value for key, value in queue.items() if key != "total"}
    return JSONResponse({"queue": {**told, **sizes}})


def settings(asked: Row, own: str) -> Row:
    told = {}
    for name, (least, most) in LIMITS.items():
        if name in asked:
            if not isinstance(asked[name], int) or not least <= asked[name] <= most:
                raise RefusedError(400, f"{name} must be between {least} and {most}")
            told[name] = asked[name]
    if letters := asked.get("dead_letter"):
        if letters.get("queue_name") not in _queues or letters.get("queue_name") == own:
            raise RefusedError(400, "Dead letter queue not found")
        told["dead_letter"] = {"queue_name": letters["queue_name"], "max_reservations": letters["max_reservations"]}
    return told


async def queues(request: Request) -> Response:
    permitted(request)
    names, asked = sorted(_queues), request.query_params
    names = [name for name in names if name.startswith(asked.get("prefix", "")) and name > asked.get("previous", "")]
    return JSONResponse({"queues": [{"name": name} for name in names[: int(asked.get("per_page", 30))]]})


async def queue(request: Request) -> Response:
    name = request.path_params["queue"]
    if request.method == "PUT":
        asked = (await sent(request)).get("queue", {})
        if not NAME.fullmatch(name):
            raise RefusedError(400, "Queue name is invalid")
        if name in _queues:
            raise RefusedError(409, "Queue already exists")
        own = {"project_id": request.path_params["project"], "name": name, "type": "pull", **DEFAULTS}
        _queues[name] = {**own, **settings(asked, name), "total": 0}
        _messages[name] = []
        return shown(_queues[name])
    found = queue_of(request)
    if request.method == "PATCH":
        found |= settings((await sent(request)).get("queue", {}), name)
    if request.method == "DELETE":
        del _queues[name], _messages[name]
        return JSONResponse({"msg": "Deleted"})
    return shown(found)


async def post(request: Request) -> Response:
    found, asked = queue_of(request), (await sent(request)).get("messages")
    if not isinstance(asked, list) or not asked:
        raise RefusedError(400, "No messages")
    if any(not isinstance(one.get("body"), str) for one in asked):
        raise RefusedError(400, "Message body is required")
    made = []
    for one in asked:
        own = {"id": str(next(_numbers)), "body": one["body"], "reserved_count": 0}
        made.append({**own, "reservation": "", "ready": time.monotonic() + one.get("delay", 0)})
    _messages[found["name"]] += made
    found["total"] += len(made)
    return JSONResponse({"ids": [one["id"] for one in made], "msg": "Messages put on queue."}, 201)


def told(message: Row, *, reserved: bool = False) -> Row:
    own = {name: message[name] for name in ("id", "body", "reserved_count")}
    return {**own, "reservation_id": message["reservation"]} if reserved else own


def waiting(name: str) -> list[Row]:
    return [one for one in _messages[name] if not one["reservation"] and one["ready"] <= time.monotonic()]


async def reserve(request: Request) -> Response:
    found, asked = queue_of(request), await sent(request)
    number = asked.get("n", 1)
    if not isinstance(number, int) or not 1 <= number <= 100:
        raise RefusedError(400, "n must be between 1 and 100")
    taken = waiting(found["name"])[:number]
    for one in taken:
        one["reserved_count"] += 1
        one["reservation"] = secrets.token_hex(16)
    if asked.get("delete"):
        _messages[found["name"]] = [one for one in _messages[found["name"]] if one not in taken]
    return JSONResponse({"messages": [told(one, reserved=not asked.get("delete")) for one in taken]})


async def peek(request: Request) -> Response:
    found = queue_of(request)
    return JSONResponse(
        {"messages": [told(one) for one in waiting(found["name"])[: int(request.query_params.get("n", 1))]]}
    )


def message_of(request: Request) -> tuple[Row, Row]:
    found = queue_of(request)
    for one in _messages[found["name"]]:
        if one["id"] == request.path_params["id"]:
            return found, one
    raise RefusedError(404, "Message not found")


def check_reservation(message: Row, asked: Row) -> None:
    if asked.get("reservation_id", "") != message["reservation"]:
        raise RefusedError(403, "Wrong reservation_id" if asked.get("reservation_id") else "Message is reserved")


async def message(request: Request) -> Response:
    found, one = message_of(request)
    if request.method == "GET":
        return JSONResponse({"message": told(one, reserved=bool(one["reservation"]))})
    check_reservation(one, await sent(request))
    _messages[found["name"]].remove(one)
    return JSONResponse({"msg": "Deleted"})


async def touch(request: Request) -> Response:
    _, one = message_of(request)
    asked = await sent(request)
    if not one["reservation"]:
        raise RefusedError(400, "Message is not reserved")
    check_reservation(one, asked)
    one["reservation"] = secrets.token_hex(16)
    return JSONResponse({"reservation_id": one["reservation"], "msg": "Touched"})


async def release(request: Request) -> Response:
    """Give a message back: to the end of its queue, or to the dead letters once it was reserved too often."""
    found, one = message_of(request)
    asked = await sent(request)
    if not one["reservation"]:
        raise RefusedError(400, "Message is not reserved")
    check_reservation(one, asked)
    one |= {"reservation": "", "ready": time.monotonic() + asked.get("delay", 0)}
    letters = found.get("dead_letter")
    _messages[found["name"]].remove(one)
    if letters and one["reserved_count"] >= letters["max_reservations"] and letters["queue_name"] in _queues:
        _messages[letters["queue_name"]].append({**one, "reserved_count": 0})
        _queues[letters["queue_name"]]["total"] += 1
    else:
        _messages[found["name"]].append(one)
    return JSONResponse({"msg": "Released"})


async def clear(request: Request) -> Response:
    """Delete the messages of a list by reservation, and all of them where there is no list."""
    found, asked = queue_of(request), await sent(request)
    if "ids" not in asked:
        _messages[found["name"]] = []
        return JSONResponse({"msg": "Cleared"})
    by_id = {one["id"]: one for one in _messages[found["name"]]}
    results = []
    for pair in asked["ids"]:
        one = by_id.get(pair.get("id"))
        if one is None:
            results.append({"id": pair.get("id"), "status": 404, "msg": "Message not found"})
        elif one["reservation"] != pair.get("reservation_id", ""):
            results.append({"id": pair.get("id"), "status": 403, "msg": "Wrong reservation_id"})
        else:
            _messages[found["name"]].remove(one)
            results.append({"id": pair.get("id"), "status": 200, "msg": "Deleted"})
    failed = sum(result["status"] != 200 for result in results)
    return JSONResponse({"results": results, "deleted": len(results) - failed, "failed": failed})


HERE: Final = "/3/projects/{project}/queues"
app = Starlette(
    routes=[
        Route(HERE, queues),
        Route(HERE + "/{queue}", queue, methods=["GET", "PUT", "PATCH", "DELETE"]),
        Route(HERE + "/{queue}/messages", post, methods=["POST"]),
        Route(HERE + "/{queue}/messages", peek),
        Route(HERE + "/{queue}/messages", clear, methods=["DELETE"]),
        Route(HERE + "/{queue}/reservations", reserve, methods=["POST"]),
        Route(HERE + "/{queue}/messages/{id}", message, methods=["GET", "DELETE"]),
        Route(HERE + "/{queue}/messages/{id}/touch", touch, methods=["POST"]),
        Route(HERE + "/{queue}/messages/{id}/release", release, methods=["POST"]),
    ],
    exception_handlers={RefusedError: refused},
)
