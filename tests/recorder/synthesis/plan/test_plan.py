from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest
from synthesis.plan.shelf_tapes import BOUNDS, a_plan, done, tapes

from recorder.errors import PlanError
from recorder.synthesis.options import Options
from recorder.synthesis.plan.plan import Bounds, Plan


def test_a_plan_is_opened_as_it_was_begun(tmp_path):
    library = tapes(tmp_path / "home")
    plan = a_plan(tmp_path / "plan", library, options=Options(lists=False))
    assert Plan.opened(plan.folder, library) == plan
    a_plan(tmp_path / "plan", library, options=Options(lists=False))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"bounds": replace(BOUNDS, most=90)}, "whose bounds were others"),
        ({"options": Options(guards=False)}, "whose options were others"),
    ],
)
def test_another_plan_in_the_same_folder_is_refused(tmp_path, more, said):
    library = tapes(tmp_path / "home")
    a_plan(tmp_path / "plan", library)
    with pytest.raises(PlanError, match=f"plan: there is the plan of another synthesis, {said}: name another folder"):
        a_plan(tmp_path / "plan", library, **more)


def test_recordings_that_have_grown_since_are_refused(tmp_path):
    library = tapes(tmp_path / "home")
    a_plan(tmp_path / "plan", library)
    with (tmp_path / "home" / "tape-1" / "interactions.jsonl").open("ab") as lines:
        lines.write(b"\n")
    with pytest.raises(PlanError, match="whose recordings were others, or were not what they are now"):
        a_plan(tmp_path / "plan", library)


def test_the_sample_is_spread_over_the_sessions_and_batches_are_small(tmp_path):
    plan = a_plan(tmp_path / "plan", tapes(tmp_path / "home", count=4))
    done(plan)
    assert 0 < len(plan.sample) < len(plan.survey.sessions)
    assert len({plan.survey.sessions[place].source for place in plan.sample}) > 1
    assert list(chain.from_iterable(plan.batches(range(48)))) == list(range(48))
    assert max(plan.size(batch) for batch in plan.batches(range(48))) < BOUNDS.batch + BOUNDS.longest
    assert set(chain.from_iterable(plan.tried({3, 4}))) == set(plan.sample) - {3, 4}
    assert list(chain.from_iterable(plan.others({3, 4}))) == [place for place in range(48) if place not in {3, 4}]


def test_sessions_are_read_with_their_places(tmp_path):
    plan = a_plan(tmp_path / "plan", tapes(tmp_path / "home"))
    done(plan)
    found = [(cassette.manifest.name, names) for cassette, names in plan.parts([1, 13, 14])]
    assert found == [("tape-0", {"s1": 1}), ("tape-1", {"s1": 13, "s2": 14})]


def test_bounds_are_in_proportion():
    assert Bounds.of(7_000) == replace(Bounds(), sample=21_000)
    assert Bounds.of(70).batch == 20
