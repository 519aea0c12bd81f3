"""What a predicate is: one test of a request, which can also say how it came out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol

import orjson

from gateway.errors import ConfigError
from gateway.view import RequestView

SHOWN: Final = 200


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


@dataclass(frozen=True, slots=True)
class Probe:
    """A predicate made of two functions: one that only decides, and one that explains."""

    field: str
    holds: Callable[[RequestView], bool] = dataclasses.field(repr=False)
    explain: Callable[[RequestView], Verdict] = dataclasses.field(repr=False)
    needs_body: bool = False
    count: int = 1
    equality: Equality | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a definition a test stands: `at` for errors (`match.any[0].headers`), `field` for verdicts."""

    at: str
    field: str = ""

    def child(self, name: str) -> Place:
        """Give the place of a member."""
        return Place(f"{self.at}.{name}", f"{self.field}.{name}" if self.field else name)

    def item(self, index: int) -> Place:
        """Give the place of an item of a list."""
        return Place(f"{self.at}[{index}]", f"{self.field}[{index}]")

    def named(self, name: str) -> Place:
        """Give the same place, with another name in verdicts."""
        return Place(self.at, name)

    def refusal(self, reason: str) -> ConfigError:
        """Give the error that says what is wrong here."""
        return ConfigError(f"{self.at}: {reason}")


def verdict(field: str, wanted: str, found: Any, closeness: float, hint: str = "") -> Verdict:
    """Give the verdict of a test that does not hold; the texts are cut to their length."""
    return Verdict(
        field, holds=False, wanted=shown(wanted), found=shown(found), closeness=min(closeness, 0.99), hint=hint
    )


def success(field: str, wanted: str, found: Any) -> Verdict:
    """Give the verdict of a test that holds."""
    return Verdict(field, holds=True, wanted=shown(wanted), found=shown(found), closeness=1.0)


def shown(value: Any, limit: int = SHOWN) -> str:
    """Give a value as a short text for people: a text as it is, else as JSON, of which only the beginning is read."""
    text = value[: limit + 1] if isinstance(value, str) else _json_text(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _json_text(value: Any) -> str:
    try:
        return orjson.dumps(_pruned(value, 8)).decode()
    except (TypeError, orjson.JSONEncodeError):
        return repr(value)


def _pruned(value: Any, depth: int) -> Any:
    """Give as much of a tree as is shown at most, so that a large or deep one costs no more."""
    if isinstance(value, dict):
        return {name: _pruned(member, depth - 1) for name, member in islice(value.items(), 40)} if depth else "…"
    if isinstance(value, list):
        return [_pruned(item, depth - 1) for item in value[:40]] if depth else "…"
    return value[:SHOWN] if isinstance(value, str) else value
