"""The admin API manages a running gateway, and answers every mistake with a problem document."""

import pytest
from serving_gateway import a_gateway, an_upstream, ok

HELLO = {"id": "hello", "match": {"path": "/hello"}, "response": {"body": "hi"}, "tags": ["t"]}


async def test_a_definition_is_created_viewed_replaced_and_deleted(tmp_path):
    async with a_gateway(tmp_path) as client:
        created = await client.post("/api/admin/mocks", json=HELLO)
        listed = (await client.get("/api/admin/mocks")).json()
        served = await client.get("/hello")
        replaced = await client.put("/api/admin/mocks/hello", json={**HELLO, "response": {"body": "ho"}})
        again = await client.get("/hello")
        deleted = await client.delete("/api/admin/mocks/hello")
        gone = await client.get("/hello")
        missing = await client.get("/api/admin/mocks/hello")
    assert [answer.status_code for answer in (created, replaced, deleted, gone, missing)] == [201, 200, 204, 404, 404]
    assert (listed["total"], listed["items"][0]["id"]) == (1, "hello")
    assert (served.text, again.text) == ("hi", "ho")
    assert missing.json()["detail"] == "there is no definition with the id 'hello'"


async def test_a_taken_id_is_a_conflict(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.post("/api/admin/mocks", json=HELLO)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"id": "x", "mode": "proxy"}, "mode 'proxy' needs an upstream"),
        ({"id": "x", "mode": "proxy", "upstream": "nowhere"}, "there is no upstream 'nowhere'"),
        ({"id": "x", "mode": "proxy", "upstream": "http://169.254.169.254/"}, "cannot be used"),
        ({"id": "x", "mode": "proxy", "upstream": "ftp://a.test/"}, "cannot be used"),
        ({"id": "x", "mode": "proxy", "upstream": "http://127.0.0.1:1/"}, "cannot be used"),
        ({"id": "x", "mode": "proxy", "upstream": "http://localhost:1/"}, "cannot be used"),
        ({"id": "x", "mode": "replay", "cassette": "nowhere"}, "there is no cassette nowhere"),
        ({"id": "x", "mode": "replay", "cassette": "../../etc"}, "is not a cassette's name"),
        ({"id": "x", "mode": "record", "cassette": "/tmp/x", "upstream": "http://a.test"}, "is not a cassette's name"),
        ({"id": "x", "respond": {}}, "respond"),
        ({"id": "x", "response": {"body_file": "a.txt"}}, "may name files only where the setting `files`"),
    ],
)
async def test_what_cannot_be_served_is_refused_and_nothing_changes(tmp_path, document, told):
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.post("/api/admin/mocks", json=document)
        still = (await client.get("/hello")).text
    assert (answer.status_code, still) == (422, "hi")
    assert told in answer.json()["detail"]


async def test_a_mode_is_switched_while_the_gateway_runs(tmp_path):
    async with (
        an_upstream(ok(b"real")) as upstream,
        a_gateway(tmp_path, HELLO, upstreams={"up": upstream.url}) as client,
    ):
        before = await client.get("/hello")
        switched = await client.post("/api/admin/activate/hello", json={"mode": "proxy", "upstream": "up"})
        after = await client.get("/hello")
        back = await client.post("/api/admin/activate/bulk", json={"mode": "mock", "tags": ["t"]})
        last = await client.get("/hello")
    assert (switched.json()["mode"], back.json()["items"][0]["mode"]) == ("proxy", "mock")
    assert [answer.text for answer in (before, after, last)] == ["hi", "real", "hi"]


async def test_activate_without_a_document_toggles(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        off = await client.post("/api/admin/activate/hello")
        gone = await client.get("/hello")
        on = await client.post("/api/admin/activate/hello")
    assert (off.json()["enabled"], gone.status_code, on.json()["enabled"]) == (False, 404, True)


async def test_a_private_upstream_named_over_the_api_needs_leave(tmp_path):
    async with an_upstream(ok(b"real")) as upstream, a_gateway(tmp_path, allow_private=["127.0.0.0/8"]) as client:
        document = {"id": "x", "mode": "proxy", "upstream": upstream.url}
        created = await client.post("/api/admin/mocks", json=document)
        assert (created.status_code, (await client.get("/")).text) == (201, "real")


async def test_an_unknown_id_in_a_bulk_switch_changes_nothing(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.post("/api/admin/activate/bulk", json={"enabled": False, "ids": ["hello", "nope"]})
        served = await client.get("/hello")
    assert (answer.status_code, served.text) == (404, "hi")


async def test_a_session_records_what_several_proxied_routes_carry_and_replay_plays_it(tmp_path):
    async with an_upstream(ok(b"a")) as one, an_upstream(ok(b"b")) as two:
        definitions = [
            {"id": name, "mode": "proxy", "match": {"path": f"/{name}/**"}, "upstream": upstream.url}
            for name, upstream in (("one", one), ("two", two), ("skip", two))
        ]
        async with a_gateway(tmp_path, *definitions) as client:
            start = {"name": "both", "routes": ["one", "two"], "methods": ["get"]}
            started = await client.post("/api/admin/record/start", json=start)
            again = await client.post("/api/admin/record/start", json=start)
            for path in ("/one/x", "/two/y", "/skip/z"):
                await client.get(path)
            await client.post("/one/x", content=b"p")
            stopped = await client.post("/api/admin/record/stop", json={"name": "both"})
            await client.get("/one/later")
            shown = (await client.get("/api/admin/cassettes/both")).json()
            listed = (await client.get("/api/admin/cassettes")).json()
            await client.post(
                "/api/admin/activate/bulk", json={"mode": "replay", "cassette": "both", "ids": ["one", "two"]}
            )
            replayed = [await client.get(path) for path in ("/one/x", "/two/y", "/one/later")]
            unknown = await client.post("/api/admin/record/stop", json={"name": "both"})
    assert (started.status_code, again.status_code, unknown.status_code) == (201, 409, 404)
    assert (stopped.json()["recorded"], stopped.json()["state"]) == (2, "stopped")
    assert [item["target"] for item in shown["interactions"]] == ["/one/x", "/two/y"]
    assert len(shown["manifest"]["upstreams"]) == 2
    assert listed["items"] == [{"name": "both"}]
    assert [(answer.status_code, answer.headers["x-mimic-served-by"]) for answer in replayed] == [
        (200, "cassette"),
        (200, "cassette"),
        (502, "error"),
    ]


async def test_a_route_that_recorded_plays_its_recording_after_the_switch(tmp_path):
    record = {"id": "r", "mode": "record", "cassette": "tape"}
    async with (
        an_upstream(ok(b"real")) as upstream,
        a_gateway(tmp_path, {**record, "upstream": upstream.url}) as client,
    ):
        await client.get("/a")
        await client.post("/api/admin/activate/r", json={"mode": "replay"})
        replayed = await client.get("/a")
    assert (replayed.text, replayed.headers["x-mimic-served-by"]) == ("real", "cassette")
    assert len(upstream.requests) == 1


async def test_the_inspector_shows_traffic_cleaned(tmp_path):
    async with an_upstream(ok(b'{"password":"hunter2hunter2"}', b"Content-Type: application/json")) as upstream:
        async with a_gateway(tmp_path, {"id": "p", "mode": "proxy", "upstream": upstream.url}) as client:
            answer = await client.get(
                "/a?token=s3cr3ts3cr3t", headers={"Authorization": "Bearer abcdef0123456789abcdef"}
            )
            trace = answer.headers["x-mimic-trace"]
            whole = await client.get("/api/admin/inspector", params={"trace_id": trace})
            listed = await client.get("/api/admin/inspector")
            await client.delete("/api/admin/inspector")
            emptied = (await client.get("/api/admin/inspector")).json()
            missing = await client.get("/api/admin/inspector", params={"trace_id": trace})
    for text in (whole.text, listed.text):
        assert [
            secret for secret in ("hunter2hunter2", "s3cr3ts3cr3t", "abcdef0123456789abcdef") if secret in text
        ] == []
    assert whole.json()["route"] == "p"
    assert whole.json()["served_by"] == "upstream"
    assert (emptied["total"], missing.status_code) == (0, 404)


async def test_health_readiness_status_and_metrics(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        await client.get("/hello")
        health, ready = await client.get("/healthz"), await client.get("/readyz")
        metrics, status = await client.get("/metrics"), await client.get("/api/admin/status")
    assert (health.json(), ready.json()["status"]) == ({"status": "ok"}, "ok")
    assert 'mimic_requests_total{route="hello",source="mock",status="200"} 1.0' in metrics.text
    assert status.json()["answers"] == {"mock": 1}


async def test_a_key_is_asked_for_everywhere_but_health(tmp_path):
    async with a_gateway(tmp_path, HELLO, admin_key="sesame") as client:
        openapi = await client.get("/api/admin/openapi.json", headers={"Authorization": "Bearer sesame"})
        paths = [*openapi.json()["paths"], "/api/admin/openapi.json", "/api/admin/nope"]
        statuses = {path: (await client.get(path)).status_code for path in paths}
        wrong = await client.get("/metrics", headers={"Authorization": "Bearer open"})
        right = await client.get("/metrics", headers={"Authorization": "Bearer sesame"})
        data = await client.get("/hello")
    assert {path for path, status in statuses.items() if status != 401} == {"/healthz", "/readyz"}
    assert (wrong.status_code, wrong.headers["www-authenticate"], right.status_code, data.status_code) == (
        401,
        "Bearer",
        200,
        200,
    )


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "127.0.0.1.evil.test", "[::1]evil", ""])
async def test_a_foreign_host_does_not_reach_the_admin_api_on_loopback(tmp_path, host):
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.get("/api/admin/status", headers={"Host": host} if host else {"Host": "x"})
    assert answer.status_code in (400, 421)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_writes_are_json_only(tmp_path, kind):
    headers = {"Content-Type": kind} if kind else {}
    async with a_gateway(tmp_path, HELLO) as client:
        answer = await client.put("/api/admin/mocks/hello", content=b'{"id": "hello", "response": {}}', headers=headers)
        preflight = await client.options("/api/admin/mocks", headers={"Origin": "https://evil.test"})
        simple = await client.post("/api/admin/activate/hello", headers={"Origin": "https://evil.test"})
        served = await client.get("/hello")
    assert (answer.status_code, simple.status_code, served.text) == (415, 415, "hi")
    assert "access-control-allow-origin" not in preflight.headers


async def test_an_own_prefix_leaves_the_usual_paths_to_the_mocked_api(tmp_path):
    own = {"id": "own", "match": {"path": "/api/admin/status"}, "response": {"body": "mine"}}
    async with a_gateway(tmp_path, own, admin_prefix="/_mimic", system_prefix="/_mimic") as client:
        assert (await client.get("/api/admin/status")).text == "mine"
        assert (await client.get("/_mimic/status")).status_code == 200
        assert (await client.get("/_mimic/healthz")).status_code == 200
        assert (await client.get("/healthz")).status_code == 404


async def test_a_definition_is_patched(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        kind = {"content-type": "application/merge-patch+json"}
        patched = await client.patch(
            "/api/admin/mocks/hello", content=b'{"response": {"body": "ho"}, "tags": null}', headers=kind
        )
        served = await client.get("/hello")
        moved = await client.patch("/api/admin/mocks/hello", json={"id": "other"})
        wrong = await client.patch("/api/admin/mocks/hello", json={"respons": {}})
        missing = await client.patch("/api/admin/mocks/nope", json={})
    assert patched.json() == {
        "id": "hello",
        "match": {"path": "/hello"},
        "response": {"body": "ho"},
        "mode": "mock",
        "enabled": True,
    }
    assert (served.text, moved.status_code, wrong.status_code, missing.status_code) == ("ho", 422, 422, 404)


async def test_a_write_can_ask_for_the_definition_to_be_as_it_was_read(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        tag = (await client.get("/api/admin/mocks/hello")).headers["etag"]
        changed = {**HELLO, "response": {"body": "ho"}}
        answers = [
            await client.put("/api/admin/mocks/hello", json=changed, headers={"if-match": '"another", ' + tag}),
            await client.put("/api/admin/mocks/hello", json=HELLO, headers={"if-match": tag}),
            await client.patch("/api/admin/mocks/hello", json={"priority": 1}, headers={"if-match": tag}),
            await client.delete("/api/admin/mocks/hello", headers={"if-match": tag}),
            await client.put("/api/admin/mocks/new", json={**HELLO, "id": "new"}, headers={"if-match": "*"}),
            await client.delete("/api/admin/mocks/hello", headers={"if-match": "*"}),
        ]
    assert [answer.status_code for answer in answers] == [200, 412, 412, 412, 412, 204]
    assert answers[0].headers["etag"] not in ("", tag)


async def test_several_definitions_are_added_or_none(tmp_path):
    async with a_gateway(tmp_path, HELLO) as client:
        several = [{**HELLO, "response": {"body": "ho"}}, {**HELLO, "id": "b", "match": {"path": "/b"}}]
        taken = await client.post("/api/admin/mocks", json=several)
        before = (await client.get("/b")).status_code
        created = await client.post("/api/admin/mocks?replace=true", json=several)
        bodies = [(await client.get(path)).text for path in ("/hello", "/b")]
        wrong = await client.post("/api/admin/mocks", json=[{"id": "c", "respons": {}}, {"id": "c"}, 7])
        twice = await client.post("/api/admin/mocks", json=[{**HELLO, "id": "d"}, {**HELLO, "id": "d"}])
    assert (taken.status_code, before, created.status_code, bodies) == (409, 404, 201, ["ho", "hi"])
    assert [item["id"] for item in created.json()["items"]] == ["hello", "b"]
    assert wrong.json()["errors"] == [
        {"path": "0.respons", "reason": "unknown key 'respons': did you mean 'response'?"},
        {"path": "1", "reason": "mode 'mock' needs a response, a resource or cases"},
        {"path": "2", "reason": "a mapping is expected, not 7"},
    ]
    assert "the id 'd' stands here twice" in twice.json()["detail"]


async def test_a_definition_is_shown_with_the_names_it_was_written_with(tmp_path):
    document = {**HELLO, "match": {"not": {"body": {"json": {"a": 1}}}}, "faults": {"outage": {"from": None}}}
    async with a_gateway(tmp_path, document) as client:
        shown = (await client.get("/api/admin/mocks/hello")).json()
        switched = await client.post("/api/admin/activate/hello", json={"enabled": False})
    assert (shown["match"], shown["faults"]) == (document["match"], document["faults"])
    assert switched.status_code == 200


async def test_the_api_describes_what_it_takes(tmp_path):
    async with a_gateway(tmp_path) as client:
        described = (await client.get("/api/admin/openapi.json")).json()
    body = described["paths"]["/api/admin/mocks/{route_id}"]["put"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/MockDefinition"
