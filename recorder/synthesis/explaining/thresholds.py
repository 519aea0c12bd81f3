"""Thresholds: the roundest numbers between two, as those from which, or up to which, something holds."""

from __future__ import annotations

import math
from typing import Final

_NOTHING: Final = 1e-9
_FINEST: Final = 6
_UNITS: Final = (5, 2, 1)


def from_which(above: float, least: float) -> float:
    """Give the number with the fewest digits that is more than one and at most the other."""
    for digits in range(-len(str(int(abs(least)))), 3):
        unit = 10.0**-digits
        number = round(math.floor(least / unit + _NOTHING) * unit, max(digits, 0))
        if above < number <= least:
            return int(number) if number == int(number) else number
    return least


def up_to_which(least: float, above: float) -> float:
    """Give the roundest number that is at least one and less than the other: of tens, fives, twos, ones and so on."""
    for digits in range(-len(str(int(abs(above)))), _FINEST):
        for unit in (times * 10.0**-digits for times in _UNITS):
            number = round(math.ceil(least / unit - _NOTHING) * unit, max(digits, 0))
            if least <= number < above:
                return int(number) if number == int(number) else number
    return least
