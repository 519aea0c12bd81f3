"""Of few sessions reads show what is held of an item, and not what one of them happened to be when it was read."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks

SHOP = {"id": "shop_5d1e9a7c40", "name": "Corner", "tier": "basic", "stock": 0}


def a_visit(*shown):
    """Give calls that make a shop and read it, each time with other members."""
    path = f"/shops/{SHOP['id']}"
    return [
        ("POST", "/shops", {"name": "Corner", "tier": "basic"}, 201, SHOP),
        *(("GET", path, None, 200, SHOP | one) for one in shown),
    ]


def read_of(mocks):
    made = mocks.ask("POST", "/shops", {"name": "Market", "tier": "large"}).json
    return made, mocks.ask("GET", f"/shops/{made['id']}").json


@pytest.mark.parametrize(
    "shown",
    [({"stock": 45},), ({"stock": 45}, {"stock": 17}), ({"tier": "gold", "stock": 45},)],
)
def test_a_new_item_is_read_as_it_was_made_though_another_had_changed_unseen(shown):
    made, read = read_of(Mocks(a_visit(*shown)))
    assert read == made


def test_what_reads_of_several_items_hide_stays_hidden():
    other = SHOP | {"id": "shop_83b2f1d6aa"}
    calls = [
        ("POST", "/shops", {"name": "Corner", "tier": "basic"}, 201, SHOP),
        ("POST", "/shops", {"name": "Corner", "tier": "basic"}, 201, other),
        *(("GET", f"/shops/{one['id']}", None, 200, one | {"tier": None}) for one in (SHOP, other)),
    ]
    made, read = read_of(Mocks(calls))
    assert read == made | {"tier": None}


def test_after_more_sessions_what_was_shown_is_shown():
    made, read = read_of(Mocks(*[a_visit({"tier": "gold"})] * 4))
    assert read == made | {"tier": "gold"}


def test_a_read_makes_no_rows_though_one_shows_what_came_about_unseen():
    papers = [{"id": "pap_93ab77c1f0", "name": "lease-31.pdf"}]
    calls = [
        ("POST", "/shops", {"name": "Corner", "tier": "basic"}, 201, SHOP | {"papers": [], "version": 1}),
        ("GET", f"/shops/{SHOP['id']}", None, 200, SHOP | {"papers": papers, "version": 2}),
    ]
    made, read = read_of(Mocks(calls))
    assert read == made


def test_what_reads_count_each_time_they_count_on():
    calls = [("POST", "/shops", {"name": "Corner", "tier": "basic"}, 201, SHOP | {"views": 0})]
    calls += [("GET", f"/shops/{SHOP['id']}", None, 200, SHOP | {"views": at}) for at in (1, 2, 3, 4)]
    made, read = read_of(Mocks(calls))
    assert (made["views"], read["views"]) == (0, 1)
