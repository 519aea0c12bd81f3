"""Kill -9 in the middle of recording, many times over: what was acknowledged is there and whole, and nothing else is left."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import re
import threading
import time
from statistics import median
from typing import TYPE_CHECKING, Final

import pytest
from e2e.client import Client
from e2e.gateway_process import Gateway, run
from e2e.upstream import Ask, Tell, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_LIMIT_S: Final = 10  # the aim is 2 s on a machine that does nothing else
RECORD: Final = ("--cassette", "killed", "--port", "0", "--record-mode", "new_episodes")
BLOB: Final = random.Random(7).randbytes(200_000)


def answer(ask: Ask) -> Tell:
    """Give for every third number a large binary body, else a password that an earlier request had in its query.

    Such a password makes the recorder clean what it has already written once more: a kill may hit that, too.
    """
    number = int(ask.target.partition("?")[0].rsplit("/", 1)[1])
    if number % 3:
        document = {"number": number, "password": reference(number - 8)}
        return Tell(headers=(("Content-Type", "application/json"),), body=json.dumps(document).encode())
    return Tell(headers=(("Content-Type", "image/png"),), body=BLOB + str(number).encode())


def reference(number: int) -> str:
    return f"zq{number:08d}xk{number * 7919:012d}"


@contextlib.contextmanager
def traffic(base: str, first: int) -> Iterator[None]:
    """Send requests from four clients at once until the end of the block; the gateway may go away under them."""
    ended = threading.Event()

    def send(lane: int) -> None:
        client = Client(base, timeout_s=5)
        number = first + lane
        while not ended.is_set():
            if client.call("GET", f"/n/{number}?ref={reference(number)}").failure:
                ended.wait(0.01)
            number += 4
        client.close()

    threads = [threading.Thread(target=send, args=(lane,), daemon=True) for lane in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def recorded_so_far(gateway: Gateway) -> int:
    """Give how many exchanges the gateway says are recorded in this run."""
    found = re.findall(r'"recorded": ?(\d+)', json.dumps(gateway.status()))
    assert found, gateway.status()
    return max(map(int, found))


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "interactions.jsonl").read_bytes().splitlines(keepends=True)


def check_whole(folder: Path) -> list[str]:
    """Say what is wrong with a cassette at rest: lines that cannot be read, bodies missing, damaged or left over."""
    wrong = []
    text = b"".join(lines_of(folder))
    for number, line in enumerate(lines_of(folder), 1):
        try:
            json.loads(line)
        except ValueError:
            wrong.append(f"line {number} is not whole")
    bodies = {path.name: path for path in (folder / "bodies").iterdir()} if (folder / "bodies").is_dir() else {}
    named = set(re.findall(rb"[0-9a-f]{64}", text))
    for name, path in bodies.items():
        if name.encode() not in named:
            wrong.append(f"bodies/{name} belongs to no interaction")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != name:
            wrong.append(f"bodies/{name} is not what its name says")
    known = {"cassette.yaml", "interactions.jsonl", "bodies"}
    left = [path.name for path in folder.iterdir() if path.name not in known and not path.name.endswith(".lock")]
    return [*wrong, *(f"{name} was left over" for name in left)]


def killed_rounds(rounds: int, folder: Path) -> list[float]:
    """Record and kill `rounds` times into one cassette, judging it after each; gives the start times in seconds."""
    chance, home, kept, starts = random.Random(4711), folder / "home", 0, []
    cassette: Path | None = None
    with serving(answer) as upstream:
        for number in range(rounds):
            began = time.monotonic()
            gateway = Gateway(home, "record", upstream, *RECORD)
            try:
                gateway.wait_until_ready()
                starts.append(time.monotonic() - began)
                if cassette is not None:
                    assert check_whole(cassette) == [], f"after kill {number} and a new start"
                with traffic(gateway.base, number * 100_000):
                    until = time.monotonic() + chance.uniform(0.1, 0.6)
                    acknowledged = 0
                    while time.monotonic() < until or not acknowledged:
                        acknowledged = recorded_so_far(gateway)
                        assert time.monotonic() < until + 20, "nothing was recorded in 20 s"
                    gateway.kill()
            finally:
                gateway.kill()
            cassette = next(home.rglob("interactions.jsonl")).parent
            now = [line for line in lines_of(cassette) if line.endswith(b"\n")]
            assert len(now) >= kept + acknowledged, (
                f"round {number}: {acknowledged} acknowledged, {len(now) - kept} kept"
            )
            for line in now[kept:]:
                json.loads(line)
            kept = len(now)
        with Gateway(home, "record", upstream, *RECORD):
            pass
    assert cassette is not None
    assert check_whole(cassette) == []
    shown = run(home, "cassettes", "show", "killed")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return starts


def judge_starts(starts: list[float]) -> None:
    print(f"\n{len(starts)} starts: median {median(starts):.2f} s, longest {max(starts):.2f} s")
    assert max(starts) < START_LIMIT_S


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("killed")
def test_twenty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    judge_starts(killed_rounds(20, tmp_path))


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    judge_starts(killed_rounds(100, tmp_path))
