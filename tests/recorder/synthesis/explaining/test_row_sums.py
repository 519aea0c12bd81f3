"""Rows tell what the items that name them come to, and what their shares are."""

import pytest
from synthesis.lodges import Even, Lodge, Moody, mocks_of, spent


@pytest.fixture(scope="module")
def mocks():
    return mocks_of(Lodge)


def numbers(rows, *names):
    """Give some members of rows, to two digits."""
    return [[round(row[name], 2) for name in names] for row in rows]


def test_members_of_a_group_paid_and_have_to_share_by_weight(mocks):
    path, _ = spent(mocks, "eyrie")
    rows = mocks.ask("GET", f"{path}/summary").json
    assert [row["guest"]["name"] for row in rows] == ["ada", "bob"]
    assert numbers(rows, "paid", "used", "fuelled", "burnt") == [[40.5, -30.38, 0, -6], [7.25, -17.38, 8, -2]]


def test_a_balance_is_what_the_sums_beside_it_come_to(mocks):
    path, _ = spent(mocks, "cove")
    for row in mocks.ask("GET", f"{path}/summary").json:
        assert row["left"] == row["paid"] + row["used"] + row["fuelled"] + row["burnt"]


def test_shares_go_by_what_members_are_now(mocks):
    path, ids = spent(mocks, "glen")
    mocks.ask("PUT", f"{path}/guests/{ids[1]}", {"name": "bo", "heads": 3})
    rows = mocks.ask("GET", f"{path}/summary").json
    assert numbers(rows, "used") == [[-20.25], [-27.5]]


def test_all_share_alike_where_ids_alone_say_whom_it_is_for():
    path, _ = spent(even := mocks_of(Even), "eyrie")
    rows = even.ask("GET", f"{path}/summary").json
    assert numbers(rows, "paid", "used", "burnt") == [[40.5, -20.25, -4], [7.25, -27.5, -4]]


def test_what_items_do_not_come_to_is_no_sum():
    assert "unfold(" not in repr(mocks_of(Moody).made.definitions)
