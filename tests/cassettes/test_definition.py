"""A definition is valid when its mode has what it needs, and nothing else is in it."""

import pytest
from pydantic import ValidationError

from cassettes.complaint import flaws
from cassettes.definition import MockDefinition


def test_the_least_definition_is_a_mock_for_everything():
    definition = MockDefinition.model_validate({"id": "a", "response": {}})
    assert (definition.mode, definition.match.method, definition.match.path, definition.enabled) == (
        "mock",
        "*",
        "/**",
        True,
    )


def test_what_was_written_is_given_back():
    document = {
        "id": "products-list",
        "match": {"method": "GET", "path": "/api/v1/products"},
        "mode": "proxy-with-fallback",
        "upstream": "https://real-api.example.com",
        "response": {"fallback": {"status": 200, "body": "[]"}},
        "tags": ["shop"],
        "version": "3",
    }
    assert MockDefinition.model_validate(document).model_dump(exclude_unset=True) == document


def test_a_version_may_be_a_number():
    assert MockDefinition.model_validate({"id": "a", "response": {}, "version": 3}).version == "3"


def test_a_definition_does_not_change():
    with pytest.raises(ValidationError):
        MockDefinition.model_validate({"id": "a", "response": {}}).id = "b"


@pytest.mark.parametrize("timing", ["recorded", "none", "scaled:2", "scaled:0.5"])
def test_timings_by_name(timing):
    assert (
        MockDefinition.model_validate({"id": "a", "response": {}, "replay": {"timing": timing}}).replay.timing == timing
    )


@pytest.mark.parametrize(
    "part", [{"replay": {"timing": "scaled:x"}}, {"record_mode": "x"}, {"mode": "spy"}, {"id": ""}]
)
def test_what_is_not_known_is_refused(part):
    with pytest.raises(ValidationError):
        MockDefinition.model_validate({"id": "a", "response": {}, **part})


CASES = [{"response": {}}]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"cases": CASES, "response": {}}, "cases: answer in the place of response and resource"),
        ({"cases": CASES, "resource": {"name": "a"}}, "cases: answer in the place of response and resource"),
        ({"response": {}, "let": {"a": 1}}, "let, list and graph are for cases"),
        ({"response": {}, "list": {"in": "a"}}, "let, list and graph are for cases"),
        ({}, "mode 'mock' needs a response, a resource or cases"),
        ({"mode": "replay", "cassette": []}, "mode 'replay' needs a cassette"),
        ({"mode": "replay", "cassette": ["a", "b"]}, "several cassettes are for mode: replay with replay"),
        ({"mode": "replay", "cassette": "a", "replay": {"sessions": ["s"]}}, "replay.sessions: needs order: session"),
        ({"mode": "replay", "cassette": "a", "replay": {"on_miss": "mock"}}, "on_miss: mock needs a response or cases"),
    ],
)
def test_a_mock_answers_in_one_way(document, sentence):
    with pytest.raises(ValidationError) as told:
        MockDefinition.model_validate({"id": "a", **document})
    assert sentence in str(told.value)


@pytest.mark.parametrize(
    ("save", "path", "sentence"),
    [
        ({}, (), "give one of in (a collection) and state (a key)"),
        ({"in": "a", "state": "b"}, (), "give one of in (a collection) and state (a key)"),
        ({"in": "a"}, (), "give one of key and under (how the keys begin)"),
        ({"in": "a", "key": "k", "under": "u", "delete": True}, (), "give one of key and under (how the keys begin)"),
        ({"in": "a", "under": "u"}, (), "under: needs delete: true, or an item and merge: true"),
        ({"in": "a", "key": "k"}, (), "give the item, or delete: true"),
        ({"in": "a", "key": "k", "item": 1, "delete": True}, (), "delete: true takes no item"),
        ({"in": "a", "key": "k", "item": 1, "ttl": 5}, (), "in: takes an item, and not ttl"),
        ({"state": "s"}, (), "give the value, or delete: true"),
        ({"state": "s", "value": 1, "delete": True}, (), "delete: true forgets the key, so that it takes no value"),
        ({"state": "s", "value": 1, "key": "k"}, (), "state: takes value, ttl or delete, and not key"),
        ({"state": "s", "valu": 1}, ("valu",), "unknown key 'valu': did you mean 'value'?"),
    ],
)
def test_a_save_keeps_or_forgets_one_thing(save, path, sentence):
    document = {"id": "a", "cases": [{"response": {}, "save": [save]}]}
    assert flaws(MockDefinition, document) == [(("cases", 0, "save", 0, *path), sentence)]


@pytest.mark.parametrize(
    ("part", "path", "sentence"),
    [
        ({"where": [{"field": "a"}]}, ("where", 0), "give one of param (the name of a query parameter) and value"),
        ({"where": [{"field": "a", "param": "p", "value": 1}]}, ("where", 0),
         "give one of param (the name of a query parameter) and value"),
        ({"where": [{"field": "a", "op": "eqq", "param": "p"}]}, ("where", 0, "op"),
         "expected one of eq, ne, lt, le, gt, ge, like, starts, in, has, present, filled, not 'eqq': did you mean 'eq'?"),
        ({"search": {}}, ("search",), "give one of param (the name of a query parameter) and value"),
        ({"page": {"number": "p", "by": "id"}}, ("page",), "by: needs a cursor"),
        ({"pages": {}}, ("pages",), "unknown key 'pages': did you mean 'page'?"),
    ],
)  # fmt: skip
def test_a_list_asks_for_what_there_is(part, path, sentence):
    document = {"id": "a", "list": {"in": "b", **part}, "cases": CASES}
    assert flaws(MockDefinition, document) == [(("list", *path), sentence)]


@pytest.mark.parametrize("name", ["answer", "list"])
def test_what_vars_holds_by_itself_is_not_named_again(name):
    document = {"id": "a", "let": {name: 1}, "cases": CASES}
    told = f"vars.{name} is Mimic's own: give what you name {name!r} another name"
    assert flaws(MockDefinition, document) == [(("let",), told)]


def test_cases_are_written_down_as_they_were_read():
    document = {
        "id": "a",
        "collections": {"b": {"seed": {"k": None}}},
        "let": {"x": "{{ 1 }}"},
        "list": {"in": "b", "page": {"number": "p", "size": 3}},
        "cases": [
            {"when": "x", "tier": "schema", "response": {"status": 201}, "save": [{"in": "b", "key": "k", "item": 1}]}
        ],
    }
    assert MockDefinition.model_validate(document).model_dump(exclude_unset=True) == document
