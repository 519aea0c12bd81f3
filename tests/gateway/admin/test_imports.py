"""A document that is sent becomes definitions that answer, all or nothing."""

import pytest
from serving_gateway import a_gateway

PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pet shop", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "responses": {"200": {"description": "", "content": {"application/json": {"example": [{"id": 1}]}}}},
            }
        }
    },
}
YAML = "openapi: 3.0.0\npaths:\n  /cats:\n    get: {operationId: cats, responses: {'204': {description: none}}}\n"


async def test_an_import_is_served_at_once(tmp_path):
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/import/openapi", json=PETS)
        served = await client.get("/pets")
    told = answer.json()
    assert (answer.status_code, told["document"], told["applied"], told["merge"]) == (
        200, "Pet-shop", True, {"added": ["listPets"]},
    )  # fmt: skip
    assert (served.json(), served.headers["x-mimic-route"]) == ([{"id": 1}], "listPets")


async def test_yaml_is_sent_as_a_text(tmp_path):
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/import/openapi", json={"document": YAML, "name": "cats"})
        served = await client.get("/cats")
    assert (answer.json()["document"], served.status_code) == ("cats", 204)


async def test_a_dry_run_changes_nothing(tmp_path):
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/import/openapi?dry_run=true", json=PETS)
        served = await client.get("/pets")
    assert (answer.json()["applied"], answer.json()["definitions"], served.status_code) == (False, 1, 404)


async def test_a_second_import_needs_merge_and_keeps_what_was_edited(tmp_path):
    async with a_gateway(tmp_path) as client:
        await client.post("/api/admin/import/openapi", json=PETS)
        refused = await client.post("/api/admin/import/openapi", json=PETS)
        shown = (await client.get("/api/admin/mocks/listPets")).json()
        await client.put("/api/admin/mocks/listPets", json={**shown, "response": {"body": "mine"}})
        merged = await client.post("/api/admin/import/openapi?merge=true", json=PETS)
        served = await client.get("/pets")
    assert (refused.status_code, "merge=true" in refused.json()["detail"]) == (409, True)
    assert merged.json()["merge"]["kept"] == [{"id": "listPets", "fields": ["response"], "contested": []}]
    assert served.text == "mine"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"swagger": "1.2"}, "version '1.2' is not read"),
        ({"a": 1}, "this is no OpenAPI document"),
        ({"document": 7}, "document is an object, or a text"),
        ({"document": "a: ["}, "openapi:2"),
    ],
)
async def test_what_cannot_be_imported_is_a_problem(tmp_path, document, told):
    async with a_gateway(tmp_path) as client:
        answer = await client.post("/api/admin/import/openapi", json=document)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert told in answer.json()["detail"]
