"""Amounts: numbers, also such as are written in texts with a point."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from recorder.synthesis.samples.values import MISSING, is_number, is_scalar

_LONGEST: Final = 24


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
