"""Operators have many names, with and without signs; what fields may be called is none without one."""

import pytest

from cassettes.operators import COMPARISONS, is_signed, operator


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("$gte", "gte"), ("ge_", "gte"), ("_gte", "gte"), ("gte", "gte"), ("any_", "in"), ("not_any_", "nin"),
        ("notIn", "nin"), ("not_in", "nin"), ("_is_null", "null"), ("startsWith", "beginsWith"), ("_ilike", "like"),
        ("$near", "near"), ("_near", None), ("after", None), ("after_", "gte"), ("kind", None), ("id_", None),
    ],
)  # fmt: skip
def test_a_name_is_that_of_an_operator_or_of_none(name, meant):
    assert operator(name) == meant


@pytest.mark.parametrize(
    ("name", "is_it"), [("any_", True), ("$gt", True), ("gt", False), ("_id", False), ("kind_", False)]
)
def test_some_names_have_signs_that_no_field_has(name, is_it):
    assert is_signed(name) is is_it


@pytest.mark.parametrize(
    ("found", "wanted", "holds"),
    [("Atlas of Bern", "bern", True), ("Atlas", "a%s", True), ("Atlas", "%b%", False), (3, "3", False)],
)
def test_a_text_is_like_a_part_of_it_or_a_pattern(found, wanted, holds):
    assert COMPARISONS["like"](found, wanted) is holds
