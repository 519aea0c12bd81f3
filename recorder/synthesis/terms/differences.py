"""Differences: what is left of one number of an item once another one of it is taken off, as terms.

A payment is refunded up to what was paid less what was given back already, and a refusal says how much that is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any, Final, NamedTuple

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, leaves, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, part_of, used_by

LEFT: Final = "what is left"
"""The name of these terms."""
_NUMBER: Final = re.compile(r"(?<![\w.-])\d{1,12}(?:\.\d{1,4})?(?![\w-])(?!\.\d)")
_REFUSED: Final = 400
_FEWEST: Final = 2
_LARGE: Final = 100
_MOST_SCENES: Final = 12
_MOST_GROUPS: Final = 24
_MOST_NUMBERS: Final = 16
_DEEPEST: Final = 3
_COST: Final = 1.5
_DIGITS: Final = 2


class _Refused(NamedTuple):
    """A refused call with the numbers that its answer tells."""

    scene: Scene
    told: frozenset[float]


def differences(scenes: Sequence[Scene], roots: Sequence[Term]) -> list[Term]:
    """Give the terms of what is left of a number of an item, where all refusals of some words tell just that."""
    found: dict[str, Term] = {}
    groups = list(_by_words(scenes))
    for root in roots if groups else ():
        if "vars." in root.text and root.uses:
            for group in groups:
                for term in _left_in(root, group):
                    found.setdefault(term.text, term)
    return list(found.values())


def _by_words(scenes: Sequence[Scene]) -> Iterator[list[_Refused]]:
    """Give refusals that tell numbers, those together that say the same but for the numbers and long words."""
    groups: dict[tuple[int, str], list[_Refused]] = defaultdict(list)
    for scene in scenes:
        sample = scene.sample
        if sample.status < _REFUSED or sample.told is MISSING or len(groups) >= _MOST_GROUPS:
            continue
        group = groups[sample.status, _words(sample)]
        told = frozenset(_told(sample)) if len(group) < _MOST_SCENES else frozenset()
        if told:
            group.append(_Refused(scene, told))
    yield from (group for group in groups.values() if group)


def _words(sample: Sample) -> str:
    """Give which members a refusal has, and the short words that it tells."""
    said = [(path, value) for path, value in leaves(sample.told, longest_list=0)]
    words = (re.sub(r"\S*\d\S*", "#", value)[:20] for _, value in said if isinstance(value, str))
    return f"{sorted(str(path) for path, _ in said)} {sorted(words)}"


def _told(sample: Sample) -> Iterator[float]:
    for _, value in leaves(sample.told, longest_list=0):
        if is_number(value):
            yield float(value)
        elif isinstance(value, str):
            yield from map(float, _NUMBER.findall(value))


def _left_in(root: Term, group: Sequence[_Refused]) -> Iterator[Term]:
    """Give the pairs of an item's numbers whose difference all refusals of a group tell."""
    held = [(one, numbers) for one in group if (numbers := _numbers(root.get(one.scene)))]
    shared = list(held[0][1])[:_MOST_NUMBERS] if held and len(held) == len(group) else []
    for one, other in permutations(shared, 2):
        lefts = [(call, numbers, _left(numbers.get(one), numbers.get(other))) for call, numbers in held]
        if all(left in call.told for call, _, left in lefts) and _is_telling(lefts):
            yield _less(part_of(root, one, look), part_of(root, other, look), lefts)


def _numbers(item: Any) -> dict[Path, Any]:
    if not isinstance(item, dict):
        return {}
    return {path: value for path, value in leaves(item, longest_list=0) if is_number(value) and len(path) <= _DEEPEST}


def _left(one: Any, other: Any) -> float | None:
    return None if one is None or other is None else round(float(one - other), _DIGITS)


def _is_telling(lefts: Sequence[tuple[_Refused, dict[Path, Any], float | None]]) -> bool:
    """Tell whether differences are told of which nothing else that is sent or held is the number."""
    own = [
        left
        for call, numbers, left in lefts
        if left and left not in {float(value) for value in numbers.values()} | _sent(call.scene.sample)
    ]
    return len(set(own)) >= _FEWEST or (len(own) == 1 and own[0] >= _LARGE)


def _sent(sample: Sample) -> set[float]:
    found = leaves(sample.json, longest_list=4) if isinstance(sample.json, dict | list) else ()
    flat = [value for values in (*sample.query.values(), *sample.form.values()) for value in values]
    return {float(value) for value in [*(value for _, value in found), *flat] if _NUMBER.fullmatch(as_text(value))}


def _less(one: Term, other: Term, lefts: Sequence[tuple[_Refused, dict[Path, Any], float | None]]) -> Term:
    is_whole = all(isinstance(value, int) for _, numbers, _ in lefts for value in numbers.values())

    def get(scene: Scene) -> Any:
        first, second = one.get(scene), other.get(scene)
        if not is_number(first) or not is_number(second):
            return MISSING
        left = first - second
        return left if isinstance(left, int) else round(left, _DIGITS)

    text = f"({one.text} - {other.text})"
    uses, keeps = used_by((one, other))
    return Term(text if is_whole else f"({text} | round({_DIGITS}))", get, LEFT, _COST, uses, keeps)
