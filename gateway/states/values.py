"""What all state backends have in common: JSON as bytes, how long it lives, and what is said when it cannot be."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import orjson

from gateway.errors import StateError

LEAST_INT: Final = -(2**63)
MOST_INT: Final = 2**63 - 1
_SCOPED: Final = re.compile(r"(?:(global)|(session|client-ip|header:[^:]+):[^:]*):(.*)", re.DOTALL)
_EXACT: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


def encode(key: str, value: Any) -> bytes:
    """Give a value as JSON; raises StateError where it is none (a date, bytes, an integer above 64 bits)."""
    try:
        return orjson.dumps(value, option=_EXACT)
    except TypeError as error:
        raise StateError(f"what is to be kept under {told(key)} is not a JSON value: {error}") from None


def decode(raw: bytes) -> Any:
    """Give the value of JSON that `encode` made."""
    return orjson.loads(raw)


def same(one: bytes, other: bytes) -> bool:
    """Say whether two texts are the same JSON value, whatever the order of an object's names."""
    if one == other:
        return True
    if one[:1] not in b"{[" or one[:1] != other[:1] or len(one) != len(other):
        return False
    return _sorted(one) == _sorted(other)


def _sorted(raw: bytes) -> bytes:
    return orjson.dumps(orjson.loads(raw), option=orjson.OPT_SORT_KEYS)


def checked_ttl(key: str, ttl_s: float | None) -> float | None:
    """Give the time to live; raises StateError where it is not a positive, finite number of seconds."""
    if ttl_s is None or (ttl_s > 0 and math.isfinite(ttl_s)):
        return ttl_s
    raise StateError(f"{told(key)} cannot live for {ttl_s} s: a time to live is a positive number of seconds")


def summed(key: str, number: Any, by: int) -> int:
    """Add to a counter; raises StateError where it is no integer or would leave 64 bits."""
    if type(number) is not int or not LEAST_INT <= number <= MOST_INT:
        raise no_integer(key)
    total = number + by
    if not LEAST_INT <= total <= MOST_INT:
        raise too_large(key)
    return total


def no_integer(key: str) -> StateError:
    """Give the error of counting what is no number."""
    return StateError(f"{told(key)} does not hold an integer: only one of 64 bits can be counted up")


def too_large(key: str) -> StateError:
    """Give the error of a counter at its end."""
    return StateError(f"{told(key)} would leave the range of 64-bit integers")


def another_kind(key: str, wanted: str) -> StateError:
    """Give the error of using a key as what it is not."""
    return StateError(f"{told(key)} does not hold a {wanted}: delete it first, or use another key")


def told(key: str) -> str:
    """Give a key as it may stand in a log: whose it is, and what follows its first colon, can be a secret."""
    scoped = _SCOPED.match(key)
    scope = (scoped[1] or f"{scoped[2]}:…") + ":" if scoped else ""
    name, colon, _ = (scoped[3] if scoped else key).partition(":")
    rest = ":…" if colon else ""
    return f"the state key {scope + name + rest!r}"
