"""Selectors: conditions on fields as one object, as document stores are asked: `{"kind": "map", "n": {"$gt": 3}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from cassettes.comparing import MISSING, read_field
from cassettes.operators import COMPARISONS, operator

_DEEPEST: Final = 20
_JOINT: Final = re.compile(r"[$_]?(and|or|nor|not)_?", re.IGNORECASE)


def selects(selector: Any, item: Any, *, lenient: bool = True) -> bool:
    """Tell whether an item fulfils all conditions of a selector; what is no object asks for nothing.

    Without `lenient` a field that is not there fulfils nothing but that it does not exist; with it, it is null. An
    operator that nobody knows, and what is nested deeper than 20 objects, is fulfilled by nothing.
    """
    return not isinstance(selector, dict) or _fulfils(selector, item, lenient, 0)


def _fulfils(selector: Mapping[str, Any], item: Any, lenient: bool, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    return all(_holds(name, wanted, item, lenient, depth) for name, wanted in selector.items())


def _holds(name: str, wanted: Any, item: Any, lenient: bool, depth: int) -> bool:
    several = [one for one in wanted if isinstance(one, dict)] if isinstance(wanted, list) else []
    told = (_fulfils(one, item, lenient, depth + 1) for one in several)
    match joined_by(name, wanted):
        case "and":
            return all(told)
        case "or":
            return any(told)
        case "nor":
            return not any(told)
        case "not":
            return isinstance(wanted, dict) and not _fulfils(wanted, item, lenient, depth + 1)
    return _fits(_field(item, name), wanted, lenient, depth + 1)


def _field(item: Any, name: str) -> Any:
    """Give a field by its name, or by the names of objects and of what is in them, between points."""
    if isinstance(item, dict) and name in item:
        return item[name]
    return read_field(item, name.split("."))


def _fits(found: Any, wanted: Any, lenient: bool, depth: int) -> bool:
    """Tell whether what a field has is what is wanted of it: a value, or an object of operators or of more fields."""
    if not isinstance(wanted, dict) or not wanted:
        return _compared("eq", found, wanted, lenient)
    operators = operators_in(wanted)
    if operators is None:
        return isinstance(found, dict) and _fulfils(wanted, found, lenient, depth)
    return all(_said(name, found, told, lenient, depth) for name, told in operators)


def joined_by(name: str, wanted: Any) -> str | None:
    """Give how a member joins conditions in a list, or an object of them: `$and`, `_or`, `NOT`; None for a field."""
    word = _joint(name)
    if word is None:
        return None
    are_conditions = isinstance(wanted, dict) if word == "not" else isinstance(wanted, list)
    return word if are_conditions or name.startswith("$") else None


@lru_cache(1024)
def _joint(name: str) -> str | None:
    told = _JOINT.fullmatch(name)
    return told[1].lower() if told is not None else None


def operators_in(wanted: Mapping[str, Any]) -> Sequence[tuple[str, Any]] | None:
    """Give the operators of a condition, None where its members are fields of an object."""
    found = [(operator(name), told) for name, told in wanted.items()]
    return [(name, told) for name, told in found if name is not None] if all(name for name, _ in found) else None


def _said(name: str, found: Any, wanted: Any, lenient: bool, depth: int) -> bool:
    if name == "exists":
        return (found is not MISSING) is bool(wanted)
    if name == "not":
        return depth <= _DEEPEST and not _fits(found, wanted, lenient, depth + 1)
    return name in COMPARISONS and _compared(name, found, wanted, lenient)


def _compared(name: str, found: Any, wanted: Any, lenient: bool) -> bool:
    if found is MISSING:
        return lenient and COMPARISONS[name](None, wanted)
    return COMPARISONS[name](found, wanted)


def is_condition(value: Mapping[str, Any]) -> bool:
    """Tell whether an object may be a selector: of fields compared with a value or by operators that are known."""
    return all(map(_is_known, value.items()))


def _is_known(pair: tuple[str, Any]) -> bool:
    name, wanted = pair
    if joined_by(name, wanted) is not None or name.startswith("$"):
        return joined_by(name, wanted) is not None
    operators = operators_in(wanted) if isinstance(wanted, dict) and wanted else []
    return operators is None or all(one in COMPARISONS or one in ("exists", "not") for one, _ in operators)
