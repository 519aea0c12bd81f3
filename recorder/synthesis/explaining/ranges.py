"""Ranges: rows with two fixed bounds each that tell how many items have a number between them, as prices in steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.grouped import Source, sources
from recorder.synthesis.nodes.node import Fixed, Items, Object, Said
from recorder.synthesis.samples.values import canon, is_number, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_FEWEST: Final = 4
_FEWEST_ROWS: Final = 2
_MOST_ROWS: Final = 24
_MOST_FIELDS: Final = 12
_RIGHT_TENTHS: Final = 9


@dataclass(frozen=True, slots=True)
class _Steps:
    """How rows are shown: the member with the count, and those with the bounds, of which the higher one may count."""

    count: str
    low: str
    high: str
    with_high: bool

    def has(self, row: Any, value: Any) -> bool:
        """Tell whether a number is in the range of a row; a bound that is null bounds nothing."""
        low, high = row[self.low], row[self.high]
        if not is_number(value):
            return False
        if self.with_high:
            return (low is None or value > low) and (high is None or value <= high)
        return (low is None or value >= low) and (high is None or value < high)

    def text(self, row: Any, items: str, field: str) -> str:
        """Write how many of some items are in the range of a row."""
        value, (above, below) = member("row", (field,)), (">", "<=") if self.with_high else (">=", "<")
        bounds = ((above, row[self.low]), (below, row[self.high]))
        tests = [f"{value} is number", *(f"{value} {sign} {bound}" for sign, bound in bounds if bound is not None)]
        return f"(each({items}, 1 if {' and '.join(tests)} else 0) | sum)"


def ranged(cases: Sequence[Case]) -> Items | None:
    """Explain rows that are always the same but for one whole number, where nine of ten lists are counted so."""
    lists = [value for _, value in cases]
    if len(cases) < _FEWEST or not _are_rows(lists) or len({canon(value) for value in lists}) < _FEWEST:
        return None
    for steps in _steps(lists):
        for source in sources(cases):
            items = [source.find(scene) for scene, _ in cases]
            if any(one is None for one in items):
                continue
            for field in _fields([one or () for one in items]):
                counts = [_counts(steps, lists[0], one or (), field) for one in items]
                shown = [[row[steps.count] for row in value] for value in lists]
                right = [tuple(one) for one, other in zip(counts, shown, strict=True) if one == other]
                if len(right) * 10 >= len(cases) * _RIGHT_TENTHS and len(set(right)) >= _FEWEST:
                    return Items([_row(steps, row, source, field) for row in lists[0]])
    return None


def _are_rows(lists: Sequence[Any]) -> bool:
    """Tell whether all are lists of as many rows, with the same members."""
    first = lists[0]
    if not isinstance(first, list) or not _FEWEST_ROWS <= len(first) <= _MOST_ROWS or not isinstance(first[0], dict):
        return False
    return all(
        isinstance(value, list)
        and len(value) == len(first)
        and all(isinstance(row, dict) and row.keys() == first[0].keys() for row in value)
        for value in lists
    )


def _steps(lists: Sequence[Sequence[dict[str, Any]]]) -> Iterator[_Steps]:
    """Give how rows may tell ranges: one number differs, all else is fixed, and two members bound each row."""
    first = lists[0]
    fixed = [
        name
        for name in first[0]
        if all(row[name] == other[name] for rows in lists for row, other in zip(rows, first, strict=True))
    ]
    moving = [name for name in first[0] if name not in fixed]
    if len(moving) != 1 or not all(type(row[moving[0]]) is int for rows in lists for row in rows):
        return
    bounds = [name for name in fixed if all(row[name] is None or is_number(row[name]) for row in first)]
    for low, high in permutations(bounds, 2):
        pairs = [(row[low], row[high]) for row in first]
        if all(one is None or other is None or one < other for one, other in pairs) and (None, None) not in pairs:
            yield from (_Steps(moving[0], low, high, with_high) for with_high in (False, True))


def _fields(lists: Sequence[Sequence[Any]]) -> list[str]:
    """Give the members of items that are numbers."""
    found: dict[str, None] = {}
    for items in lists:
        for item in items[:_MOST_ROWS]:
            found |= dict.fromkeys(
                name for name, value in (item.items() if isinstance(item, dict) else ()) if is_number(value)
            )
    return list(found)[:_MOST_FIELDS]


def _counts(steps: _Steps, rows: Sequence[Any], items: Sequence[Any], field: str) -> list[int]:
    values = [look(item, (field,)) for item in items]
    return [sum(steps.has(row, value) for value in values) for row in rows]


def _row(steps: _Steps, row: dict[str, Any], source: Source, field: str) -> Object:
    def get(scene: Scene) -> Any:
        return _counts(steps, [row], source.find(scene) or (), field)[0]

    count = Said(Term(steps.text(row, source.text, field), get, steps.count, 1.5, source.uses))
    return Object({name: (count if name == steps.count else Fixed(value), None) for name, value in row.items()})
