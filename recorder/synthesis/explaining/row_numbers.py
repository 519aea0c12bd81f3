"""Row numbers: whole numbers that the rows of an answer count on, one for each of them that has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.change import PLACES, ROW
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.explaining.objects import having
from recorder.synthesis.nodes.node import Node, Object, Said
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, guarded
from recorder.synthesis.terms.vocabulary import Vocabulary

_FEWEST: Final = 6
_FEWEST_VALUES: Final = 4
_DEAREST: Final = 2.3


def numbered(node: Node, rows: Sequence[Case], source: Term, vocabulary: Vocabulary) -> Node:
    """Explain members that count on from what was reached; the rows are made from those that `source` gives.

    A row without the number, as one that was refused, does not count.
    """
    if not isinstance(node, Object):
        return node
    members = dict(node.members)
    for name, (_, condition) in node.members.items():
        term = _counted(having(rows, name), condition, source, vocabulary)
        if term is not None:
            members[name] = (Said(term), condition)
    return Object(members)


def _counted(cases: Sequence[Case], condition: Term | None, source: Term, vocabulary: Vocabulary) -> Term | None:
    values = [value for _, value in cases]
    are_whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    if not are_whole or len(values) < _FEWEST or len(set(values)) < _FEWEST_VALUES:
        return None
    place = PLACES[1] if condition is None else _place_among(condition, source)
    for base in _bases(cases[0][0], vocabulary):
        made = _sum(base, place)
        if all(made.get(scene) == value for scene, value in cases):
            return made
    return None


def _bases(scene: Scene, vocabulary: Vocabulary) -> Iterator[Term]:
    known = [(term, value) for term, value in vocabulary.everything(scene) if isinstance(value, int)]
    for term, value in sorted(known, key=lambda one: one[0].cost):
        if not isinstance(value, bool) and not term.uses & ROW.uses and term.cost < _DEAREST:
            yield term


def _place_among(condition: Term, source: Term) -> Term:
    """Give the term of how many rows up to this one fulfil a condition."""

    def get(scene: Scene) -> Any:
        before, at = source.get(scene), scene.values.get("at")
        if not isinstance(before, list) or at is None:
            return MISSING
        return sum(bool(condition.get(scene.with_row(row, place))) for place, row in enumerate(before[: at + 1]))

    text = f"(each({source.text}[:at + 1], 1 if {guarded(condition.text)} else 0) | sum)"
    return Term(text, get, "at", condition.cost + 1, condition.uses | ROW.uses, condition.keeps)


def _sum(one: Term, other: Term) -> Term:
    get = _added(one, other)
    return Term(
        f"({one.text} + {other.text})", get, "", one.cost + other.cost, one.uses | other.uses, one.keeps | other.keeps
    )


def _added(one: Term, other: Term) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        left, right = one.get(scene), other.get(scene)
        return left + right if isinstance(left, int) and isinstance(right, int) else MISSING

    return get
