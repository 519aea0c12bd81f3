"""Revocation: which calls end a ticket, told by its being refused the next time that it is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look
from recorder.synthesis.state.tickets import Ticket, shown_item
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.slots import SHORTEST_TICKET

Cause: TypeAlias = tuple[Endpoint, Ticket | None, Path]
"""A call, and which ticket it may have ended: the one that it showed, or one that came with what it showed."""


def learn_revocation(scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> None:
    """Give tickets their revokers, and take from the timelines what these ended.

    Where one of several calls that may have ended a ticket hands out another in its place, it was that one.
    """
    for ticket in tickets:
        for (endpoint, other, path), count in _votes(ticket, scenes, tickets).items():
            if count > 0:
                ticket.revokers.setdefault(endpoint, []).append((other, path))
        for scene in scenes:
            if scene.endpoint in ticket.revokers and scene.sample.succeeded:
                _revoke(ticket, scene)


def _votes(ticket: Ticket, scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> Counter[Cause]:
    """Count for each cause how often the ticket was refused afterwards, less twice how often it was accepted."""
    votes: Counter[Cause] = Counter()
    touched: dict[tuple[int, str], list[Cause]] = defaultdict(list)
    doubted: dict[tuple[int, str], list[Cause]] = {}
    for scene in scenes:
        session = scene.sample.session
        shown = ticket.term.get(scene)
        if shown_item(scene, ticket) is not MISSING:
            which = session, as_text(shown)
            causes = dict.fromkeys(_likeliest(ticket, touched.pop(which, [])))
            if scene.sample.status == 401:
                votes.update(causes.keys())
                doubted[which] = [*doubted.get(which, []), *causes]
            elif scene.sample.succeeded:  # what is accepted again was refused for something else
                votes.subtract(dict.fromkeys([*causes, *doubted.pop(which, [])], 2))
        if not scene.sample.succeeded or scene.sample.method in ("GET", "HEAD"):
            continue
        if shown is not MISSING:
            touched[session, as_text(shown)].append((scene.endpoint, None, ()))
        for other, path, value in _companions(scene, tickets):
            touched[session, value].append((scene.endpoint, other, path))
    return votes


def _likeliest(ticket: Ticket, causes: Sequence[Cause]) -> Sequence[Cause]:
    replacing = {one.endpoint for one in ticket.successions}
    return [cause for cause in causes if cause[0] in replacing] or causes


def _revoke(ticket: Ticket, scene: Scene) -> None:
    for other, path in ticket.revokers[scene.endpoint]:
        ended = ticket.term.get(scene) if other is None else look(shown_item(scene, other), path)
        if ended is not MISSING and ended is not None:
            scene.timeline.put(ticket.name, as_text(ended), MISSING, scene.moment)


def _companions(scene: Scene, tickets: Sequence[Ticket]) -> Iterator[tuple[Ticket, Path, str]]:
    """Give the texts that were handed out together with the tickets that a scene shows."""
    for ticket in tickets:
        item = shown_item(scene, ticket)
        for path, value in leaves(item["answer"], longest_list=0) if isinstance(item, dict) else ():
            if _may_be_a_ticket(value) and value != as_text(ticket.term.get(scene)):
                yield ticket, ("answer", *path), value


def _may_be_a_ticket(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= SHORTEST_TICKET
