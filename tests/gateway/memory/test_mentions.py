"""A definition with cases declares the collections that it names, wherever it names them."""

import pytest

from cassettes.definition import MockDefinition
from gateway.memory.mentions import mentions_of


def mentioned(**document):
    document = {"cases": [{"response": {}}], **document}
    return mentions_of(MockDefinition.model_validate({"id": "x", **document}))


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({}, {}),
        ({"collections": {"a": {}}}, {"a": set()}),
        ({"list": {"in": "a"}}, {"a": set()}),
        ({"cases": [{"response": {}, "save": [{"in": "a", "key": "k", "delete": True}]}]}, {"a": set()}),
        ({"cases": [{"response": {}, "save": [{"state": "s", "value": 1}]}]}, {}),
        ({"let": {"x": "{{ resource.a.get(1) }}"}}, {"a": set()}),
        ({"let": {"x": ["{{ resource['a'].all() }}", {"y": "{{ resource('b') }}"}]}}, {"a": set(), "b": set()}),
        ({"let": {"x": "{{ resource[vars.name] }}"}}, {}),
        ({"let": {"x": "{{ state.get('k:{{ resource.a.count() }}') }}"}}, {"a": set()}),
        ({"cases": [{"when": "resource.a.has(1)", "response": {}}]}, {"a": set()}),
        ({"cases": [{"response": {"body": {"n": "{{ resource.a.next_id('owner.id') }}"}}}]}, {"a": {"owner.id"}}),
        ({"let": {"x": "{{ resource.a.next_id() }}"}}, {"a": {"id"}}),
        ({"let": {"x": "{{ resource.a.next_id(field='n') }}"}}, {"a": {"n"}}),
        ({"cases": [{"response": {}, "save": [{"state": "s", "value": 1, "when": ["resource.a.has(1)"]}]}]}, {"a": set()}),
        ({"let": {"x": "{{ resource.a.get( }}"}}, {}),
        ({"cases": [], "response": {"body": "{{ resource.a.all() }}"}}, {}),
        ({"cases": [], "response": {}, "collections": {"a": {}}}, {"a": set()}),
    ],
)  # fmt: skip
def test_a_collection_is_named(document, found):
    assert mentioned(**document) == found
