"""Tickets: what answers hand out and requests show again, such as tokens, cookies and keys of calls."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Collected
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from recorder.synthesis.collections.references import free_name
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look
from recorder.synthesis.terms.request_terms import path_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.slots import Read, handed_out_in, shown_in
from recorder.synthesis.terms.term import Get, Term, part_of

if TYPE_CHECKING:
    from recorder.synthesis.state.companions import Companion
    from recorder.synthesis.state.renewals import Renewal, Succession
    from recorder.synthesis.state.world import World

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_NUMBERED: Final = re.compile(r"\d{1,6}")
_LONGEST_WORD: Final = 16
_CREDENTIAL: Final = "auth.token"
_MOST_STANDING: Final = 3
_LEAST_LINKED: Final = 3
_HEADER: Final = "headers."
_LEAST: Final = 3
_UNKNOWN: Final = (400, 404, 409, 422)
_MEMBER: Final = "json."


@dataclass(eq=False, slots=True)
class Ticket:
    """Something handed out in an answer and shown again later: a token, a cookie, a code.

    `name` is the collection that remembers it; `issuers` maps an endpoint to the expression of its answer's place, and
    how a sample's answer gives it. `revokers` are the endpoints that end a ticket: the one that is shown (None), or the
    one that was handed out together with another that is shown, at a place of that answer. `renewers` are the calls
    that change what is remembered with it, and `successions` those that hand out another one in its place. `standing`
    are those that nobody handed out and that several sessions had: keys from before, as that of an administrator.
    `companions` are rows that came with it, told as `rows` beside the `request` and the `answer` that are remembered.
    """

    name: str
    slot: str
    term: Term
    issuers: dict[Endpoint, list[tuple[str, Read]]] = field(default_factory=dict)
    revokers: dict[Endpoint, list[tuple[Ticket | None, Path]]] = field(default_factory=dict)
    renewers: list[Renewal] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)


def find_tickets(
    samples: Sequence[Sample],
    endpoint_of: Mapping[int, Endpoint],
    keys: Mapping[int, set[str]],
    taken: Collected[str] = (),
) -> list[Ticket]:
    """Find what is handed out and shown again. `keys` are each session's keys of items, which are no tickets.

    Names of collections that are `taken` are left to these.
    """
    trail = _Trail()
    for sample in samples:
        trail.follow(sample, endpoint_of[sample.number], keys.get(sample.session, set()))
    tickets: list[Ticket] = []
    names = set(taken)
    for slot, counts in trail.links.items():
        if not trail.is_of_tickets(slot):
            continue
        word = re.sub(r"\W+", "_", slot.rpartition(".")[2]).strip("_").lower() or "token"
        name = free_name(word if word.endswith("s") else f"{word}s", names)
        names.add(name)
        ticket = Ticket(name, slot, trail.terms[slot], standing=sorted(trail.standing(slot)))
        # What is called as one in an answer is one, too, though nobody showed it again: a token that follows another.
        named = {place for _, place in counts}
        others = [pair for pair in trail.readers if pair[1] in named and pair not in counts]
        for issuer, place in [*counts, *others]:
            ticket.issuers.setdefault(issuer, []).append((place, trail.readers[issuer, place]))
        tickets.append(ticket)
    return tickets


class _Trail:
    """What was handed out where, and in which slots it was shown again."""

    def __init__(self) -> None:
        self.links: dict[str, Counter[tuple[Endpoint, str]]] = defaultdict(Counter)
        self.readers: dict[tuple[Endpoint, str], Read] = {}
        self.terms: dict[str, Term] = {}
        self._first: dict[int, dict[str, tuple[Endpoint, str]]] = defaultdict(dict)
        self._own: dict[int, set[str]] = defaultdict(set)
        self._shown: Counter[str] = Counter()
        self._linked: Counter[str] = Counter()
        self._values: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._unlinked: dict[str, Counter[str]] = defaultdict(Counter)

    def follow(self, sample: Sample, endpoint: Endpoint, keys: set[str]) -> None:
        """Take note of what a sample shows, then of what it hands out."""
        first = self._first[sample.session]
        for slot, term, value in shown_in(sample):
            if slot.rpartition(".")[2] in keys:
                continue  # called by the id of an item, as a cookie for each: there is another in every session
            self._values[slot][value].add(sample.session)
            self._shown[slot] += sample.succeeded
            self.terms.setdefault(slot, term)
            if slot.startswith(_HEADER) and value not in first:
                self._own[sample.session].add(value)
            if value not in keys and value in first:
                self._linked[slot] += sample.succeeded
                self.links[slot][first[value]] += 1
            else:
                self._unlinked[slot][value] += sample.succeeded
        for place, read, value in handed_out_in(sample) if sample.succeeded else ():
            self.readers[endpoint, place] = read
            if value not in self._own[sample.session]:  # what a caller said of itself is only said again
                first.setdefault(value, (endpoint, place))

    def is_of_tickets(self, slot: str) -> bool:
        """Tell whether most of what is accepted in a slot had been handed out, or was a key from before."""
        before = self.standing(slot)
        shown = self._shown[slot] - sum(self._unlinked[slot][value] for value in before)
        values = {value: inside for value, inside in self._values[slot].items() if value not in before}
        return shown > 0 and self._linked[slot] * 2 >= shown and _is_handed_out_once(values)

    def standing(self, slot: str) -> set[str]:
        """Give the few credentials that several sessions had, though nobody was handed them.

        There are none unless all others that were accepted had been handed out, in several sessions.
        """
        if slot != _CREDENTIAL or self._linked[slot] < _LEAST_LINKED:
            return set()
        accepted = [value for value, count in self._unlinked[slot].items() if count]
        again = {value for value in accepted if len(self._values[slot][value]) > 1}
        return again if len(again) == len(accepted) <= _MOST_STANDING else set()


def _is_handed_out_once(values: Mapping[str, set[int]]) -> bool:
    """Tell whether values look like tickets: not words of a few that every session uses."""
    sessions = set().union(*values.values())
    again = sum(len(inside) > 1 for inside in values.values())
    if len(sessions) > 1 and again * 3 > len(values) and not all(_NUMBERED.fullmatch(value) for value in values):
        return False
    told = [
        value for value in values if _DATE.fullmatch(value) is None
    ]  # dates are sent, and shown again, by everybody
    return any(any(map(str.isdigit, value)) or len(value) >= _LONGEST_WORD for value in told)


def find_memories(samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint]) -> list[Ticket]:
    """Find headers, or members of an operation's body, by which an endpoint knows a request again.

    What is sent twice with one key is one call.
    """
    seen: dict[tuple[Endpoint, str], dict[tuple[int, str], list[Sample]]] = defaultdict(lambda: defaultdict(list))
    terms: dict[str, Term] = {}
    shown = _shown_at(samples, endpoint_of)
    for sample in samples:
        for slot, term, value in shown_in(sample) if sample.method in ("POST", "PUT", "PATCH") else ():
            if slot.startswith(_HEADER) or _speaks_of_the_call(slot, sample):
                terms[slot] = term
                seen[endpoint_of[sample.number], slot][sample.session, value].append(sample)
    found: list[Ticket] = []
    for (endpoint, slot), calls in seen.items():
        elsewhere = sum(len(shown[slot, *key]) > 1 for key in calls)
        is_for_one_call = len({value for _, value in calls}) * 2 >= len(calls) > elsewhere * 2
        if is_for_one_call and _is_known_again(list(calls.values()), is_of_the_call=slot.startswith(_MEMBER)):
            name = re.sub(r"\W+", "_", f"{slot.rpartition('.')[2]}_of_{endpoint.id}").lower()
            issuers = {endpoint: [(terms[slot].text, _sent(slot))]}
            found.append(Ticket(name, slot, terms[slot], issuers))
    return found


def _shown_at(
    samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint]
) -> dict[tuple[str, int, str], set[Endpoint]]:
    """Give the endpoints that are sent one value in a header, by the header, the session and the value."""
    found: dict[tuple[str, int, str], set[Endpoint]] = defaultdict(set)
    for sample in samples:
        for slot, _, value in shown_in(sample):
            if slot.startswith(_HEADER):
                found[slot, sample.session, value].add(endpoint_of[sample.number])
    return found


def _speaks_of_the_call(slot: str, sample: Sample) -> bool:
    """Tell whether a member of an operation's body, beside its arguments, holds an id: that of the call."""
    name = slot.removeprefix(_MEMBER)
    operation = sample.operation
    if operation is None or not operation.base or not slot.startswith(_MEMBER) or name in operation.envelope:
        return False
    return "." not in name and is_called_id(name)


def _is_known_again(calls: Sequence[Sequence[Sample]], *, is_of_the_call: bool) -> bool:
    """Tell whether a call that is repeated under its key is answered as before, or refused, almost always.

    Something that may be a key of something else has to be sent once only, too.
    """
    again = [inside for inside in calls if len(inside) > 1 and inside[0].succeeded]
    told = sum(
        later.answer_body == inside[0].answer_body or later.status in (409, 422)
        for inside in again
        for later in inside[1:]
    )
    repeated = sum(len(inside) - 1 for inside in again)
    return bool(again) and told * 10 >= repeated * 9 and (is_of_the_call or len(calls) > len(again))


def _sent(slot: str) -> Read:
    if slot.startswith(_HEADER):
        return lambda sample: sample.headers.get(slot.removeprefix(_HEADER), MISSING)
    path = tuple(slot.removeprefix(_MEMBER).split("."))
    return lambda sample: look(sample.json, path)


def remember_tickets(
    world: World, tickets: Sequence[Ticket], besides: Callable[[Scene], None] = lambda _scene: None
) -> None:
    """Put what is handed out into the timelines, each with the request and the answer that it came with.

    Who shows a ticket to get another hands on what was remembered with the first. `besides` changes what is remembered.
    """
    for timeline in world.timelines.values():
        for ticket in tickets:
            timeline.forget(ticket.name)
            for value in ticket.standing:
                timeline.put(ticket.name, value, standing_item(), -1)
    for scene in world.scenes:
        for ticket in tickets if scene.sample.succeeded else ():
            for _, read in ticket.issuers.get(scene.endpoint, ()):
                value = read(scene.sample)
                if value is not MISSING and value is not None:
                    item = {**_remembered(scene, tickets), **_rows_with(scene, ticket, tickets)}
                    scene.timeline.put(ticket.name, as_text(value), item, scene.moment)
        besides(scene)


def standing_item() -> dict[str, Any]:
    """Give what is remembered of a key from before: it came with nothing."""
    return {"request": {}, "answer": {}}


def _remembered(scene: Scene, tickets: Sequence[Ticket]) -> dict[str, Any]:
    item: dict[str, Any] = {"request": {}, "answer": {}}
    for ticket in tickets:
        old = shown_item(scene, ticket)
        if isinstance(old, dict):
            item = {"request": {**old["request"]}, "answer": {**old["answer"]}}
    sent = scene.sample.json
    item["request"] |= sent if isinstance(sent, dict) else given_of(scene.sample)
    item["answer"] |= scene.sample.told if isinstance(scene.sample.told, dict) else {}
    return item


def _rows_with(scene: Scene, ticket: Ticket, tickets: Sequence[Ticket]) -> dict[str, Any]:
    """Give the rows that come with a ticket: those that the call made, or that came with what was shown for it."""
    if not ticket.companions:
        return {}
    olds = [item for other in tickets if other.companions and isinstance(item := shown_item(scene, other), dict)]
    number = scene.sample.number
    new = {one.name: one.ids[number] for one in ticket.companions if number in one.ids}
    return {"rows": {name: key for item in olds for name, key in item.get("rows", {}).items()} | new}


def shown_item(scene: Scene, ticket: Ticket) -> Any:
    """Give what is remembered with the ticket that a scene shows, MISSING where it shows none that is known."""
    shown = ticket.term.get(scene)
    return MISSING if shown is MISSING else scene.timeline.get(ticket.name, as_text(shown), scene.moment)


def given_of(sample: Sample) -> dict[str, Any]:
    """Give the fields that a request sent, from JSON or a form."""
    if isinstance(sample.json, dict):
        return dict(sample.arguments)
    return {name: values[0] for name, values in sample.form.items()}


def ticket_lookups(scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> dict[str, Lookup]:
    """Give the tickets that this endpoint's requests show."""
    found: dict[str, Lookup] = {}
    for ticket in tickets:
        if any(ticket.term.get(scene) is not MISSING for scene in scenes):
            name = free_name(singular(ticket.name), found)
            lookup = Lookup(name, ticket.name, ticket.term)
            if any(lookup.find(scene)[1] is not MISSING for scene in scenes):
                found[name] = lookup
    found |= _named_in_path(scenes, tickets, found)
    found |= _holders_in_path(scenes, tickets, found)
    return found | _renewed_lookups(scenes, found, tickets)


def _named_in_path(
    scenes: Sequence[Scene], tickets: Sequence[Ticket], shown: Mapping[str, Lookup]
) -> dict[str, Lookup]:
    """Give the tickets that paths name, as a challenge that is sent in a body elsewhere."""
    found: dict[str, Lookup] = {}
    known = {one.collection for one in shown.values()}
    good = [scene for scene in scenes if scene.sample.succeeded]
    for param in scenes[0].endpoint.params if good else ():
        for ticket in tickets:
            name = free_name(singular(ticket.name), [*shown, *found])
            lookup = Lookup(name, ticket.name, path_term(param))
            if ticket.name not in known and all(lookup.find(scene)[1] is not MISSING for scene in good):
                known.add(ticket.name)
                found[name] = lookup
    return found


def _holders_in_path(
    scenes: Sequence[Scene], tickets: Sequence[Ticket], shown: Mapping[str, Lookup]
) -> dict[str, Lookup]:
    """Give those whom paths name by what their tickets came with, as a user's name, where others were refused.

    So it is where nothing but signing up tells of users: what has an id of its own is a thing that others look up.
    """
    good = [scene for scene in scenes if scene.sample.succeeded]
    bad = [scene for scene in scenes if scene.sample.status in _UNKNOWN]
    for param in scenes[0].endpoint.params if len(good) >= _LEAST and bad else ():
        term = path_term(param)
        for ticket in tickets:
            for by in _fields_with(as_text(term.get(good[0])), ticket, good[0]):
                name = free_name(f"holder_of_{singular(ticket.name)}", shown)
                lookup = Lookup(name, ticket.name, term, ".".join(by))
                is_right = all(lookup.find(scene)[1] is not MISSING for scene in good)
                if is_right and any(lookup.find(scene)[1] is MISSING for scene in bad):
                    return {name: lookup}
    return {}


def _fields_with(value: str, ticket: Ticket, scene: Scene) -> list[tuple[str, ...]]:
    """Give where in what came with tickets a text stands: what was answered first."""
    items = scene.timeline.under(ticket.name, "", scene.moment).values()
    places = [
        tuple(map(str, path))
        for item in items
        for path, one in leaves(item, longest_list=0)
        if path[0] != "rows" and isinstance(one, str) and one == value and not is_called_id(str(path[-1]))
    ]
    return list(dict.fromkeys(sorted(places, key=lambda path: (path[0], len(path)))))


def _renewed_lookups(
    scenes: Sequence[Scene], shown: Mapping[str, Lookup], tickets: Sequence[Ticket]
) -> dict[str, Lookup]:
    """Give the tickets that came with those that are shown, where requests send what calls change of them.

    What a token was asked for with is the password of then, and that of its address the one of now.
    """
    found: dict[str, Lookup] = {}
    names = {lookup.collection: name for name, lookup in shown.items()}
    for ticket in tickets:
        for one in ticket.renewers:
            if one.shown.name in names and ticket.name not in names and _send_again(scenes, one):
                by = names[one.shown.name]
                key = part_of(Term(f"vars.{by}", _looked_up(by), by, 1.5, frozenset({by})), one.path, look)
                name = free_name(singular(ticket.name), [*shown, *found])
                names[ticket.name] = name
                found[name] = Lookup(name, ticket.name, key)
    return found


def _send_again(scenes: Sequence[Scene], renewal: Renewal) -> bool:
    """Tell whether some request sends what is remembered, as the password of now."""
    for scene in scenes:
        key = as_text(look(shown_item(scene, renewal.shown), renewal.path))
        item = scene.timeline.get(renewal.ticket.name, key, scene.moment)
        old = look(item, ("request", renewal.member))
        if isinstance(old, str) and old and old in given_of(scene.sample).values():
            return True
    return False


def _looked_up(name: str) -> Get:
    return lambda scene: scene.looked_up(name)
