"""A hotel's rooms: availability by date, prices with discounts, holds that expire, bookings, changes, cancellations."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

Row = dict[str, Any]

KEYS: Final = {"sh_desk_8d21f0": "desk", "sh_partner_77ab4c": "partner", "sh_manager_0be319": "manager"}
ROOMS: Final[dict[str, Row]] = {
    number: {
        "id": number,
        "name": name,
        "type": kind,
        "capacity": capacity,
        "nightlyRate": rate,
        "amenities": amenities,
    }
    for number, name, kind, capacity, rate, amenities in (
        ("R101", "Garden Single", "single", 1, 79.0, ["wifi", "desk"]),
        ("R102", "Courtyard Twin", "twin", 2, 109.0, ["wifi", "tv"]),
        ("R201", "Harbour Double", "double", 2, 129.5, ["wifi", "tv", "balcony"]),
        ("R202", "Corner Double", "double", 2, 139.0, ["wifi", "tv", "bathtub"]),
        ("R301", "Family Loft", "family", 4, 189.9, ["wifi", "tv", "kitchen"]),
        ("R401", "Skyline Suite", "suite", 3, 260.0, ["wifi", "tv", "balcony", "minibar"]),
    )
}
for _room in ROOMS.values():
    _room |= {"outOfService": False, "version": 1}
# What a guest gets back of the total, in percent, and what the policy takes off the price.
POLICIES: Final = {"flexible": (100, 0), "moderate": (50, 5), "nonRefundable": (0, 12)}
PROMOTIONS: Final = {"SPRING15": 15, "LOYAL5": 5}
LONG_STAYS: Final = ((14, 20), (7, 10))
CITY_TAX: Final = 2.5
NIGHTS_AT_MOST: Final = 30
_holds: dict[str, Row] = {}
_bookings: dict[str, Row] = {}


class ProblemError(Exception):
    """A problem in the form of RFC 9457: its status, its type, its detail, and more members."""

    def __init__(self, status: int, kind: str, detail: str, /, **more: object) -> None:
        self.status, self.kind, self.detail, self.more = status, kind, detail, more


async def problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        error = ProblemError(400, "malformed-body", str(error))
    told = {"type": f"https://stayhub.example/problems/{error.kind}", "title": HTTPStatus(error.status).phrase}
    told |= {"status": error.status, "detail": error.detail, "instance": request.url.path, **error.more}
    return JSONResponse(told, error.status, media_type="application/problem+json")


def channel_of(request: Request, *allowed: str) -> str:
    key = request.headers.get("x-api-key")
    if key not in KEYS:
        detail = "Unknown API key" if key else "Send your API key in X-Api-Key"
        raise ProblemError(401, "unauthorized", detail)
    if allowed and KEYS[key] not in allowed:
        raise ProblemError(403, "forbidden", f"The channel {KEYS[key]} may not do this", allowedChannels=list(allowed))
    return KEYS[key]


def invalid(**reasons: str) -> ProblemError:
    rows = [{"name": name, "reason": reason} for name, reason in reasons.items()]
    return ProblemError(422, "validation", f"{len(rows)} invalid parameter(s)", invalidParams=rows)


def day(asked: Row, name: str) -> date:
    try:
        return date.fromisoformat(str(asked[name]))
    except (KeyError, ValueError):
        raise invalid(**{name: "must be a date (YYYY-MM-DD)" if name in asked else "is required"}) from None


def whole(asked: Row, name: str, default: int, low: int, high: int) -> int:
    given = str(asked.get(name, default))
    if not given.isdecimal() or not low <= int(given) <= high:
        raise invalid(**{name: f"must be a whole number from {low} to {high}"})
    return int(given)


def stay_of(asked: Row) -> tuple[date, date]:
    arrival, departure = day(asked, "checkIn"), day(asked, "checkOut")
    if departure <= arrival:
        raise invalid(checkOut="must be after checkIn")
    if (departure - arrival).days > NIGHTS_AT_MOST:
        raise invalid(checkOut=f"a stay has {NIGHTS_AT_MOST} nights at most")
    if arrival < date.today():  # noqa: DTZ011  the hotel's own day
        raise invalid(checkIn="must not be in the past")
    return arrival, departure


def room_of(number: object) -> Row:
    if str(number) not in ROOMS:
        raise ProblemError(404, "room-not-found", f"There is no room {number}")
    return ROOMS[str(number)]


def percent_of(amount: float, percent: int) -> float:
    return round(amount * percent / 100, 2)


def quote(room: Row, stay: tuple[date, date], guests: int, policy: str, promotion: object) -> Row:
    """Give the price of a stay: discounts are each of the subtotal, the tax is per guest and night."""
    nights = (stay[1] - stay[0]).days
    subtotal = round(nights * room["nightlyRate"], 2)
    given = [("longStay", percent) for least, percent in LONG_STAYS if nights >= least][:1]
    given += [("policy", POLICIES[policy][1])] if POLICIES[policy][1] else []
    given += [(str(promotion), PROMOTIONS[str(promotion)])] if promotion else []
    discounts = [{"code": code, "percent": each, "amount": percent_of(subtotal, each)} for code, each in given]
    tax = round(nights * guests * CITY_TAX, 2)
    total = round(subtotal - sum(one["amount"] for one in discounts) + tax, 2)
    head = {"nights": nights, "nightlyRate": room["nightlyRate"], "subtotal": subtotal, "discounts": discounts}
    return {**head, "cityTax": tax, "total": total, "currency": "EUR"}


def taken(room: Row, but: str = "") -> Iterator[tuple[str, str]]:
    """Give the stays that are booked or held in a room, as days of arrival and departure."""
    for hold in map(aged, _holds.values()):
        if hold["roomId"] == room["id"] and hold["status"] == "active":
            yield hold["checkIn"], hold["checkOut"]
    for booking in _bookings.values():
        if booking["roomId"] == room["id"] and booking["status"] == "confirmed" and booking["reference"] != but:
            yield booking["checkIn"], booking["checkOut"]


def overlaps(room: Row, stay: tuple[date, date], but: str = "") -> list[Row]:
    arrival, departure = stay[0].isoformat(), stay[1].isoformat()
    found = sorted((since, until) for since, until in taken(room, but) if since < departure and arrival < until)
    return [{"checkIn": since, "checkOut": until} for since, until in found]


def aged(hold: Row) -> Row:
    if hold["status"] == "active" and time.time() >= hold["until"]:
        hold["status"] = "expired"
    return hold


def planned(asked: Row, but: str = "") -> Row:
    """Check a stay that is asked for, and give it with its price."""
    room, stay = room_of(asked.get("roomId")), stay_of(asked)
    guests = whole(asked, "guests", 1, 1, 10)
    policy, promotion = str(asked.get("policy", "flexible")), asked.get("promoCode")
    if policy not in POLICIES:
        raise invalid(policy=f"must be one of {', '.join(POLICIES)}")
    if promotion and promotion not in PROMOTIONS:
        raise ProblemError(422, "unknown-promotion", f"The code {promotion} is not valid", promoCode=promotion)
    if guests > room["capacity"]:
        details = {"capacity": room["capacity"], "guests": guests}
        raise ProblemError(422, "over-capacity", f"{room['name']} sleeps {room['capacity']}", **details)
    conflicts = overlaps(room, stay, but)
    if conflicts or room["outOfService"]:
        detail = f"{room['name']} is not available for these dates"
        raise ProblemError(409, "room-unavailable", detail, roomId=room["id"], conflicts=conflicts)
    planned = {"roomId": room["id"], "checkIn": stay[0].isoformat(), "checkOut": stay[1].isoformat(), "guests": guests}
    planned |= {"policy": policy, "promoCode": promotion}
    return planned | {"price": quote(room, stay, guests, policy, promotion)}


def guest_of(asked: Row) -> Row:
    given = asked.get("guest")
    guest = given if isinstance(given, dict) else {}
    wrong = {f"guest.{name}": "is required" for name in ("firstName", "lastName", "email") if not guest.get(name)}
    if "guest.email" not in wrong and "@" not in str(guest["email"]):
        wrong["guest.email"] = "must be an email address"
    if wrong:
        raise invalid(**wrong)
    return {name: guest[name] for name in ("firstName", "lastName", "email")}


async def rooms(request: Request) -> Response:
    channel_of(request)
    asked = dict(request.query_params)
    least = whole(asked, "minCapacity", 1, 1, 10)
    found = [
        one for one in ROOMS.values() if one["type"] == asked.get("type", one["type"]) and one["capacity"] >= least
    ]
    return JSONResponse({"rooms": found, "count": len(found)})


async def room(request: Request) -> Response:
    channel_of(request)
    found = room_of(request.path_params["id"])
    if request.method == "PATCH":
        channel_of(request, "manager")
        check_version(request, found)
        asked = await json_object(request)
        rate = asked.get("nightlyRate", found["nightlyRate"])
        if type(rate) not in (int, float) or not 0 < rate < 10_000:
            raise invalid(nightlyRate="must be a positive number")
        found |= {"nightlyRate": float(rate), "outOfService": bool(asked.get("outOfService", found["outOfService"]))}
        found |= {"name": asked.get("name", found["name"]), "version": found["version"] + 1}
    return JSONResponse(found, headers={"ETag": f'"{found["version"]}"'})


async def calendar(request: Request) -> Response:
    channel_of(request)
    found, asked = room_of(request.path_params["id"]), dict(request.query_params)
    first, days = day(asked, "from"), whole(asked, "days", 7, 1, 31)
    rows = []
    for here in (first + timedelta(days=number) for number in range(days)):
        free = not overlaps(found, (here, here + timedelta(days=1))) and not found["outOfService"]
        rows.append({"date": here.isoformat(), "available": free, "rate": found["nightlyRate"]})
    return JSONResponse({"roomId": found["id"], "days": rows, "availableNights": sum(row["available"] for row in rows)})


async def availability(request: Request) -> Response:
    channel_of(request)
    asked = dict(request.query_params)
    stay, guests = stay_of(asked), whole(asked, "guests", 1, 1, 10)
    free = [one for one in ROOMS.values() if one["capacity"] >= guests and not one["outOfService"]]
    free = [one for one in free if asked.get("type", one["type"]) == one["type"] and not overlaps(one, stay)]
    rows = [
        {
            "roomId": one["id"],
            "name": one["name"],
            "type": one["type"],
            "price": quote(one, stay, guests, "flexible", None),
        }
        for one in sorted(free, key=lambda one: one["nightlyRate"])
    ]
    head = {"checkIn": stay[0].isoformat(), "checkOut": stay[1].isoformat(), "guests": guests}
    return JSONResponse({**head, "available": rows, "count": len(rows)})


async def create_hold(request: Request) -> Response:
    channel, asked = channel_of(request), await json_object(request)
    seconds = whole(asked, "ttlSeconds", 900, 1, 3600)
    hold = {"holdId": str(uuid4()), "status": "active", "channel": channel, **planned(asked)}
    hold |= {"createdAt": now(), "expiresAt": now(seconds), "bookingReference": None, "until": time.time() + seconds}
    _holds[hold["holdId"]] = hold
    return JSONResponse(hold_shown(hold), 201, {"Location": f"/v2/holds/{hold['holdId']}"})


def hold_shown(hold: Row) -> Row:
    return {name: value for name, value in hold.items() if name != "until"}


async def hold(request: Request) -> Response:
    channel, found = channel_of(request), _holds.get(request.path_params["id"])
    if found is None:
        raise ProblemError(404, "hold-not-found", f"There is no hold {request.path_params['id']}")
    status = aged(found)["status"]
    if request.method == "GET":
        return JSONResponse(hold_shown(found))
    if status != "active":
        expired = status == "expired"
        raise ProblemError(410 if expired else 409, f"hold-{status}", f"The hold is {status}", holdStatus=status)
    if request.method == "DELETE":
        found["status"] = "released"
        return Response(status_code=204)
    guest = guest_of(await json_object(request))
    names = ("roomId", "checkIn", "checkOut", "guests", "policy", "promoCode", "price")
    booking = book({name: found[name] for name in names}, guest, channel)
    found |= {"status": "confirmed", "bookingReference": booking["reference"]}
    return shown(booking, 201)


def book(stay: Row, guest: Row, channel: str) -> Row:
    reference = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
    booking: Row = {"reference": reference, "status": "confirmed", "version": 1, "channel": channel, **stay}
    booking |= {"guest": guest, "notes": None, "cancellation": None, "createdAt": now(), "updatedAt": now()}
    _bookings[reference] = booking
    return booking


def shown(booking: Row, status: int = 200) -> Response:
    location = {"Location": f"/v2/bookings/{booking['reference']}"} if status == 201 else {}
    return JSONResponse(booking, status, {"ETag": f'"{booking["version"]}"', **location})


def check_version(request: Request, found: Row) -> None:
    given, current = request.headers.get("if-match"), f'"{found["version"]}"'
    if given is None:
        raise ProblemError(428, "precondition-required", "Send the version that you saw in If-Match")
    if given not in ("*", current):
        raise ProblemError(412, "stale-version", "It was changed since", currentVersion=found["version"])


async def bookings(request: Request) -> Response:
    channel = channel_of(request)
    if request.method == "POST":
        asked = await json_object(request)
        stay, guest = planned(asked), guest_of(asked)
        return shown(book(stay, guest, channel), 201)
    asked, found = dict(request.query_params), list(_bookings.values())
    found = [one for one in found if channel != "partner" or one["channel"] == "partner"]
    found = [one for one in found if all(asked.get(name, one[name]) == one[name] for name in ("roomId", "status"))]
    limit, offset = whole(asked, "limit", 20, 1, 50), whole(asked, "offset", 0, 0, 10_000)
    found.sort(key=lambda one: (one["checkIn"], one["roomId"]), reverse=asked.get("order") == "desc")
    page = {"limit": limit, "offset": offset, "total": len(found)}
    return JSONResponse({"items": found[offset : offset + limit], "page": page})


async def booking(request: Request) -> Response:
    channel, found = channel_of(request), _bookings.get(request.path_params["reference"])
    if found is None:
        raise ProblemError(404, "booking-not-found", f"There is no booking {request.path_params['reference']}")
    if channel == "partner" and found["channel"] != "partner":
        raise ProblemError(403, "forbidden", "The booking was made through another channel")
    if request.method == "GET":
        return shown(found)
    if found["status"] == "cancelled":
        raise ProblemError(409, "booking-cancelled", f"The booking {found['reference']} is cancelled")
    check_version(request, found)
    asked = await json_object(request)
    if request.method == "PATCH":
        if found["policy"] == "nonRefundable" and {"roomId", "checkIn", "checkOut"} & set(asked):
            raise ProblemError(409, "change-not-allowed", "A stay that is not refundable cannot be moved")
        names = ("roomId", "checkIn", "checkOut", "guests", "policy", "promoCode")
        stay = planned({name: asked.get(name, found[name]) for name in names}, found["reference"])
        guest = guest_of(asked) if "guest" in asked else found["guest"]
        found |= {**stay, "guest": guest, "notes": asked.get("notes", found["notes"])}
    else:
        total, percent = found["price"]["total"], POLICIES[found["policy"]][0]
        refund = percent_of(total, percent)
        told = {"refundPercent": percent, "refund": refund, "fee": round(total - refund, 2)}
        told |= {"reason": asked.get("reason"), "cancelledAt": now()}
        found |= {"status": "cancelled", "cancellation": told}
    found |= {"version": found["version"] + 1, "updatedAt": now()}
    return shown(found)


app = Starlette(
    routes=[
        Route("/v2/rooms", rooms),
        Route("/v2/rooms/{id}", room, methods=["GET", "PATCH"]),
        Route("/v2/rooms/{id}/calendar", calendar),
        Route("/v2/availability", availability),
        Route("/v2/holds", create_hold, methods=["POST"]),
        Route("/v2/holds/{id}", hold, methods=["GET", "DELETE"]),
        Route("/v2/holds/{id}/confirm", hold, methods=["POST"]),
        Route("/v2/bookings", bookings, methods=["GET", "POST"]),
        Route("/v2/bookings/{reference}", booking, methods=["GET", "PATCH"]),
        Route("/v2/bookings/{reference}/cancel", booking, methods=["POST"]),
    ],
    exception_handlers={ProblemError: problem, BodyError: problem},
)
