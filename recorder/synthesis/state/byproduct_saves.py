"""Saves of by-products: the rows that a call makes in other collections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.state.byproducts import Byproduct
from recorder.synthesis.state.tickets import Ticket
from recorder.synthesis.terms.term import member


def saves_of_rows(
    rows: Sequence[Byproduct], behaviour: Behaviour, status: int, tickets: Sequence[Ticket]
) -> Iterator[dict[str, Any]]:
    """Give the rows that a call makes which is answered with this status."""
    kept = {one.collection.name for ticket in tickets for one in ticket.companions}
    # What tickets remember is `vars.made` when they are saved.
    for row in sorted(rows, key=lambda row: row.collection.name in kept):
        if row.behaviour is not behaviour or row.status != status:
            continue
        named = None if row.named is None else row.named.expression()
        own = row.own or named or row.collection.key_text(member("vars.made", row.collection.id_path or ()))
        key = _said(own if row.prefix is None else f"{row.prefix.expression()} ~ '/' ~ {own}")
        way = {"as": "made"} if row.each is None else {"each": _said(row.each)}
        when = {} if row.condition is None else {"when": row.condition.text}
        yield {"in": row.collection.name, **way, "item": row.node.document(), "key": key, **when}
        if row.later is not None:
            yield {"in": row.collection.name, "key": key, "item": row.later.document(), "merge": "deep", **when}


def _said(text: str) -> str:
    return f"{{{{ {text} }}}}"
