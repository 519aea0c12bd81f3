"""What is forwarded over a connection that is open already: without a task where the answer comes whole."""

import asyncio
import json
import re

import pytest
from rawserver import RawServer, until
from serving_gateway import a_gateway, an_upstream, ok

from gateway import plane, relay
from gateway.forward import forward

BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"
WARM = b"GET /warm "


def proxy(url, **more):
    return {"id": "up", "mode": "proxy", "upstream": url, **more}


def with_fallback(url):
    return proxy(url, mode="proxy-with-fallback", response={"fallback": {"status": 200, "body": "[]"}})


def after_warming(answer):
    """Give an upstream's answers: a plain one to /warm, then `answer`."""
    return lambda request: ok() if request.startswith(WARM) else answer


@pytest.fixture
def tasks(monkeypatch):
    """Give the targets that were forwarded in a task."""
    seen = []

    async def noted(passage, answer=None):
        seen.append(passage.request.target.decode())
        await forward(passage, answer)

    monkeypatch.setattr(plane, "forward", noted)
    return seen


async def test_a_whole_answer_is_passed_on_without_a_task(tmp_path, tasks):
    async with (
        an_upstream(after_warming(ok(b"hello", b"X-Up: 1", b"Connection: keep-alive"))) as upstream,
        a_gateway(tmp_path, proxy(upstream.url, transform={"response": {"set": {"X-Set": "2"}}})) as client,
    ):
        await client.get("/warm")
        answer = await client.get("/a?b=c", headers={"X-Asked": "x"})
        entry = next(iter(client.gateway.journal))

    assert tasks == ["/warm"]
    assert (answer.status_code, answer.text, answer.headers["x-up"]) == (200, "hello", "1")
    assert (answer.headers["x-set"], answer.headers["x-mimic-served-by"]) == ("2", "upstream")
    assert b"X-Asked: x" in upstream.requests[1]
    assert (entry.request.target, entry.status, entry.source, entry.body) == (b"/a?b=c", 200, "upstream", b"hello")


async def test_what_passes_without_a_task_is_recorded(tmp_path, tasks):
    async with (
        an_upstream(after_warming(ok(b"{}", b"Content-Type: application/json"))) as upstream,
        a_gateway(tmp_path, {**proxy(upstream.url), "mode": "record", "cassette": "c"}) as client,
    ):
        await client.get("/warm")
        await client.get("/a")
        gateway = client.gateway
        await asyncio.to_thread(gateway.services.sessions.flush)
        kept = gateway.services.library.read("c").interactions

    assert tasks == ["/warm"]
    assert [one.exchange.request.target for one in kept] == [b"/warm", b"/a"]
    assert kept[1].exchange.response.body == b"{}"


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", b"ab"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", b"abc"),
    ],
    ids=["chunked", "to the end of the connection"],
)
async def test_an_answer_without_a_length_is_passed_on_by_a_task(tmp_path, tasks, answer, body):
    async with an_upstream(after_warming(answer)) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        await client.get("/warm")
        got = await client.get("/a")

    assert tasks == ["/warm", "/a"]
    assert (got.status_code, got.content, got.headers["x-mimic-served-by"]) == (200, body, "upstream")


async def test_the_first_piece_passes_before_the_last_has_come(tmp_path, tasks):
    passed = asyncio.Event()

    async def in_two(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"
        await passed.wait()
        yield b"b"

    def answers(request):
        return ok() if request.startswith(WARM) else in_two(request)

    async with an_upstream(answers) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        await client.get("/warm")
        async with client.stream("GET", "/a") as answer:
            pieces = answer.aiter_raw()
            first = await anext(pieces)
            passed.set()
            rest = b"".join([piece async for piece in pieces])

    assert (first, rest) == (b"a", b"b")
    assert tasks == ["/warm", "/a"]


async def test_a_connection_that_was_closed_as_it_was_picked_is_replaced(tmp_path, tasks):
    async def script(peer):
        await peer.head()
        await peer.say(ok(b"%d" % peer.number))
        if peer.number == 1:
            await peer.head()  # and go away without a word

    async with RawServer(script) as server, a_gateway(tmp_path, proxy(f"http://127.0.0.1:{server.port}")) as client:
        answers = [(await client.get(path)).text for path in ("/warm", "/a")]

    assert answers == ["1", "2"]
    assert tasks == ["/warm", "/a"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(BUSY, "status-503"), (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "protocol")],
    ids=["a status", "a failure"],
)
async def test_a_fallback_is_answered_without_a_task(tmp_path, tasks, answer, reason):
    async with (
        an_upstream(after_warming(answer)) as upstream,
        a_gateway(tmp_path, with_fallback(upstream.url)) as client,
    ):
        await client.get("/warm")
        got = await client.get("/a")

    assert tasks == ["/warm"]
    assert (got.text, got.headers["x-mimic-served-by"]) == ("[]", "fallback")
    assert got.headers["x-mimic-fallback-reason"] == reason


@pytest.mark.parametrize("body", [b"", b"x"], ids=["nothing", "a body"])
async def test_what_may_not_be_sent_twice_or_has_a_body_is_left_to_a_task(tmp_path, tasks, body):
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        await client.get("/warm")
        answer = await client.post("/a", content=body)

    assert tasks == ["/warm", "/a"]
    assert answer.status_code == 200


async def test_an_upstream_that_is_silent_is_given_up_in_time(tmp_path, tasks):
    async def script(peer):
        await peer.head()
        await peer.say(ok())
        await peer.head()
        await peer.head()

    async with RawServer(script) as server, a_gateway(tmp_path, proxy(f"http://127.0.0.1:{server.port}")) as client:
        await client.get("/warm")
        upstream = client.gateway.services.upstream(f"http://127.0.0.1:{server.port}").upstream
        for connection in upstream._connections:
            connection._first_byte_s = 0.1
        answer = await client.get("/a")

    assert tasks == ["/warm"]
    assert (answer.status_code, answer.json()["type"]) == (504, "urn:mimic:problem:upstream-timeout")


async def test_a_client_that_leaves_ends_the_request_to_the_upstream(tmp_path, tasks):
    asked, closed = asyncio.Event(), asyncio.Event()

    async def script(peer):
        await peer.head()
        await peer.say(ok())
        await peer.head()
        asked.set()
        await peer.reader.read()
        closed.set()

    async with RawServer(script) as server, a_gateway(tmp_path, proxy(f"http://127.0.0.1:{server.port}")) as client:
        await client.get("/warm")
        _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        await asked.wait()
        writer.transport.abort()
        async with asyncio.timeout(10):
            await closed.wait()
        await until(lambda: [one.note for one in client.gateway.journal] == ["the client went away", ""])

    assert tasks == ["/warm"]


async def test_an_error_of_our_own_is_answered_and_lets_the_connection_go(tmp_path, tasks, monkeypatch):
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        await client.get("/warm")
        with monkeypatch.context() as patch:
            patch.setattr(relay, "take_head", lambda *_: 1 / 0)
            broken = await client.get("/a")
        after = await client.get("/b")
        stats = client.gateway.services.upstream(upstream.url).upstream.stats

    assert tasks == ["/warm"]
    assert (broken.status_code, json.loads(broken.text)["type"]) == (500, "urn:mimic:problem:gateway-error")
    assert after.text == "hi"
    assert (stats.in_use, stats.waiting) == (0, 0)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Via": "1.1 {via}"}, 508), ({"X-Bad": "a\tb"}, 200)],
    ids=["a loop", "a tab"],
)
async def test_what_a_task_would_refuse_is_refused(tmp_path, tasks, headers, status):
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        await client.get("/warm")
        via = client.gateway.plane._via.decode()
        answer = await client.get("/a", headers={name: value.format(via=via) for name, value in headers.items()})

    assert answer.status_code == status


async def test_the_bytes_are_those_that_a_task_writes(tmp_path, tasks):
    async def raw(client, path):
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET %b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path)
        data = await reader.read()
        writer.close()
        return re.sub(rb"X-Mimic-Trace: \w+", b"X-Mimic-Trace: (one)", data)

    answer = b"HTTP/1.1 299 Fine\r\nX-a: 1\r\nx-A: 2\r\nSet-Cookie: s=1\r\nContent-Length: 3\r\n\r\nabc"
    async with an_upstream(answer) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        in_a_task, without = [await raw(client, path) for path in (b"/a", b"/b")]

    assert tasks == ["/a"]
    assert without == in_a_task
    assert without.startswith(b"HTTP/1.1 299 Fine\r\nX-a: 1\r\nx-A: 2\r\nSet-Cookie: s=1\r\n")


async def test_a_rate_limit_costs_no_task_and_is_told_with_every_answer(tmp_path, tasks):
    faults = {"rate_limit": {"limit": 2, "window_s": 500}}
    async with (
        an_upstream(after_warming(BUSY)) as upstream,
        a_gateway(tmp_path, {**with_fallback(upstream.url), "faults": faults}) as client,
    ):
        answers = [await client.get(path) for path in ("/warm", "/a", "/b")]

    assert tasks == ["/warm"]
    assert [answer.headers["x-mimic-served-by"] for answer in answers] == ["upstream", "fallback", "mock"]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert len(upstream.requests) == 2


async def test_an_answer_with_trouble_takes_a_task(tmp_path, tasks):
    async with (
        an_upstream(after_warming(ok(b"hello"))) as upstream,
        a_gateway(tmp_path, proxy(upstream.url, faults={"delay": {"fixed": 1}})) as client,
    ):
        await client.get("/warm")
        answer = await client.get("/a")

    assert tasks == ["/warm", "/a"]
    assert (answer.text, answer.headers["x-mimic-fault"]) == ("hello", "delay")
