"""The report: samples in, ratios out; a figure of one machine at one moment is never told."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.contender import MANY, OURS
from bench.scene import GOALS, Goal


@dataclass(frozen=True, slots=True)
class Sample:
    """One contender under one workload for a moment; the processor times are the server's."""

    workload: str
    contender: str
    round: int
    seconds: float
    requests: int
    per_s: float
    errors: int
    p50_ms: float
    p99_ms: float
    ran_s: float
    waited_s: float
    recorded: int = 0
    lost: int = 0
    settled_s: float = 0.0

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ratio:
    """The same workload, one contender over another: the median of the rounds, the least and the most."""

    workload: str
    over: str
    under: str
    median: float
    least: float
    most: float
    per_cpu: float
    """The same for answers a second of the server's own processor time: other work on the machine changes it less."""
    goal: float | None

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.median >= self.goal


def ratios(samples: Sequence[Sample]) -> list[Ratio]:
    """Give every ratio of one of ours over something else that was measured in the same rounds."""
    found: list[Ratio] = []
    for workload in dict.fromkeys(sample.workload for sample in samples):
        names = list(dict.fromkeys(sample.contender for sample in samples if sample.workload == workload))
        over = OURS if OURS in names else MANY
        found.extend(
            ratio for under in names if under != over and (ratio := _ratio(samples, workload, over, under)) is not None
        )
    return found


def _ratio(samples: Sequence[Sample], workload: str, over: str, under: str) -> Ratio | None:
    ours, theirs = (_by_round(samples, workload, name) for name in (over, under))
    pairs = [(ours[number], theirs[number]) for number in ours.keys() & theirs.keys()]
    speeds = [mine.per_s / other.per_s for mine, other in pairs if other.per_s]
    costs = [
        (other.ran_s / other.requests) / (mine.ran_s / mine.requests)
        for mine, other in pairs
        if mine.requests and other.requests and mine.ran_s
    ]
    if not speeds:
        return None
    per_cpu = statistics.median(costs) if costs else 0.0
    goal = _goal(GOALS, workload, over, under)
    return Ratio(workload, over, under, statistics.median(speeds), min(speeds), max(speeds), per_cpu, goal)


def _by_round(samples: Iterable[Sample], workload: str, name: str) -> dict[int, Sample]:
    return {sample.round: sample for sample in samples if (sample.workload, sample.contender) == (workload, name)}


def _goal(goals: Iterable[Goal], workload: str, over: str, under: str) -> float | None:
    asked = (workload, over, under)
    return next((goal.least for goal in goals if (goal.workload, goal.over, goal.under) == asked), None)


def table(found: Sequence[Ratio]) -> str:
    """Give the ratios as a Markdown table."""
    lines = [
        "| workload | throughput of | over that of | median | least … most | per CPU second | goal |",
        "|---|---|---|---:|---:|---:|---|",
    ]
    for ratio in found:
        goal = "" if ratio.goal is None else f"≥ {ratio.goal:g} {'met' if ratio.is_met else '**missed**'}"
        lines.append(
            f"| {ratio.workload} | {ratio.over} | {ratio.under} | {told(ratio.median)} "
            f"| {told(ratio.least)} … {told(ratio.most)} | {told(ratio.per_cpu)} | {goal} |"
        )
    return "\n".join(lines)


def recording_note(samples: Iterable[Sample]) -> str:
    """Say how recording kept up with its traffic, as shares."""
    kept = [sample for sample in samples if sample.recorded]
    if not kept:
        return ""
    share = statistics.median(sample.recorded / (sample.recorded + sample.lost) for sample in kept)
    pace = statistics.median(sample.seconds / (sample.seconds + sample.settled_s) for sample in kept)
    return (
        f"Recording: {share:.0%} of the exchanges became durable; "
        f"made durable at {pace:.2f} times the pace at which they were answered."
    )


def disturbance_note(samples: Sequence[Sample]) -> str:
    """Say how much the servers had to wait for their core, which makes throughput ratios rough."""
    shares = [sample.waited_s / (sample.ran_s + sample.waited_s) for sample in samples if sample.ran_s]
    if not shares:
        return ""
    return f"Servers waited for their core {statistics.median(shares):.0%} of the time (median of all samples)."


def told(number: float) -> str:
    """Give a ratio with three digits that mean something."""
    return f"{number:.2f}×" if number < 10 else f"{number:.0f}×"
