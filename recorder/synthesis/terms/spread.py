"""A spread of scenes: some of very many, among them all whose answers are rare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.terms.scene import Scene

_SCATTERING: Final = 2_654_435_761
"""An odd number (Knuth's, for hashing): places in the order of their multiples are in no order."""


def spread(scenes: Sequence[Scene], most: int) -> Sequence[Scene]:
    """Leave out scenes where there are too many, of statuses that are rare none that there is room for.

    Not every third or fourth: sessions do the same in turn.
    """
    if len(scenes) <= most:
        return scenes
    by_status: dict[int, list[int]] = defaultdict(list)
    for place, scene in enumerate(scenes):
        by_status[scene.sample.status].append(place)
    kept: list[int] = []
    for number, places in enumerate(sorted(by_status.values(), key=len)):
        room = max(1, (most - len(kept)) // (len(by_status) - number))
        kept += sorted(places, key=scattered)[:room]
    return [scenes[place] for place in sorted(kept)]


def scattered(place: int) -> int:
    """Give a number by which places are in no order."""
    return place * _SCATTERING % (1 << 32)
