"""Bare objects: those that have next to nothing of what the others in their place have, as an empty result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.nodes.node import Chosen, Node

_LEAST: Final = 3
_SHARE: Final = 4
_FEWEST_MEMBERS: Final = 4
Explain = Callable[[Sequence[Case], str, int], Node]


def bare_or_not(cases: Sequence[Case], name: str, depth: int, grounds: Grounds, explain: Explain) -> Chosen | None:
    """Explain objects that are bare and the others each on their own, where something tells which they are."""
    most = max(len(value) for _, value in cases)
    are_bare = [len(value) * _SHARE <= most for _, value in cases]
    full = min((len(value) for (_, value), is_bare in zip(cases, are_bare, strict=True) if not is_bare), default=0)
    if most < _FEWEST_MEMBERS or min(are_bare.count(True), are_bare.count(False)) < _LEAST or full * 2 < most:
        return None
    told = grounds.tell_apart(cases, are_bare)
    if told is None:
        return None
    inside: dict[bool, list[Case]] = {True: [], False: []}
    for case, is_bare in zip(cases, are_bare, strict=True):
        inside[is_bare].append(case)
    return Chosen([(condition, explain(inside[label], name, depth + 1)) for condition, label in told])
