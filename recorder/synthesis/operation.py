"""An operation: calls told apart by their body, seen as if each of them had a path of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.values import Path, as_text, is_scalar, look

JSON_RPC: Final = frozenset({"jsonrpc", "id", "method"})
"""The members of a call by JSON-RPC that only speak of the call."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """How such calls are really sent, and where in their JSON stands what a path and a query would say.

    `method` and `segments` are those of the calls, `base` is the object of their arguments. `key` is where the id of
    the item stands that the seen path names, None where it names none; with `lists` the arguments are parameters of a
    list. `envelope` are the members of requests and answers that only speak of the call.
    """

    method: str
    segments: tuple[str, ...]
    base: Path = ()
    key: Path | None = None
    lists: bool = False
    envelope: frozenset[str] = frozenset()

    def arguments(self, document: Any) -> dict[str, Any]:
        """Give the arguments of a call with this body."""
        found = look(document, self.base)
        return found if isinstance(found, dict) else {}

    def key_in(self, document: Any) -> str:
        """Give the id that a body names, "" where it names none."""
        found = look(document, self.key) if self.key is not None else None
        return as_text(found) if is_scalar(found) else ""

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
