"""How much a client may send; how long it may take is tested with the line's clocks."""

from __future__ import annotations

import pytest
from listener import CHUNKED, OK, Echo, connect, get, listening, post, read_all, statuses, talk, until

from gateway.inbound.limits import Limits


@pytest.mark.parametrize(
    ("raw", "reaches"),
    [
        (post(b"Content-Length: 11\r\n", b"x" * 11), False),
        (post(CHUNKED, b"b\r\n" + b"x" * 11 + b"\r\n0\r\n\r\n"), True),
        (post(b"Content-Length: 10\r\n", b"x" * 10), True),
    ],
)
def test_a_body_over_the_limit_is_refused(raw, reaches):
    started = []

    async def app(scope, receive, send):
        started.append(scope)
        await Echo()(scope, receive, send)

    with listening(app, Limits(body_bytes=10)) as listener:
        expected = 200 if b"Length: 10" in raw else 413
        assert statuses(talk(listener.port, raw)) == [expected]
    assert bool(started) is reaches or expected == 413


def test_a_connection_too_many_is_told_so_and_room_is_made_again():
    with listening(Echo(), Limits(connections=2)) as listener:
        first, second = connect(listener.port), connect(listener.port)
        until(lambda: len(listener.state.connections) == 2)
        assert statuses(talk(listener.port, OK)) == [503]
        first.close()
        until(lambda: len(listener.state.connections) == 1)
        with connect(listener.port) as sock:
            sock.sendall(get(b"Connection: close\r\n"))
            assert statuses(read_all(sock)) == [200]
        second.close()
