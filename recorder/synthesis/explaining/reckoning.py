"""Reckoning: numbers that are the sum, the difference or the product of two others."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.explaining.objects import Members
from recorder.synthesis.nodes.node import MadeUp, Said, Table
from recorder.synthesis.samples.values import MISSING, is_number
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, applied, used_by

Reckon: TypeAlias = Callable[[Any, Any], Any]
SIGNS: Final[dict[str, Reckon]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_MOST_HELD: Final = 40
_DEAREST: Final = 2.3


def equal(values: Iterable[Any], wanted: Sequence[Any]) -> bool:
    """Tell whether numbers are the same but for what floating-point reckoning loses."""
    return all(abs(one - two) < 1e-6 * max(1.0, abs(two)) for one, two in zip(values, wanted, strict=True))


def reckoned(grounds: Grounds, cases: Sequence[Case], beside: Members, *, signs: str = "*+-") -> Said | None:
    """Explain numbers as the product, the sum or the difference of members beside them or of others that are held."""
    wanted = [value for _, value in cases]
    if not all(map(is_number, wanted)):
        return None
    numbers: list[tuple[Term, list[Any]]] = []
    for term in [*_beside(beside), *_held(grounds, cases)]:
        values = [term.get(scene) for scene, _ in cases]
        if all(map(is_number, values)):
            numbers.append((term, values))
    for sign in signs:
        reckon = SIGNS[sign]
        for one, left in numbers:
            for two, right in numbers:
                if equal(map(reckon, left, right), wanted):
                    return Said(_rounded(_both(one, sign, two, reckon), wanted))
    return None


def _rounded(term: Term, wanted: Sequence[Any]) -> Term:
    """Give amounts of money without what floating-point reckoning adds to them, seldom in what was recorded."""
    has_cents = any(isinstance(value, float) and round(value, 1) != value for value in wanted)
    if not has_cents or any(round(value, 2) != value for value in wanted):
        return term
    return applied("({} | round(2))", term, lambda value: round(float(value), 2), 0.0)


def _beside(members: Members) -> list[Term]:
    terms: list[Term] = []
    for name, (node, condition) in members.items():
        is_told = not node.unknown or isinstance(node, Table)
        if condition is None and is_told and not isinstance(node, MadeUp):
            uses, keeps = used_by(node.terms)
            terms.append(Term(node.expression(), node.value, name, 0.5, uses, keeps))
    return terms


def _held(grounds: Grounds, cases: Sequence[Case]) -> list[Term]:
    known = grounds.vocabulary.everything(cases[0][0])
    held = [term for term, value in known if is_number(value) and term.cost < _DEAREST]
    return sorted(held, key=lambda term: term.cost)[:_MOST_HELD]


def _both(one: Term, sign: str, two: Term, reckon: Reckon) -> Term:
    def get(scene: Scene) -> Any:
        left, right = one.get(scene), two.get(scene)
        return reckon(left, right) if is_number(left) and is_number(right) else MISSING

    text = f"({_or_nothing(one)} {sign} {_or_nothing(two)})"
    return Term(text, get, "", one.cost + two.cost, one.uses | two.uses, one.keeps | two.keeps)


def _or_nothing(term: Term) -> str:
    """Write a number that may not be there: an answer that is off is better than none."""
    is_looked_up = term.text.startswith("vars.") and not term.text.startswith("vars.item.")
    return f"({term.text} | default(0))" if is_looked_up else term.text
