"""Kept rows: what is kept hidden in the items of a list, as the text of a file whose length is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Chosen, MadeUp, Node, walk
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import KEPT, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import hidden_name

LISTED: Final = f"vars.list.items{MARK}"
"""What the term of a list's page ends with."""
_OWN: Final = "row~"


def doubts(node: Node) -> int:
    """Give how many values of rows are guesses, or tokens that are drawn anew though rows are shown again."""
    return node.unknown + sum(isinstance(part, MadeUp) and part.text.startswith("random_") for part in _all(node))


def _all(node: Node) -> Iterator[Node]:
    """Give the parts of a node, and what these choose from."""
    for _, part in walk(node):
        yield part
        if isinstance(part, Chosen):
            yield from (one for _, option in part.options for one in _all(option))


class KeptRows(NamedTuple):
    """`source` gives a page with all that is kept in its items, `row` one of these as it is shown.

    `hidden` are the terms of what is kept in a row, `rows` the cases of all rows of all pages.
    """

    source: Term
    row: Term
    hidden: list[Term]
    rows: list[Case]


def kept_rows(source: Term, cases: Sequence[Case]) -> KeptRows | None:
    """Give the rows of pages, with what is kept in them; None where nothing is."""
    collection = source.text.split(MARK)[1] if source.text.count(MARK) == len(f"{MARK}{MARK}{MARK}") else ""
    rows: list[Case] = []
    names: dict[str, None] = {}
    for scene, wanted in cases:
        given, kept = source.get(scene), scene.values.get(KEPT)
        if not isinstance(given, list) or not isinstance(kept, list) or not len(given) == len(kept) == len(wanted):
            return None
        for row, attributes, item in zip(given, kept, wanted, strict=True):
            made = scene.with_row(row)
            made.values = {**made.values, _OWN: attributes}
            rows.append((made, item))
            names |= dict.fromkeys(attributes)
    if not collection or not names:
        return None
    whole = Term(f"vars.list.items{source.text.rpartition(MARK)[2]}", source.get, source.name, source.cost, source.uses)
    shown = Term(f"{MARK}{collection}{MARK}row{MARK}", ROW.get, ROW.name, ROW.cost, ROW.uses)
    return KeptRows(whole, shown, [_hidden(collection, name) for name in names], rows)


def _hidden(collection: str, attribute: str) -> Term:
    name = attribute.rpartition(".")[2]
    keeps = frozenset({(collection, attribute)})
    return Term(f"row.{hidden_name(attribute)}", _read(attribute), name, 2.0, ROW.uses, keeps)


def _read(attribute: str) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        attributes = scene.values.get(_OWN)
        return attributes.get(attribute, MISSING) if isinstance(attributes, dict) else MISSING

    return get
