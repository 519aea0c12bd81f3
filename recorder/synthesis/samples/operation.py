"""An operation: calls told apart by their body or named by their path, seen as if each had a path of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.samples.values import Path, as_text, is_scalar, look

JSON_RPC: Final = frozenset({"jsonrpc", "id", "method"})
"""The members of a call by JSON-RPC that only speak of the call."""
Given: TypeAlias = Literal["json", "query", "form"]
"""Where calls have their arguments."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """How such calls are really sent, and where in what is sent stands what a path and a query would say.

    `method` and `segments` are those of the calls, `name` is what their path calls them, "" where a body tells them
    apart. `base` is the object of their arguments in what is `given`. `keys` are where the ids of the items stand that
    the seen path names, one behind the other; with `lists` the arguments are parameters of a list. `envelope` are the
    members of requests and answers that only speak of the call. `made` is where answers have the id of what is made.
    """

    method: str
    segments: tuple[str, ...]
    base: Path = ()
    keys: tuple[Path, ...] = ()
    lists: bool = False
    envelope: frozenset[str] = frozenset()
    name: str = ""
    given: Given = "json"
    made: Path = ()

    def arguments(self, document: Any) -> dict[str, Any]:
        """Give the arguments of a call that gives this document."""
        found = look(document, self.base)
        return found if isinstance(found, dict) else {}

    def keys_in(self, document: Any) -> list[str]:
        """Give the ids that a call names, "" where it names none."""
        found = [look(document, key) for key in self.keys]
        return [as_text(one) if is_scalar(one) else "" for one in found]

    def parameters(self, document: Any) -> dict[str, list[str]]:
        """Give the arguments as a query would say them."""
        return texts_of(self.arguments(document))


def texts_of(arguments: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give scalars, and lists of them, as the parameters of a query."""
    found: dict[str, list[str]] = {}
    for name, value in arguments.items():
        if isinstance(value, list) and value and all(map(is_scalar, value)):
            found[name] = list(map(as_text, value))
        elif is_scalar(value) and value is not None:
            found[name] = [as_text(value)]
    return found
