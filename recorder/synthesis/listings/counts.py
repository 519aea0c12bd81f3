"""Counts: what an answer that tells of whole collections reckons of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.nodes.kinds import looks_like_a_time
from recorder.synthesis.samples.values import MISSING, is_number
from recorder.synthesis.terms.scene import GONE, Scene
from recorder.synthesis.terms.term import Term, literal, member

_MOST_VALUES: Final = 12
_LEAST_SCENES: Final = 2
_MOST_LOOKED_AT: Final = 1_000
_MOST_SCENES: Final = 40
_MOST_ITEMS: Final = 60
_MOST_NUMBERS: Final = 4


def count_terms(collections: Sequence[Collection], scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the terms of each collection: how many items it has, how many of each kind, and the last of them."""
    for collection in collections:
        if sum(1 for scene in scenes if scene.held(collection.name)) < _LEAST_SCENES:
            continue
        yield _count(collection.name)
        yield _last(collection.name)
        numbers = _numbers(collection.name, scenes)
        yield from (_sum(collection.name, number) for number in numbers)
        for field, values in _kinds(collection.name, scenes):
            for value in values:
                yield _count_of(collection.name, field, value)
                yield from (_sum(collection.name, number, (field, value)) for number in numbers)


def sum_terms(collections: Sequence[Collection], scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the sums of the whole numbers that the items of each collection have."""
    for collection in collections:
        yield from (_sum(collection.name, field) for field in _numbers(collection.name, scenes))


def listed_sums(name: str, scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give what the whole numbers of the items that a list gives come to, also those that its rows do not show."""
    for field in _numbers(name, scenes):
        yield Term(
            f"total(vars.list.items, {literal(field)})", partial(_listed_sum, field), field, 1.3, frozenset({"list"})
        )


def _listed_sum(field: str, scene: Scene) -> Any:
    found = scene.values.get("list")
    items = found.get("items", []) if isinstance(found, dict) else []
    numbers = [item.get(field) for item in items if isinstance(item, dict)]
    return sum(one for one in numbers if isinstance(one, int) and not isinstance(one, bool))


def _numbers(name: str, scenes: Sequence[Scene]) -> list[str]:
    """Give the fields of items that are whole numbers which differ; times do not add up to anything."""
    found: dict[str, set[Any]] = {}
    for scene in scenes[:: max(1, len(scenes) // _MOST_SCENES)]:
        for item in scene.held(name)[-_MOST_ITEMS:]:
            for field, value in item.items() if isinstance(item, dict) else ():
                is_whole = isinstance(value, int | None) and not isinstance(value, bool)
                found.setdefault(field, set()).add(value if is_whole and not looks_like_a_time(value) else MISSING)
    whole = [field for field, values in found.items() if MISSING not in values and len(values - {None}) > 1]
    return whole[:_MOST_NUMBERS]


def _sum(name: str, field: str, kind: tuple[str, str] | None = None) -> Term:
    def get(scene: Scene) -> int:
        items = [item for item in scene.held(name) if kind is None or _is_of(item, *kind)]
        return sum(item[field] for item in items if isinstance(item, dict) and is_number(item.get(field)))

    every = f"{member('resource', (name,))}.all()"
    if kind is not None:
        every = f"({every} | selectattr({literal(kind[0])}, 'eq', {literal(kind[1])}) | list)"
    return Term(f"total({every}, {literal(field)})", get, field, 2.0 if kind is None else 2.2)


def below_terms(
    endpoint: Endpoint, binding: Binding, collections: Sequence[Collection], scenes: Sequence[Scene]
) -> Iterator[Term]:
    """Give the terms of the collections below the item that a path names: how many items each has, and of each kind."""
    own = binding.collection
    if own is None or binding.role not in ("item", "action") or own.is_single:
        return
    prefix = key_term(endpoint, own.count, trailing=True)
    for one in collections:
        if one is own or one.template[:-2] != own.template or None in one.template[-2:-1]:
            continue
        if sum(1 for scene in scenes if _below(one.name, prefix, scene)) < _LEAST_SCENES:
            continue
        label = str(one.template[-2])
        yield _count_below(one.name, label, prefix)
        if any(_below(one.name + GONE, prefix, scene) for scene in scenes):
            yield _count_below(one.name + GONE, f"{label}_gone", prefix)
        for field, values in _kinds(one.name, scenes):
            for value in values:
                yield _count_below(one.name, f"{value}_{label}_count", prefix, (field, value))


def _below(name: str, prefix: Term, scene: Scene) -> list[Any]:
    return scene.below(name, prefix.get(scene))


def _count_below(name: str, label: str, prefix: Term, kind: tuple[str, str] | None = None) -> Term:
    def get(scene: Scene) -> int:
        items = _below(name, prefix, scene)
        return len(items) if kind is None else sum(_is_of(item, *kind) for item in items)

    base = member("resource", (name,))
    if kind is None:
        return Term(f"{base}.count({prefix.text})", get, label, 1.5)
    field, value = kind
    text = f"({base}.under({prefix.text}) | selectattr({literal(field)}, 'eq', {literal(value)}) | length)"
    return Term(text, get, label, 1.8)


def _is_of(item: Any, field: str, value: str) -> bool:
    return isinstance(item, dict) and item.get(field) == value


def _count(name: str) -> Term:
    return Term(f"{member('resource', (name,))}.count()", lambda scene: len(scene.held(name)), "total", 1.5)


def _last(name: str) -> Term:
    def get(scene: Scene) -> Any:
        items = scene.held(name)
        return items[-1] if items else MISSING

    return Term(f"({member('resource', (name,))}.all() | last)", get, name, 2.0)


def _count_of(name: str, field: str, value: str) -> Term:
    def get(scene: Scene) -> int:
        return sum(_is_of(item, field, value) for item in scene.held(name))

    every = f"{member('resource', (name,))}.all()"
    return Term(f"({every} | selectattr('{field}', 'eq', {literal(value)}) | length)", get, value, 1.8)


def _kinds(name: str, scenes: Sequence[Scene]) -> Iterator[tuple[str, list[str]]]:
    """Give the fields that sort items into few kinds, each with its kinds."""
    found: dict[str, Counter[str]] = {}
    total = 0
    for scene in scenes[:: max(1, len(scenes) // _MOST_LOOKED_AT)]:
        for item in scene.held(name):
            total += 1
            for field, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, str) and field.isidentifier():
                    found.setdefault(field, Counter())[value] += 1
    for field, values in found.items():
        if len(values) <= _MOST_VALUES and len(values) * 2 < total:
            yield field, sorted(values)
