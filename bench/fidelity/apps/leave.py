"""Leave: employees with an allowance, requests over working days that overlap nothing, approved by their manager."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

Row = dict[str, Any]

TYPES: Final = ("annual", "sick", "unpaid")
TURNS: Final = {"approve": ("pending",), "reject": ("pending",), "cancel": ("pending", "approved")}
DONE: Final = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}
_people: dict[str, Row] = {}
_requests: dict[str, Row] = {}


class RefusedError(Exception):
    """A refusal: a status, a code, a sentence, and facts."""

    def __init__(self, status: int, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": code, "message": message, "details": details}


def who(request: Request) -> Row:
    found = _people.get(request.headers.get("x-employee-id", ""))
    if found is None:
        raise RefusedError(401, "unauthorized", "X-Employee-Id names nobody")
    return found


def person_of(key: str) -> Row:
    if key not in _people:
        raise RefusedError(404, "employee_not_found", "No such employee", employeeId=key)
    return _people[key]


def day_of(asked: Row, name: str) -> date:
    try:
        return date.fromisoformat(asked[name])
    except KeyError:
        raise RefusedError(400, "missing_field", f"{name} is required", field=name) from None
    except (TypeError, ValueError):
        raise RefusedError(400, "invalid_date", f"{name} is no date", field=name, value=asked[name]) from None


def working_days(start: date, end: date) -> int:
    return sum((start + timedelta(plus)).weekday() < 5 for plus in range((end - start).days + 1))


def overlaps(row: Row, person: Row, asked: Row) -> bool:
    counts = row["employee"]["id"] == person["id"] and row["status"] in ("pending", "approved")
    return counts and row["from"] <= asked["to"] and asked["from"] <= row["to"]


def balance_of(person: Row) -> Row:
    own = [row for row in _requests.values() if row["employee"]["id"] == person["id"] and row["type"] == "annual"]
    used, pending = (sum(row["days"] for row in own if row["status"] == status) for status in ("approved", "pending"))
    return {"allowance": person["allowance"], "used": used, "pending": pending, "remaining": person["allowance"] - used}


async def hire(request: Request) -> Response:
    asked = await json_object(request)
    for name in ("name", "email"):
        if not asked.get(name):
            raise RefusedError(400, "missing_field", f"{name} is required", field=name)
    if any(person["email"] == asked["email"].lower() for person in _people.values()):
        raise RefusedError(409, "email_taken", "Somebody has this e-mail already", email=asked["email"])
    manager = person_of(asked["managerId"]) if asked.get("managerId") else None
    person = {"id": str(uuid.uuid4()), "name": asked["name"], "email": asked["email"].lower()}
    person |= {"allowance": asked.get("allowance", 25), "managerId": manager and manager["id"], "hiredAt": now()}
    _people[person["id"]] = person
    return JSONResponse(person, 201)


async def people(request: Request) -> Response:
    asked = request.query_params
    found = [person for person in _people.values() if asked.get("managerId") in (None, person["managerId"])]
    return JSONResponse({"data": sorted(found, key=lambda person: person["name"]), "total": len(found)})


async def person(request: Request) -> Response:
    found = person_of(request.path_params["id"])
    return JSONResponse({**found, "balance": balance_of(found)})


async def balance(request: Request) -> Response:
    found = person_of(request.path_params["id"])
    return JSONResponse({"employeeId": found["id"], **balance_of(found)})


async def ask(request: Request) -> Response:
    person, asked = who(request), await json_object(request)
    if asked.get("type", "annual") not in TYPES:
        raise RefusedError(400, "invalid_type", f"type is none of {', '.join(TYPES)}", value=asked["type"])
    start, end, kind = day_of(asked, "from"), day_of(asked, "to"), asked.get("type", "annual")
    if end < start:
        raise RefusedError(422, "invalid_period", "The leave ends before it starts")
    days = working_days(start, end)
    if days == 0:
        raise RefusedError(422, "no_working_days", "The period has no working days")
    if other := next((row for row in _requests.values() if overlaps(row, person, asked)), None):
        raise RefusedError(409, "overlap", "Another leave overlaps", conflictsWith=other["id"])
    free = balance_of(person)
    if kind == "annual" and days > free["remaining"] - free["pending"]:
        left = free["remaining"] - free["pending"]
        raise RefusedError(
            422, "insufficient_balance", f"{days} days asked, {left} left", requested=days, available=left
        )
    status = "approved" if kind == "sick" else "pending"
    row = {"id": str(uuid.uuid4()), "employee": {"id": person["id"], "name": person["name"]}, "type": kind}
    row |= {"from": asked["from"], "to": asked["to"], "days": days, "reason": asked.get("reason"), "status": status}
    row |= {"decision": None, "history": [{"status": status, "by": person["name"], "at": now()}], "createdAt": now()}
    _requests[row["id"]] = row
    return JSONResponse(row, 201, {"Location": f"/api/leave-requests/{row['id']}"})


def request_of(request: Request) -> Row:
    found = _requests.get(request.path_params["id"])
    if found is None:
        raise RefusedError(404, "request_not_found", "No such leave request", requestId=request.path_params["id"])
    return found


async def leave(request: Request) -> Response:
    who(request)
    return JSONResponse(request_of(request))


async def leaves(request: Request) -> Response:
    asked, _ = request.query_params, who(request)
    found = [row for row in _requests.values() if asked.get("status") in (None, row["status"])]
    found = [row for row in found if asked.get("employeeId") in (None, row["employee"]["id"])]
    found = [row for row in found if asked.get("type") in (None, row["type"])]
    return JSONResponse({"data": sorted(found, key=lambda row: row["from"]), "total": len(found)})


async def decide(request: Request) -> Response:
    actor, turn, row = who(request), request.path_params["turn"], request_of(request)
    asked = await json_object(request) if await request.body() else {}
    owner = _people[row["employee"]["id"]]
    if (turn == "cancel" and actor is not owner) or (turn != "cancel" and actor["id"] != owner["managerId"]):
        raise RefusedError(403, "forbidden", f"You may not {turn} this request")
    if row["status"] not in TURNS[turn]:
        message = f"Cannot {turn} a request that is {row['status']}"
        raise RefusedError(409, "invalid_transition", message, current=row["status"], action=turn)
    if turn == "reject" and not asked.get("comment"):
        raise RefusedError(400, "missing_field", "comment is required", field="comment")
    row["status"] = DONE[turn]
    row["history"].append({"status": DONE[turn], "by": actor["name"], "at": now()})
    if turn != "cancel":
        row["decision"] = {"by": actor["name"], "comment": asked.get("comment")}
    return JSONResponse(row)


async def calendar(request: Request) -> Response:
    month = request.query_params.get("month", "")
    found = [row for row in _requests.values() if row["status"] == "approved" and row["from"][:7] == month]
    away = [
        {"employee": row["employee"]["name"], **{name: row[name] for name in ("from", "to", "days")}} for row in found
    ]
    return JSONResponse({"month": month, "away": away, "totalDays": sum(row["days"] for row in found)})


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        error = RefusedError(400, "malformed_body", str(error))
    return JSONResponse(error.body, error.status)


app = Starlette(
    routes=[
        Route("/api/employees", hire, methods=["POST"]),
        Route("/api/employees", people),
        Route("/api/employees/{id}", person),
        Route("/api/employees/{id}/balance", balance),
        Route("/api/leave-requests", ask, methods=["POST"]),
        Route("/api/leave-requests", leaves),
        Route("/api/leave-requests/{id}", leave),
        Route("/api/leave-requests/{id}/{turn}", decide, methods=["POST"]),
        Route("/api/calendar", calendar),
    ],
    exception_handlers={RefusedError: refused, BodyError: refused},
)
