"""The recent answered requests; what is shown has passed the same sanitizer as a recording."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from cassettes.exchange import Exchange, Headers, Response
from gateway.admin.paging import Limit
from gateway.app import Gateway
from gateway.journal import Entry
from sanitizers.errors import SanitizeError
from sanitizers.pipeline import Sanitizer


def inspector_router(gateway: Gateway) -> APIRouter:
    """Look into the journal."""
    router = APIRouter(tags=["inspector"], prefix="/inspector")

    @router.get("")
    async def inspect(trace_id: str | None = None, limit: Limit = 50) -> dict[str, Any]:
        sanitizer = gateway.services.inspection_sanitizer()
        if trace_id is None:
            entries = [entry for entry, _ in zip(gateway.journal, range(limit), strict=False)]
            return {"items": [_line(entry, sanitizer) for entry in entries], "total": len(gateway.journal)}
        entry = gateway.journal.find(trace_id.encode())
        if entry is None:
            raise HTTPException(404, f"no answer with the trace {trace_id!r} is in the journal (any more)")
        return _whole(entry, sanitizer)

    @router.delete("", status_code=204)
    async def forget() -> None:
        gateway.journal.clear()

    return router


def _cleaned(entry: Entry, sanitizer: Sanitizer) -> Exchange | None:
    exchange = Exchange(entry.request, Response(entry.status or 500, entry.headers, entry.body))
    try:
        return sanitizer.clean(exchange).exchange
    except SanitizeError:
        return None


def _line(entry: Entry, sanitizer: Sanitizer) -> dict[str, Any]:
    try:
        target = sanitizer.clean_request(entry.request).request.target.decode("latin-1")
    except SanitizeError:
        target = entry.request.path.decode("latin-1")
    return {
        "trace": entry.trace.decode(),
        "at": entry.at,
        "ms": round(entry.seconds * 1000, 3),
        "method": entry.request.method,
        "target": target,
        "route": entry.route,
        "mode": entry.mode,
        "served_by": entry.source,
        "status": entry.status,
        "note": entry.note,
    }


def _whole(entry: Entry, sanitizer: Sanitizer) -> dict[str, Any]:
    line = _line(entry, sanitizer)
    exchange = _cleaned(entry, sanitizer)
    if exchange is None:
        return line | {"withheld": "headers and bodies could not be cleaned"}
    response = exchange.response
    return line | {
        "request": {"headers": _pairs(exchange.request.headers), "body": _text(exchange.request.body)},
        "response": {
            "headers": _pairs(response.headers if response else ()),
            "body": _text(response.body if response else b""),
        },
    }


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
