"""The recent answered requests; what is shown has passed the same sanitizer as a recording."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from cassettes.definition import Condition
from cassettes.exchange import Exchange, Headers, Response, header_values
from gateway.admin.paging import Limit
from gateway.app import Gateway
from gateway.errors import ConfigError
from gateway.explain import explain, explanation_document
from gateway.inquiry import compile_inquiry, seen
from gateway.journal import Entry
from gateway.view import RequestView
from sanitizers.errors import SanitizeError
from sanitizers.pipeline import Sanitizer


class Search(BaseModel):
    """Which entries to give: those that `request` (a match document) describes, of this route, status, source, age."""

    model_config = ConfigDict(extra="forbid")

    request: Condition = Condition()
    route: str | None = None
    status: int | None = None
    served_by: str | None = None
    since: float | None = None
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 50

    def takes(self, entry: Entry) -> bool:
        """Say whether an entry is one of these, its request aside."""
        return (
            self.route in (None, entry.route)
            and self.status in (None, entry.status)
            and self.served_by in (None, entry.source)
            and (self.since is None or entry.at >= self.since)
        )


_ALL: Final[list[str]] = []


def inspector_router(gateway: Gateway) -> APIRouter:
    """Look into the journal."""
    router = APIRouter(tags=["inspector"], prefix="/inspector")

    @router.get("")
    async def inspect(trace_id: str | None = None, limit: Limit = 50) -> dict[str, Any]:
        sanitizer = gateway.services.inspection_sanitizer()
        if trace_id is None:
            entries = islice(gateway.journal, limit)
            return {"items": [_line(entry, sanitizer) for entry in entries], "total": len(gateway.journal)}
        entry = gateway.journal.find(trace_id.encode())
        if entry is None:
            raise HTTPException(404, f"no answer with the trace {trace_id!r} is in the journal (any more)")
        return _whole(entry, sanitizer) | {"evaluation": _evaluation(gateway, entry, sanitizer)}

    @router.post("/search")
    async def search(wanted: Search) -> dict[str, Any]:
        sanitizer = gateway.services.inspection_sanitizer()
        finding = seen(compile_inquiry(wanted.request), filter(wanted.takes, gateway.journal))
        newest_first = finding.entries[::-1]
        page = newest_first[wanted.offset : wanted.offset + wanted.limit]
        return {
            "items": [_line(entry, sanitizer) for entry in page],
            "total": len(newest_first),
            "truncated": finding.truncated,
        }

    @router.delete("", status_code=204)
    async def forget(
        route: str | None = None, client: str | None = None, header: Annotated[list[str], Query()] = _ALL
    ) -> None:
        if route is None and client is None and not header:
            gateway.journal.clear()
            return
        pairs = [_header_pair(text) for text in header]
        gateway.journal.discard(
            lambda entry: (
                route in (None, entry.route)
                and client in (None, entry.request.client)
                and all(value in header_values(entry.request.headers, name) for name, value in pairs)
            )
        )

    return router


def _header_pair(text: str) -> tuple[bytes, bytes]:
    name, colon, value = text.partition(":")
    if not colon or not name:
        raise ConfigError(f"header={text!r} has no value: write header=X-Test-Id:7")
    return name.strip().lower().encode(), value.strip().encode()


def _evaluation(gateway: Gateway, entry: Entry, sanitizer: Sanitizer) -> dict[str, Any]:
    """Tell why an entry was answered by what answered it, by the definitions of then where they are still kept."""
    table = entry.table()
    explanation = explain(table or gateway.plane.table, RequestView(entry.request))
    document = explanation_document(explanation, with_found=_is_clean(entry, sanitizer))
    return document | {"definitions": "those that answered" if table is not None else "those of now"}


def _is_clean(entry: Entry, sanitizer: Sanitizer) -> bool:
    try:
        return sanitizer.clean_request(entry.request).request == entry.request
    except SanitizeError:
        return False


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
        "truncated": entry.truncated,
        "breaches": [
            {"contract": one.contract, "side": one.side, "pointer": one.pointer, "where": one.where}
            | {"detail": one.sentence}
            for one in entry.breaches
        ],
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
