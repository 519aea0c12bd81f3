"""Partial views: calls to an item whose answers leave out members that it was made with, and which it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import Path, look


def find_partial_views(
    endpoints: Sequence[Endpoint], collections: Iterable[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Note which members of an item a call never shows, though every answer that made one did."""
    for collection in collections:
        own = [one for one in endpoints if bindings[one].collection is collection and one.operation is None]
        made = [shown for one in own if bindings[one].made is not None for shown in _shown(one, bindings[one].entity)]
        made += [shown for one, place in _made_beside(collection, bindings) for shown in _shown(one, place)]
        always = set.intersection(*({*shown} for shown in made)) if made else set()
        for endpoint in own if always else ():
            binding = bindings[endpoint]
            shown = _shown(endpoint, binding.entity) if binding.role == "item" else []
            if shown:
                hidden = frozenset(always.difference(*shown))
                binding.leaves_out = hidden - _lost(endpoint, hidden, own, bindings)


def _lost(
    endpoint: Endpoint, names: frozenset[str], own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]
) -> set[str]:
    """Give the members that items really have no more after a write, as after one that replaces them.

    The next read of the same path tells that, where reads show the member at other times.
    """
    if endpoint.method in READS or not names:
        return set()
    found: set[str] = set()
    for read in own:
        place = bindings[read].entity
        if read.method not in READS or read.template != endpoint.template or place is None:
            continue
        told = names.intersection(set().union(*_shown(read, place)))
        calls = [*((sample, endpoint) for sample in endpoint.samples), *((sample, read) for sample in read.samples)]
        last: dict[tuple[int, tuple[str, ...]], Endpoint] = {}
        for sample, call in sorted((one for one in calls if one[0].succeeded), key=lambda one: one[0].number):
            item = sample.session, call.values(sample)
            shown = look(sample.answer_json, place)
            if call is read and last.get(item) is endpoint and isinstance(shown, dict):
                found |= told.difference(shown)
            last[item] = call
    return found


def with_left_out(binding: Binding, shown: Any, old: Any) -> Any:
    """Give an item as an answer shows it, with what it has and the answer leaves out."""
    if not binding.leaves_out or not isinstance(shown, dict) or not isinstance(old, dict):
        return shown
    return {**{name: value for name, value in old.items() if name in binding.leaves_out}, **shown}


def _made_beside(collection: Collection, bindings: Mapping[Endpoint, Binding]) -> Iterator[tuple[Endpoint, Path]]:
    """Give the calls that make items though their path is another, with where their answers show these."""
    for endpoint, binding in bindings.items():
        for one in binding.also:
            if one.collection is collection and one.entity is not None and not (one.is_sent or one.is_told):
                yield endpoint, one.entity


def _shown(endpoint: Endpoint, place: Path | None) -> list[dict[str, Any]]:
    """Give the items that the answers of an endpoint show."""
    good = [sample.answer_json for sample in endpoint.samples if sample.succeeded] if place is not None else []
    return [shown for one in good if isinstance(shown := look(one, place or ()), dict)]
