"""Linked rows: lists in items that name others, by their keys alone or by rows with a key and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from recorder.synthesis.samples.values import as_text, is_scalar, same
from recorder.synthesis.terms.term import literal, member

Place: TypeAlias = tuple[str, str | None]
"""A list of keys: the member of an item, and the member of its rows that has the key, None where they are keys."""


def places_of_keys(item: Mapping[str, Any]) -> Iterator[tuple[Place, list[str]]]:
    """Give the lists of an item that may name others, none twice, each with the keys."""
    for name, value in item.items():
        if not isinstance(value, list):
            continue
        if all(is_scalar(one) and one is not None for one in value):
            yield from _once((name, None), value)
        elif all(isinstance(one, dict) for one in value):
            for sub in value[0]:
                yield from _once((name, sub), [row.get(sub) for row in value])


def _once(place: Place, keys: Sequence[Any]) -> Iterator[tuple[Place, list[str]]]:
    texts = [as_text(one) for one in keys if is_scalar(one) and one is not None]
    if len(texts) == len(keys) == len(set(texts)):
        yield place, texts


def keys_at(item: Any, place: Place) -> list[str]:
    """Give the keys in a list of an item."""
    rows = item.get(place[0]) if isinstance(item, dict) else None
    given = rows if isinstance(rows, list) else []
    keys = (one if place[1] is None else one.get(place[1]) if isinstance(one, dict) else None for one in given)
    return [as_text(one) for one in keys if is_scalar(one) and one is not None]


def is_list_of(value: Any, place: Place) -> bool:
    """Tell whether a value is such a list; an empty one may be any."""
    return isinstance(value, list) and (not value or dict(places_of_keys({place[0]: value})).get(place) is not None)


def keys_text(base: str, place: Place) -> str:
    """Write the keys in a list of the item that an expression gives."""
    rows = member(base, (place[0],))
    return rows if place[1] is None else f"({rows} | map(attribute={literal(place[1])}) | list)"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a row shows of the item that it names: members of the row, with the names that the item has for them."""

    members: Mapping[str, str]

    def of(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Give the row of an item."""
        return {name: item.get(field) for name, field in self.members.items()}

    @property
    def text(self) -> str:
        """Write it for the item `row`."""
        pairs = (f"{literal(name)}: {member('row', (field,))}" for name, field in self.members.items())
        return f"{{{', '.join(pairs)}}}"


def shape_of(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Shape | None:
    """Give what rows show of their items, from pairs of both; None where a member of a row is none of the item's."""
    likely: dict[str, set[str]] = {}
    names: list[str] | None = None
    for row, item in pairs:
        names = list(row) if names is None else names
        if list(row) != names:
            return None
        for name, value in row.items():
            fields = {field for field, one in item.items() if same(one, value)}
            likely[name] = likely.get(name, fields) & fields
    if not names or not all(likely.values()):
        return None
    return Shape({name: name if name in likely[name] else min(likely[name]) for name in names})
