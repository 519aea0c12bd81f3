"""Agreements: conditions that two parts of one request say the same, such as who asks and whose the path is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, product
from typing import Any, Final

from recorder.synthesis.conditions.condition import Condition, condition, subject_of
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_PARTS: Final = (
    "request.json", "request.form", "request.query.", "request.query[", "request.path_params", "request.auth",
    "request.headers[",
)  # fmt: skip
_CREDENTIALS: Final = ("request.auth", "request.cookies", "request.headers")
_PATH: Final = "request.path_params"
_DEAREST: Final = 3
_SHORTEST: Final = 3
_MOST_TERMS: Final = 40
_MOST_PAIRS: Final = 20


def of_agreements(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions that what a request says in one part is not what it says in another.

    Two parts are compared that said the same in most calls that succeeded, and in these not the same thing each time.
    What the path names is compared with what is known of who asks by the credentials, too.
    """
    fine = [scene for scene in scenes if scene.sample.succeeded]
    if len(fine) < 2 or len(fine) == len(scenes):
        return
    terms: dict[str, Term] = {}
    known: dict[str, Term] = {}
    whose = {name for name, one in vocabulary.lookups.items() if one.key.text.startswith(_CREDENTIALS)}
    for scene in fine[:3]:
        for term, value in vocabulary.everything(scene):
            if _may_agree(term, value):
                terms.setdefault(term.text, term)
            elif _tells_who(term, value, whose):
                known.setdefault(term.text, term)
    named = [one for one in terms.values() if one.text.startswith(_PATH)]
    both = chain(
        combinations(list(terms.values())[:_MOST_TERMS], 2), product(named, list(known.values())[:_MOST_TERMS])
    )
    pairs = (pair for pair in both if _agree(*pair, fine))
    for one, other in list(pairs)[:_MOST_PAIRS]:
        yield _of_pair(one, other)


def _may_agree(term: Term, value: Any) -> bool:
    return (
        term.text.startswith(_PARTS)
        and not term.uses
        and term.cost < _DEAREST
        and is_scalar(value)
        and len(as_text(value)) >= _SHORTEST
    )


def _tells_who(term: Term, value: Any, whose: AbstractSet[str]) -> bool:
    """Tell whether a term tells of who asks what may stand in a path."""
    is_known = bool(term.uses) and term.uses <= whose and "vars." in term.text and term.cost < _DEAREST
    return is_known and isinstance(value, str | int) and len(as_text(value)) >= _SHORTEST


def _agree(one: Term, other: Term, fine: Sequence[Scene]) -> bool:
    if subject_of(one).partition(".")[0] == subject_of(other).partition(".")[0] != "held":
        return False
    same = {text for scene in fine if (text := _text(one, scene)) and text == _text(other, scene)}
    count = sum(_text(one, scene) == _text(other, scene) != "" for scene in fine)
    return len(same) > 1 and count * 10 >= len(fine) * 9


def _text(term: Term, scene: Scene) -> str:
    value = term.get(scene)
    return as_text(value) if value is not MISSING and is_scalar(value) and value is not None else ""


def _of_pair(one: Term, other: Term) -> Condition:
    text = f"{one.text} is defined and ({one.text} | string) != ({other.text} | string)"
    about = f"pair.{subject_of(one)}.{subject_of(other)}"
    return condition(text, _differ(one, other), 0.5, about, (one, other), turns=False)


def _differ(one: Term, other: Term) -> Callable[[Scene], bool]:
    return lambda scene: bool(_text(one, scene)) and _text(one, scene) != _text(other, scene)
