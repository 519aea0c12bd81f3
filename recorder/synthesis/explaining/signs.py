"""Signs: what is made of numbers of rows that may be below zero: one side, the other, and the opposite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member


def signed_terms(rows: Sequence[Scene], row: Callable[[Scene], Any]) -> Iterator[Term]:
    """Give what is made of a number of rows that is below zero in some: one side of it, the other, and its opposite."""
    first = row(rows[0]) if rows else None
    for name in first if isinstance(first, dict) else ():
        given = [found.get(name) if isinstance(found := row(scene), dict) else None for scene in rows]
        if all(type(value) in (int, float) for value in given) and any(
            value is not None and value < 0 for value in given
        ):
            text = member("row", (name,))
            yield _sided(f"([{text}, 0] | max)", row, name, lambda value: max(value, 0))
            yield _sided(f"([0 - {text}, 0] | max)", row, name, lambda value: max(-value, 0))
            yield _sided(f"(0 - {text})", row, name, lambda value: -value)


def _sided(text: str, row: Callable[[Scene], Any], name: str, does: Callable[[Any], Any]) -> Term:
    def get(scene: Scene) -> Any:
        found = row(scene)
        value = found.get(name) if isinstance(found, dict) else None
        return does(value) if type(value) in (int, float) else MISSING

    return Term(text, get, name, 1.0, frozenset({"row"}))
