"""Removals: whether what was deleted is gone, told by the next look at it, and what is known of it then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.terms.scene import GONE, Scene


def learn_removal(
    samples: Sequence[Sample], endpoint_of: dict[int, Endpoint], bindings: dict[Endpoint, Binding]
) -> None:
    """Tell for each endpoint that deletes whether what it deleted is gone: what the next look at it showed."""
    votes: Counter[Endpoint] = Counter()
    waiting: dict[tuple[int, str, str], Endpoint] = {}
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if binding.role not in ("item", "action") or binding.collection is None:
            continue
        place = (sample.session, binding.collection.name, binding.key(endpoint.values(sample)))
        if binding.role == "item" and sample.method == "DELETE" and sample.succeeded:
            waiting[place] = endpoint
            votes[endpoint] += 0
        elif place in waiting:
            deleted = waiting[place]
            if sample.method == "GET" and binding.role == "item":
                votes[deleted] += 1 if sample.status in (404, 410) else -1 if sample.succeeded else 0
            elif sample.method == "PUT" and sample.succeeded:
                del waiting[place]
    for endpoint, count in votes.items():
        bindings[endpoint].removes = count >= 0


def tell_of_gone(scene: Scene, collection: Collection, key: str, told: Mapping[str, Any]) -> None:
    """Keep of a deleted item what its deletion tells: perhaps the version that it has as a deleted one."""
    gone = scene.timeline.get(collection.name + GONE, key, scene.moment + 1)
    if isinstance(gone, dict) and told:
        scene.timeline.put(collection.name + GONE, key, {**gone, **told}, scene.moment)
