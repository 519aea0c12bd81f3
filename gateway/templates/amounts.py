"""Amounts in templates: rows of lists that items hold, and what they come to, also where amounts are texts."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cassettes.comparing import rank
from gateway.templates.budget import Budget
from gateway.templates.objects import dig, rows
from gateway.templates.operators import within
from gateway.templates.values import Absent, text

_DIGITS: Final = 30


def unfold(budget: Budget, items: Any, field: Any) -> list[Any]:
    """Give the objects of a list that each item holds in a field, each with its item as `of`."""
    made: list[Any] = []
    for item in rows(budget, items, 2):
        inside = item.get(field) if isinstance(item, dict) and isinstance(field, str) else None
        found = [row for row in inside if isinstance(row, dict)] if isinstance(inside, list | tuple) else []
        budget.spend(sum(len(row) + 1 for row in found))
        made += [{**row, "of": item} for row in found]
    return made


def between(budget: Budget, items: Any, field: Any, first: Any = None, last: Any = None) -> list[Any]:
    """Give the objects whose dotted field, as text, is no less and no more than that; a missing bound is none."""
    least, most = (None if _is_missing(bound) else text(budget, bound) for bound in (first, last))
    made = []
    for item in rows(budget, items, 6):
        shown = text(budget, dig(budget, item, field))
        if (least is None or shown >= least) and (most is None or shown <= most):
            made.append(item)
    return made


def net(budget: Budget, items: Any, plus: Any, minus: Any = None) -> int | float:
    """Add up a dotted field of objects, less another one; what is missing or no amount counts nothing."""
    made = sum((_move(budget, item, plus, minus) for item in rows(budget, items, 8)), Decimal())
    return _number(made)


def mean(budget: Budget, items: Any, field: Any, digits: Any = None, nothing: Any = None) -> Any:
    """Give what a dotted field of objects is on average, to so many digits; `nothing` where no object has an amount."""
    found = [
        _amount(value)
        for item in rows(budget, items, 8)
        if type(value := dig(budget, item, field)) in (int, float, str) and value != ""
    ]
    if not found:
        return nothing
    made = float(sum(found, Decimal())) / len(found)
    is_rounded = type(digits) is int and 0 <= digits <= _DIGITS
    return within(round(made, digits) if is_rounded else made)


def groups(budget: Budget, items: Any, field: Any, order: Any = None) -> list[Any]:
    """Give the values of a dotted field, each with how many objects have it, in a list every member counts.

    They stand as they come first, or by `order`: `value`, or `count`, the most frequent first and of these by value.
    """
    found: dict[tuple[type, Any], list[Any]] = {}
    for item in rows(budget, items, 8):
        value = dig(budget, item, field)
        for one in value if isinstance(value, list | tuple) else [value]:
            if type(one) in (str, int, float, bool):
                found.setdefault((type(one), one), [one, 0])[1] += 1
    pairs = list(found.values())
    if order in ("value", "count"):
        pairs.sort(key=lambda pair: rank(pair[0]))
    if order == "count":
        pairs.sort(key=lambda pair: -pair[1])
    return pairs


def running(budget: Budget, items: Any, plus: Any, minus: Any = None) -> list[Any]:
    """Give objects each with `net`, what they and those before them come to as `net` adds up, and its number, `nth`."""
    made, reached = [], Decimal()
    for nth, item in enumerate(rows(budget, items, 10), 1):
        reached += _move(budget, item, plus, minus)
        made.append({**item, "net": _number(reached), "nth": nth} if isinstance(item, dict) else item)
    return made


def _move(budget: Budget, item: Any, plus: Any, minus: Any) -> Decimal:
    made = _amount(dig(budget, item, plus))
    return made if minus is None else made - _amount(dig(budget, item, minus))


def _amount(value: Any) -> Decimal:
    if type(value) not in (int, float, str) or len(str(value)) > _DIGITS:
        return Decimal()
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return Decimal()
    return made if made.is_finite() and abs(made.adjusted()) < _DIGITS else Decimal()


def _number(made: Decimal) -> int | float:
    is_whole = made == made.to_integral_value()
    return within(int(made) if is_whole else float(made))


def _is_missing(value: Any) -> bool:
    return value is None or value == "" or isinstance(value, Absent)
