"""Hand-outs: calls that list items and give each of them something new, as a worker's hold on a message."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection, ShownBulk
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, as_text, look, rows_at

_LEAST: Final = 3
_MADE_UP: Final = re.compile(r"(?=.*[0-9])[\w.:+/=~-]{8,}")
_Row: TypeAlias = tuple[tuple[int, str], dict[str, Any]]
"""A row that was shown, behind its session and id."""


def find_hand_out(
    endpoint: Endpoint, place: Path, collection: Collection, bindings: Mapping[Endpoint, Binding]
) -> ShownBulk | None:
    """Find out whether a member of the rows is made up anew for each that is shown.

    So it is where items come again with another one, or have none when they are made. Rows without it, of which none
    comes again, are given away for good.
    """
    rows = list(_rows(endpoint, place, collection))
    told: dict[str, list[str]] = defaultdict(list)
    for _, row in rows:
        for name, value in row.items():
            if (name,) != collection.id_path and isinstance(value, str) and _MADE_UP.fullmatch(value):
                told[name].append(value)
    hold = next((name for name, values in told.items() if _are_anew(values, len(rows))), None)
    comes_again = len({key for key, _ in rows}) < len(rows)
    if hold is None or not (comes_again or _is_lacked(hold, collection, bindings)):
        return None
    seen: dict[tuple[int, str], dict[str, Any]] = {}
    is_shown_again = False
    for key, row in rows:
        is_shown_again |= key in seen and hold not in seen[key]
        seen[key] = row
    is_for_good = not is_shown_again and sum(hold not in row for _, row in rows) >= _LEAST
    return ShownBulk(collection, place, (), hold=hold if is_for_good else "")


def _rows(endpoint: Endpoint, place: Path, collection: Collection) -> Iterator[_Row]:
    for sample in endpoint.samples:
        for row in rows_at(sample.answer_json, place) if sample.succeeded else ():
            if isinstance(row, dict):
                yield (sample.session, as_text(look(row, collection.id_path or ()))), row


def _is_lacked(name: str, collection: Collection, bindings: Mapping[Endpoint, Binding]) -> bool:
    """Tell whether new items are shown without a member."""
    made = [
        look(sample.answer_json, binding.entity)
        for endpoint, binding in bindings.items()
        if binding.collection is collection and binding.made is not None and binding.entity is not None
        for sample in endpoint.samples
        if sample.succeeded
    ]
    return bool(made) and all(isinstance(item, dict) and name not in item for item in made)


def _are_anew(values: Sequence[str], count: int) -> bool:
    return len(values) >= _LEAST and len(set(values)) == len(values) and len(values) * 2 > count
