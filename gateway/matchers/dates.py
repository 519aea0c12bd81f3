"""Points in time as requests and definitions write them: ISO 8601, HTTP dates, Unix seconds, `now` with an offset."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

_LONGEST: Final = 64
_UNIX: Final = re.compile(r"-?\d{1,16}(\.\d{1,9})?", re.ASCII)
_DIGITS_OF_DATE: Final = 8
_NOW: Final = re.compile(r"now(?:\s*([+-])\s*(\d{1,9})\s*([a-z]+))?", re.ASCII | re.IGNORECASE)
_UNITS: Final = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400,
                 "day": 86400, "w": 604800, "week": 604800}  # fmt: skip
# Above it a number can only be milliseconds: as seconds it would be the year 5138.
_MILLISECONDS: Final = 100_000_000_000


def instant(value: Any) -> float | None:
    """Read a point in time as Unix seconds, or None: a date without a zone is UTC, a large number is milliseconds."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _unix(float(value)) if abs(value) < 10**16 else None
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        return None
    text = value.strip()
    if _UNIX.fullmatch(text) and len(text) != _DIGITS_OF_DATE:
        return _unix(float(text))
    return _dated(text)


def moment(text: str) -> Callable[[], float] | None:
    """Compile a definition's point in time to a function that gives it in Unix seconds; None where it is not one."""
    found = _NOW.fullmatch(text.strip())
    if found is None:
        fixed = instant(text)
        return None if fixed is None else lambda: fixed
    sign, amount, unit = found.groups()
    if sign is None:
        return time.time
    size = _UNITS.get(unit.lower()) or _UNITS.get(unit.lower().removesuffix("s"))
    if size is None:
        return None
    offset = int(amount) * size * (1 if sign == "+" else -1)
    return lambda: time.time() + offset


def _unix(number: float) -> float:
    return number / 1000 if abs(number) >= _MILLISECONDS else number


def _dated(text: str) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
