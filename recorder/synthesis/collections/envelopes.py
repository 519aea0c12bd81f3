"""Envelopes: answers that repeat the id of an item around a list of what lies below it, and do not show the item."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import Path, look


def are_envelopes(where: Path, objects: Sequence[Sample], id_path: Path | None, names: AbstractSet[str]) -> bool:
    """Tell whether reads show no more of an item than its id around a list, as `{"event": "7", "seats": [{}]}`.

    `names` are the members that items have where they are read by their path: nothing is known without any other.
    """
    others = names - set(id_path[:1] if id_path else ())
    shown = [value for one in objects if isinstance(value := look(one.answer_json, where), dict)]
    if not others or not shown or any(one.method not in READS for one in objects):
        return False
    has_rows = any(
        isinstance(row, dict) for value in shown for rows in value.values() if isinstance(rows, list) for row in rows
    )
    return has_rows and not any(others & set(value) for value in shown)
