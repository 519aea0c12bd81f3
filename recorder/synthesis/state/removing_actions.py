"""Removing actions: calls below an item's path by which it is gone, as `POST /things/5/delete`; no `DELETE`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from cassettes.conventions import words_of
from recorder.synthesis.collections.attributes import ids_listed
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample

Place: TypeAlias = tuple[int, str, str]
_LEAST: Final = 3
_CALLED: Final = frozenset(("delete", "destroy", "remove", "erase"))


def learn_removing_actions(
    samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Tell for each action whether it removes its item: the next look does not find it, and no list shows it.

    Three items have to be looked for; none where the action is called so.
    """
    gone: Counter[Endpoint] = Counter()
    there: set[Endpoint] = set()
    waiting: dict[Place, Endpoint] = {}
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if binding.collection is None:
            continue
        if binding.role == "collection":
            there |= {waiting[place] for place in _listed(sample, endpoint, binding) if place in waiting}
            continue
        place = (sample.session, binding.collection.name, binding.key(endpoint.values(sample)))
        if sample.method not in READS:
            if sample.succeeded:
                waiting.pop(place, None)
            if sample.succeeded and _may_remove(endpoint, binding):
                waiting[place] = endpoint
                gone[endpoint] += 0
        elif place in waiting and binding.role == "item":
            gone[waiting[place]] += sample.status in (404, 410)
            there |= {waiting[place]} if sample.succeeded else set()
    for endpoint, count in gone.items():
        bindings[endpoint].removes = endpoint not in there and count >= (0 if _is_called_so(endpoint) else _LEAST)


def _may_remove(endpoint: Endpoint, binding: Binding) -> bool:
    """Tell whether an endpoint is an action on an item of its own collection that shows nothing of it."""
    is_plain = endpoint.operation is None and binding.entity is None and not binding.told
    return binding.role == "action" and is_plain and binding.collection is not None and binding.collection.count > 0


def _is_called_so(endpoint: Endpoint) -> bool:
    last = endpoint.template[-1] if endpoint.template else None
    return last is not None and _CALLED.issuperset(words_of(last) or ("",))


def _listed(sample: Sample, endpoint: Endpoint, binding: Binding) -> Iterator[Place]:
    """Give the items that an answer lists."""
    if sample.succeeded and sample.method in READS and binding.collection is not None:
        prefix = binding.prefix(endpoint.values(sample))
        for own in ids_listed(sample, binding):
            yield sample.session, binding.collection.name, f"{prefix}{own}"
