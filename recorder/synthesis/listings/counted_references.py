"""Counted references: how many items name what a path names, of one kind or of two, and what their numbers come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, as_text, is_number, leaves, look
from recorder.synthesis.terms.request_terms import path_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.spread import spread
from recorder.synthesis.terms.term import Term, literal, member

Test: TypeAlias = tuple[str, str]
"""A field and the word that rows have there."""
Rows: TypeAlias = list[dict[str, Any]]
_MOST_SCENES: Final = 60
_MOST_LOOKED_AT: Final = 30
_MOST_PATHS: Final = 12
_MOST_WORDS: Final = 6
_MOST_FIELDS: Final = 4
_MOST_NUMBERS: Final = 4
_DEEPEST: Final = 3
_LEAST: Final = 3
_TENTHS: Final = 9
_COST: Final = 1.6
_MORE: Final = 0.3


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is told of the rows that name something: how many, or what a number of theirs comes to, of some kind."""

    name: str
    by: str
    number: str = ""
    tests: tuple[Test, ...] = ()

    def of(self, rows: Rows) -> Any:
        """Give it for the rows that name the item."""
        kept = [row for row in rows if all(row.get(name) == word for name, word in self.tests)]
        if not self.number:
            return len(kept)
        return sum(row[self.number] for row in kept if is_number(row.get(self.number)))

    def term(self, key: Term) -> Term:
        """Give the term of it for what a term names."""
        rows = f"keep_rows({member('resource', (self.name,))}.all(), {literal(self.by)}, {key.text})"
        for name, word in self.tests:
            rows = f"keep_rows({rows}, {literal(name)}, {literal(word)})"
        text = f"total({rows}, {literal(self.number)})" if self.number else f"({rows} | length)"
        cost = _COST + _MORE * len(self.tests)
        return Term(text, partial(self._in, key), self.number or "count", cost, key.uses, key.keeps)

    def _in(self, key: Term, scene: Scene) -> Any:
        return self.of(_naming(self.name, self.by, key, scene))


def counted_references(
    endpoint: Endpoint, collections: Sequence[Collection], scenes: Sequence[Scene]
) -> Iterator[Term]:
    """Give what answers tell of the rows that name the item of the path, where nine of ten tell just that.

    Of what is as often right the plainest counts; three different numbers have to be, each not 0.
    """
    if endpoint.method not in ("GET", "HEAD") or not endpoint.params or endpoint.operation is not None:
        return
    told = [one for one in scenes if one.sample.succeeded and isinstance(one.sample.answer_json, dict)]
    some = spread(told, _MOST_SCENES)
    wanted = _numbers_told(some)
    for param in endpoint.params if wanted else ():
        key = path_term(param)
        for collection in collections:
            for by in _references(collection.name, key, some):
                yield from _told_of(_Rows(collection.name, by, key, some), wanted)


def _numbers_told(scenes: Sequence[Scene]) -> list[list[Any]]:
    """Give the numbers that answers tell, each as what it is in all scenes: whole ones or amounts that differ."""
    found: dict[Path, None] = {}
    for scene in scenes:
        for path, value in leaves(scene.sample.answer_json, longest_list=0):
            if len(path) <= _DEEPEST and is_number(value):
                found.setdefault(path)
    columns = [[look(scene.sample.answer_json, path) for scene in scenes] for path in list(found)[:_MOST_PATHS]]
    return [one for one in columns if all(map(is_number, one)) and len({*one} - {0}) >= _LEAST]


def _references(name: str, key: Term, scenes: Sequence[Scene]) -> list[str]:
    """Give the members of items, dotted, that have the key which the path names, in several scenes."""
    found: Counter[str] = Counter()
    for scene in scenes[:_MOST_LOOKED_AT]:
        wanted = as_text(key.get(scene))
        for row in scene.held(name)[-_MOST_LOOKED_AT:]:
            for path, value in leaves(row, longest_list=0) if isinstance(row, dict) else ():
                if 0 < len(path) < _DEEPEST and value is not None and as_text(value) == wanted:
                    found[".".join(map(str, path))] += 1
    return [by for by, count in found.most_common(1) if count >= _LEAST]


def _naming(name: str, by: str, key: Term, scene: Scene) -> Rows:
    wanted, path = as_text(key.get(scene)), tuple(by.split("."))
    return [row for row in scene.held(name) if isinstance(row, dict) and as_text(look(row, path)) == wanted]


@dataclass(slots=True)
class _Rows:
    """The rows of a collection that name what each scene's path does."""

    name: str
    by: str
    key: Term
    scenes: Sequence[Scene]
    rows: list[Rows] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [_naming(self.name, self.by, self.key, scene) for scene in self.scenes]

    def measures(self) -> Iterator[_Measure]:
        """Give what may be told of them, the plainest first."""
        every = [row for rows in self.rows for row in rows]
        words: dict[str, set[str]] = defaultdict(set)
        numbers: Counter[str] = Counter()
        for row in every:
            for name, value in row.items():
                if isinstance(value, str):
                    words[name].add(value)
                elif is_number(value):
                    numbers[name] += 1
        few = [(name, sorted(told)) for name, told in words.items() if 1 < len(told) <= _MOST_WORDS][:_MOST_FIELDS]
        tests: list[tuple[Test, ...]] = [(), *(((name, word),) for name, told in few for word in told)]
        for (one, told), (other, others) in combinations(few, 2):
            tests += [((one, word), (other, another)) for word in told for another in others]
        for kind in tests:
            for number in ("", *(name for name, _ in numbers.most_common(_MOST_NUMBERS))):
                yield _Measure(self.name, self.by, number, kind)


def _told_of(rows: _Rows, wanted: Sequence[Sequence[Any]]) -> Iterator[Term]:
    """Give the best measure for each number that is told."""
    best: dict[int, tuple[int, _Measure]] = {}
    for measure in rows.measures():
        values = [measure.of(inside) for inside in rows.rows]
        for place, column in enumerate(wanted):
            right = sum(one == other for one, other in zip(values, column, strict=True))
            is_nearly = right * 10 >= len(column) * _TENTHS
            if is_nearly and (place not in best or right > best[place][0]):
                best[place] = right, measure
    yield from {measure: measure.term(rows.key) for _, measure in best.values()}.values()
