"""What one session made in one moment has a time of its own the next time, and what is changed keeps the time it has."""

from __future__ import annotations

from datetime import UTC, datetime

from synthesis.telling import BEGAN, Mocks


def test_what_one_session_made_in_the_second_of_another_thing_has_a_time_of_its_own():
    at = datetime.fromtimestamp(BEGAN, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shop = {"id": "shop_5d1e9a7c40", "made": at, "name": "Corner"}
    tag = {"id": "tag_79d30e2b", "word": "open", "uses": 0, "made": at}
    mocks = Mocks(
        [
            ("POST", "/shops", {"name": "Corner"}, 201, shop),
            ("POST", "/shops/shop_5d1e9a7c40/tags", {"word": "open"}, 201, tag),
        ]
    )
    own = mocks.ask("POST", "/shops", {"name": "Second"}).json
    mocks.later(3_600)
    assert mocks.ask("POST", f"/shops/{own['id']}/tags", {"word": "new"}).json["made"] != own["made"]


def test_what_is_changed_keeps_the_time_of_its_making():
    at = datetime.fromtimestamp(BEGAN, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shop = {"id": "shop_5d1e9a7c40", "made": at, "name": "Corner"}
    changed = shop | {"name": "Market"}
    mocks = Mocks(
        [
            ("POST", "/shops", {"name": "Corner"}, 201, shop),
            ("PATCH", f"/shops/{shop['id']}", {"name": "Market"}, 200, changed),
        ]
    )
    own = mocks.ask("POST", "/shops", {"name": "Second"}).json
    mocks.later(3_600)
    assert mocks.ask("PATCH", f"/shops/{own['id']}", {"name": "Third"}).json == own | {"name": "Third"}
