from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.conditions.lockouts import COUNT, Locked, Lockout, left_terms, with_lasts
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term


def a_lockout(scenes, *, reaches=False):
    endpoint, key = scenes[0].endpoint, json_term(("mail",))
    lookups = {endpoint: Lookup(COUNT, "tries_at_doors", key, decides=False)}
    for scene in scenes:
        scene.lookups = {COUNT: lookups[endpoint]}
    return Lockout(endpoint, "tries_at_doors", key, 3, frozenset({401}), {endpoint: 423}, lookups, reaches)


def tries(*counts):
    calls = [call("POST", "/doors", {"mail": f"m{one}"}, answer={"left": 3 - one}, status=401) for one in counts]
    held = {"tries_at_doors": {f"m{one}": {COUNT: one} for one in counts if one}}
    return scenes_of(*calls, held=held)


def test_it_is_locked_from_the_limit_on_and_nothing_tried_is_0():
    scenes = tries(0, 2, 3)
    one = a_lockout(scenes)
    term = one.reached(scenes[0].endpoint, one.limit)
    assert (term.text, [term.get(scene) for scene in scenes]) == ("vars.tries.tries >= 3", [False, False, True])
    assert [one.tried(scene) for scene in scenes] == [0, 2, 3]


def test_what_counts_is_the_refusal_and_the_one_that_reaches_the_limit():
    scenes = tries(0)
    assert [a_lockout(scenes).counts(status) for status in (200, 401, 423)] == [False, True, False]
    assert a_lockout(scenes, reaches=True).counts(423)


def test_what_is_left_is_a_number_less_the_count():
    scenes = tries(0, 1, 2)
    [term] = left_terms([a_lockout(scenes)], scenes[0].endpoint, scenes)
    assert term.text == "(3 - (vars.tries.tries | default(0)))"
    assert [term.get(scene) for scene in scenes] == [3, 2, 1]


def test_the_last_try_is_told_before_those_that_are_counted():
    wrong, last = Term("wrong", lambda _scene: True), Term("last", lambda _scene: True)
    told = Locked([], {"401": Rule((last,), "423", 1)})
    made = with_lasts([Rule((wrong,), "401", 5)], told)
    assert [([term.text for term in rule.terms], rule.label) for rule in made] == [
        (["last", "wrong"], "423"),
        (["wrong"], "401"),
    ]
