"""An event log: newest first, paged by opaque cursors with absolute links, filtered by kind."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

KINDS: Final = ("deploy", "alert", "login", "note")
DEFAULT, MOST = 5, 20


def event(number: int, kind: str, summary: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{number:06x}{secrets.token_hex(9)}",
        "sequence": number,
        "kind": kind,
        "summary": summary,
        "actor": {"type": more.pop("actor_type", "system"), "name": more.pop("actor", "seed")},
        "labels": more.pop("labels", []),
        "created_at": now(),
    }


_events: list[dict[str, Any]] = [event(n, KINDS[n % 4], f"Seeded event {n}") for n in range(1, 8)]


def wrong(status: int, code: str, message: str, /, **more: object) -> Response:
    return JSONResponse({"errors": [{"code": code, "message": message, **more}], "data": None}, status)


def cursor_of(before: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"before": before}).encode()).decode().rstrip("=")


def before_of(cursor: str) -> int:
    return int(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))["before"])


async def listed(request: Request) -> Response:
    asked = request.query_params
    try:
        limit = int(asked.get("limit", DEFAULT))
    except ValueError:
        return wrong(400, "invalid_limit", "limit must be a number", parameter="limit")
    if not 1 <= limit <= MOST:
        return wrong(400, "invalid_limit", f"limit must be between 1 and {MOST}", parameter="limit")
    found = list(reversed(_events))
    if kind := asked.get("kind"):
        if kind not in KINDS:
            return wrong(400, "invalid_kind", f"kind must be one of {', '.join(KINDS)}", parameter="kind")
        found = [one for one in found if one["kind"] == kind]
    total = len(found)
    if cursor := asked.get("cursor"):
        try:
            before = before_of(cursor)
        except (ValueError, KeyError):
            return wrong(400, "invalid_cursor", "cursor is not valid", parameter="cursor")
        found = [one for one in found if one["sequence"] < before]
    page, rest = found[:limit], found[limit:]
    paging: dict[str, Any] = {"limit": limit, "total": total, "has_more": bool(rest), "next_cursor": None, "next": None}
    headers = {"X-Total-Count": str(total)}
    if rest:
        paging["next_cursor"] = cursor_of(page[-1]["sequence"])
        link = request.url.include_query_params(limit=limit, cursor=paging["next_cursor"])
        paging["next"] = str(link)
        headers["Link"] = f'<{link}>; rel="next"'
    return JSONResponse({"data": page, "paging": paging}, headers=headers)


async def created(request: Request) -> Response:
    asked = await json_object(request)
    if asked.get("kind") not in KINDS:
        return wrong(422, "invalid_kind", f"kind must be one of {', '.join(KINDS)}", pointer="/kind")
    if not str(asked.get("summary", "")).strip():
        return wrong(422, "blank_summary", "summary must not be blank", pointer="/summary")
    labels = sorted(set(asked.get("labels", [])))
    more = {"actor": asked.get("actor", "anonymous"), "actor_type": "user", "labels": labels}
    made = event(len(_events) + 1, asked["kind"], asked["summary"].strip(), **more)
    _events.append(made)
    return JSONResponse({"data": made}, 201, {"Location": str(request.url_for("one", id=made["id"]))})


async def one(request: Request) -> Response:
    number = request.path_params["id"]
    found = next((event for event in _events if event["id"] == number), None)
    return JSONResponse({"data": found}) if found else wrong(404, "not_found", f"Event {number} was not found")


async def counts(_: Request) -> Response:
    table = {kind: sum(event["kind"] == kind for event in _events) for kind in KINDS}
    return JSONResponse({"data": {"total": len(_events), "by_kind": table, "latest": _events[-1]["id"]}})


async def malformed(_: Request, error: Exception) -> Response:
    return wrong(400, "malformed", str(error))


app = Starlette(
    routes=[
        Route("/v2/events", listed),
        Route("/v2/events", created, methods=["POST"]),
        Route("/v2/events/counts", counts),
        Route("/v2/events/{id}", one, name="one"),
    ],
    exception_handlers={BodyError: malformed},
)
