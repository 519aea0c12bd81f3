"""Makers: who made an item, or under what, where lists show only those and the items do not say so themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import Makers
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, leaves, look
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.request_terms import path_term, query_term
from recorder.synthesis.terms.scene import CALLER, Lookup, Scene
from recorder.synthesis.terms.term import Term

Lookups: TypeAlias = Callable[[Endpoint, list[Scene]], Mapping[str, Lookup]]
Row: TypeAlias = tuple[int, str]
_LEAST: Final = 3
_SOME: Final = 2


def find_makers(world: World, bindings: Mapping[Endpoint, Binding], lookups: Lookups) -> Makers:
    """Tell who made what is listed to its maker only: a part of what the caller is known by that lists agree with."""
    scenes: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in world.scenes:
        scenes[scene.endpoint].append(scene)
    found: dict[int, tuple[str, Any]] = {}
    done: set[Collection] = set()
    for endpoint, binding in bindings.items():
        collection = binding.collection
        is_list = binding.role == "collection" and binding.rows is not None and endpoint.method in READS
        is_under = binding.is_elsewhere and len(endpoint.params) == binding.above + 1
        if not is_list or collection is None or collection in done or (endpoint.params and not is_under):
            continue
        if collection.count != binding.above + 1:
            continue
        template = endpoint.template if is_under else collection.home
        made = _makings(collection, template, bindings, scenes, lookups)
        listing = [one for one in scenes[endpoint] if one.sample.succeeded]
        told = _told(binding, listing, made, lookups) or _asked_for(binding, listing, collection, bindings, scenes)
        if told:
            done.add(collection)
            found |= told
    return found


def _makings(
    collection: Collection, template: Template, bindings: Mapping[Endpoint, Binding],
    scenes: Mapping[Endpoint, list[Scene]], lookups: Lookups,
) -> dict[Row, Scene]:  # fmt: skip
    """Give the calls to a path that made the items, with what they look up, by session and key."""
    made: dict[Row, Scene] = {}
    for endpoint, binding in bindings.items():
        is_maker = binding.role == "collection" and binding.collection is collection and endpoint.method == "POST"
        if not is_maker or binding.made is None or binding.made == "location" or endpoint.template != template:
            continue
        good = [scene for scene in scenes[endpoint] if scene.sample.succeeded]
        named = lookups(endpoint, good)
        for scene in good:
            scene.lookups = named
            own = look(scene.sample.answer_json, binding.made)
            if is_scalar(own) and own is not None:
                made[scene.sample.session, as_text(own)] = scene
    return made


def _told(binding: Binding, listing: Sequence[Scene], made: Mapping[Row, Scene], lookups: Lookups) -> Makers:
    if len(listing) < _SOME or len(made) < _LEAST:
        return {}
    named = lookups(listing[0].endpoint, list(listing))
    for scene in listing:
        scene.lookups = named
    above = list(map(path_term, listing[0].endpoint.params[binding.above :]))
    # What is made and listed at one path is of what that names; that others are not shown need not have been seen.
    least = 0 if above else _LEAST
    for term in above or callers_of(listing, named).values():
        who = {row: term.get(scene) for row, scene in made.items()}
        if any(not is_scalar(one) or one is None for one in who.values()):
            continue
        if _is_what_lists_go_by(binding, listing, who, made, term, least):
            attribute = f"{CALLER}{term.text}"
            return {made[row].sample.number: (attribute, one) for row, one in who.items()}
    return {}


def _asked_for(
    binding: Binding, listing: Sequence[Scene], collection: Collection,
    bindings: Mapping[Endpoint, Binding], scenes: Mapping[Endpoint, list[Scene]],
) -> Makers:  # fmt: skip
    """Tell under what items were made that queries name: those that make them, wherever, and those that list them."""
    made: dict[Row, Scene] = {}
    for endpoint, other in bindings.items():
        places = [one.made for one in other.also if one.collection is collection and not (one.is_sent or one.is_told)]
        if other.role == "collection" and other.collection is collection and isinstance(other.made, tuple):
            places.append(other.made)
        is_maker = places and other.makes_items and endpoint.method not in READS
        for scene in scenes[endpoint] if is_maker else ():
            own = look(scene.sample.answer_json, places[0])
            if scene.sample.succeeded and is_scalar(own) and own is not None:
                made[scene.sample.session, as_text(own)] = scene
    if len(listing) < _SOME or len(made) < _LEAST:
        return {}
    names = set.intersection(*(set(scene.sample.query) for scene in [*listing, *made.values()]))
    for term in map(query_term, sorted(names)):
        who = {row: term.get(scene) for row, scene in made.items()}
        if _is_what_lists_go_by(binding, listing, who, made, term, _LEAST):
            return {made[row].sample.number: (f"{CALLER}{term.text}", one) for row, one in who.items()}
    return {}


def _is_what_lists_go_by(
    binding: Binding, listing: Sequence[Scene], who: Mapping[Row, Any], made: Mapping[Row, Scene], term: Term,
    least: int,
) -> bool:  # fmt: skip
    """Tell whether lists show callers what they made themselves, and not what others had made in the same session.

    At least so many things of others must have been left out.
    """
    own = others = 0
    for scene in listing:
        asking, session = term.get(scene), scene.sample.session
        if not is_scalar(asking) or asking is None:
            return False
        shown = set(_ids(binding, scene))
        for (inside, key), maker in who.items():
            if inside != session or made[inside, key].moment > scene.moment:
                continue
            is_own = as_text(maker) == as_text(asking)
            if key in shown and not is_own:
                return False
            own += key in shown
            others += not is_own
        if _say_whose(binding, scene, asking):
            return False
    return own >= _LEAST and others >= least


def _ids(binding: Binding, scene: Scene) -> Iterator[str]:
    assert binding.collection is not None, "only lists of a collection are looked at"
    rows = look(scene.sample.answer_json, binding.rows or ())
    for row in rows if isinstance(rows, list) else ():
        own = look(row, binding.collection.id_path or ())
        if own is not MISSING and is_scalar(own):
            yield as_text(own)


def _say_whose(binding: Binding, scene: Scene, asking: Any) -> bool:
    """Tell whether each row says itself who asks."""
    for where, rows in lists_in(scene.sample.answer_json):
        if where == binding.rows and rows:
            return all(any(as_text(value) == as_text(asking) for _, value in leaves(row)) for row in rows)
    return False
