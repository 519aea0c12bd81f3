"""Messages are compared with a document; a breach names the place in both, and never the value."""

import json

import pytest

from recorder.contract import Breach, Contract, load_contract
from recorder.openapi.document import parse_document

JSON = [(b"Content-Type", b"application/json")]
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://api.test/v1"}],
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 9}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string", "minLength": 3}},
                    {"name": "sid", "in": "cookie", "schema": {"type": "integer"}},
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-Rate": {"required": True, "schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    },
                    "4XX": {"description": ""},
                },
            },
        },
        "/pets": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        "multipart/form-data": {},
                    },
                },
                "responses": {"default": {"description": "", "content": {"text/plain": {"schema": {"maxLength": 3}}}}},
            }
        },
        "/pets/new": {"get": {"responses": {}}},
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}},
            }
        }
    },
}


@pytest.fixture(scope="module")
def contract():
    return Contract(parse_document(json.dumps(DOCUMENT).encode(), "pets.json"))


def places(breaches):
    return [(breach.pointer, breach.where) for breach in breaches]


GET = "#/paths/~1pets~1{id}/get"


@pytest.mark.parametrize(
    ("target", "headers", "broken"),
    [
        ("/v1/pets/7?limit=3", [], []),
        ("/pets/7?limit=3", [], []),
        ("/v1/pets/7", [], [(f"{GET}/parameters/0", "query limit")]),
        ("/v1/pets/x?limit=10", [], [
            ("#/paths/~1pets~1{id}/parameters/0/schema/type", "path id"),
            (f"{GET}/parameters/0/schema/maximum", "query limit"),
        ]),
        ("/v1/pets/7?limit=3", [(b"x-trace", b"a")], [(f"{GET}/parameters/1/schema/minLength", "header X-Trace")]),
        ("/v1/pets/7?limit=3", [(b"Cookie", b"a=1; sid=x")], [(f"{GET}/parameters/2/schema/type", "cookie sid")]),
        ("/v1/pets/new", [], []),
        ("/v1/cats", [], [("#/paths", "path")]),
    ],
)  # fmt: skip
def test_a_request_is_compared(contract, target, headers, broken):
    assert places(contract.check_request("GET", target, headers)) == broken


def test_a_method_that_is_not_described_names_those_that_are(contract):
    (breach,) = contract.check_request("DELETE", "/pets", [])
    assert breach == Breach("#/paths", "method", "DELETE is not described for this path: POST would be")


@pytest.mark.parametrize(
    ("media", "body", "broken"),
    [
        (b"application/json", b'{"id": 1}', []),
        (
            b"application/json; charset=utf-8",
            b'{"id": "secret"}',
            [("#/components/schemas/Pet/properties/id/type", "body/id")],
        ),
        (
            b"application/json",
            b'{"id": 1, "tags": ["a", 2]}',
            [("#/components/schemas/Pet/properties/tags/items/type", "body/tags/1")],
        ),
        (b"application/json", b"{", [("#/paths/~1pets/post/requestBody", "body")]),
        (b"application/json", b"", [("#/paths/~1pets/post/requestBody", "body")]),
        (b"application/xml", b"<a/>", [("#/paths/~1pets/post/requestBody", "content-type")]),
        (b"application/x-www-form-urlencoded", b"id=1&tags=a&tags=b", []),
        (b"application/x-www-form-urlencoded", b"id=x", [("#/components/schemas/Pet/properties/id/type", "body/id")]),
        (b"multipart/form-data; boundary=x", b"--x--", []),
    ],
)
def test_a_requests_body_is_compared(contract, media, body, broken):
    breaches = contract.check_request("POST", "/pets", [(b"content-type", media)], body)
    assert places(breaches) == broken
    assert "secret" not in repr(breaches)


@pytest.mark.parametrize(
    ("status", "headers", "body", "broken"),
    [
        (200, [*JSON, (b"X-Rate", b"3")], b'{"id": 1}', []),
        (200, JSON, b'{"id": 1}', [("#/paths/~1pets~1{id}/get/responses/200/headers/X-Rate", "header X-Rate")]),
        (200, [(b"X-Rate", b"3")], b'{"id": 1}', [(f"{GET}/responses/200", "content-type")]),
        (200, [*JSON, (b"X-Rate", b"x")], b"{}", [
            (f"{GET}/responses/200/headers/X-Rate/schema/type", "header X-Rate"),
            ("#/components/schemas/Pet/required", "body"),
        ]),
        (404, [], b"anything", []),
        (500, [], b"", [(f"{GET}/responses", "status")]),
    ],
)  # fmt: skip
def test_a_response_is_compared(contract, status, headers, body, broken):
    assert places(contract.check_response("GET", "/v1/pets/7?limit=1", status, headers, body)) == broken


def test_what_has_no_body_is_not_asked_for_one(contract):
    plain = [(b"content-type", b"text/plain")]
    assert contract.check_response("POST", "/pets", 204, []) == []
    assert contract.check_response("GET", "/pets/new", 418, []) == []
    assert places(contract.check_response("POST", "/pets", 200, plain, b"long")) == [
        ("#/paths/~1pets/post/responses/default/content/text~1plain/schema/maxLength", "body")
    ]


def test_a_definition_names_its_operation_wherever_it_is_served(contract):
    pointer = "pets#/paths/~1pets~1{id}/get"
    assert places(contract.check_request("GET", "/elsewhere/pets/x?limit=1", [], pointer=pointer)) == [
        ("#/paths/~1pets~1{id}/parameters/0/schema/type", "path id")
    ]
    (gone,) = contract.check_request("GET", "/x", [], pointer="pets#/paths/~1x/get")
    assert gone.sentence == "there is no such operation in the document any more"


def test_a_contract_is_loaded_from_a_file(tmp_path):
    (tmp_path / "pets.json").write_text(json.dumps(DOCUMENT))
    loaded = load_contract(tmp_path / "pets.json")
    assert (loaded.name, loaded.operations()[0].pointer) == ("pets", GET)
