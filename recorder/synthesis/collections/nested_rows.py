"""Nested rows: what requests name that is a row in any item's list, as a product's variant is by its own code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, literal

INSIDE: Final = "_of"
"""The member of a row that is the item which it is in, without the list; as the function `rows_in` gives it."""
_SOME: Final = 40
_MOST_ITEMS: Final = 400
_LEAST: Final = 2


def nested_lookups(
    scenes: Sequence[Scene],
    asked: Sequence[Term],
    collections: Sequence[Collection],
    known: Mapping[str, Lookup],
    free: Callable[[str, Mapping[str, Lookup]], str],
) -> dict[str, Lookup]:
    """Give the rows in lists of a collection's items that a term of the request names, one for each term."""
    some = scenes[:: len(scenes) // _SOME | 1]
    keyed = {lookup.key.text for lookup in known.values() if lookup.by is None}
    lists = [(name, path, field) for name, path, fields in _lists(some, collections) for field in fields]
    found: dict[str, Lookup] = {}
    for term in asked if lists else ():
        if term.text in keyed:
            continue
        best: tuple[int, Lookup] | None = None
        for name, path, field in lists:
            own = free(singular(path), {**known, **found})
            lookup = Lookup(own, "", term, field, None, _rows(name, path))
            hits = _hits(lookup, some)
            if hits and (best is None or hits > best[0]):
                best = hits, lookup
        if best is not None:
            found[best[1].name] = best[1]
    return found


def _hits(lookup: Lookup, scenes: Sequence[Scene]) -> int:
    """Count the calls that name a row, 0 where fewer than half of those that were accepted do."""
    told = [(scene, as_text(value)) for scene in scenes if is_scalar(value := lookup.key.get(scene))]
    named = [(scene, value) for scene, value in told if lookup.find(scene)[1] is not MISSING]
    good = sum(scene.sample.succeeded for scene, _ in told)
    is_often = sum(scene.sample.succeeded for scene, _ in named) * 2 >= max(good, 1)
    return len(named) if is_often and len({value for _, value in named}) >= _LEAST else 0


def _lists(scenes: Sequence[Scene], collections: Sequence[Collection]) -> Iterator[tuple[str, str, list[str]]]:
    """Give the lists of objects in the items of collections, with the fields that tell all rows apart."""
    for collection in collections:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item in max((scene.held(collection.name) for scene in scenes), key=len, default=[])[:_MOST_ITEMS]:
            for name, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
                    rows[name] += value
        for name, inside in rows.items():
            fields = [field for field in inside[0] if len(inside) > _LEAST and _tells_apart(field, inside)]
            if fields:
                yield collection.name, name, fields


def _tells_apart(field: str, rows: Sequence[dict[str, Any]]) -> bool:
    values = [row.get(field) for row in rows]
    return all(isinstance(one, str) for one in values) and len(set(values)) == len(values)


def _rows(collection: str, name: str) -> Term:
    """Give the term of the rows of all items' lists of a name."""

    def get(scene: Scene) -> list[Any]:
        return [
            {**row, INSIDE: {key: value for key, value in item.items() if key != name}}
            for item in scene.held(collection)
            if isinstance(item, dict)
            for row in (item[name] if isinstance(item.get(name), list) else ())
            if isinstance(row, dict)
        ]

    return Term(f"rows_in(resource.{collection}.all(), {literal(name)})", get, name, 1.0)
