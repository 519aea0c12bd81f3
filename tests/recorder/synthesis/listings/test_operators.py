"""By what a list compares goes by the values that were asked for and by what bounds are called."""

import pytest

from recorder.synthesis.listings.operators import operators_for

ORDERED = {"ge", "gt", "le", "lt"}


@pytest.mark.parametrize(
    ("name", "values", "is_ordered"),
    [
        ("scope", ("own", "all", "own", "all"), False),
        ("scope", ("own", "all"), True),
        ("from", ("own", "own"), True),
        ("size", ("7", "7"), True),
    ],
)
def test_choices_are_not_compared_by_the_alphabet(name, values, is_ordered):
    operators = operators_for(name, values)
    assert {"eq", "in"} <= {*operators}
    assert ({*operators} >= ORDERED) is is_ordered
