"""Adoption: lists under one item of things that have a path of their own, as a topic's posts under `/posts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import deepest_item, lists_in, place_of_rows
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template, is_typed, singular
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look, parts, rows_at

Used = Mapping[int, set[str]]
"""The ids that paths name, by session."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_LONG: Final = 8
_FEWEST_ROWS: Final = 4
_FEWEST_LOCATED: Final = 2
_CREATED: Final = 201


def adopt(
    endpoints: Sequence[Endpoint], collections: Mapping[Template, Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Bind lists, and what makes items, under another item's path to the collection whose items they show."""
    templates = {endpoint.template for endpoint in endpoints}
    is_once = len({sample.session for endpoint in endpoints for sample in endpoint.samples}) == 1
    # In one session things may be named by paths of what is below them alone.
    above = {one[: len(path)] for one in templates for path in collections if is_once}
    homes = [one for path, one in collections.items() if path in templates | above and one.count]
    used = {one: _used(endpoints, one.template) for one in homes}
    written = {bindings[one].collection for one in endpoints if one.method not in READS}
    making: dict[Template, Collection] = {}
    for endpoint in sorted(endpoints, key=lambda one: one.method != "POST"):
        template, binding = endpoint.template, bindings[endpoint]
        if endpoint.method not in _METHODS or not template or template[-1] is None or (*template, None) in templates:
            continue
        located = _located(endpoint, homes)
        if located is None and not (endpoint.params and binding.role in ("collection", "action")):
            continue
        owners = [*binding.parents]
        if binding.role == "action" and binding.collection is not None:
            owners.append((binding.collection, binding.collection.count))
        known = {one for one, _ in owners}
        near = [one for one in used if one not in known and (one.count == 1 or is_near(one.home, template))]
        # A row may also tell ids of what it belongs to: a collection that is called as the list goes before others,
        # and what calls write before what may be another way to read it.
        called = singular(template[-1])
        near.sort(key=lambda one: (singular(one.home[-1] or "") != called, one not in written))
        home = making.get(template) or (located if located not in known else None)
        home = home or next((one for one in near if _shows_items_of(one, endpoint, used[one])), None)
        if home is not None and (endpoint.method == "POST" or template not in making or _lists(endpoint)):
            if endpoint.method == "POST":  # what is made at a path is what is listed there, whoever names it later
                making[template] = home
            binding.role, binding.collection, binding.parents = "collection", home, owners
            binding.is_elsewhere, binding.above = True, home.count - 1


def _located(endpoint: Endpoint, homes: Sequence[Collection]) -> Collection | None:
    """Give the collection in which an endpoint makes items: most answers show one, and say its path in `Location`.

    So does what confirms a hold and answers the booking that came of it.
    """
    made = [sample for sample in endpoint.samples if endpoint.method == "POST" and sample.answered_status == _CREATED]
    for one in homes:
        told = sum(_tells_item_at(sample, one.template) for sample in made)
        if told >= _FEWEST_LOCATED and told * 10 >= len(made) * 9:
            return one
    return None


def _tells_item_at(sample: Sample, template: Template) -> bool:
    """Tell whether `Location` is a path of this form, and the answer is an object with the id at its end."""
    location = (sample.answer_header("location") or "").partition("?")[0]
    names = tuple(urlsplit(location).path.strip("/").split("/"))
    is_so = len(names) == len(template) and all(
        part in (None, name) for part, name in zip(template, names, strict=True)
    )
    told = sample.answer_json if isinstance(sample.answer_json, dict) else {}
    return is_so and any(is_scalar(value) and as_text(value) == names[-1] for value in told.values())


def _lists(endpoint: Endpoint) -> bool:
    """Tell whether some answer has rows that are objects."""
    return any(
        isinstance(row, dict)
        for sample in endpoint.samples
        if sample.succeeded
        for _, rows in lists_in(sample.answer_json)
        for row in rows
    )


def is_near(home: Template, template: Template) -> bool:
    """Tell whether a path names an item below the one that a collection's own path `home` names."""
    above = home[: len(home) - home[::-1].index(None)] if None in home else ()
    return template[: len(above)] == above and None in template[len(above) :]


def adopt_below(
    endpoints: Sequence[Endpoint], collections: Mapping[Template, Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Bind reads of what has things right below it, as a bucket has objects, to these where their lists show them."""
    for endpoint in endpoints:
        template, binding = endpoint.template, bindings[endpoint]
        below = collections.get((*template, None))
        if endpoint.method != "GET" or binding.role != "item" or binding.collection is None or below is None:
            continue
        if _shows_mostly(endpoint, _used(endpoints, below.template)):
            binding.parents = [*binding.parents, (binding.collection, binding.collection.count)]
            binding.role, binding.collection = "collection", below


def _shows_mostly(endpoint: Endpoint, used: Used) -> bool:
    """Tell whether the rows of most answers hold any of these ids."""
    good = [sample for sample in endpoint.samples if sample.succeeded]
    shown = sum(bool(_ids(sample, used.get(sample.session, set()))) for sample in good)
    return shown > 1 and shown * 2 > len(good)


def adopt_views(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Bind lists at a path of their own to the collection whose items they show: a feed, what is mine, a search."""
    known = {one: _known(one, endpoints, bindings) for one in collections if one.count == 1 and one.id_path}
    for endpoint in endpoints:
        binding = bindings[endpoint]
        is_free = binding.role == "none" and not binding.also and endpoint.operation is None
        if endpoint.method != "GET" or not is_free or endpoint.params or not endpoint.template:
            continue
        place = place_of_rows(endpoint)
        shown = next((one for one in known if place is not None and _is_view(endpoint, place, one, known[one])), None)
        if shown is not None:
            binding.role, binding.collection, binding.rows = "collection", shown, place
            binding.is_elsewhere = True


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a collection's items: their ids by session, and the names of their members."""

    ids: Mapping[int, set[str]]
    names: set[str]


def _known(collection: Collection, endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> _Known:
    ids: dict[int, set[str]] = defaultdict(set)
    names: set[str] = set()
    for endpoint in endpoints:
        binding = bindings[endpoint]
        for sample in endpoint.samples if binding.collection is collection else ():
            for item in _items(sample, binding) if sample.succeeded else ():
                own = look(item, collection.id_path or ())
                if is_scalar(own) and own is not None:
                    ids[sample.session].add(as_text(own))
                    names |= set(item)
    return _Known(ids, names)


def _items(sample: Sample, binding: Binding) -> Iterator[dict[str, object]]:
    rows = look(sample.answer_json, binding.rows) if binding.rows is not None else ()
    shown = look(sample.answer_json, binding.entity) if binding.entity is not None else None
    yield from (one for one in [*(rows if isinstance(rows, list) else ()), shown] if isinstance(one, dict))


def _is_view(endpoint: Endpoint, place: Path, collection: Collection, known: _Known) -> bool:
    """Tell whether rows are items of a collection: nearly all were made in their session, or are seen in others."""
    everywhere = set().union(*known.ids.values()) if known.ids else set()
    told: list[bool] = []
    for sample in endpoint.samples:
        for row in rows_at(sample.answer_json, place) if sample.succeeded else ():
            own = look(row, collection.id_path or ())
            is_known = is_scalar(own) and as_text(own) in (known.ids.get(sample.session, set()) | everywhere)
            told.append(is_known and isinstance(row, dict) and len(known.names & set(row)) * 2 > len(row) > 1)
    return len(told) >= _FEWEST_ROWS and sum(told) * 10 >= len(told) * 9


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
    shared = _shared(good)
    shown = [_ids(sample, used.get(sample.session, set()), shared) for sample in good]
    last = endpoint.template[-1]
    if last is not None and collection.home and singular(collection.home[-1] or "") == singular(last):
        return any(shown)
    is_list = endpoint.method in ("GET", "HEAD")
    telling = [ids for ids in shown if any(is_typed(one) and len(one) >= _LONG for one in ids)]
    return is_list and len(telling) * 2 > len(good)


def _shared(samples: Sequence[Sample]) -> set[Path]:
    """Give where rows of one list hold the same value: it names what they belong to, and not one of them."""
    found: set[Path] = set()
    for sample in samples if samples and samples[0].method != "POST" else ():
        for _, rows in lists_in(sample.answer_json):
            seen: set[tuple[Path, str]] = set()
            for path, value in (one for row in rows for one in _of_row(row) if is_scalar(one[1])):
                if (path, as_text(value)) in seen:
                    found.add(path)
                seen.add((path, as_text(value)))
    return found


def _ids(sample: Sample, used: set[str], shared: AbstractSet[Path] = frozenset()) -> set[str]:
    """Give those of the ids that an answer shows as rows of a list, or as what it has made; not what rows share."""
    return {as_text(value) for value in _told(sample, shared) if is_scalar(value)} & used


def _of_row(row: object) -> Iterator[tuple[Path, object]]:
    if isinstance(row, dict):
        yield from ((path, value) for path, value in parts(row, longest_list=0) if len(path) <= 2)


def _told(sample: Sample, shared: AbstractSet[Path]) -> Iterator[object]:
    if sample.method == "POST":
        deepest = deepest_item(sample.answer_json)
        yield from (value for where, value in parts(sample.answer_json, longest_list=0) if len(where) <= deepest)
        yield (sample.answer_header("location") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
        return
    for _, rows in lists_in(sample.answer_json):
        for row in rows:
            yield from (value for path, value in _of_row(row) if path not in shared)
