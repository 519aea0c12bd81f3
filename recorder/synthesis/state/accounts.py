"""Accounts: what calls change of the thing that who calls is known by, such as its profile, and do not show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, as_text, look, same
from recorder.synthesis.state.effects import Effect, cases_of, explained
from recorder.synthesis.state.renewals import succeed
from recorder.synthesis.state.sightings import Place, Sightings
from recorder.synthesis.state.tickets import Ticket, remember_tickets, ticket_lookups
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term

Named: TypeAlias = "Callable[[Endpoint, list[Scene], Mapping[str, Lookup]], Mapping[str, Lookup]]"
"""Gives what else requests to an endpoint name, by what is looked up already."""
_LEAST: Final = 2


def find_account_effects(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], tickets: Sequence[Ticket], named: Named
) -> list[Effect]:
    """Find the calls after which the thing that their ticket names looks otherwise, though they tell nothing of it."""
    by_endpoint: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        by_endpoint[scene.endpoint].append(scene)
    if not any(binding.also for binding in bindings.values()):
        return []
    known = _things_named(scenes, by_endpoint, tickets, named)
    history = _history(scenes, bindings, known)
    found: list[Effect] = []
    for endpoint, lookups in known.items():
        good = [scene for scene in by_endpoint[endpoint] if scene.sample.succeeded]
        told = {one.collection.name for one in bindings[endpoint].also}
        for lookup in lookups if endpoint.method not in READS else ():
            own = path_lookups(endpoint, bindings[endpoint]) | {lookup.name: lookup}
            cases, is_deep = cases_of(lookup, good, history, None, is_refused=False)
            if cases and lookup.collection not in told:
                effect = explained(endpoint, lookup, own, None, cases, is_deep=is_deep)
                found += [effect] if not effect.node.unknown else []
    return found


def _things_named(
    scenes: Sequence[Scene],
    by_endpoint: Mapping[Endpoint, list[Scene]],
    tickets: Sequence[Ticket],
    named: Named,
) -> dict[Endpoint, list[Lookup]]:
    """Give the look-ups by what tickets were handed out with; what they find is known without the tickets from then."""
    timelines = {scene.sample.session: scene.timeline for scene in scenes}
    successions = [one for ticket in tickets for one in ticket.successions]
    remember_tickets(World(list(scenes), timelines=timelines), tickets, partial(succeed, successions=successions))
    found: dict[Endpoint, list[Lookup]] = {}
    for endpoint, inside in by_endpoint.items():
        shown = ticket_lookups(inside, tickets)
        others = named(endpoint, inside, shown).values() if shown else ()
        by_ticket = [one for one in others if one.by is None and one.within is None and one.uses & set(shown)]
        found[endpoint] = [_settled(one, inside) for one in by_ticket]
    for timeline in timelines.values():
        for ticket in tickets:
            timeline.forget(ticket.name)
    return found


def _settled(lookup: Lookup, scenes: Sequence[Scene]) -> Lookup:
    """Give a look-up that knows its keys by the numbers of samples."""
    known = {scene.sample.number: lookup.key.get(scene) for scene in scenes}

    def get(scene: Scene) -> Any:
        return known.get(scene.sample.number, MISSING)

    key = lookup.key
    return replace(lookup, key=Term(key.text, get, key.name, key.cost, key.uses, key.keeps))


@dataclass(frozen=True, slots=True)
class _Event:
    """A call that names a thing: what its answer shows of it, MISSING where it is not shown."""

    scene: Scene
    shown: Any

    @property
    def reads(self) -> bool:
        return self.scene.sample.method in READS


def _history(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], known: Mapping[Endpoint, Sequence[Lookup]]
) -> Sightings:
    """Give when such things were read, with what was shown, and when calls may have changed them."""
    events = _events(scenes, bindings, known)
    idle = _idle(events)
    reads = {
        place: [(one.scene.moment, one.shown) for one in inside if one.reads and isinstance(one.shown, dict)]
        for place, inside in events.items()
    }
    writes = {
        place: [one.scene.moment for one in inside if not one.reads and one.scene.endpoint not in idle]
        for place, inside in events.items()
    }
    return Sightings(reads, writes, {})


def _events(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], known: Mapping[Endpoint, Sequence[Lookup]]
) -> dict[Place, list[_Event]]:
    found: dict[Place, list[_Event]] = defaultdict(list)
    for scene in scenes if any(known.values()) else ():
        sample = scene.sample
        if not sample.succeeded:
            continue
        named: dict[Place, Any] = {}
        for one in bindings[scene.endpoint].also:
            if not one.is_sent and not one.above and one.entity is not None:
                made = as_text(look(sample.answer_json, one.made))
                named[sample.session, one.collection.name, made] = look(sample.answer_json, one.entity)
        for lookup in known[scene.endpoint] if sample.method not in READS else ():
            named.setdefault((sample.session, lookup.collection, lookup.find(scene)[0]), MISSING)
        for place, shown in named.items():
            found[place].append(_Event(scene, shown))
    return found


def _idle(events: Mapping[Place, Sequence[_Event]]) -> set[Endpoint]:
    """Give the endpoints whose calls alone never came between two looks that differ, though they came between two."""
    unchanged: Counter[Endpoint] = Counter()
    guilty: set[Endpoint] = set()
    for inside in events.values():
        before: Any = MISSING
        between: set[Endpoint] = set()
        for one in inside:
            if isinstance(one.shown, dict):
                is_same = isinstance(before, dict) and same(before, one.shown)
                if one.reads and len(between) == 1 and isinstance(before, dict):
                    unchanged.update(between if is_same else ())
                    guilty |= set() if is_same else between
                before, between = one.shown, set()
            else:
                between.add(one.scene.endpoint)
    return {endpoint for endpoint, count in unchanged.items() if count >= _LEAST and endpoint not in guilty}
