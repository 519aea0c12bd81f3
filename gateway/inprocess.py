"""Definitions answered inside this process: no socket, no library, no file, nothing logged, memory for state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, Final, NoReturn

from cassettes.definition import MockDefinition
from cassettes.exchange import Headers, Request, Response
from gateway.addressing import origin_form
from gateway.errors import ConfigError
from gateway.faults.trouble import Trouble, compile_trouble
from gateway.immediate import at_once
from gateway.markers import match_of
from gateway.memory.remembered import Remembered, remember
from gateway.memory.scopes import Declaration, States
from gateway.mode import Compose, Plan, Reply
from gateway.passage import NO_BODY_STATUSES
from gateway.problem import problem
from gateway.route import Route, compile_routes
from gateway.routes import RouteTable
from gateway.scripts import Scripts
from gateway.states.memory import MemoryBackend
from gateway.supplies import Supplies
from gateway.view import RequestView
from gateway.webhooks import Webhooks
from recorder.synthesis.checking.answering import Given

_MATCH: Final = b"X-Mimic-Match"


class InProcess:
    """Answers requests from mock definitions, synchronously, as a gateway with the store `memory` would.

    `clock` gives Unix seconds, for templates and for what lives only so long; with a `seed` chance comes out the same
    each time. Definitions that tell recorded sessions are left out, as are those that are not enabled. Delays are not
    waited for, and connections not broken. `open_file` reads what a definition names as its `body_file`, `stand_in`
    gives the pseudonym of a value in recordings. Raises ConfigError for a definition that cannot be compiled, or that
    needs an upstream, a cassette, a script, a webhook or, without `open_file`, a file.
    """

    def __init__(
        self,
        definitions: Iterable[MockDefinition],
        *,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
        open_file: Callable[[MockDefinition, str], bytes] | None = None,
        stand_in: Callable[[str], str] = str,
    ) -> None:
        wanted = [one for one in definitions if one.enabled and not one.retells]
        self._seed = seed
        self._random = Random(seed)  # noqa: S311  # made-up values of mocks are no secrets
        self._memory = MemoryBackend(clock)
        services = _Services(remember(_Stores(self._memory), wanted), clock, self._random, open_file, stand_in)
        self._scenarios = services.remembered.scenarios
        compiled = [compile_routes(one, services, place) for place, one in enumerate(wanted)]
        self._table = RouteTable(route for routes in compiled for route in routes)

    def answer(self, request: Request) -> tuple[Response, str]:
        """Give the answer to a request, without markers, and what X-Mimic-Match would say: `miss` where none matches.

        Raises RenderError where the answer cannot be made, StateError where the memory is full.
        """
        given = self.give(request)
        return given.response, given.match

    def give(self, request: Request) -> Given:
        """Give the same, with the id of the definition that answered."""
        request = origin_form(request)
        view = RequestView(request)
        if self._table.steps:
            view.scenarios = at_once(self._scenarios.prefetch(self._table.steps, view))
        route = self._table.find(view)
        if route is None:
            return Given(_response(problem(404, "no-route", "No enabled definition matches."), request), "miss")
        reply = self._reply(view, route)
        return Given(_response(reply, request), _match(reply, route), route.id)

    def find(self, request: Request) -> str | None:
        """Give the id of the definition that would answer, or None; scenarios and their states are not asked."""
        route = self._table.find(RequestView(origin_form(request)))
        return None if route is None else route.id

    def follow(self, request: Request, response: Response) -> None:
        """Let the definition that would answer take note of an answer from elsewhere, as when a session is told again.

        Nothing happens where it has no cases.
        """
        view = RequestView(origin_form(request))
        route = self._table.find(view)
        if route is not None and route.follow is not None:
            at_once(route.follow(view, Reply(response.status, response.headers, "cassette", response.body)).make())

    def reset(self) -> None:
        """Forget everything: collections begin as their seeds, scenarios in `started`, chance from its seed."""
        at_once(self._memory.clear())
        if self._seed is not None:
            self._random.seed(self._seed)

    def _reply(self, view: RequestView, route: Route) -> Reply:
        plan: Plan = route.decide(view)
        if route.trouble is not None:
            plan = route.trouble.meddle(view, plan, route.id)
        if type(plan) is Compose:
            plan = at_once(plan.make())
        assert type(plan) is Reply, "nothing is forwarded from here"
        return plan


def serve(definitions: Iterable[Mapping[str, Any]], clock: Callable[[], float]) -> InProcess:
    """Answer from definitions as they are written, with chance that comes out the same each time."""
    return InProcess([MockDefinition.model_validate(one) for one in definitions], clock=clock, seed=1)


def _response(reply: Reply, request: Request) -> Response:
    bodiless = request.method == "HEAD" or reply.status in NO_BODY_STATUSES
    return Response(reply.status, reply.headers, b"" if bodiless else reply.body, reply.reason)


def _match(reply: Reply, route: Route) -> str:
    if reply.match:
        return match_of(reply, route).decode()
    told: Headers = (*reply.notes, *route.markers)
    return next((value.decode() for name, value in told if name == _MATCH), "")


class _Stores:
    """One memory in the place of every store that a definition may name."""

    def __init__(self, memory: MemoryBackend) -> None:
        self._backends = dict.fromkeys(("memory", "sqlite", "redis"), memory)

    def states(self, declarations: Iterable[Declaration] = ()) -> States:
        return States("memory", self._backends, declarations)


class _Services:
    """What mock definitions may ask for, and a refusal of what only a whole gateway has."""

    def __init__(
        self,
        remembered: Remembered,
        clock: Callable[[], float],
        random: Random,
        open_file: Callable[[MockDefinition, str], bytes] | None,
        stand_in: Callable[[str], str],
    ) -> None:
        self.remembered = remembered
        self._clock = clock
        self.supplies = Supplies(
            self,
            Scripts(None, {}),
            Webhooks(self.upstream),
            clock=clock,
            on_missing="empty",
            open_file=open_file or (lambda _definition, name: _refuse(f"the file {name!r}")),
            random=random,
            stand_in=stand_in,
        )

    def upstream(self, reference: str) -> NoReturn:
        _refuse(f"the upstream {reference!r}")

    def player(self, cassette: str, *_: Any) -> NoReturn:
        _refuse(f"the cassette {cassette!r}")

    def retelling(self, definition: MockDefinition, *_: Any) -> NoReturn:
        _refuse(f"the cassettes of {definition.id!r}")

    def recording(self, definition: MockDefinition) -> NoReturn:
        _refuse(f"the recording of {definition.id!r}")

    def holds_recordings(self, cassette: str) -> bool:
        del cassette
        return False

    def trouble(self, definition: MockDefinition) -> Trouble | None:
        if definition.faults is None:
            return None
        render = self.supplies.render
        return compile_trouble(
            definition.faults, route_id=definition.id, clock=self._clock, monotonic=self._clock, render=render
        )

    def terms(self, definition: MockDefinition) -> None:
        del definition


def _refuse(what: str) -> NoReturn:
    raise ConfigError(f"{what} cannot be had where definitions are answered in process")
