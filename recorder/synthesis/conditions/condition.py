"""A condition: a term that holds in a scene or does not, and the subject that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from recorder.synthesis.samples.values import MISSING, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

MARK: Final = "\N{SECTION SIGN}"
"""What terms begin with that stand for items as they are shown."""
_LEADS: Final = (
    "request.json",
    "request.xml",
    "request.form",
    "request.query",
    "request.path_params",
    "request.parts",
    "request.text",
)

_PARTS: Final = "request.parts"
_SUM: Final = ("net(request.json", "net(each(request.json")
_AROUND: Final = ".[]'"


class Condition(NamedTuple):
    """`about` is the subject: conditions of one subject say much the same, and are not combined.

    `held` tells in which of the scenes it was made for it holds, where that is known already: as bits, the first scene
    the lowest.
    """

    term: Term
    about: str
    held: int | None = None


def recalled(term: Term, scenes: Sequence[Scene]) -> tuple[Term, list[Any]]:
    """Give a term that remembers what it gave in these scenes, as long as they look the same up; and what that was.

    Many conditions are on one value, and each is asked of every scene.
    """
    values = [term.get(scene) for scene in scenes]
    known = {id(scene): (scene, scene.lookups, value) for scene, value in zip(scenes, values, strict=True)}

    def get(scene: Scene) -> Any:
        one = known.get(id(scene))
        return one[2] if one is not None and one[1] is scene.lookups else term.get(scene)

    return replace(term, get=get), values


def condition(
    text: str, holds: Callable[[Scene], bool], cost: float, about: str, of: Sequence[Term] = (), *, turns: bool = True
) -> Condition:
    """Make a condition that reads what the terms `of` read; `turns` says that it may be used the other way round."""
    uses = frozenset(name for term in of for name in term.uses)
    keeps = frozenset(kept for term in of for kept in term.keeps)
    return Condition(Term(text, holds, "", cost, uses, keeps, turns), about)


@dataclass(frozen=True, eq=False)
class Subject:
    """A term that conditions are on, with what it gives in each scene; `base` is the least that they cost."""

    term: Term
    values: Sequence[Any]
    base: float

    @property
    def text(self) -> str:
        return self.term.text

    @cached_property
    def given(self) -> list[Any]:
        """What it gives where it is there."""
        return [value for value in self.values if value is not MISSING]

    @property
    def is_marked(self) -> bool:
        """Whether it is an item as it is shown."""
        return self.text.startswith(MARK)

    @cached_property
    def about(self) -> str:
        return subject_of(self.term)

    @cached_property
    def distinct(self) -> list[tuple[Any, int]]:
        """The different values, each with the scenes (bits) in which it is given."""
        values: dict[Hashable, Any] = {}
        places: dict[Hashable, int] = {}
        bit = 1
        for value in self.values:
            known = (type(value), value) if is_scalar(value) else id(value)
            if known in values:
                places[known] |= bit
            else:
                values[known], places[known] = value, bit
            bit <<= 1
        return [(value, places[known]) for known, value in values.items()]

    def condition(self, text: str, holds: Callable[[Any], bool], cost: float, *, turns: bool = True) -> Condition:
        """Make a condition on the value, which may be MISSING; `cost` comes on top of the base."""
        term = self.term
        made = Term(text, lambda scene: holds(term.get(scene)), "", self.base + cost, term.uses, term.keeps, turns)
        held = 0
        for value, places in self.distinct:
            if holds(value):
                held |= places
        return Condition(made, self.about, held)


def subject_of(term: Term) -> str:
    """Name what conditions on a term are about: `json.NAME`, `query.NAME` and so on, else `held.EXPRESSION`.

    What a part of a form has is about that part, and what sent rows come to about the JSON that is sent.
    """
    text = term.text.replace(MARK, "")
    if text.startswith(_SUM):
        return f"json.{term.name}"
    lead = next((lead for lead in _LEADS if text.startswith(lead)), None)
    if lead == _PARTS:
        return f"parts.{text.removeprefix(lead).rpartition('.')[0].strip(_AROUND)}"
    return f"held.{text}" if lead is None else f"{lead.removeprefix('request.')}.{term.name}"


@lru_cache(maxsize=4_096)
def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def are_namesakes(one: str, other: str) -> bool:
    """Tell whether two names end with the same word: `id` and `user_id`, say."""
    first, second = _letters(one), _letters(other)
    if not first or not second:
        return False
    return (
        first == second or (len(second) > 3 and first.endswith(second)) or (len(first) > 3 and second.endswith(first))
    )
