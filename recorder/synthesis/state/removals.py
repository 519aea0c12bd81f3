"""Removals: whether what was deleted is gone, told by the next look at it, and what is known of it then."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.attributes import ids_listed
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.terms.scene import GONE, Scene

_LEAST: Final = 3


def learn_removal(
    samples: Sequence[Sample], endpoint_of: dict[int, Endpoint], bindings: dict[Endpoint, Binding]
) -> None:
    """Tell for each endpoint that deletes whether what it deleted is gone: what the next look at it showed.

    What is still read by its path is gone as well where lists show it no more.
    """
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
        binding = bindings[endpoint]
        is_unlisted = count < 0 and _is_unlisted(endpoint, samples, endpoint_of, bindings)
        binding.removes = count >= 0 or is_unlisted
        if binding.collection is not None:
            binding.collection.reads_gone = is_unlisted


def _is_unlisted(
    deleting: Endpoint,
    samples: Sequence[Sample],
    endpoint_of: Mapping[int, Endpoint],
    bindings: Mapping[Endpoint, Binding],
) -> bool:
    """Tell whether whole lists never show what was deleted, though they show other items."""
    collection = bindings[deleting].collection
    gone: dict[int, set[str]] = defaultdict(set)
    left_out = 0
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if binding.collection is not collection or not sample.succeeded:
            continue
        if endpoint is deleting:
            gone[sample.session].add(endpoint.values(sample)[-1])
        elif sample.method not in READS and binding.role in ("item", "action"):
            gone[sample.session].discard(binding.key(endpoint.values(sample)).rpartition("/")[2])
        elif sample.method in READS and binding.role == "collection" and gone[sample.session]:
            listed = set(ids_listed(sample, binding))
            if listed & gone[sample.session]:
                return False
            left_out += bool(listed) and not sample.parameters
    return left_out >= _LEAST


def tell_of_gone(scene: Scene, collection: Collection, key: str, told: Mapping[str, Any]) -> None:
    """Keep of a deleted item what its deletion tells: perhaps the version that it has as a deleted one."""
    gone = scene.timeline.get(collection.name + GONE, key, scene.moment + 1)
    if isinstance(gone, dict) and told:
        scene.timeline.put(collection.name + GONE, key, {**gone, **told}, scene.moment)
