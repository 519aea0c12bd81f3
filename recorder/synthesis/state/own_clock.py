"""An own clock: the time of a service that a call puts forward, as those of billing do in tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.binding import ONLY, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.nodes.kinds import TimeForm, time_form
from recorder.synthesis.nodes.node import Object, Said
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, is_number, leaves, look
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.levels import Levels
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, constant, literal, part_of

_LEAST: Final = 3
_LABEL: Final = "clock"
_NOW: Final = "now"
_NEAR_S: Final = 0.5
_UNITS: Final = (86_400, 3_600, 60, 1)


class _Hand(NamedTuple):
    """A call that puts the clock on: where its answers tell the time, and what it was before all calls."""

    endpoint: Endpoint
    told: Path
    begun: str


def find_clocks(world: World, taken: set[str]) -> list[Levels]:
    """Find the clock that calls to one endpoint put on by the number that is sent, and have the world know its time.

    Three calls have to tell a time that is so many days, hours, minutes or seconds after the one before in the session;
    the first ones of all sessions have to go on from the same, which an answer before them has told.
    """
    hand = next(_hands(world.scenes), None)
    if hand is None or _LABEL in taken:
        return []
    for timeline in world.timelines.values():
        timeline.set_aside(_LABEL)
        timeline.put(_LABEL, ONLY, {_NOW: hand.begun}, -1)
    for scene in world.scenes:
        if scene.endpoint is hand.endpoint and scene.sample.succeeded:
            scene.timeline.put(_LABEL, ONLY, {_NOW: look(scene.sample.answer_json, hand.told)}, scene.moment)
    lookup = Lookup(_LABEL, _LABEL, constant(ONLY))
    told = part_of(answer_term(), hand.told, look)
    world.seeds |= {_LABEL: {ONLY: {_NOW: hand.begun}}}
    world.effects.append(Effect(hand.endpoint, lookup, Object({_NOW: (Said(told), None)}), {_LABEL: lookup}))
    term = Term(f"resource.{_LABEL}.get({literal(ONLY)}).{_NOW}", _time, _NOW, 0.9)
    endpoints = dict.fromkeys(scene.endpoint for scene in world.scenes)
    return [Levels(Collection(("", _LABEL, None), _LABEL, None), {}, {one: [term] for one in endpoints})]


def _time(scene: Scene) -> Any:
    return look(scene.timeline.get(_LABEL, ONLY, scene.moment), (_NOW,))


def _hands(scenes: Sequence[Scene]) -> Iterator[_Hand]:
    calls: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if scene.sample.succeeded and scene.sample.method not in READS and isinstance(scene.sample.asked, dict):
            calls[scene.endpoint].append(scene)
    for endpoint, inside in calls.items():
        numbers = _places(inside, "asked") if len(inside) >= _LEAST else {}
        times = _places(inside, "answer_json") if numbers else {}
        for told, form in _times(times):
            for number in (place for place, values in numbers.items() if all(map(is_number, values))):
                moment = _begun(inside, told, number, form)
                begun = None if moment is None else _shown_before(moment, form, endpoint, scenes)
                if begun is not None:
                    yield _Hand(endpoint, told, begun)


def _places(scenes: Sequence[Scene], document: str) -> dict[Path, list[Any]]:
    """Give the places at which all documents have a scalar, with what they have."""
    first = leaves(getattr(scenes[0].sample, document), longest_list=0)
    found = {place: [look(getattr(one.sample, document), place) for one in scenes] for place, _ in first if place}
    return {place: values for place, values in found.items() if MISSING not in values}


def _times(places: Mapping[Path, Sequence[Any]]) -> Iterator[tuple[Path, TimeForm]]:
    """Give the places of times that differ."""
    for place, values in places.items():
        form = time_form(values)
        if form is not None and len(set(values)) > 1:
            yield place, form


def _begun(scenes: Sequence[Scene], told: Path, number: Path, form: TimeForm) -> float | None:
    """Give what a clock begins with that calls put on by a number of some unit; None where not all do so."""
    for unit in _UNITS:
        last: dict[int, float] = {}
        firsts: list[float] = []
        for scene in scenes:
            session, after = scene.sample.session, form.read(look(scene.sample.answer_json, told))
            before = after - look(scene.sample.asked, number) * unit
            if abs(last.get(session, before) - before) > _NEAR_S:
                break
            firsts += [before] if session not in last else []
            last[session] = after
        else:
            has_gone_on = len(last) < len(scenes)
            if has_gone_on and max(firsts) - min(firsts) <= _NEAR_S:
                return firsts[0]
    return None


def _shown_before(moment: float, form: TimeForm, endpoint: Endpoint, scenes: Sequence[Scene]) -> str | None:
    """Give the text of the time at which the clock began, as any answer before it was put on told it."""
    is_on: set[int] = set()
    for scene in scenes:
        if scene.endpoint is endpoint:
            is_on.add(scene.sample.session)
        if scene.sample.session in is_on:
            continue
        for _, value in leaves(scene.sample.answer_json):
            if isinstance(value, str) and form.pattern.match(value) and abs(form.read(value) - moment) <= _NEAR_S:
                return value
    return None
