from __future__ import annotations

import pytest
from synthesis.telling import told

from recorder.synthesis.plan.features import Call, Mark, call_of, marks_of

NOTE = "0d9e1c52-4b3f-4a53-9d5e-6f0a7f3f4b11"


def a_call(*row):
    [sample] = told(row)
    return sample


def marks(*row):
    return set(marks_of(a_call(*row)))


def test_a_call_is_its_method_its_path_and_its_status():
    assert call_of(a_call("GET", f"/v1/notes/{NOTE}/tags", None, 200, {})) == Call(
        "GET", ("v1", "notes", "*", "tags"), 200
    )


def test_calls_that_differ_in_values_only_show_the_same():
    one = marks(
        "POST", "/notes?limit=5", {"text": "the 1st", "size": 3}, 201, {"id": NOTE, "text": "the 1st", "size": 3}
    )
    two = marks(
        "POST", "/notes?limit=9", {"text": "the 2nd", "size": 8}, 201, {"id": "a1b2c3d4", "text": "the 2nd", "size": 8}
    )
    assert one == two


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("open", "open"), ("", "empty"), (True, "true"), (None, "null"), (0, "zero"), (-3, "negative"), (2.5, "fraction"),
        (7, "number"), ("a1b2", "*"), ("-4", "negative"), ("x" * 60, "*"),
    ],
)  # fmt: skip
def test_a_value_tells_of_kinds(sent, shown):
    assert Mark("sent", "body.state", shown) in marks("POST", "/notes", {"state": sent}, 201, {})


def test_shapes_of_both_sides_are_seen():
    plain = marks("POST", "/notes", {"text": "a"}, 201, {"id": "a1b2"})
    more = marks("POST", "/notes", {"text": "a", "due": None}, 201, {"id": "a1b2", "rank": 1})
    assert {mark.kind for mark in plain ^ more} == {"asked", "answer", "sent"}


def test_a_refusal_is_known_by_what_it_says_without_what_is_of_one_call():
    def said(text):
        return {mark for mark in marks("GET", "/notes/x", None, 404, {"error": text}) if mark.kind == "said"}

    assert said("no note a1b2") == said("no note c3d4") != said("no such path")
    assert not [mark for mark in marks("GET", "/notes", None, 200, {"error": "none"}) if mark.kind == "said"]


def test_words_of_answers_headers_and_graphql_operations_are_seen():
    found = marks(
        "POST", "/graphql", {"query": "query Orders { orders { id } }"}, 200, {"state": "paid", "total": 3},
        {"X-Target": "Shop.List", "If-Match": '"a1"'},
    )  # fmt: skip
    assert found >= {
        Mark("told", "state", "paid"), Mark("sent", "header.x-target", "Shop.List"),
        Mark("sent", "header.if-match", "true"), Mark("sent", "graphql", "Orders"),
    }  # fmt: skip


def test_answers_that_are_no_json_are_known_by_type_and_elements():
    first, *_ = marks_of(a_call("GET", "/page", None, 200, b"<html><body>hello</body></html>"))
    assert first == Mark("answer", "", "nothing html,body")
