"""What would be a guess is emitted disabled, with the reason; what the recording bears out never is."""

from dataclasses import replace

import pytest
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import BEGAN, Mocks, learnt, recorded

from cassettes.exchange import Request
from gateway.inprocess import serve
from recorder.synthesis.checking.difference import Difference
from recorder.synthesis.checking.thin import mark_thin
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.synthesis.reports.account import endpoint_accounts

NO = {"error": "no"}


def draws(*statuses):
    """Give a session that asks the same write again and again, with answers that nothing tells."""
    return [("POST", "/draw", {"n": 1}, status, {"won": 1} if status < 300 else NO) for status in statuses]


def odd():
    """Give draws of which most are refused, though success is what remains where no condition holds."""
    return [draws(200, 409, 409, 200, 409, 409, 409, 409), draws(409, 409, 200, 409, 409)]


def made_of(*sessions, **options):
    return distil([recorded(*sessions)], Options(**options), serve)


def the(made, identity):
    return next(one for one in made.definitions if one["id"] == identity)


def test_a_write_of_which_most_that_it_would_accept_was_refused_is_disabled_with_the_reason():
    made = made_of(*odd())
    draw = the(made, "post-draw")
    assert draw["enabled"] is False
    assert draw["description"] == (
        "disabled as a guess, of 13 recorded calls that it would accept 10 were not accepted; "
        "13 recorded calls in 2 sessions: 3 x 200, 10 x 409"
    )
    assert list(draw)[:3] == ["id", "description", "enabled"]
    assert made.thin == {"post-draw": "of 13 recorded calls that it would accept 10 were not accepted"}


def test_it_answers_nothing_and_the_recording_answers_for_it():
    made = made_of(*odd())
    response, match = serve(made.definitions, lambda: BEGAN).answer(Request("POST", b"/draw", (), b'{"n": 1}'))
    assert (response.status, match) == (404, "miss")
    assert made.summary["literal"] == 13
    assert made.definitions[0]["id"] == "recorded-sessions"


def test_kept_it_answers_and_says_how_sure_it_is():
    made = made_of(*odd(), keep_thin=True)
    draw = the(made, "post-draw")
    assert "enabled" not in draw
    assert draw["description"].startswith("low confidence, of 13 recorded calls")
    _, match = serve(made.definitions, lambda: BEGAN).answer(Request("POST", b"/draw", (), b'{"n": 1}'))
    assert match.startswith("schema; ")


@pytest.mark.parametrize(("keeps", "word"), [(False, "disabled as a guess: "), (True, "low confidence: ")])
def test_the_report_says_so_first(keeps, word):
    [account] = endpoint_accounts(made_of(*odd(), keep_thin=keeps))
    assert account.doubts[0] == word + "of 13 recorded calls that it would accept 10 were not accepted"


def test_what_is_right_in_half_of_what_it_accepts_stays():
    assert made_of(draws(200, 409, 200, 409)).thin == {}


def test_what_is_wrong_in_more_than_half_is_of_low_confidence_and_answers():
    made = made_of(draws(200, 409, 409, 200, 409))
    draw = the(made, "post-draw")
    assert made.thin == {"post-draw": "of 5 recorded calls that it would accept 3 were not accepted"}
    assert draw["description"].startswith("low confidence, of 5 recorded calls that it would accept 3")
    assert ("enabled" in draw, draw["cases"][0]["tier"]) == (False, "schema")


def test_another_floor_draws_the_line_elsewhere():
    assert "enabled" not in the(made_of(*odd(), floor=0.2), "post-draw")
    assert the(made_of(draws(200, 409, 409, 200, 409), floor=0.5), "post-draw")["enabled"] is False


def test_nothing_is_disabled_where_the_service_is_understood():
    assert learnt(Shelf, a_visit).made.thin == {}


def test_what_is_drawn_by_weight_is_no_guess():
    rows = [("GET", "/quote", None, status, {"is": status}) for status in (200, 503, 503, 200, 503, 503, 200)]
    mocks = Mocks(rows)
    assert "variants" in mocks.definition("get-quote")["cases"][0]["response"]
    assert mocks.made.thin == {}


def test_one_that_refuses_what_was_accepted_is_honest_and_stays():
    made = made_of(*odd(), keep_thin=True)
    refusing = [
        replace(one, difference=Difference("status", "", one.sample.status, 404))
        for one in made.checked
        if one.sample.succeeded
    ]
    assert mark_thin(made.definitions, refusing, Options()) == {}


def test_what_was_there_from_the_beginning_is_passed_on_to_what_answers():
    seed = {"seed": {"1": {"id": 1}}}
    case = {"response": {"status": 200}}
    first = {"id": "post-a", "description": "", "collections": {"things": seed}, "cases": [case]}
    second = {
        "id": "get-a", "description": "", "let": {"item": "{{ resource.things.get('1') }}"}, "cases": [dict(case)],
    }  # fmt: skip
    wrong = made_of(*odd(), keep_thin=True).checked
    checked = [replace(one, definition="post-a") for one in wrong]
    assert list(mark_thin([first, second], checked, Options())) == ["post-a"]
    assert ("collections" in first, second["collections"]) == (False, {"things": seed})
