"""Newcomers: which of the names that a call sends in a list nothing is called yet, as where many things are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import MadeUp, Node, walk
from recorder.synthesis.samples.values import look, same
from recorder.synthesis.terms.scene import HIDDEN, Scene
from recorder.synthesis.terms.term import Term, literal

_FEWEST_KNOWN: Final = 2
"""In so many calls at least some of the names were known: else that they are left out would be chance."""


def newcomers(term: Term, cases: Sequence[Case]) -> Iterator[Term]:
    """Give the terms of a sent list of names without those that items of a collection have.

    Only where rows are there for just the others, in their order, and some were left out now and then.
    """
    if not term.text.startswith(("request.json", "request.form")):
        return
    given = [term.get(scene) for scene, _ in cases]
    if not all(isinstance(one, list) and all(isinstance(name, str) for name in one) for one in given):
        return
    if sum(len(one) > len(rows) for one, (_, rows) in zip(given, cases, strict=True)) < _FEWEST_KNOWN:
        return
    scene, rows = cases[0]
    for collection in scene.timeline.names():
        for field in _naming(rows) if not collection.endswith(HIDDEN) else ():
            made = _without_known(term, collection, field)
            if all(_are_named(made.get(one), shown, field) for one, shown in cases):
                yield made


def _naming(rows: Any) -> list[str]:
    """Give the members of the first row that are texts."""
    first = rows[0] if rows and isinstance(rows[0], dict) else {}
    return [name for name, value in first.items() if isinstance(value, str)]


def _are_named(names: Any, rows: Any, field: str) -> bool:
    return len(names) == len(rows) and all(
        same(look(row, (field,)), name) for name, row in zip(names, rows, strict=True)
    )


def _without_known(term: Term, collection: str, field: str) -> Term:
    known = f"(resource.{collection}.all() | map(attribute={literal(field)}) | list)"
    text = f"({term.text} | reject('in', {known}) | list)"
    return Term(text, _getter(term, collection, field), term.name, term.cost + 1.0, term.uses, term.keeps)


def _getter(term: Term, collection: str, field: str) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        held = [item.get(field) for item in scene.held(collection) if isinstance(item, dict)]
        return [name for name in term.get(scene) if name not in held]

    return get


def follows_rows(node: Node, term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether a row has to do with that of another list: it is made of it, or made anew for each that is sent."""
    if any("row" in used.uses for used in node.terms):
        return True
    varies = term.text.startswith("request.json") and len({len(value) for _, value in cases}) > 1
    return varies and any(isinstance(part, MadeUp) for _, part in walk(node))
