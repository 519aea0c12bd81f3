"""A header that counts down is what one number has over another."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.explaining.remainders import remainder
from recorder.synthesis.terms.vocabulary import Vocabulary


def told(pairs, texts):
    scenes = scenes_of(*[("POST", "/things", {"most": most, "used": used}, 201, {}) for most, used in pairs])
    return remainder(list(zip(scenes, texts, strict=True)), Vocabulary(scenes, {}))


def test_what_is_left_is_told_with_or_without_the_call_itself():
    found = told([(9, 1), (9, 4), (3, 1)], ["8", "5", "2"])
    assert found.expression() == "((request.json.most - request.json.used) | string)"
    found = told([(9, 1), (9, 4), (3, 1)], ["7", "4", "1"])
    assert found.expression() == "((request.json.most - request.json.used - 1) | string)"


def test_few_values_and_what_fits_seldom_are_chance():
    assert told([(9, 1), (9, 1), (9, 4)], ["8", "8", "5"]) is None
    assert told([(9, 1), (9, 4), (3, 1)], ["8", "1", "7"]) is None
    assert told([(9, 1), (9, 4), (3, 1)], ["8", "5", "soon"]) is None
