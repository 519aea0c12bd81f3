"""Sessions scripted by others, run as black boxes: directly, recorded, and replayed with their server stopped."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from e2e.client import VOLATILE
from e2e.gateway_process import Gateway
from e2e.servers import need, shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("MIMIC_SESSIONS") or ROOT.parent / "shared" / "sessions")
NAMES = ("httpbin", "jsonserver", "kinto", "graphql", "litellm", "moto")

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no session scripts in {FOLDER} (set MIMIC_SESSIONS to a folder)"),
]


@contextlib.contextmanager
def serving(name: str, folder: Path) -> Iterator[str]:
    """Start the server as the scripts want it, on their fixed port; one test run at a time."""
    need(name)
    env = {**os.environ, "VENV": str(shelf()), "NPM": str(shelf()), "ROOT": str(folder / "servers")}
    command = ["bash", str(FOLDER / "servers.sh")]
    with (shelf() / f"{name}.port").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = subprocess.run(
            [*command, "start", name],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        try:
            assert started.returncode == 0, started.stdout.decode()
            port = subprocess.run([*command, "port", name], env=env, capture_output=True, text=True, check=True)
            yield f"http://127.0.0.1:{int(port.stdout)}"
        finally:
            subprocess.run([*command, "stop", name], env=env, capture_output=True, timeout=60, check=False)


def run(name: str, base: str, out: Path) -> list[dict[str, Any]]:
    """Run the script called `name` and give its transcript; its own expectations must all hold."""
    command = [sys.executable, str(FOLDER / f"{name}_session.py"), "--base", base, "--out", str(out), "-q"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"{name} against {base}:\n{done.stdout[-3000:]}\n{done.stderr[-2000:]}"
    return [json.loads(line) for line in out.read_text().splitlines()]


def told(step: dict[str, Any]) -> dict[str, Any]:
    """Give what of a step must not change: what was asked, status, reason, body hash, lasting headers in order."""
    headers = [
        (key, value.strip())
        for key, value in step["headers"]
        if key.lower() not in VOLATILE and not key.lower().startswith("x-mimic-")
    ]
    return {key: step.get(key) for key in ("n", "method", "path", "req_sha", "status", "reason", "sha")} | {
        "headers": headers
    }


def differing(was: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[Any]:
    pairs = zip(map(told, was), map(told, now), strict=True)
    return [
        {key: (before[key], after[key]) for key in before if before[key] != after[key]} | {"step": before["path"]}
        for before, after in pairs
        if before != after
    ]


def recorded(name: str, folder: Path, *words: str) -> list[dict[str, Any]]:
    with (
        serving(name, folder) as upstream,
        Gateway(folder / "home", "record", upstream, "--cassette", name, "--port", "0", *words) as gateway,
    ):
        return run(name, gateway.base, folder / "recorded.jsonl")


@pytest.mark.parametrize("name", NAMES)
def test_uncleaned_every_step_of_the_script_is_replayed_as_it_was(name: str, tmp_path: Path) -> None:
    was = recorded(name, tmp_path, "--unsafe-raw")

    with Gateway(tmp_path / "home", "replay", name, "--port", "0", "--keep-urls") as gateway:
        now = run(name, gateway.base, tmp_path / "replayed.jsonl")

    assert differing(was, now) == []


@pytest.mark.parametrize("name", NAMES)
def test_cleaned_the_script_runs_to_its_end_with_its_expectations_met(name: str, tmp_path: Path) -> None:
    was = recorded(name, tmp_path)

    with Gateway(tmp_path / "home", "replay", name, "--port", "0", "--keep-urls") as gateway:
        now = run(name, gateway.base, tmp_path / "replayed.jsonl")

    assert [step["status"] for step in now] == [step["status"] for step in was]
