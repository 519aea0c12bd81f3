"""A mock whose answer depends on what is known: the first of its cases that holds answers, and keeps what it says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from cassettes.definition import Case, MockDefinition
from gateway.context import Context
from gateway.errors import GatewayError
from gateway.memory.excerpt import Excerpt
from gateway.mocking.composer import Composer
from gateway.mocking.graph import Graph
from gateway.mocking.names import judge_names
from gateway.mocking.revalidation import revalidated
from gateway.mocking.upkeep import Upkeep, all_hold, compile_conditions, name_values
from gateway.mode import Compose, Forward, Plan, Reply, Services
from gateway.problem import problem
from gateway.templates import Condition, Document, compile_document
from gateway.view import RequestView


class CompiledCase:
    """One case: when it holds, what it names, how it answers, what it keeps. `mark` is how its answers are told of."""

    def __init__(self, case: Case, number: int, definition: MockDefinition, services: Services) -> None:
        where = f"definition {definition.id!r}, cases.{number - 1}"
        self.when: Final = compile_conditions(case.when, f"{where}.when")
        self.let: Final = _documents(case.let, f"{where}.let")
        self.composer: Final = Composer(
            definition, services, spec=case.response, place=f"cases.{number - 1}.response", turn=f"turn:{number}"
        )
        self.upkeep: Final = Upkeep(case.save, f"{where}.save")
        self.statuses: Final = self.composer.statuses
        self._graph: Final = _graph_of(definition, case)
        parts: list[Condition | Document] = [*self.when, *(document for _, document in self.let)]
        asks = self._graph is not None
        self.waits: Final = asks or self.composer.waits or not self.upkeep.is_empty or any(part.waits for part in parts)
        self.needs_body: Final = (
            asks or self.composer.needs_body or self.upkeep.needs_body or any(part.needs_body for part in parts)
        )
        self._revalidates: Final = case.revalidates
        self.mark: Final = b"%s; case=%d" % ((case.tier or "").encode(), number)
        self.said: Final = f"case {number}: {case.note}" if case.note else f"case {number}"
        ready = self.composer.ready
        self._ready: Final = None if ready is None else self._marked(ready)

    async def answer(self, context: Context) -> Reply | Forward:
        """Make the answer, and keep what is to be kept after it. Raises RenderError, StateError."""
        await name_values(self.let, context)
        if self._graph is not None:
            context.variables["graph"] = await self._graph.answer(context)
        if self._ready is not None:
            reply: Reply = self._ready
        else:
            made = await self.composer.compose(context)
            if isinstance(made, Forward):
                return made
            reply = self._marked(made)
        if self._revalidates:
            reply = revalidated(reply, context.view.request)
        await self.upkeep.keep(context, reply)
        return reply

    async def follow(self, context: Context, reply: Reply) -> None:
        """Name and keep what this case would have, after an answer that came from elsewhere."""
        await name_values(self.let, context)
        if self._graph is not None:
            context.variables["graph"] = await self._graph.answer(context)
        await self.composer.pass_turn(context)
        await self.upkeep.keep(context, reply)

    def _marked(self, reply: Reply) -> Reply:
        said = f"{self.said}; {reply.said}" if reply.said else self.said
        return replace(reply, match=self.mark, said=said)


class Cases:
    """The cases of one definition; where none holds, a refusal that names the definition."""

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        where = f"definition {definition.id!r}"
        judge_names(definition)
        self._let: Final = _documents(definition.let, f"{where}, let")
        self._list: Final = None if definition.list_ is None else Excerpt(definition.list_, f"{where}, list")
        self.cases: Final = tuple(
            CompiledCase(case, number, definition, services) for number, case in enumerate(definition.cases, 1)
        )
        self.composers: Final = tuple(case.composer for case in self.cases)
        parts: list[Document | CompiledCase] = [*(document for _, document in self._let), *self.cases]
        waits = self._list is not None or any(part.waits for part in parts)
        self.needs_body: Final = (
            bool(definition.state.keys)
            or any(part.needs_body for part in parts)
            or (self._list is not None and self._list.needs_body)
        )
        contexts = services.supplies.contexts if waits else services.supplies.plain_contexts
        self._contexts: Final = contexts(definition)
        self._remembers: Final = waits
        self._can_be_immediate: Final = not any(composer.is_scripted for composer in self.composers)
        detail = f"None of the {len(self.cases)} cases of the definition {definition.id!r} holds for this request."
        refusal = problem(501, "no-case", detail, definition=definition.id)
        self._refusal: Final = replace(refusal, match=b"miss", said="no case holds")

    def decide(self, view: RequestView) -> Plan:
        """Give how to find the case that answers, and its answer."""
        context = self.begin(view)
        return Compose(partial(self._answer, context), immediate=self._is_immediate(context))

    def follow(self, view: RequestView, reply: Reply) -> Compose:
        """Give how to take note of an answer that came from elsewhere, as if a case of its status had given it.

        Of several such cases it is the first that holds, or else the first. The reply is given whatever comes of it.
        """
        context = self.begin(view)
        return Compose(partial(self._follow, context, reply), immediate=self._is_immediate(context))

    async def _follow(self, context: Context, reply: Reply) -> Reply:
        try:
            await self.prepare(context)
            case = await self._likeliest(context, reply.status)
            if case is None:
                return replace(reply, said=f"{context.route} has no case of this status")
            await case.follow(context, reply)
        except GatewayError as error:
            return replace(reply, said=f"{context.route} could not take note of this answer: {error}")
        return replace(reply, said=f"{context.route} took note of this answer: {case.said}")

    async def _likeliest(self, context: Context, status: int) -> CompiledCase | None:
        # A status that a template says may be this one, where no written one is.
        for wanted in (status, 0):
            likely = [case for case in self.cases if wanted in case.statuses]
            for case in likely:
                if await all_hold(case.when, context):
                    return case
            if likely:
                return likely[0]
        return None

    def _is_immediate(self, context: Context) -> bool:
        return self._can_be_immediate and (not self._remembers or context.immediate)

    def begin(self, view: RequestView) -> Context:
        """Give the context in which one request's values are named; who comes after the answer sees them too."""
        context = self._contexts(view)
        view.variables = context.variables = dict(context.variables)
        return context

    async def prepare(self, context: Context) -> None:
        """Work out what is known before a case is chosen. Raises RenderError, StateError."""
        await name_values(self._let, context)
        if self._list is not None:
            context.variables["list"] = await self._list.take(context)

    async def _answer(self, context: Context) -> Reply | Forward:
        await self.prepare(context)
        for case in self.cases:
            if await all_hold(case.when, context):
                return await case.answer(context)
        return self._refusal


def _graph_of(definition: MockDefinition, case: Case) -> Graph | None:
    """Give the graph that a case asks: a document is run, and may change what is kept, only where one is answered."""
    if definition.graph is None or "vars.graph" not in repr(case.response.model_dump(exclude_unset=True)):
        return None
    return Graph(definition.graph, f"definition {definition.id!r}, graph")


def _documents(let: dict[str, Any], where: str) -> tuple[tuple[str, Document], ...]:
    return tuple((name, compile_document(value, f"{where}.{name}")) for name, value in let.items())
