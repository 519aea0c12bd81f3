"""The schema of a GraphQL service, in GraphQL's own language, as far as recorded documents show it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.graphs.links import Link
from recorder.synthesis.graphs.places import KEY, At, Place, children
from recorder.synthesis.graphs.stock import Stock

_BUILT_IN: Final = frozenset(("Int", "Float", "String", "Boolean", "ID"))
_LARGEST: Final = 2**31
_ANY: Final = "Any"
Types = dict[str, dict[str, str]]
"""The fields of each type by their names, as they stand in a schema behind the name."""


def schema_of(
    places: Mapping[At, Place],
    stock: Stock,
    links: Mapping[tuple[str, str], Link],
    keys: Mapping[str, str],
    needed: Mapping[str, set[str]],
) -> str:
    """Write the schema; `needed` are by `Query.field` the arguments without which a call was refused."""
    types: Types = defaultdict(dict)
    for place in places.values():
        if place.role == "item":
            for one in children(places, place.at):
                if not one.is_object:
                    types[place.kind].setdefault(one.at[-1], "")
    for kind, fields in types.items():
        items = stock.seeds.get(kind, {}).values()
        made = [of[kind][key] for of in stock.before.values() if kind in of for key in of[kind]]
        for name in dict.fromkeys([KEY, *fields, *(name for item in [*items, *made[-200:]] for name in item)]):
            if (kind, name) not in links and re.fullmatch(r"[A-Za-z]\w*", name):
                values = [one for place in places.values() if place.kind == kind for one in place.values_of(name)]
                values += [item[name] for item in [*items, *made[-200:]] if name in item]
                fields[name] = _scalar(name, values)
    for at, place in places.items():
        if place.at[-1].startswith("__"):
            continue
        above = places.get(at[:-1])
        owner = at[0] if len(at) == 2 else type_name(above) if above is not None else ""
        if owner and (len(at) == 2 or place.is_object or (above is not None and above.role != "item")):
            types[owner][at[-1]] = f"{_arguments(place, keys, needed)}: {_result(place)}"
    scalars = _scalars(types)
    lines = [f"scalar {name}" for name in sorted(scalars)]
    for name, fields in sorted(types.items(), key=lambda pair: (pair[0] not in ("Query", "Mutation"), pair[0])):
        body = "\n".join(f"  {one}{told}" for one, told in fields.items() if told)
        lines.append(f"type {name} {{\n{body}\n}}")
    return "\n\n".join(lines) + "\n"


def type_name(place: Place) -> str:
    """Give the type of the objects at a place."""
    if place.role == "item":
        return place.kind
    if place.told:
        return place.told.most_common(1)[0][0]
    last = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", "_".join(place.at[1:])))
    return f"{last}{'Payload' if place.role == 'held' else 'Part'}"


def _result(place: Place) -> str:
    if place.is_object:
        name = type_name(place)
        return f"[{name}]" if place.is_list else name
    return _scalar(place.at[-1], place.values).removeprefix(": ")


def _scalar(name: str, values: Sequence[Any]) -> str:
    told = [value for value in values if value is not None]
    if name == KEY:
        return ": Int" if told and all(type(value) is int for value in told) else ": ID"
    kinds = {_type_of(value) for value in told}
    if kinds == {"Int", "Float"}:
        return ": Float"
    return f": {kinds.pop()}" if len(kinds) == 1 else ": String" if not kinds else f": {_ANY}"


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Int" if abs(value) < _LARGEST else "Float"
    if isinstance(value, list):
        inside = {_type_of(one) for one in value}
        return f"[{inside.pop()}]" if len(inside) == 1 and _ANY not in inside else _ANY
    return {float: "Float", str: "String"}.get(type(value), _ANY)


def _arguments(place: Place, keys: Mapping[str, str], needed: Mapping[str, set[str]]) -> str:
    told = []
    for name, declared in place.arguments.items():
        type_ = next((one for one in declared if one), "") or f"{type_name(place)}{name.capitalize()}"
        if keys.get(place.name) == name and type_.rstrip("!") in ("String", "Int"):
            type_ = "ID"
        is_needed = len(declared) == place.asked and type_.endswith("!")
        if any(not one.endswith("!") for one in declared if one and not one[:1].islower()) and name != keys.get(
            place.name
        ):
            is_needed = False
        if name in needed.get(place.name, ()) or (keys.get(place.name) == name and type_.endswith("!")):
            is_needed = True
        told.append(f"{name}: {type_.rstrip('!')}{'!' if is_needed else ''}")
    return f"({', '.join(told)})" if told else ""


def _scalars(types: Types) -> set[str]:
    """Give what is named as a type and is none that is known: such values are taken as they are sent."""
    named = Counter(
        word for fields in types.values() for told in fields.values() for word in re.findall(r": ?\[*(\w+)", told)
    )
    return {name for name in named if name not in types and name not in _BUILT_IN}
