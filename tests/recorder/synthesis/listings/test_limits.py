"""Limits are days that requests ask for, compared with days of the items."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.listings.limits import Limits, limits_of
from recorder.synthesis.listings.sources import Source

SOURCE = Source("entries", "lines", "account", 0)


def asking(target):
    [scene] = scenes_of(("GET", target, None, 200, {}))
    scene.timeline.put("entries", "1", {"id": 1, "day": "2025-01-05", "at": "2025-01-05T10:00:00Z"}, -1)
    return scene


def test_each_way_of_limiting_is_offered_and_the_plainest_first():
    scene = asking("/statement?since=2025-01-01&until=2025-02-01&page=2")
    first, *others = limits_of(SOURCE, [scene])
    assert first == Limits("day")
    texts = [one.text("rows") for one in others]
    assert "between(rows, 'of.day', request.query.since, request.query.until)" in texts
    assert "between(rows, 'of.day', none, request.query.until)" in texts
    assert not any("page" in text for text in texts)


def test_rows_are_kept_within_the_limits():
    scene = asking("/statement?since=2025-01-05")
    since = next(one for one in limits_of(SOURCE, [scene]) if one.first is not None)
    rows = [{"of": {"day": day}} for day in ("2025-01-04", "2025-01-05", "2025-01-06")]
    assert since.kept(rows, scene) == rows[1:]
    assert since.kept(rows, asking("/statement")) == rows


def test_rows_that_are_the_items_themselves_are_limited_by_their_own_day():
    scene = asking("/statement?since=2025-01-01")
    source = Source("entries", None, "account", 0)
    texts = [one.text("rows") for one in limits_of(source, [scene])]
    assert "between(rows, 'day', request.query.since)" in texts


def test_a_day_that_some_items_have_not_puts_them_in_no_order():
    scene = asking("/statement")
    scene.timeline.put("entries", "2", {"id": 2, "day": None, "at": "2025-01-05T10:00:00Z"}, -1)
    assert "day" not in {one.field for one in limits_of(SOURCE, [scene])}
