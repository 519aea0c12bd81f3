"""JSON values compared, walked and looked into; and the absence of one."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

import orjson


class _Missing(Enum):
    MISSING = "missing"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing.MISSING
Path: TypeAlias = tuple[str | int, ...]
"""The steps from a value to a part of it: names of members and places in lists."""
_MOST_PARTS: Final = 4_000
_DEEPEST: Final = 24
_PLAIN: Final = frozenset((str, int, float, bool, type(None)))
"""The types of scalars as they are read: asked first, since the pass asks millions of times."""
_NUMBERS: Final = frozenset((int, float))
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_-]{2,30}")


def canon(value: Any) -> Hashable:
    """Give what equal JSON values have in common: 1 and 1.0 are equal, 1 and "1" and true are not."""
    if type(value) is str:
        return value
    kind = type(value)
    if kind is bool:
        return (bool, value)
    if kind in _NUMBERS:
        return (int, value)
    if value is None:
        return (None,)
    if isinstance(value, str | int | float):  # of a kind of its own, as what is derived may be
        return value if isinstance(value, str) else (int, value)
    if isinstance(value, dict | list):
        try:
            return (kind, orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS))
        except TypeError:
            return (kind, repr(value))
    return (kind, value)


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal; a missing one is equal to nothing."""
    if one is MISSING or other is MISSING:
        return False
    if type(one) is str and type(other) is str:
        return one == other
    return canon(one) == canon(other)


def look(value: Any, path: Path) -> Any:
    """Give the part of a value at a path, or MISSING."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
            if value is MISSING:
                return MISSING
        elif isinstance(value, list | str) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return MISSING
    return value


def rows_at(value: Any, path: Path) -> list[Any]:
    """Give the rows of the list at a path, none where there is none."""
    found = look(value, path)
    return found if isinstance(found, list) else []


def parts(value: Any, path: Path = (), *, longest_list: int = 4) -> Iterator[tuple[Path, Any]]:
    """Give a value and its parts with their paths, outermost first; of a list only the first few items."""
    return iter(_parts(value, path, longest_list))


def leaves(value: Any, *, longest_list: int = 4) -> Iterator[tuple[Path, Any]]:
    """Give the scalars in a value with their paths."""
    for part in _parts(value, (), longest_list):
        if type(part[1]) in _PLAIN or not isinstance(part[1], dict | list):
            yield part


def _parts(value: Any, path: Path, longest_list: int) -> list[tuple[Path, Any]]:
    found: list[tuple[Path, Any]] = [(path, value)]
    deepest = len(path) + _DEEPEST
    for where, one in found:  # which grows meanwhile
        if type(one) in _PLAIN or len(where) >= deepest:
            continue
        if isinstance(one, dict):
            found.extend([((*where, name), inner) for name, inner in one.items()])
        elif isinstance(one, list):
            found.extend([((*where, place), inner) for place, inner in enumerate(one[:longest_list])])
        if len(found) >= _MOST_PARTS:
            return found[:_MOST_PARTS]
    return found


def is_scalar(value: Any) -> bool:
    return type(value) in _PLAIN or isinstance(value, str | int | float | bool)


def is_number(value: Any) -> bool:
    return type(value) in _NUMBERS or (isinstance(value, int | float) and not isinstance(value, bool))


def is_word(value: Any) -> bool:
    """Tell whether a value is one word, as those are by which states are called."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def as_text(value: Any) -> str:
    """Give a scalar as it stands in a path or a query."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else "" if value is None or value is MISSING else str(value)


def shape(value: Any, depth: int = 0) -> Hashable:
    """Give the types of a value: its members' names and kinds, of a list those of its first item."""
    if isinstance(value, dict):
        if depth > 6:
            return "object"
        return ("object", tuple(sorted((name, shape(inner, depth + 1)) for name, inner in value.items())))
    if isinstance(value, list):
        return ("list", shape(value[0], depth + 1) if value else None)
    if value is MISSING:
        return "missing"
    return "null" if value is None else "number" if is_number(value) else type(value).__name__


def common(values: Sequence[Any]) -> Any:
    """Give the value that is there most often, the first of those."""
    counts: dict[Hashable, int] = {}
    for value in values:
        counts[canon(value)] = counts.get(canon(value), 0) + 1
    most = max(counts.values(), default=0)
    return next((value for value in values if counts[canon(value)] == most), MISSING)
