"""Lists of calls name items: by a member of their rows or by what rows are, alone or below what the call names."""

from __future__ import annotations

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.listings.named_rows import ways_of

SEATS = {"faust/A1": {}, "faust/A2": {}, "tosca/A1": {}}


def ways(sent, answer=None, known=SEATS, path="/holds"):
    """Give what is read of a call: the list, as it is written, how the key is written, and the keys."""
    [scene] = scenes_of(call("POST", path, sent, answer=answer))
    collection = Collection(("plays", None, "seats", None) if "/" in next(iter(known)) else ("seats", None), "seats")
    binding = Binding("none", None)
    found = ways_of(scene, binding, collection, known)
    return [(way.text, way.key_text(scene.endpoint), way.keys(scene, binding)) for way in found]


def test_rows_that_are_names_name_what_is_below_what_is_sent():
    assert ways({"play": "faust", "seats": ["A1", "A2"]}) == [
        ("request.json.seats", "request.json.play ~ '/' ~ vars.row", ["faust/A1", "faust/A2"])
    ]


def test_a_member_of_rows_names_things_that_are_below_nothing():
    rows = [{"seat": "A1", "price": 7}, {"seat": "A2", "price": 7}]
    assert ways({}, {"rows": rows}, known={"A1": {}, "A2": {}}) == [
        ("vars.answer.json.rows", "vars.row.seat", ["A1", "A2"])
    ]


def test_a_list_with_a_name_of_nothing_names_nothing():
    assert ways({"play": "faust", "seats": ["A1", "Z9"]}) == []
    assert ways({"play": "medea", "seats": ["A1"]}) == []
