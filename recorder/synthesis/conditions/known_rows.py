"""Known rows: sent rows that are there already, or that are to be removed and are not there, as a reason to refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from recorder.synthesis.collections.binding import SentRows
from recorder.synthesis.collections.keys import lead_of, lead_text
from recorder.synthesis.conditions.row_faults import FaultyRow
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import member


def known_row_lookups(
    scenes: Sequence[Scene],
    sent: Sequence[SentRows],
    known: Mapping[str, Lookup],
    free: Callable[[str, Mapping[str, Lookup]], str],
) -> dict[str, Lookup]:
    """Give the first row that is there though it is new, or is not though it is removed, where that is refused."""
    found: dict[str, Lookup] = {}
    for rows in sent:
        compound = rows.collection.compound
        assert compound is not None, "sent rows are told apart by several members"
        key = lead_text(scenes[0].endpoint, rows.collection) + compound.text(member("row", rows.inner))
        item = f"resource.{rows.collection.name}.get({key})"
        said = f"({item} is mapping)" if rows.removes else f"({item} is not mapping)"
        label = f"{'unknown' if rows.removes else 'known'}_{singular(rows.collection.name)}"
        own = free(label, {**known, **found})
        lookup = FaultyRow(own, "", json_term(rows.sent), fits=partial(_fits, rows), said=said)
        at_fault = [scene for scene in scenes if lookup.find(scene)[1] is not MISSING]
        if at_fault and not any(scene.sample.succeeded for scene in at_fault):
            found[own] = lookup
    return found


def _fits(rows: SentRows, scene: Scene, row: Any) -> bool:
    compound = rows.collection.compound
    key = compound.key(look(row, rows.inner)) if compound is not None else MISSING
    name = f"{lead_of(scene, rows.collection)}{key}"
    item = scene.timeline.get(rows.collection.name, name, scene.moment) if key is not MISSING else MISSING
    return isinstance(item, dict) is rows.removes
