"""Time and trouble put into answers on purpose: a definition's faults, compiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, TypeVar

from cassettes.definition import Delay, ErrorRate, FaultName, Faults, StaticResponse
from cassettes.exchange import Headers, without_headers
from gateway.faults.delay import Wait, compile_delay
from gateway.faults.outage import compile_outage
from gateway.faults.quota import RATE_HEADERS, Grant, Quota, Render, compile_key
from gateway.mode import Compose, Forward, Pace, Plan, Reply
from gateway.problem import problem
from gateway.reply import static_reply
from gateway.view import RequestView

KINDS: Final = (
    *("delay", "throttle", "error", "outage", "rate-limit"),
    *("reset", "empty", "truncate", "wrong-length", "malformed-chunk", "garbage", "drip", "hang"),
)
"""What is counted and told of: all kinds of trouble."""

_NOTE: Final = b"X-Mimic-Fault"
_NOTE_NAME: Final = frozenset({b"x-mimic-fault"})
_PIECES_A_SECOND: Final = 20
_LARGEST_PIECE: Final = 65_536
_CHANCE: Final = Random()  # noqa: S311  # nothing secret depends on it


_Answer = TypeVar("_Answer", bound=Reply | Forward)


@dataclass(frozen=True, slots=True)
class _Touch:
    """What is done to an answer that is not replaced."""

    delay_s: float
    pace: Pace | None
    fault: FaultName | None
    seed: int
    added: Headers
    troubles: tuple[str, ...]

    def on(self, plan: _Answer) -> _Answer:
        """Give the plan with this done to it: delays add up; of two paces or faults this one counts."""
        earlier = (kind for kind in plan.troubles if self.fault is None or kind != plan.fault)
        troubles = tuple(dict.fromkeys((*earlier, *self.troubles)))
        changes: dict[str, Any] = {
            "delay_s": plan.delay_s + self.delay_s,
            "pace": self.pace or plan.pace,
            "fault": self.fault or plan.fault,
            "seed": self.seed or plan.seed,
            "troubles": troubles,
            "notes": _noted(plan.notes, troubles),
        }
        if isinstance(plan, Forward):
            changes["added"] = self.added or plan.added
        elif self.added:
            changes["headers"] = with_headers(plan.headers, self.added)
        return replace(plan, **changes)


class Trouble:
    """The trouble of one definition, or of one profile that is on; it has counters and chance of its own.

    Asked for each request: first the rate limit, then the outage; then the broken connection, the error and the delay,
    each with a chance of its own, so that what one of them draws does not change the others' sequence.
    """

    __slots__ = (
        *("__weakref__", "_broken", "_broken_chance", "_delay", "_delay_chance", "_error", "_error_chance"),
        *("_error_reply", "_is_out", "_key", "_outage_reply", "_pace", "_quota", "_refusal", "_route"),
    )

    def __init__(
        self,
        faults: Faults,
        route_id: str,
        *,
        is_out: Callable[[], bool] | None,
        monotonic: Callable[[], float],
        render: Render | None,
    ) -> None:
        self._route = route_id
        self._error, self._broken = faults.error, faults.connection
        self._delay: Wait | None = compile_delay(faults.delay) if faults.delay is not None else None
        self._pace = compile_pace(faults)
        self._error_chance = _chance(faults.seed, "error")
        self._broken_chance = _chance(faults.seed, "connection")
        self._delay_chance = _chance(faults.seed, "delay")
        self._error_reply = _error_reply(faults.error) if faults.error is not None else None
        self._is_out = is_out
        self._outage_reply = _outage_reply(faults)
        limit = faults.rate_limit
        self._quota = Quota(limit, monotonic) if limit is not None else None
        self._key = compile_key(limit.key, render) if limit is not None else None
        self._refusal = _refusal(faults)

    def meddle(self, view: RequestView, plan: Plan, route: str = "") -> Plan:
        """Give the plan with the trouble in it: the plan itself, one with changes, or another instead.

        What is replaced is not worked out and not asked for. `route` is the id of the route that answers, where that
        is not the one this was compiled for.
        """
        added: Headers = ()
        if self._quota is not None and self._key is not None:
            grant = self._quota.take(self._key(view, route or self._route))
            added = self._quota.headers(grant)
            if not grant.allowed:
                return self._refused(grant, added)
        if self._is_out is not None and self._outage_reply is not None and self._is_out():
            return _with(self._outage_reply, added)
        touch, fails = self._draw(added)
        if fails and self._error_reply is not None:
            return touch.on(self._error_reply)
        if not (touch.troubles or added):
            return plan
        return _composed(plan, touch) if isinstance(plan, Compose) else touch.on(plan)

    def _draw(self, added: Headers) -> tuple[_Touch, bool]:
        """Give what is done to this answer, and whether an error stands in its place."""
        breaks = fails = False
        seed, delay_s = 0, 0.0
        if self._broken is not None:
            breaks = self._broken_chance.random() < self._broken.rate
            seed = self._broken_chance.getrandbits(32)
        if self._error is not None:
            fails = self._error_chance.random() < self._error.rate
        if self._delay is not None:
            delay_s = self._delay(self._delay_chance)
        fault = self._broken.kind if self._broken is not None and breaks else None
        troubles = tuple(
            name
            for name, there in (("delay", delay_s), ("throttle", self._pace is not None), (fault or "", fault))
            if there
        )
        return _Touch(delay_s, self._pace, fault, seed, added, troubles), fails and not breaks

    def _refused(self, grant: Grant, added: Headers) -> Reply:
        assert self._refusal is not None
        return _with(self._refusal, (*added, (b"Retry-After", b"%d" % grant.reset_s)))


def compile_trouble(
    faults: Faults,
    *,
    route_id: str,
    started: float | None = None,
    clock: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    render: Render | None = None,
) -> Trouble:
    """Compile a definition's or a profile's faults.

    `started` (Unix seconds by `clock`; now, if not given) is when an outage's relative times begin. `render` compiles
    a rate limit's key that is a template. Raises ConfigError for a key that is none.
    """
    is_out = None
    if faults.outage is not None:
        began = monotonic() - (0.0 if started is None else clock() - started)
        is_out = compile_outage(faults.outage, began=began, clock=clock, monotonic=monotonic)
    return Trouble(faults, route_id, is_out=is_out, monotonic=monotonic, render=render)


def compile_pace(faults: Faults) -> Pace | None:
    """Give the pace that faults ask for; pieces are as large as asked, or small enough to make throttling even."""
    chunked = "chunk_bytes" in faults.model_fields_set
    rate = faults.bytes_per_s
    if rate is None and not faults.between_chunks_ms and not chunked:
        return None
    even = rate is not None and not chunked and not faults.between_chunks_ms
    piece = min(max(int((rate or 0) / _PIECES_A_SECOND), 1), _LARGEST_PIECE) if even else faults.chunk_bytes
    return Pace(piece, faults.between_chunks_ms / 1000, rate)


def apply_manners(reply: Reply, delay: Wait | None, fault: FaultName | None, *, random: Random | None = None) -> Reply:
    """Give a mocked reply with its own `response.delay` and `response.fault`; the delay adds to what there is."""
    if delay is not None:
        reply = replace(reply, delay_s=reply.delay_s + delay(random or _CHANCE))
    if fault is None:
        return reply
    troubles = (*reply.troubles, fault)
    return replace(reply, fault=fault, troubles=troubles, notes=_noted(reply.notes, troubles))


def response_delay(delay_ms: float, delay: Delay | None) -> Wait | None:
    """Give the wait of a response's `delay_ms` and `delay` together, or None where there is none."""
    if delay is None and not delay_ms:
        return None
    drawn = compile_delay(delay) if delay is not None else None
    fixed_s = delay_ms / 1000
    return lambda random: fixed_s + (drawn(random) if drawn is not None else 0.0)


def carry_over(plan: Forward, reply: Reply) -> Reply:
    """Give the reply that stands instead of an upstream's answer, with the trouble that was meant for that."""
    if not (plan.troubles or plan.added):
        return reply
    touch = _Touch(plan.delay_s, plan.pace, plan.fault, plan.seed, plan.added, plan.troubles)
    return touch.on(reply)


def with_headers(headers: Headers, added: Headers) -> Headers:
    """Give the headers with others in the place of those that have the same names; all that tell of a limit go."""
    gone = RATE_HEADERS | {name.lower() for name, _ in added}
    return (*without_headers(headers, gone), *added)


def _composed(plan: Compose, touch: _Touch) -> Compose:
    async def make() -> Reply | Forward:
        return touch.on(await plan.make())

    return Compose(make, plan.immediate)


def _with(reply: Reply, added: Headers) -> Reply:
    return replace(reply, headers=with_headers(reply.headers, added)) if added else reply


def _noted(notes: Headers, troubles: tuple[str, ...]) -> Headers:
    if not troubles:
        return notes
    return (*without_headers(notes, _NOTE_NAME), (_NOTE, ", ".join(troubles).encode()))


def _chance(seed: int | None, kind: str) -> Random:
    return Random() if seed is None else Random(f"{seed}:{kind}")  # noqa: S311  # nothing secret depends on it


def _error_reply(error: ErrorRate) -> Reply:
    told = problem(error.status, "injected-error", "This error was put in on purpose, at the rate of its definition.")
    reply = _instead(error.status, error.headers, error.body, told)
    return replace(reply, troubles=("error",), notes=_noted((), ("error",)))


def _outage_reply(faults: Faults) -> Reply | None:
    outage = faults.outage
    if outage is None:
        return None
    told = problem(outage.status, "outage", "The outage was put in on purpose, and ends by itself or with its profile.")
    troubles = ("outage",) if outage.fault is None else ("outage", outage.fault)
    seed = _chance(faults.seed, "outage").getrandbits(32)
    reply = _instead(outage.status, {}, None, told)
    return replace(reply, fault=outage.fault, seed=seed, troubles=troubles, notes=_noted((), troubles))


def _refusal(faults: Faults) -> Reply | None:
    limit = faults.rate_limit
    if limit is None:
        return None
    detail = f"At most {limit.limit} in {limit.window_s:g} s are allowed; Retry-After says when to come back."
    reply = _instead(limit.status, {}, limit.body, problem(limit.status, "rate-limited", detail))
    return replace(reply, troubles=("rate-limit",), notes=_noted((), ("rate-limit",)))


def _instead(status: int, headers: dict[str, str | list[str]], body: Any, told: Reply) -> Reply:
    """Give the answer as it is written, with a problem document where no body is."""
    reply = static_reply(StaticResponse(status=status, headers=headers, body=body), "mock")
    if body is not None or status in (204, 304):
        return reply
    return replace(reply, headers=with_headers(told.headers, reply.headers[:-1]), body=told.body)
