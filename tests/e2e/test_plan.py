"""A synthesis by a plan: several processes, one that is killed, and others that go on, make the same bytes."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml
from e2e.gateway_process import environment, mockctl, run
from synthesis.plan.shelf_tapes import tapes

COUNT = 8
NAMES = [f"tape-{number}" for number in range(COUNT)]
WORDS = ("synthesize", *NAMES, "--most", "80", "--json")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a home with cassettes of 783 calls, and mocks.yaml that one process made of them by a plan."""
    folder = tmp_path_factory.mktemp("plan")
    tapes(folder / "cassettes", count=COUNT, rare=9)
    made = run(folder, *WORDS, "--workers", "1", "-o", str(folder / "mocks.yaml"), "--report", str(folder / "r.html"))
    assert made.returncode == 0, made.stderr
    (folder / "told.json").write_text(made.stdout)
    return folder


@pytest.fixture
def started(home):
    """Give what starts the pass in a process of its own, which is ended with the test, whatever becomes of that."""
    running = []

    def start(plan, output):
        command = [mockctl(), *WORDS, "--workers", "2", "--plan", str(plan), "-o", str(output)]
        running.append(subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.communicate()


def until(what, limit_s=60):
    """Wait until something is so."""
    end = time.monotonic() + limit_s
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found


def helpers_of(pid):
    """Give the processes that a process has started, where the system tells."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in children.read_text().split()] if children.exists() else []


def is_running(pid):
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_few_calls_are_learnt_from_and_all_others_asked(home):
    told = json.loads((home / "told.json").read_text())
    plan = told["plan"]
    assert told["interactions"] == plan["learnt_from"]["interactions"] + plan["asked"]["interactions"] == 814
    assert (plan["learnt_from"]["interactions"] <= 80, plan["share"] > 0.95) == (True, True)
    ids = [one["id"] for one in yaml.safe_load((home / "mocks.yaml").read_text())]
    assert ({"post-things", "put-thing"} <= set(ids), "recorded-sessions" in ids) == (True, False)
    assert "All 814 calls" in (home / "r.html").read_text()
    assert not list((home / "plans").iterdir())
    assert run(home, "check", str(home / "mocks.yaml")).returncode == 0


def test_one_that_is_killed_is_gone_on_with_by_others(home, started, tmp_path):
    plan, output = tmp_path / "plan", tmp_path / "mocks.yaml"
    first = started(plan, output)
    until(lambda: list(plan.glob("survey/*.json")))
    helpers = helpers_of(first.pid)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    until(lambda: not any(map(is_running, helpers)))
    assert not output.exists()
    done = {path: path.stat().st_mtime_ns for path in plan.rglob("*.json") if path.is_file()}
    second = started(plan, output)
    _, errors = second.communicate(timeout=120)
    assert second.returncode == 0, errors
    assert {path: path.stat().st_mtime_ns for path in done} == done
    assert output.read_bytes() == (home / "mocks.yaml").read_bytes()


def test_two_commands_on_one_folder_do_the_work_together(home, started, tmp_path):
    plan, outputs = tmp_path / "plan", [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    both = [started(plan, output) for output in outputs]
    for one in both:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    assert {output.read_bytes() for output in outputs} == {(home / "mocks.yaml").read_bytes()}


def test_what_is_little_is_learnt_from_at_once_whatever_the_workers(home, tmp_path):
    plain, spread, planned = (tmp_path / name for name in ("plain.yaml", "spread.yaml", "planned.yaml"))
    assert run(home, "synthesize", "tape-0", "tape-1", "-o", str(plain)).returncode == 0
    assert run(home, "synthesize", "tape-0", "tape-1", "-o", str(spread), "--workers", "3").returncode == 0
    words = ("synthesize", "tape-0", "tape-1", "-o", str(planned), "--plan", str(tmp_path / "plan"))
    assert run(home, *words).returncode == 0
    assert plain.read_bytes() == spread.read_bytes() == planned.read_bytes()


def test_a_file_is_refined_by_a_plan(home, tmp_path):
    mine = tmp_path / "mine.yaml"
    assert run(home, "synthesize", "tape-0", "-o", str(mine)).returncode == 0
    done = run(home, *WORDS, "--update", str(mine))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["applied"]
    kept = {one["id"]: one["created_by"].partition(" (")[0] for one in yaml.safe_load(mine.read_text())}
    assert kept.pop("recorded-sessions") == "synthesis of tape-0"  # so many cassettes are not told again
    assert set(kept.values()) == {f"synthesis of {','.join(NAMES)}"}


def test_what_cannot_be_done_is_told(home, tmp_path):
    few = run(home, "synthesize", "tape-0", "--most", "3")
    none = run(home, "synthesize", "tape-0", "--workers", "0")
    absent = run(home, "synthesize", "tape-9", "--plan", str(tmp_path / "absent"))
    plan = ("--plan", str(tmp_path / "plan"), "-o", str(tmp_path / "out.yaml"))
    assert run(home, "synthesize", "tape-0", *plan).returncode == 0
    other = run(home, "synthesize", "tape-1", *plan)
    assert [one.returncode for one in (few, none, absent, other)] == [2, 2, 2, 2]
    assert "--most 3: from fewer than 20 interactions little is learnt" in few.stderr
    assert "--workers 0: at least one process is needed" in none.stderr
    assert "there is no cassette tape-9" in absent.stderr
    assert "there is the plan of another synthesis, whose recordings were others" in other.stderr
