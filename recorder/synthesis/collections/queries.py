"""Queries: calls whose body says which items of a collection are wanted: `{"where": {"kind": "map"}, "limit": 3}`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cassettes.selector import is_condition
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.bulks import written_by
from recorder.synthesis.collections.places import place_of_rows
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look

_METHODS: Final = ("POST", "QUERY", "SEARCH")
_FEWEST_ROWS: Final = 4
_FEWEST_CALLS: Final = 2
Seen = Mapping[int, set[str]]
"""The ids of items that a session was told of or that its paths name."""


def find_queries(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Bind calls that list items by what their body says to the collection whose items they show."""
    free = [one for one in endpoints if _is_free(one, bindings[one])]
    for collection in collections if free else ():
        if collection.id_path is None or collection.is_single:
            continue
        seen = _seen(endpoints, collection, bindings)
        for endpoint in free:
            place = place_of_rows(endpoint) if _is_beside(endpoint, collection) else None
            if place is None or bindings[endpoint].lists_by_call or not _are_items(endpoint, place, collection, seen):
                continue
            binding = bindings[endpoint]
            if binding.role == "action" and binding.collection is not None:
                binding.parents = [*binding.parents, (binding.collection, binding.collection.count)]
            binding.role, binding.collection, binding.rows = "collection", collection, place
            binding.lists_by_call = True
            binding.selector = _selector(endpoint)
            for sample in endpoint.samples:
                sample.asks_in_body = True


def _is_free(endpoint: Endpoint, binding: Binding) -> bool:
    """Tell whether an endpoint may be a query: it is sent objects, and nothing else is known of what it does."""
    is_bound = (
        binding.role not in ("none", "action") or binding.entity is not None or binding.bulk or binding.shown_bulk
    )
    if is_bound or binding.also or endpoint.method not in _METHODS or endpoint.operation is not None:
        return False
    good = [sample for sample in endpoint.samples if sample.succeeded]
    return len(good) >= _FEWEST_CALLS and all(isinstance(sample.json, dict) for sample in good)


def _is_beside(endpoint: Endpoint, collection: Collection) -> bool:
    """Tell whether a path names all that the collection's own path does, and no item of it."""
    above = _above(collection.home)
    return len(endpoint.params) == collection.count - 1 and endpoint.template[: len(above)] == above


def _above(home: Template) -> Template:
    while home and home[-1] is not None:
        home = home[:-1]
    return home


def _seen(endpoints: Sequence[Endpoint], collection: Collection, bindings: Mapping[Endpoint, Binding]) -> Seen:
    found: dict[int, set[str]] = defaultdict(set)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        good = [sample for sample in endpoint.samples if sample.succeeded]
        for sample in good if binding.collection is collection else ():
            found[sample.session] |= set(_ids(endpoint, binding, collection, sample))
        bulk = binding.bulk
        if bulk is not None and bulk.collection is collection:
            for sample in good:
                found[sample.session] |= {own for own, _, _ in written_by(sample, bulk)}
    return found


def _ids(endpoint: Endpoint, binding: Binding, collection: Collection, sample: Sample) -> Iterator[str]:
    if binding.role == "item":
        yield endpoint.values(sample)[collection.count - 1]
    elif isinstance(binding.made, tuple):
        yield as_text(look(sample.answer_json, binding.made))
    rows = look(sample.answer_json, binding.rows) if binding.rows is not None else ()
    for row in rows if isinstance(rows, list) else ():
        yield as_text(look(row, binding.id_in_row or ()))


def _are_items(endpoint: Endpoint, place: Path, collection: Collection, seen: Seen) -> bool:
    """Tell whether nearly all rows are items that their sessions know."""
    everywhere = set().union(*seen.values()) if seen else set()
    known: list[bool] = []
    for sample in endpoint.samples if collection.id_path is not None else ():
        rows = look(sample.answer_json, place) if sample.succeeded else ()
        for row in rows if isinstance(rows, list) else ():
            own = look(row, collection.id_path or ())
            known.append(is_scalar(own) and as_text(own) in (seen.get(sample.session, set()) or everywhere))
    return len(known) >= _FEWEST_ROWS and sum(known) * 10 >= len(known) * 9


def _selector(endpoint: Endpoint) -> Path | None:
    """Give the member of what is sent that is an object of conditions, where most calls have one."""
    good = [sample.json for sample in endpoint.samples if sample.succeeded]
    counts: Counter[str] = Counter()
    for sent in good:
        counts.update(name for name, value in sent.items() if isinstance(value, dict) and is_condition(value))
    name = max(counts, key=lambda one: counts[one], default=None)
    return (name,) if name is not None and counts[name] * 2 > len(good) else None
