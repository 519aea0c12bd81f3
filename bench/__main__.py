"""The bench command: plays the scenes in interleaved rounds and prints ratios.

`python -m bench` measures the gateway against its floors; `--peers all` also against other tools.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bench.contender import Contender
from bench.load import Counted, ask, has_wrk, run_wrk, write_script
from bench.peer import Peer, cache_folder
from bench.peers import PEERS
from bench.process import ROOT, StartError
from bench.report import Sample, disturbance_note, ratios, recording_note, table
from bench.scene import SCENES, Scene, Stage, Workload

RESULTS: Final = ROOT / "bench" / "results"
THAW_S: Final = 0.1


def main(words: list[str] | None = None) -> int:
    """Run the command; the exit code is 0 where it measured, 2 where it could not."""
    given = _parser().parse_args(words)
    if not has_wrk():
        print(
            "error: the load generator wrk is not installed (apt-get install wrk, or brew install wrk)", file=sys.stderr
        )
        return 2
    if given.nice:
        os.nice(given.nice)
    failed = False
    samples: list[Sample] = []
    skipped: dict[str, str] = {}
    peers = _wanted_peers(given.peers, skipped)
    scratch = Path(tempfile.mkdtemp(prefix="mimic-bench-"))
    try:
        for name in given.scenes.split(",") if given.scenes else SCENES:
            folder = scratch / name
            folder.mkdir()
            try:
                samples += play(name, folder, peers, skipped, rounds=given.rounds, seconds=given.seconds)
            except StartError as error:
                failed = True
                skipped[f"the scene {name}"] = str(error)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _tell(samples, skipped)
    if failed:
        return 2
    return 1 if given.goals and not all(ratio.is_met for ratio in ratios(samples)) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scenes", help=f"some of {','.join(SCENES)} (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in which all contenders take turns")
    parser.add_argument("--seconds", type=int, default=2, help="seconds of load a sample")
    parser.add_argument("--peers", default="", help=f"some of {','.join(PEERS)}, or all; fetched into {cache_folder()}")
    parser.add_argument("--nice", type=int, default=0, help="nice value for everything, negative where that is allowed")
    parser.add_argument("--goals", action="store_true", help="exit with 1 where a goal is missed")
    return parser


def _wanted_peers(named: str, skipped: dict[str, str]) -> list[Peer]:
    found = []
    for name in PEERS if named == "all" else [name for name in named.split(",") if name]:
        if name not in PEERS:
            raise SystemExit(f"error: there is no peer {name!r}; there are {', '.join(PEERS)}, or all")
        try:
            PEERS[name].obtain()
        except StartError as error:
            skipped[name] = str(error)
        else:
            found.append(PEERS[name])
    return found


def cores() -> tuple[int | None, int | None]:
    """Give the core for servers and the one for load and upstream; None where they cannot be told apart."""
    if not hasattr(os, "sched_getaffinity") or shutil.which("taskset") is None:
        return None, None
    there = sorted(os.sched_getaffinity(0))
    return (there[0], there[1]) if len(there) > 1 else (None, None)


def play(
    name: str, folder: Path, peers: list[Peer], skipped: dict[str, str], *, rounds: int, seconds: int
) -> list[Sample]:
    """Play one scene: start everybody, check the answers, warm up, then measure in turns."""
    server_core, load_core = cores()
    with ExitStack() as ending:
        stage = Stage(folder, server_core, load_core, peers, ending, skipped)
        scene = SCENES[name](stage)
        for contender in scene.contenders:
            contender.server.freeze()
        turns = [turn for turn in _turns(scene) if _prepare(turn, stage, name)]
        samples = []
        for number in range(rounds):
            for turn in turns:
                _progress(f"{name}: round {number + 1} of {rounds}, {turn[0].name}, {turn[1].name}")
                samples.append(_measure(turn, stage, number, seconds))
        return samples


Turn = tuple[Workload, Contender]


def _turns(scene: Scene) -> list[Turn]:
    return [(workload, contender) for workload in scene.workloads for contender in scene.contenders]


def _prepare(turn: Turn, stage: Stage, scene: str) -> bool:
    """Check the answers, and warm up: a contender that answers something else is not measured."""
    workload, contender = turn
    contender.server.thaw()
    load = contender.loads.get(workload.name, workload.load)
    wrong = ""
    try:
        for path in {load.path, *load.paths[:: max(1, len(load.paths) // 5)]}:
            seen = ask(contender.server.port, path, load.headers, posted=load.bodies[0] if load.bodies else "")
            if seen.status != 200 or not _fits(seen.body, workload):
                wrong = f"{path} was answered {seen.status} with {len(seen.body)} bytes"
        if not wrong:
            _load(turn, stage, contender.warm_up_s)
    except (OSError, RuntimeError) as error:
        wrong = f"it did not answer: {error}"
    contender.server.freeze()
    if wrong:
        stage.skipped[f"{contender.name} ({scene}, {workload.name})"] = wrong
    return not wrong


def _fits(seen: bytes, workload: Workload) -> bool:
    if workload.judge is None and seen == workload.body:
        return True
    try:
        if workload.judge is not None:
            return workload.judge(seen)
        return bool(json.loads(seen) == json.loads(workload.body))  # some write JSON anew
    except ValueError:
        return False


def _load(turn: Turn, stage: Stage, seconds: int) -> Counted:
    workload, contender = turn
    load = contender.loads.get(workload.name, workload.load)
    return run_wrk(load, contender.server.port, seconds, stage.load_core, write_script(load, stage.folder))


def _measure(turn: Turn, stage: Stage, number: int, seconds: int) -> Sample:
    workload, contender = turn
    contender.server.thaw()
    time.sleep(THAW_S)
    before = contender.server.cpu()
    counted = _load(turn, stage, seconds)
    used = contender.server.cpu().since(before)
    settled = contender.settle() if contender.settle is not None else None
    contender.server.freeze()
    return Sample(
        workload.name,
        contender.name,
        number,
        seconds,
        counted.requests,
        counted.per_s,
        counted.errors,
        counted.p50_ms,
        counted.p99_ms,
        used.ran_s,
        used.waited_s,
        settled.recorded if settled else 0,
        settled.lost if settled else 0,
        settled.seconds if settled else 0.0,
    )


def _progress(sentence: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{sentence}", end="", file=sys.stderr, flush=True)


def _tell(samples: list[Sample], skipped: dict[str, str]) -> None:
    _progress("")
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = RESULTS / time.strftime("%Y%m%d-%H%M%S.json")
    kept.write_text(json.dumps({"samples": [sample.plain() for sample in samples], "skipped": skipped}, indent=1))
    print(table(ratios(samples)))
    for note in (recording_note(samples), disturbance_note(samples)):
        if note:
            print(f"\n{note}")
    failing = sorted({sample.contender for sample in samples if sample.errors})
    if failing:
        print(f"\nSome answers were errors: {', '.join(failing)}.")
    silent = sorted({f"{sample.contender} ({sample.workload})" for sample in samples if not sample.requests})
    if silent:
        print(f"\nIn some rounds nothing was answered by: {', '.join(silent)}.")
    for name, reason in skipped.items():
        print(f"\nSkipped {name}: {reason}")
    print(f"\nSamples: {kept.relative_to(ROOT)}")


if __name__ == "__main__":
    raise SystemExit(main())
