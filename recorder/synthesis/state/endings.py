"""Endings: things that are gone once an operation on them is done or called off, as the next look at them tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import ids_listed
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.nodes.node import Object
from recorder.synthesis.samples.pages import is_a_page
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import same
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import GONE, Lookup, Scene
from recorder.synthesis.terms.vocabulary import Vocabulary

Looks: TypeAlias = Mapping[tuple[int, str], Sequence[tuple[int, str, frozenset[str]]]]
"""By session and collection each look at it: when, at what the keys begin with, and the keys of what was there."""
Named: TypeAlias = Callable[[Sequence[Scene]], Mapping[Endpoint, Mapping[str, Lookup]]]
"""Gives the items that the calls of endpoints name."""
_LEAST: Final = 2
_NOT_FOUND: Final = (404, 410)


def find_endings(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], named: Named) -> list[Effect]:
    """Find when calls to operations have the things be gone that these are about."""
    by_name = {one.collection.name: one.collection for one in bindings.values() if one.collection is not None}
    by_endpoint: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if scene.sample.succeeded and _is_of_operation(bindings[scene.endpoint]):
            by_endpoint[scene.endpoint].append(scene)
    looked, told = (_looks(scenes, bindings), named(scenes)) if by_endpoint else ({}, {})
    found: list[Effect] = []
    for endpoint, inside in by_endpoint.items():
        lookups = told[endpoint]
        for lookup in lookups.values():
            collection = by_name.get(lookup.collection)
            is_key = lookup.by is None and lookup.within is None and not lookup.collection.endswith(GONE)
            if is_key and lookup.name != "item" and collection is not None and not collection.goes_on:
                found += _ending(endpoint, lookup, lookups, inside, looked, collection)
    return found


def _is_of_operation(binding: Binding) -> bool:
    return binding.collection is not None and binding.collection.goes_on and binding.role in ("item", "action")


def _looks(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> Looks:
    """Give when items were looked at, by their path or in a whole list, and which were there."""
    found: dict[tuple[int, str], list[tuple[int, str, frozenset[str]]]] = defaultdict(list)
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        collection, values = binding.collection, scene.endpoint.values(sample)
        if collection is None or sample.method not in READS:
            continue
        if binding.role == "item" and (sample.succeeded or sample.status in _NOT_FOUND):
            key = binding.key(values)
            there = frozenset({key}) if sample.succeeded else frozenset[str]()
            found[sample.session, collection.name].append((scene.moment, key, there))
        elif binding.role == "collection" and sample.succeeded and not sample.parameters and binding.rows is not None:
            prefix = binding.prefix(values)
            keys = frozenset(f"{prefix}{own}" for own in ids_listed(sample, binding))
            if not is_a_page(sample, len(keys)):
                found[sample.session, collection.name].append((scene.moment, prefix, keys))
    return found


def _ending(
    endpoint: Endpoint,
    lookup: Lookup,
    lookups: Mapping[str, Lookup],
    scenes: Sequence[Scene],
    looked: Looks,
    collection: Collection,
) -> Iterator[Effect]:
    told = list(_told(lookup, scenes, looked))
    gone = sum(is_gone for _, is_gone in told)
    if gone < _LEAST or len({scene.sample.session for scene, is_gone in told if is_gone}) < _LEAST:
        return
    inside = [scene for scene, _ in told]
    for scene in inside:
        scene.lookups = lookups
    vocabulary = Vocabulary(inside, lookups, [answer_term()])
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, endpoint.id)
    condition = explainer.condition(inside, [is_gone for _, is_gone in told]) if gone < len(told) else None
    if condition is not None or gone == len(told):
        yield Effect(endpoint, lookup, Object({}), lookups, ends=collection, condition=condition)


def _told(lookup: Lookup, scenes: Sequence[Scene], looked: Looks) -> Iterator[tuple[Scene, bool]]:
    """Give the last call before each look, with whether the thing was gone then; those before it left it there."""
    by_thing: dict[tuple[int, str], list[Scene]] = defaultdict(list)
    for scene in scenes:
        key = lookup.find(scene)[0]
        if key:
            by_thing[scene.sample.session, key].append(scene)
    for (session, key), calls in by_thing.items():
        looks = [one for one in looked.get((session, lookup.collection), ()) if key.startswith(one[1])]
        for scene, later in zip(calls, [*calls[1:], None], strict=True):
            when = next((one for one in looks if one[0] > scene.moment), None)
            if later is not None and (when is None or later.moment < when[0]):
                if not same(later.sample.answer_json, scene.sample.answer_json):
                    yield scene, False
            elif when is not None:
                yield scene, key not in when[2]


def saves_of_ending(effect: Effect, collection: Collection, remembers_gone: bool) -> Iterator[dict[str, Any]]:
    """Write that what an operation was about is gone, perhaps under a condition."""
    name = effect.lookup.name
    when = [f"vars.{name} is not none", *([effect.condition.text] if effect.condition is not None else ())]
    key = f"{{{{ {effect.lookup.key.text} }}}}"
    if remembers_gone:
        yield {"in": collection.name + GONE, "key": key, "item": f"{{{{ vars.{name} }}}}", "when": when}
    yield {"in": collection.name, "key": key, "delete": True, "when": when}
