"""Polls: items that go on when they are read, though reads before that one showed nothing new, as a job in progress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.terms.scene import HIDDEN, Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import hidden_name

READS: Final = "count.reads"
"""The attribute by which it is kept how often an item was read."""
_LEAST: Final = 3
_MOST_OF: Final = 9
_COST: Final = 3.0


class Polls:
    """How reads found items: in their order, each with its moment and whether the item had changed by itself."""

    def __init__(self) -> None:
        self._reads: dict[Endpoint, dict[tuple[int, str], list[tuple[int, bool]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._last_write: dict[int, int] = {}

    def note_write(self, scene: Scene) -> None:
        """Take note of a call that may have changed anything."""
        self._last_write[scene.sample.session] = scene.moment

    def note_read(self, scene: Scene, key: str, *, has_changed: bool) -> None:
        """Take note of a read; what changed since a write may be that one's doing."""
        reads = self._reads[scene.endpoint][scene.sample.session, key]
        by_itself = bool(reads) and self._last_write.get(scene.sample.session, -1) < reads[-1][0]
        reads.append((scene.moment, has_changed and by_itself))

    def learn(self, bindings: Mapping[Endpoint, Binding]) -> None:
        """Tell of which collections it is kept how often items were read: nearly all went on at the same read."""
        for endpoint, items in self._reads.items():
            collection = bindings[endpoint].collection
            lasting = [count for reads in items.values() for count in _still_before_change(reads)]
            most = max(set(lasting), key=lasting.count, default=0)
            beyond = [reads for reads in items.values() if len(reads) > most and most]
            gone_on = [reads for reads in beyond if reads[most][1]]
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


def poll_terms(binding: Binding, lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the term of how often the item that a call names was read before."""
    collection = binding.collection
    if collection is not None and collection.counts_reads and binding.role == "item" and "item" in lookups:
        keeps = frozenset({(collection.name, READS)})
        yield Term(f"({_HELD} | default(0))", _reads, "reads", _COST, frozenset({"item"}), keeps)


_HELD: Final = f"vars.item.{hidden_name(READS)}"
ONE_MORE: Final = f"(({_HELD} | default(0)) + 1)"
"""What writes how often an item was read, with this time."""


def _reads(scene: Scene) -> Any:
    found = scene.hidden("item", READS)
    return found if isinstance(found, int) else 0
