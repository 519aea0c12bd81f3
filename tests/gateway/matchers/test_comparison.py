from __future__ import annotations

import time

import pytest
from matching import a_view, compiled, holds, why

from gateway.errors import ConfigError


def header(comparison, *values):
    return holds({"headers": {"X-V": comparison}}, a_view(headers=[("X-V", value) for value in values]))


def found(comparison, body):
    return holds({"body": {"jsonpath": "$.v", **comparison}}, a_view(json=body))


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("a", "a", True),
        ("a", "A", False),
        (5, "5", True),
        (5, "5.0", False),
        (True, "true", True),
        (1.5, "1.5", True),
        ({"equals": "a"}, "a", True),
        ({"equals_ignore_case": "Straße"}, "STRASSE", True),
        ({"not_equals": "a"}, "b", True),
        ({"not_equals": "a"}, "a", False),
        ({"one_of": ["a", 5]}, "5", True),
        ({"one_of": ["a", 5]}, "b", False),
        ({"contains": "bc"}, "abcd", True),
        ({"starts_with": "ab"}, "abcd", True),
        ({"ends_with": "ab"}, "abcd", False),
        ({"regex": "[a-c]+"}, "abc", True),
        ({"regex": "[a-c]+"}, "abcd", False),
        ({"regex": ".*b.*"}, "a\tb", True),
        ({"glob": "a*c?.[x]"}, "abbbcd.[x]", True),
        ({"glob": "a*"}, "ba", False),
        ({"gt": 5}, "5.5", True),
        ({"gt": 5}, "5", False),
        ({"ge": 5, "lt": 6}, "5", True),
        ({"le": 5}, "1e1", False),
        ({"le": 5}, "five", False),
        ({"le": 5}, "inf", False),
        ({"type": "number"}, "-1.5e3", True),
        ({"type": "integer"}, "1.5", False),
        ({"type": "boolean"}, "true", True),
        ({"type": "object"}, '{"a": 1}', True),
        ({"type": "array"}, '{"a": 1}', False),
        ({"type": "uuid"}, "5b2c4a3e-7c1d-4f0a-9b1e-2d3c4b5a6978", True),
        ({"type": "uuid"}, "5b2c4a3e", False),
        ({"type": "date"}, "2026-02-30", False),
        ({"type": "date-time"}, "2026-02-28T10:00:00.5Z", True),
        ({"type": "date-time"}, "2026-02-28", False),
        ({"type": "email"}, "a@example.test", True),
        ({"type": "email"}, "a@b@example.test", False),
        ({"type": "uri"}, "https://example.test/a?b", True),
        ({"type": "ipv4"}, "192.0.2.7", True),
        ({"type": "ipv6"}, "2001:db8::7", True),
        ({"type": "ipv6"}, "192.0.2.7", False),
        ({"type": "hex"}, "00ff", True),
        ({"type": "base64"}, "aGk=", True),
        ({"type": "base64"}, "aGk", False),
        ({"length": 3}, "abc", True),
        ({"length": 3}, "ab", False),
        ({"present": True}, "", True),
        ({"present": False}, "", False),
        ({"not": {"regex": "a.*"}}, "b", True),
        ({"not": {"regex": "a.*"}}, "ab", False),
        ({"starts_with": "a", "not": {"contains": "b"}}, "ac", True),
        ({"starts_with": "a", "not": {"contains": "b"}}, "ab", False),
        ({"not": {"not": {"equals": "a"}}}, "a", True),
    ],
)
def test_a_comparison_of_a_text(comparison, value, expected):
    assert header(comparison, value) is expected


@pytest.mark.parametrize(
    ("comparison", "body", "expected"),
    [
        ({}, '{"v": null}', True),
        ({}, "{}", False),
        ({}, "not json", False),
        ({"equals": None}, '{"v": null}', True),
        ({"equals": None}, "{}", False),
        ({"equals": 1}, '{"v": 1.0}', True),
        ({"equals": 1}, '{"v": true}', False),
        ({"equals": True}, '{"v": 1}', False),
        ({"equals": True}, '{"v": true}', True),
        ({"equals": "5"}, '{"v": 5}', False),
        ({"equals": {"a": [1, True], "b": 0}}, '{"v": {"b": 0.0, "a": [1, true]}}', True),
        ({"equals": {"a": [1, True]}}, '{"v": {"a": [true, 1]}}', False),
        ({"equals": [1, 2]}, '{"v": [1, 2]}', True),
        ({"not_equals": 1}, '{"v": 2}', True),
        ({"not_equals": 1}, "{}", True),
        ({"not_equals": None}, '{"v": null}', False),
        ({"one_of": [1, "a", None]}, '{"v": null}', True),
        ({"one_of": [0]}, '{"v": false}', False),
        ({"contains": "a"}, '{"v": ["a", "b"]}', True),
        ({"contains": "a"}, '{"v": {"a": 1}}', False),
        ({"regex": r"\d+"}, '{"v": 42}', True),
        ({"regex": ".*"}, '{"v": null}', False),
        ({"gt": 5}, '{"v": 6}', True),
        ({"gt": 5}, '{"v": "6"}', False),
        ({"gt": 0}, '{"v": true}', False),
        ({"type": "integer"}, '{"v": 1.0}', True),
        ({"type": "integer"}, '{"v": "1"}', False),
        ({"type": "null"}, '{"v": null}', True),
        ({"type": "object"}, '{"v": {}}', True),
        ({"type": "uuid"}, '{"v": 5}', False),
        ({"length": 2}, '{"v": [1, 2]}', True),
        ({"length": 2}, '{"v": {"a": 1, "b": 2}}', True),
        ({"length": 2}, '{"v": 22}', False),
        ({"present": False}, "{}", True),
        ({"present": False}, '{"v": null}', False),
        ({"not": {"type": "string"}}, '{"v": 5}', True),
        ({"not": {"type": "string"}}, '{"v": "5"}', False),
        ({"after": "2026-01-01"}, '{"v": 1893456000}', True),
        ({"after": "2026-01-01"}, '{"v": 1893456000000}', True),
    ],
)
def test_a_comparison_of_what_a_jsonpath_finds(comparison, body, expected):
    assert found(comparison, body) is expected


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ({"before": "now"}, "2026-01-01T00:00:00Z", True),
        ({"after": "now -1h"}, "Tue, 30 Jun 2026 11:30:00 GMT", True),
        ({"after": "now - 1 hour"}, "2026-06-30T10:59:59+00:00", False),
        ({"before": "now +2 days"}, "2026-07-02T11:59:59Z", True),
        ({"before": "now +1w"}, "2026-07-07T12:00:00Z", False),
        ({"within": ["now -1d", "now"]}, "2026-06-29T12:00:00Z", True),
        ({"within": ["2026-01-01", "2026-12-31"]}, "2027-01-01", False),
        ({"before": "2026-01-01T00:00:00Z"}, "2026-01-01T00:00:00Z", False),
        ({"before": "2026-01-01T02:00:00+02:00"}, "2025-12-31T23:59:59Z", True),
        ({"after": "20260101"}, "2026-01-02", True),
        ({"after": "2026-01-01"}, "1893456000", True),
        ({"after": "2026-01-01"}, "soon", False),
        ({"after": "2026-01-01"}, "9" * 70, False),
        ({"after": "2026-01-01"}, "Mon, 01 Jan 99999 00:00:00 GMT", False),
    ],
)
def test_a_comparison_of_dates(monkeypatch, comparison, value, expected):
    monkeypatch.setattr(time, "time", lambda: 1_782_820_800.0)  # 2026-06-30T12:00:00Z
    assert header(comparison, value) is expected


def test_one_of_repeated_values_is_enough_and_none_may_be_refused():
    assert header("b", "a", "b")
    assert not header({"starts_with": "a", "ends_with": "b"}, "ax", "xb")
    assert header({"not_equals": "c"}, "a", "b")
    assert not header({"not_equals": "b"}, "a", "b")
    assert not header({"not": {"equals": "b"}}, "a", "b")


def test_an_absent_value_is_only_absent_and_not_anything():
    assert header({"present": False})
    assert header({"not_equals": "a"})
    assert header({"not": {"equals": "a"}})
    assert not header({"present": True, "not_equals": "a"})
    assert not header({"regex": ".*"})
    assert not header({"type": "any"})


@pytest.mark.parametrize(
    ("wanted", "values", "expected"),
    [
        (["a", "b"], ["b", "a"], True),
        (["a", "b"], ["a"], False),
        (["a"], ["a", "a"], False),
        (["a", "a"], ["a", "b"], False),
        ([{"regex": "a|b"}, "a"], ["a", "b"], True),
        ([{"regex": ".*"}, "a"], ["a", "b"], True),
        (["a", "b"], ["a , b"], True),
        ([], [], True),
        ([], ["a"], False),
    ],
)
def test_a_list_asks_for_exactly_these_values_in_any_order(wanted, values, expected):
    assert header(wanted, *values) is expected


@pytest.mark.parametrize(
    ("comparison", "message"),
    [
        ({"regex": "(?=a)b"}, r"match\.headers\.X-V\.regex: look-around is not supported"),
        ({"regex": "(?<!a)b"}, "look-around is not supported"),
        ({"regex": r"(a)\1"}, "reference back"),
        ({"regex": "a{1000}{1000}"}, "repeats too often"),
        ({"regex": "((a{100}){100}){100}"}, "repeats too often"),
        ({"regex": "("}, r"not a regular expression that RE2 knows: missing \)"),
        ({"regex": "a" * 1_001}, "at most 1000 characters, and this has 1001"),
        ({"type": "strin"}, "'strin' is not a type: there are string"),
        ({"after": "soon"}, "'soon' is not a point in time"),
        ({"within": ["now", "now +1 fortnight"]}, r"within\[1\]: 'now \+1 fortnight'"),
        ({"one_of": []}, "an empty list holds for nothing"),
        ({"length": -1}, "0 or more"),
        ({"equals": None}, "present: false"),
        ({"equals": {"a": 1}}, "never an object"),
        ({"present": False, "equals": "a"}, "nothing to compare with equals"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_place(comparison, message):
    with pytest.raises(ConfigError, match=message):
        compiled({"headers": {"X-V": comparison}})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: 2}, [{}, {"a": {1}}]])
def test_what_is_not_json_cannot_be_equalled(value):
    with pytest.raises(ConfigError, match=r"match\.body\.equals: "):
        compiled({"body": {"jsonpath": "$", "equals": value}})


@pytest.mark.parametrize(
    ("match", "request_", "hint"),
    [
        ({"headers": {"X-V": "abc"}}, {"headers": {"X-V": "ABC"}}, "it differs only in case: equals_ignore_case would hold"),
        ({"headers": {"X-V": "abc"}}, {}, "it is not there"),
        ({"headers": {"X-V": {"regex": "b"}}}, {"headers": {"X-V": "abc"}}, "the pattern is found inside the value, and has to match all of it: put .* around it"),
        ({"headers": {"X-V": {"present": False}}}, {"headers": {"X-V": "a"}}, "it is there, and must not be"),
        ({"query": {"page": 1}}, {"target": "/?Page=1"}, "there is 'Page': names are compared with their case"),
        ({"query": {"page": 1}}, {"target": "/?pages=1"}, "did you mean 'pages'?"),
        ({"body": {"jsonpath": "$.v", "equals": 5}}, {"json": '{"v": "5"}'}, 'the value is the text "5", not the number'),
        ({"body": {"jsonpath": "$.v", "equals": "5"}}, {"json": '{"v": 5}'}, "the value is the number 5, not a text"),
        ({"body": {"jsonpath": "$.v"}}, {"body": "v=1"}, "the body is not JSON"),
        ({"body": {"jsonpath": "$.v", "gt": 1}}, {"json": '{"v": "5"}'}, 'the value is the text "5", not a number'),
        ({"content_type": "application/json"}, {"body": "{}", "kind": "text/plain"}, "the content type is text/plain; the body is JSON only by content"),
        ({"body": {"json": {"a": 1, "b": {"c": 2}}}}, {"json": '{"a": 1, "b": {"c": 3}}'}, "/b/c is 3"),
        ({"body": {"json": {"a": 1}}}, {"json": '{"a": 1, "b": 2}'}, "/b is there and was not asked for: use partial to allow it"),
        ({"body": {"form": {"a": "1"}}}, {"json": "{}"}, "the content type is application/json, not application/x-www-form-urlencoded"),
        ({"body": '{"a":1}'}, {"json": '{ "a": 1 }'}, "it is the same JSON, written in another way: body.json would hold"),
        ({"jwt": {"claims": {"sub": "a"}}}, {}, "there is no bearer token"),
    ],
)  # fmt: skip
def test_the_explanation_hints_at_what_would_hold(match, request_, hint):
    assert why(match, a_view(**request_)).hint == hint


def test_what_is_nearer_is_closer():
    def near(match, **request):
        return why(match, a_view(**request)).closeness

    text = {"headers": {"X-V": "gold-customer"}}
    assert near(text, headers={"X-V": "gold-custom"}) > near(text, headers={"X-V": "silver"}) > near(text) == 0.0
    number = {"body": {"jsonpath": "$.v", "equals": 100}}
    assert near(number, json='{"v": 99}') > near(number, json='{"v": 5}') > near(number, json='{"v": "x"}') == 0.0
    tree = {"body": {"json": {"a": 1, "b": 2, "c": 3, "d": 4}}}
    assert near(tree, json='{"a": 1, "b": 2, "c": 3}') == 0.75
