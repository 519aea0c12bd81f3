"""Cross-validation: whether rules tell more than the scenes they were found in, or are only chance.

Of hundreds of conditions a few always tell any labels apart. What is more than that either is shorter than the labels
themselves, or is found in one half of the sessions and right in the other.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import reduce
from math import lgamma, log, log2
from typing import Final, TypeAlias

from recorder.synthesis.conditions.rule import Rule

Groups: TypeAlias = "Mapping[Hashable, int]"
"""The scenes (bits) of each label."""
Learn: TypeAlias = "Callable[[Groups], tuple[list[Rule], dict[Hashable, int]]]"
"""Gives the rules for labels in order, and what they leave over, by label."""

_LEAST_GAIN: Final = 0.5
"""Which share rules have to tell right of what the commonest label does not."""


def is_shorter(rules: Sequence[Rule], groups: Groups, costs: Sequence[float]) -> bool:
    """Tell whether it takes fewer bits to name these rules than the label of each scene.

    A condition is named by its place among all, whose `costs` are given in order: plain ones take fewer bits.
    """
    counts = [mask.bit_count() for mask in groups.values()]
    labels = (lgamma(sum(counts) + 1) - sum(lgamma(count + 1) for count in counts)) / log(2)
    return labels >= sum(log2(1 + bisect_right(costs, term.cost)) for rule in rules for term in rule.terms)


def is_foretold(learn: Learn, groups: Groups, sessions: Sequence[int]) -> bool:
    """Tell whether rules found in half of the sessions tell the labels of the others far better than the commonest.

    `sessions` are the scenes (bits) of each session. Labels that one half does not have are not asked for.
    """
    halves = [reduce(operator.or_, sessions[at::2], 0) for at in (0, 1)]
    right = commonest = asked = 0
    for half, other in (halves, halves[::-1]):
        known = {label: mask & half for label, mask in groups.items() if mask & half}
        wanted = {label: mask & other for label, mask in groups.items() if label in known}
        if len(known) < 2:
            continue
        asked += sum(mask.bit_count() for mask in wanted.values())
        commonest += wanted[_largest(known)].bit_count()
        right += _told(*learn(known), wanted)
    return right - commonest >= (asked - commonest) * _LEAST_GAIN


def _told(rules: Sequence[Rule], rest: Groups, wanted: Groups) -> int:
    """Give in how many scenes the first rule that holds has the label that is wanted there."""
    left = reduce(operator.or_, wanted.values(), 0)
    right = 0
    for rule in rules:
        right += (rule.mask & left & wanted[rule.label]).bit_count()
        left &= ~rule.mask
    return right + (left & wanted[_largest(rest)]).bit_count()


def _largest(groups: Groups) -> Hashable:
    return max(groups, key=lambda label: groups[label].bit_count())
