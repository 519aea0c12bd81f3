"""Row decisions: what tells the rows of a list apart, where each call has several of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from recorder.synthesis.conditions.field_conditions import INDEXED
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Case, Decide, Told
from recorder.synthesis.samples.values import canon
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_FEWEST: Final = 6
"""Fewer rows show no more than chance."""
_LEAST: Final = 2
_MOST_KINDS: Final = 4


def row_by_row(decide: Decide, calls: Sequence[Scene], rows: Sequence[Scene], vocabulary: Vocabulary) -> Decide:
    """Give what tells rows apart: conditions on their calls, where all rows of each are alike, else on the rows.

    `rows` are the scenes of the rows of `calls` that are looked at, `vocabulary` has the terms of a row, `decide` tells
    calls apart. What is needed is made when it is asked for: most lists have one kind of rows.
    """
    judges: list[Judge] = []
    whole = {scene.sample.number: scene for scene in calls}

    def told(scenes: Sequence[Scene], labels: Sequence[Any], *, by_chance: bool = False) -> Told | None:
        by_call = _by_call(scenes, labels) if all(scene.sample.number in whole for scene in scenes) else None
        if by_call is not None:
            found = decide([whole[number] for number in by_call], list(by_call.values()), by_chance=by_chance)
            if found is not None:
                return found
        counts = Counter(map(canon, labels))
        if len(rows) < _FEWEST or len(counts) > _MOST_KINDS or min(counts.values()) < _LEAST:
            return None
        if not judges:
            judges.append(Judge(rows, vocabulary, _is_of_any_row))
        return judges[0].decide(scenes, labels, by_chance=by_chance)

    return told


def _is_of_any_row(term: Term) -> bool:
    """Leave out what is said of a certain row of the call, as its second: there it means nothing."""
    return INDEXED.search(term.text) is None


def _by_call(scenes: Sequence[Scene], labels: Sequence[Any]) -> dict[int, Any] | None:
    """Give the label of each call by the number of its sample, None where the rows of one have several."""
    found: dict[int, Any] = {}
    for scene, label in zip(scenes, labels, strict=True):
        if canon(found.setdefault(scene.sample.number, label)) != canon(label):
            return None
    return found


def rows_of(term: Term, cases: Sequence[Case]) -> list[Case]:
    """Give the items of lists as cases whose scenes have the item of another list as `row`; none where one differs."""
    rows: list[Case] = []
    for scene, wanted in cases:
        given = term.get(scene)
        if not isinstance(given, list) or len(given) != len(wanted):
            return []
        rows += [(scene.with_row(row, at), item) for at, (row, item) in enumerate(zip(given, wanted, strict=True))]
    return rows
