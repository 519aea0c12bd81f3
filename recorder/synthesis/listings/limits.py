"""Limits: from which day to which an answer tells of things, as the request asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

from recorder.synthesis.listings.sources import Source
from recorder.synthesis.samples.values import MISSING, as_text
from recorder.synthesis.terms.request_terms import asked_terms, path_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_DAY: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?:[T ].*)?")
_MOST_FIELDS: Final = 2
_LOOKED_AT: Final = 40


@dataclass(frozen=True, slots=True)
class Limits:
    """The field of the items that is limited, the terms of its first and its last value; "" for what has no limits."""

    field: str = ""
    first: Term | None = None
    last: Term | None = None
    is_of_item: bool = True
    """Whether rows stand in a list of the items that are limited, as `of` of each, or are these themselves."""

    @property
    def path(self) -> str:
        """The field as a dotted one of the rows that templates have."""
        return f"of.{self.field}" if self.is_of_item else self.field

    def kept(self, rows: Sequence[dict[str, Any]], scene: Scene) -> list[dict[str, Any]]:
        """Give the rows within the limits; each has its item as `of`."""
        first, last = _bound(self.first, scene), _bound(self.last, scene)
        return [
            row
            for row in rows
            if (not first or as_text(row["of"].get(self.field)) >= first)
            and (not last or as_text(row["of"].get(self.field)) <= last)
        ]

    def text(self, rows: str) -> str:
        """Write the rows within the limits."""
        if not self.field or (self.first is None and self.last is None):
            return rows
        first = self.first.text if self.first is not None else "none"
        last = f", {self.last.text}" if self.last is not None else ""
        return f"between({rows}, {literal(self.path)}, {first}{last})"


def _bound(term: Term | None, scene: Scene) -> str:
    found = term.get(scene) if term is not None else MISSING
    return "" if found is MISSING or found is None else as_text(found)


def limits_of(source: Source, scenes: Sequence[Scene]) -> Iterator[Limits]:
    """Give the limits that requests may set to the days of what is added up, the plainest first."""
    fields = [*_days_in(source, scenes)][:_MOST_FIELDS]
    inside = source.field is not None
    terms = [term for term in asked_terms(scenes).values() if _are_days(term, scenes)]
    yield Limits(fields[0] if fields else "", is_of_item=inside)
    if fields:
        yield Limits("")
    for field in fields:
        for term in terms:
            yield Limits(field, term, is_of_item=inside)
            yield Limits(field, None, term, inside)
        for first, last in permutations(terms, 2):
            yield Limits(field, first, last, inside)
        for name in scenes[0].params:
            if _are_days(path_term(name), scenes):
                term = path_term(name)
                last = Term(f"({term.text} ~ '~')", _whole(term), name, term.cost)
                yield Limits(field, term, last, inside)


def _whole(term: Term) -> Any:
    def get(scene: Scene) -> Any:
        found = term.get(scene)
        return MISSING if found is MISSING else f"{found}~"

    return get


def _are_days(term: Term, scenes: Sequence[Scene]) -> bool:
    given = [value for scene in scenes if (value := term.get(scene)) is not MISSING]
    return bool(given) and all(isinstance(value, str) and _DAY.fullmatch(value) for value in given)


def _days_in(source: Source, scenes: Sequence[Scene]) -> Iterator[str]:
    """Give the days that rows have; what is null in some, as the day by which a thing is due, puts none in order."""
    for scene in scenes[:_LOOKED_AT]:
        items = [item for item in scene.held(source.name) if isinstance(item, dict)]
        if items:
            found = [name for name in items[0] if all(_is_day(item.get(name)) for item in items)]
            yield from sorted(found, key=lambda name: len(str(items[0][name])))
            return


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None
