"""Sent members: what becomes of members of an item by what a call sends, though nothing is known of the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.objects import Members
from recorder.synthesis.nodes.node import Chosen, Each, Fixed, Node, Object, Said
from recorder.synthesis.samples.values import canon, is_scalar
from recorder.synthesis.terms.term import Term

_FEWEST: Final = 4
_MOST_OFF: Final = 5
"""One in so many lists may have things of which nothing is known."""
_OF_CALL: Final = re.compile(r"(?:not \(?)?(?:request\.(?:json|form|query)|vars\.(?:asked|answer))\b")
_Told = tuple[Node, Term | None]


def sent_members(made: Object, cases: Sequence[Case], explainer: Callable[[], Explainer]) -> Members:
    """Give the members of an object that are what the call sent or was answered, or what that names, wherever it was.

    Lists of things that are named by what was sent may be shown in another order, which nobody knows.
    """
    found = {name: _known(*one, name, cases, explainer) for name, one in made.members.items()}
    return {name: one for name, one in found.items() if one is not None}


def _known(
    node: Node, condition: Term | None, name: str, cases: Sequence[Case], explainer: Callable[[], Explainer]
) -> _Told | None:
    if isinstance(node, Each) and condition is None:
        listed = _listed(node, [(scene, value[name]) for scene, value in cases if name in value], explainer)
        return (listed, None) if listed is not None else None
    terms = [*node.terms, *([condition] if condition is not None else [])]
    is_told = _is_sent(node) and not node.unknown and all(_OF_CALL.match(term.text) for term in terms)
    return (node, condition) if is_told else None


def _is_sent(node: Node) -> bool:
    """Tell whether a node is what was sent, else perhaps the same each time."""
    if not isinstance(node, Chosen):
        return isinstance(node, Said)
    *sent, (_, otherwise) = node.options
    return all(isinstance(one, Said) for _, one in sent) and isinstance(otherwise, Said | Fixed)


def _listed(node: Each, cases: Sequence[Case], explainer: Callable[[], Explainer]) -> Node | None:
    """Explain lists with the rows in the order in which they were sent; None where many have other rows than these."""
    if not _OF_CALL.match(node.source.text) or len(cases) < _FEWEST:
        return None
    ordered = [(scene, _in_order(value, node.value(scene))) for scene, value in cases]
    known = [(scene, rows) for scene, rows in ordered if rows is not None]
    is_rare = (len(ordered) - len(known)) * _MOST_OFF <= len(ordered)
    if not is_rare or len({canon(rows) for _, rows in known}) < _FEWEST:
        return None
    again = explainer().explain(known)
    is_sent = isinstance(again, Each) and bool(_OF_CALL.match(again.source.text.lstrip("(")))
    return again if is_sent and not again.unknown else None


def _in_order(rows: Any, told: Any) -> list[Any] | None:
    """Give rows in the order of others, by the first member of each; None where these are not the same."""
    if not isinstance(rows, list) or not isinstance(told, list):
        return None
    by_key = {_key(row): row for row in rows}
    keys = [_key(row) for row in told]
    is_same = None not in by_key and len(by_key) == len(rows) == len(keys) and set(keys) == set(by_key)
    return [by_key[key] for key in keys] if is_same else None


def _key(row: Any) -> Hashable:
    first = next(iter(row.values()), None) if isinstance(row, dict) else None
    return canon(first) if is_scalar(first) and first is not None else None
