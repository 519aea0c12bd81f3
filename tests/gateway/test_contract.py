"""Exchanges are compared with their contract, whoever answers: told in report, answered instead in enforce."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest
from serving_gateway import a_gateway, an_upstream, ok

JSON = b"Content-Type: application/json"
GOOD = {"id": 7, "name": "Rex"}
BAD = {"id": "seven"}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    },
                    "404": {"description": ""},
                },
            }
        },
        "/pets": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                },
                "responses": {"200": {"description": ""}, "201": {"description": ""}},
            }
        },
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
            }
        }
    },
}
GET = "#/paths/~1pets~1{id}/get"
PET = "#/components/schemas/Pet"
NOT_AN_INTEGER = 'the value is not of type "integer"'


@pytest.fixture
def document(tmp_path):
    file = tmp_path / "pets.json"
    file.write_text(json.dumps(DOCUMENT))
    return str(file)


def kept(document, check="report", **more):
    return {"pets": {"file": document, "check": check, "all": True, **more}}


def mocked(path, body=None, **fields):
    return {"id": "x", "match": {"path": path}, "response": {"body": body, **fields.pop("response", {})}, **fields}


def proxied(**more):
    return {"id": "all", "mode": "proxy", "upstream": "real", **more}


def chunked(*pieces, head=JSON):
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"HTTP/1.1 200 OK\r\n" + head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"


def answering(body, *headers):
    return ok(body if isinstance(body, bytes) else json.dumps(body).encode(), JSON, *headers)


async def entry_of(client, response):
    return (await client.get("/api/admin/inspector", params={"trace_id": response.headers["x-mimic-trace"]})).json()


def told(entry):
    return [(one["side"], one["pointer"], one["where"]) for one in entry["breaches"]]


async def test_a_mock_that_keeps_its_contract_is_answered_as_ever(tmp_path, document):
    async with a_gateway(tmp_path, mocked("/pets/{id:int}", GOOD), contracts=kept(document)) as client:
        response = await client.get("/pets/7")
        assert (response.status_code, response.json(), "x-mimic-contract" in response.headers) == (200, GOOD, False)
        assert (await entry_of(client, response))["breaches"] == []


async def test_a_report_leaves_the_answer_and_tells_what_is_wrong(tmp_path, document):
    async with a_gateway(tmp_path, mocked("/pets/*", BAD), contracts=kept(document)) as client:
        response = await client.get("/pets/seven?limit=x")
        assert (response.status_code, response.json()) == (200, BAD)
        assert response.headers["x-mimic-contract"] == "request 2, response 1"
        entry = await entry_of(client, response)
        assert entry["note"] == "contract pets: request 2, response 1"
        assert entry["breaches"] == [
            {
                "contract": "pets", "side": "request", "pointer": f"{GET}/parameters/0/schema/type",
                "where": "path id", "detail": NOT_AN_INTEGER,
            },
            {
                "contract": "pets", "side": "request", "pointer": f"{GET}/parameters/1/schema/type",
                "where": "query limit", "detail": NOT_AN_INTEGER,
            },
            {
                "contract": "pets", "side": "response", "pointer": f"{PET}/properties/id/type",
                "where": "body/id", "detail": NOT_AN_INTEGER,
            },
        ]  # fmt: skip
        metrics = (await client.get("/metrics")).text
        assert 'mimic_contract_breaches_total{contract="pets",side="request"} 2.0' in metrics
        assert 'mimic_contract_breaches_total{contract="pets",side="response"} 1.0' in metrics


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "broken"),
    [
        ("GET", "/pets/x", {}, 400, [(f"{GET}/parameters/0/schema/type", "path id")]),
        ("POST", "/pets", {"json": BAD}, 422, [(f"{PET}/properties/id/type", "body/id")]),
        ("POST", "/pets", {"json": {}}, 422, [(f"{PET}/required", "body")]),
        ("POST", "/pets", {}, 400, [("#/paths/~1pets/post/requestBody", "body")]),
        (
            "POST", "/pets", {"content": b"{", "headers": {"content-type": "application/json"}}, 400,
            [("#/paths/~1pets/post/requestBody", "body")],
        ),
        (
            "POST", "/pets", {"content": b"<a/>", "headers": {"content-type": "text/xml"}}, 415,
            [("#/paths/~1pets/post/requestBody", "content-type")],
        ),
        ("GET", "/cats", {}, 404, [("#/paths", "path")]),
        ("DELETE", "/pets", {}, 405, [("#/paths", "method")]),
    ],
)  # fmt: skip
async def test_a_request_that_breaks_an_enforced_contract_reaches_nobody(
    tmp_path, document, method, path, sent, status, broken
):
    async with an_upstream(answering(GOOD)) as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document, "enforce")
        ) as client:
            response = await client.request(method, path, **sent)
            problem = response.json()
    assert (response.status_code, problem["status"], upstream.requests) == (status, status, [])
    assert problem["type"] == "urn:mimic:problem:contract-request"
    assert [(one["pointer"], one["where"]) for one in problem["breaches"]] == broken
    assert response.headers.get("allow") == ("POST" if status == 405 else None)


async def test_a_mock_that_breaks_an_enforced_contract_is_an_error(tmp_path, document):
    async with a_gateway(tmp_path, mocked("/pets/*", BAD), contracts=kept(document, "enforce")) as client:
        response = await client.get("/pets/7")
        entry = await entry_of(client, response)
    assert (response.status_code, response.json()["type"]) == (500, "urn:mimic:problem:contract-response")
    assert response.json()["breaches"] == [
        {"pointer": f"{PET}/properties/id/type", "where": "body/id", "detail": NOT_AN_INTEGER}
    ]
    assert response.headers["x-mimic-contract"] == "response 1"
    assert told(entry) == [("response", f"{PET}/properties/id/type", "body/id")]


@pytest.mark.parametrize("check", ["report", "enforce"])
@pytest.mark.parametrize("way", ["whole", "chunked", "gzip", "in two pieces"])
async def test_an_upstreams_answer_is_compared(tmp_path, document, check, way):
    body = json.dumps(BAD).encode()
    halves = b"Content-Length: %d\r\n" % len(body)

    async def slowly():
        yield b"HTTP/1.1 200 OK\r\n" + JSON + b"\r\n" + halves + b"\r\n" + body[:4]
        await asyncio.sleep(0.02)
        yield body[4:]

    answers = {
        "whole": lambda: answering(body),
        "chunked": lambda: chunked(body[:3], body[3:]),
        "gzip": lambda: answering(gzip.compress(body), b"Content-Encoding: gzip"),
        "in two pieces": slowly,
    }
    async with an_upstream(lambda _: answers[way]()) as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document, check)
        ) as client:
            response = await client.get("/pets/7")
            entry = await entry_of(client, response)
    assert told(entry) == [("response", f"{PET}/properties/id/type", "body/id")]
    assert response.headers["x-mimic-contract"] == "response 1"
    if check == "report":
        assert (response.status_code, response.json()) == (200, BAD)
    else:
        assert (response.status_code, response.json()["type"]) == (502, "urn:mimic:problem:contract-response")


async def test_what_the_upstream_answers_rightly_passes(tmp_path, document):
    async with an_upstream(answering(GOOD)) as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document, "enforce")
        ) as client:
            for _ in range(2):
                response = await client.get("/pets/7")
                assert (response.status_code, response.json()) == (200, GOOD)


async def test_a_stream_of_events_is_not_held(tmp_path, document):
    ended = asyncio.Event()

    async def events():
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        yield b"3\r\na\n\n\r\n"
        await ended.wait()
        yield b"0\r\n\r\n"

    async with an_upstream(lambda _: events()) as upstream:
        async with a_gateway(tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document)) as client:
            async with client.stream("GET", "/pets/7") as response:
                pieces = response.aiter_bytes()
                assert await anext(pieces) == b"a\n\n"
                assert response.headers["x-mimic-contract"] == "response 1"
                ended.set()
                assert [piece async for piece in pieces] == []
            assert told(await entry_of(client, response)) == [("response", f"{GET}/responses/200", "content-type")]


@pytest.mark.parametrize("check", ["report", "enforce"])
async def test_an_answer_that_comes_too_slowly_is_passed_on_and_reported(tmp_path, document, monkeypatch, check):
    monkeypatch.setattr("gateway.contract._HOLD_S", {"report": 0.01, "enforce": 0.01})
    begun = asyncio.Event()

    async def slowly():
        yield b"HTTP/1.1 200 OK\r\n" + JSON + b'\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n'
        await begun.wait()
        yield b'4\r\n:"x"\r\n1\r\n}\r\n0\r\n\r\n'

    async with an_upstream(lambda _: slowly()) as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document, check)
        ) as client:
            async with client.stream("GET", "/pets/7") as response:
                pieces = response.aiter_bytes()
                assert await anext(pieces) == b'{"id"'
                begun.set()
                assert b"".join([piece async for piece in pieces]) == b':"x"}'
            entry = await entry_of(client, response)
    late = "; the answer had begun before it was whole, so it could only be reported" if check == "enforce" else ""
    assert entry["note"] == "contract pets: response 1" + late
    assert (response.status_code, told(entry)) == (200, [("response", f"{PET}/properties/id/type", "body/id")])


@pytest.mark.parametrize("with_length", [True, False])
async def test_bodies_beyond_the_limit_pass_and_the_note_says_so(tmp_path, document, with_length):
    long = json.dumps({"id": 1, "name": "x" * 3000}).encode()
    reply = answering(long) if with_length else chunked(long[:2000], long[2000:])

    async def body():
        yield long[:2500]
        yield long[2500:]

    async with an_upstream(reply) as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document, "enforce", body_bytes=1000)
        ) as client:
            content = long if with_length else body()
            sent = await client.post("/pets", content=content, headers={"content-type": "application/json"})
            got = await client.get("/pets/7")
            notes = [(await entry_of(client, response))["note"] for response in (sent, got)]
            kept_body = (await entry_of(client, sent))["request"]["body"]
    assert (sent.status_code, sent.content, got.status_code, got.content) == (200, long, 200, long)
    assert notes == [
        "the request's body is too large to be compared; the response's body is too large to be compared",
        "the response's body is too large to be compared",
    ]
    assert len(json.loads(kept_body)["name"]) == 3000
    assert upstream.requests[0].count(b"x") >= 3000


async def test_a_body_without_length_is_compared_and_passed_on(tmp_path, document):
    async def pieces():
        yield b'{"id":'
        yield b"1}"

    async with an_upstream(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n") as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document, "enforce")
        ) as client:
            response = await client.post("/pets", content=pieces(), headers={"content-type": "application/json"})
    assert response.status_code == 201
    assert upstream.requests[0].endswith((b'{"id":1}', b'8\r\n{"id":1}\r\n0\r\n\r\n'))


async def test_a_coded_request_is_compared_without_its_coding(tmp_path, document):
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    definition = mocked("/pets", response={"status": 201})
    async with a_gateway(tmp_path, definition, contracts=kept(document, "enforce")) as client:
        wrong = await client.post("/pets", content=gzip.compress(json.dumps(BAD).encode()), headers=headers)
        right = await client.post("/pets", content=gzip.compress(json.dumps(GOOD).encode()), headers=headers)
        odd = await client.post("/pets", content=b"no gzip", headers=headers)
        note = (await entry_of(client, odd))["note"]
    assert (wrong.status_code, right.status_code, odd.status_code) == (422, 201, 201)
    assert note.startswith("the request's body is not compared: ")


async def test_a_large_body_is_compared_whole(tmp_path, document):
    large = json.dumps({"id": "x", "name": "y" * 400_000})
    async with a_gateway(tmp_path, mocked("/pets/*", json.loads(large)), contracts=kept(document)) as client:
        response = await client.get("/pets/7")
        assert told(await entry_of(client, response)) == [("response", f"{PET}/properties/id/type", "body/id")]


async def test_a_replayed_answer_and_a_fallback_are_compared(tmp_path, document):
    async with an_upstream(answering(BAD)) as upstream:
        async with a_gateway(
            tmp_path,
            {"id": "rec", "mode": "record", "upstream": "real", "cassette": "pets"},
            upstreams={"real": upstream.url},
        ) as client:
            await client.get("/pets/7")
    replayed = {"id": "rep", "mode": "replay", "cassette": "pets", "match": {"path": "/pets/7"}}
    fallback = {
        "id": "fall", "mode": "proxy-with-fallback", "upstream": "gone", "response": {"fallback": {"body": BAD}},
    }  # fmt: skip
    async with a_gateway(
        tmp_path, replayed, fallback, upstreams={"gone": "http://127.0.0.1:9"}, contracts=kept(document)
    ) as client:
        answers = [await client.get(path) for path in ("/pets/7", "/pets/8")]
        assert [one.headers["x-mimic-served-by"] for one in answers] == ["cassette", "fallback"]
        assert [one.headers["x-mimic-contract"] for one in answers] == ["response 1", "response 1"]
        await client.put("/api/admin/contracts/pets", json={"check": "enforce"})
        answers = [await client.get(path) for path in ("/pets/7", "/pets/8")]
        assert [one.status_code for one in answers] == [500, 500]


async def test_trouble_on_purpose_breaks_no_contract(tmp_path, document):
    faults = {"error": {"rate": 1.0, "status": 503}}
    async with a_gateway(
        tmp_path, mocked("/pets/*", GOOD, faults=faults), contracts=kept(document, "enforce")
    ) as client:
        response = await client.get("/pets/7")
        assert (response.status_code, response.headers["x-mimic-fault"]) == (503, "error")
        assert (await entry_of(client, response))["breaches"] == []


async def test_the_gateways_own_errors_break_no_contract(tmp_path, document):
    async with a_gateway(
        tmp_path, proxied(), upstreams={"real": "http://127.0.0.1:9"}, contracts=kept(document, "enforce")
    ) as client:
        response = await client.get("/pets/7")
        assert response.json()["type"] == "urn:mimic:problem:upstream-failed"


async def test_a_refused_request_moves_no_scenario(tmp_path, document):
    first = mocked("/pets/*", GOOD, scenario={"name": "s", "state": "started", "to": "done"})
    async with a_gateway(tmp_path, first, contracts=kept(document, "enforce")) as client:
        refused = await client.get("/pets/x")
        answers = [await client.get("/pets/7") for _ in range(2)]
    assert [one.status_code for one in (refused, *answers)] == [400, 200, 404]


async def test_a_definition_is_compared_with_the_operation_it_names(tmp_path, document):
    named = mocked("/elsewhere/*", BAD, contract="pets#/paths/~1pets~1{id}/get")
    other = {**mocked("/other", BAD), "id": "y"}
    async with a_gateway(tmp_path, named, other, contracts=kept(document, all=False)) as client:
        answers = [await client.get(path) for path in ("/elsewhere/7", "/other")]
    assert [one.headers.get("x-mimic-contract") for one in answers] == ["response 1", None]


async def test_head_and_preflights_are_not_taken_for_breaches(tmp_path, document):
    async with a_gateway(tmp_path, mocked("/**", GOOD), contracts=kept(document, "enforce")) as client:
        head = await client.head("/pets/7")
        asked = {"origin": "http://a.test", "access-control-request-method": "GET"}
        preflight = await client.options("/pets/7", headers=asked)
        plain = await client.options("/pets/7")
    assert (head.status_code, preflight.status_code, plain.status_code) == (200, 200, 405)


async def test_one_side_alone_may_be_compared(tmp_path, document):
    async with a_gateway(
        tmp_path, mocked("/pets/*", BAD), contracts=kept(document, "enforce", responses=False)
    ) as client:
        assert [(await client.get(path)).status_code for path in ("/pets/7", "/pets/x")] == [200, 400]
    async with a_gateway(
        tmp_path, mocked("/pets/*", GOOD), contracts=kept(document, "enforce", requests=False)
    ) as client:
        assert [(await client.get(path)).status_code for path in ("/pets/x", "/pets/7")] == [200, 200]


async def test_without_markers_nothing_is_added(tmp_path, document):
    async with an_upstream(answering(BAD)) as upstream:
        async with a_gateway(
            tmp_path, proxied(), upstreams={"real": upstream.url}, contracts=kept(document), markers=False
        ) as client:
            assert "x-mimic-contract" not in (await client.get("/pets/7")).headers


async def test_a_document_that_cannot_be_compared_with_does_not_stop_traffic(tmp_path, document, monkeypatch):
    async with a_gateway(tmp_path, mocked("/pets/*", GOOD), contracts=kept(document, "enforce")) as client:
        broken = client.gateway.services.contracts.get("pets").contract
        monkeypatch.setattr(broken, "check_request", lambda *_, **__: 1 / 0)
        response = await client.get("/pets/x")
        assert response.status_code == 200
        assert (await entry_of(client, response))["note"] == "the request could not be compared; the log says why"
