"""Stays after restful-booker: nested dates, ids alone in lists, a token in a cookie or Basic, odd statuses."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Row = dict[str, Any]

ADMIN: Final = ("admin", "password123")
BASIC: Final = "Basic " + base64.b64encode(":".join(ADMIN).encode()).decode()
NEEDED: Final = {"firstname": str, "lastname": str, "totalprice": (int, float), "depositpaid": bool}
GUESTS: Final = ("Sally Brown", "Eric Ericsson", "Mark Wilson", "Susan Jackson", "Jim Smith", "Mary Jones")
_tokens: set[str] = set()
_stays: dict[int, Row] = {
    number: {
        "firstname": guest.split()[0],
        "lastname": guest.split()[1],
        "totalprice": 111 + 173 * number % 700,
        "depositpaid": number % 2 == 0,
        "bookingdates": {"checkin": f"2026-0{number}-1{number}", "checkout": f"2026-0{number}-2{number}"},
    }
    | ({"additionalneeds": "Breakfast"} if number % 3 == 0 else {})
    for number, guest in enumerate(GUESTS, 1)
}


class RefusedError(Exception):
    """A refusal: a status and its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def refused(_: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), error.status if isinstance(error, RefusedError) else 400)


async def sent(request: Request) -> Row:
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise RefusedError(400, "Bad Request") from None
    if not isinstance(found, dict):
        raise RefusedError(400, "Bad Request")
    return found


def shown(stay: Row) -> Row:
    dates = {name: stay["bookingdates"][name] for name in ("checkin", "checkout")}
    told = {"firstname": stay["firstname"], "lastname": stay["lastname"], "totalprice": int(stay["totalprice"])}
    told |= {"depositpaid": stay["depositpaid"], "bookingdates": dates}
    return told | ({"additionalneeds": stay["additionalneeds"]} if "additionalneeds" in stay else {})


def checked(stay: Row) -> Row:
    if any(not isinstance(stay.get(name), kind) for name, kind in NEEDED.items()):
        raise RefusedError(400, "Bad Request")
    dates = stay.get("bookingdates")
    if not isinstance(dates, dict) or not all(isinstance(dates.get(end), str) for end in ("checkin", "checkout")):
        raise RefusedError(400, "Bad Request")
    return shown(stay)


def allowed(request: Request) -> None:
    if request.cookies.get("token") not in _tokens and request.headers.get("authorization") != BASIC:
        raise RefusedError(403, "Forbidden")


async def auth(request: Request) -> Response:
    asked = await sent(request)
    if (asked.get("username"), asked.get("password")) != ADMIN:
        return JSONResponse({"reason": "Bad credentials"})
    token = secrets.token_hex(8)[:15]
    _tokens.add(token)
    return JSONResponse({"token": token})


async def stays(request: Request) -> Response:
    if request.method == "POST":
        stay = checked(await sent(request))
        number = max(_stays) + 1
        _stays[number] = stay
        return JSONResponse({"bookingid": number, "booking": stay})
    found, asked = dict(_stays), request.query_params
    for name in ("firstname", "lastname"):
        found = {number: stay for number, stay in found.items() if asked.get(name) in (None, stay[name])}
    if after := asked.get("checkin"):
        found = {number: stay for number, stay in found.items() if stay["bookingdates"]["checkin"] >= after}
    if before := asked.get("checkout"):
        found = {number: stay for number, stay in found.items() if stay["bookingdates"]["checkout"] <= before}
    return JSONResponse([{"bookingid": number} for number in found])


async def stay_itself(request: Request) -> Response:
    text = request.path_params["number"]
    number = int(text) if text.isdigit() else 0
    if request.method == "GET":
        if number not in _stays:
            raise RefusedError(404, "Not Found")
        return JSONResponse(_stays[number])
    allowed(request)
    if number not in _stays:
        raise RefusedError(405, "Method Not Allowed")
    if request.method == "DELETE":
        del _stays[number]
        return PlainTextResponse("Created", 201)
    asked = await sent(request)
    if request.method == "PATCH":
        dates = {**_stays[number]["bookingdates"], **asked.get("bookingdates", {})}
        asked = {**_stays[number], **asked, "bookingdates": dates}
    _stays[number] = checked(asked)
    return JSONResponse(_stays[number])


async def ping(_: Request) -> Response:
    return PlainTextResponse("Created", 201)


app = Starlette(
    routes=[
        Route("/ping", ping),
        Route("/auth", auth, methods=["POST"]),
        Route("/booking", stays, methods=["GET", "POST"]),
        Route("/booking/{number}", stay_itself, methods=["GET", "PUT", "PATCH", "DELETE"]),
    ],
    exception_handlers={RefusedError: refused},
)
