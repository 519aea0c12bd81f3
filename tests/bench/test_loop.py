"""The loop of a developer."""

from __future__ import annotations

import httpx
import pytest

from bench.fidelity.client import Client
from bench.fidelity.loop import BASE, InProcessTransport
from gateway.inprocess import serve

_DEFINITIONS = [
    {
        "id": "thing",
        "match": {"method": "GET", "path": "/things/{id}"},
        "response": {"status": 200, "body": {"id": "{{ request.path_params.id }}"}},
    }
]


@pytest.fixture
def transport() -> httpx.BaseTransport:
    return InProcessTransport(serve(_DEFINITIONS, lambda: 0.0))


def test_a_session_is_answered_without_a_socket(transport: httpx.BaseTransport) -> None:
    with Client(BASE, transport=transport) as client:
        thing = client.ask("thing", "GET", "/things/7")
        again = client.user().ask("thing", "GET", f"{BASE}/things/8")
    assert (thing.status, thing.json(), again.json()) == (200, {"id": "7"}, {"id": "8"})
    assert thing.headers["x-mimic-match"] != "miss"


def test_what_nothing_answers_is_a_miss(transport: httpx.BaseTransport) -> None:
    with Client(BASE, transport=transport) as client:
        missed = client.ask("other", "GET", "/others")
    assert missed.status == 404
    assert "urn:mimic:problem:no-route" in missed.text
