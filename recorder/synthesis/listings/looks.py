"""Looks at items: each item that an answer showed, by collection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.terms.scene import Scene


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
