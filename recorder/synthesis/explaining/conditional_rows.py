"""Conditional rows: lists whose rows are there under conditions, each of its own kind, as discounts and charges are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, Final

from recorder.synthesis.conditions.conjunction import one_condition
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.explaining.objects import Explain
from recorder.synthesis.nodes.composition import Composed
from recorder.synthesis.nodes.node import Node
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene, find_row
from recorder.synthesis.terms.term import Term, guarded

_MOST_KINDS: Final = 6
_MOST_ROWS: Final = 4
_FEWEST: Final = 6
_AGAIN: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One kind of row: what its field says, what it is made of, and when it is there (None for always)."""

    label: str
    node: Node
    condition: Term | None


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Composed):
    """A list of rows that are told apart by a field, each there where its condition holds."""

    field: str
    rows: Sequence[Row]

    @property
    def nodes(self) -> Sequence[Node]:
        return [row.node for row in self.rows]

    @property
    def terms(self) -> list[Term]:
        conditions = [row.condition for row in self.rows if row.condition is not None]
        return conditions + [term for row in self.rows for term in row.node.terms]

    def document(self) -> Any:
        return [
            row.node.document()
            if row.condition is None
            else f"{{{{ {row.node.expression()} if {guarded(row.condition.text)} else omit }}}}"
            for row in self.rows
        ]

    def expression(self) -> str:
        shown = [
            f"[{row.node.expression()}]"
            if row.condition is None
            else f"([{row.node.expression()}] if {guarded(row.condition.text)} else [])"
            for row in self.rows
        ]
        return f"({' + '.join(shown)})"

    def value(self, scene: Scene) -> Any:
        there = (row for row in self.rows if row.condition is None or row.condition.get(scene))
        return [None if (made := row.node.value(scene)) is MISSING else made for row in there]

    def found(self, place: int, value: Any) -> Any:
        """Give the row of a kind in a list as it was recorded, or MISSING."""
        return find_row(value, self.field, self.rows[place].label)

    def with_row(self, place: int, node: Node) -> Rows:
        """Give these with another node for a row."""
        rows = list(self.rows)
        rows[place] = Row(rows[place].label, node, rows[place].condition)
        return Rows(self.field, rows)


def conditional_rows(cases: Sequence[Case], name: str, grounds: Grounds, explain: Explain, depth: int) -> Rows | None:
    """Explain lists of a few kinds of rows where something tells of each kind when it is there."""
    if len(cases) < _FEWEST or max(len(value) for _, value in cases) > _MOST_ROWS:
        return None
    rows = [row for _, value in cases for row in value]
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    for field, given in rows[0].items():
        labels = _labels(cases, field) if isinstance(given, str) else None
        made = _rows(cases, name, field, labels, grounds, explain, depth) if labels is not None else None
        if made is not None:
            return made
    return None


def _labels(cases: Sequence[Case], field: str) -> list[str] | None:
    """Give the values of a field that tells kinds of rows apart, in the order in which all lists have them."""
    lists: list[tuple[str, ...]] = []
    for _, value in cases:
        inside = [row.get(field) for row in value]
        if not all(isinstance(one, str) for one in inside) or len(set(inside)) < len(inside):
            return None
        lists.append(tuple(inside))
    counts = Counter(label for inside in lists for label in inside)
    if len(counts) > _MOST_KINDS or min(counts.values()) < _AGAIN or len(set(lists)) < 2:
        return None
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for labels in lists:
        for label in labels:
            sorter.add(label)
        for before, after in pairwise(labels):
            sorter.add(after, before)
    try:
        return list(sorter.static_order())
    except CycleError:
        return None


class _Telling:
    """Tells when a row is there: by all that is known, and if that is too much by what is asked alone."""

    def __init__(self, grounds: Grounds, scenes: Sequence[Scene]) -> None:
        self._grounds = grounds
        self._scenes = scenes

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self._scenes, self._grounds.vocabulary.of_requests(self._scenes))

    def condition(self, holds: Sequence[bool]) -> Term | None:
        """Give a condition that holds in just these scenes, or None."""
        found = self._grounds.condition(self._scenes, holds)
        if found is not None:
            return found
        told = self._judge.decide(self._scenes, holds)
        return one_condition(told) if told is not None else None


def _rows(
    cases: Sequence[Case], name: str, field: str, labels: Sequence[str], grounds: Grounds, explain: Explain, depth: int
) -> Rows | None:
    found: list[Row] = []
    scenes = [scene for scene, _ in cases]
    told = _Telling(grounds, scenes)
    for label in labels:
        inside = [(scene, find_row(value, field, label)) for scene, value in cases]
        there = [(scene, row) for scene, row in inside if row is not MISSING]
        condition = None
        if len(there) < len(cases):
            condition = told.condition([row is not MISSING for _, row in inside])
            if condition is None:
                return None
        found.append(Row(label, explain(there, name, depth + 2), condition))
    return Rows(field, found)
