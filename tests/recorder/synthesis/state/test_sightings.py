"""What items were is told by reads, by lists, and in part by refusals; what may have changed them lies between."""

from __future__ import annotations

from synthesis.telling import told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.sightings import sightings_of
from recorder.synthesis.state.world import play

OAK = {"id": 11, "name": "Oak", "state": "new"}
MADE = ("POST", "/trees", {"name": "Oak"}, 201, OAK)
CUT = ("POST", "/trees/11/cut", None, 204, None)
READ = ("GET", "/trees/11", None, 200, {**OAK, "state": "cut"})


def seen(*rows):
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    return sightings_of(play(samples, endpoints, bindings).scenes, bindings)


def shown_after(sightings, moment):
    return sightings.next_read((0, "trees", "11"), moment, after_all=False)


def test_the_next_read_tells_what_an_item_became_unless_another_call_came_between():
    sightings = seen(MADE, ("GET", "/trees/11", None, 200, OAK), CUT, READ)
    assert shown_after(sightings, 2) == {**OAK, "state": "cut"}
    assert shown_after(seen(MADE, CUT, CUT, READ), 1) is MISSING


def test_a_list_tells_it_where_that_is_wanted_and_its_rows_are_whole():
    def listed(row):
        return seen(MADE, READ, CUT, ("GET", "/trees", None, 200, [row]))

    whole = listed({**OAK, "state": "cut"})
    assert (shown_after(whole, 2), shown_after(whole.with_lists(), 2)) == (MISSING, {**OAK, "state": "cut"})
    assert shown_after(listed({"id": 11, "name": "OAK"}).with_lists(), 2) is MISSING
