"""The loop of a developer: mocks are made and sessions played in one process, without a gateway between.

`python -m bench.fidelity.loop SESSIONS all|NAME,…` tells what the benchmark would for the sessions of development, in a
tenth of its time: no socket, no marker, no told session. `-v` says which steps were wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from bench.fidelity.exhibit import lay_down
from bench.fidelity.keeping import Runs, real_runs, recordings
from bench.fidelity.recording import cassette_of
from bench.fidelity.result import Counts, counted
from bench.fidelity.scoring import Scored, answered_by_mimic, score
from bench.fidelity.session import DEV_SEEDS, TRAIN_SEEDS, played
from bench.fidelity.sessions import PROGRAMS
from bench.fidelity.stand_in import Lesson
from bench.fidelity.transcript import Transcript
from bench.fidelity.upstream import Upstream
from bench.fidelity.upstreams import UPSTREAMS
from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from cassettes.library import Library
from cassettes.stores import open_store
from gateway.errors import GatewayError
from gateway.inprocess import InProcess, serve
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.writing import definitions_text
from sanitizers.keys import load_or_create
from sanitizers.pseudonym import pseudonym

BASE: Final = "http://127.0.0.1:8080"
SHOWN: Final = ("L0", "L1", "L3", "L4", "L6", "sessions", "false accepts")


@dataclass(frozen=True, slots=True)
class Looped:
    """What one upstream came to."""

    name: str
    counts: Counts
    seconds: float
    wrong: Counter[tuple[str, str]]

    def figures(self) -> tuple[float, ...]:
        """Give the percentages that SHOWN names."""
        counts = self.counts
        return (
            *(counts.share(counts.levels[level]) for level in (0, 1, 3, 4)),
            counts.share(counts.state, counts.reads),
            counts.share(counts.completed, counts.sessions),
            counts.share(counts.false_accepts),
        )


class InProcessTransport(httpx.BaseTransport):
    """Answers from definitions in this process; what cannot be answered is a connection that fails."""

    def __init__(self, mocks: InProcess) -> None:
        self._mocks = mocks

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = tuple(request.headers.raw)
        try:
            given = self._mocks.give(Request(request.method, request.url.raw_path, headers, request.read()))
        except GatewayError as error:
            raise httpx.ProtocolError(str(error)) from None
        told = [*given.response.headers, (b"X-Mimic-Match", given.match.encode())]
        return httpx.Response(given.response.status, headers=told, content=given.response.body)


def loop(upstream: Upstream, train: Sequence[int], test: Sequence[int], keep: Path | None = None) -> Looped:
    """Learn from the cleaned recordings of `train`, play `test`; in `keep` lies what was made and answered."""
    program = PROGRAMS[upstream.name]
    home = recordings(upstream, program, tuple(train), raw=False)
    runs = real_runs(upstream, program, tuple(test))
    library = Library(open_store(home / "cassettes"))
    began = time.process_time()
    made = distil([library.read(cassette_of(seed)) for seed in train], Options(), serve)
    seconds = time.process_time() - began
    served = [MockDefinition.model_validate(one) for one in made.definitions]
    mocks = InProcess(served, clock=time.time, seed=1, stand_in=partial(pseudonym, load_or_create(home)))
    tested = [_play(upstream.name, seed, mocks, runs[seed]) for seed in test]
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / "mocks.yaml").write_text(definitions_text(made.definitions, None), encoding="utf-8")
        lesson = Lesson(upstream, program, tuple(train), home, keep)
        lay_down(keep / upstream.name, lesson, [(scored, runs[mock.seed][0], mock) for scored, mock in tested])
    wrong = Counter((one.label, f"L{one.level}: {one.why}") for scored, _ in tested for one in scored if one.level < 5)
    return Looped(upstream.name, counted(tested), seconds, wrong)


def _play(name: str, seed: int, mocks: InProcess, runs: Runs) -> tuple[tuple[Scored, ...], Transcript]:
    mocks.reset()
    transcript = played(name, PROGRAMS[name], seed, BASE, transport=InProcessTransport(mocks))
    return score(*runs, transcript, answered_by_mimic), transcript


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 1 where an upstream could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.fidelity.loop", description=__doc__)
    parser.add_argument("sessions", type=int, help="how many recorded sessions to learn from")
    parser.add_argument("upstreams", help=f"all, or some of {','.join(UPSTREAMS)}")
    parser.add_argument("-v", "--verbose", action="store_true", help="say which steps were wrong")
    parser.add_argument("--start", type=int, default=TRAIN_SEEDS[0], help="the first session to learn from")
    parser.add_argument("--keep", type=Path, help="keep the mocks and what they answered, in a folder for each")
    parser.add_argument("--jobs", type=int, default=1, help="how many upstreams to measure at once")
    asked = parser.parse_args(words)
    names = list(UPSTREAMS) if asked.upstreams == "all" else asked.upstreams.split(",")
    train = range(asked.start, asked.start + asked.sessions)
    sums: list[tuple[float, ...]] = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        for found in pool.map(partial(_looped, train=train, keep=asked.keep), names):
            if isinstance(found, str):
                print(found, file=sys.stderr, flush=True)
                continue
            sums.append(found.figures())
            _tell(found.name, found.figures(), f"({found.seconds:.0f} s)")
            for (label, why), count in found.wrong.most_common() if asked.verbose else ():
                print(f"    {count:3} {label}: {why}")
    if len(sums) > 1:
        _tell("mean", [sum(column) / len(sums) for column in zip(*sums, strict=True)], f"of {len(sums)}")
    return int(len(sums) < len(names))


def _looped(name: str, train: Sequence[int], keep: Path | None) -> Looped | str:
    """Give what an upstream came to, or why it could not be measured."""
    try:
        return loop(UPSTREAMS[name], train, DEV_SEEDS, keep / name if keep else None)
    except Exception as error:  # one that fails must not take the others with it
        return f"{name}: {type(error).__name__}: {error}"


def _tell(name: str, figures: Sequence[float], more: str) -> None:
    shown = "  ".join(f"{title} {figure:5.1f}" for title, figure in zip(SHOWN, figures, strict=True))
    print(f"{name:14} {shown}  {more}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
