"""Of a number that is below zero in some rows, each side and the opposite are terms."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.explaining.signs import signed_terms


def test_sides_of_a_number():
    [scene] = scenes_of(("GET", "/overview", None, 200, {}))
    rows = [scene.with_row({"sum": value, "moves": 2}) for value in (5, -3)]
    terms = list(signed_terms(rows, lambda one: one.values["row"]))
    assert [term.text for term in terms] == ["([row.sum, 0] | max)", "([0 - row.sum, 0] | max)", "(0 - row.sum)"]
    assert [[term.get(row) for row in rows] for term in terms] == [[5, 0], [0, 3], [-5, 3]]
