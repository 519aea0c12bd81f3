"""A list that changed in one place guesses and speaks of what the change does."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.explaining.change import ROW, Changed, how_changed, related_term
from recorder.synthesis.nodes.node import Fixed, Said
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import Term

[SCENE] = scenes_of(("GET", "/x", None, 200, {}))
ROWS = Term("vars.item.rows", lambda _scene: [{"id": 1}], "rows")
ID = Term("request.path_params.row", lambda _scene: "1", "row")


def test_a_change_is_as_sure_as_its_item():
    sure, guessed = Changed("more", ROWS, Said(ID)), Changed("more", ROWS, Fixed(1, guess=True))
    assert [(one.unknown, one.terms) for one in (sure, guessed)] == [(0, [ROWS, ID]), (1, [ROWS])]


def test_an_item_that_is_taken_away_is_known_for_sure():
    less = Changed("less", ROWS, None, "id", ID)
    assert (less.unknown, less.terms, less.value(SCENE)) == (0, [ROWS, ID], [])


def test_the_item_that_changes_is_spoken_of_as_row():
    assert (ROW.text, ROW.get(SCENE), ROW.get(SCENE.with_row({"id": 1}))) == ("row", MISSING, {"id": 1})


ITEMS = Term("vars.item.rows", lambda _scene: [{"id": 1, "n": 2}, {"id": 2, "n": 5}], "rows")
SECOND = Term("request.path_params.row", lambda _scene: "2", "row")


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ([1, 2], [1, 2], ("same", 0)),
        ([1, 2], [1, 2, 3], ("more", 2)),
        ([1, 2, 3], [1, 3], ("less", 1)),
        ([{"a": 1}, {"b": 1}], [{"a": 1}, {"b": 2}], ("changed", 1)),
        ([1, 2], [2, 1], ("other", 0)),
        ([1, 2, 3], [4, 5], ("other", 0)),
        ([1], [1, 2, 3], ("other", 0)),
    ],
)
def test_it_is_told_how_a_list_changed(old, new, change):
    assert how_changed(old, new) == change


@pytest.mark.parametrize(
    ("changed", "text", "value"),
    [
        (Changed("more", ITEMS, Fixed({"id": 3})), "(vars.item.rows + [{'id': 3}])", [{"id": 1, "n": 2}, {"id": 2, "n": 5}, {"id": 3}]),
        (Changed("less", ITEMS, None, "id", SECOND), "drop_rows(vars.item.rows, 'id', request.path_params.row)", [{"id": 1, "n": 2}]),
        (
            Changed("changed", ITEMS, Fixed({"n": 9}), "id", SECOND),
            "each(vars.item.rows, merge(row, {'n': 9}) if (row.id | string) == (request.path_params.row | string) else row)",
            [{"id": 1, "n": 2}, {"id": 2, "n": 9}],
        ),
        (Changed("less", Term("x", lambda _scene: 7), None, "id", SECOND), "drop_rows(x, 'id', request.path_params.row)", MISSING),
    ],
)  # fmt: skip
def test_a_list_that_changed_in_one_place_is_written_so(changed, text, value):
    [scene] = scenes_of(("GET", "/x", None, 200, {}))
    assert (changed.expression(), changed.document(), changed.value(scene)) == (text, f"{{{{ {text} }}}}", value)


def test_items_that_belong_to_another_are_found_by_their_field():
    [scene] = scenes_of(("GET", "/x", None, 200, {}))
    for key, owner in (("a", 1), ("b", 2), ("c", 1)):
        scene.timeline.put("rows", key, {"id": key, "owner": owner}, -1)
    found = related_term("rows", "owner", Term("vars.item.id", lambda _scene: "1"))
    assert [one["id"] for one in found.get(scene)] == ["a", "c"]
    assert "keep_rows(resource.rows.all(), 'owner', vars.item.id)" in found.text


def test_what_names_the_items_of_a_list_is_written_without_marks_of_its_own():
    sign = "\N{SECTION SIGN}"
    inner = Term(f"{sign}things{sign}vars.item{sign}.id", lambda _scene: "1")
    assert related_term("rows", "owner", inner).text == (
        f"{sign}rows{sign}keep_rows(resource.rows.all(), 'owner', vars.item.id){sign}"
    )
