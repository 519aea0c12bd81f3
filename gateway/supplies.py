"""What composing an answer draws on: contexts for templates and scripts, files, resources, scripts and webhooks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Final, Protocol

from cassettes.definition import MockDefinition, StateSpec
from gateway.context import Context
from gateway.errors import ConfigError
from gateway.memory.remembered import Remembered
from gateway.memory.resource import item_id_of, resource_plan
from gateway.memory.scenario import Scenarios
from gateway.memory.scopes import declared_key
from gateway.mode import Contexts, Plan, Reply
from gateway.script import ScriptAnswer, ScriptResult
from gateway.scripts import Scripts
from gateway.scripts.answer import Stage
from gateway.state import ScopedState
from gateway.templates import OnMissing, Template, compile_document, compile_template
from gateway.view import RequestView
from gateway.webhooks import RenderedWebhook, Webhooks, compile_webhook, webhook_origins

NOTHING: Final[Any] = None
"""Stands for what is remembered where no template asks for it."""
_SAID: Final = 300
_CHANCE: Final = Random()  # noqa: S311  # made-up values of mocks are no secrets


class Remembering(Protocol):
    """Gives what mocks remember; another one after the definitions have changed."""

    @property
    def remembered(self) -> Remembered: ...


class Supplies:
    """What the answers of all definitions draw on.

    `open_file` reads a file that a definition names, `stand_in` gives the pseudonym of a value in recordings.
    """

    def __init__(
        self,
        remembering: Remembering,
        scripts: Scripts,
        webhooks: Webhooks,
        *,
        clock: Callable[[], float],
        on_missing: OnMissing,
        open_file: Callable[[MockDefinition, str], bytes],
        random: Random = _CHANCE,
        stand_in: Callable[[str], str] = str,
    ) -> None:
        self._remembering = remembering
        self.scripts = scripts
        self.senders = webhooks
        self.clock = clock
        self._stand_in: Final = stand_in
        self.on_missing: Final[OnMissing] = on_missing
        self._open_file = open_file
        self.random: Final = random

    @property
    def scenarios(self) -> Scenarios:
        """The scenarios of the definitions that are served."""
        return self._remembering.remembered.scenarios

    def contexts(self, definition: MockDefinition, random: Random | None = None) -> Contexts:
        """Give what makes the context of each request of a definition; raises RenderError for a key's template."""
        keys = self._keys(definition)
        plain = self.plain_contexts(definition, random)

        def context(view: RequestView) -> Context:
            remembered = self._remembering.remembered
            made = plain(view)
            made.state = remembered.states.of(definition.id, definition.state, view)
            made.resources = remembered.resources.reader(view)
            if keys:
                made.keys = tuple(key.render(made) for key in keys)
            return made

        return context

    def turns(self, definition: MockDefinition, scope: str) -> Callable[[RequestView], ScopedState]:
        """Give the state in which the turns of a definition's sequence are counted."""
        spec = StateSpec(scope=scope, persist_to=definition.state.persist_to)
        return lambda view: self._remembering.remembered.states.of(f"{definition.id}#turn", spec, view)

    def plain_contexts(self, definition: MockDefinition, random: Random | None = None) -> Contexts:
        """Give what makes contexts for templates that read nothing that is remembered, at no more cost than that."""
        route, chance, clock, stand_in = definition.id, random or self.random, self.clock, self._stand_in

        def context(view: RequestView) -> Context:
            scenario = {name: state for (name, _scope), state in view.scenarios.items()} if view.scenarios else {}
            variables = {} if view.variables is None else view.variables
            return Context(view, route, NOTHING, NOTHING, chance, clock, scenario, (), variables, stand_in)

        return context

    def render(self, source: str) -> Callable[[RequestView], str]:
        """Compile a template of a rate limit's key. Raises TemplateError, and ConfigError for one that reads state."""
        template = compile_template(source, "faults.rate_limit.key", missing=self.on_missing)
        if template.waits:
            raise ConfigError(f"faults.rate_limit.key: {source!r} reads state: a key depends on the request only")
        contexts = self.plain_contexts(MockDefinition.model_construct(id="-"))
        return lambda view: template.render(contexts(view))

    def _keys(self, definition: MockDefinition) -> list[Template]:
        found: list[Template] = []
        for item in definition.state.keys:
            for pattern in [item] if isinstance(item, str) else item.values():
                where = f"definition {definition.id!r}, state.keys"
                key = compile_template(declared_key(pattern, definition.id)[0], where, missing=self.on_missing)
                if key.waits:
                    raise ConfigError(
                        f"{where}: {pattern!r} reads state: the name of a key depends on the request only"
                    )
                found.append(key)
        return found

    def body_files(self, definition: MockDefinition) -> Callable[[str], bytes]:
        """Give what reads the files that a definition names; it raises ConfigError."""
        return partial(self._open_file, definition)

    def resource(self, definition: MockDefinition) -> Callable[[RequestView], Plan]:
        """Give how a definition's resource answers."""
        path = definition.match.path if isinstance(definition.match.path, str) else ""

        def decide(view: RequestView) -> Plan:
            resource = self._remembering.remembered.resources.of(definition.id)
            return resource_plan(resource, view, item_id_of(path, view))

        return decide

    def scripted(self, definition: MockDefinition, script_id: str) -> Callable[[Context], Awaitable[Reply]]:
        """Give how a script makes the answer; raises ConfigError where scripts are off or there is none of that id."""
        self._judge(definition)

        async def make(context: Context) -> Reply:
            result = await self.scripts.run(script_id, context, stage="answer")
            return replace(_framed(result.answer or ScriptAnswer(200)), said=_said(script_id, result))

        return make

    def before(self, definition: MockDefinition) -> Callable[[Context], Awaitable[Reply | None]] | None:
        """Give the script that runs first, or None; what it gives answers instead."""
        script_id = self._hook(definition, definition.hooks.before)
        if script_id is None:
            return None

        async def run(context: Context) -> Reply | None:
            result = await self.scripts.run(script_id, context, stage="before")
            if result.answer is None:
                return None
            return replace(_framed(result.answer), said=_said(script_id, result))

        return run

    def after(self, definition: MockDefinition) -> Callable[[Context, Reply], Awaitable[Reply]] | None:
        """Give the script that runs when the answer is made, and may change it; or None."""
        script_id = self._hook(definition, definition.hooks.after)
        if script_id is None:
            return None
        stage: Stage = "after"

        async def run(context: Context, reply: Reply) -> Reply:
            told = ScriptAnswer(reply.status, reply.headers, reply.body)
            result = await self.scripts.run(script_id, context, told, stage=stage)
            changed = reply if result.answer is None else _framed(result.answer, reply)
            return replace(changed, said="; ".join(filter(None, (reply.said, _said(script_id, result)))))

        return run

    def _hook(self, definition: MockDefinition, script_id: str | None) -> str | None:
        if script_id is None:
            return None
        self._judge(definition)
        return script_id if self.scripts.enabled else None

    def _judge(self, definition: MockDefinition) -> None:
        errors = self.scripts.problems([definition]).errors
        if errors:
            raise ConfigError("; ".join(error.removeprefix(f"{definition.id}: ") for error in errors))

    def warnings(self, definitions: Iterable[MockDefinition]) -> tuple[str, ...]:
        """Say what is named and does not happen: hooks while scripts are off."""
        return self.scripts.problems(definitions).warnings

    def webhooks(self, definition: MockDefinition) -> Callable[[Context], Awaitable[None]]:
        """Give how a definition's webhooks are rendered and queued; raises ConfigError."""
        renders: list[Callable[[Context], Awaitable[RenderedWebhook]]] = [
            compile_webhook(
                webhook, compile_template, compile_document, f"definition {definition.id!r}, hooks.webhooks.{place}"
            )
            for place, webhook in enumerate(definition.hooks.webhooks)
        ]

        for origin in webhook_origins([definition]):
            self.senders.admit(origin)

        async def fire(context: Context) -> None:
            for render in renders:
                self.senders.fire(await render(context))

        return fire

    async def close(self) -> None:
        """Send what waits to be sent, for a while, and end the engine of scripts."""
        await self.senders.close(1.0)
        await self.scripts.close()


def _said(script_id: str, result: ScriptResult) -> str:
    """Give what the journal is told of a run; what a script logs it tells on purpose."""
    told = " ".join(" | ".join((*result.log, result.printed.strip())).split()).strip(" |")
    shown = f": {told[:_SAID]}{'…' if len(told) > _SAID else ''}" if told else ""
    return f"script {script_id} ({result.elapsed_s * 1000:.1f} ms){shown}"


def _framed(answer: ScriptAnswer, reply: Reply | None = None) -> Reply:
    headers = tuple(pair for pair in answer.headers if pair[0].lower() != b"content-length")
    if answer.status not in (204, 304):
        headers = (*headers, (b"content-length", b"%d" % len(answer.body)))
    if reply is None:
        return Reply(answer.status, headers, "mock", answer.body)
    return replace(reply, status=answer.status, headers=headers, body=answer.body)
