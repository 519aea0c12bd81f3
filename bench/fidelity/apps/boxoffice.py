"""A box office: seats with states, holds that are confirmed or released, fees, `If-Match`, a bin, uploaded papers."""

from __future__ import annotations

import hashlib
import json
from email.message import Message
from email.parser import BytesParser
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

Row = dict[str, Any]

TIERS: Final = {"front": 8900, "stalls": 5400, "balcony": 3200}
DELIVERY: Final = {"eticket": 0, "boxOffice": 150, "post": 490}
STATES: Final = ("available", "held", "sold")
HOLD_LIMIT: Final = 6
UPLOAD_LIMIT: Final = 2_000
KINDS: Final = ("text/plain", "application/pdf", "image/png")
SHOWS: Final[dict[str, Row]] = {
    key: {"eventId": key, "title": title, "genre": genre, "venue": venue, "startsAt": starts, "bookingFeePercent": fee}
    for key, title, genre, venue, starts, fee in (
        ("evt-hamlet", "Hamlet", "drama", "Old Hall", "2031-03-01T19:00:00Z", 5),
        ("evt-carmen", "Carmen", "opera", "Old Hall", "2031-03-08T18:30:00Z", 8),
        ("evt-giselle", "Giselle", "ballet", "River Stage", "2031-04-02T19:30:00Z", 8),
        ("evt-faust", "Faust", "opera", "River Stage", "2031-04-19T18:00:00Z", 6),
    )
}


def rows_of(fee: int) -> dict[str, Row]:
    seats = {}
    for row, tier in zip("ABC", TIERS, strict=True):
        for number in range(1, 7):
            price = TIERS[tier] + (500 if fee == 8 else 0)
            seat = {"seatId": f"{row}{number}", "row": row, "number": number, "tier": tier}
            seats[f"{row}{number}"] = {**seat, "priceCents": price, "state": "available"}
    return seats


_seats: Final = {key: rows_of(show["bookingFeePercent"]) for key, show in SHOWS.items()}
_holds: dict[str, Row] = {}
_bookings: dict[str, Row] = {}
_papers: dict[str, tuple[Row, bytes]] = {}


class ProblemError(Exception):
    """An answer of `application/problem+json`."""

    def __init__(self, status: int, kind: str, title: str, detail: str, **more: object) -> None:
        super().__init__(title)
        self.status = status
        self.body = {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **more}


def invalid(*wrong: tuple[str, str]) -> ProblemError:
    params = [{"name": name, "reason": reason} for name, reason in wrong]
    return ProblemError(422, "validation", "Invalid request", f"{len(params)} fields are invalid", invalidParams=params)


def missing(what: str, key: str) -> ProblemError:
    return ProblemError(404, "not-found", "Not found", f"{what} {key} does not exist")


def show_of(key: str) -> Row:
    if key not in SHOWS:
        raise missing("Event", key)
    counts = {state: sum(seat["state"] == state for seat in _seats[key].values()) for state in STATES}
    return {**SHOWS[key], "seatCounts": counts, "soldOut": counts["available"] == 0}


async def shows(request: Request) -> Response:
    asked = request.query_params
    found = [show_of(key) for key, show in SHOWS.items() if asked.get("genre") in (None, show["genre"])]
    if "from" in asked:
        found = [show for show in found if show["startsAt"] >= asked["from"]]
    return JSONResponse({"items": found, "totalItems": len(found)})


async def show(request: Request) -> Response:
    return JSONResponse(show_of(request.path_params["event"]))


async def seats(request: Request) -> Response:
    asked, key = request.query_params, request.path_params["event"]
    show_of(key)
    if asked.get("state", "held") not in STATES:
        raise ProblemError(400, "bad-filter", "Bad filter", f"'{asked['state']}' is no seat state", allowed=STATES)
    found = list(_seats[key].values())
    for name in ("state", "tier", "row"):
        found = [seat for seat in found if asked.get(name) in (None, seat[name])]
    return JSONResponse({"eventId": key, "items": found, "totalItems": len(found)})


def totals(event: str, chosen: list[Row], delivery: str = "eticket") -> Row:
    tickets = sum(seat["priceCents"] for seat in chosen)
    fee = tickets * SHOWS[event]["bookingFeePercent"] // 100
    sums = {"ticketsCents": tickets, "bookingFeeCents": fee, "deliveryCents": DELIVERY[delivery]}
    return {**sums, "totalCents": tickets + fee + DELIVERY[delivery]}


def tag_of(row: Row) -> str:
    return f'"{hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:20]}"'


def answer(row: Row, status: int = 200, **headers: str) -> Response:
    return JSONResponse(row, status, {"ETag": tag_of(row), **headers})


def mark(event: str, chosen: list[Row], state: str) -> None:
    for seat in chosen:
        _seats[event][seat["seatId"]]["state"] = state


def wanted_in(asked: Row) -> tuple[str, list[str]]:
    """Give the event and its seats that are asked for and there; raises ProblemError."""
    event, wanted = asked.get("eventId"), asked.get("seats")
    wrong = []
    if not event:
        wrong.append(("eventId", "is required"))
    if not isinstance(wanted, list) or not wanted:
        wrong.append(("seats", "must name at least one seat"))
    elif len(wanted) > HOLD_LIMIT:
        wrong.append(("seats", f"must not name more than {HOLD_LIMIT} seats"))
    if wrong or not isinstance(wanted, list):
        raise invalid(*wrong)
    show_of(str(event))
    if unknown := [seat for seat in wanted if seat not in _seats[str(event)]]:
        raise invalid(("seats", f"unknown seat {unknown[0]}"))
    return str(event), wanted


async def create_hold(request: Request) -> Response:
    event, wanted = wanted_in(await json_object(request))
    if taken := [seat for seat in wanted if _seats[event][seat]["state"] != "available"]:
        raise ProblemError(409, "seats-taken", "Seats are taken", f"{len(taken)} seats are not available", seats=taken)
    fields = ("seatId", "tier", "priceCents")
    chosen = [{name: _seats[event][seat][name] for name in fields} for seat in wanted]
    mark(event, chosen, "held")
    hold: Row = {"holdId": short_id("hld_", 12), "eventId": event, "state": "active", "seats": chosen}
    hold |= {"totals": totals(event, chosen), "createdAt": now(), "expiresAt": now(600), "bookingId": None}
    _holds[hold["holdId"]] = hold
    return JSONResponse(hold, 201, {"Location": f"/api/holds/{hold['holdId']}"})


async def hold(request: Request) -> Response:
    found = _holds.get(request.path_params["hold"])
    if found is None:
        raise missing("Hold", request.path_params["hold"])
    if request.method == "DELETE":
        if found["state"] != "active":
            raise ProblemError(
                409, "hold-closed", "Hold is closed", f"The hold is {found['state']}", state=found["state"]
            )
        found["state"] = "released"
        mark(found["eventId"], found["seats"], "available")
        return Response(status_code=204)
    return JSONResponse(found)


def contact_of(asked: Row, *, whole: bool) -> Row:
    wrong = []
    if whole and not asked.get("contactName"):
        wrong.append(("contactName", "is required"))
    if whole and not asked.get("email"):
        wrong.append(("email", "is required"))
    elif "email" in asked and "@" not in str(asked["email"]):
        wrong.append(("email", "must be an e-mail address"))
    if asked.get("delivery", "eticket") not in DELIVERY:
        wrong.append(("delivery", f"must be one of {', '.join(DELIVERY)}"))
    if wrong:
        raise invalid(*wrong)
    return {name: asked[name] for name in ("contactName", "email", "delivery", "note") if name in asked}


async def confirm(request: Request) -> Response:
    found = _holds.get(request.path_params["hold"])
    if found is None:
        raise missing("Hold", request.path_params["hold"])
    if found["state"] != "active":
        raise ProblemError(409, "hold-closed", "Hold is closed", f"The hold is {found['state']}", state=found["state"])
    contact = {"delivery": "eticket", "note": None, **contact_of(await json_object(request), whole=True)}
    key, event, chosen = short_id("bkg_", 12), found["eventId"], found["seats"]
    found |= {"state": "confirmed", "bookingId": key}
    mark(event, chosen, "sold")
    booking = {"bookingId": key, "number": 5001 + len(_bookings), "eventId": event, "state": "booked"}
    booking |= {"eventTitle": SHOWS[event]["title"], **contact, "seats": chosen, "ticketCount": len(chosen)}
    booking |= {"totals": totals(event, chosen, contact["delivery"]), "attachments": []}
    booking |= {"version": 1, "createdAt": now(), "updatedAt": now(), "deletedAt": None}
    _bookings[key] = booking
    return answer(booking, 201, Location=f"/api/bookings/{key}")


def booking_of(request: Request, *, gone: bool = False) -> Row:
    key = request.path_params["booking"]
    found = _bookings.get(key)
    if found is None or (found["deletedAt"] and not gone):
        raise missing("Booking", key)
    return found


def check_tag(request: Request, found: Row) -> None:
    sent = request.headers.get("if-match")
    if sent is None:
        raise ProblemError(428, "precondition-required", "Precondition required", "Send If-Match with the entity tag")
    if sent not in ("*", tag_of(found)):
        raise ProblemError(412, "precondition-failed", "Precondition failed", "The booking was changed in the meantime")


def touch(found: Row) -> None:
    found |= {"version": found["version"] + 1, "updatedAt": now()}


async def bookings(request: Request) -> Response:
    asked = request.query_params
    key = asked.get("sort", "number")
    if key.lstrip("-") not in ("number", "contactName", "ticketCount"):
        raise ProblemError(400, "bad-sort", "Bad sort", f"Cannot sort by {key}")
    found = [row for row in _bookings.values() if asked.get("includeDeleted") == "true" or not row["deletedAt"]]
    found = [row for row in found if asked.get("eventId") in (None, row["eventId"])]
    found = sorted(found, key=lambda row: row[key.lstrip("-")], reverse=key.startswith("-"))
    number, size = int(asked.get("page", 1)), int(asked.get("pageSize", 10))
    shown = found[(number - 1) * size : number * size]
    pages = -(-len(found) // size)
    told = {"page": number, "pageSize": size, "totalItems": len(found), "totalPages": pages}
    return JSONResponse({"items": shown, **told, "hasNext": number < pages})


async def booking(request: Request) -> Response:
    found = booking_of(request, gone=request.query_params.get("includeDeleted") == "true")
    if request.method == "GET":
        if request.headers.get("if-none-match") == tag_of(found):
            return Response(status_code=304, headers={"ETag": tag_of(found)})
        return answer(found)
    check_tag(request, found)
    if request.method == "PATCH":
        found |= contact_of(await json_object(request), whole=False)
        found["totals"] = totals(found["eventId"], found["seats"], found["delivery"])
    else:
        found |= {"state": "cancelled", "deletedAt": now()}
        mark(found["eventId"], found["seats"], "available")
    touch(found)
    return answer(found)


async def restore(request: Request) -> Response:
    found = booking_of(request, gone=True)
    if not found["deletedAt"]:
        raise ProblemError(409, "not-deleted", "Not deleted", "The booking is not deleted")
    seats = _seats[found["eventId"]]
    if taken := [seat["seatId"] for seat in found["seats"] if seats[seat["seatId"]]["state"] != "available"]:
        raise ProblemError(409, "seats-taken", "Seats are taken", f"{len(taken)} seats are not available", seats=taken)
    mark(found["eventId"], found["seats"], "sold")
    found |= {"state": "booked", "deletedAt": None}
    touch(found)
    return answer(found)


async def form_of(request: Request) -> dict[str, Message]:
    """Give the parts of a form by name."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise ProblemError(415, "media-type", "Unsupported media type", "Send multipart/form-data")
    parsed = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + await request.body())
    return {str(part.get_param("name", header="content-disposition")): part for part in parsed.walk()}


async def attach(request: Request) -> Response:
    found, form = booking_of(request), await form_of(request)
    file = form.get("file")
    if file is None or file.get_filename() is None:
        raise invalid(("file", "is required"))
    if file.get_content_type() not in KINDS:
        raise invalid(("file", f"must not be {file.get_content_type()}"))
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    if len(content) > UPLOAD_LIMIT:
        raise ProblemError(413, "too-large", "Too large", f"{len(content)} bytes are more than {UPLOAD_LIMIT}")
    label = form["label"].get_payload() if "label" in form else None
    paper: Row = {"attachmentId": short_id("att_", 12), "fileName": file.get_filename()}
    paper |= {"contentType": file.get_content_type(), "sizeBytes": len(content), "label": label, "uploadedAt": now()}
    found["attachments"].append(paper)
    _papers[paper["attachmentId"]] = (found, content)
    touch(found)
    place = f"/api/bookings/{found['bookingId']}/attachments/{paper['attachmentId']}"
    return JSONResponse(paper, 201, {"Location": place})


async def attachment(request: Request) -> Response:
    found, key = booking_of(request), request.path_params["paper"]
    paper = next((paper for paper in found["attachments"] if paper["attachmentId"] == key), None)
    if paper is None:
        raise missing("Attachment", key)
    if request.method == "DELETE":
        found["attachments"].remove(paper)
        touch(found)
        return Response(status_code=204)
    disposition = {"Content-Disposition": f'attachment; filename="{paper["fileName"]}"'}
    return Response(_papers[key][1], media_type=paper["contentType"], headers=disposition)


async def attachments(request: Request) -> Response:
    found = booking_of(request)["attachments"]
    return JSONResponse({"items": found, "totalItems": len(found)})


async def problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        error = ProblemError(400, "malformed", "Malformed body", str(error))
    return JSONResponse(error.body, error.status, media_type="application/problem+json")


app = Starlette(
    routes=[
        Route("/api/events", shows),
        Route("/api/events/{event}", show),
        Route("/api/events/{event}/seats", seats),
        Route("/api/holds", create_hold, methods=["POST"]),
        Route("/api/holds/{hold}", hold, methods=["GET", "DELETE"]),
        Route("/api/holds/{hold}/confirm", confirm, methods=["POST"]),
        Route("/api/bookings", bookings),
        Route("/api/bookings/{booking}", booking, methods=["GET", "PATCH", "DELETE"]),
        Route("/api/bookings/{booking}/restore", restore, methods=["POST"]),
        Route("/api/bookings/{booking}/attachments", attachments),
        Route("/api/bookings/{booking}/attachments", attach, methods=["POST"]),
        Route("/api/bookings/{booking}/attachments/{paper}", attachment, methods=["GET", "DELETE"]),
    ],
    exception_handlers={BodyError: problem, ProblemError: problem},
)
