"""Ids at the ends of paths, as things are called in `shops/5/things/a7`: where answers show them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, leaves, parts


def places_ending(home: Template, key: str, sample: Sample) -> list[Path]:
    """Give the places at which an answer shows a path that ends with these words and a key."""
    end = "/".join(["", *map(str, home), key])
    shown = parts(sample.answer_json, longest_list=0)
    return [where for where, value in shown if where and isinstance(value, str) and f"/{value}".endswith(end)]


def places_of_links(collection: Collection, ids: AbstractSet[str], sample: Sample) -> list[Path]:
    """Give the places at which an answer shows paths of items that have some of these ids."""
    if not collection.is_linked:
        return []
    shown = leaves(sample.answer_json, longest_list=0)
    return [where for where, value in shown if isinstance(value, str) and collection.key_of(value) in ids - {value}]
