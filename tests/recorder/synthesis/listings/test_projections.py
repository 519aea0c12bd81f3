"""What rows show beside the members that are asked for is told by all that were."""

from __future__ import annotations

from types import SimpleNamespace

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.listings.listing import Listing
from recorder.synthesis.listings.projections import with_kept

HELD = {"@tag": "t", "id": "a", "name": "Ada", "age": 7}
ROWS = SimpleNamespace(rows=("rows",))


def listings(*asked):
    calls = [call("GET", f"/things?{query}", answer={"rows": rows}) for query, rows in asked]
    return [Listing(scene, [HELD], ["a"], [], scene.sample.query, {}) for scene in scenes_of(*calls)]


def test_members_that_all_rows_have_beside_those_that_were_asked_for_are_kept():
    found = listings(
        ("$select=name", [{"@tag": "t", "name": "Ada"}]), ("$select=id,age", [{"@tag": "t", "id": "a", "age": 7}])
    )
    assert with_kept({"in": "things"}, found, ROWS) == {
        "in": "things",
        "fields_param": "$select",
        "fields_kept": ["@tag"],
    }


def test_nothing_is_kept_where_it_is_not_always_there_or_one_list_tells_it():
    rows = ("fields=name", [{"id": "a", "name": "Ada"}])
    for asked in ([rows], [rows, ("fields=age", [{"age": 7}])], [("fields=name", [{"name": "Ada"}])] * 2):
        assert with_kept({"in": "things"}, listings(*asked), ROWS) == {"in": "things"}


def test_members_that_no_item_has_are_not_kept():
    found = listings(("fields=name", [{"x": 1, "name": "Ada"}]), ("fields=age", [{"x": 1, "age": 7}]))
    assert with_kept({"in": "things"}, found, ROWS) == {"in": "things"}
