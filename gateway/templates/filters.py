"""The filters of expressions, `value | name(arguments)`: a closed list, each bounded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, Final

from gateway.templates import dates, digests, texts
from gateway.templates.budget import Budget, bounded_items
from gateway.templates.errors import ExpressionError
from gateway.templates.functions import json, url_decode, url_encode
from gateway.templates.operators import add, within
from gateway.templates.output import escaped
from gateway.templates.questions import QUESTIONS
from gateway.templates.values import (
    Absent,
    Markup,
    Verbatim,
    as_json,
    items_of,
    kind,
    look,
    number,
    plain,
    text,
    weigh,
    whole,
)

_LARGEST_FIXED: Final = 1e15


def default(budget: Budget, value: Any, instead: Any = "", boolean: Any = False) -> Any:
    """Give `instead` where the value is missing; with `true` also where it is empty, null, zero or false."""
    del budget
    return instead if isinstance(value, Absent) or (boolean and not value) else value


def length(budget: Budget, value: Any) -> int:
    """Give how many characters, items or keys there are."""
    del budget
    if isinstance(value, Absent) or value is None:
        return 0
    if isinstance(value, str | bytes | list | tuple | dict):
        return len(value)
    raise ExpressionError(f"length needs a text, a list or an object, and this is {kind(value)}")


def first(budget: Budget, value: Any) -> Any:
    """Give the first item or character."""
    found = _items(budget, value, "first")
    return found[0] if found else Absent("the first item")


def last(budget: Budget, value: Any) -> Any:
    """Give the last item or character."""
    found = _items(budget, value, "last")
    return found[-1] if found else Absent("the last item")


def join(budget: Budget, value: Any, between: Any = "", attribute: Any = None) -> str:
    """Join the items as texts, with a text between them; with `attribute` that field of each."""
    items = _items(budget, value, "join")
    if attribute is not None:
        items = [_field(one, attribute) for one in items]
    return texts.joined_by(budget, [text(budget, one) for one in items], text(budget, between))


def as_int(budget: Budget, value: Any, default: Any = 0, base: Any = 10) -> Any:
    """Give the whole number that a text or number says, or the default."""
    del budget
    try:
        if isinstance(value, str):
            shown = value.strip()
            if len(shown) > 40:
                return default
            try:
                return within(int(shown, whole(base, "a base")))
            except ValueError:
                return within(int(float(shown)))
        return within(int(value)) if isinstance(value, int | float) else default
    except (ValueError, OverflowError):
        return default


def as_float(budget: Budget, value: Any, default: Any = 0.0) -> Any:
    """Give the number that a text or number says, or the default."""
    del budget
    try:
        if isinstance(value, str) and len(value) > 400:
            return default
        return within(float(value)) if isinstance(value, str | int | float) else default
    except ValueError:
        return default


def rounded(budget: Budget, value: Any, precision: Any = 0, method: Any = "common") -> Any:
    """Round to so many digits after the point: `common`, `ceil` or `floor`."""
    del budget
    digits = whole(precision, "round")
    if not -20 <= digits <= 20:
        raise ExpressionError("round takes -20 to 20 digits")
    if method == "common":
        return round(number(value, "round"), digits)
    if method not in ("ceil", "floor"):
        raise ExpressionError("round is by common, ceil or floor")
    scaled = number(value, "round") * (10**digits)
    down = scaled // 1
    return float(within((down if method == "floor" or down == scaled else down + 1) / (10**digits)))


def fixed(budget: Budget, value: Any, digits: Any = 2) -> str:
    """Write a number with so many digits after the point, as prices are."""
    del budget
    count = whole(digits, "fixed")
    if not 0 <= count <= 20:
        raise ExpressionError("fixed takes 0 to 20 digits")
    found = number(value, "fixed")
    if abs(found) >= _LARGEST_FIXED:
        raise ExpressionError("the number is too large to be written with all its digits")
    return f"{found:.{count}f}"


def absolute(budget: Budget, value: Any) -> Any:
    """Give the number without its sign."""
    del budget
    return abs(number(value, "abs"))


def ordered(
    budget: Budget, value: Any, reverse: Any = False, case_sensitive: Any = False, attribute: Any = None
) -> list[Any]:
    """Sort items, or objects by a field; texts without regard to case unless `case_sensitive`."""
    items = _items(budget, value, "sort")
    weigh(budget, items)
    budget.spend(4 * len(items))
    keys = [_sort_key(one if attribute is None else _field(one, attribute), bool(case_sensitive)) for one in items]
    if len({kind_of for kind_of, _ in keys}) > 1:
        raise ExpressionError("sort needs items of one kind: all numbers or all texts")
    order = sorted(range(len(items)), key=lambda at: keys[at][1], reverse=bool(reverse))
    return [items[at] for at in order]


def _sort_key(value: Any, case_sensitive: bool) -> tuple[str, Any]:
    if isinstance(value, str):
        return "text", str(value) if case_sensitive else value.lower()
    return "number", number(int(value) if isinstance(value, bool) else value, "sort")


def unique(budget: Budget, value: Any, case_sensitive: Any = False, attribute: Any = None) -> list[Any]:
    """Give the items without repetitions, in order."""
    items = _items(budget, value, "unique")
    weigh(budget, items)
    kept: dict[Any, Any] = {}
    for one in items:
        key = one if attribute is None else _field(one, attribute)
        if isinstance(key, str):
            kept.setdefault(key if case_sensitive else key.lower(), one)
        elif isinstance(key, list | tuple | dict):
            kept.setdefault(("json", as_json(budget, key)), one)
        else:
            kept.setdefault(key, one)
    return list(kept.values())


def backwards(budget: Budget, value: Any) -> Any:
    """Give the text or list from its end to its beginning."""
    if isinstance(value, str):
        texts.bounded_read(budget, value)
        return value[::-1]
    return list(_items(budget, value, "reverse"))[::-1]


def total(budget: Budget, value: Any, attribute: Any = None, start: Any = 0) -> Any:
    """Add the items, or a field of each."""
    result = number(start, "sum")
    for one in _items(budget, value, "sum"):
        result = add(budget, result, number(one if attribute is None else _field(one, attribute), "sum"))
    return result


def least(budget: Budget, value: Any, case_sensitive: Any = False, attribute: Any = None) -> Any:
    """Give the smallest item."""
    found = ordered(budget, value, case_sensitive=case_sensitive, attribute=attribute)
    return found[0] if found else Absent("the smallest item")


def greatest(budget: Budget, value: Any, case_sensitive: Any = False, attribute: Any = None) -> Any:
    """Give the greatest item."""
    found = ordered(budget, value, reverse=True, case_sensitive=case_sensitive, attribute=attribute)
    return found[0] if found else Absent("the greatest item")


def as_list(budget: Budget, value: Any) -> list[Any]:
    """Give the items, keys or characters as a list."""
    return list(_items(budget, value, "list"))


def pairs(budget: Budget, value: Any) -> list[Any]:
    """Give an object's pairs of key and value."""
    if isinstance(value, Absent) or value is None:
        return []
    if not isinstance(value, dict):
        raise ExpressionError(f"items needs an object, and this is {kind(value)}")
    bounded_items(len(value))
    budget.spend(len(value))
    return [list(pair) for pair in value.items()]


def sorted_pairs(budget: Budget, value: Any, case_sensitive: Any = False, by: Any = "key") -> list[Any]:
    """Give an object's pairs of key and value, sorted by key or by value."""
    return ordered(budget, pairs(budget, value), False, case_sensitive, 1 if by == "value" else 0)


def mapped(budget: Budget, value: Any, name: Any = None, *args: Any, attribute: Any = None, default: Any = None) -> Any:
    """Give a field of each item (`map(attribute='id')`), or each item through a filter (`map('upper')`)."""
    items = _items(budget, value, "map")
    budget.spend(5 * len(items))
    if attribute is not None:
        found = [_field(one, attribute) for one in items]
        return [default if isinstance(one, Absent) else one for one in found]
    apply = _named(FILTERS, name, "filter")
    return [plain(apply(budget, one, *args)) for one in items]


def chosen(budget: Budget, value: Any, test: Any = None, *args: Any) -> list[Any]:
    """Give the items that pass a test, or that are not empty."""
    return _split(budget, value, None, test, args, wanted=True)


def rejected(budget: Budget, value: Any, test: Any = None, *args: Any) -> list[Any]:
    """Give the items that do not pass a test."""
    return _split(budget, value, None, test, args, wanted=False)


def chosen_by(budget: Budget, value: Any, attribute: Any, test: Any = None, *args: Any) -> list[Any]:
    """Give the objects whose field passes a test: `selectattr('price', 'gt', 10)`."""
    return _split(budget, value, attribute, test, args, wanted=True)


def rejected_by(budget: Budget, value: Any, attribute: Any, test: Any = None, *args: Any) -> list[Any]:
    """Give the objects whose field does not pass a test."""
    return _split(budget, value, attribute, test, args, wanted=False)


def _split(budget: Budget, value: Any, attribute: Any, test: Any, args: tuple[Any, ...], *, wanted: bool) -> list[Any]:
    items = _items(budget, value, "select")
    budget.spend(5 * len(items))
    asks = (lambda _budget, one: bool(one)) if test is None else _named(QUESTIONS, test, "test")
    kept = []
    for one in items:
        asked = one if attribute is None else _field(one, attribute)
        if bool(asks(budget, asked, *args)) is wanted:
            kept.append(one)
    return kept


def _named(table: dict[str, Callable[..., Any]], name: Any, what: str) -> Callable[..., Any]:
    found = table.get(name) if isinstance(name, str) else None
    if found is None:
        raise ExpressionError(f"there is no such {what}; there are {', '.join(sorted(table))}")
    return found


def _items(budget: Budget, value: Any, what: str) -> list[Any] | tuple[Any, ...]:
    items = items_of(value, what)
    bounded_items(len(items))
    budget.spend(len(items))
    return items


def _field(value: Any, path: Any) -> Any:
    if isinstance(path, int):
        return look(value, path, "an item")
    for step in str(path)[:200].split("."):
        value = look(value, int(step) if step.isdecimal() and isinstance(value, list | tuple) else step, "an item")
    return value


def _as_text(budget: Budget, value: Any) -> str:
    return str(text(budget, value))


def _as_markup(budget: Budget, value: Any) -> Markup:
    if isinstance(value, Markup):
        return value
    shown = text(budget, value)
    texts.bounded_read(budget, shown, 6)
    return Markup(escaped(budget, shown))


def _as_safe(budget: Budget, value: Any) -> Verbatim:
    return Verbatim(text(budget, value))


def _as_date(budget: Budget, value: Any, format: Any = "iso", offset: Any = "", zone: Any = "UTC") -> Any:  # noqa: A002
    budget.spend(30)
    return dates.date(value, format, offset, zone)


def _keys(budget: Budget, value: Any) -> list[Any]:
    return [pair[0] for pair in pairs(budget, value)]


def _values(budget: Budget, value: Any) -> list[Any]:
    return [pair[1] for pair in pairs(budget, value)]


def query_encoded(budget: Budget, value: Any) -> str:
    """Escape a text for a path of a URL, `/` kept, or write an object as a query: `a=1&b=2`; as Jinja does."""
    if not isinstance(value, dict):
        return url_encode(budget, value, "/")
    fields = [f"{url_encode(budget, name)}={url_encode(budget, one)}" for name, one in pairs(budget, value)]
    return texts.joined_by(budget, fields, "&").replace("%20", "+")


def _flat(budget: Budget, value: Any) -> list[Any]:
    items = _items(budget, value, "flatten")
    inner = [one if isinstance(one, list | tuple) else (one,) for one in items]
    bounded_items(sum(map(len, inner)))
    return list(chain.from_iterable(inner))


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "abs": absolute,
    "b64decode": digests.decode_base64,
    "b64encode": digests.encode_base64,
    "base64": digests.encode_base64,
    "base64_decode": digests.decode_base64,
    "count": length,
    "d": default,
    "date": _as_date,
    "default": default,
    "dictsort": sorted_pairs,
    "e": _as_markup,
    "escape": _as_markup,
    "first": first,
    "fixed": fixed,
    "flatten": _flat,
    "float": as_float,
    "hash": digests.hash,
    "hmac": digests.hmac,
    "int": as_int,
    "items": pairs,
    "join": join,
    "json": json,
    "keys": _keys,
    "last": last,
    "length": length,
    "list": as_list,
    "map": mapped,
    "max": greatest,
    "min": least,
    "reject": rejected,
    "rejectattr": rejected_by,
    "reverse": backwards,
    "round": rounded,
    "safe": _as_safe,
    "select": chosen,
    "selectattr": chosen_by,
    "sort": ordered,
    "string": _as_text,
    "sum": total,
    "tojson": json,
    "unique": unique,
    "url": url_encode,
    "url_decode": url_decode,
    "urlencode": query_encoded,
    "values": _values,
    **texts.FILTERS,
}
