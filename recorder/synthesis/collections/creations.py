"""Creations: items that a call makes in a collection that is not its own, told by ids that paths name later."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection, Creation
from recorder.synthesis.collections.linked_ids import places_of_links
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, leaves, look, parts

FirstUses: TypeAlias = dict[int, dict[str, int]]
"""By session and id the number of the first sample whose path names it."""
_LONG_ID: Final = 5
_CALLED: Final = re.compile(r"[_-]?(?:id|key|no|nr|number|code|ref)$")
_SOME: Final = 20
_LEAST: Final = 2
_SEVERAL: Final = 4
_MOST_TENTHS: Final = 8


def find_creations(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> None:
    """Find endpoints whose answers tell of new items of a collection that is not theirs, or of one beside their own."""
    used = _first_uses(endpoints, collections, bindings)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        if endpoint.method in ("GET", "HEAD", "OPTIONS"):
            continue
        own = {binding.collection, *(one for one, _ in binding.parents)}
        good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
        binding.also += _linked(endpoint, [one for one in collections if one not in own], good, used)
        if binding.made is not None:
            continue
        for collection in collections:
            is_free = collection not in own and collection.count == 1 and not collection.is_linked
            made = _places_of_new(good, used[collection]) if is_free else []
            made = [where for where in made if _speaks_of(where, collection, good, bindings)]
            if made:
                binding.also.append(_creation(collection, made))
        if not binding.also:
            binding.also += _made_of_another(endpoint, binding, good, used, bindings)
        if not binding.also:
            binding.also += _read_again(good, [one for one in collections if one not in own], bindings)
        if not binding.also:
            binding.also += _shown_whole(endpoint, good, [one for one in collections if one not in own], bindings)


def _read_again(
    good: Sequence[Sample], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> list[Creation]:
    """Give what one session made as new items of a collection, of which it read but a few: all look as these do."""
    if len({sample.session for sample in good}) != 1 or len(good[0].answer_json) < _SEVERAL:
        return []
    for collection in (one for one in collections if one.count == 1 and one.id_path is not None):
        read = [
            (sample.number, endpoint.values(sample)[0], item)
            for endpoint, binding in bindings.items()
            if binding.collection is collection and binding.role == "item" and endpoint.method == "GET"
            for sample in endpoint.samples[:_SOME]
            if sample.succeeded and isinstance(item := look(sample.answer_json, binding.entity or ()), dict)
        ]
        path = collection.id_path or ()
        is_again = any(
            number > sample.number and as_text(look(sample.answer_json, path)) == key and _are_alike(sample, item)
            for sample in good
            for number, key, item in read
        )
        if is_again and all(set(sample.answer_json) == set(good[0].answer_json) for sample in good):
            return [Creation(collection, (), path)]
    return []


def _are_alike(sample: Sample, item: Mapping[str, object]) -> bool:
    """Tell whether an answer shows all members of an item and few more, most of them as they are read later."""
    shown = sample.answer_json
    same = sum(item[name] == value for name, value in shown.items() if name in item)
    return set(shown) >= set(item) and same * 10 >= len(shown) * _MOST_TENTHS


def _shown_whole(
    endpoint: Endpoint, good: Sequence[Sample], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> list[Creation]:
    """Give what answers show whole under a name, as new items of a collection below the same path are shown."""
    for collection in collections:
        above = collection.count - 1
        is_near = collection.template[:-2] == endpoint.template[: len(collection.template) - 2]
        if not good or not is_near or collection.id_path is None or above < 1:
            continue
        known = _item_names(collection, bindings)
        for name, value in good[0].answer_json.items():
            shown = [look(sample.answer_json, (name,)) for sample in good]
            ids = [as_text(look(one, collection.id_path)) for one in shown if isinstance(one, dict)]
            is_whole = isinstance(value, dict) and known and set(value) == known
            if is_whole and len(ids) == len(good) == len(set(ids)) and all(ids):
                return [Creation(collection, (name,), (name, *collection.id_path), above=above)]
    return []


def _made_of_another(
    endpoint: Endpoint,
    binding: Binding,
    good: Sequence[Sample],
    used: Mapping[Collection, FirstUses],
    bindings: Mapping[Endpoint, Binding],
) -> list[Creation]:
    """Give the new item that answers show whole where the path names another of its kind, as a reversal of an entry."""
    collection = binding.collection
    if binding.role != "action" or collection is None or collection.id_path is None or endpoint.operation is not None:
        return []
    known, place = _item_names(collection, bindings), collection.count - 1
    if len(good) < _LEAST or not known or place < 0 or binding.entity is not None:
        return []
    for where in ((), *((name,) for name in good[0].answer_json)):
        shown = [look(sample.answer_json, where) for sample in good]
        if not all(isinstance(one, dict) and set(one) == known for one in shown):
            continue
        ids = [as_text(look(one, collection.id_path)) for one in shown]
        named = [endpoint.values(sample)[place] for sample in good]
        are_new = (
            own not in (one, "") and used[collection][sample.session].get(own, sample.number + 1) > sample.number
            for own, one, sample in zip(ids, named, good, strict=True)
        )
        if all(are_new):
            return [Creation(collection, where, (*where, *collection.id_path), above=place)]
    return []


def _item_names(collection: Collection, bindings: Mapping[Endpoint, Binding]) -> set[str]:
    """Give the names of the members of items as they are shown when they are made."""
    for endpoint, binding in bindings.items():
        if binding.collection is collection and binding.made is not None and binding.entity is not None:
            for sample in endpoint.samples:
                item = look(sample.answer_json, binding.entity) if sample.succeeded else None
                if isinstance(item, dict):
                    return set(item)
    return set()


def _first_uses(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> dict[Collection, FirstUses]:
    used: dict[Collection, FirstUses] = {one: defaultdict(dict) for one in collections}
    for endpoint in endpoints:
        binding = bindings[endpoint]
        # What lists at the path of another item names that one, and none of what it lists.
        own = [(binding.collection, 0)] if binding.collection and not binding.is_elsewhere else []
        for collection, count in [*binding.parents, *own]:
            place = collection.count - 1
            if not 0 <= place < len(endpoint.params) or count not in (0, place + 1):
                continue
            for sample in endpoint.samples:
                if sample.status < 400:
                    used[collection][sample.session].setdefault(endpoint.values(sample)[place], sample.number)
    return used


def _places_of_new(good: Sequence[Sample], used: FirstUses) -> list[Path]:
    """Give the places at which most answers show ids that paths name only later."""
    counts: Counter[Path] = Counter()
    for sample in good:
        later = used[sample.session]
        counts.update(
            where
            for where, value in parts(sample.answer_json, longest_list=0)
            if where and is_scalar(value) and later.get(as_text(value), -1) > sample.number
        )
    return [where for where, count in counts.items() if count * 2 > len(good)]


def _linked(
    endpoint: Endpoint,
    collections: Sequence[Collection],
    good: Sequence[Sample],
    used: Mapping[Collection, FirstUses],
) -> list[Creation]:
    """Give the new items of other collections to which most answers lead by their paths, as to `operations/7`."""
    found = []
    for collection in collections:
        places = _links_to_new(collection, good, used[collection]) if _has_all_above(endpoint, collection) else []
        found += [_creation(collection, places)] if places else []
    return found


def _has_all_above(endpoint: Endpoint, collection: Collection) -> bool:
    """Tell whether a path names all that the items of a collection are below."""
    names = collection.template[:-2]
    return endpoint.template[: len(names)] == names


def _links_to_new(collection: Collection, good: Sequence[Sample], used: FirstUses) -> list[Path]:
    """Give the places at which most answers show paths of items that are named only later, as `operations/7`."""
    counts: Counter[Path] = Counter()
    for sample in good:
        later = {key for key, number in used[sample.session].items() if number > sample.number}
        counts.update(places_of_links(collection, later, sample))
    return [where for where, count in counts.items() if count * 2 > len(good)]


def _speaks_of(
    where: Path, collection: Collection, good: Sequence[Sample], bindings: Mapping[Endpoint, Binding]
) -> bool:
    """Tell whether a place may hold ids of a collection: short numbers of other things may be the same by chance.

    It is called so, or the object that holds it looks like the collection's items.
    """
    word = singular(collection.name)
    if any(isinstance(step, str) and _CALLED.sub("", singular(step.lower())) == word for step in where):
        return True
    if any(len(as_text(look(sample.answer_json, where))) >= _LONG_ID for sample in good):
        return True
    fields = {
        name
        for endpoint, binding in bindings.items()
        if binding.collection is collection and binding.role == "item" and binding.entity is not None
        for sample in endpoint.samples[:_SOME]
        if isinstance(item := look(sample.answer_json, binding.entity), dict) and sample.succeeded
        for name in _members(item)
    }
    shown = {name for sample in good[:_SOME] for name in _members(look(sample.answer_json, where[:-1]))}
    return len(fields & shown) * 2 >= len(fields | shown)


def _members(value: object) -> set[str]:
    """Give the names in an object, and in its objects."""
    found = leaves(value, longest_list=0) if isinstance(value, dict) else ()
    return {".".join(map(str, path[:2])) for path, _ in found}


def _creation(collection: Collection, likely: Sequence[Path]) -> Creation:
    """Give what is made, told at one of these places: best one that is called as the collection's ids are."""
    end = (collection.id_path or ())[-1:]
    made = min(likely, key=lambda where: (where[-1:] != end, len(where)))
    is_item = collection.id_path is not None and made[-1:] == collection.id_path
    return Creation(collection, made[:-1] if is_item else None, made, above=collection.count - 1)
