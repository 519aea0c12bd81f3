"""The order of a list: by which fields a query sorts it, in which direction, and how these are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from cassettes.comparing import MISSING, read_field
from cassettes.definition import ListSort
from cassettes.expression import find_field

_WAYS: Final = ("asc", "desc")
_WITH_WAY: Final = re.compile(r"(.+?)(?:\s*:\s*|\s+)(asc|desc)(?:ending)?", re.IGNORECASE)
"""A field with its direction: `name desc`, `name:desc`."""
_CONSTANT: Final = re.compile(r"(\w+)_(asc|desc)(?:ending)?", re.IGNORECASE)
"""A field with its direction as one constant: `NAME_DESC`, `created_at_asc`."""
_MOST_FIELDS: Final = 10
SOME: Final = 20
"""How many items are looked at for the fields that they have."""

Reader: TypeAlias = Callable[[Any], Any]
Query: TypeAlias = Mapping[str, Sequence[str]]
"""The values of each parameter, decoded."""


def order_asked(sort: ListSort, query: Query) -> list[tuple[list[str], bool]]:
    """Give the fields to sort by, and whether each descends."""
    fields, default = _named(query, sort.param), _fields_in(sort.default)
    falling = _named(query, sort.descending_param) if not fields else []
    if falling:
        return [*((field.split("."), True) for field in falling), *default]
    if fields and fields[0] in sort.words:
        return [*_fields_in(sort.words[fields[0]]), *default]
    ways = [way.strip().lower() for text in query.get(sort.order_param or "", ()) for way in text.split(",")]
    if not fields:
        return _turned(default, ways)
    if not ways and any(field.lower() in _WAYS for field in fields[1:]):
        fields, ways = _with_ways(fields)
    made: list[tuple[list[str], bool]] = []
    for place, field in enumerate(fields):
        bare = field.removeprefix(sort.descending).removesuffix(sort.descending)
        way = ways[min(place, len(ways) - 1)] if ways else ""
        is_marked, told = bare != field, _WITH_WAY.fullmatch(bare)
        if told is not None and not is_marked:
            bare, way = told[1], told[2].lower()
        made.append((bare.strip("+ ").split("."), is_marked or is_descending(way)))
    # What is equal in all that was asked for stands as it does when nothing is.
    return [*made, *default]


def fields_asked(sort: ListSort, query: Query) -> list[str]:
    """Give the fields that a query itself sorts by."""
    given = [field.strip(f"+ {sort.descending}") for field in _named(query, sort.param)]
    return given or _named(query, sort.descending_param)


def _named(query: Query, param: str | None) -> list[str]:
    given = [field.strip() for text in query.get(param or "", ()) for field in text.split(",")]
    return [field for field in given if field][:_MOST_FIELDS]


def _fields_in(order: Sequence[str]) -> list[tuple[list[str], bool]]:
    return [(field.lstrip("-").split("."), field.startswith("-")) for field in order]


def readers_of(items: Sequence[Any], order: list[tuple[list[str], bool]]) -> list[tuple[Reader, bool]]:
    """Give what reads each field to sort by, and whether it descends.

    What no item has may be in an object of it, as JSON:API's attributes, or be a field with its direction.
    """
    made: list[tuple[Reader, bool]] = []
    for steps, descends in order:
        if any(read_field(item, steps) is not MISSING for item in items[:SOME]):
            made.append((partial(read_field, steps=steps), descends))
            continue
        constant = read_constant(steps[0], (name for item in items[:SOME] for name in _names(item)))
        if len(steps) == 1 and constant is not None:
            made.append((partial(read_field, steps=[constant[0]]), is_descending(constant[1])))
            continue
        way = steps[-1].lower() if len(steps) > 1 and steps[-1].lower() in _WAYS else ""
        name = ".".join(steps[:-1] if way else steps)
        made.append((partial(find_field, name=name), is_descending(way) if way else descends))
    return made


def read_constant(text: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Give which of these names a constant like `CREATED_AT_DESC` means, and its direction, None where it is none."""
    told = _CONSTANT.fullmatch(text)
    if told is None:
        return None
    wanted = told[1].replace("_", "").lower()
    found = next((name for name in names if name.replace("_", "").lower() == wanted), None)
    return (found, told[2].lower()) if found is not None else None


def _names(item: Any) -> Iterable[str]:
    return item if isinstance(item, dict) else ()


def _turned(default: list[tuple[list[str], bool]], ways: Sequence[str]) -> list[tuple[list[str], bool]]:
    """Give the order that nothing was said of, in the direction that was asked for alone."""
    if not default or not ways or ways[0] not in (*_WAYS, "ascending", "descending", "true"):
        return default
    is_turned = is_descending(ways[0])
    return default if default[0][1] is is_turned else [(field, not way) for field, way in default]


def is_descending(way: str) -> bool:
    """Tell whether a direction is from the last to the first; of a flag it is: `?descending=true`."""
    return way.startswith("desc") or way in ("-1", "true")


def _with_ways(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take apart fields that are each followed by their direction: `name,asc,age,desc`."""
    fields: list[str] = []
    ways: list[str] = []
    for one in given:
        if one.lower() in _WAYS and fields:
            ways[-1] = one.lower()
        else:
            fields.append(one)
            ways.append("")
    return fields, ways
