"""A rule: the conditions under which one label is right."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from recorder.synthesis.terms.term import Term


@dataclass(frozen=True, slots=True)
class Rule:
    """Where all its terms hold, the label is right; `support` scenes showed that.

    `mask` has the scenes (bits) in which they hold, also those that a rule before it tells.
    """

    terms: tuple[Term, ...]
    label: Hashable
    support: int
    weight: float = 0.0
    mask: int = 0
