"""Effects: what a call changes of the items above it, told by how they look when they are read the next time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.entities import Binding, Collection
from recorder.synthesis.explain import Case, Explainer
from recorder.synthesis.guards import Judge
from recorder.synthesis.node import Node
from recorder.synthesis.references import path_lookups
from recorder.synthesis.scene import Lookup, Scene
from recorder.synthesis.term import Term
from recorder.synthesis.values import MISSING, look, same
from recorder.synthesis.vocabulary import Vocabulary

_LEAST: Final = 2
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What becomes of an item when a call of an endpoint succeeds.

    `name` is what the endpoint's look-ups call the item; `node` makes it anew. `seen` are the items as they were read
    next, by the number of the sample that changed them.
    """

    endpoint: Endpoint
    collection: Collection
    count: int
    name: str
    node: Node
    seen: Mapping[int, Any]


def find_effects(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> list[Effect]:
    """Find the endpoints whose calls change an item that their path names and their answers do not show."""
    reads, writes = _history(scenes, bindings)
    found: list[Effect] = []
    by_endpoint: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if scene.sample.succeeded and scene.sample.method not in _READS:
            by_endpoint[scene.endpoint].append(scene)
    for endpoint, inside in by_endpoint.items():
        for collection, count, name in _above(endpoint, bindings[endpoint]):
            found += _effect(endpoint, collection, count, name, inside, reads, writes, bindings)
    return found


def _above(endpoint: Endpoint, binding: Binding) -> list[tuple[Collection, int, str]]:
    """Give the items that a path names and the answers do not show, with what look-ups call them."""
    lookups = path_lookups(endpoint, binding)
    named = {lookup.collection: name for name, lookup in lookups.items()}
    above = [(collection, count) for collection, count in binding.parents]
    if binding.role == "action" and binding.collection is not None and binding.entity is None:
        above.append((binding.collection, binding.collection.count))
    return [(one, count, named[one.name]) for one, count in above if one.name in named and count]


Place = tuple[int, str, str]


def _history(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]
) -> tuple[dict[Place, list[tuple[int, Any]]], dict[Place, list[int]]]:
    """Give for each item when it was read, with what was shown, and when a call under its path succeeded."""
    reads: dict[Place, list[tuple[int, Any]]] = defaultdict(list)
    writes: dict[Place, list[int]] = defaultdict(list)
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        if not sample.succeeded:
            continue
        values = scene.endpoint.values(sample)
        own = (
            [(binding.collection, binding.collection.count)]
            if binding.collection and binding.role != "collection"
            else []
        )
        for collection, count in [*binding.parents, *own]:
            place = (sample.session, collection.name, "/".join(values[:count]))
            if sample.method not in _READS:
                writes[place].append(scene.moment)
            elif (
                binding.role == "item"
                and collection is binding.collection
                and binding.entity is not None
                and not sample.query
            ):
                shown = look(sample.answer_json, binding.entity)
                if isinstance(shown, dict):
                    reads[place].append((scene.moment, shown))
    return reads, writes


def _effect(
    endpoint: Endpoint, collection: Collection, count: int, name: str, scenes: Sequence[Scene],
    reads: Mapping[Place, list[tuple[int, Any]]], writes: Mapping[Place, list[int]], bindings: Mapping[Endpoint, Binding],
) -> list[Effect]:  # fmt: skip
    cases: list[Case] = []
    changed = 0
    for scene in scenes:
        key = "/".join(endpoint.values(scene.sample)[:count])
        place = (scene.sample.session, collection.name, key)
        after = next(((moment, shown) for moment, shown in reads.get(place, ()) if moment > scene.moment), None)
        if after is None or any(scene.moment < moment < after[0] for moment in writes.get(place, ())):
            continue
        before = scene.timeline.get(collection.name, key, scene.moment)
        if not isinstance(before, dict):
            continue
        changed += not same(before, after[1])
        cases.append((scene, after[1]))
    if changed < _LEAST or changed * 2 < len(cases):
        return []
    lookups: dict[str, Lookup] = path_lookups(endpoint, bindings[endpoint])
    for scene in scenes:
        scene.lookups = lookups
    answer = Term("vars.answer.json", lambda scene: scene.sample.answer_json, "answer", 1.0)
    inside = [scene for scene, _ in cases]
    vocabulary = Vocabulary(inside, lookups, [answer])
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, endpoint.id)
    node = explainer.explain(cases)
    return [Effect(endpoint, collection, count, name, node, {scene.sample.number: after for scene, after in cases})]
