"""Rows are found by what they name."""

from __future__ import annotations

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.listings.sources import Source, kinds_of, sources_of
from recorder.synthesis.terms.only import Only
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


def test_rows_may_show_what_they_name_as_an_object():
    timeline = Timeline()
    timeline.put("lanes", "7", {"id": "7"}, 0)
    for number in range(3):
        timeline.put("cards", f"{number}", {"id": f"c{number}", "lane": {"id": "7", "name": "7"}}, 1)
    lanes, cards = (Collection((name, None), name, ("id",)) for name in ("lanes", "cards"))
    [source] = sources_of(lanes, [lanes, cards], {0: timeline})
    assert (source, source.named({"lane": {"id": "7"}})) == (Source("cards", None, "lane.id", 0), "7")
    assert source.text("''", None, "row.id") == "keep_rows(resource.cards.under(''), 'lane.id', row.id)"


def test_what_was_never_done_is_null():
    only = Only("archivedAt", None)
    assert [only.counts(item) for item in ({"archivedAt": None}, {"archivedAt": "2026-01-05"}, {})] == [
        True,
        False,
        False,
    ]
    assert only.text("rows") == "(rows | selectattr('archivedAt', 'none') | list)"
