"""The border to ASGI works on any ASGI server, without our own server's extension."""

import asyncio

import pytest

from gateway.wire import BodyTooLargeError, ClientGoneError, Downstream, read_head, wants_websocket


def scope(**more):
    return {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": "/a/b",
        "raw_path": b"/a%2Fb",
        "query_string": b"x=%00",
        "headers": [(b"host", b"h"), (b"x", b"\xe9")],
        "client": ("192.0.2.1", 5),
        **more,
    }


def receiving(*messages):
    queue = list(messages)

    async def receive():
        return queue.pop(0)

    return receive


def piece(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


def test_the_head_keeps_raw_bytes():
    request = read_head(scope())
    assert (request.method, request.target, request.scheme, request.client) == (
        "GET",
        b"/a%2Fb?x=%00",
        "https",
        "192.0.2.1",
    )
    assert request.headers == ((b"host", b"h"), (b"x", b"\xe9"))


def test_a_handshake_is_noticed():
    assert wants_websocket([(b"host", b"h"), (b"upgrade", b"websocket")])
    assert not wants_websocket([(b"host", b"h")])


async def test_a_body_is_collected_up_to_a_limit():
    body = [piece(b"ab", more=True), piece(b"cd")]
    assert await Downstream(None, receiving(*body), None).read_whole(4) == b"abcd"
    with pytest.raises(BodyTooLargeError):
        await Downstream(None, receiving(*body), None).read_whole(3)
    with pytest.raises(BodyTooLargeError):
        await Downstream(None, receiving(piece(b"abcd")), None).read_whole(3)


async def test_a_client_that_leaves_during_its_body_is_an_error():
    downstream = Downstream(None, receiving(piece(b"a", more=True), {"type": "http.disconnect"}), None)
    with pytest.raises(ClientGoneError):
        await downstream.read_whole(10)
    assert downstream.gone


async def test_a_departure_is_noticed_by_watching_receive():
    left = asyncio.Event()
    downstream = Downstream(None, receiving(piece(b""), {"type": "http.disconnect"}), None)
    await downstream.read()
    downstream.when_gone(left.set)
    await asyncio.wait_for(left.wait(), 5)
    assert downstream.gone
    downstream.forget()


async def test_answers_become_messages():
    sent = []

    async def send(message):
        sent.append(message)

    downstream = Downstream(None, None, send)
    await downstream.start(200, b"OK", ((b"A", b"1"),), trailers=True)
    await downstream.write(b"x")
    await downstream.finish(((b"T", b"1"),))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body", "http.response.body"]
    assert [message.get("more_body") for message in sent] == [None, True, False]
    with pytest.raises(ConnectionAbortedError):
        downstream.cut()


def test_only_our_own_server_takes_any_bytes():
    class Broken:
        def write_broken(self, compose):
            self.wrote = compose("as it was asked")

    cycle = Broken()
    downstream = Downstream(cycle, None, None)
    downstream.break_off(lambda asked: f"for {asked}".encode())
    assert (cycle.wrote, downstream.started, downstream.takes_any_bytes) == (b"for as it was asked", True, True)
    assert not Downstream(None, None, None).takes_any_bytes
