"""A list told of another collection: names are moved wherever they stand."""

from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.nodes.node import Object, Said
from recorder.synthesis.outcomes.elsewhere import Elsewhere
from recorder.synthesis.terms.term import Term


def test_what_is_told_of_one_collection_is_told_of_another():
    rows = Term(f"{MARK}jars{MARK}vars.list.items{MARK}", lambda _scene: [1, 2])
    moved = Elsewhere(Object({"rows": (Said(rows), None)}), "jars", "bins")
    assert moved.document() == {"rows": f"{{{{ {MARK}bins{MARK}vars.list.items{MARK} }}}}"}
    assert "jars" not in moved.expression()
    assert [term.text for term in moved.terms] == [f"{MARK}bins{MARK}vars.list.items{MARK}"]
    assert moved.value(None) == {"rows": [1, 2]}
