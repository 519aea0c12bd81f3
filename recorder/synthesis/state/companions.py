"""Companions: rows that came with tickets, as the device or the session that signing in makes in a list of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, as_text, look
from recorder.synthesis.state.tickets import Ticket, remember_tickets, shown_item
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

if TYPE_CHECKING:
    from recorder.synthesis.state.play import Found, Origins
    from recorder.synthesis.state.world import World

_LEAST: Final = 2
_TENTH: Final = 10
ROWS: Final = "rows"
"""The part of what is remembered with a ticket that tells the rows that came with it."""


@dataclass(eq=False, slots=True)
class Companion:
    """Rows of a collection of which each came with the tickets that one call handed out.

    `name` is what its id is called with a ticket, `ids` are those ids by the numbers of the samples that made the rows,
    and `makers` the endpoints of these.
    Calls to the endpoints `own` take the row away that came with the ticket which they show, those to `others` all
    other rows that its owner has; with `ends` a ticket ends with its row. The members `current` tell of a row whether
    it is that of who looks: they are worked out where it is shown, and not kept.
    """

    collection: Collection
    name: str
    ids: Mapping[int, Any]
    makers: frozenset[Endpoint] = frozenset()
    own: set[Endpoint] = field(default_factory=set)
    others: set[Endpoint] = field(default_factory=set)
    ends: bool = False
    current: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A list of the rows as somebody saw it: who, by the row that came with the ticket, and which rows."""

    scene: Scene
    own: str
    rows: Mapping[str, Any]


_Rows: TypeAlias = Callable[[Scene], Sequence[str]]


def find_companions(
    world: World, tickets: Sequence[Ticket], origins: Origins, bindings: Mapping[Endpoint, Binding]
) -> Iterator[tuple[Ticket, Companion]]:
    """Give what may be one with the ticket by which it would be known: each call that makes a row hands that out."""
    made: dict[str, dict[int, list[tuple[Collection, Any]]]] = defaultdict(lambda: defaultdict(list))
    for number, found in origins.items():
        for one in (one for one in found if one.collection.count == 1 and one.collection.id_path):
            key = look(one.item, one.collection.id_path or ())
            made[one.collection.name][number].append((one.collection, key))
    endpoint_of = {scene.sample.number: scene.endpoint for scene in world.scenes}
    for by_number in made.values():
        collection = next(iter(by_number.values()))[0][0]
        shown = list(_lists_of(collection, world, bindings))
        for ticket in tickets:
            are_so = all(len(rows) == 1 and endpoint_of[number] in ticket.issuers for number, rows in by_number.items())
            if are_so and len(by_number) >= _LEAST and any(ticket.term.get(scene) is not MISSING for scene in shown):
                ids = {number: rows[0][1] for number, rows in by_number.items()}
                makers = frozenset(endpoint_of[number] for number in ids)
                yield ticket, Companion(collection, f"{singular(collection.name)}_id", ids, makers)


def _lists_of(collection: Collection, world: World, bindings: Mapping[Endpoint, Binding]) -> Iterator[Scene]:
    for scene in world.scenes:
        binding = bindings[scene.endpoint]
        is_list = binding.role == "collection" and binding.collection is collection and binding.rows is not None
        if is_list and scene.sample.method in READS and scene.sample.succeeded:
            yield scene


class Watch:
    """What is seen of the rows that may have come with a ticket, in the lists of who shows it."""

    def __init__(
        self, ticket: Ticket, companion: Companion, world: World, bindings: Mapping[Endpoint, Binding]
    ) -> None:
        self._companion = companion
        self._name = companion.collection.name
        self._world = world
        self._own = {scene.sample.number: row_of(scene, ticket, companion) for scene in world.scenes}
        self._looks = [
            one for one in map(partial(self._look, bindings), _lists_of(companion.collection, world, bindings)) if one
        ]
        self._group: dict[tuple[int, str], str] = {}
        for one in self._looks:
            self._join(one.scene.sample.session, [one.own, *one.rows])
        self._refused = {scene.sample.number for scene in world.scenes if scene.sample.status == 401}

    def learn(self) -> bool:
        """Learn what becomes of the rows; False where nothing shows that they have to do with the ticket.

        What is taken away is so in the timelines then.
        """
        one = self._companion
        one.own |= self._takers(self._own_row)
        self._take(one.own, self._own_row)
        one.others |= self._takers(self._other_rows) - one.own
        self._take(one.others, self._other_rows)
        one.ends = self._ends_with_row()
        one.current |= self._tell_current()
        for timeline in self._world.timelines.values() if one.current else ():
            timeline.change(self._name, lambda row: _without(row, one.current))
        return bool(one.own or one.others or one.ends or one.current)

    def _look(self, bindings: Mapping[Endpoint, Binding], scene: Scene) -> _Look | None:
        binding, own = bindings[scene.endpoint], self._own[scene.sample.number]
        rows = look(scene.sample.answer_json, binding.rows or ())
        if not own or not isinstance(rows, list):
            return None
        return _Look(scene, own, {as_text(look(row, binding.id_in_row or ())): row for row in rows})

    def _join(self, session: int, rows: Sequence[str]) -> None:
        """Have rows be of one owner that one list shows, or that ask for it."""
        old = {self._group[session, row] for row in rows if (session, row) in self._group}
        for pair, group in list(self._group.items()):
            if pair[0] == session and group in old:
                self._group[pair] = rows[0]
        self._group |= {(session, row): rows[0] for row in rows}

    def _owner(self, scene: Scene) -> str | None:
        return self._group.get((scene.sample.session, self._own[scene.sample.number]))

    def _own_row(self, scene: Scene) -> Sequence[str]:
        return [self._own[scene.sample.number]]

    def _other_rows(self, scene: Scene) -> Sequence[str]:
        session, own, owner = scene.sample.session, self._own[scene.sample.number], self._owner(scene)
        held = scene.timeline.under(self._name, "", scene.moment)
        return [row for row in held if row != own and self._group.get((session, row), "") == owner]

    def _calls(self) -> Iterator[Scene]:
        """Give the calls that may take rows away: those of somebody whose row is known."""
        for scene in self._world.scenes:
            if scene.sample.method not in READS and scene.sample.succeeded and self._owner(scene) is not None:
                yield scene

    def _takers(self, rows: _Rows) -> set[Endpoint]:
        """Give the endpoints after whose calls these rows are missing the next time that their owner looks."""
        missing: Counter[Endpoint] = Counter()
        there: Counter[Endpoint] = Counter()
        for scene in self._calls():
            following = next((one for one in self._looks if self._is_next(one, scene)), None)
            for row in rows(scene) if following is not None else ():
                is_known = scene.timeline.get(self._name, row, scene.moment) is not MISSING
                if following is None or not is_known:
                    continue
                if row in following.rows:
                    there[scene.endpoint] += 1
                elif scene.timeline.get(self._name, row, following.scene.moment) is not MISSING:
                    missing[scene.endpoint] += 1
        return {one for one, count in missing.items() if count >= _LEAST and there[one] * _TENTH <= count}

    def _is_next(self, one: _Look, scene: Scene) -> bool:
        is_later = one.scene.sample.session == scene.sample.session and one.scene.moment > scene.moment
        return is_later and self._group.get((scene.sample.session, one.own)) == self._owner(scene)

    def _take(self, endpoints: set[Endpoint], rows: _Rows) -> None:
        for scene in self._calls():
            for row in rows(scene) if scene.endpoint in endpoints else ():
                scene.timeline.end(self._name, row, scene.moment)

    def _ends_with_row(self) -> bool:
        """Tell whether tickets whose row is gone are refused."""
        refused = accepted = 0
        for scene in self._world.scenes:
            own = self._own[scene.sample.number]
            if own and scene.timeline.get(self._name, own, scene.moment) is MISSING:
                refused += scene.sample.number in self._refused
                accepted += scene.sample.succeeded
        return refused >= _LEAST and accepted * _TENTH <= refused

    def _tell_current(self) -> set[str]:
        """Give the members of the rows that are true for just the row of who looks."""
        told: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
        for one in self._looks:
            for key, row in one.rows.items():
                for name, value in row.items() if isinstance(row, dict) else ():
                    if isinstance(value, bool):
                        told[name].append((value, key == one.own))
        return {
            name
            for name, pairs in told.items()
            if all(value is is_own for value, is_own in pairs)
            and sum(is_own for _, is_own in pairs) >= _LEAST
            and not all(is_own for _, is_own in pairs)
        }


def _without(row: Any, names: set[str]) -> Any:
    return {name: value for name, value in row.items() if name not in names} if isinstance(row, dict) else row


def row_of(scene: Scene, ticket: Ticket, one: Companion) -> str:
    """Give the id of the row that came with the ticket that a scene shows, "" where none is known."""
    item = shown_item(scene, ticket)
    found = look(item, (ROWS, one.name)) if isinstance(item, dict) else MISSING
    return "" if found is MISSING or found is None else as_text(found)


def end_with_rows(world: World, tickets: Sequence[Ticket]) -> None:
    """Have tickets end in the timelines when their rows do."""
    for scene in world.scenes:
        for ticket in tickets:
            for one in (one for one in ticket.companions if one.ends):
                before = scene.timeline.under(one.collection.name, "", scene.moment)
                after = scene.timeline.under(one.collection.name, "", scene.moment + 1)
                gone = before.keys() - after.keys()
                held = scene.timeline.under(ticket.name, "", scene.moment + 1) if gone else {}
                for key, item in held.items():
                    row = look(item, (ROWS, one.name)) if isinstance(item, dict) else MISSING
                    if row is not MISSING and as_text(row) in gone:
                        scene.timeline.end(ticket.name, key, scene.moment)


def accompany(
    world: World, tickets: Sequence[Ticket], origins: dict[int, list[Found]], bindings: Mapping[Endpoint, Binding]
) -> list[Companion]:
    """Find the rows that came with tickets, and tell these of theirs; those that they have nothing to do with are none.

    What is remembered with tickets has to be told anew then. The rows of `origins` are left without what is not kept.
    """
    found: list[Companion] = []
    for ticket, one in find_companions(world, tickets, origins, bindings):
        kin = [other for other in tickets if set(other.issuers) <= set(ticket.issuers)]
        for other in kin:
            other.companions.append(one)
        remember_tickets(world, tickets)
        if Watch(ticket, one, world, bindings).learn():
            found.append(one)
            _leave_out(origins, one)
            continue
        for other in kin:
            other.companions.remove(one)
    return found


def _leave_out(origins: dict[int, list[Found]], one: Companion) -> None:
    """Take what tells of a row whether it is that of who looks out of the rows that calls made."""
    for number, rows in origins.items() if one.current else ():
        origins[number] = [
            replace(row, item=_without(row.item, one.current)) if row.collection is one.collection else row
            for row in rows
        ]


def count_rows(tickets: Sequence[Ticket], endpoint: Endpoint) -> Iterator[Term]:
    """Give the numbers that the rows which a call makes may have, where answers tell them: one more than there are."""
    for one in dict.fromkeys(one for ticket in tickets for one in ticket.companions):
        if endpoint in one.makers:
            yield count_on(one.collection.name)


def count_on(name: str) -> Term:
    """Give the term of one more than a collection has items."""
    return Term(
        f"(resource.{name}.count() + 1)", lambda scene: len(scene.timeline.under(name, "", scene.moment)) + 1, "id", 1.8
    )
