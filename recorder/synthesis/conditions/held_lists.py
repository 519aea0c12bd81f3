"""Conditions on lists that are held: that a word is missing in one, as a scope that a key was not given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.conditions.condition import Condition, Subject
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal

_MOST_WORDS: Final = 8
_LONGEST: Final = 60
_REFUSED: Final = 400
_TOLD: Final = 0.1
_PLAIN: Final = 0.5


def of_held_lists(subject: Subject, scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions that a list lacks one of the words which lists of several sessions have.

    One that refusals name is the plainest reason.
    """
    if "vars." not in subject.text or "(" in subject.text or not subject.given:
        return
    if not all(isinstance(value, list) for value in subject.given):
        return
    sessions: dict[str, set[int]] = defaultdict(set)
    for scene, value in zip(scenes, subject.values, strict=True):
        for word in value if value is not MISSING else ():
            if isinstance(word, str) and 0 < len(word) <= _LONGEST:
                sessions[word].add(scene.sample.session)
    words = sorted(
        (word for word, inside in sessions.items() if len(inside) > 1), key=lambda word: -len(sessions[word])
    )
    for word in words[:_MOST_WORDS]:
        cost = _TOLD if _is_told(word, subject, scenes) else _PLAIN
        text = f"{subject.text} is defined and {literal(word)} not in {subject.text}"
        yield subject.condition(text, _lacks(word), cost)


def _is_told(word: str, subject: Subject, scenes: Sequence[Scene]) -> bool:
    """Tell whether refusals name a word that the list has not."""
    return any(
        scene.sample.status >= _REFUSED and isinstance(value, list) and word not in value
        and word in scene.sample.told_text
        for scene, value in zip(scenes, subject.values, strict=True)
    )  # fmt: skip


def _lacks(word: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and word not in value
