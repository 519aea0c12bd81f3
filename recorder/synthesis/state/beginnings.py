"""Beginnings: what a session's timeline holds before its first call."""

from __future__ import annotations

from collections.abc import Iterable

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.seeds import Held
from recorder.synthesis.terms.scene import HIDDEN
from recorder.synthesis.terms.timeline import Timeline


def begun(given: Held, own: Held, bindings: Iterable[Binding]) -> Timeline:
    """Give a timeline with what there was before all sessions, and what only this one had in its place."""
    timeline = Timeline()
    collections = {one.collection.name: one.collection for one in bindings if one.collection is not None}
    for name, items in given.items():
        held = own.get(name, items)
        timeline.put_all(name, held, -1)
        if name in collections and collections[name].told_id:
            timeline.put_all(name + HIDDEN, {key: collections[name].own_attributes(key) for key in held}, -1)
    return timeline
