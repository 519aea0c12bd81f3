"""Bounded numbers: the less or the more of two, and what is beyond an allowance, as units beyond those included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from typing import Final, TypeVar

from recorder.synthesis.explaining.formulas import Formula, Operand, made, rounded

Part = TypeVar("Part")
_MOST: Final = 24
_LEAST: Final = 2
_LEAST_VALUES: Final = 3
_EITHER: Final[tuple[tuple[str, Callable[[float, float], float]], ...]] = (
    ("([{}, {}] | min)", min),
    ("([{}, {}] | max)", max),
)


def find_bounded(wanted: Sequence[float], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find two numbers of which others are the less, or the more, or by how much one is above the other, else nothing.

    Two different ones have to come of either side, and three in all.
    """
    return _beyond(wanted, operands[:_MOST]) or _either(wanted, operands[:_MOST])


def _beyond(wanted: Sequence[float], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    some = {one for one in wanted if one > 0}
    if min(wanted) < 0 or len(some) < _LEAST_VALUES or sum(not one for one in wanted) < _LEAST:
        return None
    for one, two in permutations(operands, 2):
        gaps = [left - right for left, right in zip(one.values, two.values, strict=True)]
        below = {(gap, right) for gap, right in zip(gaps, two.values, strict=True) if gap < 0}
        form = rounded([max(0, gap) for gap in gaps], wanted) if len(below) >= _LEAST else None
        if form is not None:
            return made(form, "([0, {} - {}] | max)", (one, two))
    return None


def _either(wanted: Sequence[float], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    if len(set(wanted)) < _LEAST_VALUES:
        return None
    for one, two in combinations(operands, 2):
        for shape, choose in _EITHER:
            values = [choose(left, right) for left, right in zip(one.values, two.values, strict=True)]
            pairs = list(zip(one.values, two.values, values, strict=True))
            sides = [{value for *both, value in pairs if both[side] == value != both[1 - side]} for side in (0, 1)]
            form = rounded(values, wanted) if min(map(len, sides)) >= _LEAST else None
            if form is not None:
                return made(form, shape, (one, two))
    return None
