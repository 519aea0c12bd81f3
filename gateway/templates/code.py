"""Pieces of the program that a template is compiled to, and what is noted while it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from inspect import Parameter, Signature, signature
from typing import Any, Literal, Protocol, TypeAlias

from jinja2 import nodes

from gateway.templates.errors import ExpressionError

Kind: TypeAlias = Literal["json", "text", "html", "xml"]
OnMissing: TypeAlias = Literal["error", "empty"]


@dataclass(frozen=True, slots=True)
class Code:
    """An expression of the program.

    `gives` is what is known of its value: `plain` (text that no form escapes), `text`, `int`, `bool`, `json` (JSON that
    is ready), or `any`. `solid` says that it is never absent, `short` that its text is small: a part of the request's
    head, or what a helper makes.
    """

    text: str
    gives: str = "any"
    solid: bool = False
    short: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """What `loop` is inside a loop: the names of the counter (from 1) and of the list."""

    counter: str
    items: str


@dataclass(slots=True)
class Notes:
    """What is noted while a program is written.

    `cost` counts the steps of the part under way; `omits` says that it names `omit`; `scopes` maps the template's
    names to the program's, innermost last.
    """

    kind: Kind
    missing: OnMissing
    needs_body: bool = False
    waits: bool = False
    omits: bool = False
    cost: int = 0
    made: int = 0
    nested: int = 0
    scopes: list[dict[str, str | Loop]] = field(default_factory=lambda: [{}])

    def name(self, prefix: str) -> str:
        """Make a name that the program does not have yet."""
        self.made += 1
        return f"{prefix}{self.made}"

    def find(self, name: str) -> str | Loop | None:
        """Give what a name of the template is in the program, or None."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None


class Writer(Protocol):
    """Writes the program's expressions for a template's."""

    notes: Notes

    def value(self, node: nodes.Node) -> Code:
        """Write an expression as it is."""

    def solid(self, node: nodes.Node) -> str:
        """Write an expression whose value is used: an absent one is an error where the template says so."""

    def item(self, node: nodes.Node) -> str:
        """Write an expression that becomes a part of JSON: null where it is absent."""


@cache
def _signature(call: Callable[..., Any]) -> Signature:
    return signature(call)


def fits(call: Callable[..., Any], given: int, count: int, names: tuple[str, ...], shown: str) -> None:
    """Raise ExpressionError where a call with `count` arguments and these named ones cannot be made.

    `given` is how many arguments come before the written ones; `shown` names the call for people.
    """
    wanted = _signature(call)
    try:
        wanted.bind(*range(given + count), **dict.fromkeys(names))
    except TypeError:
        written = [one for one in list(wanted.parameters.values())[given:] if one.kind is not Parameter.VAR_KEYWORD]
        raise ExpressionError(f"{shown} takes ({', '.join(map(_parameter, written))})") from None


def _parameter(one: Parameter) -> str:
    if one.kind is Parameter.VAR_POSITIONAL:
        return "…"
    return one.name if one.default is Parameter.empty else f"{one.name}={one.default!r}"
