"""Rules that a few of very many conditions make by chance are told from those that every half of the sessions shows."""

from __future__ import annotations

from random import Random

import pytest
from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.conditions.cross_validation import is_foretold, is_shorter
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

CHANCE = Random(7)
SENT = [{f"f{number}": CHANCE.randrange(9) for number in range(16)} for _ in range(30)]
COINS = [CHANCE.random() < 0.15 for _ in SENT]
IS_HIGH = [sent["f3"] > 4 for sent in SENT]


def judged():
    """Give the scenes of ten sessions of three calls, and what judges them."""
    scenes = scenes_of(*[
        call("POST", "/x", sent, answer={}, status=200, session=f"s{place // 3}") for place, sent in enumerate(SENT)
    ])  # fmt: skip
    vocabulary = Vocabulary(scenes, {})
    return scenes, vocabulary, Judge(scenes, vocabulary)


def test_what_the_service_tells_apart_is_found_and_what_only_chance_does_where_that_is_asked_for():
    scenes, _, judge = judged()
    told = judge.decide(scenes, IS_HIGH)
    assert [told[0][0].get(scene) is True for scene in scenes] in (IS_HIGH, [not one for one in IS_HIGH])
    assert judge.decide(scenes, COINS) is None
    rules = judge.decide(scenes, COINS, by_chance=True)
    first = [next(label for term, label in rules if term is None or term.get(one) is True) for one in scenes]
    assert first == COINS


def test_a_value_that_chance_tells_is_a_guess_and_whether_a_list_is_there_is_not():
    scenes, vocabulary, judge = judged()
    explainer = Explainer(vocabulary, judge.decide, "x")
    values = [(scene, "late" if coin else "soon") for scene, coin in zip(scenes, COINS, strict=True)]
    assert (explainer.explain(values, "word").document(), explainer.explain(values, "word").unknown) == ("soon", 1)
    lists = [(scene, {"a": 1} if coin else None) for scene, coin in zip(scenes, COINS, strict=True)]
    assert explainer.explain(lists, "part").unknown == 0


@pytest.mark.parametrize(("places", "is_so"), [((0, 1, 2), True), ((40, 90, 99), False)])
def test_plain_conditions_take_fewer_bits_than_those_that_are_far_down(places, is_so):
    costs = [place / 10 for place in range(100)]
    rules = [Rule((Term(f"c{place}", lambda _: True, cost=costs[place]),), "yes", 2) for place in places]
    assert is_shorter(rules, {"yes": 0b1111, "no": 0b1111 << 4}, costs) is is_so


def test_labels_that_one_half_of_the_sessions_has_alone_are_not_asked_for():
    rule = Rule((Term("c", lambda _: True),), "yes", 1, mask=0b0011)
    sessions = [0b0001, 0b0010, 0b0100, 0b1000]

    def learn(groups):
        return [rule], {"no": groups["no"]}

    assert is_foretold(learn, {"yes": 0b0011, "no": 0b1100}, sessions)
    assert not is_foretold(learn, {"yes": 0b1001, "no": 0b0110}, sessions)
    assert is_foretold(learn, {"yes": 0b0001, "no": 0b1110}, sessions)
