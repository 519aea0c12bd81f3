"""The player: answers live requests from a cassette, each client session at its own position in every track."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from cassettes.credential import cookie_names
from cassettes.exchange import Failure, Request, Response, header
from cassettes.key import Key, KeyPolicy, make_key
from recorder.address import Origin, origin_of
from recorder.answer import answer
from recorder.client import Clients, ClientSession
from recorder.index import Index
from recorder.nearness import NearMiss, near_misses
from recorder.tier import HEAD_FROM_GET, TIERS, Tier
from recorder.track import Pool, Repeat
from sanitizers.errors import SanitizeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cassettes.cassette import Cassette, Interaction

__all__ = ["Miss", "NearMiss", "PlayOptions", "Played", "Player", "Position"]

_MEMO: Final = 4096
_MEMO_BODY: Final = 1 << 16
_ANSWERS: Final = 64
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
    key: KeyPolicy = KeyPolicy()
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
    def stand_ins(self) -> Mapping[Any, Any]: ...


class Cleaner(Protocol):
    """What the player needs of a sanitizer."""

    def clean_request(self, request: Request) -> Cleaned: ...


@dataclass(slots=True, eq=False)
class _Lookup:
    """What a request was found to mean, kept so that the same bytes need not be cleaned and looked up again."""

    request: Request
    key: Key
    client: str
    owner: str
    stand_ins: Mapping[Any, Any] = field(repr=False)
    pool: Pool
    tier: Tier
    is_head: bool = False
    answers: dict[int, tuple[int, Response | None]] = field(default_factory=dict)


class Player:
    """Answers requests from one cassette, synchronously and without I/O. `sanitizer` is None if it was recorded raw.

    Not thread-safe: it belongs to one event loop. `clock` gives Unix seconds.
    """

    def __init__(
        self,
        cassette: Cassette,
        sanitizer: Cleaner | None,
        options: PlayOptions = PlayOptions(),  # noqa: B008 - a frozen value
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
        self._memo: OrderedDict[Any, _Lookup] = OrderedDict()
        for interaction in cassette.interactions:
            self._index.add(interaction, make_key(interaction.exchange.request, self._index.policy))

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
                if len(self._memo) > _MEMO:
                    self._memo.popitem(last=False)
        session = self._clients.get(lookup.client)
        if session is None:
            session = self._clients.open(lookup.client, lookup.owner, lookup.key)
        if lookup.stand_ins:
            session.remember(lookup.stand_ins)
        stepped = session.walk.next_step(lookup.pool, self._options.repeat)
        if stepped is None:
            count = len(lookup.pool.steps)
            return Miss((), f"all {count} recorded answers to this request were given, and repeat is strict")
        interaction = stepped[0].interaction
        response = self._answer(lookup, session, interaction)
        tier = lookup.tier
        return Played(interaction, response, interaction.exchange.failure, tier.name, tier.score, stepped[1])

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

    def _look_up(self, request: Request) -> _Lookup | Miss:
        cleaned, stand_ins = request, {}
        if self._sanitizer is not None:
            try:
                clean = self._sanitizer.clean_request(request)
            except SanitizeError as error:
                return Miss((), f"the request cannot be cleaned, so nothing can be compared with it: {error}")
            cleaned, stand_ins = clean.request, dict(clean.stand_ins)
        key = make_key(cleaned, self._index.policy)
        client, owner = self._clients.name_of(request, key)
        session = self._clients.open(client, owner, key)
        found = self._find(key, session)
        if isinstance(found, str) and key.method == "HEAD" and self._options.head_from_get:
            as_get = self._find(replace(key, method="GET"), session)
            if not isinstance(as_get, str):
                tier = replace(as_get[1], name=HEAD_FROM_GET, score=min(as_get[1].score, 0.9))
                return _Lookup(request, key, client, owner, stand_ins, as_get[0], tier, is_head=True)
        if isinstance(found, str):
            near = near_misses(self._index, cleaned, key, shows_values=self._sanitizer is not None)
            return Miss(near, found or "nothing recorded answers this request")
        return _Lookup(request, key, client, owner, stand_ins, *found)

    def _find(self, key: Key, session: ClientSession) -> tuple[Pool, Tier] | str:
        pool = self._index.exact(key)
        if pool is not None:
            return pool, _EXACT
        return "" if self._options.strict else self._index.looser(key, session)

    def _answer(self, lookup: _Lookup, session: ClientSession, interaction: Interaction) -> Response | None:
        kept = lookup.answers.get(interaction.number)
        if kept is not None and kept[0] == session.version:
            return kept[1]
        response = answer(
            interaction,
            self._seen(lookup.request),
            stand_ins=session.stand_ins,
            origins=self._origins if self._options.rewrite_urls else None,
            now=self._clock() if self._options.refresh else None,
        )
        if lookup.is_head and response is not None:
            response = replace(response, body=b"", chunks=())
        is_small = response is None or response is interaction.exchange.response or len(response.body) <= _MEMO_BODY
        if is_small and not self._options.refresh and len(lookup.answers) < _ANSWERS:
            lookup.answers[interaction.number] = (session.version, response)
        return response
