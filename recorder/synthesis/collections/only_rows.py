"""Only rows: items that are shown as the one row of a list, where others of their service have several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, look, parts

_LEAST: Final = 2


def place_of_only_row(collection: Collection, endpoint: Endpoint, good: Sequence[Sample]) -> Path | None:
    """Give where all answers have a list whose only row is the item that their path names, of two items at least."""
    wanted = [endpoint.values(sample)[collection.count - 1] for sample in good] if collection.count else []
    if collection.id_path is None or len(set(wanted)) < _LEAST:
        return None
    counts = Counter(
        where
        for sample, key in zip(good, wanted, strict=True)
        for where, rows in parts(sample.answer_json, longest_list=0)
        if isinstance(rows, list) and len(rows) == 1 and collection.key_of(look(rows[0], collection.id_path)) == key
    )
    return next(((*where, 0) for where, count in counts.items() if count == len(good)), None)
