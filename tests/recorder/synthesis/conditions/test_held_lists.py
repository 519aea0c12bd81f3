"""A call may be refused as a list that is held lacks a word, as a key without the scope that it takes."""

from __future__ import annotations

from journeys import call
from synthesis.scenes import held_in, item_lookup, scenes_of

from recorder.synthesis.conditions.field_conditions import of_fields
from recorder.synthesis.terms.vocabulary import Vocabulary

HELD = {
    "one": {"scopes": ["read", "write"]},
    "two": {"scopes": ["read"]},
    "three": {"scopes": ["read", "write"]},
    "four": {"scopes": ["list"]},
}


def lacking(*keys, sessions=None):
    """Give in which scenes a list is said to lack which word."""
    lookups = {"item": item_lookup()}
    places = sessions or range(len(keys))
    calls = [call("POST", "/things", {"id": key}, session=str(at)) for key, at in zip(keys, places, strict=True)]
    scenes = scenes_of(*calls, held={"things": HELD}, lookups=lookups)
    made = held_in(of_fields(scenes, Vocabulary(scenes, lookups)), scenes)
    return {text.split("'")[1]: where for text, where in made.items() if " not in " in text and "scopes" in text}


def test_a_list_may_lack_a_word_that_lists_of_several_sessions_have():
    assert lacking("one", "two", "three", "four") == {"read": [3], "write": [1, 3]}


def test_words_of_one_session_are_no_reason():
    assert lacking("one", "two", "three", sessions=[0, 0, 0]) == {}
