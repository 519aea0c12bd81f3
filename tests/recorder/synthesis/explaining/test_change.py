"""A list that changed in one place guesses and speaks of what the change does."""

import pytest
from synthesis.telling import learnt, scenes_of, word

from recorder.synthesis.explaining.change import ROW, Changed, how_all_changed, how_changed, related_term
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
        (Changed("more", Term("request.json.tags", lambda _scene: MISSING), Fixed(3)), "((request.json.tags or []) + [3])", [3]),
        (Changed("more", Term("vars.item.tags", lambda _scene: MISSING), Fixed(3)), "(vars.item.tags + [3])", MISSING),
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


class Desk:
    """Tickets whose notes are shown with them, the newest first; what makes a note shows that alone."""

    def __init__(self, chance):
        self._chance = chance
        self._tickets = {}

    def answer(self, method, target, sent, _headers):
        """Answer a call."""
        _, _, key, *below = [*target.split("/"), ""]
        if method == "POST" and not below:
            ticket = {"id": word(self._chance), "title": sent["title"], "notes": []}
            self._tickets[ticket["id"]] = ticket
            return 201, ticket
        if key not in self._tickets:
            return 404, {"error": "no such ticket"}
        notes = self._tickets[key]["notes"]
        if method == "POST":
            note = {"id": word(self._chance), "text": sent["text"]}
            notes.insert(0, note)
            return 201, note
        return 200, self._tickets[key]


def a_shift(ask, chance):
    """Open tickets, and write notes on them, of which several come between two looks."""
    for _ in range(3):
        path = f"/tickets/{ask('POST', '/tickets', {'title': word(chance)}).json['id']}"
        for count in (1, chance.randint(1, 2), chance.randint(1, 3)):
            for _ in range(count):
                ask("POST", f"{path}/notes", {"text": word(chance)})
            ask("GET", path)
    ask("GET", f"/tickets/{word(chance)}")


def test_rows_that_come_first_are_put_first_also_several_between_two_looks():
    mocks = learnt(Desk, a_shift)
    path = f"/tickets/{mocks.ask('POST', '/tickets', {'title': 'x'}).json['id']}"
    for text in ("one", "two", "three"):
        mocks.ask("POST", f"{path}/notes", {"text": text})
    notes = mocks.ask("GET", path).json["notes"]
    assert [one["text"] for one in notes] == ["three", "two", "one"]


def test_the_only_row_is_the_first_where_others_are():
    a, b = {"id": 1}, {"id": 2}
    assert how_all_changed([[], [a]], [[a], [b, a]]) == [("first", 0), ("first", 0)]
    assert how_all_changed([[], [a]], [[a], [a, b]]) == [("more", 0), ("more", 1)]
