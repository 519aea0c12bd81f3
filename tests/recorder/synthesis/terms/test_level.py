"""A level is kept under two things; where none is kept there is nothing, and what is not named has none."""

from __future__ import annotations

from synthesis.telling import told

from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.level import Level, Order, level_terms, pair_term
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.timeline import Timeline

NOTHING = {"place": "", "count": 0}
KEY = pair_term(json_term(("article",)), json_term(("place",)))


def a_scene(sent):
    timeline = Timeline()
    for place, count in (("yard", 3), ("attic", 5)):
        timeline.put("levels", f"lamp/{place}", {"place": place, "count": count}, -1)
    for place in ("attic", "cellar", "yard"):
        timeline.put("places", place, {"code": place}, -1)
    samples = told(("POST", "/moves", sent, 201, {"ok": True}))
    return Scene(samples[0], endpoints_of(samples)[0], timeline, 0)


def test_a_level_is_what_is_kept_or_nothing():
    level = Level("level", "levels", KEY, nothing=NOTHING)
    assert level.find(a_scene({"article": "lamp", "place": "yard"})) == ("lamp/yard", {"place": "yard", "count": 3})
    assert level.find(a_scene({"article": "lamp", "place": "cellar"})) == ("lamp/cellar", NOTHING)


def test_what_is_not_named_has_no_level():
    assert Level("level", "levels", KEY, nothing=NOTHING).find(a_scene({"article": "lamp"})) == ("", MISSING)
    text = Level("level", "levels", KEY, nothing=NOTHING, told=("request.json.place",)).text
    assert text.endswith("if request.json.place is string else none)")


def test_levels_are_in_the_order_in_which_they_are_shown():
    scene = a_scene({"article": "lamp"})
    orders = [Order(), Order(by="place"), Order(like="places", own="code")]
    shown = [[row["place"] for row in order.rows("levels", "lamp", scene)] for order in orders]
    assert shown == [["yard", "attic"], ["attic", "yard"], ["attic", "yard"]]


def test_the_levels_of_a_thing_are_added_up():
    rows, count = level_terms("levels", json_term(("article",)), ("count",), Order())
    scene = a_scene({"article": "lamp"})
    assert (len(rows.get(scene)), count.get(scene)) == (2, 8)
    assert count.text == "total(resource.levels.under(request.json.article ~ '/'), 'count')"
