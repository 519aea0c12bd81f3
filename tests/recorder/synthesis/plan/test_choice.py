from __future__ import annotations

from array import array

from recorder.synthesis.plan.choice import choose, with_examples
from recorder.synthesis.plan.survey import Session, Survey


def a_survey(*sessions, kinds="answer"):
    """Give a survey of sessions, each its number of calls and its marks."""
    most = max((mark for _, marks in sessions for mark in marks), default=0)
    kept = [
        Session(0, f"s{place}", calls, array("Q"), array("I", marks)) for place, (calls, marks) in enumerate(sessions)
    ]
    return Survey(kept, [kinds] * (most + 1), [])


def test_all_are_chosen_where_there_is_room():
    assert choose(a_survey((10, [0]), (10, [0])), 20, 50) == [0, 1]


def test_what_is_seldom_is_chosen_first():
    sessions = [(10, [0, 1])] * 50 + [(10, [0, 2])] + [(10, [0, 1])] * 49
    assert 50 in choose(a_survey(*sessions), 20, 50)


def test_a_session_that_shows_much_is_chosen_before_several_that_show_little():
    sessions = [(20, [0]), (20, [1]), (20, [2]), (30, [0, 1, 2])] * 10
    assert 3 in choose(a_survey(*sessions), 60, 50)


def test_no_more_is_chosen_than_there_is_to_see():
    chosen = choose(a_survey(*[(10, [0])] * 1000, kinds="sent"), 5_000, 50)
    assert len(chosen) == 3


def test_the_bound_is_kept_and_a_long_session_counts_for_what_is_looked_at():
    sessions = [(1_000, [0, 1, 2, 3]), *[(30, [place % 4]) for place in range(100)]]
    chosen = choose(a_survey(*sessions), 200, 50)
    assert (0 in chosen, sum(min(sessions[place][0], 50) for place in chosen) <= 200) == (True, True)


def test_those_already_chosen_stay():
    sessions = [(10, [0])] * 100
    assert {90, 91} <= set(choose(a_survey(*sessions), 50, 50, already=[90, 91]))


def test_a_session_without_answers_is_never_chosen():
    assert 0 not in choose(a_survey((0, []), *[(10, [0])] * 20), 50, 50)


def test_examples_are_added_in_their_order_as_long_as_there_is_room():
    survey = a_survey(*[(10, [0])] * 10)
    assert with_examples(survey, [1], [[5, 1], [3, 7], [8]], 40, 50) == [1, 3, 5, 7]
    assert with_examples(survey, [1], [], 40, 50) == [1]
