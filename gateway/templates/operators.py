"""The operators of expressions: numbers stay within 64 bits, texts and lists are never multiplied."""

from __future__ import annotations

from typing import Any

from gateway.templates.budget import NUMBER, Budget, bounded, bounded_items
from gateway.templates.errors import ExpressionError
from gateway.templates.values import Absent, kind, number, text, weigh, whole


def within(value: float) -> float:
    """Give the number; raises ExpressionError where it is beyond 64 bits or not finite."""
    if isinstance(value, int):
        if -NUMBER <= value < NUMBER:
            return value
    elif value - value == 0:
        return value
    raise ExpressionError("the number is too large: numbers have at most 64 bits")


def add(budget: Budget, left: Any, right: Any) -> Any:
    """Add numbers, or join two texts or two lists."""
    if type(left) is int and type(right) is int:
        return within(left + right)
    if isinstance(left, str) and isinstance(right, str):
        bounded(len(left) + len(right))
        budget.read(len(left) + len(right))
        return str(left) + right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        bounded_items(len(left) + len(right))
        budget.spend(len(left) + len(right))
        return [*left, *right]
    if isinstance(left, str) and type(right) in (int, float):
        raise ExpressionError("+ joins a text only with a text: write ~ to join anything")
    return within(number(left, "+") + number(right, "+"))


def subtract(left: Any, right: Any) -> Any:
    """Subtract numbers."""
    return within(number(left, "-") - number(right, "-"))


def multiply(left: Any, right: Any) -> Any:
    """Multiply numbers; a text or a list is not repeated."""
    return within(number(left, "*") * number(right, "*"))


def divide(left: Any, right: Any) -> Any:
    """Divide numbers; the result is a fraction."""
    return within(number(left, "/") / _divisor(right, "/"))


def floor_divide(left: Any, right: Any) -> Any:
    """Divide numbers and round down."""
    return within(number(left, "//") // _divisor(right, "//"))


def modulo(left: Any, right: Any) -> Any:
    """Give the rest of a division of numbers; a text is not a format here."""
    if isinstance(left, str):
        raise ExpressionError("% does not format texts: write ~ to join values")
    return within(number(left, "%") % _divisor(right, "%"))


def _divisor(value: Any, sign: str) -> int | float:
    divisor = number(value, sign)
    if divisor == 0:
        raise ExpressionError("division by zero")
    return divisor


def negative(value: Any) -> Any:
    """Negate a number."""
    return within(-number(value, "-"))


def positive(value: Any) -> Any:
    """Give a number as it is."""
    return number(value, "+")


def concat(budget: Budget, *values: Any) -> str:
    """Join values as texts."""
    pieces = [value if type(value) is str else text(budget, value) for value in values]
    length = sum(map(len, pieces))
    bounded(length)
    budget.read(length)
    return "".join(pieces)


def equal(budget: Budget, left: Any, right: Any) -> bool:
    """Whether two values are equal, as JSON values are; a missing value equals only a missing value."""
    if isinstance(left, str | list | tuple | dict):
        weigh(budget, left)
        weigh(budget, right)
    if isinstance(left, tuple) or isinstance(right, tuple):
        return bool(_listed(left) == _listed(right))
    return bool(left == right)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def unequal(budget: Budget, left: Any, right: Any) -> bool:
    """Whether two values differ."""
    return not equal(budget, left, right)


def less(budget: Budget, left: Any, right: Any) -> bool:
    """Whether a number or text comes before another."""
    return bool(_comparable(budget, left, right, "<") and left < right)


def less_or_equal(budget: Budget, left: Any, right: Any) -> bool:
    """Whether a number or text does not come after another."""
    return bool(_comparable(budget, left, right, "<=") and left <= right)


def greater(budget: Budget, left: Any, right: Any) -> bool:
    """Whether a number or text comes after another."""
    return bool(_comparable(budget, left, right, ">") and left > right)


def greater_or_equal(budget: Budget, left: Any, right: Any) -> bool:
    """Whether a number or text does not come before another."""
    return bool(_comparable(budget, left, right, ">=") and left >= right)


def _comparable(budget: Budget, left: Any, right: Any, sign: str) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        budget.read(len(left))
        return True
    if isinstance(left, int | float) and isinstance(right, int | float):
        return True
    if isinstance(left, Absent) or isinstance(right, Absent):
        missing = left if isinstance(left, Absent) else right
        raise ExpressionError(f"{missing.reason}, and {sign} needs a value")
    hint = ": write VALUE | int" if isinstance(left, str) or isinstance(right, str) else ""
    raise ExpressionError(f"{sign} cannot compare {kind(left)} with {kind(right)}{hint}")


def contained(budget: Budget, item: Any, container: Any) -> bool:
    """Whether a text is part of a text, an item of a list, or a key of an object."""
    if isinstance(container, str):
        if not isinstance(item, str):
            raise ExpressionError(f"in looks for a text in a text, and this is {kind(item)}")
        budget.read(len(container) + len(item))
        return bool(item in container)
    if isinstance(container, list | tuple):
        weigh(budget, container)
        return bool(item in container)
    if isinstance(container, dict):
        return isinstance(item, str | int) and bool(item in container)
    if container is None or isinstance(container, Absent):
        return False
    raise ExpressionError(f"in needs a list, an object or a text, and this is {kind(container)}")


def not_contained(budget: Budget, item: Any, container: Any) -> bool:
    """Whether it is not in there."""
    return not contained(budget, item, container)


def cut(budget: Budget, value: Any, start: Any, stop: Any, step: Any) -> Any:
    """Give a part of a text or list: `value[start:stop:step]`."""
    bounds = [None if one is None else whole(one, "a slice") for one in (start, stop, step)]
    if bounds[2] == 0:
        raise ExpressionError("the step of a slice is not zero")
    if isinstance(value, Absent):
        return value
    if not isinstance(value, str | list | tuple | bytes):
        raise ExpressionError(f"only a text or a list has slices, and this is {kind(value)}")
    part = value[slice(*bounds)]
    if isinstance(part, str | bytes):
        budget.read(len(part))
    else:
        budget.spend(len(part))
    return part
