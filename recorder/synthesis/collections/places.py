"""Places: where in the answers of an endpoint the items of its collection stand, and where in an item its id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeAlias

from cassettes.xmltree import is_tree
from recorder.synthesis.collections.attributes import are_mostly, are_only_ids, names_of_items, said_by_sender
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.envelopes import are_envelopes
from recorder.synthesis.collections.given_ids import are_names, only_given_id
from recorder.synthesis.collections.linked_ids import places_ending, places_of_links
from recorder.synthesis.collections.locations import are_located, last_segment
from recorder.synthesis.collections.only_rows import place_of_only_row
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, leaves, look, parts

_Own: TypeAlias = Sequence[tuple[Endpoint, Binding]]
_ODD: Final = 2
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_DEEPEST_ITEM: Final = 3
_AROUND_ELEMENTS: Final = 2
_DEEPEST_ID: Final = 2


def deepest_item(value: Any) -> int:
    """Give how many steps into a document items may stand: in XML there is more around them."""
    return _DEEPEST_ITEM + _AROUND_ELEMENTS if is_tree(value) else _DEEPEST_ITEM


def objects_in(value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give the objects in a JSON value that may be items, with their places."""
    deepest = deepest_item(value)
    for where, one in parts(value, longest_list=0):
        if isinstance(one, dict) and len(where) <= deepest:
            yield where, one


def lists_in(value: Any) -> Iterator[tuple[Path, list[Any]]]:
    """Give the lists in a JSON value that may be of items, with their places."""
    deepest = deepest_item(value)
    for where, one in parts(value, longest_list=0):
        if isinstance(one, list) and len(where) <= deepest:
            yield where, one


def locate(collection: Collection, bindings: dict[Endpoint, Binding]) -> None:
    """Find where the collection's items hold their id, and where in the answers of its endpoints they stand."""
    own = [(endpoint, one) for endpoint, one in bindings.items() if one.collection is collection]
    collection.id_path = _id_path(collection, own)
    is_known = collection.is_single or _shows_ids(collection.id_path, own)
    linked = None if is_known else _linked_id(collection.home[-1:], own)
    if linked is not None:
        collection.id_path, collection.is_linked = linked, True
    for endpoint, binding in sorted(own, key=lambda one: one[1].role == "action"):
        good = [sample for sample in endpoint.samples if sample.succeeded and sample.answer_json is not MISSING]
        if binding.role in ("item", "action"):
            names = names_of_items(own) if binding.role == "action" else set()
            binding.entity = place_of_item(collection, endpoint, binding, good, names)
            if endpoint.operation is not None and binding.role == "action" and not _is_item(binding, good, own):
                binding.entity = None
        elif endpoint.method in ("GET", "HEAD"):
            _find_rows(collection, binding, good)
            if not _has_rows(collection, binding, good) and collection.id_path is not None:
                find_renamed_rows(binding, good, used_ids(collection, own))
        else:
            _find_made(collection, endpoint, binding, own)
    for endpoint, binding in own:
        if binding.role == "item" and binding.entity is None and endpoint.method in ("PUT", "PATCH"):
            binding.entity = _place_of_renamed(collection, endpoint, own)


def _place_of_renamed(collection: Collection, endpoint: Endpoint, own: _Own) -> Path | None:
    """Give where most answers show an item that is called otherwise than the path said: it has all that items have."""
    read = [one for one in own if one[0].method == "GET" and one[1].role == "item"]
    names = {
        frozenset(value)
        for other, binding in read
        for sample in other.samples
        if sample.succeeded and isinstance(value := look(sample.answer_json, binding.entity or ()), dict)
    }
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
    counts = Counter(
        where
        for sample in good
        for where, value in objects_in(sample.answer_json)
        if collection.id_path and frozenset(value) in names and is_scalar(look(value, collection.id_path))
    )
    return next((where for where, count in counts.items() if count * 2 > len(good)), None)


def place_of_item(
    collection: Collection,
    endpoint: Endpoint,
    binding: Binding,
    good: Sequence[Sample],
    names: AbstractSet[str] = frozenset(),
) -> Path | None:
    """Give where most answers show the item that their path names, or None.

    Short numbers name things of several kinds. So what always holds the id is the item, and not what does now and
    then; and of several such places what has mostly the `names` of members that items have.
    """
    counts: Counter[Path] = Counter()
    objects = [sample for sample in good if isinstance(sample.answer_json, dict)]
    place = collection.count - 1
    for sample in objects if place >= 0 else ():
        own = endpoint.values(sample)[place]
        shown = objects_in(sample.answer_json) if collection.id_path else ()
        counts.update(
            where for where, value in shown if collection.key_of(look(value, collection.id_path or ())) == own
        )
    likely = [where for where, count in counts.items() if count * 2 > len(objects)]
    if likely:
        always = [where for where in likely if counts[where] == len(objects)] or likely
        called = [where for where in always if are_mostly(names, where, objects)]
        found = min(called or always, key=len)
        return None if are_envelopes(found, objects, collection.id_path, names) else found
    is_own = bool(objects) and binding.role == "item"
    if is_own and collection.id_path is None and endpoint.method in ("GET", "PUT", "PATCH", "POST"):
        return ()
    return place_of_only_row(collection, endpoint, objects) if is_own else None


def _is_item(binding: Binding, good: Sequence[Sample], own: _Own) -> bool:
    """Tell whether what the answers of an operation show is an item: it has no members that items do not have."""
    shown = [value for sample in good if isinstance(value := look(sample.answer_json, binding.entity or ()), dict)]
    known = names_of_items(own)
    return not known or {name for value in shown for name in value} <= known


def _id_path(collection: Collection, own: _Own) -> Path | None:
    """Find where an item holds its id: in the answers of its own path, else in what is made, else in rows."""
    if collection.is_single:
        return None
    shown = _places_of_shown(own, ("GET",)) or _places_of_shown(own)
    best = _likely_place(shown)
    if best is None and not shown:
        best = _likely_place(list(_places_of_made(own))) or _place_in_makings(own)
    if best is not None:
        return _as_in_rows(best, _rows_of(own))
    in_rows = _own_id(_lists_of(own)) or _unique_field(_rows_of(own))
    return None if are_only_ids(own, _rows_of(own)) else in_rows or only_given_id(own) or own_field(_made_by(own))


def _told_of(own: _Own, methods: Sequence[str] = _METHODS) -> Iterator[tuple[str, Sample]]:
    """Give the id in each item's own path that was answered, with the answer."""
    for endpoint, binding in own:
        for sample in endpoint.samples if binding.role == "item" and endpoint.method in methods else ():
            if sample.succeeded and _tells(sample):
                yield endpoint.values(sample)[-1], sample


def _shows_ids(place: Path | None, own: _Own) -> bool:
    """Tell whether any answer of an item's own path shows the id in the path at this place of an object."""
    return place is not None and any(
        as_text(look(value, place)) == key
        for key, sample in _told_of(own)
        for _, value in objects_in(sample.answer_json)
    )


def _linked_id(home: Template, own: _Own) -> Path | None:
    """Give the member that most answers of an item's own path show as a path that ends as that one: `things/a7`."""
    best = _likely_place([places_ending(home, key, sample) for key, sample in _told_of(own, ("GET",))])
    return None if best is None else _as_in_rows(best, _rows_of(own))


def _places_of_shown(own: _Own, methods: Sequence[str] = ()) -> list[list[Path]]:
    """Give for each answer of an item's own path the places that hold the id in that path."""
    return [_places_of({key}, sample) for key, sample in _told_of(own, methods or _METHODS)]


def _made_by(own: _Own) -> list[list[dict[str, Any]]]:
    """Give what senders said of the things that they made, and was answered, of each session."""
    made: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for endpoint, binding in own:
        for sample in endpoint.samples if binding.role == "collection" and endpoint.method == "POST" else ():
            if sample.succeeded and _tells(sample):
                made[sample.session].append(said_by_sender(sample))
    return list(made.values())


def _tells(sample: Sample) -> bool:
    """Tell whether an answer says anything: that something is gone may be said by an empty object."""
    return isinstance(sample.answer_json, dict) and bool(sample.answer_json)


def _likely_place(shown: Sequence[Sequence[Path]]) -> Path | None:
    """Give the place at which more than half of the answers show an id."""
    counts = Counter(where for places in shown for where in places if isinstance(where[-1], str))
    likely = [where for where, count in counts.items() if count * 2 > len(shown)]
    return min(likely, key=lambda where: (len(where), -counts[where], _oddness(where)), default=None)


def _places_of_made(own: _Own) -> Iterator[list[Path]]:
    """Give for each answer that tells where the new item is the places that hold its id."""
    for endpoint, binding in own:
        for sample in endpoint.samples if binding.role == "collection" and endpoint.method == "POST" else ():
            made = last_segment(sample.answer_header("location"))
            if made and sample.succeeded and _tells(sample):
                yield _places_of({made}, sample)


def _place_in_makings(own: _Own) -> Path | None:
    """Give where in what an operation makes its id is, where later calls told that."""
    made = (one.operation.made for one, _ in own if one.operation is not None)
    return next((path[-1:] for path in made if path), None)


def _lists_of(own: _Own) -> list[list[dict[str, Any]]]:
    """Give the lists of objects of a collection."""
    return [
        [row for row in found if isinstance(row, dict)]
        for endpoint, binding in own
        if binding.role == "collection" and endpoint.method == "GET"
        for sample in endpoint.samples
        if sample.succeeded
        for _, found in lists_in(sample.answer_json)
    ]


def _own_id(lists: Sequence[Sequence[dict[str, Any]]]) -> Path | None:
    """Give the member that is called as all ids are, where it tells the rows of each list apart."""
    found = own_field(lists)
    return found if found is not None and not _oddness(found) else None


def _rows_of(own: _Own) -> list[dict[str, Any]]:
    """Give the objects in the lists of a collection."""
    return [
        row
        for endpoint, binding in own
        if binding.role == "collection"
        for sample in endpoint.samples
        if sample.succeeded
        for _, found in lists_in(sample.answer_json)
        for row in found
        if isinstance(row, dict)
    ]


def _as_in_rows(place: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Give the end of an id's place that rows have too: its last step, or as many as rows are deep."""
    ends = [place[-size:] for size in range(1, len(place) + 1)]
    return max(ends, key=lambda end: (sum(is_scalar(look(row, end)) for row in rows), -len(end)))


def _places_of(wanted: set[str], sample: Sample) -> list[Path]:
    """Give the places of an answer at which one of these texts stands."""
    return [
        where
        for where, value in parts(sample.answer_json, longest_list=0)
        if where and is_scalar(value) and value is not None and as_text(value) in wanted
    ]


def _unique_field(rows: Sequence[dict[str, Any]]) -> Path | None:
    """Give the field by which rows differ, if there is one: best one that is called as ids are."""
    if not rows:
        return None
    names = [name for name in rows[0] if all(name in row and is_scalar(row[name]) for row in rows)]
    counts = {name: len({as_text(row[name]) for row in rows}) for name in names}
    ranked = sorted(names, key=lambda name: (_oddness((name,)), -counts[name]))
    return next(((name,) for name in ranked if counts[name] > len(rows) // 3), None)


def own_field(lists: Sequence[Sequence[dict[str, Any]]]) -> Path | None:
    """Give the field that is called as ids are and that tells the rows of each list apart, or None."""
    rows = [row for found in lists for row in found]
    names = [name for name in (rows[0] if rows else ()) if all(name in row and is_scalar(row[name]) for row in rows)]
    for name in sorted(names, key=lambda name: _oddness((name,))):
        is_unique = all(len({as_text(row[name]) for row in found}) == len(found) for found in lists)
        if _oddness((name,)) < _ODD and is_unique:
            return (name,)
    return None


def _oddness(where: Path) -> int:
    """Rank the name of a field as an id's: what is called so by everybody first."""
    name = str(where[-1]).lower().strip("_")
    if name in ("id", "uuid", "key", "uid"):
        return 0
    return 1 if name.endswith(("id", "key", "uuid", "code", "slug", "name")) else 2


def _find_rows(collection: Collection, binding: Binding, good: Sequence[Sample]) -> None:
    counts: Counter[Path] = Counter()
    ids: Counter[Path] = Counter()
    for sample in good:
        for where, rows in lists_in(sample.answer_json):
            if all(_is_row(row, collection) for row in rows):
                counts[where] += len(rows)
            elif all(isinstance(row, str) for row in rows):
                ids[where] += len(rows)
    full = [where for where in counts if counts[where] > 0] or [where for where in counts if not ids]
    if full:
        binding.rows = max(full, key=lambda where: (counts[where], -len(where)))
    elif ids:
        binding.rows, binding.rows_are_ids = likeliest(ids), True


def _has_rows(collection: Collection, binding: Binding, good: Sequence[Sample]) -> bool:
    """Tell whether any list was seen to have a row with the id of an item."""
    rows = [look(sample.answer_json, binding.rows) for sample in good] if binding.rows is not None else []
    return binding.rows_are_ids or any(
        _is_row(row, collection) for found in rows if isinstance(found, list) for row in found
    )


def find_renamed_rows(binding: Binding, good: Sequence[Sample], used: dict[int, set[str]]) -> None:
    """Find rows that hold the ids of items in a member of another name: most of them are ids that paths name."""
    counts: Counter[tuple[Path, Path]] = Counter()
    totals: Counter[Path] = Counter()
    for sample in good:
        for where, rows in lists_in(sample.answer_json):
            objects = [row for row in rows if isinstance(row, dict)]
            totals[where] += len(objects)
            for row in objects:
                counts.update((where, path) for path, value in _scalars(row) if as_text(value) in used[sample.session])
    likely = [pair for pair, count in counts.items() if count > 1 and count * 2 > totals[pair[0]]]
    if likely:
        binding.rows, binding.row_id = max(likely, key=lambda pair: (counts[pair], -len(pair[1]), -_oddness(pair[1])))


def _scalars(row: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    for path, value in leaves(row, longest_list=0):
        if path and len(path) <= _DEEPEST_ID and value is not None and not isinstance(value, bool):
            yield path, value


def _is_row(row: Any, collection: Collection) -> bool:
    return isinstance(row, dict) and (collection.id_path is None or look(row, collection.id_path) is not MISSING)


def place_of_rows(endpoint: Endpoint) -> Path | None:
    """Give where the answers of an endpoint have a list of objects."""
    counts: Counter[Path] = Counter()
    for sample in endpoint.samples:
        for where, rows in lists_in(sample.answer_json) if sample.succeeded else ():
            if rows and all(isinstance(row, dict) for row in rows):
                counts[where] += len(rows)
    return likeliest(counts) if counts else None


def likeliest(counts: Counter[Path]) -> Path:
    """Give the place that is counted most often; of several the one that is nearest to the top."""
    return max(counts, key=lambda where: (counts[where], -len(where)))


def _find_made(collection: Collection, endpoint: Endpoint, binding: Binding, own: _Own) -> None:
    """Find where an endpoint that makes items tells of them: an object with an id, an id alone, or `location`."""
    good = [sample for sample in endpoint.samples if sample.succeeded]
    used = used_ids(collection, own)
    ids: Counter[Path] = Counter()
    objects: Counter[Path] = Counter()
    for sample in good:
        later = used[sample.session]
        shown: set[str] = set()
        for where, value in objects_in(sample.answer_json) if collection.id_path is not None else ():
            found = look(value, collection.id_path or ())
            is_other = collection.is_linked and collection.key_of(found) == found
            if is_scalar(found) and found is not None and not is_other:
                objects[where] += 1 + (collection.key_of(found) in later)
                shown.add(collection.key_of(found))
        sent = {as_text(value) for _, value in leaves(sample.asked)} if isinstance(sample.asked, dict) else set()
        # What is made of another thing tells of that, too, which the request names.
        ids.update(_places_of(later - sent if shown and shown.isdisjoint(sent) else later, sample))
        ids.update(places_of_links(collection, later, sample))
    most = max(ids.values(), default=0)
    are_used = most * 2 > len(good) or (most > 1 and are_names(likeliest(ids), most, good, own))
    if objects:
        entity = likeliest(objects)
        made = (*entity, *(collection.id_path or ()))
        is_other = are_used and made not in ids and not collection.is_linked
        binding.entity, binding.made = (None, likeliest(ids)) if is_other else (entity, made)
    elif are_used:
        binding.made = likeliest(ids)
    elif are_located(good, used):
        binding.made = "location"


def used_ids(collection: Collection, own: _Own) -> dict[int, set[str]]:
    """Give the ids that paths of each session name."""
    used: dict[int, set[str]] = defaultdict(set)
    place = collection.count - 1
    for endpoint, binding in own:
        for sample in endpoint.samples if binding.role in ("item", "action") and place >= 0 else ():
            used[sample.session].add(endpoint.values(sample)[place])
    return used
