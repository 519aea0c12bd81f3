"""Bare items: items that do not hold their ids, which makings and lists tell: `{"bookingid": 7, "booking": {…}}`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import are_only_ids, names_of_items
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import find_renamed_rows, objects_in, used_ids
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look

_Own: TypeAlias = Sequence[tuple[Endpoint, Binding]]
_SEVERAL: Final = 2


def find_bare_items(collections: Sequence[Collection], bindings: dict[Endpoint, Binding]) -> None:
    """Find where lists and makings tell the ids of items that do not hold them, and where makings show the item."""
    for collection in collections:
        if collection.id_path is not None or collection.is_single or collection.count != 1:
            continue
        own = [(endpoint, one) for endpoint, one in bindings.items() if one.collection is collection]
        names = names_of_items(own)
        for endpoint, binding in own if names else ():
            good = [sample for sample in endpoint.samples if sample.succeeded]
            if binding.role == "collection" and endpoint.method in ("GET", "HEAD"):
                binding.row_id = _id_in_rows(collection, own, binding, good, names)
                if binding.row_id is not None:
                    collection.told_id = collection.told_id or f"answer.json.{binding.row_id[0]}"
            elif isinstance(binding.made, tuple) and len(binding.made) == 1 and binding.entity is None:
                binding.entity = _place_beside(binding.made, good, names)
                collection.told_id = f"answer.json.{binding.made[0]}"


def _id_in_rows(
    collection: Collection, own: _Own, binding: Binding, good: Sequence[Sample], names: set[str]
) -> Path | None:
    """Give the member of rows that is an item's id, and that items do not have: the only one, or that of known ids."""
    lists = [look(sample.answer_json, binding.rows or ()) for sample in good]
    rows = [row for found in lists if isinstance(found, list) for row in found if isinstance(row, dict)]
    if are_only_ids(own, rows):
        return (next(iter(rows[0])),)
    find_renamed_rows(binding, good, _known_ids(collection, own))
    found = binding.row_id
    return found if found is not None and len(found) == 1 and found[0] not in names else None


def _known_ids(collection: Collection, own: _Own) -> dict[int, set[str]]:
    """Give the ids that each session's paths name or makings told, with those that several sessions name."""
    known = used_ids(collection, own)
    counts = Counter(key for keys in known.values() for key in keys)
    shared = {key for key, count in counts.items() if count >= _SEVERAL}
    found: dict[int, set[str]] = defaultdict(lambda: {*shared})
    for session, keys in known.items():
        found[session] |= keys
    for endpoint, binding in own:
        made = binding.made
        if not isinstance(made, tuple):
            continue
        for sample in endpoint.samples:
            told = look(sample.answer_json, made)
            if sample.succeeded and is_scalar(told) and told is not None:
                found[sample.session].add(as_text(told))
    return found


def _place_beside(made: Path, good: Sequence[Sample], names: set[str]) -> Path | None:
    """Give where all answers that tell an id show the item beside it: what has no members but those of items."""
    counts: Counter[Path] = Counter()
    for sample in good:
        counts.update(where for where, value in objects_in(sample.answer_json) if where and _is_item(value, names))
    return next((where for where, count in counts.items() if count == len(good) and where != made), None)


def _is_item(value: dict[str, Any], names: set[str]) -> bool:
    return bool(value) and set(value) <= names
