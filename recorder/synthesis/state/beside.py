"""Beside items: what else is kept that calls to them look up or tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from recorder.synthesis.collections.marks import Mark
from recorder.synthesis.conditions.lockouts import Lockout
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.state.companions import count_rows
from recorder.synthesis.state.levels import Levels
from recorder.synthesis.state.tickets import Ticket
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term


def terms_beside(
    endpoints: Iterable[Endpoint],
    levels: Sequence[Levels],
    tickets: Sequence[Ticket],
    *others: Mapping[Endpoint, Sequence[Term]],
) -> dict[Endpoint, list[Term]]:
    """Give the terms of what there is beside an item: levels, counted rows, and what lies below it."""
    return {
        one: [
            *(term for level in levels for term in level.terms.get(one, ())),
            *count_rows(tickets, one),
            *(term for other in others for term in other.get(one, ())),
        ]
        for one in endpoints
    }


def lookups_beside(endpoint: Endpoint, marks: Sequence[Mark], lockouts: Sequence[Lockout]) -> dict[str, Lookup]:
    """Give what finds the marks that calls put on items, and how often something was tried."""
    ways = [one.lookups[endpoint] for one in marks if endpoint in one.ways]
    counts = [one.lookups[endpoint] for one in lockouts if endpoint in one.locks]
    return {one.name: one for one in [*ways, *counts]}
