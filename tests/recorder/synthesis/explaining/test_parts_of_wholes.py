import pytest

from recorder.synthesis.explaining.formulas import Operand
from recorder.synthesis.explaining.parts_of_wholes import find_formula_or_part

DONE = [1, 2, 3, 0, 5, 0, 7]
ALL = [3, 7, 4, 6, 5, 0, 9]


def found(wanted, *columns):
    """Give how numbers are worked out of `a`, `b` and so on."""
    operands = [Operand(values, name) for name, values in zip("abc", columns, strict=False)]
    formula = find_formula_or_part(wanted, operands, [])
    return formula and formula.write(*(one.part for one in formula.operands))


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ([33.3, 28.6, 75.0, 0.0, 100.0, 0, 77.8], "((100 * a / b if b else 0) | round(1))"),
        ([33, 29, 75, 0, 100, 0, 78], "((100 * a / b if b else 0) | round | int)"),
        ([0.33, 0.29, 0.75, 0, 1, 0, 0.78], "((a / b if b else 0) | round(2))"),
    ],
)
def test_a_part_of_a_whole_is_told_in_percent_or_as_a_fraction(wanted, text):
    assert found(wanted, DONE, ALL) == text
    assert found(wanted[::-1], DONE, ALL) is None


def test_few_parts_tell_nothing():
    assert found([33.3, 75.0, 0.0, 100.0], [1, 3, 0, 5], [3, 4, 6, 5]) is None
    assert found([50.0, 50.0, 25.0, 100.0, 0, 0], [1, 2, 1, 3, 0, 0], [2, 4, 4, 3, 5, 1]) is None


def test_what_is_plainer_goes_before():
    assert found([4, 9, 7, 6, 10, 0, 16], DONE, ALL) == "(a + b)"
