"""Sessions and the HTTP caching suite, run directly and through the proxy: the same but for Via and our markers."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from e2e.client import VOLATILE, Client, Step, lasting_headers
from e2e.gateway_process import Gateway
from e2e.recordings import SESSIONS, parts_of
from e2e.servers import free_port, need, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from e2e.servers import Pool

pytestmark = [pytest.mark.timeout(600)]
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SESSIONS]
UNREADABLE = {"headers-store-Transfer-Encoding"}  # an unknown coding has no end that a proxy could find (RFC 9112 §6.1)
HOP = VOLATILE | {"transfer-encoding"}  # what concerns one connection only (RFC 9110 §7.6.1)
OWN_VIA = re.compile(rb'\s*"Via": "1\.1 mimic[^"]*",?')
GZIP_TIME = re.compile(rb"\A(\x1f\x8b\x08.)....", re.DOTALL)  # RFC 1952 §2.3.1: when it was compressed
CONNECTION_ECHO = re.compile(rb'\s*"Connection": "[^"]*",?')


def settled(step: Step) -> Step:
    """Take out of an answer what its moment and its hop put there: dates of now, an echo of Via, the length of that."""
    moment = step.header("date")
    dated = tuple((k, "(now)" if k.lower() != "date" and is_about(v, moment) else v) for k, v in step.headers)
    step = dataclasses.replace(step, headers=dated, body=GZIP_TIME.sub(rb"\1\0\0\0\0", step.body))
    body = CONNECTION_ECHO.sub(b"", OWN_VIA.sub(b"", step.body))
    if body == step.body:
        return step
    lengths = {str(len(step.body)): str(len(body))}
    headers = tuple((k, lengths.get(v, v) if k.lower() == "content-length" else v) for k, v in step.headers)
    return dataclasses.replace(step, body=body, headers=headers)


def is_about(value: str, moment: str) -> bool:
    """Say whether a header's value is a date within two seconds of another."""
    if not value.endswith(" GMT") or not moment:
        return False
    return abs((parsedate_to_datetime(value) - parsedate_to_datetime(moment)).total_seconds()) <= 2


def directly(name: str, port: int, pool: Pool) -> list[Step]:
    with pool.serving(name, port=port) as base:
        return [settled(step) for step in Client(base).run(parts_of(name)).steps]


def proxied(name: str, port: int, pool: Pool, home: Path, *words: str) -> list[Step]:
    with pool.serving(name, port=port) as base, Gateway(home, *words, base, "--port", "0") as gateway:
        client = Client(gateway.base).run(parts_of(name))
    assert client.broken == []
    assert [s.name for s in client.steps if s.header("x-mimic-served-by") != "upstream"] == []
    assert [s.name for s in client.steps if not any(v.startswith("1.1 mimic") for v in s.header_values("via"))] == []
    return [settled(step) for step in client.steps]


@pytest.mark.parametrize("name", NAMES)
def test_a_session_through_the_proxy_is_the_session_without_it(name: str, pool: Pool, tmp_path: Path) -> None:
    port = free_port()  # one port for all runs, since servers write it into their answers

    direct = [directly(name, port, pool) for _ in range(2)]
    through = proxied(name, port, pool, tmp_path, "up", "--upstream")
    if changes(direct, through):  # what chance made the same in two runs need not be the same in four
        direct += [directly(name, port, pool) for _ in range(2)]

    assert changes(direct, through) == ""


def changes(direct: list[list[Step]], through: list[Step]) -> str:
    """Give a line for each step that is not as it was; what differs between the direct runs already is left out."""
    told = [(now.name, lost(before, now)) for *before, now in zip(*direct, through, strict=True)]
    return "\n".join(f"{name}: {'; '.join(found)}" for name, found in told if found)


def lost(before: list[Step], now: Step) -> list[str]:
    """Say what of an answer is the same in every run without us and another with us."""
    was = before[0]
    has_one_body = all(step.body == was.body for step in before)
    passing = HOP if has_one_body else HOP | {"content-length"}  # a random id need not have one length
    *known, after = (lasting_headers(step, volatile=passing) for step in (*before, now))
    if all(headers == known[0] for headers in known) and known[0] != after:
        gone, new = [pair for pair in known[0] if pair not in after], [pair for pair in after if pair not in known[0]]
        return [f"headers lost {gone}, new {new}" if gone or new else f"headers in another order: {after}"]
    found = [f"lost {pair}" for pair in known[0] if all(pair in headers for headers in known) and pair not in after]
    results = {(step.status, step.reason) for step in before}
    if len(results) == 1 and (now.status, now.reason) not in results:
        found.append(f"was {was.status} {was.reason}, is {now.status} {now.reason}")
    if has_one_body and was.body != now.body:
        found.append(f"body was {was.body[:300]!r}, is {now.body[:300]!r}")
    names = [[name for name, _ in headers] for headers in known]
    if all(one == names[0] for one in names) and names[0] != [name for name, _ in after]:
        found.append(f"header names were {names[0]}, are {[name for name, _ in after]}")
    return found


def test_a_session_through_a_recorder_is_the_session_without_it(pool: Pool, tmp_path: Path) -> None:
    port = free_port()

    was = directly("jsonserver", port, pool)
    now = proxied("jsonserver", port, pool, tmp_path, "record", "--cassette", "seen")

    assert changes([was], now) == ""


def test_a_session_through_a_passthrough_route_of_a_file_is_the_session_without_it(pool: Pool, tmp_path: Path) -> None:
    port = free_port()
    config = tmp_path / "mimic.yaml"
    config.write_text(
        f"upstreams:\n  real: {{url: 'http://127.0.0.1:{port}'}}\nroutes:\n  - {{id: all, mode: passthrough, upstream: real}}\n"
    )

    was = directly("graphql", port, pool)
    with pool.serving("graphql", port=port), Gateway(tmp_path, "up", "-c", str(config), "--port", "0") as gateway:
        now = Client(gateway.base).run(parts_of("graphql"))

    assert now.broken == []
    assert changes([was], [settled(step) for step in now.steps]) == ""


def suite_results(base: str, folder: Path) -> dict[str, Any]:
    """Run the caching suite against `base`; gives its verdict by test, without the addresses and ids of the run."""
    node = shutil.which("node")
    assert node is not None
    suite = need("cachetests") / "node_modules" / "http-cache-tests"
    command = [node, "--no-warnings", str(Path(__file__).with_name("cache_suite.mjs")), str(suite), base]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    plain = re.sub(r"http://[\d.:]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", done.stdout)
    results: dict[str, Any] = json.loads(plain)["results"]
    return results


@pytest.fixture
def suite_server(tmp_path: Path) -> Iterator[str]:
    with running("cachetests", tmp_path) as base:
        yield base


def test_the_http_caching_suite_says_the_same_of_the_proxy_as_of_the_server(suite_server: str, tmp_path: Path) -> None:
    with (
        Gateway(tmp_path / "home", "up", "--upstream", suite_server, "--port", "0") as gateway,
        ThreadPoolExecutor(3) as pool,
    ):
        bases = (suite_server, suite_server, gateway.base)
        direct, again, through = pool.map(lambda base: suite_results(base, tmp_path), bases)

    unsteady = {name for name in direct if direct[name] != again[name]}
    judged = direct.keys() - unsteady - {name for name in direct if no_answer(direct[name])} - UNREADABLE
    assert len(judged) > 300, sorted(direct.keys() - judged)
    assert {name: (direct[name], through[name]) for name in judged if direct[name] != through[name]} == {}


def no_answer(verdict: Any) -> bool:
    """Say whether the suite got no well-formed answer from the server itself: a proxy answers 502 in its place."""
    return isinstance(verdict, list) and verdict[0] == "FetchError"
