from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching import a_view, holds

from gateway.matcher import Place
from gateway.matchers import equality_value
from gateway.matchers.jsontree import compared, equal_to, same, tree_test

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3, width=16) | st.text("ab${}", max_size=3)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=3)
)
AT = Place("match")


def canonical(tree):
    """Give the JSON of a tree with sorted keys and all numbers written alike, apart from this project's own code."""
    if isinstance(tree, dict):
        return sorted((name, canonical(value)) for name, value in tree.items())
    if isinstance(tree, list):
        return ["list", *map(canonical, tree)]
    return f"number {float(tree) + 0.0}" if type(tree) in (int, float) else orjson.dumps(tree).decode()


@given(TREES, TREES)
def test_trees_are_equal_where_their_canonical_json_is(one, other):
    expected = repr(canonical(one)) == repr(canonical(other))
    assert equal_to(one)(other) is expected
    assert tree_test(one, AT, partial=False)(other) is expected
    assert same(one, other) is expected


@given(TREES)
def test_a_tree_equals_and_contains_itself_however_it_is_written(tree):
    written = orjson.loads(orjson.dumps(tree, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2))
    assert equal_to(tree)(written)
    assert tree_test(tree, AT, partial=True)(written)
    assert compared(tree, written, AT, partial=False) == (1.0, "")


@given(TREES, TREES)
def test_what_is_equal_is_contained(one, other):
    if equal_to(one)(other):
        assert tree_test(one, AT, partial=True)(other)


@given(SCALARS, SCALARS)
def test_the_keys_of_an_index_are_equal_where_the_values_are(one, other):
    if one is not None and other is not None:
        assert (equality_value(one) == equality_value(other)) is equal_to(one)(other)


OPERATORS = [
    {"equals": "1"},
    {"gt": 1.5, "not": {"le": -1e300}},
    {"regex": "[0-9]+"},
    {"after": "now -1d"},
    {"within": ["2026-01-01", "now"]},
    {"length": 3},
    {"glob": "*1*"},
    {"equals_ignore_case": "ß"},
    {"one_of": ["1", 2, True]},
    *({"type": name} for name in ("integer", "date-time", "email", "uri", "ipv6", "base64", "object", "time")),
]
TEXTS = st.text(max_size=40) | st.from_regex(r"-?[0-9.eE+:TZ/-]{0,400}", fullmatch=True)


@given(TEXTS, st.sampled_from(OPERATORS))
def test_no_text_makes_an_operator_raise(text, comparison):
    kind = "application/x-www-form-urlencoded"
    holds({"body": comparison}, a_view(body=text.encode("utf-8", "replace")))
    holds({"body": {"form": {"a": comparison}}}, a_view(body=b"a=" + text.encode("utf-8", "replace"), kind=kind))


@given(TREES, st.sampled_from(OPERATORS))
def test_no_json_makes_an_operator_raise(tree, comparison):
    for path in ("$", "$..*"):
        holds({"body": {"jsonpath": path, **comparison}}, a_view(json=orjson.dumps(tree)))


@pytest.mark.parametrize(
    ("wanted", "found", "hint"),
    [
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1]}}, "/a/b/1 is not there"),
        ({"a/b": 1}, {"a/b": 2}, "/a~1b is 2"),
        ([1], [1, 2], "the array has 2 items, not 1"),
        ({"a": True}, {"a": "true"}, '/a is the text "true", not the boolean'),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, "/a/c is there and was not asked for: use partial to allow it"),
    ],
)
def test_the_first_difference_is_told(wanted, found, hint):
    assert compared(wanted, found, AT, partial=False)[1] == hint
