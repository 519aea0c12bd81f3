import pytest

from recorder.synthesis.explaining.formulas import Operand
from recorder.synthesis.explaining.parts_of_wholes import find_formula_or_part

UNITS = [700, 120, 1900, 505, 80, 2600, 500]
FREE = [500, 500, 1500, 500, 500, 1500, 1500]


def found(wanted, *columns):
    """Give how numbers are worked out of `a` and `b`."""
    operands = [Operand(values, name) for name, values in zip("ab", columns, strict=True)]
    formula = find_formula_or_part(wanted, operands, [])
    return formula and formula.write(*(one.part for one in formula.operands))


def test_what_is_beyond_an_allowance_is_nothing_below_it():
    assert found([200, 0, 400, 5, 0, 1100, 0], UNITS, FREE) == "([0, a - b] | max)"


@pytest.mark.parametrize(("choose", "name"), [(min, "min"), (max, "max")])
def test_the_less_and_the_more_of_two(choose, name):
    wanted = list(map(choose, UNITS, FREE))
    assert found(wanted, UNITS, FREE) == f"([a, b] | {name})"


def test_one_side_alone_tells_no_bound():
    assert found([0, 0, 0, 5, 0, 0, 0], UNITS, FREE) is None
    assert found([200, 9, 400, 5, 0, 1100, 0], UNITS, FREE) is None
