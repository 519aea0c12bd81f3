"""The pass: from cassettes to definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from cassettes.cassette import Cassette
from recorder.synthesis.calls.batches import batch_definitions
from recorder.synthesis.calls.carried import see_carried
from recorder.synthesis.calls.operations import see_operations
from recorder.synthesis.collections.attributes import Makers
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.entities import bind
from recorder.synthesis.collections.feeds import Feed, find_feeds
from recorder.synthesis.collections.folders import folder_terms
from recorder.synthesis.collections.marks import Mark, find_marks, marked_by_caller
from recorder.synthesis.collections.nested_rows import nested_lookups, row_lookups, row_terms
from recorder.synthesis.collections.overviews import set_aside_overviews
from recorder.synthesis.collections.references import (
    Fields,
    field_lookups,
    free_name,
    path_lookups,
)
from recorder.synthesis.collections.sequences import find_sequences
from recorder.synthesis.conditions.day_rows import find_timetables
from recorder.synthesis.conditions.lockouts import Lockout
from recorder.synthesis.conditions.overlaps import overlap_lookups
from recorder.synthesis.conditions.row_faults import row_fault_lookups
from recorder.synthesis.conditions.timetables import Timetable, timetable_lookups
from recorder.synthesis.emit import Emitter
from recorder.synthesis.endpoints.endpoint import Endpoint, endpoints_of
from recorder.synthesis.explaining.laws import Laws
from recorder.synthesis.graphs.graph import graphs_of
from recorder.synthesis.listings.backlinks import find_backlinks
from recorder.synthesis.listings.lasts import find_lasts
from recorder.synthesis.listings.lists import Listed, learn_list
from recorder.synthesis.listings.means import find_means
from recorder.synthesis.listings.reckoned import Reckoned
from recorder.synthesis.listings.totals import find_totals
from recorder.synthesis.listings.visible import sights_of
from recorder.synthesis.listings.withdrawals import find_withdrawals
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.behaviour import Behaviour, learn
from recorder.synthesis.outcomes.borrow import refusals
from recorder.synthesis.outcomes.implied import implied
from recorder.synthesis.outcomes.latency import add_delays
from recorder.synthesis.outcomes.naming import with_elements
from recorder.synthesis.outcomes.supposed import supposed
from recorder.synthesis.outcomes.trash import trash
from recorder.synthesis.samples.batches import with_their_calls
from recorder.synthesis.samples.elements import read_elements, settle_elements
from recorder.synthesis.samples.relinking import relink
from recorder.synthesis.samples.sample import READS, Sample, samples_of
from recorder.synthesis.samples.slashes import set_slashes_aside
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.accounts import find_account_effects
from recorder.synthesis.state.announced import find_announced
from recorder.synthesis.state.attempts import find_lockouts
from recorder.synthesis.state.beside import lookups_beside, terms_beside
from recorder.synthesis.state.between import Retelling
from recorder.synthesis.state.byproducts import find_origins
from recorder.synthesis.state.chances import learn_with_chance
from recorder.synthesis.state.effects import Effect, find_effects
from recorder.synthesis.state.feed_rows import byproducts_of, with_feeds
from recorder.synthesis.state.handed_out import handed_out
from recorder.synthesis.state.histories import History, find_histories, history_rows
from recorder.synthesis.state.keyed_rows import find_keyed_rows
from recorder.synthesis.state.lapses import find_lapses
from recorder.synthesis.state.levels import Levels, find_levels
from recorder.synthesis.state.makers import find_makers
from recorder.synthesis.state.named import by_endpoint, named_items
from recorder.synthesis.state.needed import needed_by_changes
from recorder.synthesis.state.occasions import changes_before
from recorder.synthesis.state.owners import with_owners
from recorder.synthesis.state.play import Found
from recorder.synthesis.state.reported import find_reported
from recorder.synthesis.state.tallies import find_tallies
from recorder.synthesis.state.tickets import Ticket, standing_item, ticket_lookups
from recorder.synthesis.state.unseen import with_unseen
from recorder.synthesis.state.world import Follow, Reckon, World, first_look, play
from recorder.synthesis.terms.scene import HIDDEN, Lookup, Scene
from recorder.synthesis.terms.vocabulary import hidden_name

_AT_THE_END: Final = 1 << 30


@dataclass(slots=True)
class Synthesis:
    """What came of a pass: the definitions as documents, and what they were learnt from.

    `graphs` are what may stand in the place of some of them, as (definition, the ids of those in whose place).
    """

    definitions: list[dict[str, Any]]
    behaviours: list[Behaviour] = field(repr=False)
    samples: list[Sample] = field(repr=False)
    graphs: list[tuple[dict[str, Any], frozenset[str]]] = field(default_factory=list)


def synthesize(cassettes: Iterable[Cassette], options: Options | None = None) -> Synthesis:
    """Make definitions that answer as the recorded service did; the same cassettes give the same definitions."""
    chosen = options or Options()
    samples = samples_of(cassettes)
    relink(samples)
    read_elements(samples)
    if chosen.templates:
        set_slashes_aside(samples)
    learnt = with_their_calls(samples) if chosen.templates and chosen.store else samples
    endpoints = _endpoints(learnt, chosen)
    collections, bindings = bind(endpoints) if chosen.store else ([], {one: Binding("none", None) for one in endpoints})
    if chosen.store:
        collections = set_aside_overviews(endpoints, collections, bindings)
    feeds = find_feeds(endpoints, collections, bindings) if chosen.store and chosen.links else []
    origins, makers, first = _origins(learnt, endpoints, bindings, feeds) if chosen.links else ({}, {}, [])
    reckon, follows = _follows(bindings, collections, first) if chosen.links else (None, [])
    named = partial(named_items, bindings=bindings, collections=collections)
    retell = Retelling(bindings, named) if chosen.links else None
    keyed = partial(find_keyed_rows, bindings=bindings, name=named) if chosen.links else None
    world = play(learnt, endpoints, bindings, follows, origins, makers, reckon, retell, keyed)
    if chosen.links:
        find_sequences(world.scenes, collections, bindings)
    levels, histories = _beside(world, bindings, collections) if chosen.links and chosen.store else ([], [])
    tickets = handed_out(learnt, world, bindings, origins) if chosen.links else []
    marks = _marks(world, bindings, tickets, collections) if chosen.links else []
    lockouts = _lockouts(world, tickets, collections) if chosen.links else []
    logs = {one.collection.name for rows in origins.values() for one in rows}
    beside = (histories, levels, lockouts)
    behaviours = _behaviours(endpoints, bindings, world, tickets, marks, collections, logs, *beside, chosen)
    rows = [*byproducts_of(behaviours, origins, feeds, bindings, world), *history_rows(histories, behaviours)]
    seeds = {name: {key: item for key, item in items.items() if key} for name, items in world.seeds.items()}
    seeds |= {one.name: {key: standing_item() for key in one.standing} for one in tickets if one.standing}
    whole = _with_unrecorded(behaviours, seeds, len(world.timelines), chosen)
    lapses = find_lapses(world.scenes, bindings) if chosen.links else []
    lent = [list(refusals(one, behaviours)) for one in whole] if chosen.guards else []
    told = (rows, marks, world.reckoned, lapses, lockouts, [one.term for some in lent for one in some])
    emitter = Emitter(whole, tickets, seeds, collections, world.effects, *told)
    _hide_seeds(seeds, world, emitter)
    definitions = list(emitter.definitions())
    own = [definition["cases"] for definition in definitions]
    for behaviour, definition, some in zip(whole, definitions, lent, strict=True) if chosen.guards else ():
        emitter.lend(behaviour, some, definition)
    if chosen.latency:
        add_delays(behaviours, own[: len(behaviours)], definitions[: len(behaviours)])
    definitions = [with_elements(*pair) for pair in zip(whole, definitions, strict=True)]
    if learnt is not samples:
        definitions += batch_definitions(endpoints, samples)
    graphs = graphs_of(endpoints, learnt, definitions) if chosen.links and chosen.store and chosen.guards else []
    return Synthesis(definitions, behaviours, samples, graphs)


def _endpoints(learnt: Sequence[Sample], chosen: Options) -> list[Endpoint]:
    endpoints = endpoints_of(learnt, with_templates=chosen.templates)
    for endpoint in endpoints:
        settle_elements(endpoint.samples)
    if chosen.templates and chosen.store:
        see_operations(endpoints)
        see_carried(endpoints)
    return endpoints


def _with_unrecorded(
    behaviours: list[Behaviour], seeds: Mapping[str, Mapping[str, Any]], sessions: int, chosen: Options
) -> list[Behaviour]:
    """Give the behaviours with what HTTP says of known items, and what is supposed, though no call was recorded."""
    if not (chosen.store and chosen.templates and chosen.guards):
        return behaviours
    whole = [*behaviours, *implied(behaviours, seeds, sessions)]
    whole += trash(whole, sessions)
    return [*whole, *supposed(whole, sessions)]


def _follows(
    bindings: dict[Endpoint, Binding], collections: Sequence[Collection], tickets: Sequence[Ticket]
) -> tuple[Reckon, list[Follow]]:
    """Give what finds sums, and what finds the other changes that calls make: what is a sum is not counted up."""
    known = Reckoned()

    def reckon(scenes: Sequence[Scene]) -> Reckoned:
        known.totals = find_totals(scenes, bindings, collections)
        known.means = find_means(scenes, bindings, collections, known.totals)
        known.backlinks = find_backlinks(scenes, bindings, collections)
        known.withdrawals = find_withdrawals(scenes, bindings, collections)
        known.lasts = find_lasts(scenes, bindings, collections, known.totals)
        return known

    def tallies(scenes: Sequence[Scene], followed: Sequence[Effect]) -> list[Effect]:
        told = {(total.collection.name, total.member) for total in known.totals}
        told |= {(mean.collection.name, mean.member) for mean in known.means}
        told |= {(one.collection.name, one.member) for one in known.withdrawals}
        told |= {(one.lookup.collection, name) for one in followed for name in one.members}
        return find_tallies(scenes, bindings, named_items(scenes, bindings, collections), told)

    def effects(scenes: Sequence[Scene], _: Sequence[Effect]) -> list[Effect]:
        found = find_effects(scenes, bindings, named_items(scenes, bindings, collections))
        found = [*find_reported(scenes, bindings), *found]
        return [one.without(known.linked(one.lookup.collection)) for one in found]

    def accounts(scenes: Sequence[Scene], _: Sequence[Effect]) -> list[Effect]:
        fields = Fields({scene.sample.session: scene.timeline for scene in scenes}, collections)

        def named(endpoint: Endpoint, inside: list[Scene], known: Mapping[str, Lookup]) -> Mapping[str, Lookup]:
            return field_lookups(endpoint, bindings[endpoint], inside, collections, fields, known)

        return find_account_effects(scenes, bindings, tickets, named)

    def announced(scenes: Sequence[Scene], _: Sequence[Effect]) -> list[Effect]:
        return find_announced(scenes, bindings, named_items(scenes, bindings, collections), known.totals)

    return reckon, [announced, tallies, effects, accounts]


def _origins(
    samples: Sequence[Sample],
    endpoints: Sequence[Endpoint],
    bindings: dict[Endpoint, Binding],
    feeds: Sequence[Feed],
) -> tuple[dict[int, list[Found]], Makers, list[Ticket]]:
    """Tell which calls made rows that only lists show, whom these belong to, and who made what does not say so.

    The tickets by which that was told come with it.
    """
    world = first_look(samples, endpoints, bindings)
    origins = find_origins(world)
    tickets = handed_out(samples, world, bindings)

    def lookups(endpoint: Endpoint, scenes: list[Scene]) -> Mapping[str, Lookup]:
        return path_lookups(endpoint, bindings[endpoint]) | ticket_lookups(scenes, tickets)

    makers = find_makers(world, bindings, lookups)
    owned = with_owners(with_unseen(origins, world, bindings), world, bindings, lookups) if origins else {}
    return with_feeds(owned, feeds, bindings), makers, tickets


def _marks(
    world: World, bindings: dict[Endpoint, Binding], tickets: Sequence[Ticket], collections: Sequence[Collection]
) -> list[Mark]:
    """Find what callers put on items and take off again."""

    def lookups(_: Endpoint, scenes: list[Scene]) -> Mapping[str, Lookup]:
        return ticket_lookups(scenes, tickets)

    taken = {one.name for one in collections} | {one.name for one in tickets}
    return find_marks(world.scenes, bindings, lookups, taken)


def _lockouts(world: World, tickets: Sequence[Ticket], collections: Sequence[Collection]) -> list[Lockout]:
    taken = {one.name for one in collections} | {one.name for one in tickets}
    counted = {one.endpoint for one in world.effects if one.status is not None}
    return find_lockouts(world.scenes, tickets, taken, counted)


def _beside(
    world: World, bindings: dict[Endpoint, Binding], collections: Sequence[Collection]
) -> tuple[list[Levels], list[History]]:
    """Find what is kept beside items: levels, and the lists without ids to which calls add rows."""
    named = named_items(world.scenes, bindings, collections)
    levels = find_levels(world, bindings, named, collections)
    taken = {one.name for one in collections} | {one.collection.name for one in levels}
    found = find_histories(world.scenes, bindings, named, taken)
    world.seeds |= {one.collection.name: dict(one.seeds) for one in found}
    return levels, found


def _behaviours(
    endpoints: Sequence[Endpoint],
    bindings: dict[Endpoint, Binding],
    world: World,
    tickets: Sequence[Ticket],
    marks: Sequence[Mark],
    collections: Sequence[Collection],
    logs: set[str],
    histories: Sequence[History],
    levels: Sequence[Levels],
    lockouts: Sequence[Lockout],
    chosen: Options,
) -> list[Behaviour]:
    """Learn how each endpoint behaves, once the orders of all lists are known; `logs` are what calls make rows in."""
    scenes = by_endpoint(world.scenes)
    # Rows that calls make unseen are known only where a list showed them: what names one tells nothing, but where
    # paths of writes name them, too, as a period that is closed.
    written = {one.collection for endpoint, one in bindings.items() if endpoint.method not in READS and endpoint.params}
    named = [one for one in collections if one.name not in logs or one in written]
    fields = Fields(world.timelines, named)
    needed = needed_by_changes(world, bindings, histories, levels)
    timetables = find_timetables(scenes) if chosen.links and chosen.store else []
    lookups = {
        one: _lookups(one, bindings[one], scenes[one], tickets, named, fields, needed[one], timetables, chosen)
        | lookups_beside(one, marks, lockouts)
        for one in endpoints
    }
    has_lists = chosen.store and chosen.lists
    listed = _listed(endpoints, bindings, scenes, lookups, marks if has_lists else None)
    orders = [one.spec.get("sort", {}).get("default", []) for one in listed.values() if one is not None]
    ordered = frozenset(name.lstrip("-").rpartition(".")[2] for order in orders for name in order)
    changes = changes_before(world.scenes)
    laws = Laws(scene.sample for scene in world.scenes)
    beside = terms_beside(scenes, levels, tickets, folder_terms(scenes, bindings) if has_lists else {})

    def learnt(endpoint: Endpoint) -> Behaviour:
        told = _told_of(bindings[endpoint], collections, logs) if chosen.store else ()

        def learn_from(some: list[Scene]) -> Behaviour:
            return learn(
                endpoint, bindings[endpoint], some, lookups[endpoint], chosen, listed[endpoint], ordered, told,
                collections if chosen.store else (), laws if chosen.links else None, marks, world.totals,
                beside[endpoint], lockouts, sights_of(endpoint, bindings, listed, some, lookups[endpoint]),
            )  # fmt: skip

        some = scenes[endpoint]
        return learn_with_chance(some, learn_from, changes) if chosen.guards else learn_from(some)

    return [learnt(one) for one in endpoints]


def _listed(
    endpoints: Sequence[Endpoint],
    bindings: Mapping[Endpoint, Binding],
    scenes: Mapping[Endpoint, list[Scene]],
    lookups: Mapping[Endpoint, Mapping[str, Lookup]],
    marks: Sequence[Mark] | None,
) -> dict[Endpoint, Listed | None]:
    """Learn the lists, those at a path of their own after the collection's: they are often in its order."""
    found: dict[Endpoint, Listed | None] = dict.fromkeys(endpoints)
    usual: dict[str, list[str]] = {}
    for one in sorted(endpoints, key=lambda one: bindings[one].is_elsewhere) if marks is not None else ():
        collection, marked = bindings[one].collection, list(marked_by_caller(marks or (), lookups[one]))
        order = usual.get(collection.name, []) if collection is not None and bindings[one].is_elsewhere else []
        made = found[one] = learn_list(one, bindings[one], scenes[one], lookups[one], marked, order)
        if made is not None and collection is not None:
            usual.setdefault(collection.name, made.spec.get("sort", {}).get("default", []))
    return found


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
        found |= field_lookups(endpoint, binding, scenes, collections, fields, found)
        found |= row_lookups(scenes, found)
        asked = row_terms(scenes, found) if scenes else []
        found |= timetable_lookups(endpoint, scenes, timetables, asked, found) if scenes else {}
        if scenes and endpoint.method not in READS:
            found |= row_fault_lookups(scenes, collections, found, free_name)
            found |= nested_lookups(scenes, asked, collections, found, free_name)
            if binding.role in ("none", "collection"):
                found |= overlap_lookups(scenes, asked, collections, found, free_name)
    return found


def _hide_seeds(seeds: dict[str, dict[str, Any]], world: World, emitter: Emitter) -> None:
    """Give seeds the hidden members that definitions read."""
    for name, items in seeds.items():
        wanted = emitter.hidden_seed(name)
        for key, item in items.items() if wanted else ():
            known = (timeline.get(name + HIDDEN, key, _AT_THE_END) for timeline in world.timelines.values())
            attributes = next((one for one in known if isinstance(one, dict)), None)
            if attributes is not None and isinstance(item, dict):
                found = {hidden_name(one): attributes[one] for one in sorted(wanted) if one in attributes}
                items[key] = {**item, **{name: value for name, value in found.items() if value is not MISSING}}
