"""The words of GraphQL errors as most services have them: those of the reference implementation up to version 16."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_QUOTED: Final = re.compile(r"'([^'\n]*)'")
_NEEDED: Final = re.compile(r"^Argument '(?:\w+\.)?(\w+)\((\w+):\)' of type")
_VARIABLE: Final = re.compile(r"^Variable '\$(\w+)' has invalid value(?: at (\S+))?: (.*)$", re.DOTALL)
_TYPE: Final = re.compile(r"non-null type ('[^']*')")


def phrased(message: str, variables: Mapping[str, Any], quotes: str) -> str:
    """Give a message of the library in these words, with `quotes` around names."""
    told = _VARIABLE.match(message)
    if told is not None:
        message = _of_variable(told[1], told[2], told[3], variables)
    else:
        message = _NEEDED.sub(r"Field '\1' argument '\2' of type", message)
    return _QUOTED.sub(r'"\1"', message) if quotes == '"' else message


def _of_variable(name: str, at: str | None, reason: str, variables: Mapping[str, Any]) -> str:
    type_ = _TYPE.search(reason)
    if type_ is not None and at is None:
        if name not in variables:
            return f"Variable '${name}' of required type {type_[1]} was not provided."
        return f"Variable '${name}' of non-null type {type_[1]} must not be null."
    value = variables.get(name)
    for step in re.findall(r"\w+", at or ""):
        value = _step(value, step)
    where = f" at '{name}{at}'" if at else ""
    return f"Variable '${name}' got invalid value {_inspected(value)}{where}; {reason}"


def _step(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdigit() and int(step) < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _inspected(value: Any) -> str:
    """Write a value as the library does."""
    from graphql.pyutils import inspect

    return inspect(value)
