"""Shown bulks: calls that make many items and show each of them in a row of their answer, as an import does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection, ShownBulk
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.collections.told_ids import find_told_ids
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.verbs import is_credential
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look, parts, rows_at, same

_WRITES: Final = ("POST", "PUT", "PATCH")
_LEAST: Final = 2
_FEWEST_ALIKE: Final = 2
_LONG_ID: Final = 5
Told = Mapping[int, Sequence[Sample]]
"""By session all its samples, in their order."""


def find_shown_bulks(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the calls whose answers show several items of a collection that nobody had heard of before."""
    told: dict[int, list[Sample]] = {}
    for sample in sorted((one for endpoint in endpoints for one in endpoint.samples), key=lambda one: one.number):
        told.setdefault(sample.session, []).append(sample)
    for collection in collections:
        if collection.id_path is None or collection.is_single:
            continue
        if _is_of_several(collection, bindings):
            continue  # whose the items are is learnt with the rows that calls make beside their answers
        members = members_of(collection, bindings)
        for endpoint, binding in bindings.items():
            is_free = binding.role in ("none", "action") or (binding.role == "collection" and binding.made is None)
            is_above = len(endpoint.params) == collection.count - 1
            if endpoint.method in _WRITES and is_free and is_above and binding.entity is None and not binding.also:
                found = None if binding.bulk or binding.shown_bulk else _found(endpoint, collection, members, told)
                if found is None and binding.role == "collection" and binding.shown_bulk is None:
                    found = find_told_ids(endpoint, collection, told) if binding.collection is collection else None
                binding.shown_bulk = found or binding.shown_bulk


def _is_of_several(collection: Collection, bindings: Mapping[Endpoint, Binding]) -> bool:
    """Tell whether several callers of one session make items of a collection: lists may show each only the own ones."""
    callers: dict[int, set[tuple[str, ...]]] = {}
    for endpoint, binding in bindings.items():
        if binding.collection is collection and endpoint.method == "POST":
            for sample in endpoint.samples:
                keys = (value for name, value in sample.headers.items() if is_credential(name) or name.endswith("key"))
                if sample.succeeded:
                    callers.setdefault(sample.session, set()).add((sample.auth.token, sample.auth.username, *keys))
    return sum(len(those) > 1 for those in callers.values()) >= _LEAST


def members_of(collection: Collection, bindings: Mapping[Endpoint, Binding]) -> set[str]:
    """Give the names of the members that items have where they are read or made."""
    return {
        name
        for endpoint, binding in bindings.items()
        if binding.collection is collection and binding.entity is not None
        for sample in endpoint.samples
        if sample.succeeded and isinstance(item := look(sample.answer_json, binding.entity), dict)
        for name in item
    }


def _found(endpoint: Endpoint, collection: Collection, members: set[str], told: Told) -> ShownBulk | None:
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.json, dict | list)]
    counts: Counter[tuple[Path, Path]] = Counter()
    new: Counter[tuple[Path, Path]] = Counter()
    shown: dict[int, dict[str, int]] = {}
    for sample in good:
        for place, items in _ways(sample, collection, members):
            counts[place] += 1
            if _are_sent(sample, place, collection):
                new[place] += len(items)
                continue
            if any(len(own) < _LONG_ID for own in items) and sample.session not in shown:
                shown[sample.session] = _first_shown(told[sample.session], collection, members)
            new[place] += sum(not _is_told(own, sample, told[sample.session], shown) for own in items)
    best = max(new, key=lambda place: (new[place], -len(place[1])), default=None)
    if best is None or new[best] < _LEAST or new[best] < counts[best]:
        return None
    return ShownBulk(collection, *best)


def _are_sent(sample: Sample, place: tuple[Path, Path], collection: Collection) -> bool:
    """Tell whether all that an answer shows was sent with its ids: items that are put there, old ones and new ones."""
    sent = [row for _, rows in lists_in(sample.json) for row in rows if isinstance(row, dict)]
    by_id = {as_text(look(row, collection.id_path or ())): row for row in sent}
    for row in rows_at(sample.answer_json, place[0]):
        item = look(row, place[1])
        own = by_id.get(as_text(look(item, collection.id_path or ())), {}) if isinstance(item, dict) else {}
        if len(own) < _LEAST or not all(same(value, item.get(name)) for name, value in own.items()):
            return False
    return bool(by_id)


def _ways(sample: Sample, collection: Collection, members: set[str]) -> Iterator[tuple[tuple[Path, Path], list[str]]]:
    """Give where an answer has a list, and where in its rows the items are, with the ids of these."""
    for results, rows in lists_in(sample.answer_json):
        objects = [row for row in rows if isinstance(row, dict)]
        inside: list[Path] = [(), *dict.fromkeys((name,) for row in objects for name in row)]
        for place in inside if objects else ():
            items = [item for row in objects if is_item(item := look(row, place), collection, members)]
            if items and all(is_item(look(row, place), collection, members) or place for row in objects):
                yield (results, place), [as_text(look(item, collection.id_path or ())) for item in items]


def is_item(item: Any, collection: Collection, members: set[str]) -> bool:
    """Tell whether an object has an id, and nearly all that items of the collection have, and little else."""
    if not isinstance(item, dict) or collection.id_path is None:
        return False
    own = look(item, collection.id_path)
    alike = len(set(item) & members)
    return is_scalar(own) and own is not None and alike >= _FEWEST_ALIKE and alike * 10 >= len(set(item) | members) * 7


def _is_told(own: str, sample: Sample, others: Sequence[Sample], shown: Mapping[int, Mapping[str, int]]) -> bool:
    """Tell whether an id was told of before a call, by an answer or in a path that led somewhere.

    A short one stands in many answers by chance: it was told of where an item with it was shown or named.
    """
    if len(own) < _LONG_ID:
        return shown[sample.session].get(own, sample.number) < sample.number
    for other in others:
        if other.number >= sample.number:
            return False
        is_named = other.succeeded and own in other.path.split("/")
        if is_named or (other.answer_text is not None and own in other.answer_text):
            return True
    return False


def _first_shown(samples: Sequence[Sample], collection: Collection, members: set[str]) -> dict[str, int]:
    """Give the ids of a session's items with the number of the call that first showed or named each."""
    first: dict[str, int] = {}
    place = collection.template.index(None)
    for sample in samples if collection.count == 1 else ():
        if not sample.succeeded:
            continue
        here = sample.segments[: place + 1]
        if len(here) == place + 1 and here[:place] == collection.template[:place]:
            first.setdefault(here[place], sample.number)
        for _, value in parts(sample.answer_json, longest_list=0):
            for item in value if isinstance(value, list) else (value,):
                if is_item(item, collection, members):
                    first.setdefault(as_text(look(item, collection.id_path or ())), sample.number)
    return first


def shown_by(sample: Sample, bulk: ShownBulk) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the items that an answer shows, with their ids."""
    rows = look(sample.answer_json, bulk.results)
    if bulk.sent is not None:
        for sent, row in zip(rows_at(sample.json, bulk.sent), rows if isinstance(rows, list) else (), strict=False):
            own, path = look(row, bulk.own), bulk.collection.id_path or ()
            if isinstance(sent, dict) and is_scalar(own) and own is not None:
                yield as_text(own), {**sent, **({str(path[0]): own} if len(path) == 1 else {})}
        return
    for row in rows if isinstance(rows, list) else ():
        item = look(row, bulk.entity)
        own = look(item, bulk.collection.id_path or ()) if isinstance(item, dict) else None
        if isinstance(item, dict) and is_scalar(own) and own is not None:
            yield as_text(own), item
