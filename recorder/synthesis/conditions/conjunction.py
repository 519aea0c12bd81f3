"""Conditions put together: one that holds in just the scenes that several in their order say it holds in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_LONGEST: Final = 5
_ALWAYS: Final = Term("true", lambda _scene: True)
_NEVER: Final = Term("false", lambda _scene: False)


def conjunction(terms: Sequence[Term]) -> Term:
    """Give the condition that all of these hold."""
    if len(terms) == 1:
        return terms[0]
    return Term(
        " and ".join(term.text for term in terms),
        lambda scene: all(term.get(scene) is True for term in terms),
        terms[0].name,
        sum(term.cost for term in terms),
        frozenset().union(*(term.uses for term in terms)),
        frozenset().union(*(term.keeps for term in terms)),
    )


def one_condition(told: Sequence[tuple[Term | None, bool]]) -> Term | None:
    """Give the condition that holds where the first of these that does has the label True; None where none is told.

    The last of them has no condition: it is what is left.
    """
    if len(told) > _LONGEST:
        return None
    made: Term | None = None
    for condition, label in reversed(told):
        if condition is None:
            made = None if len(told) == 1 else _ALWAYS if label else _NEVER
        elif made is None or (made is _NEVER and label):
            made = condition
        elif made is _ALWAYS and not label:
            made = _negated(condition)
        else:
            made = _either(condition, made) if label else _unless(condition, made)
    return None if made is _ALWAYS or made is _NEVER else made


def _either(one: Term, other: Term) -> Term:
    def holds(scene: Scene) -> bool:
        return bool(one.get(scene)) or bool(other.get(scene))

    cost, uses, keeps = one.cost + other.cost, one.uses | other.uses, one.keeps | other.keeps
    return Term(f"({one.text}) or ({other.text})", holds, one.name, cost, uses, keeps)


def _unless(one: Term, other: Term) -> Term:
    def holds(scene: Scene) -> bool:
        return not one.get(scene) and bool(other.get(scene))

    cost, uses, keeps = one.cost + other.cost, one.uses | other.uses, one.keeps | other.keeps
    return Term(f"not ({one.text}) and ({other.text})", holds, one.name, cost, uses, keeps)


def _negated(term: Term) -> Term:
    def holds(scene: Scene) -> bool:
        return not term.get(scene)

    return Term(f"not ({term.text})", holds, term.name, term.cost + 0.1, term.uses, term.keeps)
