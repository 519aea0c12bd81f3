"""Slices: the part of an item's rows that is asked for, from one row on and so many, told by what answers show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from typing import Any, Final, TypeAlias

from recorder.synthesis.samples.amounts import amounts_in
from recorder.synthesis.samples.values import MISSING, is_scalar, parts
from recorder.synthesis.terms.request_terms import asked_terms
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_OFTEN: Final = 0.8
_LEAST: Final = 2
_MOST_NAMES: Final = 4
_COST: Final = 1.7
Place: TypeAlias = Callable[[Scene], int]
Said: TypeAlias = Callable[[str], str]
Look: TypeAlias = Callable[[Scene], Sequence[Decimal] | None]
Amounts: TypeAlias = Mapping[int, Sequence[Decimal]]
"""What each of all rows of an item comes to, by the number of the sample that asks for it."""


@dataclass(frozen=True, slots=True)
class Slice:
    """From the row on that `start` says, counted from `first`, and as many as `limit` says, else the `usual` number."""

    start: Term
    limit: Term
    first: int
    usual: int

    def begin(self, scene: Scene) -> int:
        """Give the place of the first row, from 0."""
        return max(0, _whole(self.start.get(scene), self.first) - self.first)

    def end(self, scene: Scene) -> int:
        """Give the place behind the last row."""
        return self.begin(scene) + _whole(self.limit.get(scene), self.usual)

    @property
    def begin_text(self) -> str:
        """Write the place of the first row."""
        start = f"({self.start.text} | default({self.first}, true) | int)"
        return f"({start} - {self.first})" if self.first else start

    @property
    def end_text(self) -> str:
        """Write the place behind the last row."""
        return f"({self.begin_text} + ({self.limit.text} | default({self.usual}, true) | int))"


def find_slice(scenes: Sequence[Scene], amounts: Amounts) -> Slice | None:
    """Find the parameters that say which of an item's rows are shown, None where answers do not go by any."""
    terms = [one for one in asked_terms(scenes).values() if _are_whole(one, scenes)][:_MOST_NAMES]
    shown = [(scene, _shown(scene)) for scene in scenes if scene.sample.number in amounts]
    best: tuple[int, Slice] | None = None
    for start, limit in permutations(terms, 2):
        for first in (0, 1):
            one = Slice(start, limit, first, _usual(limit, shown, amounts))
            right = [scene for scene, rows in shown if _is_part(rows, amounts[scene.sample.number], one, scene)]
            moved = sum(one.begin(scene) > 0 for scene in right)
            is_often = len(right) >= _OFTEN * len(shown) and moved >= _LEAST
            if is_often and (best is None or len(right) > best[0]):
                best = len(right), one
    return best[1] if best is not None else None


def is_in_order(scene: Scene, amounts: Sequence[Decimal]) -> bool:
    """Tell whether an answer shows rows that follow each other as these amounts do."""
    rows = _shown(scene)
    starts = range(len(amounts) - len(rows) + 1) if rows else ()
    return any(all(map(_comes_to, rows, amounts[start:])) for start in starts)


def _is_part(rows: Sequence[Any], amounts: Sequence[Decimal], part: Slice, scene: Scene) -> bool:
    wanted = amounts[part.begin(scene) : part.end(scene)]
    return len(rows) == len(wanted) and all(map(_comes_to, rows, wanted))


def _comes_to(row: Any, wanted: Decimal) -> bool:
    return isinstance(row, dict) and abs(wanted) in {abs(one) for one in amounts_in(row).values()}


def _shown(scene: Scene) -> list[Any]:
    """Give the first list of objects in an answer."""
    lists = (value for _, value in parts(scene.sample.answer_json, longest_list=0) if isinstance(value, list))
    return next((one for one in lists if all(isinstance(row, dict) for row in one)), [])


def _are_whole(term: Term, scenes: Sequence[Scene]) -> bool:
    given = [value for scene in scenes if is_scalar(value := term.get(scene)) and value is not None]
    return len(given) >= _LEAST and all(_whole(value, -1) >= 0 for value in given)


def _usual(limit: Term, shown: Sequence[tuple[Scene, list[Any]]], amounts: Amounts) -> int:
    """Give how many are shown where nothing is asked: so many as were where there are more, else a usual page."""
    free = [(scene, len(rows)) for scene, rows in shown if _whole(limit.get(scene), -1) < 0]
    cut = [count for scene, count in free if 0 < count < len(amounts[scene.sample.number])]
    return max(cut) if cut else max([10, *(count for _, count in free)])


def _whole(value: Any, otherwise: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return otherwise
    return int(value) if str(value).isdecimal() else otherwise


def slice_terms(part: Slice, rows: str, said: Said, amounts: Look, uses: frozenset[str]) -> Iterator[Term]:
    """Give the terms of what stands around a slice: what was before it, what is at its end, where the next one begins.

    `rows` writes all rows, `said` what rows come to, and `amounts` gives what each of them comes to in a scene.
    """

    def up_to(place: Place) -> Any:
        def get(scene: Scene) -> Any:
            found = amounts(scene)
            return MISSING if found is None else _plain(sum(found[: place(scene)], Decimal()))

        return get

    def following(scene: Scene) -> Any:
        found, end = amounts(scene), part.end(scene)
        if found is None:
            return MISSING
        return end + part.first if end < len(found) else None

    yield Term(said(f"({rows})[:{part.begin_text}]"), up_to(part.begin), "opening", _COST, uses)
    yield Term(said(f"({rows})[:{part.end_text}]"), up_to(part.end), "closing", _COST, uses)
    more = f"({part.end_text} + {part.first})" if part.first else part.end_text
    yield Term(f"({more} if {part.end_text} < ({rows} | length) else none)", following, "next", _COST, uses)


def _plain(made: Decimal) -> int | float:
    return int(made) if made == made.to_integral_value() else float(made)
