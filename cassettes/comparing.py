"""Comparing: values as a query says them, and the one order in which values of all kinds stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

Test: TypeAlias = Callable[[Any, Sequence[str]], bool]


class _Missing(Enum):
    MISSING = "missing"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing.MISSING
"""What is not there, where null is something."""


def texts_of(value: Any) -> Sequence[str]:
    """Give a value, or the values of a list, as a query would say them."""
    return [as_text(one) for one in value] if isinstance(value, list | tuple) else [as_text(value)]


def as_text(value: Any) -> str:
    """Give a value as a query would say it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _eq(found: Any, texts: Sequence[str]) -> bool:
    return any(equals(found, text) for text in texts if found is not MISSING)


def _comparing(*signs: int) -> Test:
    return lambda found, texts: all(order(found, text) in signs for text in texts)


def _in(found: Any, texts: Sequence[str]) -> bool:
    return _eq(found, [part for text in texts for part in text.split(",")])


def _present(found: Any, texts: Sequence[str]) -> bool:
    return (found is not MISSING) is (texts[0].lower() not in ("", "0", "false", "no", "null"))


def _filled(found: Any, texts: Sequence[str]) -> bool:
    return _present(MISSING if found is None else found, texts)


TESTS: Final[Mapping[str, Test]] = {
    "eq": _eq,
    "ne": lambda found, texts: not _eq(found, texts),
    "lt": _comparing(-1),
    "le": _comparing(-1, 0),
    "gt": _comparing(1),
    "ge": _comparing(0, 1),
    "like": lambda found, texts: all(contains(found, text.casefold()) for text in texts),
    "starts": lambda found, texts: isinstance(found, str) and found.startswith(tuple(texts)),
    "in": _in,
    "has": lambda found, texts: isinstance(found, list) and all(equals(found, text) for text in texts),
    "present": _present,
    "filled": _filled,
}


def contains(found: Any, text: str) -> bool:
    """Tell whether a value, or one of a list, has a text of small letters in it, whatever its own case."""
    return any(text in word.casefold() for word in words(found))


def read_field(item: Any, steps: Sequence[str]) -> Any:
    """Give what is found at these steps into objects and lists, or MISSING."""
    for step in steps:
        if isinstance(item, dict):
            item = item.get(step, MISSING)
        elif isinstance(item, list) and step.isascii() and step.isdigit() and int(step[:9]) < len(item):
            item = item[int(step[:9])]
        else:
            return MISSING
    return item


def equals(found: Any, text: str) -> bool:
    """Say whether a value, or one of a list, is what a text of the query says."""
    if isinstance(found, list):
        return any(equals(one, text) for one in found)
    if isinstance(found, bool) or found is None:
        return {True: "true", False: "false", None: "null"}[found] == text
    if isinstance(found, int | float):
        number = as_number(text)
        return number is not None and found == number
    return isinstance(found, str) and found == text


def as_number(text: str) -> float | int | None:
    """Give the number that a text says, or None."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def order(found: Any, text: str) -> int | None:
    """Give -1, 0 or 1 as what was found stands before, at or after the text; None where they cannot be compared."""
    wanted: Any = text
    if isinstance(found, int | float) and not isinstance(found, bool):
        wanted = as_number(text)
    elif not isinstance(found, str):
        return None
    # What is not equal to itself is no number at all.
    return None if wanted is None or wanted != wanted else (found > wanted) - (found < wanted)  # noqa: PLR0124


def words(found: Any) -> Iterator[str]:
    """Give the texts and numbers in a value as texts; objects are not looked into."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for one in found:
            yield from words(one)
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield str(found)


def rank(value: Any) -> tuple[int, Any]:
    """Order values of all kinds: absent and null, then false and true, numbers, texts, and the rest as equals."""
    if value is MISSING or value is None:
        return 0, 0
    if isinstance(value, bool):
        return 1, value
    if isinstance(value, int | float):
        return 2, value
    return (3, value) if isinstance(value, str) else (4, 0)
