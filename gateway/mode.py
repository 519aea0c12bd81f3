"""A mode decides, without I/O, how a request is answered; its decision is a plan that a lane performs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, Protocol, TypeAlias

from cassettes.definition import FaultName, MockDefinition, ScenarioStep
from cassettes.exchange import Exchange, Failure, Headers, Request
from gateway.context import Context
from gateway.state import ScopedState
from gateway.view import RequestView
from recorder.player import Player, PlayOptions
from recorder.retelling import Retelling

Source: TypeAlias = Literal["mock", "upstream", "cassette", "fallback", "error"]
Side: TypeAlias = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Breached:
    """What broke a contract on one side of an exchange: the place in the document, that in the message, a sentence."""

    contract: str
    side: Side
    pointer: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a body is given: in pieces of `piece_bytes`, `between_s` between two, at most `bytes_per_s`."""

    piece_bytes: int = 1024
    between_s: float = 0.0
    bytes_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer these bytes.

    `headers` are final but for the markers; `notes` are markers of this plan; `pieces` (delay in s before each, bytes)
    replace `body` for a paced stream; `breaks` ends the connection after what was sent, as the recorded failure did.
    `fault` is how it is broken on purpose, `seed` where the chance in that comes from, and `troubles` name all that is
    put in on purpose. `tree` is the JSON of what XML was written from. `said` is for the journal: what scripts told, or
    why there is no other answer. `match` says which of several cases answered and what kind it is, as the beginning of
    X-Mimic-Match; b"" where there is only one.
    """

    status: int
    headers: Headers
    source: Source
    body: bytes = field(default=b"", repr=False)
    reason: bytes = b""
    notes: Headers = ()
    delay_s: float = 0.0
    pieces: tuple[tuple[float, bytes], ...] = field(default=(), repr=False)
    trailers: Headers = ()
    breaks: Failure | None = None
    pace: Pace | None = None
    fault: FaultName | None = None
    seed: int = 0
    troubles: tuple[str, ...] = ()
    said: str = ""
    match: bytes = b""
    tree: bytes = field(default=b"", repr=False)

    @property
    def takes_time(self) -> bool:
        """Whether it cannot be given at once and in one piece."""
        return bool(
            self.delay_s
            or self.pieces
            or self.breaks is not None
            or self.trailers
            or self.pace is not None
            or self.fault is not None
        )


class Answering(Protocol):
    """The upstream's answer as it arrives."""

    status: int
    reason: bytes
    headers: Headers
    trailers: Headers

    @property
    def done(self) -> bool: ...
    def take(self) -> bytes: ...
    async def read(self) -> bytes: ...
    def release(self) -> None: ...
    def abort(self) -> None: ...


class Waiting(Protocol):
    """Who waits for an answer; a future is one."""

    def done(self) -> bool: ...
    def set_result(self, answer: Any, /) -> None: ...
    def set_exception(self, error: BaseException, /) -> None: ...


class Sending(Protocol):
    """Where a request can be sent: one upstream.

    `ready` says that a connection is open and idle. `send_now` gives how to withdraw the request, or None, and nothing
    sent, where only `send` can.
    """

    @property
    def name(self) -> str: ...
    @property
    def authority(self) -> bytes: ...
    @property
    def base_path(self) -> bytes: ...
    @property
    def ready(self) -> bool: ...
    def send_now(
        self,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        waiter: Waiting,
        *,
        on_informational: Callable[[int, Headers], None] | None = None,
    ) -> Callable[[], None] | None: ...
    async def send(
        self,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes | AsyncIterator[bytes] | None,
        *,
        chunked: bool = False,
        on_informational: Callable[[int, Headers], None] | None = None,
    ) -> Answering: ...


@dataclass(frozen=True, slots=True)
class Fallback:
    """What to answer instead when the upstream fails: on which statuses, and whether for unsafe methods too."""

    reply: Reply
    statuses: frozenset[int] = frozenset({502, 503, 504})
    unsafe: bool = False


class Offer(Protocol):
    """Where finished exchanges go to be recorded; returns at once."""

    def __call__(self, exchange: Exchange, /) -> None: ...
    def lose(self, reason: str) -> None:
        """Count an exchange that cannot be recorded: too large, or given up by the client."""


HeaderChange: TypeAlias = Callable[[Headers], Headers]


@dataclass(frozen=True, slots=True)
class Forward:
    """Ask this upstream and stream its answer back; `offer` hands the finished exchange to a recorder.

    `added` replace headers of that name on the way to the client only; `delay_s`, `pace`, `fault`, `seed` and
    `troubles` are done to the upstream's answer as to a reply.
    """

    upstream: Sending
    offer: Offer | None = None
    fallback: Fallback | None = None
    keeps_copy: bool = True
    change_request: HeaderChange | None = None
    change_response: HeaderChange | None = None
    notes: Headers = ()
    added: Headers = ()
    delay_s: float = 0.0
    pace: Pace | None = None
    fault: FaultName | None = None
    seed: int = 0
    troubles: tuple[str, ...] = ()

    @property
    def takes_time(self) -> bool:
        """Whether the answer is not given back as it comes."""
        return bool(self.delay_s or self.pace is not None or self.fault is not None)


@dataclass(frozen=True, slots=True)
class Compose:
    """Work the plan out with state or scripts; `immediate` says that the coroutine ends at its first step."""

    make: Callable[[], Coroutine[Any, Any, Reply | Forward]]
    immediate: bool = False


Plan: TypeAlias = Reply | Forward | Compose


class Mode(Protocol):
    """One way to answer, bound to one definition.

    `needs_body` says that a decision takes the whole request body.
    """

    @property
    def needs_body(self) -> bool: ...
    def decide(self, view: RequestView) -> Plan: ...


class Checking(Protocol):
    """Compares one exchange with a contract.

    `body_bytes` is the largest body that is compared, `hold_s` how long the beginning of an upstream's answer waits for
    its end, `marks` what the client is told of it.
    """

    @property
    def body_bytes(self) -> int: ...
    @property
    def hold_s(self) -> float: ...
    @property
    def marks(self) -> Headers: ...
    def compose(self, decide: Callable[[RequestView], Plan], view: RequestView) -> Compose: ...
    async def settle(self, reply: Reply) -> Reply: ...
    async def judge(self, status: int, headers: Headers, body: bytes | None) -> Reply | None: ...
    def looks_into(self, status: int, headers: Headers) -> bool: ...
    def skip_body(self, why: str) -> None: ...
    def noted(self, note: str) -> str: ...
    def conclude(self, trace: str) -> tuple[Breached, ...]: ...


class Terms(Protocol):
    """What the exchanges of a definition are compared with."""

    def body_bytes(self, request: Request) -> int: ...
    def begin(self, request: Request, *, is_whole: bool) -> Checking | None: ...


class Meddling(Protocol):
    """What puts trouble into the plans of one or several routes."""

    def meddle(self, view: RequestView, plan: Plan, route: str = "") -> Plan: ...


class Supplying(Protocol):
    """What composing an answer draws on."""

    @property
    def on_missing(self) -> Literal["error", "empty"]: ...
    @property
    def random(self) -> Random: ...
    @property
    def scenarios(self) -> Moving: ...
    def contexts(self, definition: MockDefinition, random: Random | None = None) -> Contexts: ...
    def turns(self, definition: MockDefinition, scope: str) -> Callable[[RequestView], ScopedState]: ...
    def plain_contexts(self, definition: MockDefinition, random: Random | None = None) -> Contexts: ...
    def body_files(self, definition: MockDefinition) -> Callable[[str], bytes]: ...
    def resource(self, definition: MockDefinition) -> Callable[[RequestView], Plan]: ...
    def scripted(self, definition: MockDefinition, script_id: str) -> Callable[[Context], Awaitable[Reply]]: ...
    def before(self, definition: MockDefinition) -> Callable[[Context], Awaitable[Reply | None]] | None: ...
    def after(self, definition: MockDefinition) -> Callable[[Context, Reply], Awaitable[Reply]] | None: ...
    def webhooks(self, definition: MockDefinition) -> Callable[[Context], Awaitable[None]]: ...


class Moving(Protocol):
    """Moves scenarios on, each from the state in which the request found it."""

    @property
    def immediate(self) -> bool: ...
    def move(self, step: ScenarioStep, view: RequestView, found: str) -> Coroutine[Any, Any, None]: ...


Contexts: TypeAlias = Callable[[RequestView], Context]
"""Makes the context of each request of a definition."""


class Services(Protocol):
    """What modes may ask for when they are bound to a definition; each fails with a sentence if it cannot be had."""

    def upstream(self, reference: str) -> Sending: ...
    def player(self, cassette: str, options: PlayOptions, upstream: str | None) -> Player: ...
    def retelling(self, definition: MockDefinition, options: PlayOptions) -> Retelling: ...
    def recording(self, definition: MockDefinition) -> Offer: ...
    def holds_recordings(self, cassette: str) -> bool: ...
    def trouble(self, definition: MockDefinition) -> Meddling | None: ...
    def terms(self, definition: MockDefinition) -> Terms | None: ...
    @property
    def supplies(self) -> Supplying: ...
