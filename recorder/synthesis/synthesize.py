"""The pass: from cassettes to definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any, Final

from cassettes.cassette import Cassette
from recorder.synthesis.calls.batches import batch_definitions
from recorder.synthesis.calls.carried import see_carried
from recorder.synthesis.calls.operations import see_operations
from recorder.synthesis.collections.attributes import Makers
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.entities import bind
from recorder.synthesis.collections.feeds import Feed, find_feeds
from recorder.synthesis.collections.marks import Mark, find_marks
from recorder.synthesis.collections.overviews import set_aside_overviews
from recorder.synthesis.collections.references import (
    Fields,
    field_lookups,
    path_lookups,
)
from recorder.synthesis.collections.sequences import find_sequences
from recorder.synthesis.collections.serials import find_serials
from recorder.synthesis.conditions.lockouts import Lockout
from recorder.synthesis.emit import Emitter
from recorder.synthesis.endpoints.endpoint import Endpoint, endpoints_of
from recorder.synthesis.faults import Faults
from recorder.synthesis.graphs.graph import graphs_of
from recorder.synthesis.learning import Known, learn_all
from recorder.synthesis.listings.backlinks import find_backlinks
from recorder.synthesis.listings.lasts import find_lasts
from recorder.synthesis.listings.means import find_means
from recorder.synthesis.listings.ranks import find_ranks
from recorder.synthesis.listings.reckoned import Reckoned
from recorder.synthesis.listings.takings import find_takings
from recorder.synthesis.listings.totals import find_totals
from recorder.synthesis.listings.withdrawals import find_withdrawals
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.outcomes.borrow import Refusal, refusals
from recorder.synthesis.outcomes.implied import implied
from recorder.synthesis.outcomes.latency import add_delays
from recorder.synthesis.outcomes.naming import with_elements
from recorder.synthesis.outcomes.supposed import superseded, supposed
from recorder.synthesis.outcomes.trash import trash
from recorder.synthesis.outcomes.uncalled import uncalled
from recorder.synthesis.samples.batches import with_their_calls
from recorder.synthesis.samples.elements import read_elements, settle_elements
from recorder.synthesis.samples.path_keys import set_forms_aside
from recorder.synthesis.samples.relinking import relink
from recorder.synthesis.samples.sample import Sample, samples_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.accounts import find_account_effects
from recorder.synthesis.state.announced import find_announced
from recorder.synthesis.state.attempts import find_lockouts
from recorder.synthesis.state.between import Retelling
from recorder.synthesis.state.byproducts import find_origins
from recorder.synthesis.state.effects import Effect, find_effects
from recorder.synthesis.state.endings import find_endings
from recorder.synthesis.state.feed_rows import byproducts_of, with_feeds
from recorder.synthesis.state.handed_out import handed_out
from recorder.synthesis.state.histories import History, find_histories, history_rows
from recorder.synthesis.state.keyed_rows import find_keyed_rows
from recorder.synthesis.state.lapses import find_lapses
from recorder.synthesis.state.levels import Levels, find_levels
from recorder.synthesis.state.makers import find_makers
from recorder.synthesis.state.named import named_items
from recorder.synthesis.state.own_clock import find_clocks
from recorder.synthesis.state.owners import with_owners
from recorder.synthesis.state.play import Found
from recorder.synthesis.state.reported import find_reported
from recorder.synthesis.state.tallies import find_tallies
from recorder.synthesis.state.tickets import Ticket, standing_item, ticket_lookups
from recorder.synthesis.state.told_rows import with_told
from recorder.synthesis.state.unseen import with_unseen
from recorder.synthesis.state.world import Follow, Reckon, World, first_look, play
from recorder.synthesis.terms.scene import HIDDEN, Lookup, Scene
from recorder.synthesis.terms.vocabulary import hidden_name

_AT_THE_END: Final = 1 << 30


@dataclass(slots=True)
class Synthesis:
    """What came of a pass: the definitions as documents, and what they were learnt from.

    `graphs` are what may stand in the place of some of them, as (definition, the ids of those in whose place).
    `faults` tells what was left out, since the synthesis itself failed there.
    """

    definitions: list[dict[str, Any]]
    behaviours: list[Behaviour] = field(repr=False)
    samples: list[Sample] = field(repr=False)
    graphs: list[tuple[dict[str, Any], frozenset[str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def synthesize(cassettes: Iterable[Cassette], options: Options | None = None) -> Synthesis:
    """Make definitions that answer as the recorded service did; the same cassettes give the same definitions."""
    chosen, faults = options or Options(), Faults()
    samples = samples_of(cassettes)
    relink(samples)
    read_elements(samples)
    if chosen.templates:
        set_forms_aside(samples)
    learnt = with_their_calls(samples) if chosen.templates and chosen.store else samples
    endpoints = _endpoints(learnt, chosen)
    collections, bindings = bind(endpoints) if chosen.store else ([], {one: Binding("none", None) for one in endpoints})
    if chosen.store:
        collections = set_aside_overviews(endpoints, collections, bindings)
    has_feeds = chosen.store and chosen.links
    feeds = faults.guarded("feeds", [], find_feeds, endpoints, collections, bindings) if has_feeds else []
    origins, makers, first = _origins(learnt, endpoints, bindings, feeds) if chosen.links else ({}, {}, [])
    reckon, follows = _follows(bindings, collections, first, faults) if chosen.links else (None, [])
    named = partial(named_items, bindings=bindings, collections=collections)
    retell = Retelling(bindings, named) if chosen.links else None
    keyed = partial(find_keyed_rows, bindings=bindings, name=named) if chosen.links else None
    endings = partial(find_endings, bindings=bindings, named=named) if chosen.links else None
    world = play(learnt, endpoints, bindings, follows, origins, makers, reckon, retell, keyed, endings)
    if chosen.links:
        _find_counting_on(world, collections, bindings)
    levels, histories = _beside(world, bindings, collections, faults) if chosen.links and chosen.store else ([], [])
    tickets = handed_out(learnt, world, bindings, origins) if chosen.links else []
    known = (world, tickets, collections)
    marks = faults.guarded("marks", [], _marks, *known, bindings) if chosen.links else []
    lockouts = faults.guarded("lockouts", [], _lockouts, *known) if chosen.links else []
    logs = {one.collection.name for rows in origins.values() for one in rows}
    learning = Known(bindings, world, collections, tickets, marks, logs, histories, levels, lockouts)
    behaviours = learn_all(endpoints, learning, chosen, faults)
    rows = faults.guarded("by-products", [], byproducts_of, behaviours, origins, feeds, bindings, world)
    rows = [*rows, *history_rows(histories, behaviours)]
    seeds = {name: {key: item for key, item in items.items() if key} for name, items in world.seeds.items()}
    seeds |= {one.name: {key: standing_item() for key in one.standing} for one in tickets if one.standing}
    unrecorded = (behaviours, seeds, len(world.timelines), chosen)
    whole = faults.guarded("operations that were not recorded", behaviours, _with_unrecorded, *unrecorded)
    lapses = faults.guarded("lapses", [], find_lapses, world.scenes, bindings) if chosen.links else []
    lent = [faults.guarded(_of(one), [], _borrowed, one, behaviours) for one in whole] if chosen.guards else []
    told = (rows, marks, world.reckoned, lapses, lockouts, [one.term for some in lent for one in some])
    emitter = Emitter(whole, tickets, seeds, collections, world.effects, *told)
    _hide_seeds(seeds, world, emitter)
    definitions = _written(emitter, whole, lent, chosen, faults)
    if learnt is not samples:
        definitions += batch_definitions(endpoints, samples)
    has_graphs = chosen.links and chosen.store and chosen.guards
    graphs = faults.guarded("graphs", [], graphs_of, endpoints, learnt, definitions) if has_graphs else []
    return Synthesis(definitions, behaviours, samples, graphs, faults.told)


def _find_counting_on(world: World, collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]) -> None:
    find_sequences(world.scenes, collections, bindings)
    find_serials(world.scenes, bindings)


def _written(
    emitter: Emitter, whole: Sequence[Behaviour], lent: Sequence[Sequence[Refusal]], chosen: Options, faults: Faults
) -> list[dict[str, Any]]:
    """Write the definitions; one that cannot be written is left out."""

    def complete(behaviour: Behaviour, definition: dict[str, Any], some: Sequence[Refusal]) -> dict[str, Any]:
        own = definition["cases"]
        if chosen.guards:
            emitter.lend(behaviour, some, definition)
        if chosen.latency and behaviour.scenes:
            add_delays(behaviour, own, definition)
        return with_elements(behaviour, definition)

    # All are written before any is completed: where a seed stands depends on what those before it needed.
    written = [faults.guarded(_of(one), None, emitter.definition, one) for one in whole]
    pairs = zip(whole, written, lent or repeat(()), strict=False)
    found = [
        faults.guarded(_of(behaviour), None, complete, behaviour, definition, some)
        for behaviour, definition, some in pairs
        if definition is not None
    ]
    return [one for one in found if one is not None]


def _of(behaviour: Behaviour) -> str:
    return f"{behaviour.endpoint.method} {behaviour.endpoint.path}"


def _borrowed(behaviour: Behaviour, behaviours: list[Behaviour]) -> list[Refusal]:
    return list(refusals(behaviour, behaviours))


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
    made = list(supposed(whole, sessions))
    others = superseded(whole, made)
    return [*(one for one in whole if one not in others), *made, *uncalled(behaviours, sessions)]


def _follows(
    bindings: dict[Endpoint, Binding], collections: Sequence[Collection], tickets: Sequence[Ticket], faults: Faults
) -> tuple[Reckon, list[Follow]]:
    """Give what finds sums, and what finds the other changes that calls make: what is a sum is not counted up."""
    known = Reckoned()
    last: list[tuple[Sequence[Scene], Mapping[Endpoint, Mapping[str, Lookup]]]] = []

    def named_in(scenes: Sequence[Scene]) -> Mapping[Endpoint, Mapping[str, Lookup]]:
        if not last or last[0][0] is not scenes:  # they are the same until something is found
            last[:] = [(scenes, named_items(scenes, bindings, collections))]
        return last[0][1]

    def tallies(scenes: Sequence[Scene], followed: Sequence[Effect]) -> list[Effect]:
        told = {(total.collection.name, total.member) for total in known.totals}
        told |= {(mean.collection.name, mean.member) for mean in known.means}
        told |= {(one.collection.name, one.member) for one in known.withdrawals}
        told |= {(one.lookup.collection, name) for one in followed for name in one.members}
        return find_tallies(scenes, bindings, named_in(scenes), told)

    def effects(scenes: Sequence[Scene], _: Sequence[Effect]) -> list[Effect]:
        found = find_effects(scenes, bindings, named_in(scenes))
        found = [*find_reported(scenes, bindings), *found]
        return [one.without(known.linked(one.lookup.collection)) for one in found]

    def accounts(scenes: Sequence[Scene], _: Sequence[Effect]) -> list[Effect]:
        fields = Fields({scene.sample.session: scene.timeline for scene in scenes}, collections)

        def named(endpoint: Endpoint, inside: list[Scene], known: Mapping[str, Lookup]) -> Mapping[str, Lookup]:
            return field_lookups(endpoint, bindings[endpoint], inside, collections, fields, known)

        return find_account_effects(scenes, bindings, tickets, named)

    def announced(scenes: Sequence[Scene], _: Sequence[Effect]) -> list[Effect]:
        drifting = [one for one in known.totals if one.drifts]
        return find_announced(scenes, bindings, named_in(scenes), drifting) if drifting else []

    def guarded(find: Follow) -> Follow:
        return lambda scenes, followed: faults.guarded("changes beside", [], find, scenes, followed)

    reckon = partial(_reckoned, known, bindings, collections, faults)
    return reckon, [guarded(find) for find in (announced, tallies, effects, accounts)]


def _reckoned(
    known: Reckoned,
    bindings: dict[Endpoint, Binding],
    collections: Sequence[Collection],
    faults: Faults,
    scenes: Sequence[Scene],
) -> Reckoned:
    """Find what follows from other items, each with what was found before it."""
    those = (scenes, bindings, collections)
    known.totals = faults.guarded("sums", [], find_totals, *those)
    known.means = faults.guarded("averages", [], find_means, *those, known.totals)
    known.backlinks = faults.guarded("links back", [], find_backlinks, *those)
    known.withdrawals = faults.guarded("withdrawals", [], find_withdrawals, *those)
    known.takings = faults.guarded("what lists set", [], find_takings, *those)
    known.ranks = faults.guarded("places among others", [], find_ranks, *those)
    known.lasts = faults.guarded("last rows", [], find_lasts, *those, known.totals)
    return known


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
    origins = with_told(origins, world, bindings, tickets)

    def lookups(endpoint: Endpoint, scenes: list[Scene]) -> Mapping[str, Lookup]:
        return path_lookups(endpoint, bindings[endpoint]) | ticket_lookups(scenes, tickets)

    makers = find_makers(world, bindings, lookups)
    owned = with_owners(with_unseen(origins, world, bindings), world, bindings, lookups) if origins else {}
    return with_feeds(owned, feeds, bindings), makers, tickets


def _marks(
    world: World, tickets: Sequence[Ticket], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
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
    world: World, bindings: dict[Endpoint, Binding], collections: Sequence[Collection], faults: Faults
) -> tuple[list[Levels], list[History]]:
    """Find what is kept beside items: levels, and the lists without ids to which calls add rows."""
    named = named_items(world.scenes, bindings, collections)
    levels = faults.guarded("levels", [], find_levels, world, bindings, named, collections)
    levels = [*levels, *faults.guarded("clocks", [], find_clocks, world, {one.name for one in collections})]
    taken = {one.name for one in collections} | {one.collection.name for one in levels}
    found = faults.guarded("histories", [], find_histories, world.scenes, bindings, named, taken)
    world.seeds |= {one.collection.name: dict(one.seeds) for one in found}
    return levels, found


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
