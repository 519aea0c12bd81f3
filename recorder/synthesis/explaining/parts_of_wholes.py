"""Parts of wholes: how much one number is of another, in percent or as a fraction, as what is done of all there is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any, Final, TypeVar

from recorder.synthesis.explaining.bounded import find_bounded
from recorder.synthesis.explaining.formulas import Formula, Operand, find_formula, in_digits, made, rounded
from recorder.synthesis.explaining.tariffs import find_tariff
from recorder.synthesis.samples.values import is_number

Part = TypeVar("Part")
_MOST: Final = 24
_FEWEST: Final = 4
_HUNDRED: Final = 100
_SCALES: Final = ((_HUNDRED, "(100 * {0} / {1} if {1} else 0)"), (1, "({0} / {1} if {1} else 0)"))


def find_formula_or_part(
    wanted: Sequence[Any], operands: Sequence[Operand[Part]], keys: Sequence[Operand[Part]]
) -> Formula[Part] | None:
    """Find what numbers are made of, also by a tariff; of numbers from 0 to 100 also which part of a whole they are."""
    found = find_formula(wanted, operands, keys) or _part(wanted, operands[:_MOST])
    return found or in_digits(
        wanted, lambda numbers: find_bounded(numbers, operands) or find_tariff(numbers, operands, keys)
    )


def _part(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find the two numbers of which one is such a part of the other; nothing of a whole that is nothing.

    Four different parts that are neither nothing nor all have to come out right.
    """
    if not all(is_number(one) and 0 <= one <= _HUNDRED for one in wanted):
        return None
    for scale, shape in _SCALES:
        if len({one for one in wanted if 0 < one < scale}) < _FEWEST:
            continue
        for one, whole in permutations(operands, 2):
            if not all(0 <= part <= of for part, of in zip(one.values, whole.values, strict=True)):
                continue
            given = [scale * part / of if of else 0 for part, of in zip(one.values, whole.values, strict=True)]
            form = rounded(given, wanted)
            if form is not None:
                return made(form, shape, (one, whole))
    return None
