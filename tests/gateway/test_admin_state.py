"""The admin API reads, sets and resets state, scenarios and resources of a running gateway."""

import pytest
from serving_gateway import a_gateway
from state_places import a_redis

OTP = {"id": "send", "response": {}, "state": {"persist_to": "db", "keys": [{"session": "otp:{{ x }}"}]}}
PAY = {"id": "pay", "response": {}, "scenario": {"name": "order", "state": "started", "to": "paid"}}
CART = {"id": "cart", "response": {}, "scenario": {"name": "cart", "to": "full", "scope": "session"}}
SEED = [{"id": 1, "name": "Rex"}, {"id": 2, "name": "Tom"}]
TAGS = {"id": "tags", "collections": {"tags": {"seed": {"a": {"n": 1}, "b": 2}}}, "cases": [{"response": {}}]}
PETS = {"id": "pets", "match": {"path": "/pets"}, "resource": {"name": "pets", "seed": SEED}}
HERD = {"id": "herd", "resource": {"name": "herd", "scope": "header:X-Farm", "seed": SEED}}
STATE, SCENARIOS, RESOURCES = "/api/admin/state", "/api/admin/scenarios", "/api/admin/resources"


@pytest.fixture(params=["memory", "sqlite", "redis"])
def settings(request, tmp_path):
    """Give the settings of each default store."""
    if request.param != "redis":
        yield {"state": request.param}
        return
    with a_redis(tmp_path) as server:
        yield {"state": "redis", "redis_url": server.url}


async def test_a_key_is_set_read_listed_and_deleted(tmp_path, settings):
    row = {"key": "global:k", "scope": "global", "store": settings["state"], "kind": "value", "value": {"a": [1]}}
    async with a_gateway(tmp_path, **settings) as client:
        before = await client.get(f"{STATE}/global:k")
        put = await client.put(f"{STATE}/global:k", json={"value": {"a": [1]}, "ttl_s": 60})
        got = await client.get(f"{STATE}/global:k")
        listed = await client.get(STATE)
        deleted = [(await client.delete(f"{STATE}/global:k")).status_code for _ in range(2)]
    assert (before.status_code, before.headers["content-type"]) == (404, "application/problem+json")
    assert (put.json(), got.json(), listed.json()) == (row, row, {"items": [row], "limit": 100})
    assert deleted == [204, 404]


async def test_keys_of_every_kind_are_listed_by_scope_and_beginning(tmp_path, settings):
    async with a_gateway(tmp_path, **settings) as client:
        default = client.gateway.services.states.default
        await default.push("session:a%20b:l", 1)
        await default.put("session:c:t", "f", None)
        await default.set("header:x-t:1:k", None)
        await default.set("global:k/1 ?", False)
        kinds = {row["key"]: (row["kind"], row["value"]) for row in (await client.get(STATE)).json()["items"]}
        asked = ["?scope=session", "?scope=session&prefix=c:", "?prefix=g", "?scope=header:X-T", "?limit=2&prefix=s"]
        found = [[row["key"] for row in (await client.get(STATE + query)).json()["items"]] for query in asked]
        escaped = [await client.get(f"{STATE}/{key}") for key in ("session:a%2520b:l", "global:k/1%20%3F")]
        removed = (await client.delete(f"{STATE}?scope=session")).json()
        rest = (await client.delete(STATE)).json()
    assert kinds == {
        "session:a%20b:l": ("list", [1]),
        "session:c:t": ("table", {"f": None}),
        "header:x-t:1:k": ("value", None),
        "global:k/1 ?": ("value", False),
    }
    sessions = ["session:a%20b:l", "session:c:t"]
    assert found == [sessions, ["session:c:t"], ["global:k/1 ?"], ["header:x-t:1:k"], sessions]
    assert [answer.json()["value"] for answer in escaped] == [[1], False]
    assert (removed, rest) == ({"removed": 2}, {"removed": 2})


async def test_a_declared_key_is_set_in_its_store(tmp_path):
    async with a_gateway(tmp_path, OTP) as client:
        put = (await client.put(f"{STATE}/session:s:otp:1", json={"value": "4711"})).json()
        chosen = (await client.put(f"{STATE}/session:s:otp:2?store=memory", json={"value": 0})).json()
        stores = {row["key"]: row["store"] for row in (await client.get(STATE)).json()["items"]}
        only = (await client.get(f"{STATE}?store=sqlite")).json()["items"]
    assert (put["store"], chosen["store"]) == ("sqlite", "memory")
    assert stores == {"session:s:otp:1": "sqlite", "session:s:otp:2": "memory"}
    assert [row["value"] for row in only] == ["4711"]
    async with a_gateway(tmp_path, OTP) as client:
        assert (await client.get(f"{STATE}/session:s:otp:1")).json()["value"] == "4711"


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        (f"{STATE}/k", {"value": 1}, "'k' is no stored key: global:KEY"),
        (f"{STATE}/scenario:order:global", {"value": "paid"}, "is no stored key"),
        (f"{STATE}/global:", {"value": 1}, "is no stored key"),
        (f"{STATE}/global:k?store=disk", {"value": 1}, "there is no store 'disk' (known: memory, sqlite)"),
        (f"{STATE}/global:k", {"value": 1, "ttl_s": 0}, "body.ttl_s"),
        (f"{STATE}/global:k", {"value": 1, "ttl": 5}, "body.ttl: there is no such key"),
        (f"{SCENARIOS}/order", {"state": "lost"}, "names the state 'lost' (known: started, paid)"),
        (f"{SCENARIOS}/order", {"state": "paid", "scope": "session"}, "say for which scope"),
        (f"{RESOURCES}/pets", [{"name": "no id"}], "the item's id is to be a whole number"),
        (f"{RESOURCES}/pets", {"id": 1}, "the resource 'pets' takes a list of items"),
        (f"{RESOURCES}/tags", [{"id": 1}], "the resource 'tags' takes an object of items by their keys"),
        (f"{RESOURCES}/tags", {"": 1}, "none of them empty"),
        (f"{RESOURCES}/pets", 7, "body"),
    ],
)
async def test_what_cannot_be_set_is_told(tmp_path, path, body, told):
    async with a_gateway(tmp_path, PAY, PETS, TAGS) as client:
        answer = await client.put(path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert told in answer.json()["detail"]


async def test_a_collection_is_listed_replaced_and_made_anew(tmp_path):
    async with a_gateway(tmp_path, TAGS) as client:
        listed = (await client.get(RESOURCES)).json()
        seeded = (await client.get(f"{RESOURCES}/tags?limit=1")).json()
        await client.put(f"{RESOURCES}/tags", json={"c": None})
        replaced = (await client.get(f"{RESOURCES}/tags")).json()
        await client.delete(f"{RESOURCES}/tags")
        anew = (await client.get(f"{RESOURCES}/tags")).json()["items"]
    assert listed["items"] == [{"name": "tags", "scope": "global", "id_field": None, "collections": []}]
    assert seeded == {"items": [{"n": 1}], "keys": ["a"], "total": 2, "offset": 0, "limit": 1}
    assert (replaced["items"], replaced["keys"], anew) == ([None], ["c"], [{"n": 1}, 2])


async def test_a_store_that_is_away_is_a_problem(tmp_path):
    async with a_gateway(tmp_path, state="redis", redis_url="redis://127.0.0.1:1/0") as client:
        answer = await client.get(STATE)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.json()["detail"].startswith("Redis at 127.0.0.1:1 cannot be reached")


async def test_scenarios_are_listed_put_somewhere_and_begun_again(tmp_path, settings):
    async with a_gateway(tmp_path, PAY, CART, **settings) as client:
        put = (await client.put(f"{SCENARIOS}/order", json={"state": "paid"})).json()
        await client.put(f"{SCENARIOS}/cart", json={"state": "full", "value": "s:1"})
        listed = (await client.get(SCENARIOS)).json()
        missing = [
            (await client.put(f"{SCENARIOS}/none", json={"state": "paid"})).status_code,
            (await client.post(f"{SCENARIOS}/reset", json={"name": "none"})).status_code,
            (await client.post(f"{SCENARIOS}/reset", json={"value": "s:1"})).status_code,
        ]
        one = (await client.post(f"{SCENARIOS}/reset", json={"scope": "session", "value": "s:1"})).json()
        rest = (await client.post(f"{SCENARIOS}/reset", json={})).json()
        after = (await client.get(SCENARIOS)).json()["items"]
    assert put == {"name": "order", "scope": "global", "value": "", "state": "paid"}
    assert listed == {
        "items": [
            {
                "name": "order",
                "scopes": ["global"],
                "states": ["started", "paid"],
                "current": [{"scope": "global", "value": "", "state": "paid"}],
            },
            {
                "name": "cart",
                "scopes": ["session"],
                "states": ["started", "full"],
                "current": [{"scope": "session", "value": "s:1", "state": "full"}],
            },
        ],
        "total": 2,
    }
    assert missing == [404, 404, 422]
    assert (one, rest, [item["current"] for item in after]) == ({"reset": 1}, {"reset": 1}, [[], []])


async def test_resources_are_listed_replaced_and_made_from_their_seed_again(tmp_path, settings):
    async with a_gateway(tmp_path, PETS, HERD, **settings) as client:
        seeded = (await client.get(f"{RESOURCES}/pets?limit=1")).json()
        replaced = (await client.put(f"{RESOURCES}/herd?value=a/b", json=[{"id": 7}])).json()
        farms = [(await client.get(f"{RESOURCES}/herd?value={farm}")).json()["items"] for farm in ("a/b", "c")]
        listed = (await client.get(RESOURCES)).json()
        reset = await client.delete(f"{RESOURCES}/herd")
        after = (await client.get(f"{RESOURCES}/herd?value=a/b")).json()["items"]
        missing = (await client.get(f"{RESOURCES}/none")).json()
    assert seeded == {"items": SEED[:1], "total": 2, "offset": 0, "limit": 1}
    assert (replaced, farms) == ({"total": 1}, [[{"id": 7}], SEED])
    herds = ["header:x-farm:a%2Fb", "header:x-farm:c"]
    assert listed["items"] == [
        {"name": "herd", "scope": "header:X-Farm", "id_field": "id", "collections": herds},
        {"name": "pets", "scope": "global", "id_field": "id", "collections": ["global"]},
    ]
    assert (reset.status_code, after) == (204, SEED)
    assert missing["detail"] == "no definition has the resource 'none' (known: herd, pets)"


async def test_the_endpoints_need_the_key(tmp_path):
    async with a_gateway(tmp_path, PETS, admin_key="k") as client:
        statuses = [(await client.get(path)).status_code for path in (STATE, SCENARIOS, f"{RESOURCES}/pets")]
    assert statuses == [401] * 3


async def test_a_scenario_of_one_scope_is_reset_for_a_value(tmp_path):
    paying = {**PAY, "scenario": {"name": "basket", "state": "started", "to": "paid", "scope": "session"}}
    async with a_gateway(tmp_path, paying) as client:
        await client.put(f"{SCENARIOS}/basket", json={"state": "paid", "value": "me"})
        answer = await client.post(f"{SCENARIOS}/reset", json={"name": "basket", "value": "me"})
        current = (await client.get(SCENARIOS)).json()["items"][0]["current"]
    assert (answer.json(), current) == ({"reset": 1}, [])
