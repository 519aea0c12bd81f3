"""Rows below: lists whose rows are the items that name what stands above them, as the answers below a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from recorder.synthesis.explaining.change import related_term, unmarked
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, look
from recorder.synthesis.terms.request_terms import query_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_LEAST_ROWS: Final = 4
_LEAST_LISTS: Final = 2
_MOST_FIELDS: Final = 6
_TENTHS: Final = 9
_ALL: Final = 1_000_000
"""What stands for no limit."""


@dataclass(frozen=True, slots=True, eq=False)
class _Below:
    """The items of a collection in which `field` is what a term gives; rows hold the ids of items as `own`.

    The newest are first where they are `turned`, and no more than a parameter of the query says by its `limit`.
    """

    collection: str
    own: str
    field: str
    term: Term
    turned: bool = False
    limit: Term | None = None

    def ids(self, scene: Scene) -> list[str]:
        """Give the ids of the items in a scene, in their order."""
        wanted = as_text(self.term.get(scene))
        held = scene.timeline.under(self.collection, "", scene.moment)
        found = [own_id(key) for key, item in held.items() if as_text(look(item, (self.field,))) == wanted]
        return (found[::-1] if self.turned else found)[: _limit(self.limit, scene)]

    def is_right(self, case: Case) -> bool:
        """Tell whether a list has just these items as rows."""
        return [as_text(look(row, (self.own,))) for row in case[1]] == self.ids(case[0])

    @property
    def source(self) -> Term:
        """The term of the items."""
        whole = related_term(self.collection, self.field, self.term)
        mark = whole.text[: whole.text.index("keep_rows")]
        text = unmarked(whole.text)
        text = f"({text} | reverse | list)" if self.turned else text
        if self.limit is not None:
            text = f"({text})[:({self.limit.text} | default({_ALL}, true) | int)]"

        def get(scene: Scene) -> Any:
            items = whole.get(scene)
            return (items[::-1] if self.turned else items)[: _limit(self.limit, scene)]

        return Term(f"{mark}{text}{mark[:1]}", get, whole.name, whole.cost, whole.uses, whole.keeps)


def own_id(key: str) -> str:
    """Give the last part of a key: what an item itself is called by."""
    return key.rpartition("/")[2]


def _limit(limit: Term | None, scene: Scene) -> int:
    told = limit.get(scene) if limit is not None else MISSING
    return int(told) if isinstance(told, str) and told.isdecimal() else _ALL


def rows_below(cases: Sequence[Case], vocabulary: Vocabulary) -> Term | None:
    """Give the term of the items that lists show, where nine of ten show just those that name the same thing.

    Four rows in two lists have to say so at least, and what they name has to differ between the lists.
    """
    found = _found(cases, vocabulary)
    return found.source if found is not None else None


def counts_below(rows: Sequence[Case], vocabulary: Vocabulary) -> Iterator[Term]:
    """Give how many items there are below each of some rows, where a member of these shows them, perhaps not all."""
    lists: dict[str, list[Case]] = {}
    for scene, row in rows:
        for name, value in row.items() if isinstance(row, dict) else ():
            if isinstance(value, list):
                lists.setdefault(name, []).append((scene, value))
    for name, cases in lists.items():
        found = _found(cases, vocabulary)
        if found is not None:
            whole = replace(found, limit=None).source
            text = f"({unmarked(whole.text)} | length)"
            yield Term(text, partial(_count, whole), name, 1.5 + whole.cost, whole.uses, whole.keeps)


def _count(whole: Term, scene: Scene) -> int:
    return len(whole.get(scene))


def _found(cases: Sequence[Case], vocabulary: Vocabulary) -> _Below | None:
    shown = [case for case in cases if case[1]]
    rows = [row for _, value in shown for row in value]
    if len(shown) < _LEAST_LISTS or len(rows) < _LEAST_ROWS or not all(isinstance(row, dict) for row in rows):
        return None
    pivot = max(cases, key=lambda case: len(case[1]))
    for found in _likely(pivot, vocabulary):
        if len({as_text(found.term.get(scene)) for scene, _ in shown}) < _LEAST_LISTS:
            continue
        best = _best(found, cases)
        if best is not None:
            return best
    return None


def _best(found: _Below, cases: Sequence[Case]) -> _Below | None:
    """Give the order and the limit with which it is right most often, where that is nearly always."""
    limits = (None, *(query_term(name) for name in _numbers(cases)))
    made = [replace(found, turned=turned, limit=limit) for turned in (False, True) for limit in limits]
    right = [sum(map(one.is_right, cases)) for one in made]
    return made[right.index(max(right))] if max(right) * 10 >= len(cases) * _TENTHS else None


def _numbers(cases: Sequence[Case]) -> list[str]:
    """Give the parameters of the query that are always whole numbers where they are sent."""
    sent: dict[str, bool] = {}
    for scene, _ in cases:
        for name, values in scene.sample.query.items():
            sent[name] = sent.get(name, True) and all(one.isdecimal() for one in values)
    return [name for name, are_whole in sent.items() if are_whole]


def _likely(pivot: Case, vocabulary: Vocabulary) -> Iterator[_Below]:
    """Give what the rows of a list may be: items of which one field is what something in the scene is."""
    scene, rows = pivot
    for collection in scene.timeline.names():
        if collection.endswith("~"):
            continue
        held = {own_id(key): item for key, item in scene.timeline.under(collection, "", scene.moment).items()}
        for own in rows[0]:
            ids = [look(row, (own,)) for row in rows]
            if not all(is_scalar(one) and one is not MISSING and as_text(one) in held for one in ids):
                continue
            items = [held[as_text(one)] for one in ids]
            for field, term in _shared(items, own, scene, vocabulary):
                yield _Below(collection, own, field, term)


def _shared(
    items: Sequence[Mapping[str, Any]], own: str, scene: Scene, vocabulary: Vocabulary
) -> Iterator[tuple[str, Term]]:
    """Give the fields that all items have in common, with the terms that give the value, those of rows first."""
    if not all(isinstance(item, dict) for item in items):
        return
    for field, value in items[0].items():
        if field == own or not is_scalar(value) or value is None or isinstance(value, bool):
            continue
        if all(as_text(look(item, (field,))) == as_text(value) for item in items):
            as_texts = [] if isinstance(value, str) else vocabulary.giving(as_text(value), scene)
            terms = [*vocabulary.giving(value, scene), *as_texts]
            likely = [term for term in terms if "headers" not in term.text]
            for term in sorted(likely, key=lambda one: "row" not in one.uses)[:_MOST_FIELDS]:
                yield field, term
