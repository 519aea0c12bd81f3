from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from synthesis.plan.shelf_tapes import BOUNDS, a_plan, done, tapes

from gateway.inprocess import serve
from recorder.synthesis.distil import RECORDED, distil
from recorder.synthesis.options import Options


def test_rounds_learn_from_more_until_nothing_new_goes_wrong(tmp_path):
    stages = done(a_plan(tmp_path / "plan", tapes(tmp_path / "home")))
    chosen = [stages.chosen(number) for number in stages.rounds()]
    assert all(set(one) <= set(two) for one, two in pairwise(chosen))
    assert all(stages.plan.size(one) <= BOUNDS.most for one in chosen)
    assert stages.best(stages.rounds()[-1]) in stages.rounds()


def test_what_is_done_seldom_is_learnt_too(tmp_path):
    stages = done(a_plan(tmp_path / "plan", tapes(tmp_path / "home", count=4, rare=30)))
    best = stages.best(stages.rounds()[-1])
    ids = [one["id"] for one in stages.mocks(best)["definitions"]]
    assert ("put-thing" in ids, RECORDED in ids) == (True, False)
    asked = stages.asked(best)
    assert (asked.calls, asked.share) == (stages.plan.survey.answered - stages.plan.size(stages.chosen(best)), 1.0)


def test_a_wrong_kind_is_learnt_from_its_examples(tmp_path):
    few = replace(BOUNDS, first=10, most=60)
    stages = done(a_plan(tmp_path / "plan", tapes(tmp_path / "home"), few))
    shares = [stages.trial(number).share for number in stages.rounds()]
    assert (len(shares) > 1, shares[0] < max(shares)) == (True, True)
    assert stages.best(stages.rounds()[-1]) > 1


def test_where_all_is_learnt_from_it_is_the_plain_synthesis(tmp_path):
    library = tapes(tmp_path / "home")
    stages = done(a_plan(tmp_path / "plan", library, replace(BOUNDS, first=1_000, most=2_000)))
    plain = distil([library.read(name) for name in library.names()], Options(), serve)
    assert (stages.rounds(), stages.mocks(1)["definitions"]) == ([1], plain.definitions)
    assert stages.asked(1).calls == 0
