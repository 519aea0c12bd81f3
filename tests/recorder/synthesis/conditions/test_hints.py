"""Refusals name what would have been right."""

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.conditions.hints import hinted_bounds, hinted_words


def refused(answer):
    return call("POST", "/things", {"a": 1}, answer=answer, status=400)


def test_the_words_of_a_sentence_and_of_a_list_are_hints():
    scenes = scenes_of(
        refused({"error": "color must be one of: red, green or blue"}),
        refused({"detail": [{"msg": "Input should be 'en', 'de' or 'fr'"}]}),
        refused({"hint": "One of north, south"}),
        refused({"error": "size", "allowed_values": ["S", "M"], "path": ["size"]}),
    )
    assert hinted_words(scenes) == [["en", "de", "fr"], ["red", "green", "blue"], ["north", "south"], ["S", "M"]]


def test_whole_numbers_are_bounds_but_not_parts_of_others():
    scenes = scenes_of(refused({"error": "from 3 to 50, see v2 and 2024-01-01"}), refused({"error": "at most 50"}))
    assert hinted_bounds(scenes) == [3, 50]


def test_what_succeeded_is_no_hint():
    scenes = scenes_of(call("GET", "/things", answer={"allowed": ["a", "b"], "note": "one of: a, b", "max": 7}))
    assert (hinted_words(scenes), hinted_bounds(scenes)) == ([], [])
