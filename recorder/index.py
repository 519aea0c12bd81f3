"""The index of a cassette for replay: from a key to the tracks that answer it, tier by tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from cassettes.key import make_key
from recorder.holder import Holders
from recorder.negotiation import acceptable
from recorder.tier import TIERS, exact_part
from recorder.track import Pool, Track, pool_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from cassettes.cassette import Interaction
    from cassettes.exchange import Request
    from cassettes.key import Key, KeyPolicy
    from recorder.client import ClientSession
    from recorder.tier import Tier

Place: TypeAlias = "tuple[str, tuple[bytes, ...]]"

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_LARGE: Final = 200
_RECLEANED: Final = 200
_RECLEANED_BODY: Final = 1 << 16
_ACCEPTED: Final = frozenset({201, 202, 204})
_BODY_TIER: Final = next(tier for tier in TIERS if "body" in tier.weighs)


class Group:
    """The tracks of one method and path, and their tables for the tiers, each made when it is first asked for."""

    __slots__ = ("pools", "recleaned", "tables", "tracks")

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.tables: dict[str, dict[Hashable, list[Track]]] = {}
        self.pools: dict[tuple[int, ...], Pool] = {}
        self.recleaned = 0

    def candidates(self, tier: Tier, key: Key, policy: KeyPolicy) -> Sequence[Track]:
        """Give the tracks that are equal to the key in all that the tier keeps, in the order of recording."""
        table = self.tables.get(tier.name)
        if table is None:
            table = self.tables[tier.name] = {}
            for track in self.tracks:
                table.setdefault(tier.part(track.key, policy), []).append(track)
        return table.get(tier.part(key, policy), ())

    def add(self, track: Track, policy: KeyPolicy) -> None:
        """Put a new track at the end, and into the tables there are."""
        self.tracks.append(track)
        for tier in TIERS[1:]:
            if tier.name in self.tables:
                self.tables[tier.name].setdefault(tier.part(track.key, policy), []).append(track)


class Index:
    """All tracks of a cassette. An exact look-up does not depend on how many there are."""

    def __init__(self, policy: KeyPolicy) -> None:
        self.policy = policy
        self.holders = Holders()
        self.groups: dict[Place, Group] = {}
        self._exact: dict[Hashable, tuple[Track, Group]] = {}
        self._numbers = 0

    def add(self, interaction: Interaction, key: Key) -> None:
        """Put an interaction at the end of its key's track."""
        part = exact_part(key)
        known = self._exact.get(part)
        if known is None:
            group = self.groups.setdefault((key.method, key.segments), Group())
            known = self._exact[part] = (Track(self._next_number(), key), group)
            group.add(known[0], self.policy)
        known[0].steps.append(interaction)
        known[1].pools.clear()
        self.holders.add(key, interaction)

    def prepare(self) -> None:
        """Make the tables of large groups now, for the first miss there would take a good part of a second."""
        for group in self.groups.values():
            if len(group.tracks) > _LARGE:
                for tier in TIERS[1:]:
                    group.candidates(tier, group.tracks[0].key, self.policy)

    def exact(self, key: Key) -> Pool | None:
        """Give the track of exactly this key, as a pool."""
        known = self._exact.get(exact_part(key))
        return self._pool(known[1], known[0:1]) if known is not None else None

    def recorded(self) -> Iterator[tuple[Interaction, int]]:
        """Give each interaction with the number of its track, in the order of recording."""
        tracks = [track for group in self.groups.values() for track in group.tracks]
        pairs = [(interaction, track.number) for track in tracks for interaction in track.steps]
        yield from sorted(pairs, key=lambda pair: pair[0].number)

    def reclean(self, key: Key, clean: Callable[[Request], Request]) -> None:
        """Clean the recorded requests of the key's method and path as live ones are now, and know them by that too.

        The sanitizer of today may know more than it did when they were recorded: a value that only a later answer
        showed to be secret, or another profile. Each is cleaned once, a bounded number for one live request.
        """
        group = self.groups.get((key.method, key.segments))
        if group is None:
            return
        waiting = group.tracks[group.recleaned : group.recleaned + _RECLEANED]
        group.recleaned += len(waiting)
        for track in waiting:
            recorded = track.steps[0].exchange.request
            cleaned = clean(recorded) if len(recorded.body) <= _RECLEANED_BODY else recorded
            if cleaned != recorded:
                self._exact.setdefault(exact_part(make_key(cleaned, self.policy)), (track, group))

    def looser(self, key: Key, session: ClientSession) -> tuple[Pool, Tier] | str:
        """Give the tracks of the first tier after exact that has any for this key and session, or why none may be."""
        group = self.groups.get((key.method, key.segments))
        if group is None:
            return ""
        refusal = ""
        for tier in TIERS[1:]:
            found = self._weighed(tier, group, key, session)
            if isinstance(found, str):
                refusal = refusal or found
            elif found:
                self.holders.settle(key, found, session)
                return self._pool(group, found), tier
        return refusal

    def _weighed(self, tier: Tier, group: Group, key: Key, session: ClientSession) -> Sequence[Track] | str:
        tracks = group.candidates(tier, key, self.policy)
        if not tracks:
            return ()
        if "shape" in tier.weighs and not self._is_accepted_write(group, key, tracks):
            return ()
        if "body" in tier.weighs and not _is_empty_answer_to_any(key, tracks):
            return ()
        if "credentials" in tier.weighs:
            found = self.holders.choose(key, tracks, session)
            if isinstance(found, str):
                return found
            tracks = found
        return acceptable(key, tracks) if "accept" in tier.weighs else tracks

    def _is_accepted_write(self, group: Group, key: Key, tracks: Sequence[Track]) -> bool:
        """Tell whether all that was recorded here is one write with other generated values, and each was accepted.

        A search or a call that carries an id in its body is answered by that id, so it must be told apart.
        """
        if key.method in _SAFE or key.body.is_call or key.body.kind not in ("json", "form", "multipart"):
            return False
        everything = group.candidates(_BODY_TIER, key, self.policy)
        statuses = {step.exchange.response.status for track in tracks for step in track.steps if step.exchange.response}
        return len(everything) == len(tracks) and bool(statuses) and statuses <= _ACCEPTED

    def _pool(self, group: Group, tracks: Sequence[Track]) -> Pool:
        numbers = tuple(track.number for track in tracks)
        pool = group.pools.get(numbers)
        if pool is None:
            pool = group.pools[numbers] = pool_of(self._next_number(), tracks)
        return pool

    def _next_number(self) -> int:
        self._numbers += 1
        return self._numbers


def _is_empty_answer_to_any(key: Key, tracks: Sequence[Track]) -> bool:
    """Tell whether two or more different bodies were recorded and every answer was the same success without content."""
    if key.method in _SAFE or key.body.is_call or len({track.key.body.exact for track in tracks}) < 2:
        return False
    answers = {
        (response.status, response.body) if response is not None else None
        for track in tracks
        for response in (step.exchange.response for step in track.steps)
    }
    if len(answers) != 1 or None in answers:
        return False
    status, body = next(answer for answer in answers if answer is not None)
    return 200 <= status < 300 and not body
