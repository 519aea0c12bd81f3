"""Renewals: calls that change what was remembered with a ticket, as a new password does what an address came with.

A succession is more than that: a call that ends one ticket and hands out another in its place, as another address of
the same account. What was remembered with the first is remembered with the second from then on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.verbs import is_credential, words_of
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look
from recorder.synthesis.state.tickets import Ticket, given_of, remember_tickets, shown_item
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.slots import Read
from recorder.synthesis.terms.term import literal, member

if TYPE_CHECKING:
    from recorder.synthesis.state.world import World

_LEAST: Final = 2
_PARTS: Final = ("request", "answer")
"""What is remembered with a ticket: what was sent for it, and what was answered."""


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


class Succession(NamedTuple):
    """What a call to `endpoint` does: what is handed out at `place`, read by `read`, stands for what was there before.

    That is the `ticket` which is remembered at `path` with the ticket `shown`, and at `members` of it too.
    """

    endpoint: Endpoint
    shown: Ticket
    path: Path
    ticket: Ticket
    place: str
    read: Read
    members: tuple[Path, ...]


_Pending: TypeAlias = "list[tuple[Endpoint, Ticket, Path, str, Any]]"


def find_renewals(scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> list[Renewal]:
    """Find which calls do so: what was sent is accepted afterwards with the ticket, and was another one before."""
    votes: Counter[Renewal] = Counter()
    is_single = len({scene.sample.session for scene in scenes}) == 1
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
                for sent, name in _replaced(scene, tickets[place], key, texts) if is_single else ():
                    votes[Renewal(scene.endpoint, shown, path, tickets[place], sent, name)] += _LEAST
    found: dict[tuple[Endpoint, Ticket, str, str], Renewal] = {}
    for one, count in votes.items():
        if count >= _LEAST:  # what names it at two places is the same
            found.setdefault((one.endpoint, one.ticket, one.sent, one.member), one)
    return list(found.values())


def _replaced(scene: Scene, ticket: Ticket, key: str, texts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Give which secret is sent beside the one that is remembered, and as what that is remembered: the one from now on.

    One session may change a password and not use it any more.
    """
    known = look(scene.timeline.get(ticket.name, key, scene.moment), ("request",))
    for name, old in known.items() if isinstance(known, dict) else ():
        if isinstance(old, str) and is_credential(name) and any(value == old for _, value in texts):
            others = [
                sent for sent, value in texts if value != old and (is_credential(sent) or "new" in words_of(sent))
            ]
            if len(others) == 1:
                yield others[0], name


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


def remember_with_renewals(world: World, tickets: Sequence[Ticket], successions: Sequence[Succession] = ()) -> None:
    """Put what is handed out into the timelines, with what calls change of it, and tell the tickets which do."""
    follow = partial(succeed, successions=successions)
    remember_tickets(world, tickets, follow)
    renewals = find_renewals(world.scenes, tickets)
    for ticket in tickets:
        ticket.renewers = [one for one in renewals if one.ticket is ticket]
        ticket.successions = [one for one in successions if one.ticket is ticket]
    if renewals:

        def besides(scene: Scene) -> None:
            follow(scene)
            renew(scene, renewals)

        remember_tickets(world, tickets, besides)


def find_successions(scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> list[Succession]:
    """Find which calls do so: those that end a ticket that came with the shown one, and hand out one of its kind.

    Both are called by one name: an address that waits to be confirmed is not yet that of the account.
    """
    found: list[Succession] = []
    for ticket in tickets:
        for endpoint, causes in ticket.revokers.items():
            inside = [scene for scene in scenes if scene.endpoint is endpoint and scene.sample.succeeded]
            for shown, path in causes:
                if shown is None or shown is ticket:
                    continue
                for place, read in ticket.issuers.get(endpoint, ()):
                    is_called_alike = place.rpartition(".")[2] == str(path[-1])
                    members = _members_like(inside, shown, path, read) if is_called_alike else ()
                    if members:
                        found.append(Succession(endpoint, shown, path, ticket, place, read, members))
    return found


def _members_like(scenes: Sequence[Scene], shown: Ticket, path: Path, read: Read) -> tuple[Path, ...]:
    """Give where else with a ticket stands what stands at a path of it, where another one is handed out."""
    counts: Counter[Path] = Counter()
    changed = 0
    for scene in scenes:
        item, made = shown_item(scene, shown), read(scene.sample)
        old = look(item, path)
        if old is MISSING or not isinstance(made, str) or made == old:
            continue
        changed += 1
        counts.update(where for where, value in leaves(item, longest_list=0) if value == old and len(where) == 2)
    return tuple(sorted(where for where, count in counts.items() if count * 2 > changed >= _LEAST))


def succeed(scene: Scene, successions: Sequence[Succession]) -> None:
    """Put what is remembered of what was handed out in the place of another into the timeline."""
    for one in successions:
        made = one.read(scene.sample)
        item = shown_item(scene, one.shown)
        old = look(item, one.path)
        if one.endpoint is not scene.endpoint or not scene.sample.succeeded or not isinstance(made, str):
            continue
        before = scene.timeline.get(one.ticket.name, as_text(old), scene.moment)
        if isinstance(before, dict):
            scene.timeline.put(one.ticket.name, made, _with_members(before, one.members, made), scene.moment)
        if isinstance(item, dict):
            key = as_text(one.shown.term.get(scene))
            scene.timeline.put(one.shown.name, key, _with_members(item, one.members, made), scene.moment)


def _with_members(item: dict[str, Any], members: Sequence[Path], value: str) -> dict[str, Any]:
    made = {part: dict(inside) for part, inside in item.items()}
    for part, name in members:
        made[str(part)][str(name)] = value
    return made


def saves_of_successions(ticket: Ticket, endpoint: Endpoint, lookups: Mapping[str, Lookup]) -> Iterator[dict[str, Any]]:
    """Write as saves what is remembered of what a call hands out in the place of another."""
    for one in (one for one in ticket.successions if one.endpoint is endpoint):
        name = next((name for name, known in lookups.items() if known.collection == one.shown.name), None)
        if name is None:
            continue
        key_of_old = member(f"vars.{name}", one.path)
        old = f"resource.{ticket.name}.get({key_of_old})"
        changed = {part: [str(own) for whole, own in one.members if whole == part] for part in _PARTS}
        item = {}
        for part, own in changed.items():
            laid = ", ".join(f"{literal(each)}: {one.place}" for each in own)
            item[part] = f"{{{{ merge({old}.{part}, {{{laid}}}) }}}}"
        place = f"{{{{ {one.place} }}}}"
        yield {"in": ticket.name, "key": place, "item": item, "when": f"resource.{ticket.name}.has({key_of_old})"}
        told = {part: dict.fromkeys(own, place) for part, own in changed.items() if own}
        key = f"{{{{ {one.shown.term.text} }}}}"
        yield {"in": one.shown.name, "key": key, "item": told, "merge": "deep", "when": f"vars.{name} is not none"}
