"""Levels are shown in lists whose rows say of what and how much, and nothing else that tells rows apart."""

from __future__ import annotations

import pytest
from synthesis.telling import told_in

from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.level_forms import form_of
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.timeline import Timeline

STOCK = ([{"place": "attic", "count": 3}, {"place": "yard", "count": 1}], [{"place": "attic", "count": 2}])
EVENTS = ([{"code": "IN", "text": "came", "at": 1}], [{"code": "IN", "text": "came", "at": 2}])
TWICE = ([{"place": "attic", "count": 3}, {"place": "attic", "count": 1}], [{"place": "attic", "count": 2}])
NO_NUMBERS = ([{"place": "attic"}, {"place": "yard"}], [{"place": "attic"}])


def the_form(lists):
    samples = told_in([("GET", "/articles/lamp/stock", None, 200, {"rows": rows}) for rows in lists])
    endpoint = endpoints_of(samples)[0]
    scenes = [Scene(sample, endpoint, Timeline(), at) for at, sample in enumerate(samples)]
    return form_of(scenes, {endpoint: ("rows",)})


def test_rows_say_of_what_and_how_much():
    form = the_form(STOCK)
    assert form is not None
    assert (form.by, form.numbers, form.words) == ("place", ("count",), {"attic", "yard"})
    assert form.amounts({"place": "yard", "count": 7, "note": "x"}) == {"count": 7}


@pytest.mark.parametrize("lists", [EVENTS, TWICE, NO_NUMBERS])
def test_other_lists_are_no_levels(lists):
    assert the_form(lists) is None
