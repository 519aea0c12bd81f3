"""What is handed out: tokens and codes, what is remembered of them, and what renews and revokes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recorder.synthesis.collections.attributes import told_in
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.references import versions_of
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import as_text
from recorder.synthesis.state.companions import accompany, end_with_rows
from recorder.synthesis.state.play import Found
from recorder.synthesis.state.renewals import find_successions, remember_with_renewals
from recorder.synthesis.state.revocation import learn_revocation
from recorder.synthesis.state.tickets import Ticket, find_memories, find_tickets
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.scene import HIDDEN


def handed_out(
    samples: Sequence[Sample],
    world: World,
    bindings: Mapping[Endpoint, Binding],
    origins: dict[int, list[Found]] | None = None,
) -> list[Ticket]:
    """Find the tickets, remember in the timelines what came with them, and learn what renews and revokes them.

    `origins` are the rows that calls made unseen: of those that came with tickets only what is kept is left in them.
    """
    endpoint_of = {scene.sample.number: scene.endpoint for scene in world.scenes}
    keys: dict[int, set[str]] = {}
    for session, timeline in world.timelines.items():
        keys[session] = {
            part
            for name in timeline.names()
            if not name.endswith(HIDDEN)
            for key in versions_of(timeline, name)
            for part in (key, key.rpartition("/")[2])  # things may be named by all of it, as files in folders are
        }
    for endpoint, binding in bindings.items():
        for sample in endpoint.samples if binding.told else ():
            # What an item's version is called is no ticket: the item itself tells whether it is the latest.
            keys.setdefault(sample.session, set()).update(map(as_text, told_in(sample, binding).values()))
    held = {one.collection.name for one in bindings.values() if one.collection is not None}
    tickets = [*find_tickets(samples, endpoint_of, keys, held), *find_memories(samples, endpoint_of)]
    companions = accompany(world, tickets, origins, bindings) if origins else []
    remember_with_renewals(world, tickets)
    learn_revocation(world.scenes, tickets)
    successions = find_successions(world.scenes, tickets)
    if successions:
        for ticket in tickets:
            ticket.revokers.clear()
        remember_with_renewals(world, tickets, successions)
        learn_revocation(world.scenes, tickets)
    if companions:
        end_with_rows(world, tickets)
    return tickets
