"""The data plane: a bare ASGI callable that finds the route, lets its mode decide, and performs the plan."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from time import perf_counter
from typing import Any, Final

from cassettes.exchange import Headers, Request
from gateway.errors import RenderError, StateError
from gateway.explain import no_route
from gateway.forward import forward
from gateway.hop import LoopError, UpgradeError
from gateway.journal import Entry, Journal
from gateway.metrics import Metrics
from gateway.mode import Answering, Compose, Forward, Offer, Plan, Reply, Source
from gateway.passage import ForwardLimits, Passage, with_body
from gateway.problem import problem
from gateway.relay import relay
from gateway.route import Route
from gateway.routes import RouteTable
from gateway.view import RequestView
from gateway.wire import (
    BodyTooLargeError,
    ClientGoneError,
    Downstream,
    Receive,
    Scope,
    Send,
    cycle_of,
    read_head,
    request_of,
    wants_websocket,
)

_log = logging.getLogger("mimic.plane")
_SERVED_BY: Final[dict[str, Headers]] = {
    source: ((b"X-Mimic-Served-By", source.encode()),)
    for source in ("mock", "upstream", "cassette", "fallback", "error")
}
_NO_ROUTE: Final = "-"


@dataclass(frozen=True, slots=True)
class PlaneOptions:
    """Whether answers carry markers and a log line, how large a body may be that has to be collected, who we are."""

    markers: bool = True
    access_log: bool = False
    collect_bytes: int = 64 << 20
    forward: ForwardLimits = ForwardLimits()
    show_path: Callable[[Request], str] = repr
    """The path as it may stand in a log: a path can hold a secret too."""
    served_names: frozenset[bytes] = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})


class Turn:
    """One request's turn: what is known of it from its head to the end of its answer."""

    __slots__ = (
        "_plane", "answer", "began", "downstream", "has_read", "passage", "plan", "request", "route", "table", "trace",
        "was_cut",
    )  # fmt: skip

    def __init__(self, plane: Plane, request: Request, trace: bytes, downstream: Downstream) -> None:
        self.began = perf_counter()
        self._plane = plane
        self.request = request
        self.trace = trace
        self.downstream = downstream
        self.has_read = False
        """Whether `request` holds the whole body."""
        self.table = plane.table
        self.route: Route | None = None
        self.plan: Plan | None = None
        """What was decided before there was a task, and is to be performed in one."""
        self.passage: Passage | None = None
        self.answer: Answering | None = None
        self.was_cut = False
        """Whether the request's body was longer than the journal keeps."""

    @property
    def route_id(self) -> str:
        """The id of the route that answers, or `-`."""
        return self.route.id if self.route is not None else _NO_ROUTE

    # What a relay calls.

    def conclude(self, passage: Passage) -> None:
        """Take note of an upstream's answer, or give the one `instead`."""
        self.downstream.forget()
        if passage.instead is None:
            self._plane.note_passage(self, passage)
        elif not self._plane.reply_now(self, passage.instead):
            self.plan = passage.instead
            self.downstream.go_on(self)

    def go_on(self, passage: Passage, answer: Answering | None) -> None:
        """Let a task perform the rest."""
        self.plan, self.passage, self.answer = passage.plan, passage, answer
        self.downstream.go_on(self)

    def give_up(self) -> None:
        """Answer for the exception that is being handled."""
        told = self._plane.failure(self)
        if self.downstream.started:
            self.downstream.cut()
        else:
            self._plane.reply_now(self, told)


class Plane:
    """Answers traffic. `table` is replaced whole; a request sees exactly one version of it."""

    def __init__(self, journal: Journal, metrics: Metrics, options: PlaneOptions) -> None:
        self.table = RouteTable()
        self.tap: Offer | None = None
        """Where forwarded exchanges also go while a recording session of the admin API runs."""
        self._journal = journal
        self._metrics = metrics
        self._options = options
        boot = os.urandom(4).hex().encode()
        self._traces = (b"%s%08x" % (boot, number) for number in count(1))
        self._via = b"mimic-" + boot

    def answer_now(self, cycle: Any) -> bool:
        """Answer without a task where that can be done; False where `__call__` has to.

        Our own server asks for this. A plan that was decided here and takes a task is performed in `__call__`: to
        decide twice would play two recorded answers.
        """
        if not cycle.has_no_body or wants_websocket(cycle.headers):
            return False
        request = request_of(cycle)
        view = RequestView(request)
        route = self.table.find(view) if request.target[:1] == b"/" else None
        if route is None:
            return False
        turn = Turn(self, request, next(self._traces), Downstream(cycle, _never, _never))
        turn.route = route
        try:
            plan = route.decide(view)
            if type(plan) is Compose and plan.immediate:
                plan = _now(plan)
        except Exception:  # noqa: BLE001  # whatever a mode does, the client gets an answer
            plan = self.failure(turn)
        done = self.reply_now(turn, plan) if type(plan) is Reply else self._relay(turn, plan, route)
        if not done:
            turn.plan = plan
            cycle.kept = turn
        return done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cycle = cycle_of(scope)
        turn: Turn
        if cycle is not None and cycle.kept is not None:
            turn, cycle.kept = cycle.kept, None
            turn.downstream.attend(receive, send)
        else:
            turn = Turn(self, read_head(scope), next(self._traces), Downstream(cycle, receive, send))
        try:
            await (self._perform(turn, turn.plan) if turn.plan else self._answer(turn, scope["headers"]))
        except ClientGoneError:
            self._note(turn, "error", 0, (), b"", "the client went away")
        except BodyTooLargeError as error:
            told = problem(413, "body-too-large", f"The body is compared with recorded ones: {error}.")
            await self._reply(turn, told)
        except ConnectionAbortedError:
            raise
        except Exception:  # noqa: BLE001  # whatever a mode does, the client gets an answer
            await self._fail(turn)

    async def _answer(self, turn: Turn, headers: Sequence[tuple[bytes, bytes]]) -> None:
        request = turn.request
        refusal = self._judge(request, headers)
        if refusal is not None:
            await self._reply(turn, refusal)
            return
        if request.target[:1] != b"/":
            request = turn.request = _origin_form(request)
        table = turn.table
        view = RequestView(request)
        if table.compares_bodies(view):
            view = await self._read_body(turn)
        route = turn.route = table.find(view)
        needs_body = route is not None and route.needs_body
        if route is None or route.mode_name == "mock":
            # A mock need not look at the body, but a test asks the journal what was sent.
            needs_body = needs_body or self._journal.has_room_for(request)
        if needs_body and not turn.has_read:
            pattern = view.pattern
            view = await self._read_body(turn)
            view.pattern = pattern
        if route is None:
            await self._reply(turn, no_route(table, view))
            return
        await self._perform(turn, route.decide(view))

    async def _read_body(self, turn: Turn) -> RequestView:
        body = await turn.downstream.read_whole(self._options.collect_bytes)
        turn.has_read = True
        if body:
            turn.request = replace(turn.request, body=body)
        return RequestView(turn.request)

    async def _perform(self, turn: Turn, plan: Plan) -> None:
        if type(plan) is Compose:
            plan = await plan.make()
        if type(plan) is Reply:
            await self._reply(turn, plan)
        elif type(plan) is Forward and turn.route is not None:
            await self._forward(turn, turn.passage or self._passage(turn, plan, turn.route))

    async def _fail(self, turn: Turn) -> None:
        told = self.failure(turn)
        if turn.downstream.started:
            turn.downstream.cut()
            return
        await self._reply(turn, told)

    def failure(self, turn: Turn) -> Reply:
        """Log the exception that is being handled, and give what the client is told of it."""
        trace = turn.trace.decode()
        error = sys.exception()
        if isinstance(error, RenderError | StateError):
            kind = "render-error" if isinstance(error, RenderError) else "state-unavailable"
            _log.error("%s", error, extra={"trace": trace, "route": turn.route_id})
            return problem(500, kind, str(error), trace=trace, route=turn.route_id)
        _log.exception("the request failed", extra={"trace": trace, "route": turn.route_id})
        return problem(500, "gateway-error", "An error in the gateway; its log tells more.", trace=trace)

    def _judge(self, request: Request, headers: Sequence[tuple[bytes, bytes]]) -> Reply | None:
        if wants_websocket(headers):
            return problem(501, "websocket", "Upgrading to WebSocket is not served yet; the request was not forwarded.")
        if request.target[:1] == b"/":
            return None
        if request.target == b"*":
            return Reply(204, (), "mock")
        host = request.target.partition(b"://")[2].partition(b"/")[0].rpartition(b"@")[2].lower()
        name = host if host.endswith(b"]") else host.rpartition(b":")[0] or host
        if name not in self._options.served_names:
            return problem(421, "misdirected", "The request names an authority that this gateway does not serve.")
        return None

    def _markers(self, source: Source, route: Route | None, trace: bytes) -> Headers:
        if not self._options.markers:
            return ()
        if route is None:
            return (*_SERVED_BY[source], (b"X-Mimic-Trace", trace))
        return (*_SERVED_BY[source], *route.markers, (b"X-Mimic-Trace", trace))

    def _headers(self, turn: Turn, reply: Reply) -> Headers:
        if not self._options.markers:
            return reply.headers
        return (*reply.headers, *self._markers(reply.source, turn.route, turn.trace), *reply.notes)

    def reply_now(self, turn: Turn, reply: Reply) -> bool:
        """Answer at once; False, and nothing done, where that takes time."""
        if reply.takes_time:
            return False
        turn.downstream.reply_now(reply.status, reply.reason, self._headers(turn, reply), reply.body)
        self._note(turn, reply.source, reply.status, reply.headers, reply.body, "")
        return True

    async def _reply(self, turn: Turn, reply: Reply) -> None:
        headers = self._headers(turn, reply)
        note = ""
        if reply.takes_time:
            note = await _pace(turn.downstream, reply, headers)
        else:
            await turn.downstream.reply(reply.status, reply.reason, headers, reply.body)
        self._note(turn, reply.source, reply.status, reply.headers, reply.body, note)

    def _relay(self, turn: Turn, plan: Plan, route: Route) -> bool:
        return type(plan) is Forward and relay(self._passage(turn, plan, route), turn)

    def _passage(self, turn: Turn, plan: Forward, route: Route) -> Passage:
        if self.tap is not None and plan.offer is None and plan.keeps_copy:
            plan = replace(plan, offer=self.tap)
        if plan.notes and not self._options.markers:
            plan = replace(plan, notes=())
        return Passage(
            request=turn.request,
            plan=plan,
            downstream=turn.downstream,
            trace=turn.trace,
            route=route.id,
            via=self._via,
            markers=self._markers("upstream", route, turn.trace),
            body_is_whole=turn.has_read,
            limits=self._options.forward,
            began=turn.began,
        )

    async def _forward(self, turn: Turn, passage: Passage) -> None:
        try:
            await forward(passage, turn.answer)
        except LoopError:
            detail = "The request has passed this gateway before: an upstream points back to it."
            passage.instead = problem(508, "loop", detail)
        except UpgradeError:
            passage.instead = problem(501, "websocket", "Upgrading to WebSocket is not served yet.")
        if passage.instead is not None:
            await self._reply(turn, passage.instead)
        else:
            self.note_passage(turn, passage)

    def note_passage(self, turn: Turn, passage: Passage) -> None:
        """Put what came of a forward into the journal."""
        limit = self._journal.limits.body_bytes
        body = passage.copy.head(limit) if passage.copy is not None else b""
        if passage.sent is not None and passage.sent.size:
            turn.request = with_body(turn.request, passage.sent, limit)
            turn.was_cut = passage.sent.size > limit
        self._note(turn, passage.source, passage.status, passage.headers, body, passage.note)

    def _note(self, turn: Turn, source: Source, status: int, headers: Headers, body: bytes, note: str) -> None:
        seconds = perf_counter() - turn.began
        request, route = turn.request, turn.route
        name = turn.route_id
        self._metrics.count(name, source, status, seconds)
        limit = self._journal.limits.body_bytes
        if len(request.body) > limit:
            turn.was_cut = True
            request = replace(request, body=request.body[:limit])
        mode = route.mode_name if route is not None else ""
        data = body[:limit]
        table = turn.table.ref
        self._journal.add(
            Entry(
                turn.trace, time.time(), seconds, request, name, mode, source, status, headers, data, note,
                turn.was_cut, table,
            )
        )  # fmt: skip
        if self._options.access_log:
            path = self._options.show_path(request).encode("unicode_escape").decode()
            extra = {"trace": turn.trace.decode(), "route": name, "ms": round(seconds * 1000, 1)}
            if note:
                extra["note"] = note
            _log.info("%s %s %d %s", request.method, path, status, source, extra=extra)


def _now(plan: Compose) -> Plan:
    """Work out a plan whose coroutine never waits."""
    work = plan.make()
    try:
        work.send(None)
    except StopIteration as done:
        decided: Plan = done.value
        return decided
    work.close()
    raise AssertionError("a plan that was to be had at once waits for something")


async def _never(*_: object) -> Any:
    raise AssertionError("an answer that takes no time needs no ASGI message")


def _origin_form(request: Request) -> Request:
    rest = request.target.partition(b"://")[2]
    _, slash, path = rest.partition(b"/")
    return replace(request, target=slash + path or b"/")


async def _pace(downstream: Downstream, reply: Reply, headers: Headers) -> str:
    """Give an answer late, in pieces, with trailers, or broken off as the recorded one was; say if nobody waited."""
    task = asyncio.current_task()
    if task is not None:
        downstream.when_gone(task.cancel)
    try:
        await asyncio.sleep(reply.delay_s)
        if reply.breaks is not None and not reply.headers and not reply.body:
            downstream.cut()
            return "broken off, as recorded"
        await downstream.start(reply.status, reply.reason, headers, trailers=bool(reply.trailers))
        for delay_s, data in reply.pieces or ((0.0, reply.body),):
            if delay_s:
                await asyncio.sleep(delay_s)
            await downstream.write(data)
        if reply.breaks is not None:
            downstream.cut()
            return "broken off, as recorded"
        await downstream.finish(reply.trailers or None)
    except asyncio.CancelledError:
        if not downstream.gone:
            raise
        return "the client went away"
    finally:
        downstream.forget()
    return ""
