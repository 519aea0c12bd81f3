"""A vocabulary holds every term that a part of an answer might be, found by the value it gives."""

from __future__ import annotations

import hashlib

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term, constant
from recorder.synthesis.terms.vocabulary import Vocabulary, hidden_name, transformations

ROW = (
    "POST",
    "/shops/7/orders?dry=1",
    {"item": "Tea", "lines": [{"no": 3}]},
    201,
    {},
    {"X-Tenant": "acme", "Cookie": "sid=s1"},
)


def a_vocabulary(**lookups):
    [scene] = scenes_of(ROW)
    scene.timeline.put("users", "u1", {"id": "u1", "name": "Ada"}, -1)
    scene.timeline.put("users~", "u1", {"etag": '"7"'}, -1)
    scene.lookups = lookups
    return Vocabulary([scene], lookups), scene


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Tea", "request.json.item"),
        (3, "request.json.lines[0].no"),
        ({"no": 3}, "request.json.lines[0]"),
        ("7", "request.path_params.shop"),
        (7, "(request.path_params.shop | int)"),
        ("1", "request.query.dry"),
        ("acme", "request.headers['x-tenant']"),
        ("s1", "request.cookies.sid"),
        ("tea", "(request.json.item | lower)"),
        ("VGVh", "(request.json.item | base64)"),
        (4, "(request.json.lines[0].no + 1)"),
        (hashlib.sha256(b"Tea").hexdigest(), "hash(request.json.item, 'sha256')"),
        (hashlib.md5(b"Tea", usedforsecurity=False).hexdigest(), "hash(request.json.item, 'md5')"),
    ],
)
def test_a_value_is_given_by_the_plainest_term(value, text):
    vocabulary, scene = a_vocabulary()
    found = vocabulary.giving(value, scene)
    assert found[0].text == text
    assert all(term.get(scene) == value for term in found)


def test_nothing_gives_what_is_nowhere():
    vocabulary, scene = a_vocabulary()
    assert vocabulary.giving("nowhere", scene) == []


def test_items_that_are_looked_up_give_their_members_and_those_that_are_hidden():
    vocabulary, scene = a_vocabulary(user=Lookup("user", "users", constant("u1")))
    [term] = vocabulary.giving("Ada", scene)[:1]
    assert (term.text.replace("\N{SECTION SIGN}", "|"), term.uses) == ("|users|vars.user|.name", frozenset({"user"}))
    assert [(one.text, one.keeps, value) for one, value in vocabulary.hidden_terms(scene)] == [
        ("vars.user._etag", frozenset({("users", "etag")}), '"7"')
    ]


def test_more_can_be_spoken_of():
    vocabulary, scene = a_vocabulary()
    wider = vocabulary.with_terms([scene], Term("vars.made", lambda _scene: "anew", "made"))
    assert ([one.text for one in wider.giving("anew", scene)], vocabulary.giving("anew", scene)) == (["vars.made"], [])


def test_objects_and_lists_are_told_apart():
    vocabulary, scene = a_vocabulary()
    assert [term.text for term, _ in vocabulary.objects(scene)][:2] == ["request.json", "request.json.lines[0]"]
    assert [term.text for term, _ in vocabulary.lists(scene)] == ["request.json.lines"]


def test_a_patch_is_something_that_can_be_spoken_of():
    [scene] = scenes_of(("PATCH", "/users/1", [{"op": "replace", "path": "/name", "value": "Bo"}], 200, {}))
    scene.timeline.put("users", "u1", {"id": "u1", "name": "Ada"}, -1)
    scene.lookups = {"item": Lookup("item", "users", constant("u1"))}
    found = Vocabulary([scene], scene.lookups).giving({"id": "u1", "name": "Bo"}, scene)
    assert [term.text.replace("\N{SECTION SIGN}", "|") for term in found] == [
        "json_patch(|users|vars.item|, request.json)"
    ]


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (True, [False]),
        (2, ["2", "2.00", 3, 1]),
        (1.5, ["1.5", "1.50"]),
        (["b", "A", "b"], [3, ["A", "b"], ["b", "A"], ["b", "a", "b"], ["a", "b"], ["b", "a"]]),
        (None, []),
        ("", []),
    ],
)
def test_the_list_of_transformations_is_closed(value, made):
    [scene] = scenes_of(ROW)
    assert [one.applied_to(constant(value)).get(scene) for one in transformations(value)] == made


@pytest.mark.parametrize(
    ("attribute", "name"),
    [("request.json.pass-word", "_pass_word"), ("etag", "_etag"), ("request.parts.file.text", "_file_text")],
)
def test_hidden_members_begin_with_a_line(attribute, name):
    assert hidden_name(attribute) == name
