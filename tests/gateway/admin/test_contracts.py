"""Contracts are listed, switched while they are kept, and tell what broke them."""

import json

from serving_gateway import a_gateway

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": ""}},
            }
        }
    },
}


def a_kept_gateway(tmp_path):
    file = tmp_path / "pets.json"
    file.write_text(json.dumps(DOCUMENT))
    contracts = {"pets": {"file": str(file), "check": "off", "all": True}}
    return a_gateway(tmp_path, {"id": "x", "response": {"body": "secret"}}, contracts=contracts)


async def test_a_contract_is_switched_while_it_runs_and_counts_what_broke_it(tmp_path):
    async with a_kept_gateway(tmp_path) as client:
        statuses = []
        for check in ("off", "report", "enforce", "off"):
            switched = await client.put("/api/admin/contracts/pets", json={"check": check})
            assert switched.json()["check"] == check
            statuses.append((await client.get("/pets?limit=secret")).status_code)
        (listed,) = (await client.get("/api/admin/contracts")).json()["items"]
        recent = await client.get("/api/admin/contracts/pets/breaches", params={"limit": 1})
    assert statuses == [200, 200, 400, 200]
    assert listed == {
        "name": "pets",
        "file": str(tmp_path / "pets.json"),
        "check": "off",
        "requests": True,
        "responses": True,
        "all": True,
        "body_bytes": 1 << 20,
        "operations": 1,
        "breaches": [{"operation": "GET /pets", "side": "request", "count": 2}],
    }
    (one,) = recent.json()["items"]
    assert recent.json()["total"] == 2
    assert {name: one[name] for name in ("operation", "side", "pointer", "where", "detail")} == {
        "operation": "GET /pets",
        "side": "request",
        "pointer": "#/paths/~1pets/get/parameters/0/schema/type",
        "where": "query limit",
        "detail": 'the value is not of type "integer"',
    }
    assert "secret" not in recent.text


async def test_what_is_no_contract_or_no_way_to_keep_one_is_refused(tmp_path):
    async with a_kept_gateway(tmp_path) as client:
        unknown = await client.put("/api/admin/contracts/cats", json={"check": "off"})
        wrong = await client.put("/api/admin/contracts/pets", json={"check": "on"})
    assert (unknown.status_code, wrong.status_code) == (404, 422)
    assert unknown.json()["detail"] == ("there is no contract 'cats' (known: pets): name its document under contracts:")
