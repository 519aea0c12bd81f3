"""How a mock answers: which of its responses it is, and what happens around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import accumulate
from random import Random
from typing import Final, TypeAlias

from cassettes.definition import MockDefinition, ModeName, RepeatPolicy, ResponseSpec, SingleResponse
from gateway.context import Context
from gateway.mocking.manners import compile_manners
from gateway.mocking.preference import Preference, read_preference
from gateway.mocking.responder import Responder
from gateway.mode import Compose, Forward, Plan, Reply, Services, Source
from gateway.view import RequestView

Onward: TypeAlias = Callable[[RequestView], Plan]


class Answer:
    """One of a definition's responses, with its manners: how long it takes, how it breaks, which script makes it.

    `ready` is the reply where it is the same each time; `waits` says that only `make_later` can make it.
    """

    __slots__ = ("_manners", "_responder", "_script", "needs_body", "ready", "status", "waits")

    def __init__(
        self, response: SingleResponse, where: str, definition: MockDefinition, services: Services, random: Random
    ) -> None:
        supplies = services.supplies
        self._manners = compile_manners(response, random)
        self._script = supplies.scripted(definition, response.script) if response.script is not None else None
        self._responder = Responder(
            response, where, missing=supplies.on_missing, read_file=supplies.body_files(definition)
        )
        self.waits = self._responder.waits or self._script is not None
        self.needs_body = self._responder.needs_body or self._script is not None
        self.status = response.status if isinstance(response.status, int) else 0
        is_fixed = self._script is None and (self._manners is None or self._manners.is_fixed)
        self.ready = self._mannered(self._responder.ready) if self._responder.ready and is_fixed else None

    @property
    def is_scripted(self) -> bool:
        """Whether a script makes it."""
        return self._script is not None

    def make(self, context: Context) -> Reply:
        """Make the reply where that does not wait. Raises RenderError."""
        return self.ready or self._mannered(self._responder.ready or self._responder.make(context))

    async def make_later(self, context: Context) -> Reply:
        """Make the reply. Raises RenderError, StateError."""
        if self._script is not None:
            return self._mannered(await self._script(context))
        return self.ready or self._mannered(self._responder.ready or await self._responder.make_later(context))

    def _mannered(self, reply: Reply) -> Reply:
        return reply if self._manners is None else self._manners.apply(reply)


class Composer:
    """The responses of one definition, and how one of them is chosen: by weight, in turn, or as the caller prefers."""

    def __init__(
        self,
        definition: MockDefinition,
        services: Services,
        source: Source = "mock",
        *,
        spec: ResponseSpec | None = None,
        place: str = "response",
        turn: str = "turn",
    ) -> None:
        spec = spec or definition.response or ResponseSpec()
        self.onward: Onward | None = None
        """What answers when a sequence is through, where that is another mode."""
        self._policy: Final[RepeatPolicy] = spec.repeat_policy
        self._turn_key: Final = f"mock:{definition.id}:{turn}"
        self._source: Final[Source] = source
        seed = self._policy.seed
        random = Random(seed) if seed is not None else services.supplies.random  # noqa: S311  # chance of a mock
        self._random: Final = random
        self._counted: Final = services.supplies.turns(definition, self._policy.scope)
        self._prefers: Final = spec.prefer
        where = f"definition {definition.id!r}, {place}"
        answer = partial(Answer, definition=definition, services=services, random=random)
        self._variants: Final = [
            answer(variant.response, f"{where}.variants.{place}") for place, variant in enumerate(spec.variants)
        ] or [answer(spec, where)]
        self._bounds: Final = list(accumulate(variant.weight for variant in spec.variants)) or [1.0]
        self._examples: Final = {
            name: answer(example, f"{where}.examples.{name}") for name, example in spec.examples.items()
        }
        everything = (*self._variants, *self._examples.values())
        self._finish: Final = services.supplies.after(definition)
        self._turns: Final = self._policy.sequence and (len(self._variants) > 1 or self._policy.then is not None)
        self.waits: Final = self._turns or self._finish is not None or any(one.waits for one in everything)
        self.is_scripted: Final = self._finish is not None or any(one.is_scripted for one in everything)
        self.needs_body: Final = (
            self._finish is not None or bool(definition.state.keys) or any(one.needs_body for one in everything)
        )
        contexts = services.supplies.contexts if self.waits else services.supplies.plain_contexts
        self._contexts: Final = contexts(definition, random)
        self.ready: Final = self._same_each_time()
        """The reply where it is the same each time."""

    @property
    def composers(self) -> tuple[Composer, ...]:
        """Itself: what has cases has a composer for each."""
        return (self,)

    @property
    def then(self) -> ModeName | None:
        """The mode that answers when the sequence is through, or None."""
        then = self._policy.then
        return None if then == "last" or then == "loop" else then  # noqa: PLR1714  # mypy narrows only so

    @property
    def statuses(self) -> frozenset[int]:
        """The statuses of its answers, 0 for one that a template says."""
        return frozenset(answer.status for answer in (*self._variants, *self._examples.values()))

    def _same_each_time(self) -> Reply | None:
        only = self._variants[0]
        if len(self._variants) > 1 or self._prefers or self.waits or only.ready is None:
            return None
        return self._told(only.ready)

    def decide(self, view: RequestView) -> Plan:
        """Give the reply, or how to compose it where that takes state or a script."""
        if self.ready is not None:
            return self.ready
        context = self._contexts(view)
        if self.waits:
            return Compose(partial(self.compose, context), immediate=not self.is_scripted and context.immediate)
        answer, preference = self._preferred(view)
        reply = self._told((answer or self._drawn()).make(context))
        return preference.apply(reply) if preference is not None else reply

    async def compose(self, context: Context) -> Reply | Forward:
        """Make the reply in a context. Raises RenderError, StateError."""
        context.random = self._random
        answer, preference = self._preferred(context.view)
        if answer is None and self._turns:
            place = self._place(await self._counted(context.view).incr(self._turn_key) - 1)
            if place is None and self.onward is not None:
                plan = self.onward(context.view)
                return await plan.make() if isinstance(plan, Compose) else plan
            answer = self._variants[place or 0]
        reply = self._told(await (answer or self._drawn()).make_later(context))
        if preference is not None:
            reply = preference.apply(reply)
        return await self._finish(context, reply) if self._finish is not None else reply

    async def pass_turn(self, context: Context) -> None:
        """Count an answer that came from elsewhere as one of the sequence. Raises StateError."""
        if self._turns:
            await self._counted(context.view).incr(self._turn_key)

    def _told(self, reply: Reply) -> Reply:
        return reply if self._source == "mock" else replace(reply, source=self._source)

    def _place(self, turn: int) -> int | None:
        """Give which variant's turn it is, or None where the sequence is through and something else answers."""
        count = len(self._variants)
        if turn < count:
            return turn
        if self._policy.loop or self._policy.then == "loop":
            return turn % count
        return count - 1 if self.onward is None else None

    def _drawn(self) -> Answer:
        if len(self._variants) == 1:
            return self._variants[0]
        point = self._random.random() * self._bounds[-1]
        return next(
            (variant for bound, variant in zip(self._bounds, self._variants, strict=True) if point < bound),
            self._variants[-1],
        )

    def _preferred(self, view: RequestView) -> tuple[Answer | None, Preference | None]:
        """Give the answer that the caller asks for, None for whichever comes, and what of the preference is met."""
        wanted = read_preference(view) if self._prefers else None
        if wanted is None:
            return None, None
        named = self._examples.get(wanted.example) if wanted.example is not None else None
        if named is not None:
            return named, wanted if named.status == wanted.code else replace(wanted, code=None)
        coded = self._of_status(wanted.code) if wanted.code is not None else None
        if coded is not None:
            return coded, replace(wanted, example=None)
        return None, None if wanted.delay_ms is None else Preference(delay_ms=wanted.delay_ms)

    def _of_status(self, code: int) -> Answer | None:
        everything = (*self._variants, *self._examples.values())
        return self._examples.get(str(code)) or next((answer for answer in everything if answer.status == code), None)
