"""Hints: the words and the bounds that refusals name, most likely as what would be right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from recorder.synthesis.samples.values import MISSING, parts
from recorder.synthesis.terms.scene import Scene

_MOST_LISTS: Final = 30
_MOST_BOUNDS: Final = 60
_ONE_OF: Final = re.compile(
    r"(?i:one of|allowed|valid|supported|choose from|(?:should|must) be(?: either)?)\W+"
    r"((?:['\"]?[\w-]+['\"]?(?:, (?:or )?| or | and |\|))+['\"]?[\w-]+['\"]?)"
)
_BOUND: Final = re.compile(r"(?<![\w.-])\d{1,7}(?:\.\d{1,4})?(?![\w-])(?!\.\d)")


def hinted_words(scenes: Sequence[Scene]) -> list[list[str]]:
    """Give the lists of words that refusals name, in sentences or as lists of their JSON."""
    found = [
        re.findall(r"[\w-]+", re.sub(r"\b(?:or|and)\b", " ", match[1]))
        for text in _texts(scenes)
        for match in _ONE_OF.finditer(text[:4_000])
    ]
    for scene in scenes:
        if scene.sample.status >= 400 and scene.sample.answer_json is not MISSING and len(found) < _MOST_LISTS:
            for _, value in parts(scene.sample.answer_json):
                if _is_words(value) and value not in found:
                    found.append(value)
    return found


def hinted_bounds(scenes: Sequence[Scene]) -> list[float]:
    """Give the numbers that refusals speak of, the lowest first: whole ones as integers."""
    found = {float(found) for text in _texts(scenes) for found in _BOUND.findall(text[:2_000])}
    return [int(one) if one.is_integer() else one for one in sorted(found)[:_MOST_BOUNDS]]


def _texts(scenes: Sequence[Scene]) -> list[str]:
    return sorted({scene.sample.told_text for scene in scenes if scene.sample.status >= 400})


def _is_words(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(one, str) for one in value)
