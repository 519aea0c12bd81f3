"""Fees are found where a few amounts follow bounds and choices, and totals where they are made of many numbers."""

from __future__ import annotations

from itertools import product

from recorder.synthesis.explaining.fees import find_fee, find_total
from recorder.synthesis.explaining.formulas import Operand

GOODS = (4.5, 12.3, 31.0, 49.9, 50.0, 64.25, 88.8, 120.0, 203.4)
METHODS = ("collect", "post", "courier")


def shown(found):
    return None if found is None else found.write(*(one.part for one in found.operands))


def fee(rule):
    cases = list(product(GOODS, METHODS))
    goods, methods = Operand([one for one, _ in cases], "goods"), Operand([two for _, two in cases], "method")
    return shown(find_fee([rule(*case) for case in cases], [goods], [methods]))


def test_a_fee_is_told_by_a_choice_and_is_nothing_from_some_amount_on():
    found = fee(lambda goods, method: {"collect": 0, "courier": 9.5}.get(method, 0 if goods >= 50 else 4.9))
    assert found == "(0 if method == 'collect' else 9.5 if method == 'courier' else 0 if goods >= 50 else 4.9)"


def test_an_amount_that_nothing_tells_is_no_fee():
    assert fee(lambda goods, method: 3 if round(goods * 10) % 3 else 7) is None


def test_few_cases_tell_no_fee():
    assert find_fee([1, 1, 1, 2, 2, 2], [Operand([1, 2, 3, 4, 5, 6], "n")], []) is None


def bills():
    return [(7.35 * at, 0.5 * (at % 3), round(0.61 * at, 2), (4.9, 9.5)[at % 2], at) for at in range(1, 13)]


def total_of(rule):
    columns = zip(*bills(), strict=True)
    operands = [Operand(list(one), name) for name, one in zip("gotsn", columns, strict=True)]
    return shown(find_total([round(rule(*one), 2) for one in bills()], operands))


def test_a_total_is_made_of_four_and_more_numbers():
    assert total_of(lambda goods, off, tax, shipping, _: goods - off + tax + shipping) == "((g - o + t + s) | round(2))"


def test_what_numbers_do_not_come_to_is_no_total():
    assert total_of(lambda goods, off, tax, shipping, _: goods * 1.5 - off + tax + shipping) is None


def test_a_rule_that_says_no_more_than_those_after_it_is_left_out():
    cases = list(product((0, *GOODS), METHODS, ("new", "old")))
    goods = Operand([one for one, _, _ in cases], "goods")
    keys = [Operand([case[place] for case in cases], name) for place, name in ((1, "method"), (2, "state"))]
    wanted = [0 if goods == 0 or method == "collect" else 4.9 for goods, method, _ in cases]
    assert shown(find_fee(wanted, [goods], keys)) == "(0 if method == 'collect' else 4.9 if goods >= 4 else 0)"
