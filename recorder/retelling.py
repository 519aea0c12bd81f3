"""Recorded sessions told again: each answer in its turn, as long as the requests come exactly as they were recorded."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from recorder.alterations import altered, is_new, words_of
from recorder.client import ClientSession
from recorder.swaps import Swaps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cassettes.cassette import Interaction
    from cassettes.exchange import Request, Response
    from recorder.player import Lookup, Played, Player

_MOST_FOLLOWED: Final = 64
"""Of so many sessions that begin alike it is followed which of their values a client was given other ones for."""
_MOST_TOLD: Final = 64
"""So many of the last answers may hold what a client makes other values of."""


@dataclass(frozen=True, slots=True)
class Told:
    """The answer of one interaction, and the cassette that it is of."""

    cassette: str
    played: Played


@dataclass(frozen=True, slots=True)
class _Session:
    """One recorded session: its interactions in the order in which their requests were sent, and their tracks.

    `swaps` has what the client was given in the place of its values.
    """

    cassette: str
    player: Player
    interactions: tuple[Interaction, ...]
    tracks: tuple[int, ...]
    swaps: Swaps = field(default_factory=Swaps)


class Retelling:
    """One position in all recorded sessions together, for whoever asks; `sessions` names those that count, all if none.

    Not thread-safe: it belongs to one event loop.
    """

    def __init__(self, tapes: Sequence[tuple[str, Player]], sessions: Collection[str] = ()) -> None:
        self._tapes = tuple(tapes)
        self._wanted = frozenset(sessions)
        self._alive: tuple[_Session, ...] = ()
        self._place = 0
        self._client = ClientSession("retelling", "")
        self._told: deque[Response] = deque(maxlen=_MOST_TOLD)
        self.rewind()

    @property
    def over(self) -> bool:
        """Whether it answers nothing any more until it is begun again."""
        return not self._alive

    @property
    def place(self) -> int:
        """How many requests it has answered since it began."""
        return self._place

    def next(self, request: Request) -> Told | None:
        """Give what was recorded for this request in the first session that agrees; None where none does, for good."""
        place = self._place
        meant: dict[tuple[str, Request], Lookup | None] = {}
        alive: list[tuple[_Session, Lookup]] = []
        for session in self._alive:
            if len(session.tracks) <= place:
                continue
            asked = session.swaps.recorded(request)
            key = (session.cassette, asked)
            if key not in meant:
                meant[key] = session.player.exactly(asked)
            found = meant[key]
            if found is not None and found.track == session.tracks[place]:
                alive.append((session, found))
        alive = alive or self._altered(request, place)
        self._alive = tuple(session for session, _ in alive)
        if not alive:
            return None
        self._place += 1
        first, *others = alive
        played = self._given(*first, place)
        if played.response is not None:
            self._told.append(played.response)
        for session, found in others[:_MOST_FOLLOWED]:
            own = self._given(session, found, place)
            if own.response is not None and played.response is not None:
                session.swaps.learn(own.response, played.response)
        return Told(first[0].cassette, played)

    def _altered(self, request: Request, place: int) -> list[tuple[_Session, Lookup]]:
        """Give the sessions that agree but for values which the client made of what it was given."""
        found = []
        for session in self._alive[:_MOST_FOLLOWED] if self._told else ():
            asked = session.swaps.recorded(request)
            cleaned = session.player.cleaned(asked) if len(session.tracks) > place else None
            if cleaned is None:
                continue
            before, expected = session.interactions[:place], session.interactions[place]
            pairs = altered(expected, asked, cleaned, self._told)
            if pairs is None or not all(is_new(own, before) for own in pairs):
                continue
            whole = [word for word in words_of(self._told) if any(live in word for live in pairs.values())]
            session.swaps.pair(pairs, whole)
            lookup = session.player.exactly(session.swaps.recorded(request))
            if lookup is not None and lookup.track == session.tracks[place]:
                found.append((session, lookup))
        return found

    def _given(self, session: _Session, found: Lookup, place: int) -> Played:
        """Give a session's answer as its client gets it: one client, whatever credentials it sends."""
        played = session.player.give(found, session.interactions[place], self._client)
        if played.response is None:
            return played
        return replace(played, response=session.swaps.live(played.response))

    def end(self) -> None:
        """Answer nothing any more: a request came that no session has."""
        self._alive = ()

    def rewind(self) -> None:
        """Begin again, with what has been recorded meanwhile."""
        self._place = 0
        self._client = ClientSession("retelling", "")
        self._told.clear()
        self._alive = tuple(
            session for cassette, player in self._tapes for session in _sessions(cassette, player, self._wanted)
        )


def _sessions(cassette: str, player: Player, wanted: Collection[str]) -> list[_Session]:
    grouped: dict[str, list[tuple[Interaction, int]]] = {}
    for interaction, track in player.recorded():
        if not wanted or interaction.session in wanted:
            grouped.setdefault(interaction.session, []).append((interaction, track))
    made = []
    for pairs in grouped.values():
        # Numbers are given when an answer is complete; a client that waits for one sees requests in this order.
        pairs.sort(key=lambda pair: (pair[0].exchange.started_at, pair[0].number))
        made.append(_Session(cassette, player, tuple(one for one, _ in pairs), tuple(track for _, track in pairs)))
    return sorted(made, key=lambda session: session.interactions[0].number)
