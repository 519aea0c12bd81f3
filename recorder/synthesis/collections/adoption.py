"""Adoption: lists under one item of things that have a path of their own, as a topic's posts under `/posts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import deepest_item, lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template, is_typed
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import as_text, is_scalar, parts

Used = Mapping[int, set[str]]
"""The ids that paths name, by session."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_LONG: Final = 8


def adopt(
    endpoints: Sequence[Endpoint], collections: Mapping[Template, Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Bind lists, and what makes items, under another item's path to the collection whose items they show."""
    templates = {endpoint.template for endpoint in endpoints}
    homes = [one for path, one in collections.items() if path in templates and one.count == 1]
    used = {one: _used(endpoints, one.template) for one in homes}
    for endpoint in endpoints:
        template, binding = endpoint.template, bindings[endpoint]
        if endpoint.method not in _METHODS or not endpoint.params or template[-1] is None:
            continue
        if (*template, None) in templates or binding.role not in ("collection", "action"):
            continue
        owners = [*binding.parents]
        if binding.role == "action" and binding.collection is not None:
            owners.append((binding.collection, binding.collection.count))
        known = {one for one, _ in owners}
        home = next((one for one in used if one not in known and _shows_items_of(one, endpoint, used[one])), None)
        if home is not None:
            binding.role, binding.collection, binding.parents = "collection", home, owners
            binding.is_elsewhere = True


def _used(endpoints: Sequence[Endpoint], template: Template) -> Used:
    used: dict[int, set[str]] = defaultdict(set)
    place = sum(part is None for part in template) - 1
    for endpoint in endpoints:
        for sample in endpoint.samples if endpoint.template[: len(template)] == template else ():
            if sample.status < 400:
                used[sample.session].add(endpoint.values(sample)[place])
    return used


def _shows_items_of(collection: Collection, endpoint: Endpoint, used: Used) -> bool:
    """Tell whether answers show ids of a collection: some where both are called alike, else most, and long ones."""
    good = [sample for sample in endpoint.samples if sample.succeeded]
    shown = [_ids(sample, used.get(sample.session, set())) for sample in good]
    if collection.home[-1:] == endpoint.template[-1:]:
        return any(shown)
    is_list = endpoint.method in ("GET", "HEAD")
    telling = [ids for ids in shown if any(is_typed(one) and len(one) >= _LONG for one in ids)]
    return is_list and len(telling) * 2 > len(good)


def _ids(sample: Sample, used: set[str]) -> set[str]:
    """Give those of the ids that an answer shows as rows of a list, or as what it has made."""
    return {as_text(value) for value in _told(sample) if is_scalar(value)} & used


def _told(sample: Sample) -> Iterator[object]:
    if sample.method == "POST":
        deepest = deepest_item(sample.answer_json)
        yield from (value for where, value in parts(sample.answer_json, longest_list=0) if len(where) <= deepest)
        yield (sample.answer_header("location") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
        return
    for _, rows in lists_in(sample.answer_json):
        for row in rows:
            if isinstance(row, dict):
                yield from (value for path, value in parts(row, longest_list=0) if len(path) <= 2)
