"""Nested rows: what requests name that is a row in any item's list, as a product's variant is by its own code.

The item may also be looked up itself, as the cart is whose line is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.asked import asked_terms
from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.references import free_name, part_term
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, parts
from recorder.synthesis.terms.request_terms import path_term
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


def row_lookups(scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> dict[str, Lookup]:
    """Give the objects in lists of what is looked up that a request speaks of: the line of a cart, say."""
    keyed = {name for lookup in known.values() for name in re.findall(r"path_params\.(\w+)", lookup.key.text)}
    params = [path_term(name) for name in scenes[0].endpoint.sent_in_path if name not in keyed]
    asked = [*params, *(term for term in asked_terms(scenes) if not term.text.startswith("request.query"))]
    found: dict[str, Lookup] = {}
    for name, lookup in known.items():
        for path, fields in _lists_in(lookup, scenes).items():
            within = part_term(lookup, name, path, 1.0)
            label = singular(str(path[-1]))
            for term in asked:
                own = free_name(f"{name}_{label}" if label == "item" else label, {**known, **found})
                rows = [
                    Lookup(own, "", term, field, None, within)
                    for field in sorted(fields)
                    if term in params or field.lower() == term.name.lower()
                ]
                best = _best_row(rows, scenes)
                if best is not None:
                    found[best.name] = best
    return found


def row_terms(scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> list[Term]:
    """Give what requests may name a row by: parameters of the path that name no item, and what is sent in a body."""
    keyed = {name for lookup in known.values() for name in re.findall(r"path_params\.(\w+)", lookup.key.text)}
    params = [path_term(name) for name in scenes[0].endpoint.sent_in_path if name not in keyed]
    return [*params, *(term for term in asked_terms(scenes) if term.text.startswith(("request.json", "request.form")))]


def _lists_in(lookup: Lookup, scenes: Sequence[Scene]) -> dict[Path, set[str]]:
    """Give the lists of objects in what is looked up, with the scalar fields of their first rows."""
    lists: dict[Path, set[str]] = defaultdict(set)
    for scene in scenes[:80]:
        item = lookup.find(scene)[1]
        for path, rows in parts(item, longest_list=0) if isinstance(item, dict) else ():
            if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
                lists[path] |= {name for name, value in rows[0].items() if is_scalar(value)}
    return lists


def _best_row(rows: Sequence[Lookup], scenes: Sequence[Scene]) -> Lookup | None:
    """Give the look-up that finds a row in most scenes, twice counted where they succeeded."""
    best: tuple[float, Lookup] | None = None
    for row in rows:
        hits = [scene for scene in scenes if row.find(scene)[1] is not MISSING]
        good = sum(scene.sample.succeeded for scene in hits)
        is_same = row.by is not None and row.by.lower() == row.key.name.lower()
        score = good * 2 + len(hits) + (len(scenes) if is_same else 0)
        if hits and (best is None or score > best[0]):
            best = (score, row)
    return best[1] if best is not None else None
