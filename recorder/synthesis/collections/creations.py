"""Creations: items that a call makes in a collection that is not its own, told by ids that paths name later."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection, Creation
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, leaves, look, parts

FirstUses: TypeAlias = dict[int, dict[str, int]]
"""By session and id the number of the first sample whose path names it."""
_LONG_ID: Final = 5
_CALLED: Final = re.compile(r"[_-]?(?:id|key|no|nr|number|code|ref)$")
_SOME: Final = 20


def find_creations(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> None:
    """Find endpoints whose answers tell of new items of a collection that is not theirs."""
    used = _first_uses(endpoints, collections, bindings)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        if endpoint.method in ("GET", "HEAD", "OPTIONS") or binding.made is not None:
            continue
        own = {binding.collection, *(one for one, _ in binding.parents)}
        good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
        for collection in collections:
            made = _places_of_new(good, used[collection]) if collection not in own and collection.count == 1 else []
            made = [where for where in made if _speaks_of(where, collection, good, bindings)]
            if made:
                binding.also.append(_creation(collection, made))
                break


def _first_uses(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> dict[Collection, FirstUses]:
    used: dict[Collection, FirstUses] = {one: defaultdict(dict) for one in collections}
    for endpoint in endpoints:
        binding = bindings[endpoint]
        own = [(binding.collection, 0)] if binding.collection else []
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
    return Creation(collection, made[:-1] if is_item else None, made)
