"""A call that is answered with an id alone makes the thing that is read by it, each time."""

import pytest
from synthesis.lodges import Lodge, mocks_of


@pytest.fixture(scope="module")
def mocks():
    return mocks_of(Lodge)


def test_what_was_made_is_read_by_the_id_that_was_answered(mocks):
    made = [mocks.ask("POST", "/lodges/birch/guests", {"name": name, "heads": 2}).json for name in ("ann", "ben", "cy")]
    assert len(set(made)) == 3
    for number, name in zip(made, ("ann", "ben", "cy"), strict=True):
        assert mocks.ask("GET", f"/lodges/birch/guests/{number}").json == {"id": number, "name": name, "heads": 2}


def test_what_lists_alone_show_is_made_by_such_calls_too(mocks):
    guest = mocks.ask("POST", "/lodges/larch/guests", {"name": "dee", "heads": 1}).json
    cost = {"by": guest, "for": [guest], "amount": 12.5, "sort": "fuel"}
    number = mocks.ask("POST", "/lodges/larch/costs", cost).json
    listed = mocks.ask("GET", "/lodges/larch/costs").json
    assert [(one["id"], one["sort"], one["amount"]) for one in listed] == [(number, "fuel", 12.5)]
