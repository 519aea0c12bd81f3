"""An OpenAPI document becomes definitions that answer with data its schemas accept, the same each time."""

import json

import pytest

from cassettes.definition import MockDefinition
from recorder.importers import IMPORTERS
from recorder.importers.openapi.formats import FORMATS, formatted
from recorder.importers.openapi.maker import Maker
from recorder.importers.openapi.pattern import matching_texts
from recorder.importers.openapi.words import number_for, text_for
from recorder.openapi.document import parse_document
from recorder.openapi.validator import Validator

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "email": {"type": "string"}},
}


def a_document(operation, *, path="/pets/{petId}", method="get", version="3.1.0", **more):
    return {"openapi": version, "info": {"title": "Pets", "version": "1"}, "paths": {path: {method: operation}}, **more}


def answering(schema=None, status="200", media="application/json", **content):
    body = {**({"schema": schema} if schema is not None else {}), **content}
    return {status: {"description": "", "content": {media: body}}}


def imported(document, seed=0):
    return IMPORTERS["openapi"].read_text(json.dumps(document).encode(), "pets.json", seed=seed)


def the_response(responses, **more):
    came = imported(a_document({"responses": responses}, **more))
    (definition,) = came.definitions
    MockDefinition.model_validate(definition)
    return definition["response"], [remark.sentence for remark in came.remarks]


def test_an_operation_becomes_a_definition():
    operation = {
        "operationId": "getPet",
        "summary": "One pet",
        "tags": ["pets"],
        "parameters": [{"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "responses": {**answering(PET), **answering({"type": "object"}, "404"), "500": {"description": "broken"}},
    }
    came = imported(a_document(operation, servers=[{"url": "https://api.test/v1"}]))
    (definition,) = came.definitions
    assert definition.pop("created_by").startswith("import openapi pets (name:")
    assert definition == {
        "id": "getPet",
        "name": "One pet",
        "match": {"method": "GET", "path": "/v1/pets/{petId:int}"},
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/json"},
            "body": definition["response"]["body"],
            "prefer": True,
            "examples": {
                "404": {"status": 404, "headers": {"Content-Type": "application/json"}, "body": {}},
                "500": {"status": 500},
            },
        },
        "contract": "pets#/paths/~1pets~1{petId}/get",
        "tags": ["pets"],
    }
    assert definition["response"]["body"]["email"].endswith("@example.com")
    assert (came.remarks, came.checked) == ((), 2)


def test_the_same_document_and_seed_give_the_same_definitions():
    document = a_document({"responses": answering(PET)})
    assert imported(document) == imported(document)
    assert imported(document).definitions != imported(document, seed=1).definitions


def test_ids_are_unique_and_short_enough():
    document = a_document({"responses": {}, "operationId": "x" * 300})
    document["paths"]["/a"] = {"get": {"operationId": "same", "responses": {}}, "put": {"operationId": "same"}}
    document["paths"]["/b"] = {"get": {"responses": {}}}
    ids = [one["id"] for one in imported(document).definitions]
    assert (ids[1:], len(ids[0])) == (["same", "PUT /a", "GET /b"], 193)


@pytest.mark.parametrize(
    ("path", "match"),
    [
        ("/files/{file-name}.json", {"path": "/files/{file_name}.json"}),
        ("/x?action=list", {"path": "/x", "query": {"action": "list"}}),
        ("/#Action=Describe", {"path": "/", "query": {"Action": "Describe"}}),
        ("/x#variant", {"path": "/x"}),
    ],
)
def test_a_path_is_written_as_definitions_have_it(path, match):
    (definition,) = imported(a_document({"responses": {}}, path=path)).definitions
    assert definition["match"] == {"method": "GET", **match}


# Which response, which example


def test_the_lowest_success_answers_and_the_rest_can_be_asked_for():
    responses = {
        "default": {"description": ""},
        "404": {"description": ""},
        "202": {"description": ""},
        "201": {"description": ""},
    }
    response, _ = the_response(responses)
    assert (response["status"], list(response["examples"]), response["examples"]["500"]) == (
        201, ["202", "404", "500"], {"status": 500},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "status"),
    [(["default"], 200), (["2XX"], 200), (["302", "404"], 302), (["404"], 404), ([], 200), (["100"], 200)],
)
def test_what_comes_nearest_to_a_success_answers(codes, status):
    response, _ = the_response({code: {"description": ""} for code in codes})
    assert response["status"] == status


def test_named_examples_can_be_asked_for_by_name():
    examples = {"cat": {"value": {"id": 1, "name": "Tom"}}, "dog": {"value": {"id": 2, "name": "Rex"}}}
    bad = {"application/json": {"examples": {"one": {"value": 1}, "two": {"value": 2}}}}
    response, remarks = the_response({**answering(PET, examples=examples), "400": {"description": "", "content": bad}})
    bodies = {name: one["body"] for name, one in response["examples"].items()}
    assert (response["body"], remarks) == ({"id": 1, "name": "Tom"}, [])
    assert bodies == {"cat": {"id": 1, "name": "Tom"}, "dog": {"id": 2, "name": "Rex"}, "400": "1", "400-two": "2"}


def test_an_example_that_breaks_its_schema_keeps_what_is_right():
    response, remarks = the_response(answering(PET, example={"id": "seven", "name": "Rex", "extra": [1]}))
    assert (response["body"]["name"], response["body"]["extra"], type(response["body"]["id"])) == ("Rex", [1], int)
    assert remarks == [
        'an example breaks its own schema at id (the value is not of type "integer"): that part was made anew'
    ]


def test_examples_of_swagger_2_are_used():
    answer = {"description": "", "schema": PET, "examples": {"application/json": {"id": 1, "name": "Rex"}}}
    document = {
        "swagger": "2.0",
        "info": {},
        "basePath": "/v2",
        "paths": {"/p": {"get": {"responses": {"200": answer}}}},
    }
    (definition,) = imported(document).definitions
    assert (definition["match"]["path"], definition["response"]["body"]) == ("/v2/p", {"id": 1, "name": "Rex"})


def test_braces_in_an_example_are_no_template():
    response, _ = the_response(answering({"type": "string"}, example="{{ 7*7 }}"))
    assert (response["body"], response["template"]) == ('"{{ 7*7 }}"', False)


def test_headers_of_a_response_are_made_and_framing_is_not():
    headers = {
        "X-Rate-Limit": {"schema": {"type": "integer", "minimum": 5, "maximum": 5}},
        "X-Ids": {"schema": {"type": "array", "items": {"type": "integer"}, "example": [1, 2]}},
        "Content-Length": {"schema": {"type": "integer"}},
        "Content-Encoding": {"schema": {"type": "string"}, "example": "gzip"},
    }
    response, _ = the_response({"204": {"description": "", "headers": headers}})
    assert response == {"status": 204, "headers": {"X-Rate-Limit": "5", "X-Ids": "1,2"}}


# Media types


def test_json_is_preferred():
    content = {"text/plain": {"example": "x"}, "application/xml": {}, "application/hal+json": {"example": {"a": 1}}}
    response, _ = the_response({"200": {"description": "", "content": content}})
    assert (response["headers"], response["body"]) == ({"Content-Type": "application/hal+json"}, {"a": 1})


def test_xml_is_written_as_the_schema_says():
    schema = {
        "type": "object",
        "xml": {"name": "pet", "namespace": "urn:x", "prefix": "p"},
        "properties": {
            "id": {"type": "integer", "example": 7, "xml": {"attribute": True}},
            "name": {"type": "string", "example": "a<b"},
            "tags": {
                "type": "array",
                "xml": {"wrapped": True},
                "items": {"type": "string", "example": "t", "xml": {"name": "tag"}},
            },
        },
    }
    response, _ = the_response(answering(schema, media="application/xml"))
    assert response["body"] == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<p:pet xmlns:p="urn:x" id="7"><name>a&lt;b</name><tags><tag>t</tag></tags></p:pet>'
    )


@pytest.mark.parametrize(
    ("media", "schema", "fields"),
    [
        ("text/plain", {"type": "string", "example": "hi"}, {"body": "hi"}),
        ("text/csv", {"type": "integer", "example": 3}, {"body": "3"}),
        ("application/octet-stream", {"type": "string", "format": "binary"}, {"body_base64": "TWltaWM="}),
        ("application/pdf", {"type": "string", "format": "binary"}, {"body_base64": "JVBERi0xLjQKJSVFT0YK"}),
        ("application/x-www-form-urlencoded", {"type": "object", "example": {"a": "b c"}}, {"body": "a=b+c"}),
        ("application/json", {"type": "string", "example": "hi"}, {"body": '"hi"'}),
        ("application/json", {"type": "boolean"}, {"body": "true"}),
        ("application/json", {"type": "null"}, {"body": "null"}),
    ],
)
def test_a_body_is_written_in_its_media_type(media, schema, fields):
    response, _ = the_response(answering(schema, media=media))
    assert {name: value for name, value in response.items() if name.startswith("body")} == fields


# Data from schemas

HARD = {
    "enum": {"enum": ["b", "a"]},
    "const": {"const": {"a": [1]}},
    "bounds": {"type": "integer", "minimum": 7, "maximum": 8, "multipleOf": 4},
    "exclusive": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1},
    "negative": {"type": "integer", "maximum": -5},
    "cents": {"type": "number", "multipleOf": 0.01, "minimum": 3},
    "length": {"type": "string", "minLength": 40, "maxLength": 41},
    "short": {"type": "string", "maxLength": 2},
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}(?:/[a-z]+)?$", "minLength": 8},
    "long pattern": {"type": "string", "pattern": "^[a-f0-9]+$", "minLength": 64, "maxLength": 64},
    "two patterns": {"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "z$"}, {"minLength": 2}]},
    "list": {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True},
    "unique enum": {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 3, "uniqueItems": True},
    "tuple": {"type": "array", "prefixItems": [{"const": 1}, {"type": "string"}], "items": False, "minItems": 2},
    "contains": {"type": "array", "items": {"type": "integer"}, "contains": {"const": 42}, "minItems": 1},
    "all of": {"allOf": [PET, {"properties": {"age": {"type": "integer"}}, "required": ["age"]}]},
    "one of": {"oneOf": [{"type": "string", "maxLength": 1}, {"type": "string", "minLength": 5}]},
    "one of objects": {
        "oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"b": {"type": "integer"}}},
        ]
    },
    "any of with null": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
    "not": {"type": "string", "not": {"maxLength": 3}},
    "if": {"type": "object", "properties": {"k": {"const": "x"}}, "required": ["k"], "if": {"properties": {"k": {"const": "x"}}}, "then": {"required": ["extra"]}},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
    "named map": {"type": "object", "patternProperties": {"^x-[0-9]$": {"type": "integer"}}, "additionalProperties": False},
    "names": {"type": "object", "propertyNames": {"pattern": "^[A-Z]{2}$"}, "minProperties": 1},
    "few": {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "maxProperties": 2, "required": ["c"]},
    "closed": {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}], "unevaluatedProperties": False},
    "untyped": {"properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
    "circle": {"$ref": "#/components/schemas/Node"},
    "required circle": {"$ref": "#/components/schemas/Tree"},
    "wrong example": {"type": "integer", "example": "x", "default": "y"},
    "open": {},
    "anything": True,
}  # fmt: skip
CIRCLES = {
    "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "n": {"type": "integer"}}},
    "Tree": {
        "type": "object",
        "required": ["children"],
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
    },
}


@pytest.mark.parametrize("name", HARD)
def test_what_is_made_satisfies_its_schema(name):
    document = a_document({"responses": answering(HARD[name])}, components={"schemas": CIRCLES})
    came = imported(document)
    assert (came.checked, came.remarks) == (1, ())


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_made_satisfies_its_format(name):
    for h in (0, 1, 12345, 2**31):
        assert Validator({"type": "string", "format": name}).is_valid(formatted(name, h))


def test_a_discriminator_tells_the_kind():
    schemas = {
        "Pet": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "discriminator": {"propertyName": "kind", "mapping": {"katze": "#/components/schemas/Cat"}},
        },
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"lives": {"type": "integer"}}}]},
    }
    document = a_document(
        {"responses": answering({"$ref": "#/components/schemas/Cat"})}, components={"schemas": schemas}
    )
    body = imported(document).definitions[0]["response"]["body"]
    assert (body["kind"], type(body["lives"])) == ("katze", int)


def test_a_schema_without_any_value_is_a_remark():
    _, remarks = the_response(answering({"type": "integer", "minimum": 5, "maximum": 4}))
    assert remarks == ["no data was found that satisfies the schema: the value is greater than the maximum of 4"] or (
        remarks[0].startswith("no data was found that satisfies the schema")
    )


def test_a_circle_without_end_is_a_remark_and_no_crash():
    schemas = {"A": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/A"}}}}
    _, remarks = the_response(answering({"$ref": "#/components/schemas/A"}), components={"schemas": schemas})
    assert remarks[0].startswith("no data was found")


def test_a_response_does_not_hold_what_is_only_written():
    schema = {
        "type": "object",
        "properties": {"password": {"type": "string", "writeOnly": True}, "id": {"type": "integer"}},
    }
    response, _ = the_response(answering(schema, example={"password": "x", "id": 1}))
    assert response["body"] == {"id": 1}


def test_a_hint_is_kept_as_far_as_it_is_right():
    document = parse_document(json.dumps(a_document({"responses": answering(PET)})).encode(), "x")
    (operation,) = document.operations()
    name = document.responses.name_of(operation.answers[0].content[0].schema)
    made = Maker(document.responses).make(name, {"id": 5, "name": None})
    assert (made.is_valid, made.value["id"], type(made.value["name"])) == (True, 5, str)


@pytest.mark.parametrize(
    "pattern",
    [
        "^abc$", "a|b", "[^a-z]", r"\d{3}-\d{2}", r"(?:ab)+c?", r"^(?=.*\d)[a-z\d]{8,}$", r"\p{L}+", r"\x41B", "[\\w.-]+@x",
        r"^#(?:[0-9a-f]{3}){1,2}$", "^$", "a{2,}", "(?<year>[0-9]{4})", "^[a-z]{0,3}$", "^\\/v[12]\\/.*$",
    ],
)  # fmt: skip
def test_texts_are_made_of_patterns(pattern):
    validator = Validator({"pattern": pattern})
    assert any(validator.is_valid(text) for h in (1, 99) for text in matching_texts(pattern, h))


@pytest.mark.parametrize("pattern", [r"(a)\1", "*", "(", "[", "(?i)a"])
def test_a_pattern_that_is_not_understood_gives_no_text(pattern):
    assert matching_texts(pattern, 1) == []


def test_names_tell_what_values_look_like():
    assert text_for("billingEmail", 3).endswith("@example.com")
    assert (text_for("xyzzy", 3), number_for("unit_price", 100), number_for("xyzzy", 1)) == (None, 10.99, None)
