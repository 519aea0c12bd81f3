"""A shopping visit recorded twice: what varies in it, where its values come from, and a capsule of what failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from e2e.gateway_process import Gateway, environment, run

from cassettes.library import Library
from cassettes.stores.files import FileStore
from examples.children import Child
from examples.shop.session import visit

ROOT = Path(__file__).parents[2]
SHOP = (sys.executable, "-m", "examples.shop", "--event-gap", "0.02")
FAILING = """
import json, os, urllib.error, urllib.request

url = os.environ["MIMIC_CAPSULE_URL"]

def ask(method, path, body=None, **headers):
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, content, {"Content-Type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)

def test_the_page_is_there():
    ask("GET", "/products?limit=5")
    ask("GET", "/no-such-page")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a home with the cassettes `one` and `two`, each a visit to a shop of its own."""
    folder = tmp_path_factory.mktemp("tracing")
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
    return folder


def interactions(home, name):
    return Library(FileStore(home / "cassettes")).read(name).interactions


def mockctl(home, *words, code=0):
    done = run(home, *words, folder=home)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def pytest_on(home, file, **environ):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        str(home),
        file,
    ]
    done = subprocess.run(
        command, cwd=home, env=environment(home, **environ), capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout


def test_the_values_of_a_visit_are_traced(home):
    graph = json.loads(mockctl(home, "provenance", "one", "--json"))
    flows = {(edge["from"]["place"], edge["to"]["place"], edge["kind"]) for edge in graph["edges"]}
    assert {
        ("response.body $.access_token", "request.headers.authorization", "composed"),
        ("response.cookies.session", "request.cookies.session", "link"),
        ("response.body $.id", "request.path.2", "link"),
        ("response.headers.etag", "request.headers.if-none-match", "link"),
        ("request.body $.phone", "response.body $.phone", "echo"),
    } <= flows
    assert "response.cookies.session" in mockctl(home, "provenance", "one")
    mockctl(home, "provenance", "one", "-o", "one.html")
    assert (home / "one.html").read_text().startswith("<!doctype html>")


def test_two_visits_tell_what_varies(home):
    document = json.loads(mockctl(home, "volatile", "one", "two", "--json", "-o", "section.yaml"))
    assert (document["pairs"], document["only_first"], document["only_second"]) == (32, 0, 0)
    login = next(row for row in document["endpoints"] if row["path"] == "/login")
    classes = {leaf["place"]: leaf["class"] for leaf in login["leaves"]}
    assert classes.pop("response.cookies.session") in ("uuid", "token")  # 32 hex digits, cleaned: by chance a UUID's
    assert {place: classes[place] for place in classes if classes[place] in ("token", "uuid", "clock", "echo")} == {
        "response.headers.date": "clock",
        "response.body $.access_token": "token",
        "response.body $.refresh_token": "token",
        "response.body $.error.path": "echo",
        "response.body $.user.email": "echo",
    }
    assert (home / "section.yaml").read_text() == "replay:\n  volatile:\n    fields: []\n    query: []\n"
    assert "32 steps are in both" in mockctl(home, "volatile", "one", "two")


def test_a_capsule_of_a_recorded_failure_is_a_test_that_passes_until_it_is_another(home):
    failed = [one for one in interactions(home, "one") if one.exchange.response.status == 422][-1]
    told = mockctl(home, "capsule", failed.exchange.trace, "-o", "failed.py")
    assert told.startswith("4 of 32 interactions: POST /orders answers 422")
    assert pytest_on(home, "failed.py")[0] == 0
    text = (home / "failed.py").read_text()
    (home / "other.py").write_text(text.replace("assert status == 422", "assert status == 201"))
    code, output = pytest_on(home, "other.py")
    assert (code, "assert 422 == 201" in output) == (1, True)
    with Child("the shop", SHOP) as shop:
        code, output = pytest_on(home, "failed.py", MIMIC_CAPSULE_URL=shop.address)
    assert (code, "assert 401 == 422" in output) == (1, True)


def test_a_command_that_fails_makes_a_capsule_smaller(home):
    (home / "test_client.py").write_text(FAILING)
    command = f"{sys.executable} -m pytest -q -p no:cacheprovider -c {os.devnull} --rootdir {home} test_client.py"
    words = ("--cassette", "one", "--check", "status == 404", "--command", command, "-o", "small.py")
    done = run(home, "capsule", "3", *words, folder=home)
    assert done.returncode == 0, done.stderr
    kept = [line.split(maxsplit=1)[1] for line in done.stdout.splitlines()[1:-1]]
    assert kept == ["GET /products answers 200", "GET /no-such-page answers 404"]
    assert pytest_on(home, "small.py")[0] == 0
    for command in ("true", "false"):  # one that does not fail, and one that fails without asking
        done = run(home, "capsule", "3", "--cassette", "one", "--command", command, folder=home)
        assert (done.returncode, "the command does not fail" in done.stderr) == (2, True)


def test_what_a_running_gateway_answered_is_known_by_its_trace(home):
    with Gateway(home, "replay", "one", "--port", "0") as gateway:
        visited = visit(gateway.base)
        journal = json.loads(gateway.get("/api/admin/inspector?limit=100")[1])
        entry = next(one for one in journal["items"] if one["status"] == 422)
        done = subprocess.run(
            [sys.executable, "-m", "gateway.cli", "capsule", entry["trace"], "-o", "replayed.py"],
            cwd=home, env=environment(home, MIMIC_URL=gateway.base, PYTHONPATH=str(ROOT)),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert visited.went_well
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "4 of 32 interactions: POST /orders answers 422")


def test_what_is_asked_in_vain_is_told(home):
    for words, told in (
        (("capsule", "nowhere", "--cassette", "one"), "the cassette one does not hold the trace 'nowhere'"),
        (("capsule", "5", "--cassette", "one", "--check", "status == 200"), "the check is not true of POST /login answers 401"),
        (("capsule", "5", "--cassette", "one", "--check", "open('x')"), "holds Call"),
        (("provenance", "on"), "there is no cassette on; did you mean one?"),
        (("volatile", "one", "three"), "there is no cassette three"),
        (("provenance", "one", "-o", "no/such/folder.html"), "no/such/folder.html cannot be written"),
    ):  # fmt: skip
        done = run(home, *words, folder=home)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
