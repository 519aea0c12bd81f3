"""A filter expression tells which items are meant, however it is written."""

from __future__ import annotations

import pytest

from cassettes.expression import ExpressionError, find_field, parse

ITEM = {
    "userName": "ada",
    "active": True,
    "price": 3.5,
    "tags": ["x"],
    "gone": None,
    "info": {"status": "FINISHED", "owner": {"city": "Bern"}},
    "data": {"metrics": [{"key": "loss", "value": 0.4}], "labels": [{"Name": "a.b", "Value": "z"}]},
}


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "ada"',
        'userName sw "a" and active eq true',
        "price gt 3 and (price lt 3 or contains(userName, 'da'))",
        "price ge 3.5 && !(price > 4)",
        "NOT price < 3",
        "not (active = false)",
        'info.status = "FINISHED" AND info.owner.city = Bern',
        "status == 'FINISHED'",
        "attributes.STATUS = 'FINISHED'",
        "metrics.loss < 0.5 and metrics.`loss` >= 0.4",
        "labels.`a.b` = 'z'",
        "userName in ('bob', 'ada')",
        "userName not in ('bob')",
        "userName pr",
        "gone is null",
        "price is not null",
        "other = null",
        "tags:x",
        "userName like '_d%'",
        "userName ilike 'A%A'",
        "startswith(userName, 'ad') eq true",
        "substringof('da', userName)",
        "endswith(userName, 'x') eq false",
        "userName ne 'it''s'",
        "price=gt=3;userName==ada",
        "price=lt=3,active==true",
        "userName=in=(bob,ada);price=out=(1,2)",
        "price:gt:3 and userName:ada",
        "price:>=3.5 AND price:<4",
        "active is true",
        'userName != "say \\"ada\\""',
    ],
)
def test_an_expression_holds(text):
    assert parse(text).holds(ITEM)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "ADA"',
        "price > 3.5",
        "price < cheap",
        "metrics.accuracy > 0",
        "gone pr",
        "userName like 'd%'",
        "other in ('x')",
        "active eq false or price eq 3",
    ],
)
def test_an_expression_does_not_hold(text):
    assert not parse(text).holds(ITEM)


@pytest.mark.parametrize("text", ['userName eq "ADA"', "userName sw 'AD'", "status eq finished"])
def test_case_may_mean_nothing(text):
    assert not parse(text).holds(ITEM)
    assert parse(text, caseless=True).holds(ITEM)


def test_case_may_count_in_what_a_text_contains():
    assert parse("contains(userName, 'DA')").holds(ITEM)
    assert not parse("contains(userName, 'DA')", exact=True).holds(ITEM)
    assert parse("contains(userName, 'da')", exact=True).holds(ITEM)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "price <",
        "price about 3",
        "userName is Ada",
        "price:gt:",
        "price > 3 and",
        "(price > 3",
        "price > 3)",
        "'a' = 'b'",
        "a = (",
        "3 > price",
    ],
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_deep_or_long_text_is_no_expression():
    for text in ("(" * 30 + "a = 1" + ")" * 30, "not " * 30 + "a = 1", "a = '" + "x" * 2_000 + "'"):
        with pytest.raises(ExpressionError):
            parse(text)


def test_the_fields_are_told():
    assert parse("a = 1 and (b.c > 2 or not a < 3)").fields == ("a", "b.c")


def test_a_pattern_of_many_wildcards_is_soon_tried():
    assert not parse("name like '" + "%a" * 200 + "b'").holds({"name": "a" * 5_000})


def test_a_field_is_found_by_its_last_words():
    assert find_field(ITEM, "attributes.status") == "FINISHED"
    assert find_field(ITEM, "metrics.loss") == 0.4
    assert find_field([], "a") is not None
    assert not find_field({"a": 1}, "b.c")
