"""Selectors: conditions on fields as one object, as document stores are asked: `{"kind": "map", "n": {"$gt": 3}}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cassettes.comparing import MISSING, read_field

Compare: TypeAlias = Callable[[Any, Any], bool]
_DEEPEST: Final = 20


def _same(found: Any, wanted: Any) -> bool:
    """Compare by kind, too: 1 is not true. An element of a list counts as the list, as it does everywhere."""
    if isinstance(found, list) and not isinstance(wanted, list):
        return any(_same(one, wanted) for one in found)
    if isinstance(found, bool) is not isinstance(wanted, bool):
        return False
    return bool(found == wanted)


def _ordered(holds: Callable[[Any, Any], bool]) -> Compare:
    def compare(found: Any, wanted: Any) -> bool:
        are_numbers = _is_number(found) and _is_number(wanted)
        return (are_numbers or (isinstance(found, str) and isinstance(wanted, str))) and holds(found, wanted)

    return compare


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _among(found: Any, wanted: Any) -> bool:
    return isinstance(wanted, list) and any(_same(found, one) for one in wanted)


def _has_all(found: Any, wanted: Any) -> bool:
    return isinstance(found, list) and isinstance(wanted, list) and all(_same(found, one) for one in wanted)


COMPARISONS: Final[Mapping[str, Compare]] = {
    "eq": _same,
    "ne": lambda found, wanted: not _same(found, wanted),
    "gt": _ordered(lambda found, wanted: found > wanted),
    "gte": _ordered(lambda found, wanted: found >= wanted),
    "lt": _ordered(lambda found, wanted: found < wanted),
    "lte": _ordered(lambda found, wanted: found <= wanted),
    "in": _among,
    "nin": lambda found, wanted: not _among(found, wanted),
    "all": _has_all,
    "size": lambda found, wanted: isinstance(found, list) and len(found) == wanted,
    "beginsWith": lambda found, wanted: isinstance(found, str) and isinstance(wanted, str) and found.startswith(wanted),
    "contains": lambda found, wanted: isinstance(found, str) and isinstance(wanted, str) and wanted in found,
}
"""What the operators say that a selector compares a field by, with or without a `$` before them."""


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
    match name:
        case "$and":
            return all(told)
        case "$or":
            return any(told)
        case "$nor":
            return not any(told)
        case "$not":
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


def operators_in(wanted: Mapping[str, Any]) -> Sequence[tuple[str, Any]] | None:
    """Give the operators of a condition without their signs, None where its members are fields of an object."""
    if all(name.startswith("$") for name in wanted):
        return [(name[1:], told) for name, told in wanted.items()]
    if all(name in COMPARISONS for name in wanted):
        return list(wanted.items())
    return None


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
    if name.startswith("$"):
        return name in ("$and", "$or", "$nor", "$not")
    operators = operators_in(wanted) if isinstance(wanted, dict) and wanted else []
    return operators is None or all(one in COMPARISONS or one in ("exists", "not") for one, _ in operators)
