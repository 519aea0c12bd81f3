"""Results: the thing of another kind that an operation which goes on shows, as it is then, once it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from recorder.synthesis.collections.binding import Binding, Collection, Creation
from recorder.synthesis.collections.places import objects_in
from recorder.synthesis.collections.shown_bulks import is_item, members_of
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import Path

_LEAST: Final = 2


def find_results(bindings: Mapping[Endpoint, Binding]) -> None:
    """Find what the answers of polls show of things of other kinds: from then on these are so."""
    collections = list(dict.fromkeys(one.collection for one in bindings.values() if one.collection is not None))
    for endpoint, binding in bindings.items():
        if is_poll(endpoint, binding) and not binding.also:
            others = [one for one in collections if one is not binding.collection and _is_near(one, endpoint)]
            binding.also += _results(endpoint, others, bindings)


def is_poll(endpoint: Endpoint, binding: Binding) -> bool:
    """Tell whether calls of an endpoint read items that go on by themselves."""
    collection = binding.collection
    return endpoint.method == "GET" and binding.role == "item" and collection is not None and collection.goes_on


def _is_near(collection: Collection, endpoint: Endpoint) -> bool:
    """Tell whether items are named by their paths, below nothing that the path of an operation does not name, too."""
    above = collection.template[:-2]
    return not collection.is_single and collection.id_path is not None and endpoint.template[: len(above)] == above


def _results(
    endpoint: Endpoint, collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> Iterator[Creation]:
    for collection in collections:
        members, path = members_of(collection, bindings), collection.id_path or ()
        shown: Counter[Path] = Counter()
        names: set[str] = set()
        for sample in endpoint.samples if members else ():
            for where, value in objects_in(sample.answer_json) if sample.succeeded else ():
                if where and is_item(value, collection, members):
                    shown[where] += 1
                    names |= set(value)
        if shown and max(shown.values()) >= _LEAST:
            where = max(shown, key=lambda one: (shown[one], -len(one)))
            aside = frozenset(names - members)
            yield Creation(collection, where, (*where, *path), above=collection.count - 1, aside=aside)


def find_begun(bindings: Mapping[Endpoint, Binding]) -> list[Endpoint]:
    """Have calls that answer with an operation change nothing at once, where its polls show what becomes of the thing.

    Gives those that delete.
    """
    polls = [binding for endpoint, binding in bindings.items() if is_poll(endpoint, binding)]
    shown = {one.collection for binding in polls for one in binding.also}
    deleting: list[Endpoint] = []
    for endpoint, binding in bindings.items():
        begins = any(one.collection.goes_on for one in binding.also) and endpoint.method not in READS
        if binding.collection in shown and begins and binding.role in ("item", "action") and binding.entity is None:
            deleting += [endpoint] if binding.removes else []
            binding.is_begun, binding.removes = True, False
    return deleting


def delete_at_once(begun: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding], ended: Container[str]) -> None:
    """Have things be gone with the call that begins to delete them, but those of which is known when they `ended`."""
    for endpoint in begun:
        binding = bindings[endpoint]
        if binding.collection is not None and binding.collection.name not in ended:
            binding.is_begun, binding.removes = False, True
