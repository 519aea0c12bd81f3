"""A list that changed in one place guesses and speaks of what the change does."""

from synthesis.telling import scenes_of

from recorder.synthesis.explaining.change import ROW, Changed
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
