"""The command of the fidelity benchmark: `python -m bench.fidelity`.

Records sessions of real upstreams, makes mocks of them, and plays other sessions against the mocks.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from bench.fidelity.chart import draw, page
from bench.fidelity.measurement import Plan, measure
from bench.fidelity.report import markdown
from bench.fidelity.result import Result
from bench.fidelity.session import DEV_SEEDS, TEST_SEEDS, TRAIN_SEEDS
from bench.fidelity.sessions import PROGRAMS
from bench.fidelity.stand_in import LearningError, StandIn
from bench.fidelity.stand_ins import STAND_INS
from bench.fidelity.upstream import Upstream
from bench.fidelity.upstreams import UPSTREAMS
from bench.process import ROOT, StartError, end_everything

RESULTS: Final = ROOT / "bench" / "results" / "fidelity"
SIZES: Final = (1, 2, 5, 10, 20)
Kind = TypeVar("Kind")
PARTS: Final = ("templates", "echo", "store", "links", "guards")


@dataclass(frozen=True, slots=True)
class Job:
    """One measurement to make."""

    upstream: Upstream
    stand_in: StandIn
    plan: Plan


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line asks for."""

    upstreams: tuple[Upstream, ...]
    stand_ins: tuple[StandIn, ...]
    train: tuple[int, ...]
    test: tuple[int, ...]
    forms: tuple[bool, ...]
    ablations: bool
    jobs: int
    out: Path
    tell: bool
    keep: bool

    def exhibit(self, upstream: Upstream, name: str) -> Path | None:
        """Give the folder for what a stand-in answered, None where nothing is to be kept of it."""
        shown = self.keep and (self.tell or not upstream.held_out)
        return self.out / "exhibits" / upstream.name / name if shown else None


def main(words: list[str] | None = None) -> int:
    """Run the command; the exit code is 0 where everything was measured, 1 where some was not, 2 for a mistake."""
    given = _given(words)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, _go)
    skipped: dict[str, str] = {}
    upstreams = [one for one in given.upstreams if _is_there(one, skipped)]
    stand_ins = [one for one in given.stand_ins if _is_there(one, skipped)]
    results: list[Result] = []
    lacking = ""
    given.out.mkdir(parents=True, exist_ok=True)
    # An upstream's measurements follow each other: they share its recordings and real runs, which are kept.
    with ThreadPoolExecutor(given.jobs) as pool:
        for found in pool.map(lambda upstream: _measured(upstream, stand_ins, given, skipped), upstreams):
            results += found
            lacking = _write(results, skipped, given)  # what is there so far survives an interruption
    if lacking:
        print(lacking, file=sys.stderr)
    for name, reason in skipped.items():
        print(f"skipped {name}: {reason}", file=sys.stderr)
    return 1 if skipped else 0


def _go(number: int, _: object) -> None:
    """End the servers of all threads first: nothing may be left that still listens."""
    end_everything()
    os._exit(128 + number)


def _given(words: list[str] | None) -> Given:
    parser = argparse.ArgumentParser(prog="python -m bench.fidelity", description=__doc__)
    names = ",".join(UPSTREAMS)
    parser.add_argument("--upstreams", default="", help=f"some of {names} (default: all but the held-out ones)")
    parser.add_argument("--held-out", action="store_true", help="also those that nobody developed against")
    parser.add_argument("--train", default=",".join(map(str, SIZES)), help="numbers of recorded sessions to learn from")
    parser.add_argument("--test", type=int, default=len(TEST_SEEDS), help="how many sessions to be tested with")
    parser.add_argument("--dev", action="store_true", help="test with the sessions for development, not the test ones")
    parser.add_argument("--stand-ins", default="synthesized,replay", help=f"some of {','.join(STAND_INS)}")
    parser.add_argument("--wiremock", action="store_true", help="also WireMock, at the largest number of sessions")
    parser.add_argument("--ablations", action="store_true", help="also without each part of the synthesis")
    parser.add_argument("--raw", action="store_true", help="learn from recordings that were not cleaned")
    parser.add_argument("--cleaned", action="store_true", help="learn from cleaned ones (default); both: compare them")
    parser.add_argument("--jobs", type=int, default=1, help="how many upstreams to measure at once")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results.json, fidelity.md, .html and .png go")
    parser.add_argument("--tell-held-out", action="store_true", help="say which steps of held-out upstreams were wrong")
    parser.add_argument("--keep", action="store_true", help="keep the mocks and what they answered, in OUT/exhibits")
    asked = parser.parse_args(words)
    wanted = _named(asked.upstreams, UPSTREAMS) or tuple(
        one for one in UPSTREAMS.values() if asked.held_out or not one.held_out
    )
    stand_ins = [*_named(asked.stand_ins, STAND_INS), *([STAND_INS["wiremock"]] if asked.wiremock else [])]
    return Given(
        wanted,
        tuple(dict.fromkeys(stand_ins)),
        tuple(sorted({min(int(size), len(TRAIN_SEEDS)) for size in asked.train.split(",")})),
        (DEV_SEEDS if asked.dev else TEST_SEEDS)[: asked.test],
        tuple([False] * (asked.cleaned or not asked.raw) + [True] * asked.raw),
        asked.ablations,
        asked.jobs,
        asked.out,
        asked.tell_held_out,
        asked.keep,
    )


def _named(text: str, table: Mapping[str, Kind]) -> tuple[Kind, ...]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in table:
            raise SystemExit(f"error: there is no {name!r}; there are {', '.join(table)}")
    return tuple(table[name] for name in names)


def _is_there(one: Upstream | StandIn, skipped: dict[str, str]) -> bool:
    try:
        one.obtain()
    except (StartError, LearningError) as error:
        skipped[one.name] = str(error)
        return False
    return True


def _jobs(upstream: Upstream, stand_ins: Sequence[StandIn], given: Given) -> Iterator[Job]:
    largest = given.train[-1]
    for stand_in in stand_ins:
        ours = stand_in.name == "synthesized"
        for raw in given.forms if stand_in.name != "wiremock" else given.forms[:1]:
            for size in given.train if ours else (largest,):
                name = f"{stand_in.name}-{size}{'-raw' if raw else ''}"
                plan = Plan(TRAIN_SEEDS[:size], given.test, raw, keep=given.exhibit(upstream, name))
                yield Job(upstream, stand_in, plan)
        for part in PARTS if ours and given.ablations else ():
            yield Job(upstream, stand_in, Plan(TRAIN_SEEDS[:largest], given.test, given.forms[0], (part,)))


def _measured(upstream: Upstream, stand_ins: Sequence[StandIn], given: Given, skipped: dict[str, str]) -> list[Result]:
    found = []
    for job in _jobs(upstream, stand_ins, given):
        began = time.monotonic()
        told = f"{upstream.name}, {job.stand_in.name}, {len(job.plan.train)} sessions"
        try:
            found.append(measure(upstream, PROGRAMS[upstream.name], job.stand_in, job.plan))
        except Exception as error:  # one measurement that fails must not take hours of others with it
            skipped[told] = f"{type(error).__name__}: {error}"
            continue
        figures = found[-1].figures()
        shown = "  ".join(f"{name} {figures[name]:.1f}" for name in ("L0", "L1", "L3", "L4", "L6", "sessions"))
        print(f"{told}: {shown}  ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
    return found


def _write(results: Sequence[Result], skipped: dict[str, str], given: Given) -> str:
    """Write what was measured so far: data, tables, the page and the picture; give what the picture lacks, or ""."""
    plain = [result.plain(tell=given.tell or not result.held_out) for result in results]
    whole = {"made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "results": plain, "skipped": skipped}
    (given.out / "results.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False), encoding="utf-8")
    if not results:
        return ""
    table = markdown(results)
    (given.out / "fidelity.md").write_text(table + "\n", encoding="utf-8")
    (given.out / "fidelity.html").write_text(page(results), encoding="utf-8")
    return draw(results, given.out / "fidelity.png")


if __name__ == "__main__":
    raise SystemExit(main())
