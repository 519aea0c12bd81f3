"""Effects: what a call changes of the items above it, told by how they look when they are read the next time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.entities import Binding, Collection
from recorder.synthesis.explain import Explainer
from recorder.synthesis.grounds import Case
from recorder.synthesis.guards import Judge
from recorder.synthesis.node import Node
from recorder.synthesis.references import path_lookups
from recorder.synthesis.scene import Lookup, Scene
from recorder.synthesis.term import Term
from recorder.synthesis.values import MISSING, look, same
from recorder.synthesis.vocabulary import Vocabulary

Place: TypeAlias = tuple[int, str, str]
"""Where an item is: the number of its session, its collection and its key."""
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


@dataclass(frozen=True, slots=True)
class _History:
    """When items were read, with what was shown, and when a call under their path succeeded."""

    reads: dict[Place, list[tuple[int, Any]]]
    writes: dict[Place, list[int]]

    def next_read(self, place: Place, moment: int) -> Any:
        """Give the item as it was read next, where nothing else could change it in between, or MISSING."""
        when, shown = next((read for read in self.reads.get(place, ()) if read[0] > moment), (moment, MISSING))
        if any(moment < written < when for written in self.writes.get(place, ())):
            return MISSING
        return shown


def find_effects(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> list[Effect]:
    """Find the endpoints whose calls change an item that their path names and their answers do not show."""
    history = _history(scenes, bindings)
    found: list[Effect] = []
    by_endpoint: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if scene.sample.succeeded and scene.sample.method not in _READS:
            by_endpoint[scene.endpoint].append(scene)
    for endpoint, inside in by_endpoint.items():
        binding = bindings[endpoint]
        lookups = path_lookups(endpoint, binding)
        for collection, count, name in _above(binding, lookups):
            cases = _cases(endpoint, collection, count, inside, history)
            if cases:
                node = _explained(cases, inside, lookups, endpoint.id)
                seen = {scene.sample.number: after for scene, after in cases}
                found.append(Effect(endpoint, collection, count, name, node, seen))
    return found


def _above(binding: Binding, lookups: Mapping[str, Lookup]) -> list[tuple[Collection, int, str]]:
    """Give the items that a path names and the answers do not show, with what look-ups call them."""
    named = {lookup.collection: name for name, lookup in lookups.items()}
    above = list(binding.parents)
    if binding.role == "action" and binding.collection is not None and binding.entity is None:
        above.append((binding.collection, binding.collection.count))
    return [(one, count, named[one.name]) for one, count in above if one.name in named and count]


def _history(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> _History:
    reads: dict[Place, list[tuple[int, Any]]] = defaultdict(list)
    writes: dict[Place, list[int]] = defaultdict(list)
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        if not sample.succeeded:
            continue
        values = scene.endpoint.values(sample)
        own = binding.collection if binding.role != "collection" else None
        for collection, count in [*binding.parents, *([(own, own.count)] if own else [])]:
            place = (sample.session, collection.name, "/".join(values[:count]))
            if sample.method not in _READS:
                writes[place].append(scene.moment)
            elif collection is own and isinstance(shown := _shown(scene, binding), dict):
                reads[place].append((scene.moment, shown))
    return _History(reads, writes)


def _shown(scene: Scene, binding: Binding) -> Any:
    """Give the item that a read by its path shows whole, or MISSING."""
    if binding.role != "item" or binding.entity is None or scene.sample.query:
        return MISSING
    return look(scene.sample.answer_json, binding.entity)


def _cases(
    endpoint: Endpoint, collection: Collection, count: int, scenes: Sequence[Scene], history: _History
) -> list[Case]:
    """Give the item as it was read after each call, where that tells that the calls change it; else nothing."""
    cases: list[Case] = []
    changed = 0
    for scene in scenes:
        key = "/".join(endpoint.values(scene.sample)[:count])
        before = scene.timeline.get(collection.name, key, scene.moment)
        after = history.next_read((scene.sample.session, collection.name, key), scene.moment)
        if after is not MISSING and isinstance(before, dict):
            changed += not same(before, after)
            cases.append((scene, after))
    return [] if changed < _LEAST or changed * 2 < len(cases) else cases


def _explained(cases: Sequence[Case], scenes: Sequence[Scene], lookups: Mapping[str, Lookup], name: str) -> Node:
    for scene in scenes:
        scene.lookups = lookups
    answer = Term("vars.answer.json", lambda scene: scene.sample.answer_json, "answer", 1.0)
    inside = [scene for scene, _ in cases]
    vocabulary = Vocabulary(inside, lookups, [answer])
    return Explainer(vocabulary, Judge(inside, vocabulary).decide, name).explain(cases)
