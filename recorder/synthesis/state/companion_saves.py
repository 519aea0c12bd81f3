"""Saves of companions: how tickets remember the rows that came with them, and how both end."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterator, Sequence
from typing import Any

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.state.companions import ROWS, Companion
from recorder.synthesis.state.tickets import Ticket
from recorder.synthesis.terms.term import literal, member

Save = dict[str, Any]
_OWN = "own"
"""The member of what is remembered with a ticket that is the ticket itself, where it may have to be forgotten."""


def remembered_rows(
    ticket: Ticket, behaviour: Behaviour, tickets: Sequence[Ticket], made: Some[str], own: str
) -> dict[str, str]:
    """Write the rows that come with a ticket: that of this call, which is `vars.made`, over those of shown tickets.

    `made` are the collections in which the call makes rows, `own` is the expression of the ticket.
    """
    if not ticket.companions:
        return {}
    kept = {other.name for other in tickets if other.companions}
    parts = [f"vars.{name}.{ROWS}" for name, one in behaviour.lookups.items() if one.collection in kept]
    new = {one.name: one.collection for one in ticket.companions if one.collection.name in made}
    if new:
        told = (f"{literal(name)}: {member('vars.made', one.id_path or ())}" for name, one in new.items())
        parts.append(f"{{{', '.join(told)}}}")
    is_forgotten = {_OWN: _said(own)} if any(one.ends for one in ticket.companions) else {}
    return {ROWS: _said(f"merge({', '.join(parts)})"), **is_forgotten} if parts else is_forgotten


def saves_of_companions(
    behaviour: Behaviour, tickets: Sequence[Ticket], behaviours: Sequence[Behaviour]
) -> Iterator[Save]:
    """Write which rows a call takes away, and that tickets end whose rows are gone."""
    for one in dict.fromkeys(one for ticket in tickets for one in ticket.companions):
        saves = list(_taken(one, behaviour, tickets, behaviours))
        yield from saves
        is_removed = behaviour.collection is one.collection and bool(behaviour.binding.removes)
        for ticket in tickets if one.ends and (saves or is_removed) else ():
            if one in ticket.companions:
                row = member(f"vars.row.{ROWS}", (one.name,))
                is_gone = f"not resource.{one.collection.name}.has({row})"
                key, each = _said(f"vars.row.{_OWN}"), _said(f"resource.{ticket.name}.all()")
                when = [f"{row} is defined", is_gone]
                yield {"in": ticket.name, "each": each, "key": key, "delete": True, "when": when}


def _taken(
    one: Companion, behaviour: Behaviour, tickets: Sequence[Ticket], behaviours: Sequence[Behaviour]
) -> Iterator[Save]:
    names = {ticket.name for ticket in tickets if one in ticket.companions}
    shown = next((name for name, lookup in behaviour.lookups.items() if lookup.collection in names), None)
    if shown is None:
        return
    row, name = member(f"vars.{shown}.{ROWS}", (one.name,)), one.collection.name
    if behaviour.endpoint in one.own:
        yield {"in": name, "key": _said(row), "delete": True}
    owner = _owner(one, behaviours) if behaviour.endpoint in one.others else None
    if owner is not None:
        path = one.collection.id_path or ()
        rows = f"keep_rows(resource.{name}.all(), {literal(owner[0])}, {owner[1]})"
        each = _said(f"drop_rows({rows}, {literal('.'.join(map(str, path)))}, {row})")
        yield {"in": name, "each": each, "key": _said(member("vars.row", path)), "delete": True}


def _owner(one: Companion, behaviours: Sequence[Behaviour]) -> tuple[str, str] | None:
    """Give by which field their list shows rows to their owner, and the expression of who that is."""
    listed = (each.listed for each in behaviours if each.collection is one.collection and each.listed is not None)
    tests = (test for each in listed for test in each.spec.get("where", []) if test["op"] == "eq" and "value" in test)
    for test in tests:
        value = str(test["value"])
        if value.startswith("{{ ") and value.endswith(" }}"):
            return test["field"], value[3:-3]
    return None


def _said(text: str) -> str:
    return f"{{{{ {text} }}}}"
