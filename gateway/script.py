"""A script of a definition, what running one gives, and what an engine that runs scripts has to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from cassettes.exchange import Headers

Function: TypeAlias = Callable[..., Any | Awaitable[Any]]
"""What a script can call; its arguments are whatever the script gave."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script's text; `place` says where it was read, for messages."""

    id: str
    source: str = field(repr=False)
    place: str = ""


@dataclass(frozen=True, slots=True)
class ScriptOutcome:
    """What came of one run: its value as the engine gives it, what it printed, and how long it took."""

    value: Any = field(repr=False)
    printed: str = field(default="", repr=False)
    elapsed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ScriptAnswer:
    """A response as a script is given it or makes it; the headers hold nothing of the framing."""

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """What a definition's script decided: an answer, or None where it leaves that as it is; and what it told."""

    answer: ScriptAnswer | None
    log: tuple[str, ...] = field(default=(), repr=False)
    printed: str = field(default="", repr=False)
    elapsed_s: float = 0.0


class ScriptEngine(Protocol):
    """Runs scripts away from the gateway's own process, memory, files and network.

    The name of a function is what the script calls; `state.get` is the function `get` of the object `state`. An
    exception of a function is raised in the script. `now` (Unix seconds) stops the script's clock there, and `seed`
    fixes its random numbers. Raises ScriptError where the script fails or takes too much of anything.
    """

    async def run(
        self,
        script: Script,
        functions: Mapping[str, Function],
        inputs: Mapping[str, Any],
        *,
        now: float | None = None,
        seed: int | None = None,
    ) -> ScriptOutcome: ...

    async def check(self, script: Script) -> None:
        """Raise ScriptError where the script is not in the engine's language; nothing of it runs."""

    async def close(self) -> None: ...
