"""Scenes for tests: recorded calls in their place, with what was held when they came."""

from __future__ import annotations

from journeys import kept

from cassettes.cassette import Cassette, Manifest
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.sample import samples_of
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.timeline import Timeline


def scenes_of(*calls, held=None, lookups=None):
    """Give the scenes of calls; `held` are the items there before them, by collection, `lookups` as the scenes' own."""
    samples = samples_of([Cassette(Manifest("scenes"), kept(*calls))])
    endpoint_of = {sample.number: endpoint for endpoint in endpoints_of(samples) for sample in endpoint.samples}
    timeline = Timeline()
    for name, items in (held or {}).items():
        for key, item in items.items():
            timeline.put(name, key, item, -1)
    made = [Scene(sample, endpoint_of[sample.number], timeline, place) for place, sample in enumerate(samples)]
    for scene in made:
        scene.lookups = lookups or {}
    return made


def asked(name):
    """Give the term of a member of the request's JSON."""
    return Term(f"request.json.{name}", lambda scene: scene.sample.json[name], name)


def item_lookup(name="item", collection="things", by="id"):
    """Look an item up by a member of the request's JSON."""
    return Lookup(name, collection, asked(by))


def held_in(conditions, scenes):
    """Give the texts of conditions, each with the places of the scenes in which it holds."""
    return {
        one.term.text: [place for place, scene in enumerate(scenes) if one.term.get(scene) is True]
        for one in conditions
    }
