"""Documents are read whole: every version, references across files, schemas in one dialect; nothing outside is touched."""

import json

import pytest

from recorder.errors import DocumentError
from recorder.openapi.dialect import nullable, plain_keywords
from recorder.openapi.document import open_document, parse_document
from recorder.openapi.flat import Flattener
from recorder.openapi.media import covers, is_json, is_text, is_xml
from recorder.openapi.operation import Parameter
from recorder.openapi.paths import Paths
from recorder.openapi.style import ABSENT, coerced, read_query, read_text, shape_of, written
from recorder.openapi.text import read_text as read_document_text
from recorder.openapi.validator import Validator, compile_schema, usable_pattern


def a_document(schema=None, *, version="3.1.0", **more):
    schema = {"type": "object"} if schema is None else schema
    answer = {"description": "", "content": {"application/json": {"schema": schema}}}
    paths = {"/things": {"get": {"responses": {"200": answer}}}}
    return {"openapi": version, "info": {"title": "Things", "version": "1"}, "paths": paths, **more}


def parsed(value):
    return parse_document(json.dumps(value).encode(), "things.json")


def the_schema(value, **more):
    """Give the 200 schema of /things as it was converted, and its validator."""
    document = parsed(a_document(value, **more))
    (operation,) = document.operations()
    name = document.responses.name_of(operation.answers[0].content[0].schema)
    return document, name


def accepts(value, instance, **more):
    document, name = the_schema(value, **more)
    return document.responses.validator(name).is_valid(instance)


# Texts


def test_yaml_is_read_as_openapi_means_it():
    text = b"on: yes\n200: {a: 2024-01-02, b: 012, c: 1e3, d: ~, e: true, f: .5}\n"
    expected = {"on": "yes", "200": {"a": "2024-01-02", "b": 12, "c": 1000.0, "d": None, "e": True, "f": 0.5}}
    assert read_document_text(text, "x") == expected


def test_anchors_aliases_and_merge_keys_are_followed():
    text = b"a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [*a, {z: 9}]}\n"
    value = read_document_text(text, "x")
    assert (value["b"], value["c"], value["d"]) == ({"x": 1, "y": 2}, {"x": 1, "y": 3}, {"x": 1, "y": 2, "z": 9})


BOMB = b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "aliases grow to more than"),
        (b"a: &a [*a]", "an alias of itself"),
        (b"[" * 200 + b"]" * 200, "nested deeper than 100"),
        (b"a: [" * 1 + b"[" * 150 + b"]" * 150 + b"]", "nested deeper than 100"),
        (b"a: {b: c", "doc:2"),
        (b"x: 1\ny: [1\nz: 2\n", "doc:3"),
        (b"{a: 1}: 2", "a key must be a plain name"),
        (b"a: \xff\xfe", "doc"),
        (b"a: *nowhere", "doc:1"),
    ],
)
def test_a_bad_text_is_refused_with_a_sentence(text, told):
    with pytest.raises(DocumentError, match=told.replace("[", r"\[")):
        read_document_text(text, "doc")


# Documents and files


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"[]", "is a mapping"),
        (b"a: 1", "neither openapi: nor swagger:"),
        (b"openapi: 4.0.0", "version '4.0.0' is not read"),
        (b"swagger: '1.2'", "version '1.2' is not read"),
        (b"openapi: 3.0.0\npaths: []", "#/paths: a mapping"),
    ],
)
def test_what_is_no_document_is_refused(text, told):
    with pytest.raises(DocumentError, match=told):
        parse_document(text, "doc.yaml")


def test_references_go_across_files_and_back(tmp_path):
    (tmp_path / "paths").mkdir()
    (tmp_path / "openapi.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
        "paths:\n  /users/{id}: {$ref: 'paths/user%20one.yaml'}\n"
        "components: {schemas: {User: {type: object, properties: {boss: {$ref: '#/components/schemas/User'}}}}}\n"
    )
    (tmp_path / "paths" / "user one.yaml").write_text(
        "parameters: [{$ref: '../parameters.yaml#/~1id'}]\nget: {$ref: 'get.yaml'}\n"
    )
    (tmp_path / "paths" / "get.yaml").write_text(
        "operationId: one\nresponses: {'200': {content: {application/json: {schema: "
        "{$ref: '../openapi.yaml#/components/schemas/User'}}}}}\n"
    )
    (tmp_path / "parameters.yaml").write_text("/id: {name: id, in: path, required: true, schema: {type: integer}}\n")
    document = open_document(tmp_path)
    (operation,) = document.operations()
    name = document.responses.name_of(operation.answers[0].content[0].schema)
    assert (operation.id, operation.pointer, [one.name for one in operation.parameters], name) == (
        "one", "#/paths/~1users~1{id}/get", ["id"], "User",
    )  # fmt: skip
    assert document.responses.bundle("User")["$defs"] == {
        "User": {"type": "object", "properties": {"boss": {"$ref": "#/$defs/User"}}}
    }
    assert document.tree.remarks.all() == ()


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("../secret.yaml", "outside the document's folder"),
        ("inside/../../secret.yaml", "outside the document's folder"),
        ("/etc/passwd", "outside the document's folder"),
        ("link.yaml", "outside the document's folder"),
        ("https://example.com/x.yaml", "no URL is fetched"),
        ("//example.com/x.yaml", "no URL is fetched"),
        ("file:///etc/passwd", "no URL is fetched"),
        ("missing.yaml", "cannot be read"),
        ("#/components/schemas/Nope", "there is no 'components'"),
        ("#nope", "there is no anchor"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_remark_and_an_open_schema(tmp_path, reference, told):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text("type: string\n")
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "openapi.json").write_text(json.dumps(a_document({"$ref": reference})))
    document = open_document(inside)
    (operation,) = document.operations()
    name = document.responses.name_of(operation.answers[0].content[0].schema)
    assert document.responses.schema(name) == {}
    (remark,) = document.tree.remarks.all()
    assert told in remark.sentence


def test_a_document_that_is_sent_alone_has_no_files():
    document, name = the_schema({"$ref": "other.yaml#/X"})
    assert document.responses.schema(name) == {}
    assert "sent alone" in document.tree.remarks.all()[0].sentence


def test_a_folder_names_its_document_or_is_asked_which(tmp_path):
    (tmp_path / "a.yaml").write_text("x: 1\n")
    (tmp_path / "b.yaml").write_text("x: 1\n")
    with pytest.raises(DocumentError, match=r"a\.yaml, b\.yaml"):
        open_document(tmp_path)


def test_a_bad_operation_is_skipped_and_the_rest_is_read():
    value = a_document()
    value["paths"] |= {"/bad": {"get": 7}, "no-slash": {}, "/worse": 3}
    document = parsed(value)
    assert [operation.path for operation in document.operations()] == ["/things"]
    assert [remark.severity for remark in document.tree.remarks.all()] == ["error", "error", "error"]


def test_swagger_2_gives_the_same_operations_as_openapi_3():
    value = {
        "swagger": "2.0",
        "basePath": "/v1/",
        "produces": ["application/json"],
        "parameters": {"Limit": {"name": "limit", "in": "query", "type": "integer", "collectionFormat": "multi"}},
        "paths": {
            "/pets": {
                "parameters": [{"$ref": "#/parameters/Limit"}],
                "post": {
                    "parameters": [{"name": "name", "in": "formData", "type": "string", "required": True}],
                    "responses": {"200": {"schema": {"type": "file"}, "examples": {"application/json": {"a": 1}}}},
                },
            }
        },
    }
    (operation,) = parsed(value).operations()
    (parameter,) = operation.parameters
    (media,) = operation.answers[0].content
    body = operation.body
    assert (operation.method, operation.prefixes, operation.pointer) == ("POST", ("/v1",), "#/paths/~1pets/post")
    assert (parameter.name, parameter.style, parameter.explode, parameter.schema.value) == (
        "limit", "form", True, {"type": "integer"},
    )  # fmt: skip
    assert (body.required, body.content[0].type) == (True, "application/x-www-form-urlencoded")
    assert body.content[0].schema.value == {
        "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"],
    }  # fmt: skip
    assert (media.type, media.schema.value, media.examples[0].value) == (
        "application/json", {"type": "string", "format": "binary"}, {"a": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("servers", "prefixes"),
    [
        ([], ("",)),
        ([{"url": "https://a.test/v1/"}, {"url": "https://b.test/v2"}], ("/v1", "/v2")),
        ([{"url": "/api"}], ("/api",)),
        ([{"url": "https://{host}/{base}", "variables": {"base": {"default": "v3"}}}], ("/v3",)),
    ],
)
def test_the_servers_paths_come_before_an_operations_path(servers, prefixes):
    (operation,) = parsed(a_document(servers=servers)).operations()
    assert operation.prefixes == prefixes


# Schemas


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"type": "string", "nullable": True}, [None, "x"], [1]),
        ({"type": "string", "enum": ["a"], "nullable": True}, [None, "a"], ["b"]),
        ({"nullable": True, "allOf": [{"type": "object"}]}, [None, {}], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"type": "integer", "maximum": 1, "exclusiveMaximum": False}, [1], [2]),
        ({"const": 1}, [1, 2], []),
        ({"type": "string", "pattern": r"^[\w-.]+\Z"}, ["a-b.c"], ["a b"]),
        ({"type": "string", "format": "uuid"}, ["123e4567-e89b-42d3-a456-426614174000"], ["x"]),
        ({"type": "file", "required": True, "minLength": "x"}, [1, "x"], []),
    ],
)
def test_schemas_of_3_0_mean_what_they_say(schema, right, wrong):
    assert [accepts(schema, value, version="3.0.3") for value in right] == [True] * len(right)
    assert [accepts(schema, value, version="3.0.3") for value in wrong] == [False] * len(wrong)


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"type": ["string", "null"]}, [None, "x"], [1]),
        ({"const": 1}, [1], [2]),
        ({"$ref": "#/components/schemas/Id", "maximum": 5}, [3], [9, "x"]),
        ({"prefixItems": [{"type": "integer"}], "items": False}, [[1]], [[1, 2], ["x"]]),
        ({"$ref": "#ident"}, [3], ["x"]),
        ({"$dynamicRef": "#ident"}, [3], ["x"]),
        ({"patternProperties": {"^x": {"type": "integer"}}}, [{"x1": 1}], [{"x1": "a"}]),
        (True, [1], []),
        (False, [], [1]),
    ],
)
def test_schemas_of_3_1_mean_what_they_say(schema, right, wrong):
    components = {"schemas": {"Id": {"type": "integer", "$anchor": "ident"}}}
    assert [accepts(schema, value, components=components) for value in right] == [True] * len(right)
    assert [accepts(schema, value, components=components) for value in wrong] == [False] * len(wrong)


def test_siblings_of_a_reference_count_from_3_1_on():
    schemas = {"schemas": {"Id": {"type": "integer"}}}
    schema = {"$ref": "#/components/schemas/Id", "maximum": 5}
    assert accepts(schema, 9, version="3.0.0", components=schemas)
    assert not accepts(schema, 9, version="3.1.0", components=schemas)


def test_what_is_owed_differs_by_direction():
    schema = {
        "type": "object",
        "required": ["id", "secret", "name"],
        "properties": {"id": {"readOnly": True}, "secret": {"writeOnly": True}, "name": {}},
    }
    document, name = the_schema(schema)
    request = document.requests.name_of(next(document.operations()).answers[0].content[0].schema)
    answers, asks = document.responses.validator(name), document.requests.validator(request)
    assert (answers.is_valid({"id": 1, "name": 2}), answers.is_valid({"id": 1, "name": 2, "secret": 3})) == (
        True,
        False,
    )
    assert (asks.is_valid({"secret": 1, "name": 2}), asks.is_valid({"id": 0, "secret": 1, "name": 2})) == (True, True)


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"$ref": "#/components/schemas/A"}},
        {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A", "title": "x"}},
        {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
    ],
)
def test_a_reference_to_itself_accepts_anything(schemas):
    assert accepts({"$ref": "#/components/schemas/A"}, {"x": 1}, components={"schemas": schemas})


def test_a_fault_is_told_with_its_place_in_the_document_and_without_the_value():
    schemas = {"Pet": {"type": "object", "properties": {"age": {"type": "integer"}}}}
    document, name = the_schema(
        {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}, components={"schemas": schemas}
    )
    (fault,) = document.responses.validator(name).faults([{"age": "hunter2"}])
    place = document.responses.place(fault.schema_path, name)
    assert (place, fault.path) == ("#/components/schemas/Pet/properties/age/type", (0, "age"))
    assert "hunter2" not in fault.sentence


def test_keywords_that_cannot_be_used_are_named():
    kept, dropped = plain_keywords({"type": "string", "minLength": -1, "pattern": "(", "enum": "x"}, legacy=False)
    assert (kept, dropped) == ({"type": "string"}, ["pattern", "minLength", "enum"])
    assert nullable({"$ref": "x"}) == {"anyOf": [{"$ref": "x"}, {"type": "null"}]}


def test_a_schema_that_cannot_be_compiled_says_why():
    assert isinstance(compile_schema({"type": "string"}), Validator)
    assert compile_schema({"type": "nonsense"}) != ""
    assert usable_pattern("(") is None


def test_all_of_is_merged_into_one():
    document, _ = the_schema({})
    flat = Flattener(document.responses).flat(
        {
            "allOf": [
                {"type": ["object", "null"], "properties": {"a": {"type": "number"}}, "required": ["a"]},
                {"type": "object", "properties": {"a": {"minimum": 1}, "b": True}, "required": ["b"]},
            ],
            "maxProperties": 4,
        }
    )
    assert flat.words == {
        "maxProperties": 4,
        "type": ["object"],
        "properties": {"a": {"allOf": [{"type": "number"}, {"minimum": 1}]}, "b": True},
        "required": ["a", "b"],
    }


# Paths, media types, styles


def test_a_literal_segment_comes_before_a_templated_one():
    paths = Paths()
    for path in ("/users/{id}", "/users/me", "/users/{id}/files/{name}.{kind}", "/"):
        paths.add(path, path)
    assert paths.find("/users/me") == [({}, "/users/me")]
    assert paths.find("/users/a%20b") == [({"id": "a b"}, "/users/{id}")]
    assert paths.find("/users/me/files/x.y.z") == [
        ({"id": "me", "name": "x", "kind": "y.z"}, "/users/{id}/files/{name}.{kind}")
    ]
    assert (paths.find("/"), paths.find("/nope")) == ([({}, "/")], [])


def test_media_types_say_what_they_are():
    assert [is_json(name) for name in ("application/json; charset=utf-8", "application/problem+json", "text/html")] == [
        True, True, False,
    ]  # fmt: skip
    assert (is_xml("application/atom+xml"), is_text("text/csv"), is_text("image/png")) == (True, True, False)
    assert (covers("image/*", "image/png"), covers("*/*", "a/b"), covers("a/b; v=1", "A/B")) == (True, True, True)
    assert not covers("application/json", "text/json")


@pytest.mark.parametrize(
    ("schema", "style", "explode", "query", "value"),
    [
        ({"type": "integer"}, "form", True, [("p", "5")], 5),
        ({"type": "integer"}, "form", True, [("p", "x")], "x"),
        ({"type": "boolean"}, "form", True, [("p", "true")], True),
        ({"type": "array", "items": {"type": "integer"}}, "form", True, [("p", "1"), ("p", "2")], [1, 2]),
        ({"type": "array", "items": {"type": "integer"}}, "form", False, [("p", "1,2")], [1, 2]),
        ({"type": "array"}, "pipeDelimited", False, [("p", "a|b")], ["a", "b"]),
        ({"type": "array"}, "spaceDelimited", False, [("p", "a b")], ["a", "b"]),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, "deepObject", True, [("p[n]", "1")], {"n": 1}),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, "form", True, [("n", "1")], {"n": 1}),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, "form", False, [("p", "n,1")], {"n": 1}),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "form", True, [("p", "5")], 5),
        ({"type": "string"}, "form", True, [("q", "5")], ABSENT),
    ],
)
def test_a_query_parameter_is_read_as_its_style_says(schema, style, explode, query, value):
    document, _ = the_schema({})
    shape = shape_of(schema, Flattener(document.responses))
    assert read_query(Parameter("p", "query", "#", style=style, explode=explode), query, shape) == value


@pytest.mark.parametrize(
    ("style", "explode", "text", "value"),
    [
        ("simple", False, "1,2", [1, 2]),
        ("label", False, ".1,2", [1, 2]),
        ("label", True, ".1.2", [1, 2]),
        ("matrix", False, ";p=1,2", [1, 2]),
        ("matrix", True, ";p=1;p=2", [1, 2]),
    ],
)
def test_a_path_parameter_is_read_as_its_style_says(style, explode, text, value):
    document, _ = the_schema({})
    shape = shape_of({"type": "array", "items": {"type": "integer"}}, Flattener(document.responses))
    assert read_text(Parameter("p", "path", "#", style=style, explode=explode), text, shape) == value


def test_a_header_is_written_in_simple_style():
    plain, exploded = Parameter("h", "header", "#"), Parameter("h", "header", "#", explode=True)
    assert [written(plain, value) for value in (True, [1, "a"], {"a": 1}, None, 1.5)] == [
        "true",
        "1,a",
        "a,1",
        "",
        "1.5",
    ]
    assert written(exploded, {"a": 1, "b": 2}) == "a=1,b=2"
    assert coerced("1.5", ["integer", "number"]) == 1.5
