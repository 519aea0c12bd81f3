"""Timetables: rows that are the same on every day, placed on the day that is asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Final

_PLACE: Final = re.compile(r"\{(\d{1,3})\}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


def day_of(value: Any) -> date | None:
    """Give the day that a text begins with, None where it begins with none."""
    found = _DATE.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]) if found is not None else None
    except ValueError:
        return None


def on_day(rows: list[Any], first: date) -> list[Any]:
    """Give rows with the days that their texts begin with: `{0}` is the first one, `{1}` the day after it."""
    return [
        {name: _placed(value, first) if isinstance(value, str) else value for name, value in row.items()}
        if isinstance(row, dict)
        else row
        for row in rows
    ]


def _placed(text: str, first: date) -> str:
    found = _PLACE.match(text)
    if found is None:
        return text
    try:
        return f"{(first + timedelta(days=int(found[1]))).isoformat()}{text[found.end() :]}"
    except OverflowError:
        return text


def without_day(text: str, first: date) -> str | None:
    """Give a text as it is on every day, None where it begins with no day from the first one on."""
    day = day_of(text)
    after = (day - first).days if day is not None else -1
    return f"{{{after}}}{text[10:]}" if 0 <= after < 1_000 else None
