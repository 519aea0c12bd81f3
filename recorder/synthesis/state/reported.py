"""Reported changes: what becomes of items by writes whose answers tell just the members that they changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.objects import Members
from recorder.synthesis.nodes.kinds import made_up
from recorder.synthesis.nodes.node import MadeUp, Node, Object
from recorder.synthesis.samples.values import MISSING, Path, look, parts, same
from recorder.synthesis.state.effects import Effect, changed_members
from recorder.synthesis.state.sightings import Sightings, sightings_of
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, is_there, part_of
from recorder.synthesis.terms.vocabulary import Vocabulary

_ITEM: Final = "item"
_LEAST: Final = 3
_HALF: Final = 2
_DEEPEST: Final = 3
_MOST_OFF: Final = 20
"""One in so many reports may leave out what changed: what was known of the item before may be old."""


class _Report(NamedTuple):
    """A call that reports what it changed: the item before it, as far as it was read, and as it was read next."""

    scene: Scene
    before: dict[str, Any]
    after: dict[str, Any]


def find_reported(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> list[Effect]:
    """Find what becomes of items by writes that report what they change, from all such writes of a collection together.

    So a member that one of them was never seen to change is known from the others, as they write their reports alike.
    """
    by_collection: dict[str, list[Scene]] = defaultdict(list)
    for scene in scenes:
        binding = bindings[scene.endpoint]
        if binding.report is not None and binding.collection is not None and scene.sample.succeeded:
            by_collection[binding.collection.name].append(scene)
    if not by_collection:
        return []
    history = sightings_of(scenes, bindings)
    return [one for inside in by_collection.values() for one in _effects(inside, bindings, history)]


def _effects(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], history: Sightings) -> list[Effect]:
    lookups = {one: path_lookups(one, bindings[one]) for one in {scene.endpoint: None for scene in scenes}}
    reports = [one for scene in scenes if (one := _report(scene, lookups[scene.endpoint], history)) is not None]
    if len(reports) < _LEAST:
        return []
    for scene in scenes:
        scene.lookups = lookups[scene.endpoint]
    inside = [one.scene for one in reports]
    vocabulary = Vocabulary(inside, lookups[inside[0].endpoint], [answer_term()])
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, inside[0].endpoint.id)
    report = bindings[inside[0].endpoint].report or ()
    paths = dict.fromkeys(
        path
        for one in reports
        for path in changed_members(one.before, one.after)
        if look(one.before, path) is not MISSING
    )
    members: dict[Path, tuple[Node, Term | None]] = {}
    for path in paths:
        place = _told_at(path, report, reports)
        told = part_of(answer_term(), place, look) if place is not None else None
        node = _member(path, told, reports, explainer)
        if not node.unknown and not explainer.tables:
            members[path] = node, is_there(told) if told is not None else None
        explainer.tables.clear()
    if not members:
        return []
    node = _object(members)
    return [
        Effect(
            endpoint, own[_ITEM], node, own, None,
            {one.scene.sample.number: _parts(one.after, members) for one in reports if one.scene.endpoint is endpoint},
        )
        for endpoint, own in lookups.items()
    ]  # fmt: skip


def _member(path: Path, told: Term | None, reports: Sequence[_Report], explainer: Explainer) -> Node:
    """Explain a member by what reports tell of it, and one of which they tell nothing by anything."""
    some = reports if told is None else [one for one in reports if told.get(one.scene) is not MISSING]
    cases = [(one.scene, look(one.after, path)) for one in some]
    node = _made_anew(path, reports) if told is None else explainer.explain_by(told, cases, len(path))
    return node or explainer.explain(cases, str(path[-1]), len(path))


def _made_anew(path: Path, reports: Sequence[_Report]) -> MadeUp | None:
    """Give how a member is made anew with nearly each write, as an entity tag is; what changes nothing may leave it."""
    known = [one for one in reports if look(one.before, path) is not MISSING]
    moved = [
        (one.scene, look(one.after, path)) for one in known if not same(look(one.before, path), look(one.after, path))
    ]
    return made_up(moved) if len(moved) >= _LEAST and len(moved) * _HALF > len(known) else None


def _report(scene: Scene, lookups: Mapping[str, Lookup], history: Sightings) -> _Report | None:
    lookup = lookups[_ITEM]
    key, _ = lookup.find(scene)
    before = scene.timeline.get(lookup.collection, key, scene.moment)
    place = scene.sample.session, lookup.collection, key
    after = history.next_read(place, scene.moment, after_all=False)
    is_seen = any(moment < scene.moment for moment, _ in history.reads.get(place, ()))
    return (
        _Report(scene, before if is_seen else {}, after)
        if isinstance(before, dict) and isinstance(after, dict)
        else None
    )


def _told_at(path: Path, report: Path, reports: Sequence[_Report]) -> Path | None:
    """Give where reports tell of a member, under its own name; None where it changes though they do not tell it."""
    whole = answer_term()
    places = {
        (*report, *inner): None
        for one in reports
        for inner, _ in parts(look(one.scene.sample.answer_json, report), longest_list=0)
        if inner and inner[-1] == path[-1] and len(inner) <= _DEEPEST
    }
    for place in places:
        term = part_of(whole, place, look)
        told = [one for one in reports if term.get(one.scene) is not MISSING]
        untold = [one for one in reports if term.get(one.scene) is MISSING and look(one.before, path) is not MISSING]
        moved = sum(not same(look(one.before, path), look(one.after, path)) for one in untold)
        if len(told) >= _LEAST and moved * _MOST_OFF <= len(untold):
            return place
    return None


def _object(members: Mapping[Path, tuple[Node, Term | None]]) -> Object:
    made: Members = {}
    inner: dict[str, Members] = defaultdict(dict)
    for path, one in members.items():
        if len(path) == 1:
            made[str(path[0])] = one
        else:
            inner[str(path[0])][str(path[1])] = one
    return Object(made | {name: (Object(some), None) for name, some in inner.items()})


def _parts(item: Mapping[str, Any], paths: Container[Path]) -> dict[str, Any]:
    """Give only the members of an item at these paths."""
    made: dict[str, Any] = {}
    for path, value in _members(item):
        if path in paths and len(path) == 1:
            made[str(path[0])] = value
        elif path in paths:
            made.setdefault(str(path[0]), {})[str(path[1])] = value
    return made


def _members(item: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for name, value in item.items():
        yield (name,), value
        if isinstance(value, dict):
            yield from (((name, one), inner) for one, inner in value.items())
