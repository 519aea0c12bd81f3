"""Renewals: calls that change what was remembered with a ticket, as a new password does what an address came with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look
from recorder.synthesis.state.tickets import Ticket, given_of, shown_item
from recorder.synthesis.terms.scene import Scene

_LEAST: Final = 2


class Renewal(NamedTuple):
    """What a call to `endpoint` changes: `member` of what `ticket` was asked for with is what was sent as `sent`.

    Which one is told by what is remembered at `path` with the ticket `shown`.
    """

    endpoint: Endpoint
    shown: Ticket
    path: Path
    ticket: Ticket
    sent: str
    member: str


_Pending: TypeAlias = "list[tuple[Endpoint, Ticket, Path, str, Any]]"


def find_renewals(scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> list[Renewal]:
    """Find which calls do so: what was sent is accepted afterwards with the ticket, and was another one before."""
    votes: Counter[Renewal] = Counter()
    pending: dict[tuple[int, int, str], _Pending] = defaultdict(list)
    for scene in scenes:
        session = scene.sample.session
        given = given_of(scene.sample)
        for place, ticket in enumerate(tickets):
            item = shown_item(scene, ticket)
            causes = pending.get((session, place, as_text(ticket.term.get(scene))), []) if item is not MISSING else []
            for endpoint, shown, path, sent, value in causes if scene.sample.succeeded else ():
                for name, one in given.items():
                    old = item["request"].get(name, MISSING)
                    if old is MISSING or old == value:
                        continue
                    made = Renewal(endpoint, shown, path, ticket, sent, name)
                    votes[made] += 1 if one == value else -2 if one == old and votes[made] > 0 else 0
            if item is not MISSING and scene.sample.succeeded:  # what is remembered from now on came with this call
                pending.pop((session, place, as_text(ticket.term.get(scene))), None)
        if scene.sample.succeeded and scene.sample.method not in READS and given:
            for shown, path, place, key in _named(scene, tickets):
                texts = [(name, value) for name, value in given.items() if isinstance(value, str) and value]
                pending[session, place, key] += [(scene.endpoint, shown, path, *one) for one in texts]
    found: dict[tuple[Endpoint, Ticket, str, str], Renewal] = {}
    for one, count in votes.items():
        if count >= _LEAST:  # what names it at two places is the same
            found.setdefault((one.endpoint, one.ticket, one.sent, one.member), one)
    return list(found.values())


def _named(scene: Scene, tickets: Sequence[Ticket]) -> Iterator[tuple[Ticket, Path, int, str]]:
    """Give the other tickets that what a scene shows came with: their places among all, and which they are."""
    for shown in tickets:
        item = shown_item(scene, shown)
        for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
            for place, other in enumerate(tickets):
                is_known = other is not shown and isinstance(value, str)
                if is_known and scene.timeline.get(other.name, value, scene.moment) is not MISSING:
                    yield shown, path, place, value


def renew(scene: Scene, renewals: Sequence[Renewal]) -> None:
    """Put what a call changes of what is remembered into the timeline."""
    for one in renewals:
        value = given_of(scene.sample).get(one.sent, MISSING)
        if one.endpoint is not scene.endpoint or not scene.sample.succeeded or value is MISSING:
            continue
        key = as_text(look(shown_item(scene, one.shown), one.path))
        item = scene.timeline.get(one.ticket.name, key, scene.moment)
        if isinstance(item, dict):
            renewed = {**item, "request": {**item["request"], one.member: value}}
            scene.timeline.put(one.ticket.name, key, renewed, scene.moment)
