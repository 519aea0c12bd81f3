"""Emphasis: texts that are sent with the marks of Markdown, and shown with elements in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import Term, applied, literal

_MARKS: Final = (
    ("code", (r"`([^`]+)`",)),
    ("strong", (r"[*][*]([^*\s](?:[^*]*[^*\s])?)[*][*]", r"__([^_\s](?:[^_]*[^_\s])?)__")),
    ("em", (r"[*]([^*\s](?:[^*]*[^*\s])?)[*]", r"\b_([^_\s](?:[^_]*[^_\s])?)_\b")),
    ("del", (r"~~([^~]+)~~",)),
)
"""The elements, each with the patterns of what is written for it, in the order in which they are looked for."""
_COST: Final = 0.4


def emphasised(term: Term, texts: Sequence[str]) -> Iterator[Term]:
    """Give a text with elements in the place of marks, of the kinds that stand in the texts that are told."""
    made = [term]
    for element, patterns in _MARKS:
        if any(f"<{element}>" in text for text in texts):
            made = [_with(one, element, pattern) for one in made for pattern in patterns]
    yield from (one for one in made if one is not term)


def _with(term: Term, element: str, pattern: str) -> Term:
    new = rf"<{element}>\1</{element}>"
    text = f"({{}} | regex_replace({literal(pattern)}, {literal(new)}))"
    return applied(text, term, partial(_replaced, re.compile(pattern), new), _COST)


def _replaced(pattern: re.Pattern[str], new: str, value: Any) -> Any:
    return pattern.sub(new, value) if isinstance(value, str) else MISSING
