"""Made-up ids are no order of a few rows."""

from uuid import UUID

import pytest

from recorder.synthesis.listings.listing import Listing
from recorder.synthesis.listings.made_up_orders import may_order


def listings(*ids):
    rows = [{"id": one, "link": f"/lamps/{one}", "name": f"n{place}"} for place, one in enumerate(ids)]
    return [Listing(None, rows, list(ids), list(ids), {}, {})]


IDS = [UUID(int=number * 7919**7 % 2**128).hex for number in range(1, 12)]


@pytest.mark.parametrize("field", ["id", "link"])
def test_ids_that_are_made_up_order_a_list_where_many_rows_say_so(field):
    assert not may_order(field, listings(*IDS[:4]))
    assert may_order(field, listings(*IDS))


def test_what_people_choose_and_what_counts_on_may_order_a_list():
    assert may_order("name", listings(*IDS[:4]))
    assert may_order("id", listings("lamp_1", "lamp_2"))
    assert may_order("id", listings("65a1f0c2e4b0a1b2c3d4e5f6", "65a1f0c2e4b0a1b2c3d4e5f7"))
