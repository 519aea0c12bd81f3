"""Counts: what an answer that tells of whole collections reckons of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.binding import Collection
from recorder.synthesis.scene import Scene
from recorder.synthesis.term import Term, literal, member
from recorder.synthesis.values import MISSING

_MOST_VALUES: Final = 12
_LEAST_SCENES: Final = 2


def count_terms(collections: Sequence[Collection], scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the terms of each collection: how many items it has, how many of each kind, and the last of them."""
    for collection in collections:
        if sum(1 for scene in scenes if scene.held(collection.name)) < _LEAST_SCENES:
            continue
        yield _count(collection.name)
        yield _last(collection.name)
        for field, values in _kinds(collection.name, scenes):
            for value in values:
                yield _count_of(collection.name, field, value)


def _count(name: str) -> Term:
    return Term(f"{member('resource', (name,))}.count()", lambda scene: len(scene.held(name)), "total", 1.5)


def _last(name: str) -> Term:
    def get(scene: Scene) -> Any:
        items = scene.held(name)
        return items[-1] if items else MISSING

    return Term(f"({member('resource', (name,))}.all() | last)", get, name, 2.0)


def _count_of(name: str, field: str, value: str) -> Term:
    def get(scene: Scene) -> int:
        return sum(1 for item in scene.held(name) if isinstance(item, dict) and item.get(field) == value)

    every = f"{member('resource', (name,))}.all()"
    return Term(f"({every} | selectattr('{field}', 'eq', {literal(value)}) | length)", get, value, 1.8)


def _kinds(name: str, scenes: Sequence[Scene]) -> Iterator[tuple[str, list[str]]]:
    """Give the fields that sort items into few kinds, each with its kinds."""
    found: dict[str, Counter[str]] = {}
    total = 0
    for scene in scenes:
        for item in scene.held(name):
            total += 1
            for field, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, str) and field.isidentifier():
                    found.setdefault(field, Counter())[value] += 1
    for field, values in found.items():
        if len(values) <= _MOST_VALUES and len(values) * 2 < total:
            yield field, sorted(values)
