"""Bulk writes: calls that write many items of a collection at once, and say of each in its place what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Bulk, Collection
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look, rows_at

_WRITES: Final = ("POST", "PUT", "PATCH")
_LEAST: Final = 2
Used = Mapping[int, set[str]]
"""The ids that paths of each session name."""


def find_bulks(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the calls that write many items, where single writes tell what an answer says of one."""
    for collection in collections:
        own = [one for one in endpoints if bindings[one].collection is collection and bindings[one].role == "item"]
        told = next((bindings[one].told for one in own if one.method == "PUT" and bindings[one].told), None)
        if told is None or collection.id_path is None:
            continue
        used = _used(own, collection)
        for endpoint in endpoints:
            is_above = len(endpoint.params) == collection.count - 1 and endpoint.template != collection.home
            if endpoint.method in _WRITES and is_above and bindings[endpoint].role in ("none", "action"):
                bindings[endpoint].bulk = _bulk(endpoint, collection, told, used, _members(own, bindings))


def _used(own: Sequence[Endpoint], collection: Collection) -> Used:
    used: dict[int, set[str]] = defaultdict(set)
    for endpoint in own:
        for sample in endpoint.samples:
            used[sample.session].add(endpoint.values(sample)[collection.count - 1])
    return used


def _members(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> set[str]:
    """Give the names of the members that items have where they are read."""
    return {
        name
        for endpoint in own
        if endpoint.method == "GET" and bindings[endpoint].entity is not None
        for sample in endpoint.samples
        if sample.succeeded and isinstance(item := look(sample.answer_json, bindings[endpoint].entity or ()), dict)
        for name in item
    }


def _bulk(
    endpoint: Endpoint, collection: Collection, told: Mapping[str, Path], used: Used, members: set[str]
) -> Bulk | None:
    """Give how an endpoint writes many: each row that it is sent has an id, and is answered in its place."""
    good = [sample for sample in endpoint.samples if sample.succeeded]
    counts: Counter[tuple[Path, Path, str]] = Counter()
    for sample in good:
        counts.update(dict.fromkeys(_ways(sample, used.get(sample.session, set())), 1))
    if not counts:
        return None
    (sent, results, name), count = counts.most_common(1)[0]
    if count * 2 < len(good):
        return None
    rows = [
        pair
        for sample in good
        for pair in zip(rows_at(sample.json, sent), rows_at(sample.answer_json, results), strict=False)
    ]
    shown = {member: place for member, place in told.items() if any(_has(row, place) for _, row in rows)}
    if not shown or len(rows) < _LEAST:
        return None
    return Bulk(collection, sent, results, (name,), shown, _flag([row for row, _ in rows], members))


def _ways(sample: Sample, used: set[str]) -> Iterator[tuple[Path, Path, str]]:
    """Give the pairs of lists, sent and answered, of one length, whose rows say the same id in each place."""
    for sent, rows in lists_in(sample.json):
        objects = [row for row in rows if isinstance(row, dict)]
        for results, answers in lists_in(sample.answer_json) if objects and len(objects) == len(rows) else ():
            if len(answers) != len(rows) or not all(isinstance(one, dict) for one in answers):
                continue
            for name, value in objects[0].items():
                is_said = is_scalar(value) and all(
                    _says(one, row.get(name)) for row, one in zip(rows, answers, strict=True)
                )
                if is_said and any(as_text(row[name]) in used for row in objects):
                    yield sent, results, name


def _says(answer: dict[str, Any], value: Any) -> bool:
    return value is not None and any(as_text(one) == as_text(value) for one in answer.values() if is_scalar(one))


def _has(row: Any, place: Path) -> bool:
    return look(row, place) is not MISSING


def _flag(rows: Sequence[Any], members: set[str]) -> str | None:
    """Give the member that says that an item is to be deleted: true wherever it is, and no member of items."""
    names = {name for row in rows if isinstance(row, dict) for name, value in row.items() if value is True}
    told = (name for name in names - members if all(row.get(name, True) is True for row in rows))
    return min(told, default=None)


def written_by(sample: Sample, bulk: Bulk) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any]]]:
    """Give of each row that was written the id, the item that it sent (None to delete it) and what was told of it."""
    for row, answer in zip(rows_at(sample.json, bulk.sent), rows_at(sample.answer_json, bulk.results), strict=False):
        told = {name: look(answer, place) for name, place in bulk.told.items()}
        if not isinstance(row, dict) or any(value is MISSING for value in told.values()):
            continue
        key = look(row, bulk.id_path)
        if is_scalar(key) and key is not None:
            is_removed = bulk.flag is not None and row.get(bulk.flag) is True
            yield as_text(key), None if is_removed else dict(row), told
