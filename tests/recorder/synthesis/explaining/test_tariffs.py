import pytest

from recorder.synthesis.explaining.formulas import Operand
from recorder.synthesis.explaining.parts_of_wholes import find_formula_or_part

KILOS = [1.5, 2.0, 7.5, 12.0, 3.5, 19.0, 0.5, 6.0, 9.5, 4.0, 15.5, 30.0]
ZONES = [1, 2, 1, 2, 3, 3, 1, 2, 3, 1, 2, 3]
SERVICES = ["slow", "fast"] * 6
RATES = {1: (4.2, 0.55), 2: (8.9, 1.1), 3: (12.4, 1.75)}


def found(wanted):
    """Give how prices are worked out of the kilos, by zone `z` or service `s`."""
    count = len(wanted)
    keys = [Operand(ZONES[:count], "z"), Operand(SERVICES[:count], "s")]
    formula = find_formula_or_part(wanted, [Operand(KILOS[:count], "kg")], keys)
    return formula and formula.write(*(one.part for one in formula.operands))


def test_a_base_and_a_rate_go_by_the_zone():
    wanted = [round(RATES[zone][0] + RATES[zone][1] * kilos, 2) for zone, kilos in zip(ZONES, KILOS, strict=True)]
    written = "((4.2 + 0.55 * kg) if z == 1 else (8.9 + 1.1 * kg) if z == 2 else (12.4 + 1.75 * kg) if z == 3 else 0)"
    assert found(wanted) == f"({written} | round(2))"
    assert found([f"{price:.2f}" for price in wanted]) == f"(({written} | round(2)) | fixed(2))"


def test_steps_are_told_by_the_most_that_each_holds_for():
    steps = [4.5 if kilos <= 5 else 8.0 if kilos <= 10 else 17.5 for kilos in KILOS]
    assert found(steps) == "((4.5 if kg <= 5 else 8 if kg <= 10 else 17.5) | round(2))"


def test_a_zone_and_a_service_may_tell_together():
    kilos, zones = KILOS * 2, ZONES * 2
    fast = [place % 2 == (place >= len(KILOS)) for place in range(len(kilos))]
    rows = list(zip(zones, kilos, fast, strict=True))
    wanted = [round((RATES[zone][0] + RATES[zone][1] * kilo) * (2 if one else 1), 2) for zone, kilo, one in rows]
    formula = find_formula_or_part(wanted, [Operand(kilos, "kg")], [Operand(zones, "z"), Operand(fast, "fast")])
    assert "(24.8 + 3.5 * kg) if z == 3 and fast == true" in formula.write("kg", "z", "fast")


@pytest.mark.parametrize(
    "wanted",
    [
        [4.5 if kilos <= 5 else 8.0 if kilos <= 10 else 4.5 for kilos in KILOS],  # neither rises nor falls
        [4.5 if kilos <= 5 else 8.0 if kilos <= 29 else 17.5 for kilos in KILOS],  # a step came once
        [3.1, 9.9, 2.4, 7.7, 8.2, 1.6, 5.3, 6.8, 4.4, 9.1, 2.2, 7.3],
    ],
)
def test_what_contradicts_itself_or_came_once_is_no_tariff(wanted):
    assert found(wanted) is None


def test_two_points_of_a_zone_are_too_few():
    wanted = [RATES[zone][0] + RATES[zone][1] * kilos for zone, kilos in zip(ZONES, KILOS, strict=True)]
    assert found(wanted[:6]) is None
