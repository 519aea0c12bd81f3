"""The methods that expressions may call on texts, objects and lists; they are ours, not Python's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from gateway.templates import texts
from gateway.templates.budget import Budget
from gateway.templates.errors import ExpressionError
from gateway.templates.filters import FILTERS, join, length, pairs
from gateway.templates.operators import equal
from gateway.templates.values import Absent, kind, look, plain


def get(budget: Budget, value: Any, key: Any, default: Any = None) -> Any:
    """Give a key's value, or the default."""
    del budget
    if not isinstance(value, dict | Absent) and value is not None:
        raise ExpressionError(f".get() is of objects, and this is {kind(value)}")
    found = look(value, key, "the object")
    return default if isinstance(found, Absent) else found


def joined(budget: Budget, value: Any, items: Any) -> str:
    """Join items with this text between them."""
    return join(budget, items, value)


def count(budget: Budget, value: Any, item: Any) -> int:
    """Give how often an item is in the list, or a part in the text."""
    if isinstance(value, list | tuple):
        return sum(equal(budget, one, item) for one in value)
    return texts.occurrences(budget, value, item)


def index(budget: Budget, value: Any, item: Any) -> int:
    """Give where an item is in the list, from 0; -1 where it is not."""
    if not isinstance(value, list | tuple):
        return texts.find(budget, value, item)
    budget.spend(length(budget, value))
    return next((at for at, one in enumerate(value) if equal(budget, one, plain(item))), -1)


def _of_text(name: str, call: Any) -> Callable[..., Any]:
    @wraps(call)
    def method(budget: Budget, value: Any, *args: Any) -> Any:
        if not isinstance(value, str | bytes | Absent):
            raise ExpressionError(f".{name}() is of texts, and this is {kind(value)}")
        return call(budget, value, *args)

    return method


METHODS: Final[dict[str, Callable[..., Any]]] = {
    "count": count,
    "get": get,
    "index": index,
    "items": pairs,
    "join": joined,
    "keys": FILTERS["keys"],
    "values": FILTERS["values"],
    **{
        name: _of_text(name, call)
        for name, call in {
            "capitalize": texts.capitalize,
            "endswith": texts.ends_with,
            "find": texts.find,
            "lower": texts.lower,
            "lstrip": texts.trim_left,
            "replace": texts.replace,
            "rstrip": texts.trim_right,
            "split": texts.split,
            "splitlines": texts.lines,
            "startswith": texts.starts_with,
            "strip": texts.trim,
            "title": texts.title,
            "upper": texts.upper,
            "zfill": texts.zero_filled,
        }.items()
    },
}
