"""Opposites: conditions that hold where others do not, written as plainly."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_FLIPS: Final = (
    (" is not none", " is none"),
    (" is none", " is not none"),
    (" is not defined", " is defined"),
    (" is defined", " is not defined"),
    (" is not mapping", " is mapping"),
    (" is mapping", " is not mapping"),
)


def opposite(term: Term) -> Term:
    """Give the condition that holds where another does not."""
    return Term(negated(term.text), _fails(term), term.name, term.cost + 0.05, term.uses, term.keeps)


def _fails(term: Term) -> Callable[[Scene], bool]:
    return lambda scene: term.get(scene) is not True


@lru_cache(maxsize=1 << 14)
def negated(text: str) -> str:
    """Write the opposite of a condition."""
    if " and " not in text and " or " not in text:
        for end, other in _FLIPS:
            if text.endswith(end):
                return text[: -len(end)] + other
        if text.count(" == ") == 1:
            return text.replace(" == ", " != ")
        if text.count(" < ") == 1:
            return text.replace(" < ", " >= ")
        if text.count(" > ") == 1:
            return text.replace(" > ", " <= ")
    return text[4:] if text.startswith("not ") and " and " not in text else f"not ({text})"
