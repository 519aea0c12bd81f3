"""Members that follow from others are worked out from what items were shown as."""

from __future__ import annotations

from random import Random

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.consequences import find_consequence

OFF = {"TEN": 10, "FIVE": 5}


def basket(chance):
    rows = [{"count": chance.randint(1, 9), "price": chance.randint(10, 900)} for _ in range(chance.randint(1, 4))]
    code = chance.choice((None, "TEN", "FIVE"))
    before = sum(row["count"] * row["price"] for row in rows)
    off = before * OFF.get(code, 0) // 100
    return {
        "code": code,
        "rows": rows,
        "sums": {"pieces": len(rows), "before": before, "off": off, "due": before - off},
    }


def baskets(count):
    chance = Random(5)
    return [basket(chance) for _ in range(count)]


def test_sums_of_rows_shares_and_what_is_left_follow_from_rows_and_a_code():
    found = find_consequence("sums", baskets(40))
    assert found.needs == {"rows", "code"}
    rows = [{"count": 3, "price": 100}, {"count": 1, "price": 50}]
    assert found.value({"code": "TEN", "rows": rows}) == {"pieces": 2, "before": 350, "off": 35, "due": 315}
    assert found.value({"code": None, "rows": []}) == {"pieces": 0, "before": 0, "off": 0, "due": 0}
    assert "total(it.rows, 'count', 'price')" in found.text("it")


def test_without_a_part_that_it_needs_nothing_is_worked_out():
    assert find_consequence("sums", baskets(40)).value({"code": None}) is MISSING


def test_few_items_and_numbers_that_follow_from_nothing_tell_no_consequence():
    assert find_consequence("sums", baskets(5)) is None
    chance = Random(7)
    assert find_consequence("luck", [{**one, "luck": chance.randint(0, 9_999)} for one in baskets(40)]) is None
    assert find_consequence("code", baskets(40)) is None
