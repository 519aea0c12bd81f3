"""Where the time of templates comes from: the real clock, one that stands still, or one that is ahead or behind."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

_UNITS: Final = {
    "ms": 0.001, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600,
    "d": 86_400, "day": 86_400, "w": 604_800, "week": 604_800,
}  # fmt: skip
_PART: Final = re.compile(r"\s*([+-]?)\s*(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]{1,7})\s*")


def duration(text: str) -> float:
    """Read `+1h`, `-2d`, `1h 30m`, `3 days` as seconds; a sign holds until the next. Raises ValueError."""
    total = 0.0
    sign = 1
    at = 0
    while at < len(text) or at == 0:
        found = _PART.match(text, at)
        unit = found[3] if found else ""
        factor = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
        if found is None or factor is None:
            raise ValueError("write a duration as +1h, -2d, 90s or 1h 30m (ms, s, m, h, d, w)")
        sign = {"+": 1, "-": -1}.get(found[1], sign)
        total += sign * float(found[2]) * factor
        at = found.end()
    return total


def instant(text: str) -> float:
    """Read an ISO 8601 date or date and time as Unix seconds; without a zone it is UTC. Raises ValueError."""
    read = datetime.fromisoformat(text.strip())
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def make_clock(spec: str) -> Callable[[], float]:
    """Give a clock (Unix seconds): `real`, `frozen:2026-01-01T00:00:00Z` or `shifted:+1h`. Raises ValueError."""
    kind, _, detail = spec.strip().partition(":")
    if kind == "real" and not detail:
        return time.time
    try:
        if kind == "frozen":
            stopped = instant(detail)
            return lambda: stopped
        if kind == "shifted":
            shift = duration(detail.strip())
            return lambda: time.time() + shift
    except (ValueError, OverflowError) as error:
        raise ValueError(f"the clock {spec!r} cannot be used: {error}") from None
    raise ValueError(f"there is no clock {spec!r}: write real, frozen:2026-01-01T00:00:00Z or shifted:+1h")
