"""Needed look-ups: what has to be looked up for what calls change, beside what answers and conditions speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.histories import History
from recorder.synthesis.state.levels import Levels
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import used_by


def needed_by_changes(
    world: World, bindings: Mapping[Endpoint, Binding], histories: Sequence[History], levels: Sequence[Levels]
) -> dict[Endpoint, dict[str, Lookup]]:
    """Give the look-ups of what calls change, by their names."""
    needed: dict[Endpoint, dict[str, Lookup]] = defaultdict(dict)
    for effect in world.effects:
        needed[effect.endpoint][effect.lookup.name] = effect.lookup
    for endpoint, lookup in (pair for one in histories for pair in one.lookups.items()):
        needed[endpoint][lookup.name] = lookup
    for endpoint, own in (pair for one in levels for pair in one.lookups.items()):
        needed[endpoint] |= own
    for endpoint, binding in bindings.items():
        given = binding.collection.given.get(endpoint) if binding.collection is not None else None
        if given is not None:
            uses, _ = used_by(given.members.values())
            needed[endpoint] |= {name: lookup for name, lookup in given.lookups.items() if name in uses}
    return needed


def used_by_changes(effects: Sequence[Effect]) -> dict[Endpoint, dict[str, Lookup]]:
    """Give the look-ups that what becomes of items is worked out with, by their names."""
    found: dict[Endpoint, dict[str, Lookup]] = defaultdict(dict)
    for effect in effects:
        uses, _ = used_by(effect.node.terms)
        found[effect.endpoint] |= {name: lookup for name, lookup in effect.lookups.items() if name in uses}
    return found
