"""Projections: parameters that list the members to show of each item, and what is shown beside these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cassettes.conventions import part_by_name
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.listings.listing import Draft, Listing
from recorder.synthesis.samples.values import look

_LEAST: Final = 2


def with_kept(draft: Draft, listings: Sequence[Listing], binding: Binding) -> Draft:
    """Say which members rows have that were not asked for, where all of them have these beside those that were.

    `?$select=name` may show `{"@etag": "…", "name": "…"}`, and `?fields=name` the id as well.
    """
    named = (one for listing in listings for one in listing.query if part_by_name(one) == "fields")
    param = draft.get("fields_param") or next(named, None)
    if param is None:
        return draft
    asked: set[str] = set()
    kept: list[frozenset[str]] = []
    for one in listings:
        text = one.query.get(param, [""])[0]
        names = {name.strip() for name in text.split(",") if name.strip()}
        rows = list(_rows(one, binding)) if names else []
        if any(row.keys() & names for row in rows):
            asked.add(text)
            kept += [frozenset(row.keys() - names) for row in rows]
    if len(asked) < _LEAST or not kept[0] or len(set(kept)) > 1:
        return draft
    held = {name for one in listings for item in one.pool[:1] if isinstance(item, dict) for name in item}
    return {**draft, "fields_param": param, "fields_kept": sorted(kept[0])} if kept[0] <= held else draft


def _rows(one: Listing, binding: Binding) -> Iterator[dict[str, Any]]:
    rows = look(one.scene.sample.answer_json, binding.rows or ())
    return (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else iter(())
