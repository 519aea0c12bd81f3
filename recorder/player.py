"""The player: answers live requests from a cassette, each client session at its own position in every track."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Protocol

from cassettes.credential import cookie_names
from cassettes.exchange import Failure, Request, Response, header
from cassettes.key import DEFAULT_POLICY, Key, KeyPolicy, make_key
from recorder.address import Origin, host_origin, origin_of
from recorder.answer import KeptAnswers, answer
from recorder.client import Clients, ClientSession
from recorder.index import Index
from recorder.nearness import NearMiss, near_misses
from recorder.tier import HEAD_FROM_GET, TIERS, Tier
from sanitizers.errors import SanitizeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cassettes.cassette import Cassette, Interaction
    from recorder.track import Pool, Repeat

__all__ = ["Miss", "NearMiss", "PlayOptions", "Played", "Player", "Position"]

_MEMO: Final = (4096, 65_536)
_MEMO_BODY: Final = 1 << 13
_EXACT: Final = TIERS[0]


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """How a cassette is played.

    `repeat`: what comes after a track's last interaction: the last again, the first again, or a miss. `strict` allows
    the tier `exact` only. `refresh` moves dates to now. `rewrite_urls` lets URLs of the upstreams lead to the gateway
    (`gateway_url`, else the live scheme and Host). `session_header` names the client session. `head_from_get` lets
    HEAD be answered from a recorded GET.
    """

    repeat: Repeat = "last"
    strict: bool = False
    refresh: bool = False
    rewrite_urls: bool = True
    gateway_url: bytes | None = None
    session_header: str = "x-mimic-session"
    key: KeyPolicy = DEFAULT_POLICY
    head_from_get: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """A recorded interaction as this client gets it; `position` in its track counts from 1."""

    interaction: Interaction
    response: Response | None
    failure: Failure | None
    tier: str
    score: float
    position: int


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing recorded answers the request: why, and the recorded requests that come nearest."""

    near: tuple[NearMiss, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Position:
    """How far a client session has come: of how many tracks it was given how many interactions."""

    client: str
    tracks: int
    given: int


class Cleaned(Protocol):
    """A cleaned request, and what its pseudonyms stand for."""

    @property
    def request(self) -> Request: ...
    @property
    def stand_ins(self) -> Mapping[str, str]: ...


class Cleaner(Protocol):
    """What the player needs of a sanitizer."""

    def clean_request(self, request: Request) -> Cleaned: ...


@dataclass(slots=True, eq=False)
class Lookup:
    """What a request was found to mean, kept so that the same bytes need not be cleaned and looked up again."""

    request: Request
    key: Key
    client: str
    owner: str
    stand_ins: Mapping[str, str] = field(repr=False)
    pool: Pool
    tier: Tier
    number: int
    is_head: bool = False
    remembered: int = -1

    @property
    def track(self) -> int:
        """The number of the first track that answers it: of an exact one the only one."""
        return self.pool.tracks[0].number


class Player:
    """Answers requests from one cassette, synchronously and without I/O. `sanitizer` is None if it was recorded raw.

    Not thread-safe: it belongs to one event loop. `clock` gives Unix seconds.
    """

    def __init__(
        self,
        cassette: Cassette,
        sanitizer: Cleaner | None,
        options: PlayOptions = PlayOptions(),
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sanitizer = sanitizer
        self._options = options
        self._clock = clock
        self._origins = _origins(cassette)
        self._cookies = {name for kept in cassette.interactions for name in _cookies(kept)}
        self._index = Index(self._policy())
        self._clients = Clients(options.session_header)
        self._memo: OrderedDict[Any, Lookup] = OrderedDict()
        self._memo_limit = min(max(_MEMO[0], 4 * len(cassette.interactions)), _MEMO[1])
        self._numbers = count()
        self._kept = KeptAnswers()
        for interaction in cassette.interactions:
            self._index.add(interaction, make_key(interaction.exchange.request, self._index.policy))
        self._index.prepare()

    def play(self, request: Request) -> Played | Miss:
        """Give the next recorded answer for this client, or a miss that names the nearest recorded requests."""
        mark = (request.method, request.target, request.headers, request.body, request.client, request.scheme)
        lookup = self._memo.get(mark) if len(request.body) <= _MEMO_BODY else None
        if lookup is None:
            found = self._look_up(request)
            if isinstance(found, Miss):
                return found
            lookup = found
            if len(request.body) <= _MEMO_BODY:
                self._memo[mark] = lookup
                if len(self._memo) > self._memo_limit:
                    self._memo.popitem(last=False)
        session = self._session(lookup)
        stepped = session.walk.next_step(lookup.pool, self._options.repeat)
        if stepped is None:
            count = len(lookup.pool.steps)
            return Miss((), f"all {count} recorded answers to this request were given, and repeat is strict")
        return self._played(lookup, session, stepped[0].interaction, stepped[1])

    def cleaned(self, request: Request) -> Request | None:
        """Give a live request as it would have been recorded; None where it cannot be cleaned."""
        understood = self._understood(request)
        return None if isinstance(understood, Miss) else understood[0]

    def exactly(self, request: Request) -> Lookup | None:
        """Find the track of exactly this request, for who plays interactions in an order of their own; or None."""
        understood = self._understood(request)
        if isinstance(understood, Miss):
            return None
        _, stand_ins, key = understood
        pool = self._exact(key)
        if pool is None:
            return None
        client, owner = self._clients.name_of(request, key)
        return Lookup(request, key, client, owner, stand_ins, pool, _EXACT, next(self._numbers))

    def give(self, lookup: Lookup, interaction: Interaction, session: ClientSession | None = None) -> Played:
        """Give an interaction of a track that was found, as this client gets it; nobody's position moves.

        `session` is the client's where the caller knows it, else it is told by the request.
        """
        place = next(at for at, step in enumerate(lookup.pool.steps, 1) if step.interaction is interaction)
        if session is not None:
            session.remember(lookup.stand_ins, lookup.request)
        return self._played(lookup, session or self._session(lookup), interaction, place)

    def recorded(self) -> Iterator[tuple[Interaction, int]]:
        """Give each interaction with the number of its track, in the order of recording."""
        return self._index.recorded()

    def _session(self, lookup: Lookup) -> ClientSession:
        session = self._clients.get(lookup.client)
        if session is None:
            session = self._clients.open(lookup.client, lookup.owner, lookup.key)
        if lookup.stand_ins and lookup.remembered != session.version:
            session.remember(lookup.stand_ins, lookup.request)
            lookup.remembered = session.version
        return session

    def _played(self, lookup: Lookup, session: ClientSession, interaction: Interaction, place: int) -> Played:
        if interaction.exchange.response is not None and session.stand_ins:
            session.handed_out.append(interaction.exchange.response)
        response = self._answer(lookup, session, interaction)
        tier = lookup.tier
        return Played(interaction, response, interaction.exchange.failure, tier.name, tier.score, place)

    def add(self, interaction: Interaction) -> None:
        """Put a newly recorded interaction at the end of its track; a session at the track's end is given it next."""
        new = {name for name in _cookies(interaction) if name not in self._cookies}
        if new:  # the keys made so far hold none of these names, so they stay as they are
            self._cookies |= new
            self._index.policy = self._policy()
        self._index.add(interaction, make_key(interaction.exchange.request, self._index.policy))
        self._memo.clear()

    def rewind(self, client: str | None = None) -> None:
        """Begin again: all client sessions, or those of that name, session header or address."""
        self._clients.rewind(client)
        self._memo.clear()

    def positions(self) -> tuple[Position, ...]:
        """Tell how far each client session has come, the one used last at the end."""
        return tuple(
            Position(session.name, len(session.walk.given), sum(session.walk.given.values()))
            for session in self._clients
        )

    def _policy(self) -> KeyPolicy:
        policy = self._options.key
        ignored = policy.ignored_headers | {self._options.session_header.lower().encode("latin-1")}
        return replace(policy, ignored_headers=ignored, known_cookies=frozenset(self._cookies))

    def _understood(self, request: Request) -> tuple[Request, Mapping[str, str], Key] | Miss:
        """Clean a request and make its key."""
        if self._sanitizer is None:
            return request, {}, make_key(request, self._index.policy)
        try:
            clean = self._sanitizer.clean_request(request)
        except SanitizeError as error:
            return Miss((), f"the request cannot be cleaned, so nothing can be compared with it: {error}")
        return clean.request, dict(clean.stand_ins), make_key(clean.request, self._index.policy)

    def _look_up(self, request: Request) -> Lookup | Miss:
        understood = self._understood(request)
        if isinstance(understood, Miss):
            return understood
        cleaned, stand_ins, key = understood
        client, owner = self._clients.name_of(request, key)
        session = self._clients.open(client, owner, key)
        found, is_head = self._find(key, session), False
        if isinstance(found, str) and key.method == "HEAD" and self._options.head_from_get:
            as_get = self._find(replace(key, method="GET"), session)
            if not isinstance(as_get, str):
                tier = replace(as_get[1], name=HEAD_FROM_GET, score=min(as_get[1].score, 0.9))
                found, is_head = (as_get[0], tier), True
        if isinstance(found, str):
            near = near_misses(self._index, cleaned, key, shows_values=self._sanitizer is not None)
            return Miss(near, found or "nothing recorded answers this request")
        return Lookup(request, key, client, owner, stand_ins, *found, next(self._numbers), is_head)

    def _exact(self, key: Key) -> Pool | None:
        pool = self._index.exact(key)
        if pool is None and self._sanitizer is not None:
            self._index.reclean(key, self._clean)
            pool = self._index.exact(key)
        return pool

    def _find(self, key: Key, session: ClientSession) -> tuple[Pool, Tier] | str:
        pool = self._exact(key)
        if pool is not None:
            return pool, _EXACT
        return "" if self._options.strict else self._index.looser(key, session)

    def _clean(self, request: Request) -> Request:
        try:
            return self._sanitizer.clean_request(request).request if self._sanitizer is not None else request
        except SanitizeError:
            return request

    def _answer(self, lookup: Lookup, session: ClientSession, interaction: Interaction) -> Response | None:
        recorded = interaction.exchange.response
        if recorded is None:
            return None
        mark = (lookup.number, interaction.number, session.version)
        kept = self._kept.get(mark)
        if kept is not None:
            return kept
        options = self._options
        response = answer(
            recorded,
            interaction.exchange,
            lookup.request,
            stand_ins=session.stand_ins,
            namesakes=session.namesakes,
            origins=self._origins,
            live=self._live(lookup.request) if options.rewrite_urls else None,
            now=self._clock() if options.refresh else None,
        )
        if lookup.is_head:
            response = replace(response, body=b"", chunks=())
        if not options.refresh:
            self._kept.put(mark, response, 0 if response is recorded else len(response.body))
        return response

    def _live(self, request: Request) -> Origin | None:
        if self._options.gateway_url is not None:
            return origin_of(self._options.gateway_url.decode("latin-1"))
        return host_origin(request.scheme, header(request.headers, b"host"))


def _cookies(interaction: Interaction) -> Iterator[bytes]:
    yield from cookie_names(interaction.exchange.request.headers)
    if interaction.exchange.response is not None:
        yield from cookie_names(interaction.exchange.response.headers)


def _origins(cassette: Cassette) -> tuple[Origin, ...]:
    named = (origin_of(url) for url in cassette.manifest.upstreams.values())
    return tuple(origin for origin in named if origin is not None)
