"""Formulas are found where they come to each number, rounded as it was, and nowhere else."""

from __future__ import annotations

import pytest

from recorder.synthesis.explaining.formulas import Operand, find_formula

A = (97, 411, 53_011, 68, 91_234)
B = (31, 7, 223, 19, 50)
C = (12, 90, 5, 44, 17)


def found(wanted, *given, keys=()):
    """Give what numbers are made of, over operands and keys that are called a, b, c and k, l."""
    operands = [Operand(values, name) for name, values in zip("abc", given, strict=False)]
    formula = find_formula(wanted, operands, [Operand(values, name) for name, values in zip("kl", keys, strict=False)])
    return None if formula is None else formula.write(*(one.part for one in formula.operands))


def by(make, *given):
    return [make(*values) for values in zip(*given, strict=True)]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda a, b, c: a, "a"),
        (lambda a, b, c: a - b, "(a - b)"),
        (lambda a, b, c: a * b, "(a * b)"),
        (lambda a, b, c: a - b + c, "(a - b + c)"),
        (lambda a, b, c: a - b - c, "(a - b - c)"),
        (lambda a, b, c: a * b * c, "(a * b * c)"),
        (lambda a, b, c: a * b + c, "(a * b + c)"),
        (lambda a, b, c: round(a * 0.075, 2), "((a * 0.075) | round(2))"),
        (lambda a, b, c: round(a * b * 2.5, 2), "((a * b) * 2.5)"),
        (lambda a, b, c: round(a * b / 100, 2), "((a * b / 100) | round(2))"),
        (lambda a, b, c: a * 19 // 119, "((a * 19 / (100 + 19)) | round(0, 'floor') | int)"),
        (lambda a, b, c: f"{a * 1.5 + b * 0:.2f}", "(((a * 1.5) | round(2)) | fixed(2))"),
    ],
)
def test_numbers_are_made_of_others(make, text):
    shown = found(by(make, A, B, C), A, B, C)
    assert shown in (text, f"({text} | round(2))")


def test_a_share_may_be_another_for_each_kind():
    kinds = ("DE", "DE", "FR", "FR", "US")
    rates = {"DE": 19, "FR": 20, "US": 0}
    taxes = [a * rates[kind] // (100 + rates[kind]) for a, kind in zip(A, kinds, strict=True)]
    assert found(taxes, A, keys=(kinds,)) == (
        "((a * (19 if k == 'DE' else 20 if k == 'FR' else 0) / (100 + (19 if k == 'DE' else 20 if k == 'FR' else 0)))"
        " | round(0, 'floor') | int)"
    )


def test_what_no_formula_gives_is_not_found():
    assert found([5_417, 3, 77_711, 12, 9], A, B, C) is None
    assert found(["a", "b", "c", "d", "e"], A, B, C) is None


def test_two_values_are_too_few_for_what_is_far_fetched():
    assert found([a * b * c for a, b, c in zip(A[:2], B, C, strict=False)], A[:2], B[:2], C[:2]) is None


def test_one_value_is_no_number_that_is_worked_out():
    assert found([7, 7, 7], (7, 7, 7)) is None


def test_an_amount_may_stand_beside_percentages():
    kinds = ["tenth", "four", "none", "tenth", "four"]
    off = {"tenth": lambda a: a // 10, "four": lambda _: 400, "none": lambda _: 0}
    given = (9_700, 4_110, 53_010, 680, 91_230)
    wanted = [off[kind](a) for kind, a in zip(kinds, given, strict=True)]
    assert found(wanted, given, keys=(kinds,)) == (
        "(400 if k == 'four' else ((a * (0.1 if k == 'tenth' else 0)) | round | int))"
    )


def test_an_amount_that_is_more_than_it_is_of_is_none():
    kinds = ["tenth", "four", "none", "tenth", "four"]
    assert found([970, 400, 0, 68, 400], (9_700, 4_110, 53_010, 680, 200), keys=(kinds,)) is None


def test_a_share_may_be_taken_from_some_amount_on_or_only_below_it():
    amounts = (2_300, 9_400, 10_600, 53_190, 91_234)
    fees = [a // 200 if a >= 10_000 else 0 for a in amounts]
    assert found(fees, amounts) == "(((a * 0.005) | round(0, 'floor') | int) if a >= 10000 else 0)"
    amounts = (230, 940, 710, 1_300, 9_123)
    fees = [a * 5 / 10 if a < 1_000 else 0 for a in amounts]
    assert found(fees, amounts) == "((a * 0.5) if a < 1000 else 0)"


@pytest.mark.parametrize(("unit", "digits"), [(1_000_000, 1), (1_024, 2), (3_600, 1)])
def test_amounts_are_told_in_larger_units(unit, digits):
    wide = [place * 1_310 + 977 for place in range(5)]
    made = [round(one * two / unit, digits) for one, two in zip(wide, A, strict=True)]
    assert found(made, wide, A) == f"(((a * b) / {unit}) | round({digits}))"
    assert found([*made[:4], made[4] + 1], wide, A) is None


def test_whole_numbers_stay_whole_where_a_share_makes_them():
    assert found([270, 135, 540], (5_400, 2_700, 10_800)) == "((a * 0.05) | round | int)"
    assert found([2.7, 1.35, 5.4], (54, 27, 108)) == "((a * 0.05) | round(2))"
