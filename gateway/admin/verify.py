"""Were these requests made? Asked of the journal, as tests ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from cassettes.definition import Condition
from gateway.app import Gateway
from gateway.explain import failing_document
from gateway.inquiry import Near, closest, compile_inquiry, entry_facts, seen, seen_in_order, told, wanted_times
from gateway.journal import Entry

Count = Annotated[int, Field(ge=0)]


class Verification(BaseModel):
    """What is to have been asked: one `request` so many times (at least once by default), or several `in_order`.

    `since` (Unix seconds) and `route` limit which entries are looked at.
    """

    model_config = ConfigDict(extra="forbid")

    request: Condition | None = None
    in_order: list[Condition] = Field(default_factory=list)
    times: Count | None = None
    at_least: Count | None = None
    at_most: Count | None = None
    between: tuple[Count, Count] | None = None
    since: float | None = None
    route: str | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Verification:
        if (self.request is None) == (not self.in_order):
            raise ValueError("give one of request (a match document) and in_order (a list of them)")
        if self.in_order and {"times", "at_least", "at_most", "between"} & self.model_fields_set:
            raise ValueError("in_order takes no count: each of its requests is to have been seen once, in this order")
        return self


def verify_router(gateway: Gateway) -> APIRouter:
    """Verify what was asked."""
    router = APIRouter(tags=["verify"])

    @router.post("/verify")
    async def verify(wanted: Verification) -> dict[str, Any]:
        # Beside the loop: a pattern can be a costly one, and the journal long.
        return await asyncio.to_thread(_verified, wanted, tuple(gateway.journal))

    return router


def _verified(wanted: Verification, journal: tuple[Entry, ...]) -> dict[str, Any]:
    entries = [entry for entry in journal if _is_looked_at(entry, wanted)]
    if wanted.request is None:
        return _in_order(wanted.in_order, entries)
    return _counted(wanted.request, wanted, entries)


def _is_looked_at(entry: Entry, wanted: Verification) -> bool:
    return (wanted.since is None or entry.at >= wanted.since) and wanted.route in (None, entry.route)


def _counted(request: Condition, wanted: Verification, entries: list[Entry]) -> dict[str, Any]:
    times = wanted_times(times=wanted.times, at_least=wanted.at_least, at_most=wanted.at_most, between=wanted.between)
    inquiry = compile_inquiry(request)
    finding = seen(inquiry, entries)
    verified = times.holds(len(finding.entries))
    nears = closest(inquiry, entries) if len(finding.entries) < times.least else []
    return {
        "verified": verified,
        "count": len(finding.entries),
        "message": told(times, finding),
        "truncated": finding.truncated,
        "entries": [entry_facts(entry) for entry in finding.entries[:100]],
        "closest": _nears(nears),
    }


def _in_order(requests: list[Condition], entries: list[Entry]) -> dict[str, Any]:
    inquiries = [compile_inquiry(request, f"in_order.{number}") for number, request in enumerate(requests)]
    found = seen_in_order(inquiries, entries)
    verified = len(found) == len(inquiries)
    message = f"all {len(found)} were seen in this order"
    nears: list[Near] = []
    if not verified:
        lacking = inquiries[len(found)]
        elsewhere = bool(seen(lacking, entries).entries)
        message = f"in_order.{len(found)} was not seen" + (" after those before it" if elsewhere or found else "")
        nears = [] if elsewhere else closest(lacking, entries)
    return {
        "verified": verified,
        "count": len(found),
        "message": message,
        "entries": [entry_facts(entry) for entry in found],
        "closest": _nears(nears),
    }


def _nears(nears: Iterable[Near]) -> list[dict[str, Any]]:
    # What was found is another's request: the inspector shows it, cleaned, by its trace.
    return [
        entry_facts(near.entry)
        | {
            "score": round(near.assessment.closeness, 2),
            "failing": failing_document(near.assessment.failing, with_found=False),
        }
        for near in nears
    ]
