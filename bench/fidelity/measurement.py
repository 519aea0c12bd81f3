"""A measurement: a stand-in is taught, and sessions that it never saw are played against it, each on a fresh one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.fidelity.exhibit import lay_down
from bench.fidelity.keeping import Runs, real_runs, recordings
from bench.fidelity.recording import seen_while_recorded
from bench.fidelity.result import Counts, Result, counted, made, wrong_steps
from bench.fidelity.scoring import Scored, score
from bench.fidelity.session import Program, played
from bench.fidelity.stand_in import Fresh, Lesson, StandIn
from bench.fidelity.transcript import Transcript
from bench.fidelity.upstream import Upstream
from bench.fidelity.verbatim import as_recorded

SAME_SESSIONS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure of an upstream: the sessions to learn from and to be tested with, and in which form they are.

    `same` of those to learn from are played again. In `keep`, a folder, an exhibit is laid down of what was made and
    answered.
    """

    train: tuple[int, ...]
    test: tuple[int, ...]
    raw: bool = False
    without: tuple[str, ...] = ()
    keep: Path | None = None
    same: int = SAME_SESSIONS


def measure(upstream: Upstream, program: Program, stand_in: StandIn, plan: Plan) -> Result:
    """Teach and test one stand-in; raises StartError, LearningError."""
    home = recordings(upstream, program, plan.train, raw=plan.raw)
    runs = real_runs(upstream, program, (*plan.test, *plan.train[: plan.same]))
    folder = Path(tempfile.mkdtemp(prefix="mimic-fidelity-"))
    try:
        learned = stand_in.learn(Lesson(upstream, program, plan.train, home, folder, plan.without))
        with stand_in.serving(learned) as fresh:
            tested = _play(upstream, program, stand_in, fresh, plan.test, runs)
            if plan.keep is not None:
                lay_down(plan.keep, learned.lesson, [(scored, runs[mock.seed][0], mock) for scored, mock in tested])
            recorded = {seed: seen_while_recorded(home, seed) for seed in plan.train[: plan.same]}
            same = _play(upstream, program, stand_in, fresh, plan.train[: plan.same], runs, recorded)
            verbatim = as_recorded(learned.lesson, plan.train[: plan.same], stand_in, fresh, runs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return made(
        learned,
        stand_in.name,
        counted(tested),
        counted(same),
        counted(verbatim),
        ceiling({seed: runs[seed] for seed in plan.test}),
        cleaned=not plan.raw,
        wrong=wrong_steps([step for scored, _ in tested for step in scored]),
    )


def ceiling(runs: dict[int, Runs]) -> Counts:
    """Score the real server's second and third run as if a stand-in had answered them: no stand-in can do better."""
    return counted((score(*three, other), other) for three in runs.values() for other in three[1:])


def _play(
    upstream: Upstream,
    program: Program,
    stand_in: StandIn,
    fresh: Fresh,
    seeds: Sequence[int],
    runs: dict[int, Runs],
    recorded: Mapping[int, Transcript] = {},
) -> list[tuple[tuple[Scored, ...], Transcript]]:
    """Play the sessions and score them; one that was `recorded` has that as one more real run."""
    found = []
    for seed in seeds:
        with fresh() as base:
            transcript = played(upstream.name, program, seed, base)
        more = [recorded[seed]] if seed in recorded else []
        found.append((score(*runs[seed], transcript, stand_in.answered, *more), transcript))
    return found
