"""The shop recorded twice: mocks made of it, held against recordings, refined, edited, and asked while they run."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from e2e.gateway_process import Gateway, environment
from e2e.gateway_process import mockctl as command

from cassettes.cassette import Interaction, Manifest
from cassettes.exchange import Exchange, Request, Response
from cassettes.library import Library
from cassettes.stores.files import FileStore
from examples.children import Child
from examples.shop.session import PLANNED_STEPS, visit

ROOT = Path(__file__).parents[2]
SHOP = (sys.executable, "-m", "examples.shop", "--event-gap", "0.02")
REFUSAL = "limit must be a whole number from 1 to 50"
OTHER = "the limit is a whole number from 1 to 50"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a home with the cassettes `one` and `two`, each a visit to a shop of its own, and mocks.yaml made of `one`."""
    folder = tmp_path_factory.mktemp("synthesis")
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        for name in ("one", "two"):
            with (
                Child("the shop", SHOP) as shop,
                Gateway(folder, "record", shop.address, "--cassette", name, "--port", "0") as gateway,
            ):
                assert visit(gateway.base).went_well
    finally:
        os.chdir(before)
    mockctl(folder, "synthesize", "one", "-o", "mocks.yaml", "--report", "report.html")
    return folder


def mockctl(home, *words, code=0, **environ):
    done = subprocess.run(
        [command(), *words],
        env=environment(home, **environ),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def edited(home, name):
    """Write a copy of mocks.yaml in which the refusal that was recorded says something else."""
    text = (home / "mocks.yaml").read_text()
    assert REFUSAL in text
    (home / name).write_text(text.replace(REFUSAL, OTHER, 1))
    return name


def ask(base, path):
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def test_the_mocks_of_a_recording_answer_it_and_the_report_says_how(home):
    told = json.loads(mockctl(home, "verify", "mocks.yaml", "--against", "one", "--json").stdout)
    summary = json.loads(mockctl(home, "synthesize", "one", "-o", "again.yaml", "--json").stdout)
    assert (told["calls"], told["right"], told["share"]) == (
        PLANNED_STEPS, summary["generalized"], summary["generalized_share"],
    )  # fmt: skip
    assert len(told["wrong"]) == told["retold"] == summary["literal"]
    assert f"({summary['generalized']} of {PLANNED_STEPS})" in (home / "report.html").read_text()
    mockctl(home, "check", "mocks.yaml")


def test_mocks_can_be_as_slow_as_the_service_was(home):
    summary = json.loads(mockctl(home, "synthesize", "one", "-o", "slow.yaml", "--latency", "--json").stdout)
    mockctl(home, "check", "slow.yaml")
    mocks = yaml.safe_load((home / "slow.yaml").read_text())
    recorded = [one for one in mocks if "cases" in one and "no recorded call" not in one["description"]]
    waits = {
        one["id"]: [case["response"].get("delay") for case in one["cases"] if case["tier"] == "synthesized"]
        for one in recorded
    }
    assert all(wait for all_waits in waits.values() for wait in all_waits)
    assert set(summary["latencies"]) == set(waits)
    assert all(0 < one["p50_ms"] <= one["p95_ms"] for one in summary["latencies"].values())
    assert "delay" not in (home / "mocks.yaml").read_text()
    again = json.loads(
        mockctl(home, "synthesize", "one", "--update", "slow.yaml", "--latency", "--dry-run", "--json").stdout
    )
    assert (again["diff"], again["update"]["changed"], again["blast"]["changed"]) == ([], [], [])


def test_what_would_guess_is_written_disabled_and_told(tmp_path):
    sent = Request("POST", b"/draw", ((b"Content-Type", b"application/json"),), b'{"n":1}')
    with Library(FileStore(tmp_path / "cassettes")).write("draws", manifest=Manifest("draws")) as writer:
        statuses = enumerate((200, 409, 409, 409, 409, 409, 409, 409), 1)
        writer.append([Interaction(number, Exchange(sent, Response(one, (), b"")), "s") for number, one in statuses])
    done = mockctl(tmp_path, "synthesize", "draws", "-o", "mocks.yaml")
    reason = "of 8 recorded calls that it would accept 7 were not accepted"
    assert f"  post-draw is disabled as a guess: {reason}" in done.stderr
    text = (tmp_path / "mocks.yaml").read_text()
    assert f"disabled as a guess, {reason}" in " ".join(text.split())
    assert "\n  enabled: false\n" in text
    kept = mockctl(tmp_path, "synthesize", "draws", "-o", "kept.yaml", "--keep-thin", "--report", "report.html")
    assert f"  post-draw is of low confidence: {reason}" in kept.stderr
    assert "enabled: false" not in (tmp_path / "kept.yaml").read_text()
    assert f"low confidence: {reason}" in (tmp_path / "report.html").read_text()


def test_fidelity_below_what_is_wanted_ends_with_1(home):
    fine = mockctl(home, "verify", "mocks.yaml", "--against", "one", "--least", "0.1")
    poor = mockctl(home, "verify", "mocks.yaml", "--against", "one", "--against", "two", "--least", "1", code=1)
    assert "recorded calls are answered as recorded" in fine.stdout
    assert "is below 100.0%" in poor.stderr
    assert "left out: recorded-sessions (tells recorded sessions again)" in poor.stderr


def test_an_edit_tells_its_blast_radius(home):
    assert "0 of 32 recorded calls" in mockctl(home, "blast", "mocks.yaml", "mocks.yaml", "--cassette", "one").stdout
    new = edited(home, "edited.yaml")
    told = json.loads(mockctl(home, "blast", "mocks.yaml", new, "--cassette", "one", "--json", code=1).stdout)
    [change] = told["changed"]
    assert (told["calls"], change["method"], change["target"]) == (PLANNED_STEPS, "GET", "/products?limit=0")
    assert (change["where"], change["was"], change["now"]) == ("$.error.message", REFUSAL, OTHER)
    assert change["old"] == change["new"] | {"definition": "get-products"}
    assert "answered differently" in mockctl(home, "blast", "mocks.yaml", new, code=1).stdout


def test_an_edit_is_held_against_what_a_running_gateway_was_asked(home):
    with Gateway(home, "up", "--mocks", str(home / "mocks.yaml"), "--port", "0") as gateway:
        assert ask(gateway.base, "/no-such-page")[0] == 404
        assert ask(gateway.base, "/products?limit=0")[0] == 422
        words = ("blast", "mocks.yaml", edited(home, "stricter.yaml"), "--journal", "--json")
        done = mockctl(home, *words, code=1, MIMIC_URL=gateway.base)
    told = json.loads(done.stdout)
    assert (told["calls"], [(one["target"], one["kind"]) for one in told["changed"]]) == (
        2, [("/products?limit=0", "value")],
    )  # fmt: skip


def test_a_second_recording_refines_the_first_and_edits_stay(home):
    name = edited(home, "mine.yaml")
    text = (home / name).read_text()
    (home / name).write_text(text.replace("- id: get-cart\n", "# about the cart\n- id: get-cart\n"))
    before = (home / name).read_text()
    shown = mockctl(home, "synthesize", "two", "--update", name, "--dry-run")
    assert ((home / name).read_text(), "\n  +- two\n" in shown.stdout) == (before, True)
    assert "recorded calls are answered differently" in shown.stdout
    done = mockctl(home, "synthesize", "two", "--update", name)
    after = (home / name).read_text()
    assert ("# about the cart\n- id: get-cart\n" in after, OTHER in after) == (True, True)
    assert "  get-products: edited the case when the parameter limit" in done.stderr
    definitions = yaml.safe_load(after)
    recorded = [one["id"] for one in yaml.safe_load(before) if "supposed" not in one["tags"]]
    assert [one["id"] for one in definitions][: len(recorded)] == recorded
    assert {one["created_by"].partition(" (")[0] for one in definitions} == {"synthesis of one,two"}
    mockctl(home, "check", name)


def test_what_cannot_be_updated_is_told(home):
    (home / "own.yaml").write_text("- {id: a, match: {path: /a}, response: {body: x}}\n")
    none = mockctl(home, "synthesize", "two", "--update", "own.yaml", code=2)
    absent = mockctl(home, "synthesize", "two", "--update", "absent.yaml", code=2)
    dry = mockctl(home, "synthesize", "two", "--dry-run", code=2)
    assert "synthesis made none of its definitions" in none.stderr
    assert "absent.yaml: cannot be updated: No such file" in absent.stderr
    assert "--dry-run shows what --update would change" in dry.stderr
