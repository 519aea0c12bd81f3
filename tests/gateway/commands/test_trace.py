"""What a running gateway answered is told by its admin API, and found again in its cassette."""

import pytest
from builders import a_request, a_response, an_exchange, an_interaction

from gateway.commands import trace
from gateway.commands.trace import Asked, asked_of_gateway
from gateway.errors import ControlError

ENTRY = {
    "trace": "t-9",
    "at": 1_700_000_000.0,
    "method": "GET",
    "target": "/pets/1?verbose=true",
    "route": "pets",
    "status": 200,
    "request": {"headers": [["Host", "a.test"]], "body": ""},
    "response": {"headers": [["Content-Type", "application/json"]], "body": '{"id":1,"name":"Rex"}'},
}


def answering(monkeypatch, entry, definition):
    monkeypatch.setattr(trace, "ask", lambda _, path: definition if path.startswith("/mocks/") else entry)


def test_an_entry_of_the_journal_is_an_exchange(monkeypatch):
    answering(monkeypatch, ENTRY, {"id": "pets", "cassette": "zoo"})
    exchange = an_exchange(
        a_request(headers=((b"Host", b"a.test"),), client=""),
        a_response(reason=b""),
        started_at=1_700_000_000.0,
        first_byte_ms=0.0,
        duration_ms=0.0,
        upstream="",
        route="",
        trace="t-9",
    )
    assert asked_of_gateway("t-9") == Asked(exchange, "zoo")


@pytest.mark.parametrize(
    ("entry", "definition", "told"),
    [
        ({**ENTRY, "route": ""}, {}, "a definition without a cassette: name one with --cassette"),
        (ENTRY, {"id": "pets", "mode": "mock"}, "a definition without a cassette"),
        ({"withheld": "…"}, {}, "it could not be cleaned"),
    ],
)
def test_what_no_cassette_answered_is_told(monkeypatch, entry, definition, told):
    answering(monkeypatch, entry, definition)
    with pytest.raises(ControlError, match=told):
        asked_of_gateway("t-9")


def test_what_answered_is_the_same_request_with_the_same_body_or_at_least_status():
    asked = Asked(an_exchange(), "zoo")
    other = an_interaction(1, an_exchange(None, a_response(body=b"{}")))
    same, failed = an_interaction(2), an_interaction(3, an_exchange(None, a_response(500)))
    elsewhere = an_interaction(4, an_exchange(a_request("GET", b"/pets")))
    assert asked.answered_by([other, same, failed, elsewhere]) == same
    assert asked.answered_by([other, failed, elsewhere]) == other
    assert asked.answered_by([failed, elsewhere]) is None
