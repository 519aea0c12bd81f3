"""A cursor is written around what the last item has, and says where the list goes on."""

import pytest

from cassettes.cursor import before, coded, cursor_after, decoded, in_order, place_of

ROWS = [{"n": n, "id": f"r-{n}", "at": {"day": f"2026-03-{n:02}"}} for n in (9, 7, 5, 3)]


@pytest.mark.parametrize("code", ["plain", "base64", "base64url"])
def test_what_is_coded_is_decoded(code):
    assert decoded(coded('{"before": 12} é?~', code), code) == '{"before": 12} é?~'


def test_base64_is_read_with_and_without_padding_in_both_alphabets():
    assert {decoded(text, "base64") for text in ("YmVmb3JlOjQ=", "YmVmb3JlOjQ")} == {"before:4"}
    assert decoded("!!", "base64url") is None
    assert decoded("A" * 3_000, "base64") is None


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("before:<n>", "before:7"),
        ('{"day": "<at.day>", "id": "<id>"}', '{"day": "2026-03-07", "id": "r-7"}'),
        ("o=<@offset>", "o=2"),
    ],
)
def test_it_goes_on_after_the_items_that_it_was_written_for(form, written):
    assert cursor_after(form, "plain", ROWS[:2], 2) == written
    assert place_of(form, "plain", written, ROWS) == 2
    made = cursor_after(form, "base64url", ROWS[:3], 3)
    assert place_of(form, "base64url", made, ROWS) == 3


def test_where_the_item_is_gone_it_goes_on_at_its_place():
    assert place_of("before:<n>", "plain", "before:6", ROWS) == 2
    assert place_of("after:<n>", "plain", "after:4", ROWS[::-1]) == 1
    assert place_of("<id>!", "plain", "r-6!", ROWS) == 2


@pytest.mark.parametrize("code", ["md5", "sha1", "sha256"])
def test_a_digest_goes_on_after_the_item_that_it_is_of(code):
    cursor = cursor_after("<id>", code, ROWS[:2], 2)
    assert (place_of("<id>", code, cursor, ROWS), place_of("<id>", code, "0" * 32, ROWS)) == (2, 0)
    assert decoded(cursor, code) is None


def test_what_has_another_form_leaves_out_nothing():
    assert [place_of("before:<n>", "base64", one, ROWS) for one in ("", "%%", coded("after:7", "base64"))] == [0, 0, 0]
    assert place_of("o=<@offset>", "plain", "o=x", ROWS) == 0


def test_without_its_fields_there_is_none():
    assert cursor_after("before:<n>", "plain", [{"id": 1}], 1) is None
    assert cursor_after("before:<n>", "plain", [], 0) is None


@pytest.mark.parametrize(("value", "count"), [("8", 1), ("4", 3), ("2", 4), ("r-4", 0)])
def test_a_number_that_no_item_has_stands_before_those_that_follow_it_in_their_order(value, count):
    assert before(["n"], value, ROWS) == count


def test_a_number_stands_nowhere_where_items_are_in_no_order():
    assert before(["n"], "4", [ROWS[1], ROWS[0], ROWS[3]]) == 0


def test_a_cursor_tells_what_the_list_is_sorted_by_where_it_is():
    form = "<@sort>,<id>"
    assert in_order(form, ["name"]) == "<name>,<id>"
    assert in_order(form, []) == "<id>"
    assert in_order("p:<@sort>|<id>", []) == "p:<id>"


def test_fields_are_written_as_in_a_query():
    rows = [{"name": "Ada B", "id": 4}, {"name": "Cy/D", "id": 2}]
    assert cursor_after("<name>,<id>", "query", rows[:1], 1) == "Ada+B,4"
    assert [place_of("<name>,<id>", "query", one, rows) for one in ("Ada+B,4", "Cy%2FD,2")] == [1, 2]
