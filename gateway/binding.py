"""A definition bound to its mode, with what happens around every answer of it: scenario, scripts, webhooks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from cassettes.definition import MockDefinition, ScenarioStep
from gateway.batch import answer_each, follow_each
from gateway.immediate import at_once
from gateway.mocking.cases import Cases
from gateway.mocking.composer import Composer
from gateway.mode import Compose, Forward, Plan, Reply, Services
from gateway.modes import MODES
from gateway.playback import Retold
from gateway.view import RequestView

Decide: TypeAlias = Callable[[RequestView], Plan]
Follow: TypeAlias = Callable[[RequestView, Reply], Compose]


@dataclass(frozen=True, slots=True)
class Bound:
    """How a definition's requests are answered, and whether that takes the whole request body.

    `follow` tells its cases of an answer that came from elsewhere; `retold` answers as in recorded sessions.
    """

    decide: Decide
    needs_body: bool
    follow: Follow | None = None
    retold: Retold | None = None


def bind(definition: MockDefinition, services: Services) -> Bound:
    """Bind a definition; raises ConfigError and RenderError where something it names cannot be had."""
    if definition.retells:
        return Bound(_told_first, needs_body=True, retold=Retold(definition, services))
    bound = whole = _mode(definition, services)
    if definition.hooks.webhooks:
        bound = _with_webhooks(bound, definition, services)
    if definition.hooks.before is not None:
        bound = _with_before(bound, definition, services)
    step = definition.scenario
    if step is not None and step.to is not None:
        bound = _with_scenario(bound, step, services, can_fail=definition.faults is not None)
    return replace(bound, follow=whole.follow)


def _told_first(view: RequestView) -> Plan:
    raise AssertionError(f"recorded sessions are told before a route is looked for: {view.request.method}")


def _mode(definition: MockDefinition, services: Services) -> Bound:
    if definition.batch:
        return Bound(answer_each, needs_body=True, follow=follow_each)
    if definition.mode == "mock" and definition.resource is not None and definition.response is None:
        return _with_after(Bound(services.supplies.resource(definition), needs_body=True), definition, services)
    mode = MODES[definition.mode](definition, services)
    needs_body = mode.needs_body
    for composer in mode.composers if isinstance(mode, Composer | Cases) else ():
        if composer.then is not None:
            onward = MODES[composer.then](definition, services)
            composer.onward = onward.decide
            needs_body = needs_body or onward.needs_body
    return Bound(mode.decide, needs_body, mode.follow if isinstance(mode, Cases) else None)


async def _worked_out(plan: Plan) -> Reply | Forward:
    return await plan.make() if isinstance(plan, Compose) else plan


def _composed(make: Callable[[RequestView], Coroutine[Any, Any, Reply | Forward]]) -> Bound:
    return Bound(lambda view: Compose(partial(make, view)), needs_body=True)


def _with_scenario(bound: Bound, step: ScenarioStep, services: Services, *, can_fail: bool) -> Bound:
    """Move the scenario on, then answer: who comes second finds that it has moved, and is matched again.

    Where faults can answer in place of the definition, nothing moves before that is decided.
    """
    supplies = services.supplies
    place = (step.name, step.scope)

    def decide(view: RequestView) -> Plan:
        found = view.scenarios.get(place, "started")
        if supplies.scenarios.immediate and not can_fail:
            at_once(supplies.scenarios.move(step, view, found))
            return bound.decide(view)

        async def make() -> Reply | Forward:
            await supplies.scenarios.move(step, view, found)
            return await _worked_out(bound.decide(view))

        return Compose(make)

    return Bound(decide, bound.needs_body)


def _with_before(bound: Bound, definition: MockDefinition, services: Services) -> Bound:
    """Run a script first; what it gives answers instead."""
    script = services.supplies.before(definition)
    if script is None:
        return bound
    contexts = services.supplies.contexts(definition)

    async def make(view: RequestView) -> Reply | Forward:
        view.variables = {}
        told = await script(contexts(view))
        return told if told is not None else await _worked_out(bound.decide(view))

    return _composed(make)


def _with_after(bound: Bound, definition: MockDefinition, services: Services) -> Bound:
    """Let a script change what a resource answers; other mocks see to that themselves."""
    finish = services.supplies.after(definition)
    if finish is None:
        return bound
    contexts = services.supplies.contexts(definition)

    async def make(view: RequestView) -> Reply | Forward:
        plan = await _worked_out(bound.decide(view))
        return await finish(contexts(view), plan) if isinstance(plan, Reply) else plan

    return _composed(make)


def _with_webhooks(bound: Bound, definition: MockDefinition, services: Services) -> Bound:
    """Send requests out once it is decided what is answered."""
    fire = services.supplies.webhooks(definition)
    contexts = services.supplies.contexts(definition)

    async def make(view: RequestView) -> Reply | Forward:
        plan = await _worked_out(bound.decide(view))
        await fire(contexts(view))
        return plan

    return _composed(make)
