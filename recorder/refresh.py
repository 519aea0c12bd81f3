"""Recorded dates moved to now: an answer replayed next year is as fresh as it was when it was recorded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from cassettes.exchange import header

if TYPE_CHECKING:
    from cassettes.exchange import Headers

# Last-Modified stays: it is a validator, and a client that gives it back in If-Modified-Since must meet what was
# recorded for it.
_MOVED: Final = frozenset((b"date", b"expires", b"retry-after", b"sunset"))
_COOKIE_EXPIRES: Final = re.compile(rb"(;\s*expires\s*=\s*)([^;]+)", re.IGNORECASE)


def refreshed(headers: Headers, recorded_at: float, now: float) -> Headers:
    """Give the headers with their dates moved by as much as Date is moved to be `now`; times are Unix seconds.

    Without a readable Date the interaction's own time counts. A date in the past (`Expires` long gone, a cookie that
    is deleted) stays in the past. What is no date is kept as it is.
    """
    dated = _time(header(headers, b"date"))
    shift_s = int(now) - int(dated if dated is not None else recorded_at)
    return tuple((name, _moved(name.lower(), value, shift_s)) for name, value in headers)


def _moved(name: bytes, value: bytes, shift_s: int) -> bytes:
    if name in _MOVED:
        return _shifted(value, shift_s)
    if name == b"set-cookie":
        return _COOKIE_EXPIRES.sub(lambda found: found[1] + _shifted(found[2], shift_s), value)
    return value


def _shifted(value: bytes, shift_s: int) -> bytes:
    time = _time(value)
    if time is None or time <= 0:  # the epoch means "long ago", wherever now is
        return value
    try:
        moved = datetime.fromtimestamp(time + shift_s, UTC)
    except (OverflowError, ValueError, OSError):
        return value
    text = format_datetime(moved, usegmt=True).encode()
    return text.replace(b" ", b"-", 3).replace(b"-", b" ", 1) if re.search(rb"\d-[A-Za-z]{3}-\d", value) else text


def _time(value: bytes | None) -> float | None:
    if value is None or not re.search(rb"[A-Za-z]{3}", value):
        return None
    try:
        read = parsedate_to_datetime(value.decode("latin-1").strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
