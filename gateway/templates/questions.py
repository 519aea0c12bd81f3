"""The tests of expressions, `value is name`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.templates.budget import Budget
from gateway.templates.errors import ExpressionError
from gateway.templates.operators import (
    contained,
    equal,
    greater,
    greater_or_equal,
    less,
    less_or_equal,
    modulo,
    unequal,
)
from gateway.templates.values import Absent, text, whole

Question = Callable[..., Any]


def _is(*types: type) -> Question:
    return lambda _budget, value: isinstance(value, types)


def _is_number(_budget: Budget, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _even(_budget: Budget, value: Any) -> bool:
    return whole(value, "even") % 2 == 0


def _odd(_budget: Budget, value: Any) -> bool:
    return whole(value, "odd") % 2 == 1


def _divisible(_budget: Budget, value: Any, by: Any) -> bool:
    return bool(modulo(value, by) == 0)


def _lower(budget: Budget, value: Any) -> bool:
    shown = text(budget, value)
    budget.read(len(shown))
    return shown.islower()


def _upper(budget: Budget, value: Any) -> bool:
    shown = text(budget, value)
    budget.read(len(shown))
    return shown.isupper()


def _empty(_budget: Budget, value: Any) -> bool:
    if isinstance(value, Absent) or value is None:
        return True
    if isinstance(value, str | list | tuple | dict):
        return not value
    raise ExpressionError("only a text, a list or an object can be empty")


QUESTIONS: Final[dict[str, Question]] = {
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    "==": equal,
    ">": greater,
    ">=": greater_or_equal,
    "boolean": _is(bool),
    "defined": lambda _budget, value: not isinstance(value, Absent),
    "divisibleby": _divisible,
    "empty": _empty,
    "eq": equal,
    "equalto": equal,
    "even": _even,
    "false": lambda _budget, value: value is False,
    "float": _is(float),
    "ge": greater_or_equal,
    "greaterthan": greater,
    "gt": greater,
    "in": contained,
    "integer": lambda _budget, value: type(value) is int,
    "iterable": _is(str, list, tuple, dict),
    "le": less_or_equal,
    "lessthan": less,
    "lower": _lower,
    "lt": less,
    "mapping": _is(dict),
    "ne": unequal,
    "none": lambda _budget, value: value is None,
    "null": lambda _budget, value: value is None,
    "number": _is_number,
    "odd": _odd,
    "sequence": _is(str, list, tuple, dict),
    "string": _is(str),
    "true": lambda _budget, value: value is True,
    "undefined": lambda _budget, value: isinstance(value, Absent),
    "upper": _upper,
}
