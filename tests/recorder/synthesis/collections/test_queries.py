"""A call whose body has conditions on fields lists the items that fulfil them, in the order and as short as it says."""

import pytest
from synthesis.vaults import mocks_of_vaults


@pytest.fixture(scope="module")
def mocks():
    found = mocks_of_vaults(8)
    found.ask("PUT", "/shelves20")
    for key, kind, pages in [("c-3", "map", 7), ("a-1", "letter", 40), ("b-2", "map", 85)]:
        found.ask("PUT", f"/shelves20/{key}", {"kind": kind, "title": f"of {key}", "pages": pages})
    found.ask("PUT", "/shelves21")
    found.ask("PUT", "/shelves21/d-4", {"kind": "map", "title": "elsewhere", "pages": 1})
    return found


def found(mocks, **asked):
    return [one["_id"] for one in mocks.ask("POST", "/shelves20/_find", asked).json["docs"]]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"kind": "map"}, ["b-2", "c-3"]),
        ({"pages": {"$gt": 30}}, ["a-1", "b-2"]),
        ({"kind": "map", "pages": {"$lte": 7}}, ["c-3"]),
        ({"kind": {"$in": ["letter", "print"]}}, ["a-1"]),
        ({"$or": [{"pages": 7}, {"title": "of a-1"}]}, ["a-1", "c-3"]),
        ({"kind": "photo"}, []),
    ],
)
def test_conditions_are_understood_also_those_that_nobody_recorded(mocks, where, ids):
    assert found(mocks, where=where) == ids


def test_order_and_limit_stand_in_the_body_too(mocks):
    assert found(mocks, where={"kind": {"$in": ["map", "letter"]}}, sort=[{"pages": "desc"}]) == ["b-2", "a-1", "c-3"]
    assert found(mocks, where={"kind": "map"}, sort=[{"pages": "asc"}], limit=1) == ["c-3"]


def test_the_whole_number_is_told_and_fields_are_chosen(mocks):
    told = mocks.ask("POST", "/shelves20/_find", {"where": {"kind": "map"}, "limit": 1, "fields": ["_id", "title"]})
    assert told.json == {"docs": [{"_id": "b-2", "title": "of b-2"}], "found": 2}


def test_a_query_writes_nothing(mocks):
    before = mocks.ask("GET", "/shelves20").json
    mocks.ask("POST", "/shelves20/_find", {"where": {"kind": "map"}})
    assert mocks.ask("GET", "/shelves20").json == before
