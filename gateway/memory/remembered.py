"""What mocks remember, for one set of definitions: their state, scenarios and resources, and the stores behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from cassettes.definition import MockDefinition
from gateway.config import Settings
from gateway.errors import ConfigError
from gateway.memory.resource import Resources
from gateway.memory.scenario import Scenarios
from gateway.memory.scopes import Declaration, States, declarations_of
from gateway.state import StateBackend
from gateway.states import BACKENDS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What one table of routes draws on; the stores are the same before and after a change of definitions."""

    states: States
    scenarios: Scenarios
    resources: Resources


class Stores:
    """The stores that the settings name; each is opened when a key is first asked of it.

    Raises ConfigError where the settings ask for Redis and it cannot be had.
    """

    def __init__(self, settings: Settings) -> None:
        places = {"memory": "", "sqlite": str(Path(settings.home) / "state.db"), "redis": settings.redis_url}
        if settings.state == "redis" and not settings.redis_url:
            raise ConfigError("state: redis needs redis_url: say where it is, as in redis://127.0.0.1:6379/0")
        self.default = settings.state
        self.session_cookie = settings.session_cookie
        self.backends: dict[str, StateBackend] = {
            name: BACKENDS[name](place) for name, place in places.items() if place or name == "memory"
        }
        self._warned: set[str] = set()

    def states(self, declarations: Iterable[Declaration] = ()) -> States:
        """Give the state of a set of definitions; raises ConfigError where declarations contradict each other."""
        return States(
            self.default,
            self.backends,
            declarations,
            session_cookie=self.session_cookie,
            warned=self._warned,
        )

    async def close(self) -> None:
        """Close them all; what they keep stays."""
        for backend in self.backends.values():
            await backend.close()


class Opening(Protocol):
    """Gives the state of a set of definitions."""

    def states(self, declarations: Iterable[Declaration] = ()) -> States: ...


def remember(stores: Opening, definitions: Iterable[MockDefinition]) -> Remembered:
    """Make what these definitions remember; raises ConfigError with the reason of each that contradicts another."""
    wanted = [definition for definition in definitions if definition.enabled]
    errors: list[str] = []
    declarations: list[Declaration] = []
    for definition in wanted:
        try:
            declarations += declarations_of(definition)
        except ConfigError as error:
            errors.append(f"definition {definition.id!r}: {error}")
    states = _tried(lambda: stores.states(declarations), errors) or stores.states()
    for definition in wanted:
        states.admit(definition)
    resources = _tried(lambda: Resources(states, wanted), errors)
    if errors or resources is None:
        raise ConfigError("\n".join(errors))
    steps = [definition.scenario for definition in wanted if definition.scenario is not None]
    return Remembered(states, Scenarios(states, steps), resources)


def _tried(make: Callable[[], T], errors: list[str]) -> T | None:
    try:
        return make()
    except ConfigError as error:
        errors.append(str(error))
        return None
