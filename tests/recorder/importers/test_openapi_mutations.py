"""A document that somebody broke anywhere imports what is left of it, or is refused with a sentence."""

import copy
import json
import random

import pytest

from cassettes.definition import MockDefinition
from recorder.contract import Contract
from recorder.errors import DocumentError
from recorder.importers import IMPORTERS
from recorder.openapi.document import parse_document

JUNK = [
    None,
    7,
    -1,
    1.5,
    "",
    "x",
    True,
    [],
    {},
    [None],
    {"$ref": "#/paths"},
    {"$ref": 5},
    "{{",
    "\x00\r\n",
    10**30,
    {"type": "x"},
    [[[]]],
]
PET = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "format": "int64"},
        "kind": {"type": "string", "enum": ["cat"], "example": "cat"},
        "next": {"$ref": "#/components/schemas/Pet"},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}, "minItems": 1},
        "more": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "map": {"type": "object", "additionalProperties": {"type": "number"}},
    },
    "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Pet"}},
    "xml": {"name": "pet"},
}
THREE = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "/{v}", "variables": {"v": {"default": "v1"}}}],
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "put": {
                "operationId": "put",
                "tags": ["a"],
                "summary": "s",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                "responses": {
                    "200": {
                        "description": "d",
                        "headers": {"X-A": {"schema": {"type": "integer"}, "required": True}},
                        "content": {
                            "application/json": {
                                "schema": {"allOf": [{"$ref": "#/components/schemas/Pet"}]},
                                "examples": {"one": {"value": {"id": 1}}},
                            },
                        },
                    },
                    "default": {
                        "description": "",
                        "content": {"application/xml": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    },
                },
            },
        }
    },
    "components": {"schemas": {"Pet": PET}},
}
TWO = {
    "swagger": "2.0",
    "basePath": "/v2",
    "produces": ["application/json"],
    "paths": {
        "/pets": {
            "post": {
                "consumes": ["application/json"],
                "parameters": [
                    {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Pet"}},
                    {
                        "name": "q",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "csv",
                    },
                ],
                "responses": {
                    "201": {
                        "schema": {"$ref": "#/definitions/Pet"},
                        "headers": {"X": {"type": "string"}},
                        "examples": {"a/b": 1},
                    }
                },
            }
        }
    },
    "definitions": {"Pet": json.loads(json.dumps(PET).replace("components/schemas", "definitions"))},
}


def places(value, path=()):
    yield path
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(child, (*path, key))


def mutated(document, chance):
    changed = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        path = chance.choice([path for path in places(changed) if path])
        target = changed
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = copy.deepcopy(chance.choice(JUNK))
    return changed


@pytest.mark.parametrize("document", [THREE, TWO], ids=["3.1", "2.0"])
@pytest.mark.parametrize("seed", range(20))
def test_no_document_is_a_traceback(document, seed):
    chance = random.Random(seed)
    for _ in range(30):
        changed = mutated(document, chance)
        text = json.dumps(changed).encode()
        try:
            came = IMPORTERS["openapi"].read_text(text, "broken.json")
            contract = Contract(parse_document(text, "broken.json"))
        except DocumentError:
            continue
        for definition in came.definitions:
            MockDefinition.model_validate(definition)
        headers = [(b"content-type", b"application/json"), (b"x-a", b"x")]
        for method, path in (("PUT", "/v1/pets/7?q=1"), ("POST", "/v2/pets?q=a,b")):
            contract.check_request(method, path, headers, b'{"id": 1}')
            contract.check_response(method, path, 200, headers, b'{"id": 1}')
