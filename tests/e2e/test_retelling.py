"""A recorded session is told again over a real socket, and where a client leaves it, mocks go on from there."""

import logging

import pytest
import yaml
from serving_gateway import a_gateway

SERVICE = yaml.safe_load("""
- id: login
  match: {method: POST, path: /login}
  cases:
    - let: {token: "{{ random_hex(32) }}"}
      response: {body: {token: "{{ vars.token }}", greeting: recorded}}
      save: [{state: "token:{{ vars.answer.json.token }}", value: 1}]
- id: create
  match: {method: POST, path: /orders}
  cases:
    - {when: "not state.get('token:{{ request.auth.token }}')", response: {status: 401}}
    - let: {id: "{{ resource.orders.next_id('id') }}"}
      response: {status: 201, body: {id: "{{ vars.id }}", item: "{{ request.json.item }}", by: service}}
      save: [{in: orders, key: "{{ vars.answer.json.id }}", item: "{{ vars.answer.json }}"}]
- id: list
  match: {method: GET, path: /orders}
  list: {in: orders}
  cases:
    - {when: "not state.get('token:{{ request.auth.token }}')", response: {status: 401}}
    - response: {body: {items: "{{ vars.list.items }}"}}
""")
RETOLD = {
    "id": "recorded-sessions",
    "priority": 1000,
    "mode": "replay",
    "cassette": "shop",
    "replay": {"order": "session"},
}


def mocks():
    """Give what answers where no session does; it says `mock` in the place of `service` and `recorded`."""
    text = yaml.safe_dump(SERVICE).replace("by: service", "by: mock").replace("recorded", "made up")
    return yaml.safe_load(text)


async def session(client, *items):
    """Log in, order and list; gives the answers."""
    login = await client.post("/login", json={"name": "ada", "password": "correct horse"})
    head = {"Authorization": f"Bearer {login.json()['token']}"}
    made = [await client.post("/orders", json={"item": item}, headers=head) for item in items]
    return login, *made, await client.get("/orders", headers=head)


@pytest.fixture(params=["memory", "sqlite"])
async def retold(request, tmp_path):
    """Record one session of a service, and give a client of a gateway that has its cassette and mocks."""
    recording = {"id": "all", "mode": "record", "upstream": "service", "cassette": "shop"}
    async with a_gateway(tmp_path / "service", *SERVICE, markers=False) as service:
        upstreams = {"service": str(service.base_url)}
        async with a_gateway(tmp_path / "home", recording, upstreams=upstreams) as recorder:
            await session(recorder, "tea", "milk")
    async with a_gateway(tmp_path / "home", RETOLD, *mocks(), state=request.param) as client:
        yield client


def sources(answers):
    return [answer.headers["x-mimic-served-by"] for answer in answers]


async def test_the_same_session_is_answered_as_it_was_recorded(retold):
    answers = await session(retold, "tea", "milk")
    assert sources(answers) == ["cassette"] * 4
    assert [answer.headers["x-mimic-match"] for answer in answers] == [
        f"literal; interaction={n}" for n in (1, 2, 3, 4)
    ]
    assert {(answer.headers["x-mimic-cassette"], answer.headers["x-mimic-route"]) for answer in answers} == {
        ("shop", "recorded-sessions")
    }
    assert answers[0].json()["greeting"] == "recorded"
    assert [order["by"] for order in answers[-1].json()["items"]] == ["service", "service"]


async def test_who_leaves_the_session_finds_what_was_done_in_it(retold):
    login, tea, rice, listed = await session(retold, "tea", "rice")
    assert sources([login, tea, rice, listed]) == ["cassette", "cassette", "mock", "mock"]
    assert listed.json() == {
        "items": [{"id": 1, "item": "tea", "by": "service"}, {"id": 2, "item": "rice", "by": "mock"}]
    }
    assert [entry.note for entry in list(retold.gateway.journal)][::-1][1] in (
        "create took note of this answer: case 2",
        "case 2",
    )


@pytest.mark.parametrize("how", ["rewind", "reset", "reload"])
async def test_the_session_can_be_begun_again(retold, how):
    await session(retold, "rice")
    assert sources(await session(retold, "tea"))[0] == "mock"
    if how == "reload":
        await retold.gateway.reload(retold.gateway.configuration)
    elif how == "reset":
        await retold.delete("/api/admin/state")
    else:
        assert (await retold.post("/api/admin/cassettes/rewind")).status_code == 204
    assert sources(await session(retold, "tea"))[:2] == ["cassette", "cassette"]


async def test_another_definition_may_change_meanwhile(retold):
    login = await retold.post("/login", json={"name": "ada", "password": "correct horse"})
    head = {"Authorization": f"Bearer {login.json()['token']}"}
    added = {"id": "other", "match": {"path": "/other"}, "response": {}}
    assert (await retold.post("/api/admin/mocks", json=added)).status_code == 201
    made = await retold.post("/orders", json={"item": "tea"}, headers=head)
    assert sources([login, made]) == ["cassette", "cassette"]


async def test_a_preflight_counts_as_a_request(retold):
    await retold.options("/orders")
    assert sources(await session(retold, "tea")) == ["mock", "mock", "mock"]


async def test_a_definition_of_higher_priority_takes_no_part(retold):
    first = {"id": "health", "priority": 2000, "match": {"path": "/health"}, "response": {"body": "ok"}}
    assert (await retold.post("/api/admin/mocks", json=first)).status_code == 201
    assert (await retold.get("/health")).text == "ok"
    assert sources(await session(retold, "tea"))[0] == "cassette"


async def test_a_cassette_that_is_not_there_is_told_once_and_matches_nothing(tmp_path, caplog):
    missing = {**RETOLD, "cassette": ["nope"], "match": {"path": "/orders"}}
    with caplog.at_level(logging.WARNING):
        async with a_gateway(tmp_path, missing, *mocks()) as client:
            answers = [await client.get("/orders") for _ in range(2)]
            await client.post("/api/admin/mocks", json={"id": "other", "response": {}})
    assert [answer.status_code for answer in answers] == [401, 401]
    told = [record for record in caplog.records if getattr(record, "cassette", "") == "nope"]
    assert [record.getMessage() for record in told] == ["the cassette is not there, so that nothing is told of it"]
