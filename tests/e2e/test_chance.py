"""A service that fails now and then is recorded on the wire, and its mocks fail as often; they can be as slow, too."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from random import Random
from urllib.parse import urlsplit

import yaml
from e2e.gateway_process import Gateway, run
from e2e.upstream import Tell, serving

QUOTE = {"text": "Wool is warm"}
BUSY = {"error": "busy, try again"}


def flaky():
    """Serve a quote that is not to be had now and then."""
    chance = Random(7)

    def answer(_):
        is_busy = chance.random() < 0.3
        body = json.dumps(BUSY if is_busy else QUOTE).encode()
        return Tell(503 if is_busy else 200, (("Content-Type", "application/json"),), body)

    return serving(answer)


def asked(base, count, path="/quote"):
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    found = []
    for _ in range(count):
        connection.request("GET", path)
        response = connection.getresponse()
        found.append((response.status, json.loads(response.read())))
    connection.close()
    return found


def test_a_mock_fails_as_often_as_the_service_did_when_it_was_recorded(tmp_path):
    with flaky() as upstream, Gateway(tmp_path, "record", upstream, "--cassette", "quotes", "--port", "0") as gateway:
        recorded = asked(gateway.base, 40)
    done = run(tmp_path, "synthesize", "quotes", "-o", "mocks.yaml", "--latency", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    [quote] = [one for one in yaml.safe_load((tmp_path / "mocks.yaml").read_text()) if "cases" in one]
    [case] = quote["cases"]
    counts = Counter(status for status, _ in recorded)
    variants = case["response"]["variants"]
    assert {one["response"]["status"]: one["weight"] for one in variants} == counts
    assert all("delay" in one["response"] for one in variants)
    assert case["note"].startswith(f"by weight, since nothing tells which: {counts[200]} x 200, {counts[503]} x 503; ")
    with Gateway(tmp_path, "up", "--mocks", "mocks.yaml", "--port", "0") as gateway:
        told = asked(gateway.base, 40)
        drawn = asked(gateway.base, 400)
    assert told == recorded  # the recorded session first, in its order
    assert {json.dumps(body) for _, body in drawn} == {json.dumps(QUOTE), json.dumps(BUSY)}
    share = counts[503] / 40
    assert share - 0.12 < sum(status == 503 for status, _ in drawn) / 400 < share + 0.12
