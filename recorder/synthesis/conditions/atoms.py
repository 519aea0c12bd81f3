"""Atoms: the conditions on scenes by themselves, with the scenes in which each holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from recorder.synthesis.conditions.agreements import of_agreements
from recorder.synthesis.conditions.clashes import of_clashes
from recorder.synthesis.conditions.comparisons import of_pairs
from recorder.synthesis.conditions.condition import Condition
from recorder.synthesis.conditions.field_conditions import of_fields
from recorder.synthesis.conditions.opposites import opposite
from recorder.synthesis.conditions.request_conditions import (
    of_bodies,
    of_credentials,
    of_headers,
    of_lookups,
    of_members,
    of_sights,
)
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_MOST_ATOMS: Final = 600
_MOST_PAIRS: Final = 360
"""How many comparisons of two things are kept beside the conditions on one, which they are not to crowd out."""
SENT: Final = re.compile(r"request\.(?:json|form)\.\S+ is defined\Z")
"""That something was sent is seldom why a call is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A condition, and in which scenes (bits by their place) it holds; `about` is the subject it speaks of."""

    term: Term
    mask: int
    about: str


def conditions(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give all that may be said of the requests of an endpoint and of what was held then."""
    yield from of_credentials(scenes)
    yield from of_lookups(vocabulary.lookups)
    yield from of_bodies(scenes)
    yield from of_members(scenes)
    yield from of_fields(scenes, vocabulary)
    yield from of_headers(scenes)
    yield from of_pairs(scenes, vocabulary)
    yield from of_agreements(scenes, vocabulary)
    yield from of_clashes(scenes, vocabulary)
    yield from of_sights(vocabulary)


def distinct(scenes: Sequence[Scene], conditions: Iterator[Condition]) -> list[Atom]:
    """Work out the conditions; of several that hold in the same scenes the cheapest of each subject is kept.

    That something was sent is kept beside them: what is seldom a reason for a refusal is a plain one for an answer.
    """
    whole = (1 << len(scenes)) - 1
    found: dict[tuple[int, str, bool], Atom] = {}
    for term, about, held in islice(conditions, _MOST_ATOMS * 6 + 1):
        mask = _mask([term.get(scene) for scene in scenes]) if held is None else held
        if mask in (0, whole):
            continue
        turned = [(opposite(term), whole & ~mask)] if term.inline else []
        for made, inner in ((term, mask), *turned):
            kind = (inner, about, SENT.match(made.text) is not None)
            known = found.get(kind)
            if known is None or made.cost < known.term.cost:
                found[kind] = Atom(made, inner, about)
    ranked = sorted(found.values(), key=lambda atom: atom.term.cost)
    pairs = [atom for atom in ranked if atom.about.startswith("pair.")][:_MOST_PAIRS]
    others = [atom for atom in ranked if not atom.about.startswith("pair.")][:_MOST_ATOMS]
    return sorted([*pairs, *others], key=lambda atom: atom.term.cost)


def _mask(held: Sequence[Any]) -> int:
    """Write what holds in which scenes as bits, the first scene the lowest."""
    return int("".join(["1" if one is True else "0" for one in reversed(held)]) or "0", 2)
