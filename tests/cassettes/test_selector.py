"""A selector is conditions on fields as one object, with operators and with other selectors inside."""

import pytest

from cassettes.selector import is_condition, selects

ITEM = {
    "kind": "map",
    "n": 3,
    "tags": ["x", "y"],
    "at": {"city": "Bern", "shelf": 2},
    "a.b": 1,
    "open": True,
    "no": None,
}


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ({}, True),
        ("kind", True),
        ({"kind": "map", "n": 3}, True),
        ({"kind": "map", "n": 4}, False),
        ({"n": "3"}, False),
        ({"open": 1}, False),
        ({"open": True}, True),
        ({"tags": "y"}, True),
        ({"tags": ["x", "y"]}, True),
        ({"tags": {"$all": ["y"]}, "n": {"$ne": 4}}, True),
        ({"tags": {"$size": 2}}, True),
        ({"n": {"$gt": 2, "$lte": 3}}, True),
        ({"n": {"gte": 4}}, False),
        ({"n": {"$lt": "9"}}, False),
        ({"kind": {"$gte": "m"}}, True),
        ({"kind": {"$in": ["map", "ink"]}, "n": {"$nin": [1, 2]}}, True),
        ({"kind": {"$beginsWith": "ma"}}, True),
        ({"kind": {"$contains": "ap"}}, True),
        ({"at.city": "Bern", "at": {"shelf": {"$lt": 3}}}, True),
        ({"a.b": 1}, True),
        ({"no": None}, True),
        ({"lost": {"$exists": False}, "kind": {"$exists": True}}, True),
        ({"$or": [{"n": 1}, {"kind": "map"}]}, True),
        ({"$and": [{"n": 3}, {"kind": "ink"}]}, False),
        ({"$nor": [{"n": 1}, {"kind": "ink"}]}, True),
        ({"$not": {"n": 3}}, False),
        ({"n": {"$not": {"$gt": 5}}}, True),
        ({"n": {"$near": 3}}, False),
        ({"at": "Bern"}, False),
        ({"kind": {"any_": ["ink", "map"]}}, True),
        ({"kind": {"not_any_": ["map"]}}, False),
        ({"tags": {"any_": ["z", "y"]}}, True),
        ({"tags": {"all_": ["x", "z"]}}, False),
        ({"kind": {"like_": "AP"}, "at": {"city": {"_like": "B%n"}}}, True),
        ({"kind": {"_like": "B%"}}, False),
        ({"n": {"ge_": 3, "_neq": 4}, "no": {"is_null_": True}}, True),
        ({"at": {"city": {"_is_null": True}}}, False),
        ({"kind": {"startsWith": "m", "endsWith": "p", "notIn": ["ink"]}}, True),
        ({"tags": {"has_": "x"}, "kind": {"not": {"equals": "ink"}}}, True),
        ({"_or": [{"n": {"_eq": 1}}, {"kind": {"_eq": "map"}}], "NOT": {"n": 9}}, True),
        ({"kind": {"_near": "map"}}, False),
        ({"kind": {"before": "z"}}, False),
        ({"$not": 3}, False),
    ],
)
def test_an_item_fulfils_a_selector_or_not(selector, holds):
    assert selects(selector, ITEM) is holds


@pytest.mark.parametrize(
    ("selector", "lenient", "strict"), [({"lost": {"$ne": 1}}, True, False), ({"lost": None}, True, False)]
)
def test_what_is_not_there_is_null_or_fulfils_nothing(selector, lenient, strict):
    assert (selects(selector, ITEM), selects(selector, ITEM, lenient=False)) == (lenient, strict)


def test_what_is_nested_too_deep_is_fulfilled_by_nothing():
    selector = {"n": 3}
    for _ in range(100):
        selector = {"$and": [selector]}
    assert selects(selector, ITEM) is False


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"kind": "map"}, True),
        ({"n": {"$gt": 3}}, True),
        ({"$or": []}, True),
        ({"at": {"city": "Bern"}}, True),
        ({"n": {"$near": 3}}, False),
        ({"$where": "1"}, False),
    ],
)
def test_conditions_are_told_by_their_operators(value, is_one):
    assert is_condition(value) is is_one
