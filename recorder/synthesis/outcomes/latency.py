"""Latency: how long recorded answers took, and the delay that an answer made of them waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.sample import Sample

Document: TypeAlias = dict[str, Any]

_LONGEST_MS: Final = 600_000.0
_RANKS: Final = ((0, 1), (25, 8), (50, 1), (75, 8), (90, 10), (95, 20), (99, 100), (100, 1))
"""Percentiles that are written, each with how many answers it needs: of fewer it would be one of its neighbours."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers took until their first byte, in milliseconds: the median and what 95 of 100 stayed below."""

    calls: int
    p50_ms: float
    p95_ms: float


def latency(samples: Iterable[Sample]) -> Latency | None:
    """Give the latency of recorded answers; None where no time was recorded."""
    times = _times(samples)
    return Latency(len(times), _told(_at(times, 50)), _told(_at(times, 95))) if times else None


def latencies(behaviours: Iterable[Behaviour]) -> dict[str, dict[str, float]]:
    """Give the latency of each endpoint by its id, as plain values."""
    found = {behaviour.endpoint.id: latency(scene.sample for scene in behaviour.scenes) for behaviour in behaviours}
    return {
        name: {"calls": one.calls, "p50_ms": one.p50_ms, "p95_ms": one.p95_ms}
        for name, one in found.items()
        if one is not None
    }


def delay(samples: Iterable[Sample]) -> dict[str, Any] | None:
    """Give the `delay` of a response that takes as long as these did: fixed, or by percentiles; None without times."""
    times = _times(samples)
    if not times:
        return None
    # The keys are texts, as they are once a file was read, so that an update finds nothing changed.
    points = {str(rank): _told(_at(times, rank)) for rank, needed in _RANKS if len(times) >= needed}
    if len(set(points.values())) == 1:
        return {"fixed": points["50"]}
    return {"percentiles": points}


def add_delays(behaviour: Behaviour, own: Sequence[Document], definition: Document) -> None:
    """Have each case of a definition wait as its recorded answers did, so that refusals may be faster than real work.

    `own` are the cases that recorded calls speak for; those that are taken over from elsewhere wait as the whole
    endpoint does.
    """
    for case, (_, outcome) in zip(own, behaviour.cases, strict=True):
        _wait(case["response"], delay(scene.sample for scene in outcome.scenes))
        for variant, other in zip(case["response"].get("variants", ())[1:], outcome.others, strict=False):
            _wait(variant["response"], delay(scene.sample for scene in other.scenes))
    usual = delay(scene.sample for scene in behaviour.scenes)
    learnt = {id(case) for case in own}
    for case in definition["cases"]:
        if id(case) not in learnt:
            _wait(case["response"], usual)


def _wait(response: Document, told: Document | None) -> None:
    """Have a response wait: of several by weight the first, which the others stand beside."""
    first = response["variants"][0]["response"] if "variants" in response else response
    if told is not None:
        first["delay"] = told


def _times(samples: Iterable[Sample]) -> list[float]:
    exchanges = (sample.interaction.exchange for sample in samples)
    times = (exchange.first_byte_ms or exchange.duration_ms for exchange in exchanges)
    return sorted(min(time, _LONGEST_MS) for time in times if time > 0)


def _at(times: Sequence[float], rank: float) -> float:
    """Give the value at a percentile of sorted times, linear between two, as the delay draws it."""
    place = (len(times) - 1) * rank / 100
    below = int(place)
    above = min(below + 1, len(times) - 1)
    return times[below] + (times[above] - times[below]) * (place - below)


def _told(time: float) -> float:
    """Round to three digits: what a person reads, and more than a network keeps."""
    rounded = float(f"{time:.3g}")
    return int(rounded) if rounded.is_integer() else rounded
