"""Amounts are read as numbers, or as texts with a point."""

from decimal import Decimal

from recorder.synthesis.samples.amounts import amount, amounts_in


def test_amounts_are_numbers_or_written_with_a_point():
    assert [amount(value) for value in (5, "5.10", "5", True, None, "1.2.3")] == [5, Decimal("5.10"), *[None] * 4]
    assert amounts_in({"in": 2, "account": "10", "out": "0.50"}) == {"in": 2, "out": Decimal("0.50")}
