"""Polls: items that go on when they are read, though reads before that one showed nothing new, as a job in progress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.kept_reads import READS
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.terms.scene import HIDDEN, Scene

_LEAST: Final = 3
_MOST_OF: Final = 9


class Polls:
    """How reads found items: in their order, each with its moment and whether the item had changed by itself.

    It did so where nothing but such reads lay between this one and the last.
    """

    def __init__(self) -> None:
        self._reads: dict[Endpoint, dict[tuple[int, str], list[tuple[int, bool]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._calls: dict[int, list[Endpoint]] = defaultdict(list)

    def note_call(self, scene: Scene) -> None:
        """Take note of a call, which may change anything that is looked at otherwise."""
        self._calls[scene.sample.session].append(scene.endpoint)

    def note_read(self, scene: Scene, key: str, *, has_changed: bool) -> None:
        """Take note of a read; what changed while something else was called may be that one's doing."""
        reads, calls = self._reads[scene.endpoint][scene.sample.session, key], self._calls[scene.sample.session]
        by_itself = bool(reads) and all(one is scene.endpoint for one in calls[reads[-1][0] + 1 : scene.moment])
        reads.append((scene.moment, has_changed and by_itself))

    def learn(self, bindings: Mapping[Endpoint, Binding]) -> None:
        """Tell of which collections it is kept how often items were read: nearly all went on at the same read."""
        for endpoint, items in self._reads.items():
            collection = bindings[endpoint].collection
            lasting = [count for reads in items.values() for count in _still_before_change(reads)]
            most = max(set(lasting), key=lasting.count, default=0)
            beyond = [reads for reads in items.values() if len(reads) > most and most]
            gone_on = [reads for reads in beyond if reads[most][1]]
            followed = [reads for reads in items.values() if len(reads) > 1]
            going = sum(any(has_changed for _, has_changed in reads) for reads in followed)
            if collection is not None and going >= _LEAST and going * 2 >= len(followed):
                collection.goes_on = True
            if collection is not None and len(gone_on) >= _LEAST and len(gone_on) * 10 >= len(beyond) * _MOST_OF:
                collection.counts_reads = True


def _still_before_change(reads: list[tuple[int, bool]]) -> Iterator[int]:
    """Give how many reads showed nothing new before the first that did."""
    first = next((place for place, (_, has_changed) in enumerate(reads) if has_changed), 0)
    if first:
        yield first


def count_read(scene: Scene, name: str, key: str) -> None:
    """Count a read of an item."""
    hidden = scene.timeline.get(name + HIDDEN, key, scene.moment)
    attributes = hidden if isinstance(hidden, dict) else {}
    scene.timeline.put(name + HIDDEN, key, {**attributes, READS: attributes.get(READS, 0) + 1}, scene.moment)


def goes_on(behaviour: Behaviour) -> bool:
    """Tell whether items change by being read, so that what was read has to be kept."""
    changed = behaviour.binding.changes_when_read
    return behaviour.endpoint.method == "GET" and changed > 1 and changed * 10 >= len(behaviour.scenes)


def is_asked_for_less(behaviour: Behaviour) -> bool:
    """Tell whether some reads have parameters: what they show may be less than there is."""
    return any(scene.sample.query for scene in behaviour.scenes if scene.sample.succeeded)
