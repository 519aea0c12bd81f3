"""A result: how well one stand-in, taught with so many sessions of one upstream, answered sessions it had not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from bench.fidelity.scoring import LEVELS, Scored
from bench.fidelity.stand_in import Learned
from bench.fidelity.transcript import Transcript

FALSE_ACCEPT_WEIGHT: Final = 2.0


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over steps. `levels` are the steps that reached L0 to L5; `state` those of `reads` that reached L5;
    `body` those with the right status and body, whatever their headers.

    `leaves` and `right` count stable values on the steps of the right status. `completed` counts whole sessions.
    """

    steps: int = 0
    levels: tuple[int, ...] = (0,) * len(LEVELS)
    strict: int = 0
    body: int = 0
    reads: int = 0
    state: int = 0
    leaves: int = 0
    right: int = 0
    false_accepts: int = 0
    honest: int = 0
    sessions: int = 0
    completed: int = 0

    def share(self, count: int, of: int | None = None) -> float:
        """Give a percentage of the steps, or of `of`; 0 of 0 is 100."""
        whole = self.steps if of is None else of
        return 100.0 * count / whole if whole else 100.0


@dataclass(frozen=True, slots=True)
class Result:
    """The counts of one measurement, what the stand-in was made of, and the steps that were wrong with their reason.

    `counts` are of the sessions it had not seen, `same` of those it had, played again in a closed loop, `verbatim` of
    their recorded requests sent as they were, `ceiling` of the real server asked again.
    """

    upstream: str
    held_out: bool
    stand_in: str
    trained: int
    cleaned: bool
    without: tuple[str, ...]
    counts: Counts
    same: Counts
    verbatim: Counts
    ceiling: Counts
    seconds: float
    rules: int
    interactions: int
    literal_share: float
    wrong: tuple[tuple[str, str, int], ...] = field(default_factory=tuple)

    def figures(self) -> dict[str, float]:
        """Give the percentages that are published, by their short names; `rules` are per 100 interactions."""
        counts = self.counts
        shares = {f"L{number}": counts.share(count) for number, count in enumerate(counts.levels)}
        false = counts.share(counts.false_accepts)
        found = {
            **shares,
            "L4 strict": counts.share(counts.strict),
            "body": counts.share(counts.body),
            "L6": counts.share(counts.state, counts.reads),
            "leaves": counts.share(counts.right, counts.leaves),
            "sessions": counts.share(counts.completed, counts.sessions),
            "false accepts": false,
            "honest refusals": counts.share(counts.honest),
            "same session": self.same.share(self.same.levels[4]),
            "same body": self.same.share(self.same.body),
            "as recorded": self.verbatim.share(self.verbatim.levels[4]),
            "ceiling L4": self.ceiling.share(self.ceiling.levels[4]),
            "ceiling L5": self.ceiling.share(self.ceiling.levels[5]),
            "rules": 100.0 * self.rules / self.interactions if self.interactions else 0.0,
            "literal": 100.0 * self.literal_share if self.literal_share >= 0 else -1.0,
            "seconds": self.seconds,
        }
        judged = [found[name] for name in ("L0", "L1", "L2", "L3", "L4", "L6")]
        found["overall"] = sum(judged) / len(judged) - FALSE_ACCEPT_WEIGHT * false
        return found

    def plain(self, *, tell: bool = True) -> dict[str, Any]:
        """Give the result as JSON holds it; the wrong steps only with `tell`."""
        told = {**asdict(self), "figures": self.figures()}
        return told if tell else {**told, "wrong": []}


def counted(sessions: Iterable[tuple[Sequence[Scored], Transcript]]) -> Counts:
    """Sum up scored sessions, each with the stand-in's transcript."""
    all_steps: list[Scored] = []
    played = completed = 0
    for scored, transcript in sessions:
        all_steps += scored
        played += 1
        completed += not transcript.aborted and all(step.reached for step in scored)
    reads = [step for step in all_steps if step.reads]
    return Counts(
        steps=len(all_steps),
        levels=tuple(sum(step.level >= level for step in all_steps) for level in range(len(LEVELS))),
        strict=sum(step.strict for step in all_steps),
        body=sum(step.body for step in all_steps),
        reads=len(reads),
        state=sum(step.level >= 5 for step in reads),
        leaves=sum(step.leaves for step in all_steps),
        right=sum(step.right for step in all_steps),
        false_accepts=sum(step.false_accept for step in all_steps),
        honest=sum(step.honest for step in all_steps),
        sessions=played,
        completed=completed,
    )


def wrong_steps(scored: Iterable[Scored], most: int = 60) -> tuple[tuple[str, str, int], ...]:
    """Give the labels of steps below L5 with the reason and how often, the most frequent first."""
    seen = Counter((step.label, f"L{step.level}: {step.why}") for step in scored if step.level < 5)
    return tuple((label, why, count) for (label, why), count in seen.most_common(most))


def made(
    learned: Learned,
    stand_in: str,
    counts: Counts,
    same: Counts,
    verbatim: Counts,
    ceiling: Counts,
    *,
    cleaned: bool,
    wrong: tuple[tuple[str, str, int], ...],
) -> Result:
    """Put a result together."""
    lesson = learned.lesson
    return Result(
        lesson.upstream.name,
        lesson.upstream.held_out,
        stand_in,
        len(lesson.seeds),
        cleaned,
        lesson.without,
        counts,
        same,
        verbatim,
        ceiling,
        learned.seconds,
        learned.rules,
        learned.interactions,
        learned.literal_share,
        wrong,
    )
