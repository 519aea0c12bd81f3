"""Definitions and recordings are described as OpenAPI, in a document that their own answers satisfy."""

import json

from builders import JSON, a_request, a_response, an_exchange, an_interaction

from cassettes.cassette import Cassette, Manifest
from cassettes.definition import MockDefinition
from recorder.contract import Contract
from recorder.exporters import EXPORTERS
from recorder.openapi.document import parse_document

OPENAPI = EXPORTERS["openapi"]


def definitions(*documents):
    return [MockDefinition.model_validate(document) for document in documents]


def test_definitions_are_described():
    document = OPENAPI.of_definitions(
        definitions(
            {
                "id": "getPet",
                "name": "One pet",
                "match": {"method": "GET", "path": "/pets/{id:int}", "query": {"full": "1"}},
                "response": {
                    "body": {"id": 1},
                    "examples": {"404": {"status": 404, "body": "none", "headers": {"Content-Type": "text/plain"}}},
                },
                "tags": ["pets"],
            },
            {"id": "any", "match": {"path": "/files/**"}, "response": {}},
            {"id": "off", "enabled": False, "match": {"path": "/off"}, "response": {}},
        ),
        "Pets",
    )
    assert document == {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1.0.0"},
        "paths": {
            "/pets/{id}": {
                "get": {
                    "operationId": "getPet",
                    "summary": "One pet",
                    "tags": ["pets"],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                        {"name": "full", "in": "query", "schema": {"type": "string"}},
                    ],
                    "responses": {
                        "200": {
                            "description": "OK",
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
                                    },
                                    "example": {"id": 1},
                                }
                            },
                        },
                        "404": {"description": "Not Found", "content": {"text/plain": {"schema": {"type": "string"}}}},
                    },
                }
            }
        },
    }  # fmt: skip


def test_a_recording_satisfies_the_document_that_is_made_of_it():
    exchanges = [
        an_exchange(a_request(target=b"/pets/1?verbose=1")),
        an_exchange(a_request(target=b"/pets/2?verbose=0"), a_response(body=b'{"id":2,"name":null}')),
        an_exchange(a_request("POST", b"/pets", headers=JSON, body=b'{"name":"Rex"}'), a_response(201)),
        an_exchange(
            a_request(target=b"/pets/1/photo"), a_response(headers=((b"content-type", b"image/png"),), body=b"x")
        ),
    ]
    cassette = Cassette(
        Manifest("pets", upstreams={"api": "https://api.test"}),
        tuple(an_interaction(number, exchange) for number, exchange in enumerate(exchanges, 1)),
    )
    document = OPENAPI.of_cassette(cassette, "Pets")
    contract = Contract(parse_document(json.dumps(document).encode(), "pets.json"))
    assert (list(document["paths"]), document["servers"]) == (
        ["/pets/{petId}", "/pets", "/pets/{petId}/photo"], [{"url": "https://api.test"}],
    )  # fmt: skip
    for exchange in exchanges:
        request, response = exchange.request, exchange.response
        target = request.target.decode()
        assert contract.check_request(request.method, target, request.headers, request.body) == []
        assert contract.check_response(request.method, target, response.status, response.headers, response.body) == []
