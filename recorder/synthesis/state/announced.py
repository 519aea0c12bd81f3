"""Announced sums: what an item that a call names comes to afterwards, as the answer tells it under whatever name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.nodes.node import Node, Object, Said
from recorder.synthesis.samples.amounts import amount
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, leaves, look
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.sightings import Sightings, sightings_of
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import part_of

_LEAST: Final = 3
_OFTEN_TENTHS: Final = 8
_MOST_PLACES: Final = 12


def find_announced(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    named: Mapping[Endpoint, Mapping[str, Lookup]],
    drifting: Sequence[Total],
) -> list[Effect]:
    """Find the answers that tell a sum of an item which a call names: the next read shows that, and not what it was.

    Only of sums that drift: all others follow from the rows that are known.
    """
    history = sightings_of(scenes, bindings, named)
    by_endpoint: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if scene.sample.succeeded and scene.sample.method not in READS:
            by_endpoint[scene.endpoint].append(scene)
    found: list[Effect] = []
    for endpoint, inside in by_endpoint.items():
        own = bindings[endpoint].collection
        lookups = named.get(endpoint, {})
        for lookup in lookups.values():
            is_own = own is not None and own.name == lookup.collection and bindings[endpoint].entity is not None
            members = {} if is_own else dict(_members(lookup, lookups, inside, history, drifting))
            if members:
                node = Object(members)
                found.append(Effect(endpoint, lookup, node, lookups, announces=True))
    return found


def _members(
    lookup: Lookup,
    lookups: Mapping[str, Lookup],
    scenes: Sequence[Scene],
    history: Sightings,
    totals: Sequence[Total],
) -> Iterator[tuple[str, tuple[Node, None]]]:
    if lookup.by is not None or lookup.within is not None:
        return
    for scene in scenes:
        scene.lookups = lookups
    own = [one for one in totals if one.collection.name == lookup.collection and len(one.path) == 1]
    sources = {name for total in own for name in total.sources}
    cases = [(scene, item) for scene in scenes if (item := _next(lookup, scene, history, sources)) is not None]
    places = _places([scene for scene, _ in cases])
    for total in own:
        best = max(places, key=lambda place: _right(place, total, lookup, cases), default=None)
        if best is not None and _right(best, total, lookup, cases):
            yield total.member, (Said(part_of(answer_term(), best, look)), None)


def _next(lookup: Lookup, scene: Scene, history: Sightings, sources: Iterable[str]) -> dict[str, Any] | None:
    """Give the item as it was read next, where no rows that are known changed it in between."""
    key = lookup.find(scene)[0]
    place = scene.sample.session, lookup.collection, key
    when, shown = next((one for one in history.reads.get(place, ()) if one[0] > scene.moment), (scene.moment, None))
    between = range(scene.moment + 1, when)
    is_other = any(scene.timeline.changed(name, moment) for name in sources for moment in between)
    is_other = is_other or any(scene.moment < written < when for written in history.writes.get(place, ()))
    return shown if isinstance(shown, dict) and not is_other else None


def _places(scenes: Sequence[Scene]) -> list[Path]:
    """Give where answers have amounts."""
    found = {
        path: None
        for scene in scenes
        for path, value in leaves(scene.sample.answer_json, longest_list=0)
        if path and amount(value) is not None
    }
    return list(found)[:_MOST_PLACES]


def _right(place: Path, total: Total, lookup: Lookup, cases: Sequence[tuple[Scene, dict[str, Any]]]) -> int:
    """Give how many different sums are told there that the item had not before; 0 where others are told too often."""
    told: set[Any] = set()
    right = seen = 0
    for scene, after in cases:
        value, shown = look(scene.sample.answer_json, place), look(after, total.path)
        if value is MISSING or shown is MISSING:
            continue
        seen += 1
        right += value == shown
        was = scene.timeline.get(lookup.collection, lookup.find(scene)[0], scene.moment)
        told |= {value} if value == shown and isinstance(was, dict) and look(was, total.path) != value else set()
    return len(told) if len(told) >= _LEAST and right * 10 >= seen * _OFTEN_TENTHS else 0
