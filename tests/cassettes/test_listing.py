"""A part of a list is what a query asks of it: tests, search, order and pages, over plain values."""

from __future__ import annotations

import pytest

from cassettes.definition import ListSpec
from cassettes.listing import excerpt, query_of

ITEMS = [
    {"id": 1, "name": "Ada", "age": 36, "tags": ["x", "y"], "owner": {"city": "Bern"}, "open": True},
    {"id": 2, "name": "bob", "age": 20, "tags": [], "owner": {"city": "Rom"}},
    {"id": 3, "name": "Cyd", "age": 41, "tags": ["y"], "owner": None, "open": False},
    {"id": 4, "name": "adam", "age": "36", "open": None},
]
NUMBERED = [{"id": number} for number in range(1, 8)]


def listed(query=None, items=ITEMS, values=None, sought=None, **spec):
    """Give the ids of what is listed."""
    given = {name: text if isinstance(text, list) else [text] for name, text in (query or {}).items()}
    found = excerpt(ListSpec.model_validate({"in": "pets", **spec}), items, given, values, sought)
    return [item["id"] for item in found["items"]]


def test_an_object_is_a_query():
    given = {"a": "x", "b": 2, "c": True, "d": None, "e": ["y", 3, None], "f": {}, "g": [], "h": 1.5}
    assert query_of(given) == {"a": ["x"], "b": ["2"], "c": ["true"], "e": ["y", "3"], "h": ["1.5"]}
    assert query_of("a=x") == {}


def test_an_order_may_be_objects():
    asked = {"sort": [{"age": "desc"}, {"name": 1}, "id", {"open": {"order": "desc"}}], "order": {"age": -1}}
    assert query_of({**asked, "where": [{"age": "desc"}]}) == {
        "sort": ["-age", "name", "id", "-open"],
        "order": ["-age"],
    }


@pytest.mark.parametrize(("lenient", "found"), [(True, [2, 4]), (False, [2])])
def test_a_selector_chooses_items(lenient, found):
    spec = ListSpec.model_validate({"in": "pets", "selector": {"value": "{{ request.json }}", "lenient": lenient}})
    told = excerpt(
        spec, ITEMS, {}, selector={"owner": {"$ne": None}, "name": {"$nin": ["Ada"]}} if not lenient else {"open": None}
    )
    assert [item["id"] for item in told["items"]] == found


@pytest.mark.parametrize(
    ("op", "field", "text", "found"),
    [
        ("eq", "name", "Ada", [1]),
        ("eq", "age", "36", [1, 4]),
        ("eq", "open", "true", [1]),
        ("eq", "open", "null", [4]),
        ("eq", "tags", "y", [1, 3]),
        ("eq", "owner.city", "Rom", [2]),
        ("eq", "name", ["Ada", "bob"], [1, 2]),
        ("ne", "age", "36", [2, 3]),
        ("ne", "owner.city", "Rom", [1, 3, 4]),
        ("lt", "age", "36", [2]),
        ("le", "age", "36", [1, 2, 4]),
        ("gt", "age", "36", [3]),
        ("le", "age", "old", [4]),
        ("ge", "age", "36", [1, 3, 4]),
        ("like", "name", "AD", [1, 4]),
        ("starts", "name", "Ad", [1]),
        ("in", "id", "1,4,9", [1, 4]),
        ("in", "name", "Ada,bob", [1, 2]),
        ("has", "tags", "x", [1]),
        ("has", "name", "Ada", []),
        ("present", "open", "true", [1, 3, 4]),
        ("present", "open", "0", [2]),
        ("filled", "open", "true", [1, 3]),
        ("filled", "open", "0", [2, 4]),
    ],
)
def test_a_field_is_tested(op, field, text, found):
    where = [{"field": field, "op": op, "param": "p"}]
    assert (listed({"p": text}, where=where), listed({}, where=where)) == (found, [1, 2, 3, 4])


MINE_OR_OPEN = [{"field": "owner.city", "value": "Rom"}, {"field": "open", "value": True}]


@pytest.mark.parametrize(
    ("query", "spec", "found"),
    [
        ({}, {"any": MINE_OR_OPEN}, [1, 2]),
        ({}, {"any": MINE_OR_OPEN[:1]}, [2]),
        ({"age": "20"}, {"any": MINE_OR_OPEN, "where": [{"field": "age", "param": "age"}]}, [2]),
        (
            {"c": "Bern"},
            {"any": [{"field": "owner.city", "param": "c"}, {"field": "id", "op": "ge", "value": 4}]},
            [1, 4],
        ),
        ({}, {"any": [{"field": "owner.city", "param": "c"}, {"field": "id", "op": "ge", "value": 4}]}, [4]),
        ({}, {"any": [{"field": "owner.city", "param": "c"}]}, [1, 2, 3, 4]),
    ],
)
def test_one_test_of_any_is_enough_beside_all_of_where(query, spec, found):
    assert listed(query, **spec) == found


def test_what_was_worked_out_stands_for_the_values_of_where_and_then_of_any():
    spec = {
        "where": [{"field": "id", "op": "le", "value": "{{ a }}"}],
        "any": [{"field": "name", "value": "{{ b }}"}, {"field": "open", "value": "{{ c }}"}],
    }
    assert listed(values=[3, "bob", False], **spec) == [2, 3]


def test_a_parameter_of_any_is_no_free_one():
    spec = {"free": True, "any": [{"field": "name", "param": "age"}, {"field": "id", "value": 3}]}
    assert listed({"age": "36", "open": "false"}, **spec) == [3]


@pytest.mark.parametrize(
    ("search", "query", "sought", "found"),
    [
        ({"param": "q"}, {"q": "bern"}, None, [1]),
        ({"param": "q", "fields": ["owner.city"]}, {"q": "r"}, None, [1, 2]),
        ({"param": "q"}, {}, None, [1, 2, 3, 4]),
        ({"param": "q"}, {"q": ""}, None, [1, 2, 3, 4]),
        ({"value": "{{ x }}"}, {}, "cyd", [3]),
    ],
)
def test_a_text_is_looked_for(search, query, sought, found):
    assert listed(query, sought=sought, search=search) == found


@pytest.mark.parametrize(
    ("query", "spec", "found"),
    [
        ({"f": "age ge 36"}, {"expression": {"param": "f"}}, [1, 3, 4]),
        ({"f": "name eq 'ADA'"}, {"expression": {"param": "f"}}, []),
        ({"f": "name eq 'ADA'"}, {"expression": {"param": "f", "caseless": True}}, [1]),
        ({"f": "owner.city = Rom"}, {"expression": {"param": "f"}, "where": [{"field": "id", "value": 1}]}, []),
        ({"f": "any of them"}, {"expression": {"param": "f"}}, [1, 2, 3, 4]),
        ({}, {"expression": {"param": "f"}}, [1, 2, 3, 4]),
        ({"$filter": "age lt 30"}, {"free": True}, [2]),
        ({"filter": "x"}, {"free": True}, [1, 2, 3, 4]),
    ],
)
def test_a_filter_expression_chooses_items(query, spec, found):
    assert listed(query, **spec) == found


@pytest.mark.parametrize(
    ("sort", "query", "found"),
    [
        ({"param": "s"}, {"s": "-id"}, [4, 3, 2, 1]),
        ({"param": "s"}, {"s": "age"}, [2, 1, 3, 4]),
        ({"param": "s"}, {"s": "-age"}, [4, 3, 1, 2]),
        ({"param": "s"}, {"s": "owner.city,-id"}, [4, 3, 1, 2]),
        ({"param": "s"}, {"s": "+id"}, [1, 2, 3, 4]),
        ({"param": "s", "order_param": "o"}, {"s": "open,id", "o": "asc,desc"}, [4, 2, 3, 1]),
        ({"param": "s", "default": ["-id"]}, {"s": ""}, [4, 3, 2, 1]),
        ({"param": "s", "default": ["-id"]}, {"s": "id"}, [1, 2, 3, 4]),
        ({"param": "s"}, {}, [1, 2, 3, 4]),
        ({"param": "s", "order_param": "o"}, {"s": "id", "o": "DESC"}, [4, 3, 2, 1]),
        ({"param": "s"}, {"s": "id,desc"}, [4, 3, 2, 1]),
        ({"param": "s"}, {"s": "open,asc,id,DESC"}, [4, 2, 3, 1]),
        ({"param": "s", "descending": ":desc"}, {"s": "id:desc"}, [4, 3, 2, 1]),
        ({"param": "s"}, {"s": "id:desc"}, [4, 3, 2, 1]),
        ({"param": "s"}, {"s": "open asc, id DESC"}, [4, 2, 3, 1]),
        ({"param": "s"}, {"s": "id.desc"}, [4, 3, 2, 1]),
        ({"param": "s"}, {"s": ["open asc", "id descending"]}, [4, 2, 3, 1]),
        ({"param": "s", "default": ["-id"]}, {}, [4, 3, 2, 1]),
        ({"default": ["name"]}, {"s": "-id"}, [1, 3, 4, 2]),
    ],
)
def test_a_list_is_sorted(sort, query, found):
    assert listed(query, sort=sort) == found


TIES = [
    {"id": 1, "n": 2, "at": 30},
    {"id": 2, "n": 1, "at": 10},
    {"id": 3, "n": 2, "at": 20},
    {"id": 4, "n": 1, "at": 40},
]


@pytest.mark.parametrize(
    ("default", "asked", "found"),
    [
        (["at"], "n", [2, 4, 3, 1]),
        (["-at"], "n", [4, 2, 1, 3]),
        (["-at"], "-n", [1, 3, 4, 2]),
        (["at"], "n,-id", [4, 2, 3, 1]),
        ([], "n", [2, 4, 1, 3]),
        ([], "-n", [1, 3, 2, 4]),
    ],
)
def test_what_is_equal_in_all_that_is_asked_stands_in_the_default_order(default, asked, found):
    assert listed({"s": asked}, TIES, sort={"param": "s", "default": default}) == found


@pytest.mark.parametrize(
    ("page", "query", "found"),
    [
        ({"number": "p", "size": 3}, {}, [1, 2, 3]),
        ({"number": "p", "size": 3}, {"p": "3"}, [7]),
        ({"number": "p", "size": 3}, {"p": "9"}, []),
        ({"number": "p", "size": 3}, {"p": "0"}, [1, 2, 3]),
        ({"number": "p", "limit": "n", "size": 3}, {"p": "x", "n": "abc"}, [1, 2, 3]),
        ({"number": "p", "limit": "n", "size": 3}, {"p": "2", "n": "2"}, [3, 4]),
        ({"number": "p", "limit": "n", "size": 3, "asked": True}, {"p": "1"}, [1, 2, 3]),
        ({"number": "p", "limit": "n"}, {"p": "2"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"limit": "n"}, {"n": "2"}, [1, 2]),
        ({"limit": "n"}, {"n": "0"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"offset": "o", "limit": "n", "size": 3}, {"o": "-1"}, [1, 2, 3]),
        ({"cursor": "c", "by": "id", "size": 3}, {"c": "none"}, [1, 2, 3]),
        ({"number": "p", "first": 0, "size": 3}, {"p": "1"}, [4, 5, 6]),
        ({"number": "p", "limit": "n", "size": 3, "most": 4}, {"n": "100"}, [1, 2, 3, 4]),
        ({"number": "p", "limit": "n", "size": 3, "asked": True}, {}, [1, 2, 3, 4, 5, 6, 7]),
        ({"offset": "o", "limit": "n", "size": 3}, {"o": "5"}, [6, 7]),
        ({"number": "p", "offset": "o", "size": 3}, {"p": "2"}, [4, 5, 6]),
        ({"number": "p", "offset": "o", "size": 3}, {"o": "5"}, [6, 7]),
        ({"number": "p", "offset": "o", "size": 3}, {"p": "2", "o": "5"}, [4, 5, 6]),
        ({"number": "p", "offset": "o", "size": 3}, {"p": "x", "o": "5"}, [6, 7]),
        ({"offset": "from", "end": "to"}, {"from": "2", "to": "5"}, [3, 4, 5]),
        ({"offset": "from", "end": "to"}, {"to": "2"}, [1, 2]),
        ({"offset": "from", "end": "to"}, {"from": "5"}, [6, 7]),
        ({"offset": "from", "end": "to"}, {"from": "5", "to": "2"}, []),
        ({"offset": "from", "end": "to", "size": 2}, {"from": "1"}, [2, 3]),
        ({"offset": "from", "end": "to", "size": 2}, {}, [1, 2]),
        ({"offset": "from", "end": "to", "asked": True, "size": 2}, {"to": "4"}, [1, 2, 3, 4]),
        ({"cursor": "c", "size": 3}, {"c": "eyJvZmZzZXQiOiAzfQ"}, [4, 5, 6]),
        ({"cursor": "c", "size": 3}, {"c": "!!"}, [1, 2, 3]),
        ({"cursor": "c", "size": 3}, {"c": "Mw"}, [1, 2, 3]),
        ({"cursor": "c", "by": "id", "size": 3}, {"c": "3"}, [4, 5, 6]),
    ],
)
def test_a_page_is_given(page, query, found):
    assert listed(query, NUMBERED, page=page) == found


def test_a_page_tells_where_it_stands():
    spec = ListSpec.model_validate({"in": "pets", "page": {"number": "page", "limit": "per_page", "size": 3}})
    assert excerpt(spec, NUMBERED, {"page": ["2"]}) == {
        "items": NUMBERED[3:6], "matched": NUMBERED, "total": 7, "all": 7, "offset": 3, "limit": 3, "page": 2, "pages": 3, "has_more": True,
        "has_previous": True, "next_page": 3, "previous_page": 1, "next_offset": 6, "previous_offset": 0, "next_cursor": "eyJvZmZzZXQiOiA2fQ",
        "first": {"id": 4}, "last": {"id": 6}, "unknown": None, "unread": None,
    }  # fmt: skip


def test_a_list_without_pages_is_whole():
    assert excerpt(ListSpec.model_validate({"in": "pets"}), NUMBERED, {}) == {
        "items": NUMBERED, "matched": NUMBERED, "total": 7, "all": 7, "offset": 0, "limit": None, "page": 1, "pages": 1, "has_more": False,
        "has_previous": False, "next_page": None, "previous_page": None, "next_offset": None, "previous_offset": None,
        "next_cursor": None, "first": {"id": 1}, "last": {"id": 7}, "unknown": None, "unread": None,
    }  # fmt: skip


@pytest.mark.parametrize("by", [None, "id"])
def test_the_cursors_lead_through_the_whole_list(by):
    spec = ListSpec.model_validate({"in": "pets", "page": {"cursor": "c", "size": 3, **({"by": by} if by else {})}})
    query, seen = {}, []
    while query is not None:
        found = excerpt(spec, NUMBERED, query)
        seen += found["items"]
        query = None if found["next_cursor"] is None else {"c": [found["next_cursor"]]}
    assert seen == NUMBERED


def test_other_parameters_test_the_fields_of_their_names_where_that_is_so():
    spec = {"page": {"number": "id", "size": 9}, "where": [{"field": "id", "param": "name"}]}
    assert listed({"age": "36", "owner.city": "Bern", "foo": "1", "id": "1"}, free=True, **spec) == [1]
    assert listed({"age": "36"}, **spec) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"f": "name eq 'Ada' and shoes gt 42"}, ("shoes", None)),
        ({"f": "name is Ada"}, (None, "name is Ada")),
        ({"f": "owner.city = Bern", "sort": "-name,age desc", "fields": "id"}, (None, None)),
        ({"sort": "-name,hats"}, ("hats", None)),
        ({"fields": "id,shoes"}, ("shoes", None)),
    ],
)
def test_a_list_tells_what_it_was_asked_for_and_nothing_has(query, told):
    spec = {"in": "pets", "expression": {"param": "f"}, "sort": {"param": "sort"}, "fields_param": "fields"}
    asked = {name: [text] for name, text in query.items()}
    found = excerpt(ListSpec.model_validate(spec), ITEMS, asked)
    assert (found["unknown"], found["unread"]) == told
    found = excerpt(ListSpec.model_validate({"in": "pets", "free": True}), ITEMS, {"filter": [query.get("f", "")]})
    assert (found["unknown"], found["unread"]) == (told if "f" in query else (None, None))


def test_of_no_items_nothing_is_known_that_they_do_not_have():
    spec = ListSpec.model_validate({"in": "pets", "fields_param": "fields"})
    assert excerpt(spec, [], {"fields": ["shoes"]})["unknown"] is None


def test_some_fields_are_given_beside_those_that_are_listed():
    spec = ListSpec.model_validate({"in": "pets", "fields_param": "fields", "fields_kept": ["id"]})
    assert excerpt(spec, [{"id": 1, "name": "Ada", "age": 2}], {"fields": ["name"]})["items"] == [
        {"id": 1, "name": "Ada"}
    ]


def test_only_the_fields_that_are_listed_are_given():
    spec = ListSpec.model_validate({"in": "pets", "fields_param": "fields"})
    assert excerpt(spec, ITEMS[:1], {"fields": ["id, name,nope"]})["items"] == [{"id": 1, "name": "Ada"}]


def test_items_are_whole_where_none_has_any_of_the_fields_that_are_listed():
    spec = ListSpec.model_validate({"in": "pets", "fields_param": "fields"})
    assert excerpt(spec, ITEMS[:1], {"fields": ["nope,none"]})["items"] == ITEMS[:1]


def test_a_parameter_may_have_a_default_and_a_value_for_everything():
    test = {"field": "open", "param": "open", "default": True, "all": "any"}
    asked = ({}, {"open": "false"}, {"open": "any"}, {"open": ["false", "any"]})
    assert [listed(query, where=[test]) for query in asked] == [[1], [3], [1, 2, 3, 4], [1, 2, 3, 4]]


def test_what_a_value_is_compared_with_has_no_default():
    with pytest.raises(ValueError, match="default and all speak of a param"):
        ListSpec.model_validate({"in": "pets", "where": [{"field": "open", "value": True, "all": "any"}]})


@pytest.mark.parametrize(
    ("asked", "found"), [("NAME_DESC", [3, 2, 4, 1]), ("age_asc", [2, 1, 4, 3]), ("BORN_AT_ASC", [1, 2, 3, 4])]
)
def test_a_field_and_its_direction_may_be_one_constant(asked, found):
    items = [{**one, "name": one["name"].lower(), "age": int(one["age"])} for one in ITEMS]
    assert listed({"by": asked}, items, sort={"param": "by"}) == found


def test_a_direction_alone_turns_the_default_order():
    sort = {"default": ["-id"], "order_param": "way"}
    assert [listed(query, sort=sort) for query in ({}, {"way": "asc"}, {"way": "desc"}, {"way": "up"})] == [
        [4, 3, 2, 1], [1, 2, 3, 4], [4, 3, 2, 1], [4, 3, 2, 1],
    ]  # fmt: skip


def test_a_field_to_sort_by_may_stand_in_an_object_of_the_items():
    items = [
        {"id": 1, "attributes": {"age": 2}},
        {"id": 2, "attributes": {"age": 9}},
        {"id": 3, "attributes": {"age": 5}},
    ]
    assert listed({"sort": "-age"}, items, sort={"param": "sort"}) == [2, 3, 1]
    assert listed({"sort": "-id"}, items, sort={"param": "sort"}) == [3, 2, 1]
    assert listed({"sort": "-height"}, items, sort={"param": "sort"}) == [1, 2, 3]


def test_what_came_last_may_be_first_and_an_order_is_laid_over_that():
    assert listed({}, latest_first=True) == [4, 3, 2, 1]
    items = [{"id": 1, "size": 5}, {"id": 2, "size": 3}, {"id": 3, "size": 5}]
    assert listed({"sort": "size"}, items, latest_first=True, sort={"param": "sort"}) == [2, 3, 1]


def test_an_offset_may_be_counted_from_one():
    page = {"offset": "startIndex", "offset_first": 1, "limit": "count"}
    asked = ({"startIndex": "1", "count": "2"}, {"startIndex": "3", "count": "2"}, {"startIndex": "0", "count": "1"})
    assert [listed(query, page=page) for query in asked] == [[1, 2], [3, 4], [1]]


def test_a_word_may_stand_for_an_order():
    items = [{"id": 1, "age": 5}, {"id": 2, "age": 3}, {"id": 3, "age": 5}]
    sort = {"param": "sort", "words": {"newest": ["-id"], "eldest": ["-age"]}, "default": ["-id"]}
    asked = ({"sort": "newest"}, {"sort": "eldest"}, {"sort": "age"}, {})
    assert [listed(query, items, sort=sort) for query in asked] == [[3, 2, 1], [3, 1, 2], [2, 3, 1], [3, 2, 1]]
