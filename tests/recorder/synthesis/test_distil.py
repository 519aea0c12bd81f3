"""What synthesis cannot answer as recorded is told again from the recording."""

from __future__ import annotations

from dataclasses import replace

import pytest
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, learnt, recorded, visits

from cassettes.cassette import Finding
from gateway.inprocess import serve
from recorder.synthesis.distil import RECORDED, distil
from recorder.synthesis.options import Options

ODD = [("GET", "/odd", None, 200, {"n": number}) for number in (3, 1, 2)]


def test_where_all_is_learnt_nothing_is_told_again():
    mocks = Mocks([("POST", "/echo", {"n": number}, 200, {"n": number, "c": 1}) for number in (3, 44, 8)])
    assert (mocks.wrong, mocks.made.remarks) == ([], [])
    assert RECORDED not in [one["id"] for one in mocks.made.definitions]


def test_sessions_are_told_again_where_recorded_requests_have_ids_that_others_are_made_up_for():
    mocks = learnt(Shelf, a_visit)
    assert (mocks.wrong, mocks.made.remarks) == ([], [])
    assert mocks.made.definitions[0]["id"] == RECORDED
    assert mocks.made.definitions[0]["description"] == (
        "what was learnt makes up other ids than those that recorded calls ask for: "
        "while the calls come as in one of these sessions, it is told again"
    )


def test_a_session_is_told_again_where_nothing_else_answers_as_recorded():
    mocks = Mocks(ODD, [("GET", "/fine", None, 200, {"a": 1})])
    first, *_ = mocks.made.definitions
    assert mocks.made.summary["literal"] == len(mocks.wrong) == 2
    assert first == {
        "id": "recorded-sessions",
        "description": (
            "2 of 4 recorded calls are answered otherwise by what was learnt: "
            "while the calls come as in one of these sessions, it is told again"
        ),
        "priority": 1000,
        "match": {"path": "/**"},
        "mode": "replay",
        "cassette": "told",
        "replay": {"order": "session"},
        "tags": ["synthesized"],
    }
    assert mocks.made.remarks == ["GET /odd: value at $.n (2 times)"]


def test_sessions_are_told_again_where_a_definition_has_a_stand_in_that_clients_do_not_send():
    sent = {"user": "kaidapp22385", "password": "mnhG5VFlly3SH8"}
    rows = [("POST", "/unlock", sent, 200, {"ok": True}), ("GET", "/who", None, 200, {"likes": "mnhG5VFlly3SH8 & co"})]
    cassette = recorded(rows)
    marked = (Finding("request.body $.password", "password", "fields"),)
    cleaned = replace(
        cassette, interactions=(replace(cassette.interactions[0], findings=marked), cassette.interactions[1])
    )
    plain, told = (distil([one], Options(), serve) for one in (cassette, cleaned))
    assert (plain.summary["literal"], told.summary["literal"]) == (0, 0)
    assert RECORDED not in [one["id"] for one in plain.definitions]
    assert told.definitions[0]["id"] == RECORDED
    assert told.definitions[0]["description"] == (
        "what was learnt has stand-ins of values that clients send as they are: "
        "while the calls come as in one of these sessions, it is told again"
    )


def test_cassettes_are_named_that_are_told_again():
    made = distil([recorded(ODD, name="one"), recorded(ODD, name="two")], Options(), serve)
    assert made.definitions[0]["cassette"] == ["one", "two"]


def test_every_recorded_call_is_checked_with_what_answered_it():
    checked = learnt(Shelf, a_visit, count=1).made.checked
    assert [(one.right, one.tier, one.definition, one.case) for one in checked[:3]] == [
        (True, "synthesized", "post-things", 4), (True, "synthesized", "post-things", 4), (True, "synthesized", "get-thing", 2),
    ]  # fmt: skip


def test_nothing_recorded_is_all_answered():
    assert distil([recorded()], Options(), serve).summary == {
        "interactions": 0, "sessions": 0, "definitions": 0, "generalized": 0, "literal": 0, "generalized_share": 1.0,
        "literal_share": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize("step", ["echo", "links"])
def test_what_a_step_is_worth_shows_in_the_share(step):
    sessions = visits(Shelf, a_visit, 3)
    whole, less = Mocks(*sessions).made.summary, Mocks(*sessions, without=[step]).made.summary
    assert whole["generalized"] >= less["generalized"]


def test_a_definition_that_cannot_be_loaded_is_left_out_and_told_of():
    def picky(definitions, clock):
        if any(one["id"] == "post-things" for one in definitions):
            raise ValueError("no such function: frobnicate")
        return serve(definitions, clock)

    made = distil([recorded(*visits(Shelf, a_visit, 2))], Options(), picky)
    assert "post-things" not in [one["id"] for one in made.definitions]
    assert made.definitions[0]["id"] == RECORDED
    assert made.remarks[0] == "post-things is left out, since it cannot be loaded: no such function: frobnicate"


def test_an_answer_of_which_little_but_the_form_is_known_says_so():
    numbers = iter((17, 3, 44, 8, 29, 61, 5, 90, 12, 71, 33, 2))
    rows = [("POST", "/dice", {"n": 3}, 200, {"a": next(numbers), "b": next(numbers), "c": 1}) for _ in range(6)]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/dice", {"n": 3}).headers["match"].startswith("schema; ")
    plain = Mocks([("POST", "/echo", {"n": number}, 200, {"n": number, "c": 1}) for number in (3, 44, 8)])
    assert plain.ask("POST", "/echo", {"n": 7}).headers["match"].startswith("synthesized; ")
