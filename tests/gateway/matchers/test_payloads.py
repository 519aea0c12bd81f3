"""What was written to take a matcher down: refused when it is compiled, or over in time."""

from __future__ import annotations

import json
import time

import pytest
from matching import a_view, compiled

from gateway.errors import ConfigError

LONG = "a" * 1_000_000 + "b"
MIXED = "ab c\n" * 200_000
REGEXES = ["(a+)+$", "(a|a)*$", "(.*a){20}", "a{1000}{1000}", ".*[ab].{500}", "([ab].{0,50}){20}x", "(x+x+)+y"]


def in_time(match, view):
    """Say how a condition came out ("refused" where it was not taken), and that it did not take long."""
    began = time.process_time()
    try:
        outcome = [test.holds(view) and test.explain(view).holds for test in compiled(match)]
    except ConfigError:
        outcome = "refused"
    assert time.process_time() - began < 5
    return outcome


@pytest.mark.parametrize("pattern", REGEXES)
@pytest.mark.parametrize("text", [LONG, MIXED], ids=["same", "mixed"])
def test_a_regex(pattern, text):
    for match in (
        {"body": {"regex": pattern}},
        {"body": {"jsonpath": "$.v", "regex": pattern}},
        {"body": {"json": {"v": f"${{regex:{pattern}}}"}}},
        {"body": {"json_schema": {"properties": {"v": {"type": "string", "pattern": pattern}}}}},
    ):
        view = (
            a_view(body=text)
            if "regex" in match["body"] and "jsonpath" not in match["body"]
            else a_view(json=json.dumps({"v": text}))
        )
        in_time(match, view)


@pytest.mark.parametrize("pattern", REGEXES[:3])
def test_a_regex_in_a_key_of_a_schema(pattern):
    schema = {"patternProperties": {pattern: {"type": "string"}}}
    in_time({"body": {"json_schema": schema}}, a_view(json=json.dumps({LONG: 1})))


def test_a_glob_of_stars():
    in_time({"body": {"glob": "*a" * 300 + "x"}}, a_view(body=LONG))


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"additionalProperties": {"$ref": "#"}, "items": {"$ref": "#"}},
        {"uniqueItems": True},
    ],
)
def test_a_schema_that_refers_to_itself(schema):
    for body in ('{"a":' * 900 + "1" + "}" * 900, json.dumps(list(range(100_000))), "1"):
        in_time({"body": {"json_schema": schema}}, a_view(json=body))


def test_a_schema_whose_references_multiply_is_refused():
    steps = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n - 1}"}, {"$ref": f"#/$defs/d{n - 1}"}]} for n in range(1, 60)}
    with pytest.raises(ConfigError, match="its references multiply"):
        compiled({"body": {"json_schema": {"$ref": "#/$defs/d59", "$defs": {"d0": {"type": "string"}, **steps}}}})


@pytest.mark.parametrize(
    "match",
    [
        {"body": {"json": {"a": [1]}}},
        {"body": {"partial": [{"a": 1}, {"b": 2}, {"a": 1}]}},
        {"body": {"jsonpath": "$..*..*", "equals": "x"}},
        {"body": {"jsonpath": "$[?@ == $]"}},
        {"body": {"jsonpath": "$", "equals": [[[1]]]}},
        {"body": {"json_schema": {"type": "array", "items": {"type": "integer"}}}},
        {"body": {"contains": "needle"}},
        {"body": {"xml": "<a/>"}},
        {"body": {"xpath": "//a"}},
        {"body": {"form": {"a": "1"}}},
        {"body": {"multipart": {"a": {}}}},
        {"graphql": {"operation": "A"}},
    ],
    ids=lambda match: str(match)[:40],
)
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[" + "1," * 3_000_000 + "1]", "application/json"),
        ("[" * 1_000_000, "application/json"),
        ("[" * 1_000 + "]" * 1_000, "application/json"),
        ("<a>" * 1_000_000, "text/xml"),
        ("&" * 5_000_000, "application/x-www-form-urlencoded"),
        ("--b\r\n" * 500_000, "multipart/form-data; boundary=b"),
        ("{" * 1_000_000, "application/graphql"),
    ],
    ids=["wide", "torn", "deep", "xml", "form", "parts", "graphql"],
)
def test_a_body_of_megabytes_or_of_great_depth(match, body, kind):
    in_time(match, a_view(body=body, kind=kind))
