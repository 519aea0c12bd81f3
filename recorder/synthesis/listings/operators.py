"""Operators: by what a list may compare its items with the values of a parameter, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cassettes.conventions import words_of

BOUNDS: Final = (
    (frozenset(("from", "since", "start", "after", "begin", "min")), ("ge", "gt")),
    (frozenset(("to", "until", "till", "end", "before", "max")), ("le", "lt")),
)
"""What bounds are called, and what is compared then."""
_OPERATORS: Final = ("eq", "ge", "le", "gt", "lt", "ne", "like", "starts", "in", "has", "present")
_ON_WORDS: Final = tuple(sorted(_OPERATORS, key=("eq", "starts").__contains__, reverse=True))
"""Of words: that something begins so is likelier than that it comes later in the alphabet."""
_ON_CHOICES: Final = ("eq", "starts", "ne", "like", "in", "has", "present")
"""Of one of a few words: nobody asks for what comes later in the alphabet than `shared`."""


def operators_for(name: str, values: Sequence[str]) -> Sequence[str]:
    """Give the operators that a parameter with these values may stand for."""
    if any(value[:1].isdigit() for value in values):
        return _OPERATORS
    return _ON_CHOICES if _are_choices(name, values) else _ON_WORDS


def _are_choices(name: str, values: Sequence[str]) -> bool:
    """Tell whether values are plain words that come again and again, and the parameter is called as no bound is."""
    is_bound = any(words & {*words_of(name)} for words, _ in BOUNDS)
    return not is_bound and len(set(values)) * 2 <= len(values) and all(value.isalpha() for value in values)
