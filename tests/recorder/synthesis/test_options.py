"""Steps of the pass can be left out, to see what each is worth."""

import pytest
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import learnt

from recorder.synthesis.options import STEPS, Options


def test_all_steps_are_taken_but_for_those_left_out():
    assert Options().without(["store", "guards"]) == Options(store=False, guards=False)
    assert [getattr(Options(), step) for step in STEPS] == [True] * 6


def test_a_step_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(ValueError, match="no step 'stores'; there are: templates, echo, store, links, guards, lists"):
        Options().without(["stores"])


def test_without_templates_every_path_is_its_own():
    paths = {path for _, path in learnt(Shelf, a_visit, without=["templates"]).paths}
    assert not any("{" in path for path in paths)
    assert len(paths) > 8


def test_without_the_store_nothing_is_kept_and_without_guards_nothing_is_asked():
    plain = learnt(Shelf, a_visit, without=["store"]).made.synthesis.definitions
    assert [case for one in plain for case in one["cases"] if "save" in case] == []
    easy = learnt(Shelf, a_visit, without=["guards"]).made.synthesis.definitions
    assert [case for one in easy for case in one["cases"] if "when" in case] == []


def test_without_lists_no_list_is_asked():
    assert [one for one in learnt(Shelf, a_visit, without=["lists"]).made.definitions if "list" in one] == []


@pytest.mark.parametrize("step", STEPS)
def test_whatever_is_left_out_the_recording_is_answered(step):
    made = learnt(Shelf, a_visit, without=[step]).made
    assert made.summary["generalized"] + made.summary["literal"] == made.summary["interactions"] == 36
    needs = made.summary["literal"] > 0 or any(one.translated for one in made.checked)
    assert any(one["id"] == "recorded-sessions" for one in made.definitions) is needs
