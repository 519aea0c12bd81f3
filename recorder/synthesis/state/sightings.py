"""Sightings: when items were read or listed, what they were, and when calls that name them may have changed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, Path, is_word, leaves, look
from recorder.synthesis.state.results import is_poll
from recorder.synthesis.terms.scene import Lookup, Scene

Place: TypeAlias = tuple[int, str, str]
"""Where an item is: the number of its session, its collection and its key."""
_OF_STATES: Final = (409, 410, 423)
"""What is refused for how things are."""
_NOT_OF_STATES: Final = (400, 401, 403, 404, 422)


@dataclass(frozen=True, slots=True)
class Sightings:
    """When items were read, with what was shown, and when a call that names them may have changed them.

    `told` are the members of items that refusals told, `listed` are items as lists showed them.
    """

    reads: dict[Place, list[tuple[int, Any]]]
    writes: dict[Place, list[int]]
    refusals: dict[Place, list[int]]
    told: dict[Place, list[tuple[int, Any]]] = field(default_factory=dict)
    listed: dict[Place, list[tuple[int, Any]]] = field(default_factory=dict)

    def with_lists(self) -> Sightings:
        """Give it with what lists show as reads, too."""
        places = {**self.reads, **self.listed}
        whole = {
            one: sorted([*self.reads.get(one, ()), *self.listed.get(one, ())], key=itemgetter(0)) for one in places
        }
        return replace(self, reads=whole)

    def next_read(self, place: Place, moment: int, *, after_all: bool) -> Any:
        """Give the item as it was read next, where nothing else could change it in between, or MISSING.

        With `after_all` a refused call counts as what could change it. Where it was not read, a refusal may tell parts.
        """
        shown = self._next(self.reads, place, moment, after_all=after_all)
        return shown if shown is not MISSING else self._next(self.told, place, moment, after_all=after_all)

    def _next(
        self, sights: Mapping[Place, Sequence[tuple[int, Any]]], place: Place, moment: int, *, after_all: bool
    ) -> Any:
        when, shown = next((one for one in sights.get(place, ()) if one[0] > moment), (moment, MISSING))
        others = [*self.writes.get(place, ()), *(self.refusals.get(place, ()) if after_all else ())]
        return MISSING if any(moment < written < when for written in others) else shown


def sightings_of(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    named: Mapping[Endpoint, Mapping[str, Lookup]] | None = None,
) -> Sightings:
    """Give when items were read and when calls that name them, as `named` says, or in their path, may change them."""
    named = named or {}
    reads: dict[Place, list[tuple[int, Any]]] = defaultdict(list)
    writes: dict[Place, list[int]] = defaultdict(list)
    refusals: dict[Place, list[int]] = defaultdict(list)
    told: dict[Place, list[tuple[int, Any]]] = defaultdict(list)
    listed: dict[Place, list[tuple[int, Any]]] = defaultdict(list)
    usual = {path for scene in scenes if scene.sample.status in _NOT_OF_STATES for path, _ in _told_in(scene.sample)}
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        values = scene.endpoint.values(sample)
        own = binding.collection if binding.role != "collection" else None
        for collection, count in [*binding.parents, *([(own, own.count)] if own else [])]:
            place = (sample.session, collection.name, "/".join(values[:count]))
            if sample.method not in READS:
                (writes if sample.succeeded else refusals)[place].append(scene.moment)
                if sample.status in _OF_STATES and (parts := _state_in(scene, place, usual)):
                    told[place].append((scene.moment, parts))
            elif sample.succeeded and collection is own and isinstance(shown := _shown(scene, binding), dict):
                reads[place].append((scene.moment, shown))
        for place, row in _listed(scene, binding) if sample.method in READS and sample.succeeded else ():
            if place in writes:
                listed[place].append((scene.moment, row))
        for lookup in (
            named.get(scene.endpoint, {}).values() if sample.succeeded and _may_change(scene, binding) else ()
        ):
            if lookup.by is None and lookup.within is None and (sample.method not in READS or lookup.name != "item"):
                place = (sample.session, lookup.collection, lookup.find(scene)[0])
                writes[place] += [scene.moment] if scene.moment not in writes[place] else []
    return Sightings(reads, writes, refusals, told, listed)


def _may_change(scene: Scene, binding: Binding) -> bool:
    """Tell whether a call may change what it names: a write, or a read of what goes on by itself, with other things."""
    return scene.sample.method not in READS or is_poll(scene.endpoint, binding)


def _told_in(sample: Sample) -> Iterator[tuple[Path, str]]:
    """Give the texts in the JSON of an answer, with where they stand."""
    found = leaves(sample.answer_json, longest_list=0) if isinstance(sample.answer_json, dict) else ()
    return ((path, value) for path, value in found if isinstance(value, str))


def _state_in(scene: Scene, place: Place, usual: set[Path]) -> dict[str, str]:
    """Give the members of an item of which a refusal says that they are other words now; not what all `usual`ly say."""
    _, collection, key = place
    item = scene.timeline.get(collection, key, scene.moment)
    if not isinstance(item, dict):
        return {}
    return {
        str(path[-1]): value
        for path, value in _told_in(scene.sample)
        if path not in usual and is_word(value) and is_word(item.get(path[-1])) and value != item[path[-1]]
    }


def _shown(scene: Scene, binding: Binding) -> Any:
    """Give the item that a read by its path shows whole, or MISSING."""
    if binding.role != "item" or binding.entity is None or scene.sample.parameters:
        return MISSING
    return look(scene.sample.answer_json, binding.entity)


def _listed(scene: Scene, binding: Binding) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Give the items that a list shows whole, with all the members that are known of them."""
    collection = binding.collection
    if binding.role != "collection" or collection is None or binding.rows is None:
        return
    above = binding.prefix(scene.endpoint.values(scene.sample))
    rows = look(scene.sample.answer_json, binding.rows)
    for row in rows if isinstance(rows, list) else ():
        key = above + collection.key_of(binding.own_id(row))
        held = scene.timeline.get(collection.name, key, scene.moment)
        if isinstance(row, dict) and isinstance(held, dict) and row.keys() == held.keys():
            yield (scene.sample.session, collection.name, key), row
