"""Trouble on real sockets: what a client gets to see of late, slow and broken answers, mocked and proxied."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest
from listener import answers
from rawserver import both_loops, until
from serving_gateway import a_configuration, a_gateway, an_upstream, ok

from gateway import forward
from gateway.app import Gateway
from gateway.faults import pace

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops

BODY = b"0123456789" * 4
WAYS = ("mock", "proxy")
HEADS = {
    "GET": "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD": "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "HTTP/1.0": "GET /x HTTP/1.0\r\n\r\n",
    "POST": "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
}
RESET = b"(reset)"


def upstream_answer(request):
    whole = ok(BODY, b"Content-Type: text/plain")
    return whole.removesuffix(BODY) if request.startswith(b"HEAD") else whole


@asynccontextmanager
async def troubled(tmp_path, way, answer=upstream_answer, *, definition=None, **faults):
    """Serve one definition with faults, mocked or proxied; gives the client, with `client.asked` of the upstream."""
    async with an_upstream(answer) as upstream:
        response = {"headers": {"Content-Type": "text/plain"}, "body": BODY.decode()}
        plain = {"mode": "proxy", "upstream": upstream.url} if way == "proxy" else {"response": response}
        async with a_gateway(tmp_path, {"id": "r", "faults": faults, **plain, **(definition or {})}) as client:
            client.asked = upstream.requests
            yield client


async def say(client, head):
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(head.encode())
    return reader, writer


async def heard(client, head="GET"):
    """Send a request and give all that comes until the connection ends, which it must; a reset is marked."""
    reader, writer = await say(client, HEADS[head])
    data = b""
    async with asyncio.timeout(20):
        try:
            while piece := await reader.read(65536):
                data += piece
        except ConnectionResetError:
            data += RESET
        finally:
            writer.close()
    return data


def split(data):
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    return lines[0], dict(line.split(b": ", 1) for line in lines[1:]), body


async def entry(client, **wanted):
    """Give the newest line of the journal, when it says what is wanted."""
    journal = client.gateway.journal
    await until(lambda: len(journal) > 0)
    newest = next(iter(journal))
    return newest.status, newest.note


async def counted(client, kind):
    return f'mimic_faults_total{{kind="{kind}"}} 1.0' in (await client.get("/metrics")).text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(("kind", "expected"), [("reset", RESET), ("empty", b"")])
async def test_a_connection_ends_without_a_byte(tmp_path, way, head, kind, expected):
    async with troubled(tmp_path, way, connection={"kind": kind}) as client:
        assert await heard(client, head) == expected
        assert await entry(client) == (0, f"on purpose: {kind}")
        assert await counted(client, kind)
        assert len(client.asked) == (way == "proxy")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("head", ["GET", "HTTP/1.0", "POST"])
async def test_a_truncated_body_is_half_of_what_was_announced(tmp_path, way, head):
    async with troubled(tmp_path, way, connection={"kind": "truncate"}) as client:
        line, headers, body = split(await heard(client, head))
        assert (line, body) == (b"http/1.1 200 ok", BODY[:20])
        assert (headers[b"content-length"], headers[b"connection"]) == (b"40", b"close")
        assert headers[b"x-mimic-fault"] == b"truncate"
        assert await entry(client) == (200, "on purpose: truncate")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["truncate", "malformed-chunk"])
async def test_to_head_the_head_is_what_is_truncated(tmp_path, way, kind):
    async with troubled(tmp_path, way, connection={"kind": kind}) as client:
        data = await heard(client, "HEAD")
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\n\r\n" not in data


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("head", ["GET", "HEAD", "HTTP/1.0"])
async def test_a_wrong_length_is_longer_than_what_comes(tmp_path, way, head):
    async with troubled(tmp_path, way, connection={"kind": "wrong-length"}) as client:
        _, headers, body = split(await heard(client, head))
    assert (headers[b"content-length"], headers[b"connection"]) == (b"56", b"close")
    assert body == (b"" if head == "HEAD" else BODY)


@pytest.mark.parametrize("way", WAYS)
async def test_a_malformed_chunk_comes_after_a_good_one(tmp_path, way):
    async with troubled(tmp_path, way, connection={"kind": "malformed-chunk"}) as client:
        data = await heard(client)
        _, headers, body = split(data)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/x")
        _, old_headers, old_body = split(await heard(client, "HTTP/1.0"))
    assert (headers[b"transfer-encoding"], b"content-length" in headers) == (b"chunked", False)
    assert body == b"14\r\n" + BODY[:20] + b"\r\nno-length\r\n" + BODY[20:]
    assert (old_headers[b"content-length"], old_body) == (b"40", BODY[:20])


@pytest.mark.parametrize("way", WAYS)
async def test_garbage_comes_from_the_seed(tmp_path, way):
    heards = []
    for name in ("one", "two"):
        async with troubled(tmp_path / name, way, connection={"kind": "garbage"}, seed=3) as client:
            heards.append([await heard(client), await heard(client, "HEAD")])
    assert heards[0] == heards[1]
    assert [len(data) for data in heards[0]] == [512, 512]
    assert heards[0][0] != heards[0][1]


@pytest.mark.parametrize("way", WAYS)
async def test_a_drip_is_a_whole_answer_in_many_small_pieces(tmp_path, way):
    async with troubled(tmp_path, way, connection={"kind": "drip"}, delay={"fixed": 400}) as client:
        reader, writer = await say(client, HEADS["GET"] + HEADS["HTTP/1.0"])
        began, pieces = asyncio.get_running_loop().time(), []
        async with asyncio.timeout(20):
            while piece := await reader.read(65536):
                pieces.append(piece)
        took = asyncio.get_running_loop().time() - began
        writer.close()
    first, second = answers(b"".join(pieces))
    assert (first.body, second.body) == (BODY, BODY)
    assert took > 0.7
    assert len(pieces) > 5


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_without_a_body_drips_by_coming_late(tmp_path, way):
    async with troubled(tmp_path, way, connection={"kind": "drip"}, delay={"fixed": 50}) as client:
        answer = await client.head("/x")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "40")


@pytest.mark.parametrize("way", WAYS)
async def test_a_hang_ends_unanswered_at_its_bound(tmp_path, way, monkeypatch):
    monkeypatch.setattr(pace, "HANG_S", 0.05)
    async with troubled(tmp_path, way, connection={"kind": "hang"}) as client:
        assert [await heard(client, head) for head in HEADS] == [b""] * 4
        assert await entry(client) == (0, "on purpose: hang")


def tasks_of_cycles():
    return [task for task in asyncio.all_tasks() if "Cycle.run" in repr(task.get_coro())]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("head", ["GET", "POST"])
@pytest.mark.parametrize(
    "faults",
    [{"connection": {"kind": "hang"}}, {"connection": {"kind": "drip"}}, {"delay": {"fixed": 600_000}}],
    ids=["hang", "drip", "delay"],
)
async def test_a_client_that_goes_away_ends_the_task(tmp_path, way, head, faults):
    async with troubled(tmp_path, way, **faults) as client:
        _, writer = await say(client, HEADS[head])
        await until(lambda: bool(tasks_of_cycles()) and (way == "mock" or bool(client.asked)))
        writer.transport.abort()
        await until(lambda: not tasks_of_cycles())
        assert (await entry(client))[1].endswith("the client went away")


async def test_a_client_that_goes_away_while_its_body_waits_ends_a_hang(tmp_path):
    size = 1 << 20  # more than the connection keeps: reading was paused
    async with troubled(tmp_path, "mock", connection={"kind": "hang"}) as client:
        _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
        await until(lambda: bool(tasks_of_cycles()))
        writer.transport.abort()
        await until(lambda: not tasks_of_cycles())


@pytest.mark.parametrize("kind", ["empty", "truncate"])
async def test_a_large_unread_body_does_not_turn_the_end_into_a_reset(tmp_path, kind):
    size = 1 << 20
    async with troubled(tmp_path, "mock", connection={"kind": kind}) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)
        async with asyncio.timeout(10):
            data = await reader.read()
        writer.close()
    assert data == b"" if kind == "empty" else data.endswith(BODY[:20])


@pytest.mark.parametrize("way", WAYS)
async def test_a_pipelined_request_behind_a_broken_answer_is_not_answered(tmp_path, way):
    async with troubled(tmp_path, way, connection={"kind": "truncate"}) as client:
        reader, writer = await say(client, HEADS["GET"] * 3)
        data = await reader.read()
        writer.close()
    assert data.count(b"HTTP/1.1 200") == 1
    assert data.endswith(BODY[:20])


@pytest.mark.parametrize("way", WAYS)
async def test_a_delay_comes_before_the_head_and_keeps_the_connection(tmp_path, way):
    async with troubled(tmp_path, way, delay={"fixed": 150}) as client:
        began = asyncio.get_running_loop().time()
        reader, writer = await say(client, HEADS["GET"])
        first = await reader.readexactly(1)
        took = asyncio.get_running_loop().time() - began
        await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(40)
        writer.write(HEADS["GET"].encode())
        again = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert await entry(client) == (200, "on purpose: delay")
    assert (first, body, again[:15]) == (b"H", BODY, b"HTTP/1.1 200 OK")
    assert took >= 0.149


@pytest.mark.parametrize("way", WAYS)
async def test_a_throttled_body_takes_as_long_as_its_bytes(tmp_path, way):
    async with troubled(tmp_path, way, bytes_per_s=100) as client:
        began = asyncio.get_running_loop().time()
        async with client.stream("GET", "/x") as answer:
            pieces = [piece async for piece in answer.aiter_raw()]
        took = asyncio.get_running_loop().time() - began
        head = await client.head("/x")
        assert await counted(client, "throttle") is False  # twice by now
    assert (b"".join(pieces), head.headers["content-length"]) == (BODY, "40")
    # The clock begins when the first piece of five bytes is due: 40 bytes at 100 a second.
    assert took >= 0.39
    assert len(pieces) > 1


@pytest.mark.parametrize("way", WAYS)
async def test_pauses_are_between_the_pieces(tmp_path, way):
    async with troubled(tmp_path, way, chunk_bytes=10, between_chunks_ms=50) as client:
        began = asyncio.get_running_loop().time()
        reader, writer = await say(client, HEADS["GET"])
        await reader.readuntil(b"\r\n\r\n")
        pieces = [await reader.readexactly(10) for _ in range(4)]
        took = asyncio.get_running_loop().time() - began
        writer.close()
    assert b"".join(pieces) == BODY
    assert took >= 0.149


async def test_a_stream_of_the_upstream_is_throttled_too_and_stays_chunked(tmp_path):
    async def streaming(_):
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for _ in range(4):
            yield b"a\r\n0123456789\r\n"
        yield b"0\r\n\r\n"

    async with troubled(tmp_path, "proxy", streaming, chunk_bytes=5) as client:
        answer = await client.get("/x")
    assert (answer.content, answer.headers["transfer-encoding"]) == (BODY, "chunked")


@pytest.mark.parametrize("kind", ["truncate", "malformed-chunk", "drip", "reset", "hang"])
async def test_a_stream_without_end_is_broken_all_the_same(tmp_path, kind, monkeypatch):
    monkeypatch.setattr(forward, "_BEGINNING_S", 0.05)
    monkeypatch.setattr(pace, "HANG_S", 0.05)

    async def endless(_):
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"a\r\n0123456789\r\n"
            await asyncio.sleep(0.01)

    async with troubled(tmp_path, "proxy", endless, connection={"kind": kind}, delay={"fixed": 50}) as client:
        data = await heard(client)
    assert not data.endswith(b"0\r\n\r\n")
    if kind in ("truncate", "malformed-chunk", "drip"):
        assert data.startswith(b"HTTP/1.1 200")


async def test_a_large_answer_of_the_upstream_is_truncated_by_its_own_length(tmp_path):
    large = b"x" * (3 << 20)
    async with troubled(tmp_path, "proxy", ok(large), connection={"kind": "truncate"}) as client:
        _, headers, body = split(await heard(client))
    assert headers[b"content-length"] == b"%d" % len(large)
    assert 1 << 20 <= len(body) <= len(large) // 2


async def test_what_a_fault_broke_is_recorded_as_the_upstream_gave_it(tmp_path):
    async with troubled(
        tmp_path,
        "proxy",
        definition={"mode": "record", "cassette": "c", "record_mode": "all"},
        connection={"kind": "truncate"},
        rate_limit={"limit": 9},
        error={"rate": 0.0},
    ) as client:
        await heard(client)
        await asyncio.to_thread(client.gateway.services.sessions.flush)
        [kept] = client.gateway.services.library.read("c").interactions
    response = kept.exchange.response
    assert (response.status, response.body) == (200, BODY)
    assert [name for name, _ in response.headers if b"atelimit" in name.lower()] == []


@pytest.mark.parametrize("way", WAYS)
async def test_errors_outages_and_limits_answer_over_a_kept_connection(tmp_path, way):
    async with troubled(tmp_path, way, rate_limit={"limit": 1, "window_s": 500}, error={"rate": 1.0}) as client:
        first, second = await client.get("/x"), await client.get("/x")
        assert client.asked == []
    assert (first.status_code, first.headers["x-mimic-fault"]) == (503, "error")
    assert (second.status_code, second.headers["x-mimic-fault"]) == (429, "rate-limit")
    assert first.headers["ratelimit-remaining"] == second.headers["ratelimit-remaining"] == "0"
    assert 490 <= int(second.headers["retry-after"]) <= 500
    assert (first.headers["x-mimic-served-by"], first.headers["x-mimic-route"]) == ("mock", "r")


@pytest.mark.parametrize("way", WAYS)
async def test_a_limit_is_told_without_markers_too(tmp_path, way):
    async with an_upstream(ok(b"hi", b"RateLimit-Limit: 9000")) as upstream:
        plain = {"mode": "proxy", "upstream": upstream.url} if way == "proxy" else {"response": {"body": "hi"}}
        definition = {"id": "r", "faults": {"rate_limit": {"limit": 5}, "delay": {"fixed": 1}}, **plain}
        async with a_gateway(tmp_path, definition, markers=False) as client:
            answer = await client.get("/x")
    assert answer.headers.get_list("ratelimit-limit") == ["5"]
    assert answer.headers["ratelimit"] == '"default";r=4;t=60'
    assert "x-mimic-fault" not in answer.headers


async def test_a_limit_outlives_a_change_of_another_definition(tmp_path):
    limited = {"id": "r", "match": {"path": "/x"}, "response": {}, "faults": {"rate_limit": {"limit": 2}}}
    async with a_gateway(tmp_path, limited) as client:
        first = await client.get("/x")
        await client.post("/api/admin/mocks", json={"id": "other", "match": {"path": "/y"}, "response": {}})
        second = await client.get("/x")
        changed = {**limited, "faults": {"rate_limit": {"limit": 3}}}
        await client.put("/api/admin/mocks/r", json=changed)
        third = await client.get("/x")
    assert [answer.headers["ratelimit-remaining"] for answer in (first, second, third)] == ["1", "0", "2"]


async def test_a_definition_with_an_outage_can_be_switched(tmp_path):
    outage = {"from": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
    definition = {"id": "r", "response": {"body": "hi"}, "faults": {"outage": outage}}
    async with a_gateway(tmp_path, definition) as client:
        during = await client.get("/x")
        switched = await client.post("/api/admin/activate/r", json={"enabled": True})
        shown = (await client.get("/api/admin/mocks/r")).json()
        still = await client.get("/x")
    assert (during.status_code, switched.status_code, still.status_code) == (503, 200, 503)
    assert "from" in shown["faults"]["outage"]


async def test_a_limit_that_cannot_be_compiled_names_its_definition(tmp_path):
    from gateway.errors import ConfigError

    faults = {"rate_limit": {"limit": 1, "key": "whose"}}
    configuration = a_configuration(tmp_path, {"id": "r", "response": {}, "faults": faults})
    with pytest.raises(ConfigError, match=r"definition 'r': faults.rate_limit.key: 'whose'"):
        Gateway(configuration).apply(configuration.definitions)


class Messages:
    """Another ASGI server than ours: it can be told messages only."""

    def __init__(self):
        self.sent = []

    async def send(self, message):
        self.sent.append(message)

    async def receive(self):
        if not self.sent and not hasattr(self, "asked"):
            self.asked = True
            return {"type": "http.request", "body": b""}
        return await asyncio.Future()


@pytest.mark.parametrize(
    ("kind", "body"), [("reset", None), ("empty", None), ("garbage", None), ("truncate", BODY[:20])]
)
async def test_on_another_server_what_cannot_be_done_is_a_cut(tmp_path, kind, body):
    response = {"body": BODY.decode()}
    configuration = a_configuration(
        tmp_path, {"id": "r", "response": response, "faults": {"connection": {"kind": kind}}}
    )
    gateway = Gateway(configuration)
    gateway.apply(configuration.definitions)
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/", "query_string": b"", "headers": []}
    server = Messages()
    with pytest.raises(ConnectionAbortedError):
        await gateway.plane(scope, server.receive, server.send)
    await gateway.stop()
    assert [message["body"] for message in server.sent if "body" in message] == ([] if body is None else [body])
