"""Looks at items: each item that an answer showed, by collection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import canon
from recorder.synthesis.terms.scene import Scene

_LEAST_ALIKE: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """An item as an answer showed it."""

    scene: Scene
    key: str
    item: dict[str, Any]


def looks_at(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> dict[str, list[Look]]:
    """Give the items that answers showed, by the names of their collections, in order."""
    seen: dict[str, list[Look]] = defaultdict(list)
    for scene in scenes:
        for name, key, item in items_seen(scene, bindings[scene.endpoint]):
            if isinstance(item, dict):
                seen[name].append(Look(scene, key, item))
    return seen


def first_alike(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> dict[str, dict[str, dict[str, Any]]]:
    """Give, by collection and key, what items were that most sessions saw alike when they first read them."""
    firsts: dict[tuple[str, str], dict[int, dict[str, Any]]] = defaultdict(dict)
    for scene in scenes:
        if scene.sample.method in READS:
            for name, key, item in items_seen(scene, bindings[scene.endpoint]):
                if isinstance(item, dict):
                    firsts[name, key].setdefault(scene.sample.session, item)
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for (name, key), seen in firsts.items():
        if len(seen) < _LEAST_ALIKE:
            continue
        marks = {session: canon(item) for session, item in seen.items()}
        mark, count = Counter(marks.values()).most_common(1)[0]
        if count >= _LEAST_ALIKE and count * 2 > len(seen):
            found[name][key] = next(item for session, item in seen.items() if marks[session] == mark)
    return found
