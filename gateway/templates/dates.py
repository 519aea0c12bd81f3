"""Dates in templates: the time now, and dates written in a form, moved and put into a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.context import Context
from gateway.templates.budget import Budget
from gateway.templates.clock import duration, instant
from gateway.templates.errors import ExpressionError
from gateway.templates.values import kind
from recorder.timetable import day_of, on_day

# The directives that the C library writes without a width, so that no format makes a long text.
_DIRECTIVES: Final = re.compile(r"(?:[^%]|%[aAbBdfHIjmMpSuUVwWyYGzZ%])*")
_FORMATS: Final = ("iso", "iso_ms", "iso_us", "date", "unix", "unix_ms", "unix_float", "http")
_ISO: Final = re.compile(r"iso(_ms|_us)?(_offset|_naive)?(_space)?")
_PRECISION: Final = {None: "seconds", "_ms": "milliseconds", "_us": "microseconds"}
_last: tuple[int, str] = (0, "1970-01-01T00:00:00Z")
_last_unique: float = 0.0
_TICK_S: Final = 0.001
_FAR_S: Final = 60.0
_WEEK: Final = 7
_WORKED: Final = 5
_THURSDAY: Final = 3
_DAY_S: Final = 86_400
_MILLISECONDS: Final = 1e11
"""Above this, a number is no time in seconds."""


def now_iso(context: Context) -> str:
    """Give the context's time as `2026-01-31T12:00:00Z`; a second is formatted once."""
    global _last  # noqa: PLW0603 - one pair, replaced whole; a dict and its eviction would cost more than it saves
    second = int(context.clock())
    last, shown = _last
    if second == last:
        return shown
    shown = _moment(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _last = (second, shown)
    return shown


def now(
    context: Context,
    offset: str = "",
    format: str = "iso",  # noqa: A002
    zone: str = "UTC",
    unique: Any = False,
) -> Any:
    """Give the context's time, moved by `offset`, in a zone and a `format`: one of _FORMATS, or as `%Y-%m`.

    To iso, iso_ms and iso_us can be added `_offset` (+00:00 for Z) or `_naive` (no zone), and `_space` (for the T).
    With `unique` it is later than every time that was given so before, by a millisecond where need be.
    """
    return _shown(_unique(context.clock()) if unique is True else context.clock(), offset, format, zone)


def _unique(seconds: float) -> float:
    global _last_unique  # noqa: PLW0603 - one number; what is made in one process is in order whoever asks
    ahead = _last_unique - seconds
    # A clock that was set back far is believed.
    _last_unique = _last_unique + _TICK_S if -_TICK_S < ahead < _FAR_S else seconds
    return _last_unique


def date(value: Any, format: str = "iso", offset: str = "", zone: str = "UTC") -> Any:  # noqa: A002
    """Give an ISO 8601 text or Unix seconds in a format, moved and in a zone."""
    if isinstance(value, str):
        try:
            moment = instant(value[:64])
        except (ValueError, OverflowError):
            raise ExpressionError("this is not a date: write it as 2026-01-31 or 2026-01-31T12:00:00Z") from None
    elif type(value) in (int, float):
        moment = value
    else:
        raise ExpressionError(f"a date is an ISO 8601 text or Unix seconds, and this is {kind(value)}")
    return _shown(moment, offset, format, zone)


def days(since: Any, until: Any) -> int | None:
    """Give how many whole days lie between two dates, below 0 where the first is the later; null where one is none."""
    moments = [_instant(one) for one in (since, until)]
    if None in moments:
        return None
    begun, ended = moments
    between = ended - begun
    return int(between // _DAY_S) if between >= 0 else -int(-between // _DAY_S)


def weekdays(since: Any, until: Any) -> int | None:
    """Give how many days from Monday to Friday there are from one date to another, with both; null where one is none.

    Where the first is the later there are none.
    """
    moments = [_instant(one) for one in (since, until)]
    if None in moments:
        return None
    begun, ended = (int(moment // _DAY_S) for moment in moments)
    whole, rest = divmod(max(ended - begun + 1, 0), _WEEK)
    # The first of January 1970 was a Thursday.
    return whole * _WORKED + sum((begun + _THURSDAY + at) % _WEEK < _WORKED for at in range(rest))


def lapsed(context: Context, budget: Budget, items: Any, *names: Any) -> Any:
    """Give an item, or a list of them, as it is now: `until`, `field`, `word` and `other` name what becomes of it.

    Once the time in its member `until` has come, its `field` that was `word` is `other`.
    """
    until, field, word, other = (*names, None, None, None, None)[:4]
    if isinstance(items, list | tuple):
        budget.spend(len(items))
        return [lapsed(context, budget, item, *names) for item in items]
    if not isinstance(items, dict) or items.get(field) != word:
        return items
    moment = _instant(items.get(until))
    if moment is None:
        return items
    budget.spend(len(items))
    return (
        {**items, field: other} if context.clock() >= (moment / 1_000 if moment > _MILLISECONDS else moment) else items
    )


def on_days(budget: Budget, rows: Any, since: Any) -> list[Any] | None:
    """Give rows with `{0}` at the beginning of their texts as the day of a date, `{1}` as the day after it.

    Null where there is no such date.
    """
    first = day_of(since)
    if first is None or not isinstance(rows, list | tuple):
        return None
    budget.spend(sum(len(row) if isinstance(row, dict) else 1 for row in rows) * 4)
    return on_day(list(rows), first)


def _instant(value: Any) -> Any:
    if type(value) in (int, float):
        return value
    try:
        return instant(value[:64]) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _shown(seconds: float, offset: Any, form: Any, zone: Any) -> Any:
    if offset:
        try:
            seconds += duration(str(offset)[:64])
        except ValueError as error:
            raise ExpressionError(str(error)) from None
    if form == "unix":
        return int(seconds // 1)
    if form == "unix_ms":
        return int(seconds * 1000 // 1)
    if form == "unix_float":
        return round(seconds, 6)
    moment = _moment(seconds, _zone(str(zone)[:64]))
    if form == "iso":
        return _utc_as_z(moment.isoformat(timespec="seconds"))
    iso = _ISO.fullmatch(form) if isinstance(form, str) else None
    if iso is not None:
        moment = moment.replace(tzinfo=None) if iso[2] == "_naive" else moment
        shown = moment.isoformat(" " if iso[3] else "T", _PRECISION[iso[1]])
        return shown if iso[2] else _utc_as_z(shown)
    if form == "date":
        return moment.date().isoformat()
    if form == "http":
        return format_datetime(moment.astimezone(UTC), usegmt=True)
    if not isinstance(form, str) or "%" not in form or len(form) > 200 or not _DIRECTIVES.fullmatch(form):
        raise ExpressionError(f"write the format as {', '.join(_FORMATS)}, or with directives as %Y-%m-%d %H:%M:%S")
    return moment.strftime(form)


def _utc_as_z(shown: str) -> str:
    return f"{shown[:-6]}Z" if shown.endswith("+00:00") else shown


def _moment(seconds: float, zone: tzinfo) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        raise ExpressionError("the date is outside the years 1 to 9999") from None


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ExpressionError("there is no such time zone: write it as Europe/Berlin") from None
