"""Acted on: items that no call makes, and that actions change all the same, as a month that is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING

_Own: TypeAlias = Sequence[tuple[Endpoint, Binding]]
"""The endpoints of one collection, with what they have to do with it."""


def find_acted_on(collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]) -> None:
    """Mark the collections below items that nothing is made in, though actions change what is read there."""
    for collection in collections:
        own = [(endpoint, one) for endpoint, one in bindings.items() if one.collection is collection]
        if collection.count > 1 and not any(_is_made(*one) for one in own) and not _is_missed(own):
            collection.is_implied = _is_acted_on(own)


def _is_made(endpoint: Endpoint, binding: Binding) -> bool:
    """Tell whether an endpoint makes or lists items, writes one at its path, or takes it away."""
    is_read = endpoint.method in READS or not any(sample.succeeded for sample in endpoint.samples)
    return binding.role != "action" and not (binding.role == "item" and is_read)


def _is_missed(own: _Own) -> bool:
    """Tell whether an item was not found below one that has others."""
    calls = [
        (sample, endpoint.values(sample)) for endpoint, one in own if one.role == "item" for sample in endpoint.samples
    ]
    above = {(sample.session, *values[:-1]) for sample, values in calls if sample.succeeded}
    return any(sample.status in (404, 410) and (sample.session, *values[:-1]) in above for sample, values in calls)


def _is_acted_on(own: _Own) -> bool:
    """Tell whether an action answered with an item as the next look at it was, which was another before."""
    shown: dict[tuple[int, tuple[str, ...]], Any] = {}
    acted: dict[tuple[int, tuple[str, ...]], tuple[Any, Any]] = {}
    for sample, endpoint, binding in _in_order(own):
        place = (sample.session, tuple(endpoint.values(sample)))
        if binding.role == "action" and sample.method not in READS:
            acted[place] = (shown.get(place, MISSING), sample.answer_json)
        elif binding.role == "item" and sample.method in READS:
            before, told = acted.pop(place, (MISSING, MISSING))
            if before is not MISSING and isinstance(told, dict) and before != told == sample.answer_json:
                return True
            shown[place] = sample.answer_json
    return False


def _in_order(own: _Own) -> list[tuple[Sample, Endpoint, Binding]]:
    """Give the calls that succeeded as they came, each with its endpoint and what that has to do with the items."""
    found = [(sample, endpoint, one) for endpoint, one in own for sample in endpoint.samples if sample.succeeded]
    return sorted(found, key=lambda one: one[0].number)
