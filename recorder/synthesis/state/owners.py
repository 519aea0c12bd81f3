"""Owners: whom a list shows a row to, where it shows each row to one caller only and the row does not say whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, look, same
from recorder.synthesis.state.play import Found, Origins
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.scene import OWNER, Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

Lookups: TypeAlias = Callable[[Endpoint, list[Scene]], Mapping[str, Lookup]]
Row: TypeAlias = tuple[int, str]
Made: TypeAlias = "list[tuple[Scene, Found]]"
_LEAST: Final = 2
_SOME: Final = 3
_MOST_TENTHS: Final = 8


def with_owners(
    origins: Origins, world: World, bindings: Mapping[Endpoint, Binding], lookups: Lookups
) -> dict[int, list[Found]]:
    """Give the rows that calls made with whom they belong to, as far as what lists show tells that."""
    scene_of = {scene.sample.number: scene for scene in world.scenes}
    made: dict[str, Made] = defaultdict(list)
    for number, found in origins.items():
        for one in (one for one in found if one.is_seen):
            made[one.collection.name].append((scene_of[number], one))
    owners: dict[tuple[str, Row], Any] = {}
    for endpoint, binding in bindings.items():
        rows = made.get(binding.collection.name, []) if binding.collection is not None else []
        if rows and binding.role == "collection" and endpoint.method == "GET" and not endpoint.params:
            scenes = [scene for scene in world.scenes if scene.endpoint is endpoint and scene.sample.succeeded]
            told = _owners(binding, scenes, rows, lookups)
            owners |= {(rows[0][1].collection.name, row): who for row, who in told.items()}
    return {number: [_owned(one, owners) for one in found] for number, found in origins.items()}


def _owned(found: Found, owners: Mapping[tuple[str, Row], Any]) -> Found:
    who = owners.get((found.collection.name, (found.session, found.key)), MISSING)
    if who is MISSING or not isinstance(found.item, dict):
        return found
    return replace(found, item={**found.item, OWNER: who})


def _owners(binding: Binding, scenes: Sequence[Scene], made: Made, lookups: Lookups) -> dict[Row, Any]:
    """Give the owners of rows: a part of who asks that is one for each row, and that each kind of maker knows, too."""
    if binding.rows is None or not scenes:
        return {}
    named = lookups(scenes[0].endpoint, list(scenes))
    for scene in scenes:
        scene.lookups = named
    for term in callers_of(scenes, named).values():
        shown = _shown_to(binding, scenes, term)
        owners = {row: next(iter(who.values())) for row, who in shown.items() if len(who) == 1}
        is_told = len(owners) == len(shown) and len({as_text(who) for who in owners.values()}) >= _LEAST
        if is_told and _are_known_to_makers(made, owners, lookups):
            return owners
    return {}


def _are_known_to_makers(made: Made, owners: Mapping[Row, Any], lookups: Lookups) -> bool:
    """Tell whether every kind of call that makes rows can tell whose they are."""
    kinds: dict[Endpoint, list[tuple[Scene, Any]]] = defaultdict(list)
    for scene, one in made:
        if (one.session, one.key) in owners:
            kinds[scene.endpoint].append((scene, owners[one.session, one.key]))
    return bool(kinds) and all(_is_known(endpoint, cases, lookups) for endpoint, cases in kinds.items())


def _is_known(endpoint: Endpoint, cases: Sequence[tuple[Scene, Any]], lookups: Lookups) -> bool:
    inside = [scene for scene, _ in cases]
    named = lookups(endpoint, inside)
    for scene in inside:
        scene.lookups = named
    vocabulary = Vocabulary(inside, named)
    found = {term.text: term for scene, who in cases[:_SOME] for term in vocabulary.giving(who, scene)}
    right = [sum(same(term.get(scene), who) for scene, who in cases) for term in found.values()]
    return max(right, default=0) * 10 >= len(cases) * _MOST_TENTHS


def _shown_to(binding: Binding, scenes: Sequence[Scene], term: Term) -> dict[Row, dict[str, Any]]:
    """Give for each row the callers that it was shown to, as texts and as they are; nothing where one is not known."""
    shown: dict[Row, dict[str, Any]] = defaultdict(dict)
    for scene in scenes:
        who, rows = term.get(scene), look(scene.sample.answer_json, binding.rows or ())
        if not is_scalar(who) or who is None:
            return {}
        for row in rows if isinstance(rows, list) else ():
            assert binding.collection is not None, "only a collection's rows are looked at"
            own = binding.own_id(row)
            shown[scene.sample.session, as_text(own)][as_text(who)] = who
    return shown
