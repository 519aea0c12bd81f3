"""Amounts: numbers, also such as are written in texts with a point."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from recorder.synthesis.samples.values import MISSING, is_number, is_scalar

_LONGEST: Final = 24
_WRITTEN: Final = re.compile(r"-?\d{1,12}\.(\d{1,6})")


def digits_of(value: Any) -> int | None:
    """Give how many digits a text of a number has after the point, or None where it is no such text."""
    read = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    return len(read[1]) if read is not None else None


def as_number(value: Any) -> float | None:
    """Give a number, or what the filter `float` makes of a text; None for anything else."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return 0.0
    return value if is_number(value) else None


def amount(value: Any) -> Decimal | None:
    """Give the number that a value is, or that it writes with a point, or None."""
    is_written = isinstance(value, str) and "." in value and len(value) <= _LONGEST
    if not is_written and not is_number(value):
        return None
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def amounts_in(item: Any) -> dict[str, Decimal]:
    """Give the amounts among the members of an object."""
    found = {name: amount(value) for name, value in item.items() if is_scalar(value) and value is not MISSING}
    return {name: value for name, value in found.items() if value is not None}
