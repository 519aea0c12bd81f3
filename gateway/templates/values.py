"""The values that expressions work on, and how one looks into them: JSON's, bytes, and the absence of a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.templates.budget import Budget
from gateway.templates.errors import ExpressionError
from gateway.view import MISSING

_SCALARS: Final = frozenset({int, float, bool, type(None)})


class Absent:
    """A value that is not there: false, empty where it is written, and equal only to another absence."""

    __slots__ = ("inside", "name")

    def __init__(self, name: str, inside: str = "") -> None:
        self.name = name
        self.inside = inside

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Absent)

    def __hash__(self) -> int:
        return 0

    @property
    def reason(self) -> str:
        """Say what is missing and where; both are the template's words, not the request's."""
        return f"{self.name!r} is missing in {self.inside}" if self.inside else f"{self.name} is missing"


class Omit:
    """What stands for leaving something out: a member of an object, an item of a list, a header."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


OMIT: Final = Omit()


class JsonText(str):
    """JSON that is ready: it is not quoted again."""

    __slots__ = ()


class Markup(str):
    """Text that is already escaped for HTML and XML."""

    __slots__ = ()


class Verbatim(str):
    """Text that the template's author calls safe: written as it is everywhere."""

    __slots__ = ()


def look(value: Any, key: Any, inside: str) -> Any:
    """Look into an object, list or text; gives Absent where there is nothing. Objects of Python are not looked into."""
    if isinstance(value, dict):
        try:
            return value[key]
        except KeyError:
            return Absent(key if isinstance(key, str) else "a key", inside)
        except TypeError:
            raise ExpressionError(f"{kind(key)} cannot be a key") from None
    if type(key) is int and isinstance(value, list | tuple | str):
        return value[key] if -len(value) <= key < len(value) else Absent(str(key), inside)
    if isinstance(value, Absent):
        return value
    if isinstance(value, Mapping):
        return look(dict(value), key, inside)
    return Absent(str(key) if isinstance(key, str | int) else "a key", inside)


def present(value: Any) -> Any:
    """Give the value; raises ExpressionError where it is absent (`missing: error`)."""
    if isinstance(value, Absent):
        raise ExpressionError(value.reason)
    return value


def plain(value: Any) -> Any:
    """Give the value, or None for an absent one: what goes into lists, objects and helpers is JSON."""
    return None if isinstance(value, Absent) or value is MISSING else value


def kept(value: Any) -> Any:
    """Give an object or list without what comes out as `omit`; what is in its parts stays."""
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if one is not OMIT}
    return [one for one in value if one is not OMIT]


def pruned(budget: Budget, value: Any) -> Any:
    """Give a value without what comes out as `omit` anywhere in it."""
    weigh(budget, value)
    return _pruned(value)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _pruned(one) for name, one in value.items() if one is not OMIT}
    if isinstance(value, list | tuple):
        return [_pruned(one) for one in value if one is not OMIT]
    return value


def known(value: Any, name: str) -> Any:
    """Give a part of the request, Absent where the request has none."""
    return Absent(name) if value is MISSING else value


def kind(value: Any) -> str:
    """Name the kind of a value for people."""
    if isinstance(value, Absent | Omit):
        return "a missing value"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, bytes):
        return "bytes"
    if isinstance(value, Mapping):
        return "an object"
    return "a list"


def weigh(budget: Budget, value: Any) -> None:
    """Take what walking through the whole value costs, without more work than is left; shared parts count each time."""
    if type(value) in _SCALARS:
        return
    if isinstance(value, str | bytes):
        budget.read(len(value))
        return
    pending = [value]
    work = 0
    while pending and work <= budget.work:
        one = pending.pop()
        if isinstance(one, str | bytes):
            work += len(one) >> 4
        elif isinstance(one, list | tuple):
            pending.extend(one)
            work += 4 + len(one)
        elif isinstance(one, dict):
            pending.extend(one.values())
            work += 6 + len(one) + (sum(len(key) for key in one if isinstance(key, str)) >> 4)
        elif isinstance(one, Mapping):
            pending.append(dict(one))
    budget.spend(work)


def text(budget: Budget, value: Any) -> str:
    """Give the value as text: `true`, `12`, nothing for null and missing, JSON for lists and objects."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Absent | Omit):
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, bytes):
        budget.read(len(value))
        return value.decode("utf-8", "replace")
    return as_json(budget, value)


def as_text(value: Any) -> str:
    """Give the value as text, with a budget of its own."""
    return text(Budget(), value)


def as_json(budget: Budget, value: Any) -> str:
    """Give the value as compact JSON."""
    weigh(budget, value)
    return dumped(value).decode()


def dumped(value: Any, *, is_sorted: bool = False) -> bytes:
    """Give the value as compact JSON bytes; raises ExpressionError for what JSON cannot hold."""
    order = orjson.OPT_SORT_KEYS if is_sorted else 0
    try:
        return orjson.dumps(value, default=_odd, option=order)
    except orjson.JSONEncodeError:
        pass  # perhaps a key is not a text, which a script can make; asking for it at once would make all others slower
    try:
        return orjson.dumps(value, default=_odd, option=orjson.OPT_NON_STR_KEYS | order)
    except orjson.JSONEncodeError:
        raise ExpressionError("this cannot be written as JSON: too deep, or half of a character in it") from None


def _odd(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Absent | Omit) or value is MISSING:
        return None
    raise TypeError


def number(value: Any, what: str) -> int | float:
    """Give the number that it is; raises ExpressionError with a hint for anything else."""
    if type(value) is int or type(value) is float:
        return value
    if isinstance(value, Absent):
        raise ExpressionError(f"{value.reason}, and {what} needs a number")
    hint = ": write VALUE | int" if isinstance(value, str) else ""
    raise ExpressionError(f"{what} needs a number, and this is {kind(value)}{hint}")


def whole(value: Any, what: str) -> int:
    """Give the whole number that it is."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        return int(value)
    number(value, what)
    raise ExpressionError(f"{what} needs a whole number")


def items_of(value: Any, what: str) -> list[Any] | tuple[Any, ...]:
    """Give what a loop goes over: items, an object's keys, a text's characters; nothing for null and missing."""
    if isinstance(value, list | tuple):
        return value
    if value is None or isinstance(value, Absent):
        return ()
    if isinstance(value, Mapping | str):
        if isinstance(value, str) and len(value) > 100_000:
            raise ExpressionError(f"the text is too long: {what} takes at most 100000 characters")
        return list(value)
    raise ExpressionError(f"{what} needs a list, and this is {kind(value)}")
