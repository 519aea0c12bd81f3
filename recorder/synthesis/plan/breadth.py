"""Breadth: parts of paths and values of which there are too many to be words of the service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Final, TypeVar

from recorder.synthesis.plan.features import Words

MANY: Final = "**"
"""Stands for any of many parts of paths or values."""
_MOST_WORDS: Final = 40
_MOST_VALUES: Final = 20
Key = TypeVar("Key", bound=Hashable)


def widened(paths: Iterable[Words]) -> dict[Words, Words]:
    """Give for each path the one it counts as: where more than 40 parts follow the same ones, each is `**`."""
    distinct = sorted(set(paths))
    made: dict[Words, list[str]] = {path: [] for path in distinct}
    pending = [(distinct, 0)]
    while pending:
        alike, depth = pending.pop()
        children: dict[str, list[Words]] = defaultdict(list)
        for path in alike:
            if len(path) > depth:
                children[path[depth]].append(path)
        if MANY in children or len(children) > _MOST_WORDS:
            children = {MANY: [path for inside in children.values() for path in inside]}
        for word, inside in children.items():
            for path in inside:
                made[path].append(word)
            pending.append((inside, depth + 1))
    return {path: tuple(words) for path, words in made.items()}


def widened_values(values: Iterable[tuple[Key, str]]) -> Mapping[Key, bool]:
    """Tell of each place whether it has more than 20 values, or was told to have many."""
    found: dict[Key, set[str]] = defaultdict(set)
    for place, value in values:
        known = found[place]
        if MANY not in known:
            known.add(value)
            if len(known) > _MOST_VALUES:
                found[place] = {MANY}
    return {place: MANY in known for place, known in found.items()}
