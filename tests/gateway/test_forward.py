"""The policy of the fallback, row by row, against an upstream that fails in each way."""

import pytest
from serving_gateway import a_gateway, an_upstream, ok


def fallback(url, **more):
    response = {"fallback": {"status": 200, "body": "[]"}}
    return {"id": "up", "mode": "proxy-with-fallback", "upstream": url, "response": response, **more}


FAILURES = {
    "status-503": b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy",
    "protocol": b"nonsense\r\n\r\n",
}


@pytest.mark.parametrize("kind", ["status-503", "protocol"])
async def test_a_failing_upstream_is_replaced_and_the_answer_says_so(tmp_path, kind):
    async with an_upstream(FAILURES[kind]) as upstream, a_gateway(tmp_path, fallback(upstream.url)) as client:
        answer = await client.get("/products")
    assert (answer.status_code, answer.text) == (200, "[]")
    assert answer.headers["x-mimic-served-by"] == "fallback"
    assert answer.headers["x-mimic-fallback-reason"] == kind


async def test_an_upstream_that_is_down_is_replaced_for_any_method(tmp_path):
    async with an_upstream(ok()) as upstream:
        url = upstream.url
    async with a_gateway(tmp_path, fallback(url)) as client:
        answers = [await client.request(method, "/products") for method in ("GET", "POST", "PATCH")]
    assert [answer.headers["x-mimic-fallback-reason"] for answer in answers] == ["connect"] * 3


@pytest.mark.parametrize("kind", ["status-503", "protocol"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_unsafe_request_that_was_sent_is_not_replaced_unless_the_route_allows_it(tmp_path, kind, method):
    async with an_upstream(FAILURES[kind]) as upstream, a_gateway(tmp_path, fallback(upstream.url)) as client:
        answer = await client.request(method, "/products", content=b"x")
    assert answer.headers["x-mimic-served-by"] == ("upstream" if kind == "status-503" else "error")
    allowed = fallback(upstream.url, fallback_unsafe=True)
    async with (
        an_upstream(FAILURES[kind]) as upstream,
        a_gateway(tmp_path, {**allowed, "upstream": upstream.url}) as client,
    ):
        answer = await client.request(method, "/products", content=b"x")
    assert answer.headers["x-mimic-served-by"] == "fallback"


@pytest.mark.parametrize("status", [400, 404, 429, 500])
async def test_other_statuses_are_the_upstreams_own_answer(tmp_path, status):
    head = b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status
    async with an_upstream(head) as upstream, a_gateway(tmp_path, fallback(upstream.url)) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["x-mimic-served-by"]) == (status, "upstream")


async def test_an_answer_that_has_begun_is_never_replaced(tmp_path):
    import httpx

    short = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc"
    async with an_upstream(short) as upstream, a_gateway(tmp_path, fallback(upstream.url)) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/")


async def test_the_fallback_goes_nowhere_near_a_cassette(tmp_path):
    async with (
        an_upstream(FAILURES["status-503"]) as upstream,
        a_gateway(tmp_path, fallback(upstream.url)) as client,
    ):
        await client.post("/api/admin/record/start", json={"name": "tap"})
        await client.get("/products")
        row = (await client.post("/api/admin/record/stop", json={"name": "tap"})).json()
    assert row["recorded"] == 0


async def test_a_fallback_has_the_trouble_that_was_meant_for_the_upstreams_answer(tmp_path):
    faults = {"delay": {"fixed": 20}, "rate_limit": {"limit": 5}}
    async with (
        an_upstream(FAILURES["status-503"]) as upstream,
        a_gateway(tmp_path, fallback(upstream.url, faults=faults)) as client,
    ):
        answer = await client.get("/products")
    assert (answer.status_code, answer.headers["x-mimic-served-by"]) == (200, "fallback")
    assert (answer.headers["ratelimit-remaining"], answer.headers["x-mimic-fault"]) == ("4", "delay")
