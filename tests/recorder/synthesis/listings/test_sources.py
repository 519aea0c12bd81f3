"""Rows are found by what they name."""

from __future__ import annotations

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.listings.sources import Only, Source, kinds_of, sources_of
from recorder.synthesis.terms.timeline import Timeline


def test_lines_in_the_items_of_another_collection_name_items():
    timeline = Timeline()
    timeline.put("accounts", "b1/10", {"no": "10"}, 0)
    for number in range(3):
        timeline.put("entries", f"b1/{number}", {"id": number, "lines": [{"account": "10", "in": 5}]}, 1)
    accounts = Collection(("books", None, "accounts", None), "accounts", ("no",))
    entries = Collection(("books", None, "entries", None), "entries", ("id",))
    assert sources_of(accounts, [accounts, entries], {0: timeline}) == [Source("entries", "lines", "account", 1)]
    assert len(list(Source("entries", "lines", "account", 1).rows(timeline, "b1/", 2))) == 3
    assert not list(Source("entries", "lines", "account", 1).rows(timeline, "b2/", 2))


def test_rows_are_written_with_the_items_that_count():
    text = Source("entries", "lines", "account", 0).text("''", Only("state", "posted"), "row.no")
    assert text == (
        "keep_rows(unfold(keep_rows(resource.entries.under(''), 'state', 'posted'), 'lines'), 'account', row.no)"
    )


def test_kinds_are_fields_with_few_values():
    items = [{"type": kind, "name": str(place)} for place, kind in enumerate("aabbab")]
    assert kinds_of(items) == [("type", ["a", "b"])]
