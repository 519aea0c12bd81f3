from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from matching import a_view, compiled, holds

from cassettes.definition import Condition
from gateway.errors import ConfigError
from gateway.matcher import Equality
from gateway.matchers import KINDS, compile_condition, equality_value

DEEP = "[" * 1_000 + "]" * 1_000


def token(header, claims):
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join((*parts, "sig"))


BEARER = {
    "Authorization": "Bearer " + token({"alg": "RS256"}, {"sub": "u1", "aud": ["a", "b"], "org": {"id": 7}, "a.b": 1})
}
PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n'
)
MULTIPART = {"body": PARTS, "kind": "multipart/form-data; boundary=b"}
FORM = {"body": "a=1&b=2&b=3", "kind": "application/x-www-form-urlencoded"}
CALL = {
    "json": '{"query": "query Q($id: ID!) { user(id: $id) { name } }", "operationName": "Q", "variables": {"id": 5, "f": {"tags": ["x"]}}}'
}

CASES = [
    # The head.
    ({"headers": {"x-tenant": "a"}}, {"headers": {"X-Tenant": "a"}}, True),
    ({"headers": {"X-Tenant": "a", "X-B": {"present": False}}}, {"headers": {"X-Tenant": "a"}}, True),
    ({"cookies": {"sid": {"regex": "[0-9]+"}}}, {"headers": {"Cookie": "a=b; sid=42"}}, True),
    ({"cookies": {"sid": {"present": False}}}, {"headers": {"Cookie": "a=b"}}, True),
    ({"query": {"page": {"ge": 2}}}, {"target": "/?page=3"}, True),
    ({"query": {"tag": ["a", "b"]}}, {"target": "/?tag=b&tag=a"}, True),
    ({"query": {"tag": ["a"]}}, {"target": "/?tag=b&tag=a"}, False),
    ({"query": {"debug": {"present": False}}}, {"target": "/?debug"}, False),
    ({"query": {"a": "1"}, "query_exact": True}, {"target": "/?a=1"}, True),
    ({"query": {"a": "1"}, "query_exact": True}, {"target": "/?a=1&b=2"}, False),
    ({"query_exact": True}, {"target": "/?b=2"}, False),
    ({"query_exact": True}, {"target": "/"}, True),
    ({"host": "API.example.test"}, {"headers": {"Host": "api.example.test:80"}}, True),
    ({"host": "*.example.test"}, {"headers": {"Host": "api.example.test"}}, True),
    ({"host": "*.example.test"}, {"headers": {"Host": "evilexample.test"}}, False),
    ({"host": "bücher.test"}, {"headers": {"Host": "xn--bcher-kva.test"}}, True),
    ({"host": {"ends_with": ".test"}}, {"headers": {"Host": "a.test"}}, True),
    ({"port": 8080}, {"headers": {"Host": "a:8080"}}, True),
    ({"port": 443}, {"headers": {"Host": "a"}, "scheme": "https"}, True),
    ({"scheme": "https"}, {"scheme": "http"}, False),
    ({"client_ip": "192.0.2.0/24"}, {"client": "192.0.2.7"}, True),
    ({"client_ip": ["10.0.0.1", "2001:db8::/32"]}, {"client": "2001:db8::9"}, True),
    ({"client_ip": "192.0.2.7"}, {"client": "::ffff:192.0.2.7"}, True),
    ({"client_ip": "192.0.2.7"}, {"client": ""}, False),
    ({"content_type": "application/json"}, {"kind": "Application/JSON; charset=utf-8"}, True),
    ({"content_type": "application/*"}, {"kind": "application/pdf"}, True),
    ({"content_type": "*/json"}, {"kind": "application/problem+json"}, True),
    ({"content_type": "json"}, {"kind": "application/problem+json"}, True),
    ({"content_type": "application/json"}, {"kind": "application/problem+json"}, False),
    ({"content_type": "application/*+xml"}, {"kind": "application/atom+xml"}, True),
    ({"content_type": "*/*"}, {}, False),
    ({"content_type": "text/plain; charset=UTF-8"}, {"kind": "text/plain;charset=utf-8; format=flowed"}, True),
    ({"content_type": "text/plain; charset=utf-8"}, {"kind": "text/plain"}, False),
    # Who calls.
    ({"basic_auth": {"username": "ada", "password": {"regex": ".{4}"}}}, {"headers": {"Authorization": "basic YWRhOmE6YmM="}}, True),
    ({"basic_auth": {"username": "ada"}}, {"headers": {"Authorization": "Basic !"}}, False),
    ({"basic_auth": {}}, {"headers": {"Authorization": "Basic YWRhOmE6YmM="}}, True),
    ({"jwt": {"claims": {"sub": "u1", "aud": "b", "org.id": 7, "a.b": 1}, "header": {"alg": "RS256"}}}, {"headers": BEARER}, True),
    ({"jwt": {"claims": {"aud": {"equals": ["a", "b"]}, "$.org.id": {"ge": 7}, "aud.0": "a"}}}, {"headers": BEARER}, True),
    ({"jwt": {"claims": {"org.id": "7"}}}, {"headers": BEARER}, False),
    ({"jwt": {"claims": {"exp": {"present": False}}}}, {"headers": BEARER}, True),
    ({"jwt": {}}, {"headers": BEARER}, True),
    ({"jwt": {}}, {"headers": {"Authorization": "Bearer a.b.c"}}, False),
    ({"jwt": {}}, {"headers": {"Authorization": "Bearer " + "a" * 20_000}}, False),
    ({"jwt": {"cookie": "t", "claims": {"sub": "x"}}}, {"headers": {"Cookie": "t=" + token({}, {"sub": "x"})}}, True),
    # Texts.
    ({"body": "hello"}, {"body": "hello"}, True),
    ({"body": {"contains": "ell"}}, {"body": "hello"}, True),
    ({"body": {"equals": ""}}, {}, True),
    ({"body": {"present": False}}, {}, True),
    ({"body": {"regex": "a.*z"}}, {"body": "a\n\nz"}, True),
    ({"body": {"equals": {"a": [1]}}}, {"json": '{"a":[1.0]}'}, True),
    ({"body": [{"contains": "a"}, {"jsonpath": "$.a"}]}, {"json": '{"a":1}'}, True),
    ({"body": [{"contains": "a"}, {"jsonpath": "$.b"}]}, {"json": '{"a":1}'}, False),
    # JSON.
    ({"body": {"json": {"a": 1, "b": [True, None]}}}, {"json": '{"b":[true,null],"a":1.0}'}, True),
    ({"body": {"json": {"a": 1}}}, {"json": '{"a":true}'}, False),
    ({"body": {"json": {"a": 1}}}, {"json": '{"a":1,"b":2}'}, False),
    ({"body": {"json": None}}, {"json": "null"}, True),
    ({"body": {"json": None}}, {}, False),
    ({"body": {"json": {"id": "${uuid}", "n": "${any-integer}", "x": "${any}"}}}, {"json": '{"id":"5b2c4a3e-7c1d-4f0a-9b1e-2d3c4b5a6978","n":3,"x":null}'}, True),
    ({"body": {"json": {"n": "${any-integer}"}}}, {"json": '{"n":3,"x":1}'}, False),
    ({"body": {"json": {"n": "${json-unit.any-number}", "s": "${json-unit.regex}[A-Z]+", "o": "${json-unit.ignore-element}"}}}, {"json": '{"n":3.5,"s":"AB"}'}, True),
    ({"body": {"json": ["${regex:[a-z]{3}}", "${date}", "${any-boolean}"]}}, {"json": '["abc","2026-01-31",false]'}, True),
    ({"body": {"json": ["${any-string}"]}}, {"json": "[5]"}, False),
    ({"body": {"json": {"home": "${HOME}"}}}, {"json": '{"home":"${HOME}"}'}, True),
    ({"body": {"partial": {"a": {"b": 1}}}}, {"json": '{"a":{"b":1,"c":2},"d":3}'}, True),
    ({"body": {"partial": {"a": {"b": 2}}}}, {"json": '{"a":{"b":1}}'}, False),
    ({"body": {"partial": {"a": [2, 3]}}}, {"json": '{"a":[1,2,9,3]}'}, True),
    ({"body": {"partial": {"a": [3, 2]}}}, {"json": '{"a":[1,2,3]}'}, False),
    ({"body": {"partial": [{"id": "${any-number}"}]}}, {"json": '[{"x":1},{"id":5,"x":1}]'}, True),
    ({"body": {"partial": {"a": 1}}}, {"json": "[1]"}, False),
    ({"body": {"partial": {}}}, {"json": DEEP}, False),
    ({"body": {"json": [[[]]]}}, {"json": DEEP}, False),
    ({"body": {"jsonpath": "$..x", "equals": 2}}, {"json": '[{"x":1},{"y":{"x":2}}]'}, True),
    ({"body": {"jsonpath": "$[*].x", "equals": [1, 2]}}, {"json": '[{"x":1},{"x":2}]'}, True),
    ({"body": {"jsonpath": "$[*].x", "equals": [2, 1]}}, {"json": '[{"x":1},{"x":2}]'}, False),
    ({"body": {"jsonpath": "$[?@.x > 1 && match(@.n, 'a.')].n"}}, {"json": '[{"x":2,"n":"ab"}]'}, True),
    ({"body": {"jsonpath": "$[*].x", "not": {"equals": 2}}}, {"json": '[{"x":1},{"x":2}]'}, False),
    ({"body": {"json_schema": {"type": "object", "required": ["a"]}}}, {"json": '{"a":1}'}, True),
    ({"body": {"json_schema": {"properties": {"e": {"format": "email"}}}}}, {"json": '{"e":"no"}'}, False),
    ({"body": {"json_schema": False}}, {"json": "1"}, False),
    ({"body": {"json_schema": True}}, {"body": "<a/>"}, False),
    # XML, forms, parts, bytes.
    ({"body": {"xml": "<a x='1' y='2'><b/></a>"}}, {"body": '<a y="2" x="1">\n  <b></b>\n</a>'}, True),
    ({"body": {"xml": "<a/>"}}, {"body": "<b/>"}, False),
    ({"body": {"xpath": "//user[@id='7']/name", "equals": "Ada"}}, {"body": "<r><user id='7'><name>Ada</name></user></r>"}, True),
    ({"body": {"xpath": "count(//i)", "ge": 2}}, {"body": "<r><i/><i/></r>"}, True),
    ({"body": {"xpath": "//i = 'x'"}}, {"body": "<r><i>y</i></r>"}, False),
    ({"body": {"xpath": "//s:i", "namespaces": {"s": "urn:s"}}}, {"body": "<r xmlns='urn:s'><i/></r>"}, True),
    ({"body": {"xpath": "//i", "present": False}}, {"body": "<r/>"}, True),
    ({"body": {"form": {"a": 1, "b": [2, 3]}, "form_exact": True}}, FORM, True),
    ({"body": {"form": {"a": 1}, "form_exact": True}}, FORM, False),
    ({"body": {"form": {"c": {"present": False}}}}, FORM, True),
    ({"body": {"multipart": {"note": {"text": "hello"}, "file": {"filename": {"glob": "*.png"}, "content_type": "image/*"}}}}, MULTIPART, True),
    ({"body": {"multipart": {"file": {"content_type": "text/plain"}}}}, MULTIPART, False),
    ({"body": {"multipart": {"none": {}}}}, MULTIPART, False),
    ({"body": {"multipart": {"note": {}}}}, MULTIPART, True),
    ({"body": {"base64": "AP8="}}, {"body": b"\x00\xff"}, True),
    ({"body": {"base64": "AP8="}}, {"body": b"\x00\xfe"}, False),
    # GraphQL.
    ({"graphql": {"operation": "Q", "type": "query", "variables": {"id": 5, "f.tags.0": "x", "$.f.tags[*]": "x"}}}, CALL, True),
    ({"graphql": {"variables": {"id": "5"}}}, CALL, False),
    ({"graphql": {"type": "mutation"}}, CALL, False),
    ({"graphql": {"operation": {"starts_with": "Q"}}}, CALL, True),
    ({"graphql": {"query": "query Q($id:ID!){user(id:$id){name}} # same"}}, CALL, True),
    ({"graphql": {"query": "{user{name}}"}}, CALL, False),
    ({"graphql": {}}, {"json": '[{"query":"{a}"}]'}, False),
    ({"graphql": {"operation": {"present": False}}}, {"target": "/?query=%7Ba%7D", "method": "GET"}, True),
    # Groups.
    ({"any": [{"headers": {"A": "1"}}, {"query": {"b": "2"}}]}, {"target": "/?b=2"}, True),
    ({"any": [{"headers": {"A": "1"}}, {"query": {"b": "2"}}]}, {}, False),
    ({"all": [{"headers": {"A": "1"}}, {"method": ["get", "POST"]}]}, {"headers": {"A": "1"}}, True),
    ({"not": {"method": "POST", "headers": {"A": "1"}}}, {"headers": {"A": "1"}}, False),
    ({"not": {"method": "POST", "headers": {"A": "1"}}}, {}, True),
    ({"any": [{}, {"port": 1}]}, {}, True),
]  # fmt: skip


@pytest.mark.parametrize(("match", "request_", "expected"), CASES, ids=lambda value: str(value)[:60])
def test_a_condition_holds_or_not_and_its_explanation_agrees(match, request_, expected):
    assert holds(match, a_view(**request_)) is expected


@pytest.mark.parametrize(
    ("match", "message"),
    [
        ({"host": "example.test:80"}, r"match\.host: 'example.test:80' is not a host's name"),
        ({"client_ip": "300.0.0.1"}, r"match\.client_ip: '300.0.0.1' is not an address"),
        ({"content_type": "a/b/c"}, r"match\.content_type: 'a/b/c' is not a content type"),
        ({"body": {}}, r"match\.body: nothing is asked"),
        ({"body": [{"contains": "a"}, {}]}, r"match\.body\[1\]: nothing is asked"),
        ({"body": {"jsonpath": "a"}}, r"match\.body\.jsonpath: not a JSONPath: .* begins with \$"),
        ({"body": {"jsonpath": "$.a", "xpath": "//a"}}, "give one of them"),
        ({"body": {"json": {"a": "${any-strng}"}}}, r"match\.body\.json: .* did you mean \$\{any-string\}"),
        ({"body": {"partial": ["${json-unit.nothing}"]}}, "is not known; write one of"),
        ({"body": {"json": ["${regex:(?=a)}"]}}, "look-around"),
        ({"body": {"json": datetime(2026, 1, 1, tzinfo=UTC)}}, "a datetime is not JSON: put it in quotes"),
        ({"body": {"json": json.loads("[" * 70 + "]" * 70)}}, "nested deeper than 64 levels"),
        ({"body": {"json_schema": {"type": "strin"}}}, r'match\.body\.json_schema: "strin"'),
        ({"body": {"json_schema": {"pattern": "(?=a)b"}}}, "no look-around"),
        ({"body": {"json_schema": {"pattern": "(a{1000}){1000}"}}}, "json_schema"),
        ({"body": {"json_schema": {"$ref": "http://127.0.0.1:1/s.json"}}}, "nothing is fetched"),
        ({"body": {"json_schema": {"$ref": "file:///etc/hostname"}}}, "nothing is fetched"),
        ({"body": {"xml": "<a>"}}, r"match\.body\.xml: not well-formed"),
        ({"body": {"xml": "<!DOCTYPE a><a/>"}}, "a DOCTYPE is refused"),
        ({"body": {"xpath": "//*/following::*"}}, r"match\.body\.xpath: the axis following:: is not allowed"),
        ({"body": {"base64": "%"}}, r"match\.body\.base64: not base64"),
        ({"graphql": {"query": "{a("}}, r"match\.graphql\.query: not a GraphQL document: .* Line 1, column 4"),
        ({"graphql": {"variables": {"$[": 1}}}, r"match\.graphql\.variables\.\$\[: not a JSONPath"),
        ({"any": [{}, {"headers": {"A": {"regex": "("}}}]}, r"match\.any\[1\]\.headers\.A\.regex: "),
        ({"not": {}}, r"match\.not: an empty condition always holds"),
        ({"not": {"path": "/a"}}, r"match\.not\.path: "),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_the_place(match, message):
    with pytest.raises(ConfigError, match=message):
        compiled(match)


def test_conditions_cannot_be_nested_without_end():
    match = {"port": 1}
    for _ in range(20):
        match = {"all": [match]}
    with pytest.raises(ConfigError, match="nested deeper than 16 levels"):
        compiled(match)


def test_method_and_path_of_the_outermost_condition_are_left_to_the_index():
    assert compiled({"method": "GET", "path": "/a"}) == ()


def test_a_nested_path_is_compiled_by_what_the_route_gives():
    tests = compiled(
        {"any": [{"path": "/a"}, {"path": {"glob": "/b*"}}]}, pattern=lambda wanted: str(wanted).encode().__contains__
    )
    assert [test.holds(a_view("/a?b")) for test in tests] == [True]
    assert tests[0].explain(a_view("/c")).field == "any"


def test_every_example_of_the_documentation_compiles():
    page = Path(__file__).parents[2] / "docs" / "matching.md"
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) >= 10
    for block in blocks:
        compiled(yaml.safe_load(block)["match"])


def test_every_kind_of_test_is_a_field_of_a_condition():
    outside = {"method", "path", "query_exact", "any", "all", "not_"}
    assert set(KINDS) == set(Condition.model_fields) - outside


def test_the_error_begins_where_the_caller_says():
    with pytest.raises(ConfigError, match=r"^verify\.host: "):
        compile_condition(Condition(host="a:b"), "verify")


@pytest.mark.parametrize(
    ("comparison", "equality"),
    [
        ({"equals": "a"}, Equality(("v", 0), "a")),
        ({"equals": 1}, Equality(("v", 0), ("number", 1))),
        ({"equals": True}, Equality(("v", 0), ("boolean", True))),
        ({"equals": None}, None),
        ({"equals": [1]}, None),
        ({"equals": "a", "length": 1}, None),
        ({"contains": "a"}, None),
        ({"equals": "a", "not": {"equals": "b"}}, None),
        ({}, None),
    ],
)
def test_an_equality_can_be_looked_up_where_it_is_all_that_is_asked(comparison, equality):
    (test,) = compiled({"body": {"jsonpath": "$.v[0]", **comparison}})
    assert test.equality == equality
    assert test.needs_body


def test_the_key_of_a_value_is_equal_where_the_json_is():
    assert equality_value(1) == equality_value(1.0) != equality_value(True)
    assert equality_value("1") != equality_value(1)
    assert [equality_value(value) for value in (None, [1], {"a": 1})] == [None, None, None]
    assert len({equality_value(value) for value in (0, False, "0", 0.0, "false", "boolean")}) == 5


def test_only_what_reads_the_body_needs_it():
    def needs(match):
        return [test.needs_body for test in compiled(match)]

    assert needs({"headers": {"A": "1"}, "query": {"b": "2"}, "jwt": {}, "host": "a"}) == [False] * 4
    assert needs({"body": {"form": {"a": "1"}}, "graphql": {}}) == [True, True]
    assert needs({"any": [{"port": 1}, {"body": "a"}]}) == [True]
    assert needs({"not": {"port": 1}}) == [False]


def test_a_group_counts_what_it_surely_holds():
    def counts(match):
        return [test.count for test in compiled(match)]

    two, one = {"headers": {"A": "1", "B": "2"}}, {"port": 1}
    assert counts({"all": [two, one]}) == [1, 1, 1]
    assert counts({"any": [two, two]}) == [2]
    assert counts({"any": [two, one]}) == [1]
    assert counts({"not": two}) == [1]


def test_the_field_of_a_test_is_its_place():
    tests = compiled(
        {
            "headers": {"X-Tenant": "a"},
            "body": {"jsonpath": "$.username"},
            "jwt": {"claims": {"sub": "a"}},
            "all": [{"query": {"a": "1"}}],
        }
    )
    assert [test.field for test in tests] == [
        "headers.X-Tenant",
        "jwt.claims.sub",
        "body.jsonpath $.username",
        "all[0].query.a",
    ]


def test_a_group_tells_which_of_its_conditions_is_nearest():
    (test,) = compiled({"any": [{"headers": {"A": "gold", "B": "1"}}, {"port": 7}]})
    told = test.explain(a_view(headers={"A": "golf", "B": "1"}))
    assert told.closeness > 0.8
    assert told.hint.startswith('number 1 is nearest: any[0].headers.A: wanted "gold"')
