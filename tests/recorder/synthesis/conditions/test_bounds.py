"""Bounds lie between the values that were seen, where a person would have put them."""

from journeys import call
from synthesis.scenes import asked, held_in, scenes_of

from recorder.synthesis.conditions.bounds import of_size
from recorder.synthesis.conditions.condition import Subject


def bounds(values, hints=()):
    scenes = scenes_of(*(call("POST", "/things", {"n": value}) for value in values))
    term = asked("n")
    return held_in(of_size(Subject(term, [term.get(scene) for scene in scenes], 0.35), hints), scenes)


def test_a_number_is_cut_at_nothing_and_at_the_roundest_number_of_a_gap():
    assert bounds([-5, 3, 130]) == {
        "request.json.n < 0": [0],
        "request.json.n >= 0": [1, 2],
        "request.json.n < 100": [0, 1],
        "request.json.n >= 100": [2],
    }


def test_a_number_is_cut_where_refusals_say():
    assert bounds([3, 130], hints=[99]) == {"request.json.n < 99": [0], "request.json.n >= 99": [1]}


def test_a_text_is_cut_by_its_length():
    measured = "request.json.n is sequence and request.json.n is not mapping and (request.json.n | length)"
    assert bounds(["", "tea"]) == {f"{measured} < 1": [0], f"{measured} >= 1": [1]}


def test_a_text_of_digits_is_cut_as_a_number_too():
    assert bounds(["3", "7"]) == {
        "request.json.n is defined and (request.json.n | int) < 5": [0],
        "request.json.n is defined and (request.json.n | int) >= 5": [1],
    }


def test_where_numbers_begin_to_be_positive_is_a_bound_though_there_are_many_wider_gaps():
    values = [-7, 4, *(1_000 * 2**place for place in range(40))]
    made = bounds(values)
    assert made["request.json.n < 0"] == [0]
