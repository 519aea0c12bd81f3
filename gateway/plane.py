"""The data plane: a bare ASGI callable that finds the route, lets its mode decide, and performs the plan."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from time import perf_counter
from typing import Any, Final

from cassettes.exchange import Headers, Request
from gateway.addressing import judge_target, origin_form
from gateway.errors import ScenarioMovedError, StateError
from gateway.explain import Effort, no_route
from gateway.faults.chaos import ChaosBoard
from gateway.faults.pace import HEADLESS, perform
from gateway.faults.trouble import carry_over
from gateway.forward import forward
from gateway.hop import LoopError, UpgradeError
from gateway.immediate import at_once
from gateway.journal import Entry, Journal
from gateway.markers import marked, markers_of
from gateway.memory.scenario import Scenarios
from gateway.metrics import Metrics
from gateway.mishap import told_of_mishap
from gateway.mode import Answering, Breached, Checking, Compose, Forward, Offer, Plan, Reply, Source, Terms
from gateway.options import PlaneOptions
from gateway.passage import NO_BODY_STATUSES, Passage, with_body
from gateway.problem import problem
from gateway.relay import relay
from gateway.retelling import end, is_going_on, retell
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
_MOST_MATCHES: Final = 100  # of one request, which others overtook each time


class Turn:
    """One request's turn: what is known of it from its head to the end of its answer."""

    __slots__ = (
        "_plane", "answer", "began", "begun", "check", "downstream", "has_read", "passage", "plan", "request", "route",
        "table", "trace", "was_cut",
    )  # fmt: skip

    def __init__(self, plane: Plane, request: Request, trace: bytes, downstream: Downstream) -> None:
        self.began = perf_counter()
        self._plane = plane
        self.request = request
        self.trace = trace
        self.downstream = downstream
        self.has_read = False
        """Whether `request` holds the whole body."""
        self.begun = b""
        """The beginning of the body, where it was read and is too long to be compared."""
        self.check: Checking | None = None
        """The comparison with a contract, where there is one."""
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
        return self.route.id if self.route is not None else "-"

    # What a relay calls.

    def conclude(self, passage: Passage) -> None:
        """Take note of an upstream's answer, or give the one `instead`."""
        self.downstream.forget()
        if passage.instead is None:
            self._plane.note_passage(self, passage)
            return
        reply = carry_over(passage.plan, passage.instead)
        if not self._plane.reply_now(self, reply):
            self.plan = reply
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
        self.scenarios: Scenarios | None = None
        """Those of the routes in the table."""
        self.chaos: ChaosBoard | None = None
        """The profiles that are on; None while there is none."""
        self._journal = journal
        self._metrics = metrics
        self._options, self._effort = options, Effort()
        boot = os.urandom(4).hex().encode()
        self._traces = (b"%s%08x" % (boot, number) for number in count(1))
        self._via = b"mimic-" + boot

    def answer_now(self, cycle: Any) -> bool:
        """Answer without a task where that can be done; False where `__call__` has to.

        Our own server asks for this. A plan that was decided here and takes a task is performed in `__call__`: to
        decide twice would play two recorded answers.
        """
        if not cycle.body_done or wants_websocket(cycle.headers):
            return False
        request = request_of(cycle, cycle.body)
        view = RequestView(request)
        table = self.table
        if table.retold and is_going_on(table.retold):
            return False
        if table.steps and not self._knows_scenarios(view, table):
            return False
        route = table.find(view) if request.target[:1] == b"/" else None
        if route is None or route.terms is not None:
            return False
        turn = Turn(self, request, next(self._traces), Downstream(cycle, _never, _never))
        turn.route, turn.has_read = route, True
        try:
            plan = route.decide(view)
            if route.trouble is not None or self.chaos is not None:
                plan = self._meddled(view, plan, route)
            if type(plan) is Compose and plan.immediate:
                plan = at_once(plan.make())
        except Exception:  # noqa: BLE001  # whatever a mode does, the client gets an answer
            plan = self.failure(turn)
        if type(plan) is Reply:
            done = self.reply_now(turn, plan)
        else:
            done = cycle.has_no_body and self._relay(turn, plan, route)
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
        refusal = judge_target(turn.request, headers, self._options.served_names)
        if refusal is not None:
            end(turn.table.retold)
            await self._reply(turn, refusal)
            return
        turn.request = origin_form(turn.request)
        for _ in range(_MOST_MATCHES):
            try:
                await self._match(turn)
            except ScenarioMovedError:
                continue
            return
        raise StateError("a scenario of the route was moved on by other requests each time this one was matched")

    async def _match(self, turn: Turn) -> None:
        """Find the route and perform its plan; raises ScenarioMovedError, and nothing is answered."""
        table = turn.table
        view = RequestView(turn.request)
        if table.steps and self.scenarios is not None:
            view.scenarios = await self.scenarios.prefetch(table.steps, view)
        retells = bool(table.retold) and is_going_on(table.retold)
        if not turn.has_read and (retells or table.compares_bodies(view)):
            view = await self._read_body(turn, view)
        route = turn.route = table.find(view)
        told = retell(table.retold, view, route) if retells else None
        if told is not None:
            turn.route, plan = told
            await self._perform(turn, self._meddled(view, plan, turn.route))
            return
        needs_body = route is not None and route.needs_body
        if route is None or route.mode_name == "mock":
            # A mock need not look at the body, but a test asks the journal what was sent.
            needs_body = needs_body or self._journal.has_room_for(turn.request)
        if needs_body and not turn.has_read:
            view = await self._read_body(turn, view)
        if route is None:
            await self._reply(turn, no_route(table, view, self._effort))
            return
        if route.terms is None:
            plan = route.decide(view)
        else:
            plan = await self._under_contract(turn, view, route, route.terms)
        await self._perform(turn, self._meddled(view, plan, route))

    def _knows_scenarios(self, view: RequestView, table: RouteTable) -> bool:
        """Read the scenarios that routes ask for; False where that takes time."""
        if self.scenarios is None or not self.scenarios.immediate:
            return False
        view.scenarios = at_once(self.scenarios.prefetch(table.steps, view))
        return True

    def _meddled(self, view: RequestView, plan: Plan, route: Route) -> Plan:
        """Put trouble into a plan: the definition's own, and over it that of the profiles that are on."""
        if route.trouble is not None:
            plan = route.trouble.meddle(view, plan, route.id)
        return plan if self.chaos is None else self.chaos.meddle(view, plan, route.id, route.tags)

    async def _under_contract(self, turn: Turn, view: RequestView, route: Route, terms: Terms) -> Plan:
        limit = 0 if turn.has_read else terms.body_bytes(turn.request)
        if limit:
            turn.begun, turn.has_read = await turn.downstream.read_up_to(limit)
        if turn.has_read and turn.begun:
            turn.request = replace(turn.request, body=turn.begun)
            view = view.with_request(turn.request)
        turn.check = terms.begin(turn.request, is_whole=turn.has_read)
        return route.decide(view) if turn.check is None else turn.check.compose(route.decide, view)

    async def _read_body(self, turn: Turn, view: RequestView) -> RequestView:
        body = await turn.downstream.read_whole(self._options.collect_bytes)
        turn.has_read = True
        if not body:
            return view
        turn.request = replace(turn.request, body=body)
        return view.with_request(turn.request)

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
        return told_of_mishap(turn.trace.decode(), turn.route_id)

    def _headers(self, turn: Turn, reply: Reply) -> Headers:
        if not self._options.markers:
            return reply.headers
        headers = marked(reply, turn.route, turn.trace)
        return headers if turn.check is None else (*headers, *turn.check.marks)

    def reply_now(self, turn: Turn, reply: Reply) -> bool:
        """Answer at once; False, and nothing done, where that takes time."""
        if reply.takes_time:
            return False
        turn.downstream.reply_now(reply.status, reply.reason, self._headers(turn, reply), reply.body)
        note = self._count_troubles(reply.troubles, reply.said) if reply.troubles else reply.said
        self._note(turn, reply.source, reply.status, reply.headers, reply.body, note)
        return True

    async def _reply(self, turn: Turn, reply: Reply) -> None:
        headers, note = self._headers(turn, reply), reply.said
        if reply.takes_time:
            bodiless = turn.request.method == "HEAD" or reply.status in NO_BODY_STATUSES
            came_of_it = await perform(turn.downstream, reply, headers, bodiless=bodiless)
            note = "; ".join(filter(None, (note, came_of_it)))
        else:
            await turn.downstream.reply(reply.status, reply.reason, headers, reply.body)
        status = 0 if reply.fault in HEADLESS else reply.status
        note = self._count_troubles(reply.troubles, note)
        self._note(turn, reply.source, status, reply.headers, reply.body, note)

    def _count_troubles(self, troubles: tuple[str, ...], note: str) -> str:
        """Count what was put into an answer on purpose, and give the note that tells of it."""
        self._metrics.count_faults(troubles)
        told = f"on purpose: {', '.join(troubles)}" if troubles else ""
        return f"{told}; {note}" if told and note else told or note

    def _relay(self, turn: Turn, plan: Plan, route: Route) -> bool:
        return type(plan) is Forward and not plan.takes_time and relay(self._passage(turn, plan, route), turn)

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
            markers=markers_of("upstream", route, turn.trace) if self._options.markers else (),
            body_is_whole=turn.has_read,
            body_begun=b"" if turn.has_read else turn.begun,
            check=turn.check,
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
            told = passage.instead if turn.check is None else await turn.check.settle(passage.instead)
            await self._reply(turn, carry_over(passage.plan, told))
        else:
            self.note_passage(turn, passage)

    def note_passage(self, turn: Turn, passage: Passage) -> None:
        """Put what came of a forward into the journal."""
        limit = self._journal.limits.body_bytes
        body = passage.copy.head(limit) if passage.copy is not None else b""
        if passage.sent is not None and passage.sent.size:
            turn.request = with_body(turn.request, passage.sent, limit)
            turn.was_cut = passage.sent.size > limit
        plan = passage.plan
        status = 0 if plan.fault in HEADLESS else passage.status
        note = self._count_troubles(plan.troubles, passage.note) if plan.troubles else passage.note
        self._note(turn, passage.source, status, passage.headers, body, note)

    def _note(self, turn: Turn, source: Source, status: int, headers: Headers, body: bytes, note: str) -> None:
        seconds = perf_counter() - turn.began
        request, route, name = turn.request, turn.route, turn.route_id
        self._metrics.count(name, source, status, seconds)
        limit = self._journal.limits.body_bytes
        if len(request.body) > limit:
            turn.was_cut = True
            request = replace(request, body=request.body[:limit])
        mode = route.mode_name if route is not None else ""
        breaches: tuple[Breached, ...] = ()
        if turn.check is not None:
            note, breaches = turn.check.noted(note), turn.check.conclude(turn.trace.decode())
            self._metrics.count_breaches((one.contract, one.side) for one in breaches)
        self._journal.add(
            Entry(
                turn.trace, time.time(), seconds, request, name, mode, source, status, headers, body[:limit], note,
                turn.was_cut, turn.table.ref, breaches,
            )
        )  # fmt: skip
        if self._options.access_log:
            path = self._options.show_path(request).encode("unicode_escape").decode()
            extra = {"trace": turn.trace.decode(), "route": name, "ms": round(seconds * 1000, 1)}
            if note:
                extra["note"] = note
            _log.info("%s %s %d %s", request.method, path, status, source, extra=extra)


async def _never(*_: object) -> Any:
    raise AssertionError("an answer that takes no time needs no ASGI message")
