"""A help desk: tickets with a status machine, comments, tags, searches with counts, agents who sign in by code."""

from __future__ import annotations

import secrets
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now

Row = dict[str, Any]

MOVES: Final[dict[str, tuple[str, ...]]] = {
    "new": ("open", "closed"),
    "open": ("pending", "resolved"),
    "pending": ("open", "resolved"),
    "resolved": ("open", "closed"),
    "closed": (),
}
PRIORITIES: Final = ("low", "normal", "high", "urgent")
DUE_HOURS: Final = {"low": 72, "normal": 24, "high": 8, "urgent": 2}
AGENTS: Final[dict[int, Row]] = {
    number: {"id": number, "name": name, "email": email, "team": team, "role": role}
    for number, name, email, team, role in (
        (1, "Greta Lind", "greta@desk.example", "support", "lead"),
        (2, "Omar Haddad", "omar@desk.example", "support", "agent"),
        (3, "Wanda Cole", "wanda@desk.example", "billing", "agent"),
        (4, "Pavel Sykora", "pavel@desk.example", "hardware", "agent"),
    )
}
ATTEMPTS: Final = 3

_challenges: dict[str, Row] = {}
_tokens: dict[str, int] = {}
_tickets: dict[int, Row] = {}
_comments: dict[int, list[Row]] = {}
_history: dict[int, list[Row]] = {}
_numbers = iter(range(1, 1_000_000))


class RefusalError(Exception):
    """An answer of `{error}`."""

    def __init__(self, status: int, code: str, message: str, details: list[Row] | None = None, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message, "details": details or [], **more}}


def given(data: object, status: int = 200, **meta: object) -> Response:
    return JSONResponse({"data": data, "meta": meta}, status)


def details(**issues: str | None) -> list[Row]:
    return [{"field": field, "issue": issue} for field, issue in issues.items() if issue]


def refuse_invalid(found: list[Row]) -> None:
    if found:
        raise RefusalError(422, "VALIDATION_FAILED", "The request is not valid.", found)


async def request_code(request: Request) -> Response:
    email = (await json_object(request)).get("email")
    if not email:
        refuse_invalid(details(email="missing"))
    agent = next((agent for agent in AGENTS.values() if agent["email"] == email), None)
    if agent is None:
        raise RefusalError(404, "UNKNOWN_AGENT", f"No agent has the address {email}.")
    key = secrets.token_hex(10)
    _challenges[key] = {"agent": agent["id"], "code": f"{secrets.randbelow(1_000_000):06d}", "left": ATTEMPTS}
    told = {"challenge_id": key, "expires_in": 300, "attempts_left": ATTEMPTS, "sandbox_code": _challenges[key]["code"]}
    return given(told, 202)


async def verify_code(request: Request) -> Response:
    asked, found = await json_object(request), _challenges.get(request.path_params["challenge"])
    if found is None:
        raise RefusalError(404, "UNKNOWN_CHALLENGE", "The challenge does not exist.")
    if found["left"] == 0:
        raise RefusalError(423, "LOCKED", "Too many wrong codes.", attempts_left=0)
    if found["code"] is None:
        raise RefusalError(410, "ALREADY_USED", "The code was already used.")
    if str(asked.get("code")) != found["code"]:
        found["left"] -= 1
        raise RefusalError(401, "WRONG_CODE", "The code is wrong.", attempts_left=found["left"])
    found["code"] = None
    token = secrets.token_urlsafe(24)
    _tokens[token] = found["agent"]
    return given({"token": token, "agent": AGENTS[found["agent"]]})


def agent_of(request: Request) -> Row:
    number = _tokens.get(bearer(request))
    if number is None:
        raise RefusalError(401, "UNAUTHENTICATED", "Sign in first.")
    return AGENTS[number]


async def sign_out(request: Request) -> Response:
    agent_of(request)
    del _tokens[bearer(request)]
    return Response(status_code=204)


async def agents(request: Request) -> Response:
    agent_of(request)
    found = []
    for agent in AGENTS.values():
        own = [ticket for ticket in _tickets.values() if ticket["assignee_id"] == agent["id"]]
        found.append({**agent, "open_tickets": sum(ticket["status"] in ("open", "pending") for ticket in own)})
    return given(found, total=len(found))


def note(ticket: Row, agent: Row, event: str, before: object, after: object) -> None:
    entry = {"event": event, "from": before, "to": after, "by": agent["name"], "at": now()}
    _history[ticket["id"]].append(entry)
    ticket["updated_at"] = entry["at"]


def wrong_in(asked: Row, *, whole: bool) -> list[Row]:
    subject, requester = asked.get("subject"), asked.get("requester")
    missing = "subject" not in asked and not whole
    subject_issue = None if missing or subject else "missing"
    if subject and len(str(subject)) > 80:
        subject_issue = "too_long"
    priority = None if asked.get("priority", "normal") in PRIORITIES else "not_allowed"
    requester_issue = None
    if whole and not (isinstance(requester, dict) and requester.get("email")):
        requester_issue = "missing"
    return details(subject=subject_issue, priority=priority, requester=requester_issue)


async def create(request: Request) -> Response:
    agent = agent_of(request)
    asked = await json_object(request)
    refuse_invalid(wrong_in(asked, whole=True))
    number = next(_numbers)
    priority = asked.get("priority", "normal")
    ticket = {"id": number, "key": f"HD-{100 + number}", "subject": asked["subject"], "body": asked.get("body")}
    ticket |= {"status": "new", "priority": priority, "due_in_hours": DUE_HOURS[priority]}
    ticket |= {"requester": {"name": None, **asked["requester"]}, "assignee_id": None, "assignee": None}
    ticket |= {"tags": sorted(set(asked.get("tags", []))), "comment_count": 0, "reopened": 0, "created_by": agent["id"]}
    ticket |= {"created_at": now(), "updated_at": now(), "resolved_at": None}
    _tickets[number], _comments[number], _history[number] = ticket, [], []
    note(ticket, agent, "created", None, "new")
    return given(ticket, 201)


def ticket_of(request: Request, *, writes: bool = False) -> Row:
    number = request.path_params["ticket"]
    found = _tickets.get(number)
    if found is None:
        raise RefusalError(404, "TICKET_NOT_FOUND", f"There is no ticket {number}.")
    if writes and found["status"] == "closed":
        raise RefusalError(409, "TICKET_CLOSED", f"{found['key']} is closed.")
    return found


def counts(rows: list[Row]) -> dict[str, int]:
    return {status: sum(row["status"] == status for row in rows) for status in MOVES}


def searched(asked: dict[str, str]) -> list[Row]:
    for name, allowed in (("status", MOVES), ("priority", PRIORITIES)):
        if asked.get(name) and asked[name] not in allowed:
            raise RefusalError(400, "BAD_FILTER", f"Unknown {name} '{asked[name]}'.", details(**{name: "not_allowed"}))
    found = list(_tickets.values())
    for name in ("status", "priority"):
        found = [row for row in found if asked.get(name) in (None, row[name])]
    if "assignee" in asked:
        who = None if asked["assignee"] == "none" else int(asked["assignee"])
        found = [row for row in found if row["assignee_id"] == who]
    if "tag" in asked:
        found = [row for row in found if asked["tag"] in row["tags"]]
    if "q" in asked:
        word = asked["q"].lower()
        found = [row for row in found if word in row["subject"].lower() or word in (row["body"] or "").lower()]
    return found


async def listed(request: Request) -> Response:
    agent_of(request)
    asked = dict(request.query_params)
    found = searched(asked)
    sort = asked.get("sort", "-id")
    if sort.lstrip("-") not in ("id", "subject", "priority"):
        raise RefusalError(400, "BAD_SORT", f"Cannot sort by '{sort}'.", details(sort="not_allowed"))
    by_priority = sort.lstrip("-") == "priority"
    order = (lambda row: PRIORITIES.index(row["priority"])) if by_priority else (lambda row: row[sort.lstrip("-")])
    found = sorted(found, key=order, reverse=sort.startswith("-"))
    number, size = int(asked.get("page", 1)), int(asked.get("per_page", 10))
    pages = max(1, -(-len(found) // size))
    shown = found[(number - 1) * size : number * size]
    return given(shown, total=len(found), page=number, per_page=size, pages=pages, by_status=counts(found))


async def statistics(request: Request) -> Response:
    agent_of(request)
    rows = list(_tickets.values())
    urgency = {name: sum(row["priority"] == name for row in rows) for name in PRIORITIES}
    unassigned = sum(row["assignee_id"] is None for row in rows)
    return given({"by_status": counts(rows), "by_priority": urgency, "unassigned": unassigned, "total": len(rows)})


async def ticket(request: Request) -> Response:
    agent = agent_of(request)
    found = ticket_of(request, writes=request.method == "PATCH")
    if request.method == "DELETE":
        if agent["role"] != "lead":
            raise RefusalError(403, "LEAD_ONLY", "Only a lead may delete tickets.")
        del _tickets[found["id"]]
        return Response(status_code=204)
    if request.method == "PATCH":
        asked = await json_object(request)
        refuse_invalid(wrong_in(asked, whole=False))
        for name in ("subject", "body", "priority"):
            if name in asked and asked[name] != found[name]:
                note(found, agent, name, found[name], asked[name])
                found[name] = asked[name]
        found["due_in_hours"] = DUE_HOURS[found["priority"]]
    return given(found)


def move(found: Row, agent: Row, status: str) -> None:
    note(found, agent, "status", found["status"], status)
    if found["status"] == "resolved" and status == "open":
        found["reopened"] += 1
    found["resolved_at"] = now() if status == "resolved" else found["resolved_at"] if status == "closed" else None
    found["status"] = status


async def transition(request: Request) -> Response:
    agent, found = agent_of(request), ticket_of(request)
    status = (await json_object(request)).get("to")
    if status not in MOVES:
        refuse_invalid(details(to="not_allowed" if status else "missing"))
    allowed = MOVES[found["status"]]
    if status not in allowed:
        message = f"Cannot go from {found['status']} to {status}."
        raise RefusalError(409, "BAD_TRANSITION", message, allowed=allowed)
    if status == "resolved" and found["assignee_id"] is None:
        raise RefusalError(409, "UNASSIGNED", "Assign the ticket first.")
    move(found, agent, status)
    return given(found)


async def assign(request: Request) -> Response:
    agent, found = agent_of(request), ticket_of(request, writes=True)
    number = (await json_object(request)).get("agent_id")
    if number is not None and number not in AGENTS:
        refuse_invalid(details(agent_id="unknown"))
    note(found, agent, "assignee", found["assignee_id"], number)
    found |= {"assignee_id": number, "assignee": AGENTS[number]["name"] if number else None}
    if number and found["status"] == "new":
        move(found, agent, "open")
    return given(found)


async def comment(request: Request) -> Response:
    agent, found = agent_of(request), ticket_of(request, writes=True)
    asked = await json_object(request)
    if not asked.get("body"):
        refuse_invalid(details(body="missing"))
    rows = _comments[found["id"]]
    row = {"id": f"{found['key']}-{len(rows) + 1}", "ticket_id": found["id"], "author": agent["name"]}
    row |= {"body": asked["body"], "internal": bool(asked.get("internal", False)), "created_at": now()}
    rows.append(row)
    found |= {"comment_count": len(rows), "updated_at": now()}
    return given(row, 201)


async def comments(request: Request) -> Response:
    agent_of(request)
    rows = _comments[ticket_of(request)["id"]]
    if "internal" in request.query_params:
        rows = [row for row in rows if row["internal"] == (request.query_params["internal"] == "true")]
    return given(rows, total=len(rows))


async def history(request: Request) -> Response:
    agent_of(request)
    rows = _history[ticket_of(request)["id"]]
    return given(rows, total=len(rows))


async def tag(request: Request) -> Response:
    agent_of(request)
    found, name = ticket_of(request, writes=True), request.path_params["tag"]
    if request.method == "DELETE" and name not in found["tags"]:
        raise RefusalError(404, "TAG_NOT_FOUND", f"{found['key']} has no tag '{name}'.")
    tags = set(found["tags"]) - {name} if request.method == "DELETE" else {*found["tags"], name}
    found |= {"tags": sorted(tags), "updated_at": now()}
    return given(found["tags"])


async def tags(request: Request) -> Response:
    agent_of(request)
    used = [name for row in _tickets.values() for name in row["tags"]]
    return given([{"name": name, "tickets": used.count(name)} for name in sorted(set(used))])


async def refusal(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusalError):
        error = RefusalError(400, "MALFORMED", str(error))
    return JSONResponse(error.body, error.status)


app = Starlette(
    routes=[
        Route("/v2/auth/codes", request_code, methods=["POST"]),
        Route("/v2/auth/codes/{challenge}/verify", verify_code, methods=["POST"]),
        Route("/v2/auth/token", sign_out, methods=["DELETE"]),
        Route("/v2/agents", agents),
        Route("/v2/tags", tags),
        Route("/v2/tickets", listed),
        Route("/v2/tickets", create, methods=["POST"]),
        Route("/v2/tickets/statistics", statistics),
        Route("/v2/tickets/{ticket:int}", ticket, methods=["GET", "PATCH", "DELETE"]),
        Route("/v2/tickets/{ticket:int}/transitions", transition, methods=["POST"]),
        Route("/v2/tickets/{ticket:int}/assignee", assign, methods=["PUT"]),
        Route("/v2/tickets/{ticket:int}/comments", comments),
        Route("/v2/tickets/{ticket:int}/comments", comment, methods=["POST"]),
        Route("/v2/tickets/{ticket:int}/history", history),
        Route("/v2/tickets/{ticket:int}/tags/{tag}", tag, methods=["PUT", "DELETE"]),
    ],
    exception_handlers={BodyError: refusal, RefusalError: refusal},
)
