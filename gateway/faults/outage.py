"""When an outage is on: between two dates, or for a while, once or again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from cassettes.definition import Outage


def compile_outage(
    outage: Outage, *, began: float, clock: Callable[[], float], monotonic: Callable[[], float]
) -> Callable[[], bool]:
    """Give the function that says whether everything fails now.

    `clock` gives Unix seconds; `began` is when the definition was loaded or the profile switched on, by `monotonic`.
    """
    first = _unix(outage.from_)
    last = _unix(outage.until)
    after_s, for_s, every_s = outage.after_s, outage.for_s, outage.every_s

    def is_on() -> bool:
        if last is not None and clock() >= last:
            return False
        elapsed = (monotonic() - began if first is None else clock() - first) - after_s
        if elapsed < 0:
            return False
        if every_s is not None:
            elapsed %= every_s
        return for_s is None or elapsed < for_s

    return is_on


def _unix(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
