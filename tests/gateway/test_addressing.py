"""Whom a request is for is judged before a route is looked for."""

import pytest

from cassettes.exchange import Request
from gateway.addressing import judge_target, origin_form

NAMES = frozenset({b"localhost", b"[::1]", b"gate.test"})


def judged(target, *headers):
    reply = judge_target(Request("GET", target), headers, NAMES)
    return None if reply is None else reply.status


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/a", None),
        (b"http://localhost:8000/a", None),
        (b"http://GATE.test/a", None),
        (b"http://[::1]:8000/", None),
        (b"http://user@gate.test/", None),
        (b"http://other.test/a", 421),
        (b"http://gate.test.other.test/a", 421),
        (b"*", 204),
    ],
)
def test_only_what_is_served_here_goes_on(target, status):
    assert judged(target) == status


def test_a_websocket_is_declined():
    assert judged(b"/a", (b"upgrade", b"websocket")) == 501


@pytest.mark.parametrize(
    ("target", "origin"),
    [(b"/a?b", b"/a?b"), (b"http://gate.test/a?b", b"/a?b"), (b"http://gate.test", b"/")],
)
def test_the_authority_is_taken_off(target, origin):
    assert origin_form(Request("GET", target)).target == origin
