"""What happens around an answer: a scenario moves on, scripts run, webhooks are sent."""

import asyncio
import json

import pytest
from rawserver import until
from serving_gateway import a_gateway, an_upstream, ok

ORDER = [
    {"id": "new", "match": {"path": "/o"}, "scenario": {"name": "o", "state": "started", "to": "paid"}, "response": {"body": "new"}},
    {"id": "paid", "match": {"path": "/o"}, "scenario": {"name": "o", "state": "paid", "to": "sent"}, "response": {"body": "paid"}},
    {"id": "sent", "match": {"path": "/o"}, "scenario": {"name": "o", "state": "sent"}, "response": {"body": "{{ scenario.o }}"}},
]  # fmt: skip


@pytest.mark.parametrize("state", ["memory", "sqlite"])
async def test_a_scenario_moves_on_with_each_answer(tmp_path, state):
    async with a_gateway(tmp_path, *ORDER, state=state) as client:
        bodies = [(await client.get("/o")).text for _ in range(4)]
        await client.post("/api/admin/scenarios/reset", json={})
        again = (await client.get("/o")).text
    assert (bodies, again) == (["new", "paid", "sent", "sent"], "new")


@pytest.mark.parametrize("state", ["memory", "sqlite"])
async def test_of_many_at_once_each_step_is_taken_by_one(tmp_path, state):
    async with a_gateway(tmp_path, *ORDER, state=state) as client:
        answers = await asyncio.gather(*(client.get("/o") for _ in range(60)))
    bodies = sorted(answer.text for answer in answers)
    assert bodies == ["new", "paid", *["sent"] * 58]


@pytest.mark.parametrize("state", ["memory", "sqlite"])
async def test_an_error_on_purpose_moves_no_scenario(tmp_path, state):
    failing = {**ORDER[0], "faults": {"error": {"rate": 1}}}
    async with a_gateway(tmp_path, failing, *ORDER[1:], state=state) as client:
        statuses = [(await client.get("/o")).status_code for _ in range(2)]
    assert statuses == [503, 503]


async def test_each_session_has_its_own_scenario(tmp_path):
    steps = [{**step, "scenario": {**step["scenario"], "scope": "session"}} for step in ORDER]
    async with a_gateway(tmp_path, *steps) as client:
        bodies = [(await client.get("/o", headers={"X-Mimic-Session": who})).text for who in ("a", "b", "a", "b", "b")]
    assert bodies == ["new", "new", "paid", "paid", "sent"]


async def test_a_scenario_can_stand_in_front_of_an_upstream(tmp_path):
    async with an_upstream(ok(b"real")) as upstream:
        first = {**ORDER[0], "response": {"status": 503}}
        then = {
            "id": "real",
            "match": {"path": "/o"},
            "scenario": {"name": "o", "state": "paid"},
            "mode": "proxy",
            "upstream": upstream.url,
        }
        async with a_gateway(tmp_path, first, then) as client:
            answers = [await client.get("/o") for _ in range(2)]
    assert [(answer.status_code, answer.text) for answer in answers] == [(503, ""), (200, "real")]


SCRIPTS = {
    "refuse": {
        "source": "{'status': 401, 'body': {'error': 'no'}} if request['headers'].get('x-key') is None else None"
    },
    "remember": {"source": "set_var('name', request['query'].get('name', 'nobody'))"},
    "sign": {"source": "{'headers': {'X-Signed': hash(response['body'])}}"},
    "make": {"source": "{'status': 201, 'body': {'n': state.incr('n')}}"},
}


async def test_a_script_before_may_answer_instead(tmp_path):
    guarded = {"id": "g", "match": {"path": "/g"}, "hooks": {"before": "refuse"}, "response": {"body": "in"}}
    async with a_gateway(tmp_path, guarded, scripts_enabled=True, scripts=SCRIPTS) as client:
        answers = [await client.get("/g"), await client.get("/g", headers={"X-Key": "k"})]
    assert [(answer.status_code, answer.text) for answer in answers] == [(401, '{"error":"no"}'), (200, "in")]


async def test_scripts_stand_around_a_resource_too(tmp_path):
    pets = {"id": "p", "match": {"path": "/pets"}, "resource": {"name": "pets", "seed": [{"id": 1}]}}
    signed = {**pets, "hooks": {"before": "refuse", "after": "sign"}}
    async with a_gateway(tmp_path, signed, scripts_enabled=True, scripts=SCRIPTS) as client:
        answers = [await client.get("/pets/1"), await client.get("/pets/1", headers={"X-Key": "k"})]
    assert [answer.status_code for answer in answers] == [401, 200]
    assert (answers[1].json(), len(answers[1].headers["x-signed"])) == ({"id": 1}, 64)


async def test_a_script_finds_the_keys_that_patterns_mean(tmp_path):
    patterns = ["session:{id}:cart:{{ request.query.n }}", "mock:{id}:count"]
    scripts = {"keep": {"source": "state.set(keys[0], 1)\nreturn {'keys': keys, 'kept': state.get('cart:7')}"}}
    keeping = {"id": "k", "state": {"keys": patterns}, "response": {"script": "keep"}}
    async with a_gateway(tmp_path, keeping, scripts_enabled=True, scripts=scripts) as client:
        told = (await client.get("/?n=7", headers={"X-Mimic-Session": "me"})).json()
        kept = (await client.get("/api/admin/state")).json()["items"]
    assert told == {"keys": ["cart:7", "mock:k:count"], "kept": 1}
    assert [item["key"] for item in kept] == ["session:me:cart:7"]


async def test_what_a_script_before_sets_is_there_for_the_template(tmp_path):
    greeting = {"id": "g", "hooks": {"before": "remember"}, "response": {"body": "Hello, {{ vars.name }}"}}
    async with a_gateway(tmp_path, greeting, scripts_enabled=True, scripts=SCRIPTS) as client:
        answer = await client.get("/?name=Ada")
    assert answer.text == "Hello, Ada"


async def test_a_script_after_changes_the_answer(tmp_path):
    signed = {"id": "s", "hooks": {"after": "sign"}, "response": {"body": "abc"}}
    async with a_gateway(tmp_path, signed, scripts_enabled=True, scripts=SCRIPTS) as client:
        answer = await client.get("/")
    assert (answer.text, len(answer.headers["x-signed"]), answer.headers["content-length"]) == ("abc", 64, "3")


async def test_a_script_makes_the_answer(tmp_path):
    made = {"id": "m", "response": {"script": "make"}}
    async with a_gateway(tmp_path, made, scripts_enabled=True, scripts=SCRIPTS) as client:
        answers = [await client.get("/") for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, {"n": 1}), (201, {"n": 2})]


async def test_the_journal_says_what_scripts_told_and_why_one_failed(tmp_path):
    told = {"id": "t", "match": {"path": "/told"}, "hooks": {"after": "talk"}, "response": {"body": "x"}}
    failed = {"id": "f", "match": {"path": "/failed"}, "response": {"script": "fail"}}
    scripts = {
        "talk": {"source": "log('seen'); print('printed')"},
        "fail": {"source": "x = 1\nwhile True:\n    x += 1"},
    }
    async with a_gateway(
        tmp_path, told, failed, scripts_enabled=True, scripts=scripts, script_timeout_ms=1000
    ) as client:
        answers = [await client.get("/told"), await client.get("/failed"), await client.get("/told")]
        notes = [entry.note for entry in client.gateway.journal]
    assert [answer.status_code for answer in answers] == [200, 500, 200]
    assert notes[0].startswith("script talk (")
    assert notes[0].endswith("ms): seen | printed")
    assert "fail" in notes[1]
    assert answers[1].json()["type"] == "urn:mimic:problem:render-error"


async def test_hooks_do_not_run_while_scripts_are_off(tmp_path):
    hooked = {"id": "h", "hooks": {"before": "refuse", "after": "sign"}, "response": {"body": "plain"}}
    async with a_gateway(tmp_path, hooked, scripts=SCRIPTS) as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.text) == (200, "plain")


async def test_a_webhook_is_sent_after_the_answer(tmp_path):
    async with an_upstream(ok()) as listener:
        hook = {"url": listener.url + "/paid/{{ request.json.id }}", "body": {"id": "{{ request.json.id }}"}}
        paid = {
            "id": "p",
            "match": {"method": "POST", "path": "/pay"},
            "hooks": {"webhooks": [hook]},
            "response": {"status": 202},
        }
        async with a_gateway(tmp_path, paid) as client:
            answer = await client.post("/pay", json={"id": 7})
            await until(lambda: listener.requests)
    head, _, body = listener.requests[0].partition(b"\r\n\r\n")
    assert (answer.status_code, head.splitlines()[0], json.loads(body)) == (202, b"POST /paid/7 HTTP/1.1", {"id": 7})


async def test_a_webhook_to_a_private_address_is_the_operators_to_name(tmp_path):
    hook = {"url": "http://127.0.0.1:9/x"}
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/mocks", json={"id": "p", "response": {}, "hooks": {"webhooks": [hook]}})
    assert answer.status_code == 422
    assert "127.0.0.1:9" in answer.text


async def test_a_mode_follows_a_sequence(tmp_path):
    async with an_upstream(ok(b"real")) as upstream:
        started = {
            "id": "s",
            "upstream": upstream.url,
            "response": {
                "variants": [{"response": {"status": 503}}, {"response": {"status": 429}}],
                "repeat_policy": {"sequence": True, "then": "proxy"},
            },
        }
        async with a_gateway(tmp_path, started) as client:
            answers = [await client.get("/") for _ in range(4)]
    told = [(answer.status_code, answer.headers["x-mimic-served-by"]) for answer in answers]
    assert told == [(503, "mock"), (429, "mock"), (200, "upstream"), (200, "upstream")]
