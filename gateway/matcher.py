"""What a predicate is: one test of a request, which can also say how it came out."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.view import RequestView


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one predicate came out.

    `field` is its place in the definition (`headers.X-Tenant`, `body.jsonpath $.username`); `wanted` and `found` are
    short texts for people (at most 200 characters); `closeness` is 1.0 where it holds, else from 0.0 to 0.99;
    `hint` is a sentence that says what would make it hold, or "".
    """

    field: str
    holds: bool
    wanted: str
    found: str
    closeness: float
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Equality:
    """An equality that an index can look up: a singular JSON path (its steps) whose value equals `value`."""

    steps: tuple[str | int, ...]
    value: Hashable


class Predicate(Protocol):
    """One test of a request, compiled when its definition was loaded.

    `count` is how many single tests it holds (1, but for groups), which the match score adds up.
    """

    @property
    def field(self) -> str: ...
    @property
    def needs_body(self) -> bool: ...
    @property
    def count(self) -> int: ...
    @property
    def equality(self) -> Equality | None: ...
    def holds(self, view: RequestView) -> bool: ...
    def explain(self, view: RequestView) -> Verdict: ...


def shown(value: Any, limit: int = 200) -> str:
    """Give a value as a short text for people."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
