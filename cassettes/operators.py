"""Operators: what a condition on a field may say, by the names that this has in bodies of requests everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias

Compare: TypeAlias = Callable[[Any, Any], bool]


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


def _text(holds: Callable[[str, str], bool]) -> Compare:
    return lambda found, wanted: isinstance(found, str) and isinstance(wanted, str) and holds(found, wanted)


def _like(found: str, wanted: str) -> bool:
    """Compare as SQL's `like` does, where the text has a `%`; else it is a part, in small or capital letters."""
    if "%" not in wanted:
        return wanted.casefold() in found.casefold()
    parts = map(re.escape, wanted.split("%"))
    return re.fullmatch(".*".join(parts), found, re.IGNORECASE | re.DOTALL) is not None


def _holds(found: Any, wanted: Any) -> bool:
    return _same(found, wanted) if isinstance(found, list) else _text(lambda one, part: part in one)(found, wanted)


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
    "beginsWith": _text(str.startswith),
    "endsWith": _text(str.endswith),
    "contains": _holds,
    "like": _text(_like),
    "null": lambda found, wanted: (found is None) is bool(wanted),
}
"""What the operators say that a condition compares a field by."""
_CALLED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("equals", "equal"), "eq"),
    **dict.fromkeys(("neq", "notequals", "notequal"), "ne"),
    **dict.fromkeys(("ge", "after"), "gte"),
    **dict.fromkeys(("le", "before"), "lte"),
    **dict.fromkeys(("any", "inq", "anyof", "oneof", "hassome"), "in"),
    **dict.fromkeys(("notin", "notany", "noneof"), "nin"),
    **dict.fromkeys(("allof", "hasevery"), "all"),
    **dict.fromkeys(("startswith", "beginswith", "prefix"), "beginsWith"),
    **dict.fromkeys(("endswith", "suffix"), "endsWith"),
    **dict.fromkeys(("has", "includes"), "contains"),
    "ilike": "like",
    "isnull": "null",
    **{name: name for name in COMPARISONS},
    "exists": "exists",
    "not": "not",
}
"""The names that operators have, in small letters and without what stands between their words."""
_SIGNED: Final = re.compile(r"\$(.+)|_(.+?)_?|(.+?)_")
_OF_FIELDS: Final = frozenset(("before", "after", "has", "includes", "any", "prefix", "suffix", "null"))
"""Names that fields may have, too: operators are called so only with a sign."""


@lru_cache(1024)
def operator(name: str) -> str | None:
    """Give the operator that a member of this name is, None where it is none.

    It may have a sign, as `$gte`, `_gte` and `any_` have; with a `$` every name is one, perhaps of nothing known.
    """
    signed = _SIGNED.fullmatch(name)
    bare = next(filter(None, signed.groups())) if signed is not None else name
    told = _CALLED.get(bare) or _CALLED.get(re.sub(r"[\W_]", "", bare).lower())
    if signed is None and (told is None or name.lower() in _OF_FIELDS):
        return None
    return told or (bare if name.startswith("$") else None)


def is_signed(name: str) -> bool:
    """Tell whether a name is that of a known operator, with a sign that no field has."""
    return _SIGNED.fullmatch(name) is not None and operator(name) in {*_CALLED.values()}
