"""The opposite of a condition holds where it does not, and is written as plainly."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.conditions.opposites import negated, opposite
from recorder.synthesis.terms.term import Term


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("vars.item is none", "vars.item is not none"),
        ("request.json.a is defined", "request.json.a is not defined"),
        ("a == 1", "a != 1"),
        ("a < 1", "a >= 1"),
        ("a > 1", "a <= 1"),
        ("not a", "a"),
        ("a", "not (a)"),
        ("a == 1 and b == 2", "not (a == 1 and b == 2)"),
    ],
)
def test_the_opposite_of_a_condition_is_written_plainly(text, opposite):
    assert negated(text) == opposite


def test_an_opposite_holds_where_the_condition_does_not():
    scenes = scenes_of(("GET", "/x?of=tea", None, 200, {}), ("GET", "/x", None, 200, {}))
    turned = opposite(Term("request.query.of is defined", lambda scene: "of" in scene.sample.query, "of", 0.4))
    assert (turned.text, [turned.get(scene) for scene in scenes]) == ("request.query.of is not defined", [False, True])
