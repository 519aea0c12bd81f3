"""The data plane over real sockets: what the upstream and the client get to see."""

import asyncio

import httpx
import pytest
from serving_gateway import a_gateway, an_upstream, ok

HELLO = {"id": "hello", "match": {"path": "/hello"}, "response": {"status": 201, "body": {"a": 1}}}


def proxy(url, **more):
    return {"id": "up", "mode": "proxy", "upstream": url, **more}


async def test_a_static_mock_says_who_answered(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.get("/hello")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (201, b'{"a":1}', "application/json")
    assert answer.headers["x-mimic-served-by"] == "mock"
    assert answer.headers["x-mimic-route"] == "hello"
    assert len(answer.headers["x-mimic-trace"]) == 16


async def test_a_late_answer_has_the_phrase_of_its_status_too(tmp_path):
    late = {"id": "late", "response": {"status": 201, "body": "later", "delay_ms": 5}}
    async with a_gateway(tmp_path, late) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.reason_phrase, answer.text) == (201, "Created", "later")


async def test_markers_can_be_left_out(tmp_path):
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, HELLO, proxy(upstream.url), markers=False) as client:
        answers = [await client.get(path) for path in ("/hello", "/other")]
    assert [name for answer in answers for name in answer.headers if name.startswith("x-mimic")] == []


async def test_nothing_matches_is_a_problem_document(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.get("/else?token=secret")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "No enabled definition matches GET /else."
    assert "secret" not in answer.text


async def test_the_upstream_sees_the_clients_bytes(tmp_path):
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(
            b"POST //a/../%2F%zz/%C3?q=&&[]| HTTP/1.1\r\nHost: gate\r\nX-Caf: caf\xe9\r\nx-caf:  2\r\nX-CAF: \r\n"
            b"Content-Length: 3\r\nConnection: close, x-gone\r\nX-Gone: 1\r\n\r\nab\x00"
        )
        answer = await reader.read()
        writer.close()
    host = upstream.url.removeprefix("http://").encode()
    assert upstream.requests == [
        b"POST //a/../%2F%zz/%C3?q=&&[]| HTTP/1.1\r\nHost: " + host + b"\r\nX-Caf: caf\xe9\r\nx-caf: 2\r\nX-CAF: \r\n"
        b"Content-Length: 3\r\nVia: 1.1 " + client.gateway.plane._via + b"\r\n\r\nab\x00"
    ]
    assert answer.endswith(b"\r\n\r\nhi")


async def test_the_client_sees_the_upstreams_bytes(tmp_path):
    head = (
        b"HTTP/1.1 299 Quite Fine\r\nSet-Cookie: a=1\r\nX-Odd: \xe9\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nhi"
    )
    async with an_upstream(head) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
    status, *lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert status == b"HTTP/1.1 299 Quite Fine"
    assert lines[:4] == [b"Set-Cookie: a=1", b"X-Odd: \xe9", b"Set-Cookie: b=2", b"Content-Length: 2"]


async def test_a_chunked_upload_and_a_chunked_answer_pass_through(tmp_path):
    async def pieces():
        for piece in (b"one", b"two"):
            yield piece

    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    async with an_upstream(chunked) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        answer = await client.post("/", content=pieces())
    assert answer.content == b"abcde"
    assert upstream.requests[0].endswith(b"0\r\n\r\n")
    assert b"one" in upstream.requests[0]


async def test_the_first_piece_passes_before_the_second_is_sent(tmp_path):
    second = asyncio.Event()

    async def slowly(_):
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        await second.wait()
        yield b"2\r\nde\r\n0\r\n\r\n"

    async with an_upstream(slowly) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        async with client.stream("GET", "/") as answer:
            pieces = answer.aiter_bytes()
            assert await anext(pieces) == b"abc"
            second.set()
            assert b"".join([piece async for piece in pieces]) == b"de"


async def test_a_client_that_goes_away_ends_the_upstreams_answer(tmp_path):
    async def endless(_):
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"1\r\nx\r\n"
            await asyncio.sleep(0.01)

    async with an_upstream(endless) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        async with client.stream("GET", "/") as answer:
            await anext(answer.aiter_bytes())
        await asyncio.wait_for(upstream.gone.wait(), 5)


async def test_a_client_that_goes_away_while_waiting_ends_the_request(tmp_path):
    asked = asyncio.Event()

    async def never(_):
        asked.set()
        await asyncio.sleep(60)
        yield b""

    async with an_upstream(never) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        _, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: gate\r\n\r\n")
        await asked.wait()
        writer.close()
        pool = client.gateway.services.upstream(upstream.url).upstream
        async with asyncio.timeout(5):
            while pool.stats.in_use:
                await asyncio.sleep(0.01)


async def test_an_answer_cut_off_is_seen_as_cut_off(tmp_path):
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc"
    async with an_upstream(short) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: gate\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert b"Content-Length: 10" in answer
    assert answer.endswith(b"\r\n\r\nabc")


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [(b"garbage\r\n\r\n", 502, "upstream-failed"), (b"Connection: close", 502, "upstream-failed")],
)
async def test_a_broken_upstream_is_a_problem_document(tmp_path, answer, status, kind):
    async with an_upstream(answer) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        told = await client.get("/")
    assert (told.status_code, told.json()["type"]) == (status, f"urn:mimic:problem:{kind}")
    assert told.headers["x-mimic-served-by"] == "error"


async def test_a_refused_upstream_is_a_problem_document(tmp_path):
    async with an_upstream(ok()) as upstream:
        url = upstream.url
    async with a_gateway(tmp_path, proxy(url)) as client:
        told = await client.get("/")
    assert (told.status_code, told.json()["failure"]) == (502, "connect")


async def test_a_loop_is_cut(tmp_path):
    async with a_gateway(tmp_path, allow_private=["127.0.0.0/8"]) as client:
        from cassettes.definition import MockDefinition

        url = str(client.base_url)
        await client.gateway.put(MockDefinition.model_validate(proxy(url)))
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["type"]) == (508, "urn:mimic:problem:loop")


async def test_a_websocket_upgrade_is_refused_with_the_reason(tmp_path):
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "eA==",
        "Sec-WebSocket-Version": "13",
    }
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        answer = await client.get("/", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (501, "urn:mimic:problem:websocket")
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET http://127.0.0.1/hello HTTP/1.1", 201),
        (b"GET http://169.254.169.254/hello HTTP/1.1", 421),
        (b"GET http://user@evil.test/hello HTTP/1.1", 421),
        (b"OPTIONS * HTTP/1.1", 204),
    ],
)
async def test_the_absolute_form_must_name_this_gateway(tmp_path, line, status):
    async with a_gateway(tmp_path, HELLO) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 %d" % status)


async def test_early_hints_and_trailers_pass_through(tmp_path):
    head = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n"
    async with an_upstream(head + body) as upstream, a_gateway(tmp_path, proxy(upstream.url)) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: gate\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert answer.lower().endswith(b"2\r\nhi\r\n0\r\nx-sum: 7\r\n\r\n")


async def test_the_journal_and_the_metrics_know_the_answer(tmp_path):
    async with an_upstream(ok(b"body")) as upstream, a_gateway(tmp_path, HELLO, proxy(upstream.url)) as client:
        await client.get("/hello")
        answer = await client.post("/x", content=b"sent")
        entry = client.gateway.journal.find(answer.headers["x-mimic-trace"].encode())
        totals = client.gateway.metrics.totals()
    assert (entry.route, entry.mode, entry.source, entry.status) == ("up", "proxy", "upstream", 200)
    assert (entry.request.body, entry.body) == (b"sent", b"body")
    assert totals == {"mock": 1, "upstream": 1}


async def test_an_error_in_a_mode_is_a_500_that_tells_no_secret(tmp_path, caplog):
    async with a_gateway(tmp_path, HELLO) as client:
        route = client.gateway.plane.table.routes[0]

        def fail(request):
            raise ValueError("sesame")

        object.__setattr__(route, "decide", fail)
        answer = await client.get("/hello")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:mimic:problem:gateway-error")
    assert "sesame" not in answer.text


async def test_header_changes_apply_on_both_ways(tmp_path):
    change = {
        "request": {"set": {"Authorization": "Bearer up"}, "remove": ["X-Drop"]},
        "response": {"set": {"Access-Control-Allow-Origin": "*"}, "remove": ["Server"]},
    }
    async with (
        an_upstream(ok(b"hi", b"Server: secret")) as upstream,
        a_gateway(tmp_path, proxy(upstream.url, transform=change)) as client,
    ):
        answer = await client.get("/", headers={"X-Drop": "1", "Authorization": "Bearer mine"})
    assert b"Authorization: Bearer up" in upstream.requests[0]
    assert b"mine" not in upstream.requests[0]
    assert b"x-drop" not in upstream.requests[0].lower()
    assert (answer.headers["access-control-allow-origin"], "server" in answer.headers) == ("*", False)


async def test_a_base_path_stands_before_the_target(tmp_path):
    async with an_upstream(ok()) as upstream, a_gateway(tmp_path, proxy(upstream.url + "/api/v1/")) as client:
        await client.get("/x?y=1")
    assert upstream.requests[0].startswith(b"GET /api/v1/x?y=1 HTTP/1.1\r\n")


async def test_a_late_answer_is_decided_once(tmp_path):
    late = {"id": "late", "match": {"path": "/late"}, "response": {"body": "x", "delay_ms": 20}}
    async with a_gateway(tmp_path, late) as client:
        answer = await client.get("/late")
        routes = [entry.route for entry in client.gateway.journal]
    assert (answer.text, routes) == ("x", ["late"])


async def test_requests_in_one_packet_are_answered_in_order(tmp_path):
    second = {"id": "second", "match": {"path": "/second"}, "response": {"body": "2", "delay_ms": 20}}
    async with a_gateway(tmp_path, HELLO, second) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        asked = [b"GET %b HTTP/1.1\r\nHost: gate\r\n%b\r\n" % pair for pair in ((b"/hello", b""), (b"/second", b""))]
        writer.write(b"".join([*asked, b"GET /hello HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n"]))
        answer = await reader.read()
        writer.close()
    bodies = [part.partition(b"HTTP/1.1")[0] for part in answer.split(b"\r\n\r\n")[1:]]
    assert bodies == [b'{"a":1}', b"2", b'{"a":1}']


async def test_answers_are_the_same_with_and_without_our_servers_extension(tmp_path):
    from gateway.app import Front

    async with a_gateway(tmp_path, HELLO) as client:
        ours = await client.get("/hello")
        transport = httpx.ASGITransport(Front(client.gateway, None))
        async with httpx.AsyncClient(transport=transport, base_url="http://gate") as plain:
            theirs = await plain.get("/hello")
    kept = [[pair for pair in answer.headers.items() if pair[0] != "x-mimic-trace"] for answer in (ours, theirs)]
    assert (ours.status_code, ours.content, kept[0]) == (theirs.status_code, theirs.content, kept[1])
