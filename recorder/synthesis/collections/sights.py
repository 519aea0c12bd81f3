"""Sights: objects with an id that no path names, seen in the answers and requests of several endpoints."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import deepest_item, likeliest, lists_in, objects_in
from recorder.synthesis.collections.told_kinds import Kinds, told_kinds
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look, parts

_ID_NAMES: Final = ("id", "_id", "uuid", "uid", "Id", "ID")
_ID_OF_KIND: Final = re.compile(r"[a-z](?:Id|ID)$|[a-z]_id$")
_ALIKE: Final = 0.5
_READS: Final = ("GET", "HEAD")
Ids = set[tuple[int, str]]
"""Ids with the session in which each was seen."""


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """Objects that stand at one place in the answers, or with `is_sent` in the requests, of one endpoint.

    `where` is that place, `id_path` that of the id in an object, `label` the member that holds them, "" for none.
    With `is_told` the requests name the id. `kinds` is what the objects say that they are.
    """

    endpoint: Endpoint
    where: Path
    id_path: Path
    label: str
    fields: set[str]
    ids: Ids
    is_sent: bool
    is_told: bool
    kinds: Kinds = field(default_factory=dict)


def things(endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding]) -> list[list[Sight]]:
    """Give the sights of each kind of thing: those that are alike, of several endpoints, one of which makes them."""
    groups: list[list[Sight]] = []
    for endpoint in endpoints:
        for sight in _sights(endpoint, bindings[endpoint]):
            group = next((group for group in groups if any(_is_alike(sight, other) for other in group)), None)
            if group is None:
                groups.append([sight])
            else:
                group.append(sight)
    return [group for group in groups if _is_thing(group)]


def ids_of(group: Sequence[Sight]) -> Ids:
    """Give all ids that were seen."""
    return {one for sight in group for one in sight.ids}


def _is_thing(group: Sequence[Sight]) -> bool:
    is_made = any(sight.endpoint.method not in _READS for sight in group)
    return is_made and len({sight.endpoint for sight in group}) > 1 and len(ids_of(group)) > 1


def _is_alike(one: Sight, other: Sight) -> bool:
    shared = len(one.fields & other.fields) / len(one.fields | other.fields)
    return one.id_path == other.id_path and shared >= _ALIKE and bool(one.ids & other.ids)


def _sights(endpoint: Endpoint, binding: Binding) -> Iterator[Sight]:
    """Give what an endpoint that shows no items of its own shows: the first in its answers, all in its requests."""
    is_known = binding.entity is not None or binding.rows is not None or binding.made is not None
    if is_known or binding.told or binding.report is not None:
        return
    good = [sample for sample in endpoint.samples if sample.succeeded]
    for (is_sent, where), shown in _shown(endpoint, binding, good).items():
        if len(shown) * 2 < len(good) or any(one.entity == where for one in binding.also):
            continue
        path = _own_id([value for _, value in shown])
        if path is None or len(shown[0][1]) <= 2:
            continue
        yield _sight(endpoint, where, path, shown, is_sent=is_sent)
        if not is_sent:
            return


Shown = list[tuple[Sample, dict[str, Any]]]


def _shown(endpoint: Endpoint, binding: Binding, good: Sequence[Sample]) -> dict[tuple[bool, Path], Shown]:
    """Give the objects that were answered, and those that were sent (True), by their places."""
    is_asked = endpoint.method not in _READS and binding.role == "none"
    found: dict[tuple[bool, Path], Shown] = defaultdict(list)
    for sample in good:
        is_call = sample.operation is not None and bool(sample.operation.envelope)
        for is_sent, document in ((False, sample.answer_json), (True, sample.json if is_asked else None)):
            for where, value in objects_in(document) if isinstance(document, dict) else ():
                if is_call and not where:
                    continue  # what speaks of the call is no thing
                if len(where) < deepest_item(document):
                    found[is_sent, where].append((sample, value))
    return found


def _sight(endpoint: Endpoint, where: Path, path: Path, shown: Shown, *, is_sent: bool) -> Sight:
    label = re.sub(r"\W+", "_", str(where[-1])).lower() if where else ""
    fields = {name for _, value in shown for name in value}
    ids = {(sample.session, as_text(look(value, path))) for sample, value in shown}
    told = sum(as_text(look(value, path)) in _asked(sample) for sample, value in shown)
    is_told = not is_sent and told * 10 >= len(shown) * 8
    return Sight(endpoint, where, path, label, fields, ids, is_sent, is_told, told_kinds(value for _, value in shown))


def _own_id(objects: Sequence[dict[str, Any]]) -> Path | None:
    """Give where objects hold their id: in a member that is called so, alone or wrapped in its type."""
    for name in _ID_NAMES:
        values = [value.get(name) for value in objects]
        if all(is_scalar(value) and value is not None for value in values):
            return (name,)
        wrapped = [value for value in values if isinstance(value, dict) and len(value) == 1]
        kinds = {kind for value in wrapped for kind in value}
        is_whole = len(wrapped) == len(values) and len(kinds) == 1
        if is_whole and all(is_scalar(inner) for value in wrapped for inner in value.values()):
            return (name, kinds.pop())
    return _id_of_its_kind(objects)


def _id_of_its_kind(objects: Sequence[dict[str, Any]]) -> Path | None:
    """Give the id that objects begin with, where it is called after what they are: `userId`, `user_id`."""
    firsts = {next(iter(value), "") for value in objects}
    name = firsts.pop()
    if firsts or not _ID_OF_KIND.search(name):
        return None
    return (name,) if all(isinstance(value[name], str | int) for value in objects) else None


def _asked(sample: Sample) -> set[str]:
    """Give the scalars that a request sent, as texts."""
    document = sample.json if isinstance(sample.json, dict) else {}
    sent = {as_text(value) for _, value in parts(document) if is_scalar(value)}
    return sent | set(sample.segments) | {value[0] for value in sample.query.values()}


def find_list(endpoint: Endpoint, binding: Binding, collection: Collection, group: Sequence[Sight]) -> None:
    """Bind an endpoint that no path binds to the list of such things that it gives."""
    ids, fields = ids_of(group), {name for sight in group for name in sight.fields}
    if binding.role != "none" or binding.also or collection.id_path is None:
        return
    counts: Counter[Path] = Counter()
    for sample in endpoint.samples:
        for where, rows in lists_in(sample.answer_json) if sample.succeeded else ():
            made = [look(row, collection.id_path) for row in rows if isinstance(row, dict)]
            shown = {name for row in rows if isinstance(row, dict) for name in row}
            is_alike = len(shown & fields) >= len(shown | fields) * _ALIKE
            if is_alike and rows and len(made) == len(rows) and all(is_scalar(one) for one in made):
                counts[where] += sum((sample.session, as_text(one)) in ids for one in made)
    if counts and max(counts.values()) > 1:
        binding.role, binding.collection = "collection", collection
        binding.rows = likeliest(counts)
        binding.lists_by_call = endpoint.method not in _READS


def find_drops(
    endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding], collection: Collection, ids: Ids
) -> None:
    """Find the calls after which a thing that they name is not shown any more."""
    calls = sorted(
        ((sample, endpoint) for endpoint in endpoints for sample in endpoint.samples), key=lambda one: one[0].number
    )
    waiting: dict[tuple[int, str], set[tuple[Endpoint, Path]]] = defaultdict(set)
    votes: Counter[tuple[Endpoint, Path]] = Counter()
    for sample, endpoint in calls:
        own = [one for one in bindings[endpoint].also if one.collection is collection]
        is_put = any(one.is_sent for one in own)
        for path, key in _named(sample, ids):
            place = (sample.session, key)
            if own:
                is_shown = any(as_text(look(sample.answer_json, one.made)) == key for one in own if not one.is_sent)
                for cause in () if is_put else waiting.pop(place, ()):
                    votes[cause] += -2 if is_shown else 1
            elif sample.succeeded and endpoint.method not in _READS:
                waiting[place].add((endpoint, path))
    for (endpoint, path), count in votes.items():
        if count > 0:
            bindings[endpoint].drops.append((collection, path))


def _named(sample: Sample, ids: Ids) -> Iterator[tuple[Path, str]]:
    """Give the places of a request's JSON at which a known id stands, with the ids."""
    for path, value in parts(sample.json, longest_list=0) if isinstance(sample.json, dict) else ():
        if is_scalar(value) and value is not None and (sample.session, as_text(value)) in ids:
            yield path, as_text(value)
