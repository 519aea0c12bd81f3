"""The admin API explains, verifies, searches and forgets what was asked of a running gateway."""

import pytest
from serving_gateway import a_gateway

USER = {"id": "user", "match": {"path": "/users/{id:int}", "method": "GET"}, "response": {"body": "hi"}}
PAY = {
    "id": "pay",
    "match": {"path": "/api", "method": "POST", "body": {"jsonpath": "$.op", "equals": "pay"}},
    "response": {"body": "paid"},
}
NOTE = {"id": "note", "match": {"path": "/notes", "method": "POST"}, "response": {"status": 201}}


async def test_an_answer_says_how_it_matched(tmp_path):
    async with a_gateway(tmp_path, USER, PAY) as client:
        answers = [await client.get("/users/7"), await client.post("/api", json={"op": "pay"})]
        missed = await client.get("/users/7/")
    assert [answer.headers["x-mimic-match"] for answer in answers] == ["template; score=21", "exact; score=32"]
    assert (missed.status_code, missed.headers["x-mimic-match"]) == (404, "miss")
    assert missed.json()["near_misses"][0]["hint"] == "the path differs by a trailing slash"


async def test_a_body_is_compared_before_anything_is_answered(tmp_path):
    async with a_gateway(tmp_path, PAY) as client:
        missed = (await client.post("/api", json={"op": "refund"})).json()["near_misses"]
    assert [(one["id"], ["refund" in part["found"] for part in one["failing"]]) for one in missed] == [("pay", [True])]


async def test_without_markers_a_miss_has_none(tmp_path):
    async with a_gateway(tmp_path, USER, markers=False) as client:
        missed = await client.get("/nope")
    assert [name for name in missed.headers if name.startswith("x-mimic")] == []


async def test_a_request_that_was_never_sent_is_explained(tmp_path):
    async with a_gateway(tmp_path, USER, PAY) as client:
        hit = await client.post("/api/admin/explain", json={"method": "post", "path": "/api", "body": {"op": "pay"}})
        url = await client.post("/api/admin/explain", json={"url": "http://api.test/users/seven?x=1"})
        listed = await client.get("/api/admin/inspector")
    assert (hit.json()["winner"], hit.json()["match"]) == ("pay", "exact; score=32")
    assert (url.json()["winner"], url.json()["match"]) == (None, "miss")
    assert url.json()["near_misses"][0]["hint"] == "segment 2 of the path is 'seven', not of the type int"
    assert listed.json()["total"] == 0


async def test_an_odd_request_is_explained_too(tmp_path):
    odd = rb'{"path": "/\u20ac", "headers": {"X\u00e9": ["\u20ac", ""]}, "body": ["\ud83d", 123456789012345678901234567890]}'
    async with a_gateway(tmp_path, PAY) as client:
        answer = await client.post("/api/admin/explain", content=odd, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["winner"]) == (200, None)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "give one of path"),
        ({"path": "users"}, "a path begins with '/'"),
        ({"url": "api.test/users"}, "a url has a scheme"),
        ({"path": "/a", "header": {}}, "header"),
    ],
)
async def test_a_request_that_cannot_be_one_is_refused(tmp_path, document, told):
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/explain", json=document)
    assert answer.status_code == 422
    assert told in answer.text


async def test_the_inspector_evaluates_an_answer_by_the_definitions_of_then(tmp_path):
    async with a_gateway(tmp_path, USER, PAY) as client:
        trace = (await client.get("/users/7")).headers["x-mimic-trace"]
        await client.delete("/api/admin/mocks/user")
        then = (await client.get("/api/admin/inspector", params={"trace_id": trace})).json()["evaluation"]
        for name in ("a", "b", "c"):
            await client.post("/api/admin/mocks", json={**NOTE, "id": name})
        now = (await client.get("/api/admin/inspector", params={"trace_id": trace})).json()["evaluation"]
    assert (then["winner"], then["definitions"]) == ("user", "those that answered")
    assert (now["winner"], now["definitions"]) == (None, "those of now")
    assert then["candidates"][0]["verdicts"][0] == {
        "field": "path",
        "holds": True,
        "wanted": "/users/{id:int}",
        "found": "/users/7",
        "hint": "",
    }


async def test_an_evaluation_does_not_show_what_the_sanitizer_hides(tmp_path):
    async with a_gateway(tmp_path, PAY, NOTE) as client:
        answer = await client.post("/api?token=s3cr3ts3cr3t", json={"op": "hunter2", "password": "hunter2hunter2"})
        shown = await client.get("/api/admin/inspector", params={"trace_id": answer.headers["x-mimic-trace"]})
    verdict = shown.json()["evaluation"]["candidates"][0]["verdicts"][2]
    assert (set(verdict), verdict["holds"]) == ({"field", "holds", "wanted"}, False)
    assert "hunter2hunter2" not in shown.text


async def test_requests_are_verified_by_pattern_and_count(tmp_path):
    async with a_gateway(tmp_path, NOTE) as client:
        for number in (1, 2, 2):
            await client.post("/notes", json={"n": number}, headers={"X-Test": "t1"})
        two = {"method": "POST", "path": "/notes", "body": {"jsonpath": "$.n", "equals": 2}}
        ask = [
            {"request": two, "times": 2},
            {"request": {**two, "headers": {"X-Test": "t1"}}, "at_least": 1},
            {"request": two, "at_most": 1},
            {"request": {**two, "path": "/note"}},
            {"request": two, "times": 0, "route": "other"},
        ]
        told = [(await client.post("/api/admin/verify", json=one)).json() for one in ask]
    assert [(one["verified"], one["count"], one["message"]) for one in told] == [
        (True, 2, "wanted exactly 2 times, seen 2 times"),
        (True, 2, "wanted at least once, seen 2 times"),
        (False, 2, "wanted at most once, seen 2 times"),
        (False, 0, "wanted at least once, seen never"),
        (True, 0, "wanted never, seen never"),
    ]
    assert told[3]["closest"][0]["failing"] == [{"field": "path", "wanted": "/note"}]


async def test_an_order_is_verified(tmp_path):
    async with a_gateway(tmp_path, NOTE, USER) as client:
        await client.get("/users/1")
        await client.post("/notes")
        await client.get("/users/2")
        first, note, second = {"path": "/users/1"}, {"method": "POST"}, {"path": "/users/2"}
        asked = ([first, note, second], [second, first], [first, {"path": "/users/3"}])
        told = [(await client.post("/api/admin/verify", json={"in_order": one})).json() for one in asked]
    assert [(one["verified"], one["count"], one["message"]) for one in told] == [
        (True, 3, "all 3 were seen in this order"),
        (False, 1, "in_order.1 was not seen after those before it"),
        (False, 1, "in_order.1 was not seen after those before it"),
    ]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "give one of request"),
        ({"in_order": [{}], "times": 1}, "in_order takes no count"),
        ({"request": {}, "times": 1, "at_least": 1}, "give one of times"),
        ({"request": {"path": "/{a:x}"}}, "request.path: "),
        ({"request": {"pathh": "/"}}, "pathh"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(tmp_path, document, told):
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/verify", json=document)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


async def test_the_journal_is_searched(tmp_path):
    async with a_gateway(tmp_path, NOTE, USER) as client:
        await client.post("/notes", json={"n": 1})
        await client.get("/users/1")
        await client.get("/users/x")
        searches = [
            {"request": {"body": {"jsonpath": "$.n", "equals": 1}}},
            {"route": "user"},
            {"status": 404, "served_by": "error"},
            {"request": {"path": "/users/**"}, "limit": 1},
            {"since": 99_999_999_999},
        ]
        told = [(await client.post("/api/admin/inspector/search", json=one)).json() for one in searches]
    assert [([item["target"] for item in one["items"]], one["total"]) for one in told] == [
        (["/notes"], 1),
        (["/users/1"], 1),
        (["/users/x"], 1),
        (["/users/x"], 2),
        ([], 0),
    ]


async def test_the_journal_is_cleared_by_scope(tmp_path):
    async def total():
        return (await client.get("/api/admin/inspector")).json()["total"]

    async with a_gateway(tmp_path, NOTE, USER) as client:
        for test in ("t1", "t1", "t2"):
            await client.get("/users/1", headers={"X-Test": test})
        await client.post("/notes")
        totals = []
        for scope in ({"header": "X-Test: t1"}, {"route": "note"}, {"client": "192.0.2.1"}, {}):
            await client.delete("/api/admin/inspector", params=scope)
            totals.append(await total())
        refused = await client.delete("/api/admin/inspector", params={"header": "X-Test"})
    assert totals == [2, 1, 1, 0]
    assert (refused.status_code, "write header=X-Test-Id:7" in refused.json()["detail"]) == (422, True)


async def test_a_body_that_the_journal_has_no_room_for_is_said_to_be_truncated(tmp_path):
    async with a_gateway(tmp_path, NOTE, journal_body_bytes=16) as client:
        await client.post("/notes", json={"n": 1, "text": "x" * 100})
        ask = {"request": {"body": {"jsonpath": "$.n", "equals": 1}}}
        told = (await client.post("/api/admin/verify", json=ask)).json()
        (line,) = (await client.get("/api/admin/inspector")).json()["items"]
    assert (told["verified"], told["truncated"], line["truncated"]) == (False, 1, True)
