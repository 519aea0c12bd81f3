"""Fees: numbers of a few amounts, told by bounds of other numbers and by choices, and totals that they are part of."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final, Generic

from recorder.synthesis.explaining.formulas import Formula, Operand, Part
from recorder.synthesis.samples.values import canon, is_number, same
from recorder.synthesis.terms.term import literal

_FEWEST: Final = 8
_MOST_AMOUNTS: Final = 5
_MOST_RULES: Final = 6
_MOST_BOUNDS: Final = 2
_CHOSEN: Final = 2
_BOUNDED: Final = 3
"""An amount beyond a bound, or of a choice, by this many different cases is hardly so by chance."""
_MOST_PARTS: Final = 9
_SIZES: Final = (4, 5, 6)
_DISTINCT: Final = 4
_LARGE: Final = 20
_SAME: Final = 5e-7


@dataclass(frozen=True, slots=True, eq=False)
class _Rule(Generic[Part]):
    """An amount that holds in some of the cases that are left; `bound` is None where a choice tells them."""

    operand: Operand[Part]
    test: str
    places: frozenset[int]
    amount: Any
    digits: int
    bound: float | None

    def holds(self, case: int) -> bool:
        """Tell whether the rule holds in a case, also one that an earlier rule tells."""
        if self.bound is None:
            return canon(self.operand.values[case]) == canon(self.operand.values[min(self.places)])
        value = self.operand.values[case]
        return bool(value >= self.bound if self.test.startswith(">=") else value < self.bound)


def find_fee(
    wanted: Sequence[Any], operands: Sequence[Operand[Part]], keys: Sequence[Operand[Part]]
) -> Formula[Part] | None:
    """Find by what numbers of a few amounts are told: the first of some rules that applies, else the last amount."""
    labels = [canon(value) for value in wanted]
    if len(wanted) < _FEWEST or not 2 <= len(set(labels)) <= _MOST_AMOUNTS or not all(map(is_number, wanted)):
        return None
    left = frozenset(range(len(wanted)))
    rules: list[_Rule[Part]] = []
    while len({labels[place] for place in left}) > 1:
        bounds = _MOST_BOUNDS - sum(rule.bound is not None for rule in rules)
        found = max(_rules(left, labels, wanted, operands if bounds else (), keys), key=_worth, default=None)
        if found is None or len(rules) == _MOST_RULES:
            return None
        rules.append(found)
        left -= found.places
    last = wanted[min(left)]
    told = _needed(rules, last, wanted)
    steps = [canon(rule.amount) for rule in told if rule.bound is not None]
    # An amount that comes again beyond a second bound of one number is one of chance: steps go up or down.
    comes_again = len(steps) > 1 and len({*steps, canon(last)}) <= len(steps)
    return _by_rules(told, last) if len(left) >= _CHOSEN and not comes_again else None


def _needed(rules: Sequence[_Rule[Part]], last: Any, wanted: Sequence[Any]) -> Sequence[_Rule[Part]]:
    """Leave out the rules without which all comes to the same by those that follow."""
    for place in range(len(rules)):
        fewer = [*rules[:place], *rules[place + 1 :]]
        if fewer and all(same(_told(fewer, last, case), value) for case, value in enumerate(wanted)):
            return _needed(fewer, last, wanted)
    return rules


def _told(rules: Sequence[_Rule[Any]], last: Any, case: int) -> Any:
    return next((rule.amount for rule in rules if rule.holds(case)), last)


def _worth(rule: _Rule[Any]) -> tuple[bool, int, int]:
    return rule.bound is None, len(rule.places), -rule.digits


def _by_rules(rules: Sequence[_Rule[Part]], last: Any) -> Formula[Part]:
    def write(*texts: str) -> str:
        told = (f"{literal(rule.amount)} if {text} {rule.test} else " for rule, text in zip(rules, texts, strict=True))
        return f"({''.join(told)}{literal(last)})"

    return Formula(write, tuple(rule.operand for rule in rules))


def _rules(
    left: frozenset[int],
    labels: Sequence[Hashable],
    wanted: Sequence[Any],
    operands: Sequence[Operand[Part]],
    keys: Sequence[Operand[Part]],
) -> Iterator[_Rule[Part]]:
    """Give what tells some of the cases that are left from the others, where all of them have one amount."""
    for key in keys:
        shown = {canon(key.values[place]): place for place in sorted(left)}
        for label, place in shown.items():
            inside = frozenset(one for one in left if canon(key.values[one]) == label)
            if len(inside) >= _CHOSEN and len({labels[one] for one in inside}) == 1:
                yield _Rule(key, f"== {literal(key.values[place])}", inside, wanted[place], 0, None)
    for operand in operands:
        ordered = sorted(left, key=lambda place: operand.values[place])
        for order, sign in ((ordered, "<"), (ordered[::-1], ">=")):
            rule = _bounded(operand, order, sign, labels, wanted)
            if rule is not None:
                yield rule


def _bounded(
    operand: Operand[Part], order: Sequence[int], sign: str, labels: Sequence[Hashable], wanted: Sequence[Any]
) -> _Rule[Part] | None:
    """Give the rule that holds from one end of a number's values up to where the amount becomes another."""
    end = next((at for at, place in enumerate(order) if labels[place] != labels[order[0]]), len(order))
    values = operand.values
    while end and end < len(order) and values[order[end]] == values[order[end - 1]]:
        end -= 1
    inside = order[:end]
    if end == len(order) or len({canon(values[place]) for place in inside}) < _BOUNDED - (sign == "<"):
        return None
    near, far = sorted((values[order[end - 1]], values[order[end]]))
    bound, digits = _round_bound(near, far)
    return _Rule(operand, f"{sign} {literal(bound)}", frozenset(inside), wanted[order[0]], digits, bound)


def _round_bound(above: float, least: float) -> tuple[float, int]:
    """Give the number with the fewest digits that is more than one and at most the other, and how many it has."""
    for digits in range(-len(str(int(abs(least)))), 3):
        unit = 10.0**-digits
        number = round(math.floor(least / unit + _SAME) * unit, max(digits, 0))
        if above < number <= least:
            return (int(number) if number == int(number) else number), digits
    return least, _LARGE


def find_total(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find numbers that more than three others come to, some added and some taken off."""
    near = [one for one in operands if any(one.values)][:_MOST_PARTS]
    is_telling = max(map(abs, wanted), default=0) >= _LARGE and len(set(map(canon, wanted))) >= _DISTINCT
    if len(wanted) < _FEWEST or not is_telling:
        return None
    # The case in which the most of them are not nothing rules out most of the combinations.
    first = max(range(len(wanted)), key=lambda place: sum(bool(one.values[place]) for one in near))
    for size in _SIZES:
        for chosen in combinations(near, size):
            for signs in product((1, -1), repeat=size - 1):
                signed = [(1, chosen[0]), *zip(signs, chosen[1:], strict=True)]
                if _comes_to(signed, wanted, [first]) and _comes_to(signed, wanted, range(len(wanted))):
                    return _sum_of(signed, wanted)
    return None


def _comes_to(signed: Sequence[tuple[int, Operand[Any]]], wanted: Sequence[Any], places: Sequence[int]) -> bool:
    return all(
        abs(sum(sign * one.values[place] for sign, one in signed) - wanted[place]) < _SAME * max(1, abs(wanted[place]))
        for place in places
    )


def _sum_of(signed: Sequence[tuple[int, Operand[Part]]], wanted: Sequence[Any]) -> Formula[Part]:
    marks = [" + " if sign > 0 else " - " for sign, _ in signed]
    is_money = any(isinstance(value, float) and not value.is_integer() for value in wanted)

    def write(*texts: str) -> str:
        text = "".join(mark + one for mark, one in zip(marks, texts, strict=True)).removeprefix(" + ")
        return f"(({text}) | round(2))" if is_money else f"({text})"

    return Formula(write, tuple(one for _, one in signed))
