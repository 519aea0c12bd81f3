"""What calls name: the items of which the requests to each endpoint speak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.held_references import held_references
from recorder.synthesis.collections.references import Fields, field_lookups, path_lookups
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.state.effects import is_use
from recorder.synthesis.state.results import is_poll
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.spread import spread

_MOST_SCENES: Final = 400


def named_items(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> dict[Endpoint, dict[str, Lookup]]:
    """Give the items that the requests to each endpoint name, in the path or in a field."""
    fields = Fields({scene.sample.session: scene.timeline for scene in scenes}, collections)
    found: dict[Endpoint, dict[str, Lookup]] = {}
    for endpoint, inside in by_endpoint(scenes).items():
        lookups = path_lookups(endpoint, bindings[endpoint])
        if endpoint.method not in READS or any(is_use(scene.sample) for scene in inside):
            some = spread(inside, _MOST_SCENES)
            lookups |= held_references(some, lookups, collections, fields)
            lookups |= field_lookups(endpoint, bindings[endpoint], some, collections, fields, lookups)
        elif is_poll(endpoint, bindings[endpoint]):
            lookups |= held_references(spread(inside, _MOST_SCENES), lookups, collections, fields)
        found[endpoint] = lookups
    return found


def by_endpoint(scenes: Sequence[Scene]) -> dict[Endpoint, list[Scene]]:
    """Give the scenes of each endpoint."""
    found: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        found[scene.endpoint].append(scene)
    return found
