"""Occasions: calls that asked the same while nothing was changed, so that what differs in their answers is chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from cassettes.volatile import is_generated
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.terms.scene import Scene

_OF_THE_CALL: Final = frozenset(
    (
        "connection", "content-length", "date", "host", "traceparent", "tracestate", "transfer-encoding", "user-agent",
        "x-correlation-id", "x-request-id",
    )
)  # fmt: skip
Changes: TypeAlias = Mapping[int, int]
"""How many calls of its session had changed something before each sample, by its number."""
Label: TypeAlias = Callable[[Scene], Hashable]


def changes_before(scenes: Iterable[Scene]) -> dict[int, int]:
    """Count, for each call, those before it in its session that may have changed something: writes that succeeded."""
    found: dict[int, int] = {}
    counts: dict[int, int] = defaultdict(int)
    for scene in sorted(scenes, key=lambda one: (one.sample.session, one.moment)):
        sample = scene.sample
        found[sample.number] = counts[sample.session]
        # A batch and its calls are one moment; each may have changed something.
        counts[sample.session] += sample.method not in READS and sample.status < 400
    return found


def occasions(scenes: Iterable[Scene], changes: Changes) -> list[list[Scene]]:
    """Give the calls that asked the same of the same state, in order, where there were several."""
    found: dict[Hashable, list[Scene]] = defaultdict(list)
    for scene in scenes:
        sample = scene.sample
        found[sample.session, changes.get(sample.number, 0), _asked(sample)].append(scene)
    return [inside for inside in found.values() if len(inside) > 1]


def _asked(sample: Sample) -> Hashable:
    """Give all that a request says, without what is of this one call."""
    request = sample.interaction.exchange.request
    headers = frozenset(
        (name, value)
        for name, value in sample.headers.items()
        if name not in _OF_THE_CALL and not is_generated(name, value)
    )
    # Calls of a batch share one body.
    return request.method, request.target, headers, sample.body, repr(sample.json) if sample.operation else ""


def passed_over(found: Iterable[Sequence[Scene]], label: Label, one: Hashable, others: Iterable[Hashable]) -> int:
    """Count the occasions in which one of the others came after this label: what breaks for good never does."""
    wanted = set(others)
    labels = ([label(scene) for scene in occasion] for occasion in found)
    return sum(one in told and not wanted.isdisjoint(told[told.index(one) :]) for told in labels)


def came_back(found: Iterable[Sequence[Scene]], label: Label) -> int:
    """Count how often an answer came again after another one had come: what only goes on, as a status, never does."""
    return sum(1 for occasion in found for _ in _returns([label(scene) for scene in occasion]))


def _returns(labels: Sequence[Hashable]) -> Iterator[Hashable]:
    seen: set[Hashable] = set()
    for place, one in enumerate(labels):
        if one in seen and labels[place - 1] != one:
            yield one
        seen.add(one)
