"""Scenarios: named state machines that definitions ask for and move on, each scope with its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from cassettes.definition import ScenarioStep
from gateway.errors import ScenarioMovedError
from gateway.matcher import Equality, Verdict, shown
from gateway.memory.scopes import States, stem_of
from gateway.view import MISSING, RequestView

STARTED: Final = "started"
_MOST_LISTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a scenario stands for one of its scope: `value` is the session's id, the address, the header's value."""

    scope: str
    value: str
    state: str


@dataclass(frozen=True, slots=True)
class ScenarioListing:
    """A scenario as definitions name it, and where it stands for all who have moved it."""

    name: str
    scopes: tuple[str, ...]
    states: tuple[str, ...]
    current: tuple[Standing, ...]


class Scenarios:
    """Reads and moves scenarios, kept in the default store under `scenario:NAME:SCOPE…`; `steps` tell what there is."""

    def __init__(self, states: States, steps: Iterable[ScenarioStep] = ()) -> None:
        self._states = states
        self._backend = states.default
        self._scopes: dict[str, dict[str, None]] = {}
        self._known: dict[str, dict[str, None]] = {}
        for step in steps:
            self._scopes.setdefault(step.name, {})[step.scope] = None
            named = (STARTED, step.state, step.to)
            self._known.setdefault(step.name, {}).update((state, None) for state in named if state is not None)

    @property
    def immediate(self) -> bool:
        """Whether nothing here ever waits."""
        return self._backend.immediate

    @property
    def known(self) -> Mapping[str, tuple[str, ...]]:
        """The states of each scenario that definitions name, `started` first."""
        return {name: tuple(states) for name, states in self._known.items()}

    def scopes(self, name: str) -> tuple[str, ...]:
        """Give the scopes in which definitions name a scenario."""
        return tuple(self._scopes.get(name, ()))

    async def current(self, name: str, scope: str, view: RequestView) -> str:
        """Give the state in which this request finds a scenario."""
        return await self._read(_key(name, self._states.stem(scope, view)))

    async def _read(self, key: str) -> str:
        state = await self._backend.get(key)
        return STARTED if state is MISSING else str(state)

    async def prefetch(self, steps: Iterable[ScenarioStep], view: RequestView) -> dict[tuple[str, str], str]:
        """Give what a view's `scenarios` is to be, so that predicates on these steps can be asked."""
        wanted = {(step.name, step.scope) for step in steps}
        return {(name, scope): await self.current(name, scope, view) for name, scope in wanted}

    async def move(self, step: ScenarioStep, view: RequestView, found: str) -> None:
        """Move on from the state in which the request found it; raises ScenarioMovedError if another was faster."""
        if step.to is None:
            return
        key = _key(step.name, self._states.stem(step.scope, view))
        if found == STARTED and await self._backend.compare_and_set(key, MISSING, step.to):
            return
        if not await self._backend.compare_and_set(key, found, step.to):
            raise ScenarioMovedError(f"the scenario {step.name!r} is no longer in {found!r}: match again")

    async def set(self, name: str, state: str, scope: str = "global", value: str = "") -> None:
        """Put a scenario into a state, for one of its scope."""
        await self._backend.set(_key(name, stem_of(scope, value)), state)

    async def reset(self, name: str | None = None, scope: str | None = None, value: str | None = None) -> int:
        """Begin again: one scenario or all, in one scope or all, for one value of it or all. Gives how many moved."""
        if scope is None:
            return await self._backend.clear("scenario:" if name is None else _key(name, ""))
        names = [name] if name is not None else list(self._known)
        if scope == "global" or value is not None:
            keys = [_key(one, stem_of(scope, value or "")) for one in names]
            return sum([await self._backend.delete(key) for key in keys])
        return sum([await self._backend.clear(_key(one, f"{scope.lower()}:")) for one in names])

    async def listing(self) -> list[ScenarioListing]:
        """List the scenarios that definitions name; of each at most 1,000 that have moved it."""
        return [
            ScenarioListing(name, self.scopes(name), tuple(states), tuple(await self._standings(name)))
            for name, states in self._known.items()
        ]

    async def _standings(self, name: str) -> list[Standing]:
        lead = _key(name, "")
        standings = []
        for key in await self._backend.keys(lead, _MOST_LISTED):
            scope, colon, value = key.removeprefix(lead).rpartition(":")
            standings.append(
                Standing(scope if colon else value, unquote(value) if colon else "", await self._read(key))
            )
        return standings


def _key(name: str, stem: str) -> str:
    return f"scenario:{quote(name, safe='')}:{stem}"


class ScenarioPredicate:
    """Holds where the request finds the scenario in the step's state; any state will do where the step names none."""

    __slots__ = ("_place", "_step")

    field = "scenario"
    needs_body = False
    equality: Equality | None = None

    def __init__(self, step: ScenarioStep) -> None:
        self._step = step
        self._place = (step.name, step.scope)

    @property
    def count(self) -> int:
        """A step that names no state tests nothing."""
        return 0 if self._step.state is None else 1

    def holds(self, view: RequestView) -> bool:
        wanted = self._step.state
        return wanted is None or view.scenarios.get(self._place, STARTED) == wanted

    def explain(self, view: RequestView) -> Verdict:
        step, found = self._step, view.scenarios.get(self._place, STARTED)
        holds = self.holds(view)
        wanted = shown(f"{step.name} in {step.state if step.state is not None else 'any state'}")
        hint = "" if holds else f"The scenario {step.name!r} stands in {shown(found)!r}: move it on, or reset it."
        return Verdict("scenario", holds, wanted, shown(f"{step.name} in {found}"), 1.0 if holds else 0.5, hint)
