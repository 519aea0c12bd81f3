"""Remainders: how much is left of what may be used up, as headers tell that count down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations
from typing import Final

from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.samples.values import MISSING, is_number
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, used_by
from recorder.synthesis.terms.vocabulary import Vocabulary

_WHOLE: Final = re.compile(r"\d{1,9}")
_MOST: Final = 60
_LEAST: Final = 3
_RIGHT_TENTHS: Final = 9
"""What others made in ways that were not understood may be missing now and then."""
_SELF: Final = (0, 1)
"""What is made by the call itself may count already."""


def remainder(cases: Sequence[Case], vocabulary: Vocabulary) -> Said | None:
    """Explain whole numbers, written as texts, as what one number has over another, or that less one."""
    texts = [value for _, value in cases]
    is_told = all(isinstance(text, str) and _WHOLE.fullmatch(text) for text in texts)
    if not is_told or len(set(texts)) < _LEAST:
        return None
    wanted, scenes = list(map(int, texts)), [scene for scene, _ in cases]
    for one, other in permutations(_numbers(scenes, vocabulary), 2):
        over = _over(one, other, scenes[0])
        left = over - wanted[0] if over is not None else None
        if left not in _SELF:
            continue
        right = sum(_over(one, other, scene) == want + left for scene, want in zip(scenes, wanted, strict=True))
        if right * 10 >= len(cases) * _RIGHT_TENTHS:
            return Said(_term(one, other, left))
    return None


def _numbers(scenes: Sequence[Scene], vocabulary: Vocabulary) -> list[Term]:
    found = {term.text: term for term, value in vocabulary.everything(scenes[0]) if _is_whole(value)}
    return sorted(found.values(), key=lambda term: (term.cost, term.text))[:_MOST]


def _over(one: Term, other: Term, scene: Scene) -> int | None:
    first, second = one.get(scene), other.get(scene)
    return first - second if _is_whole(first) and _is_whole(second) else None


def _is_whole(value: object) -> bool:
    return value is not MISSING and is_number(value) and isinstance(value, int)


def _term(one: Term, other: Term, left: int) -> Term:
    less = f" - {left}" if left else ""
    uses, keeps = used_by((one, other))

    def get(scene: Scene) -> object:
        over = _over(one, other, scene)
        return MISSING if over is None else str(over - left)

    return Term(f"(({one.text} - {other.text}{less}) | string)", get, one.name, 1.5, uses, keeps)
