"""Learning: how each endpoint behaves, once it is known what there is beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.folders import folder_terms
from recorder.synthesis.collections.held_references import held_references
from recorder.synthesis.collections.marks import Mark, marked_by_caller
from recorder.synthesis.collections.nested_rows import nested_lookups, row_lookups, row_terms
from recorder.synthesis.collections.references import (
    Fields,
    field_lookups,
    finds_what_is_made,
    free_name,
    path_lookups,
)
from recorder.synthesis.conditions.day_rows import find_timetables
from recorder.synthesis.conditions.known_rows import known_row_lookups
from recorder.synthesis.conditions.lockouts import Lockout
from recorder.synthesis.conditions.overlaps import overlap_lookups
from recorder.synthesis.conditions.row_faults import row_fault_lookups
from recorder.synthesis.conditions.timetables import Timetable, timetable_lookups
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.laws import Laws
from recorder.synthesis.explaining.shared_counts import SharedCounts
from recorder.synthesis.faults import Faults
from recorder.synthesis.listings.counted import learn_counts
from recorder.synthesis.listings.lists import Listed, learn_list
from recorder.synthesis.listings.page_terms import mistake_terms
from recorder.synthesis.listings.visible import sights_of
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.behaviour import Behaviour, learn
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.beside import lookups_beside, terms_beside
from recorder.synthesis.state.chances import learn_with_chance
from recorder.synthesis.state.histories import History
from recorder.synthesis.state.levels import Levels
from recorder.synthesis.state.named import by_endpoint
from recorder.synthesis.state.needed import needed_by_changes, used_by_changes
from recorder.synthesis.state.occasions import changes_before
from recorder.synthesis.state.relations import relation_terms
from recorder.synthesis.state.tickets import Ticket, ticket_lookups
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.scene import Lookup, Scene


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a service before its endpoints are learnt; calls make rows in the collections `logs`."""

    bindings: dict[Endpoint, Binding]
    world: World
    collections: Sequence[Collection]
    tickets: Sequence[Ticket]
    marks: Sequence[Mark]
    logs: set[str]
    histories: Sequence[History]
    levels: Sequence[Levels]
    lockouts: Sequence[Lockout]


def learn_all(endpoints: Sequence[Endpoint], known: Known, chosen: Options, faults: Faults) -> list[Behaviour]:
    """Learn how each endpoint behaves, once the orders of lists are known; one that cannot be learnt is left out."""
    bindings, world, marks = known.bindings, known.world, known.marks
    scenes = by_endpoint(world.scenes)
    lookups = _looked_up(endpoints, known, scenes, chosen, faults)
    has_lists = chosen.store and chosen.lists
    listed = _listed(endpoints, bindings, scenes, lookups, marks if has_lists else None, faults)
    beside_lists = (endpoints, listed, bindings, scenes, lookups)
    counted = faults.guarded("counted lists", {}, learn_counts, *beside_lists) if has_lists else {}
    ordered = _ordered(listed, scenes)
    changes = changes_before(world.scenes)
    counts = faults.guarded("shared counts", None, SharedCounts, world.scenes)
    laws = Laws((scene.sample for scene in world.scenes), counts)
    folders = folder_terms(scenes, bindings) if has_lists else {}
    related = relation_terms(scenes, bindings, known.collections) if chosen.links and chosen.store else {}
    beside = terms_beside(scenes, known.levels, known.tickets, folders, related)

    def learnt(endpoint: Endpoint) -> Behaviour:
        told = _told_of(bindings[endpoint], known.collections, known.logs) if chosen.store else ()

        def learn_from(some: list[Scene]) -> Behaviour:
            return learn(
                endpoint, bindings[endpoint], some, lookups[endpoint], chosen,
                listed[endpoint] or counted.get(endpoint), ordered, told,
                known.collections if chosen.store else (), laws if chosen.links else None, marks, world.totals,
                beside[endpoint], known.lockouts,
                [*sights_of(endpoint, bindings, listed, some, lookups[endpoint]),
                 *(mistake_terms() if listed[endpoint] is not None else ())],
            )  # fmt: skip

        some = scenes[endpoint]
        return learn_with_chance(some, learn_from, changes) if chosen.guards else learn_from(some)

    found = [faults.guarded(_told(one), None, learnt, one) for one in endpoints]
    return [one for one in found if one is not None]


def _looked_up(
    endpoints: Sequence[Endpoint],
    known: Known,
    scenes: Mapping[Endpoint, list[Scene]],
    chosen: Options,
    faults: Faults,
) -> dict[Endpoint, dict[str, Lookup]]:
    """Find what the requests of each endpoint speak of."""
    bindings, world = known.bindings, known.world
    # Rows that calls make unseen are known only where a list showed them: what names one tells nothing, but where
    # paths of writes name them, too, as a period that is closed.
    written = {one.collection for endpoint, one in bindings.items() if endpoint.method not in READS and endpoint.params}
    named = [one for one in known.collections if one.name not in known.logs or one in written]
    fields = Fields(world.timelines, named)
    needed = needed_by_changes(world, bindings, known.histories, known.levels)
    used = used_by_changes(world.effects)
    timetables = faults.guarded("timetables", [], find_timetables, scenes) if chosen.links and chosen.store else []

    def look_up(one: Endpoint) -> dict[str, Lookup]:
        own = (bindings[one], scenes[one], known.tickets, named, fields, needed[one], timetables, chosen)
        return used[one] | _lookups(one, *own) | lookups_beside(one, known.marks, known.lockouts)

    return {one: faults.guarded(f"what {_told(one)} names", dict(needed[one]), look_up, one) for one in endpoints}


def _told(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def _listed(
    endpoints: Sequence[Endpoint],
    bindings: Mapping[Endpoint, Binding],
    scenes: Mapping[Endpoint, list[Scene]],
    lookups: Mapping[Endpoint, Mapping[str, Lookup]],
    marks: Sequence[Mark] | None,
    faults: Faults,
) -> dict[Endpoint, Listed | None]:
    """Learn the lists, those at a path of their own after the collection's: they are often in its order."""
    found: dict[Endpoint, Listed | None] = dict.fromkeys(endpoints)
    usual: dict[str, list[str]] = {}
    for one in sorted(endpoints, key=lambda one: bindings[one].is_elsewhere) if marks is not None else ():
        collection, marked = bindings[one].collection, list(marked_by_caller(marks or (), lookups[one]))
        order = usual.get(collection.name, []) if collection is not None and bindings[one].is_elsewhere else []
        known = (one, bindings[one], scenes[one], lookups[one], marked, order)
        made = found[one] = faults.guarded(f"the list of {_told(one)}", None, learn_list, *known)
        if made is not None and collection is not None:
            usual.setdefault(collection.name, made.spec.get("sort", {}).get("default", []))
    return found


def _ordered(listed: Mapping[Endpoint, Listed | None], scenes: Mapping[Endpoint, list[Scene]]) -> frozenset[str]:
    """Give the fields by which lists are sorted, by themselves or as they were asked to."""
    names: set[str] = set()
    for endpoint, one in listed.items():
        sort = one.spec.get("sort", {}) if one is not None else {}
        names |= set(sort.get("default", []))
        asked = (scene.sample.query.get(sort.get("param", ""), []) for scene in scenes[endpoint])
        names |= {name for values in asked for value in values for name in value.split(",")}
    return frozenset(name.lstrip("-+").rpartition(".")[2] for name in names)


def _told_of(binding: Binding, collections: Sequence[Collection], logs: set[str]) -> Sequence[Collection]:
    """Give the collections that answers may tell of as wholes: all, or where they are of one itself only logs."""
    return collections if binding.collection is None else [one for one in collections if one.name in logs]


def _lookups(
    endpoint: Endpoint,
    binding: Binding,
    scenes: list[Scene],
    tickets: Sequence[Ticket],
    collections: Sequence[Collection],
    fields: Fields,
    needed: Mapping[str, Lookup],
    timetables: Sequence[Timetable],
    chosen: Options,
) -> dict[str, Lookup]:
    """Find what an endpoint's requests speak of; what effects need keeps its name."""
    found: dict[str, Lookup] = {}
    if chosen.store:
        found |= path_lookups(endpoint, binding)
        if "gone" in found and not any(found["gone"].find(scene)[1] is not MISSING for scene in scenes):
            del found["gone"]
    shown = ticket_lookups(scenes, tickets) if chosen.links else {}
    found |= {name: one for name, one in shown.items() if any(name in other.uses for other in needed.values())}
    found |= needed
    if chosen.links:
        found |= {name: one for name, one in shown.items() if name not in found}
        is_item_read = endpoint.method in READS and binding.role == "item"  # what is there is shown, whatever it is of
        goes_on = binding.collection is not None and binding.collection.goes_on
        asking = [] if is_item_read and not goes_on else scenes
        found |= held_references(asking, found, collections, fields)
        spoken_of = field_lookups(endpoint, binding, scenes, collections, fields, found)
        found |= {name: one for name, one in spoken_of.items() if not finds_what_is_made(one, binding, scenes)}
        found |= held_references(asking, found, collections, fields)
        found |= row_lookups(scenes, found)
        asked = row_terms(scenes, found) if scenes else []
        found |= timetable_lookups(endpoint, scenes, timetables, asked, found) if scenes else {}
        if scenes and endpoint.method not in READS:
            found |= known_row_lookups(scenes, binding.sent_rows, found, free_name)
            found |= row_fault_lookups(scenes, collections, found, free_name)
            found |= nested_lookups(scenes, asked, collections, found, free_name)
            if binding.role in ("none", "collection"):
                found |= overlap_lookups(scenes, asked, collections, found, free_name)
    return found
