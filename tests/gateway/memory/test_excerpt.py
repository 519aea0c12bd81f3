"""A list gives the items that are asked for, in the order that is asked for, by pages."""

import pytest
from supplied import SomeServices

from cassettes.definition import ListSpec, MockDefinition
from cassettes.exchange import Request
from gateway.memory.excerpt import Excerpt
from gateway.view import RequestView

ITEMS = [
    {"id": 1, "name": "Ada", "age": 36, "tags": ["x", "y"], "owner": {"city": "Bern"}, "open": True},
    {"id": 2, "name": "bob", "age": 20, "tags": [], "owner": {"city": "Rom"}},
    {"id": 3, "name": "Cyd", "age": 41, "tags": ["y"], "owner": None, "open": False},
    {"id": 4, "name": "adam", "age": "36", "open": None},
]


async def listed(query="", seed=None, **spec):
    """Give `vars.list` of the items for a query."""
    given = {str(item["id"]): item for item in ITEMS} if seed is None else seed
    document = {"id": "x", "collections": {"pets": {"seed": given}}, "cases": [{"response": {}}]}
    definition = MockDefinition.model_validate(document)
    contexts = SomeServices(definition).supplies.contexts(definition)
    view = RequestView(Request("GET", b"/?" + query.encode()))
    return await Excerpt(ListSpec.model_validate({"in": "pets", **spec}), "here").take(contexts(view))


async def ids(query="", **spec):
    return [item["id"] for item in (await listed(query, **spec))["items"]]


@pytest.mark.parametrize(
    ("op", "field", "text", "found"),
    [
        ("eq", "name", "Ada", [1]),
        ("eq", "age", "36", [1, 4]),
        ("eq", "open", "true", [1]),
        ("eq", "open", "null", [4]),
        ("eq", "tags", "y", [1, 3]),
        ("eq", "owner.city", "Rom", [2]),
        ("eq", "name", "Ada&p=bob", [1, 2]),
        ("ne", "age", "36", [2, 3]),
        ("ne", "owner.city", "Rom", [1, 3, 4]),
        ("lt", "age", "36", [2]),
        ("le", "age", "36", [1, 2, 4]),
        ("gt", "age", "36", [3]),
        ("ge", "age", "36", [1, 3, 4]),
        ("le", "age", "old", [4]),
        ("like", "name", "AD", [1, 4]),
        ("starts", "name", "Ad", [1]),
        ("in", "name", "Ada,bob", [1, 2]),
        ("in", "id", "1,4,9", [1, 4]),
        ("has", "tags", "x", [1]),
        ("has", "name", "Ada", []),
        ("present", "open", "true", [1, 3, 4]),
        ("present", "open", "0", [2]),
    ],
)  # fmt: skip
async def test_a_field_is_tested(op, field, text, found):
    assert await ids(f"p={text}", where=[{"field": field, "op": op, "param": "p"}]) == found
    assert await ids("q=1", where=[{"field": field, "op": op, "param": "p"}]) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ada", [1]),
        ("{{ request.query.who }}", [2]),
        (["Ada", "{{ request.query.who }}"], [1, 2]),
        ("{{ request.query.nothing }}", []),
    ],
)
async def test_a_field_is_tested_against_a_value(value, found):
    assert await ids("who=bob", where=[{"field": "name", "value": value}]) == found


async def test_the_keys_begin_as_is_said():
    seed = {"1/a": {"id": 1}, "2/a": {"id": 2}, "1/b": {"id": 3}}
    found = await listed("shop=1", seed=seed, under="{{ request.query.shop }}/")
    assert (found["items"], found["all"]) == ([{"id": 1}, {"id": 3}], 2)


@pytest.mark.parametrize(
    ("search", "query", "found"),
    [
        ({"param": "q"}, "q=AD", [1, 4]),
        ({"param": "q"}, "q=bern", [1]),
        ({"param": "q", "fields": ["owner.city"]}, "q=r", [1, 2]),
        ({"param": "q"}, "", [1, 2, 3, 4]),
        ({"param": "q"}, "q=", [1, 2, 3, 4]),
        ({"value": "{{ request.query.w | lower }}"}, "w=CYD", [3]),
    ],
)
async def test_a_text_is_looked_for(search, query, found):
    assert await ids(query, search=search) == found


async def test_other_parameters_test_the_fields_of_their_names_where_that_is_so():
    spec = {"page": {"number": "id", "size": 9}, "where": [{"field": "id", "param": "name"}]}
    assert await ids("age=36&owner.city=Bern&foo=1&id=1", free=True, **spec) == [1]
    assert await ids("age=36", **spec) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("sort", "query", "found"),
    [
        ({"param": "s"}, "s=-id", [4, 3, 2, 1]),
        ({"param": "s"}, "s=age", [2, 1, 3, 4]),
        ({"param": "s"}, "s=-age", [4, 3, 1, 2]),
        ({"param": "s"}, "s=owner.city,-id", [4, 3, 1, 2]),
        ({"param": "s"}, "s=%2Bid", [1, 2, 3, 4]),
        ({"param": "s", "descending": ":desc"}, "s=id:desc", [4, 3, 2, 1]),
        ({"param": "s", "order_param": "o"}, "s=id&o=DESC", [4, 3, 2, 1]),
        ({"param": "s", "order_param": "o"}, "s=open,id&o=asc,desc", [4, 2, 3, 1]),
        ({"param": "s", "default": ["-id"]}, "", [4, 3, 2, 1]),
        ({"param": "s", "default": ["-id"]}, "s=", [4, 3, 2, 1]),
        ({"param": "s", "default": ["-id"]}, "s=id", [1, 2, 3, 4]),
        ({"default": ["name"]}, "s=-id", [1, 3, 4, 2]),
        ({"param": "s"}, "", [1, 2, 3, 4]),
    ],
)  # fmt: skip
async def test_a_list_is_sorted(sort, query, found):
    assert await ids(query, sort=sort) == found


NUMBERED = {str(number): {"id": number} for number in range(1, 8)}


def places(found):
    return {name: value for name, value in found.items() if name not in ("items", "first", "last", "all", "total")}


async def test_a_list_without_pages_is_whole():
    found = await listed("", seed=NUMBERED)
    assert (found["first"], found["last"], len(found["items"]), found["total"]) == ({"id": 1}, {"id": 7}, 7, 7)
    assert places(found) == {
        "offset": 0, "limit": None, "page": 1, "pages": 1, "has_more": False, "has_previous": False, "next_page": None,
        "previous_page": None, "next_offset": None, "previous_offset": None, "next_cursor": None,
    }  # fmt: skip


async def test_a_page_tells_where_it_stands():
    found = await listed("page=2", seed=NUMBERED, page={"number": "page", "limit": "per_page", "size": 3})
    assert (found["items"], found["first"], found["last"]) == ([{"id": 4}, {"id": 5}, {"id": 6}], {"id": 4}, {"id": 6})
    assert places(found) == {
        "offset": 3, "limit": 3, "page": 2, "pages": 3, "has_more": True, "has_previous": True, "next_page": 3,
        "previous_page": 1, "next_offset": 6, "previous_offset": 0, "next_cursor": "eyJvZmZzZXQiOiA2fQ",
    }  # fmt: skip


async def test_an_empty_list_has_no_first_and_no_pages():
    found = await listed("", seed={}, page={"number": "page", "size": 3})
    assert (found["items"], found["first"], found["last"], found["pages"], found["has_more"]) == (
        [],
        None,
        None,
        0,
        False,
    )


@pytest.mark.parametrize(
    ("page", "query", "found"),
    [
        ({"number": "p", "limit": "n", "size": 3}, "", [1, 2, 3]),
        ({"number": "p", "limit": "n", "size": 3}, "p=3", [7]),
        ({"number": "p", "limit": "n", "size": 3}, "p=9", []),
        ({"number": "p", "limit": "n", "size": 3}, "p=0", [1, 2, 3]),
        ({"number": "p", "limit": "n", "size": 3}, "p=x&n=abc", [1, 2, 3]),
        ({"number": "p", "limit": "n", "size": 3}, "p=2&n=2", [3, 4]),
        ({"number": "p", "first": 0, "limit": "n", "size": 3}, "p=1", [4, 5, 6]),
        ({"number": "p", "limit": "n", "size": 3, "most": 4}, "n=100", [1, 2, 3, 4]),
        ({"number": "p", "limit": "n", "size": 3, "asked": True}, "", [1, 2, 3, 4, 5, 6, 7]),
        ({"number": "p", "limit": "n", "size": 3, "asked": True}, "p=1", [1, 2, 3]),
        ({"number": "p", "limit": "n"}, "p=2", [1, 2, 3, 4, 5, 6, 7]),
        ({"limit": "n"}, "n=2", [1, 2]),
        ({"limit": "n"}, "n=0", [1, 2, 3, 4, 5, 6, 7]),
        ({"offset": "o", "limit": "n", "size": 3}, "o=5", [6, 7]),
        ({"offset": "o", "limit": "n", "size": 3}, "o=-1", [1, 2, 3]),
        ({"cursor": "c", "size": 3}, "c=eyJvZmZzZXQiOiAzfQ", [4, 5, 6]),
        ({"cursor": "c", "size": 3}, "c=!!", [1, 2, 3]),
        ({"cursor": "c", "by": "id", "size": 3}, "c=3", [4, 5, 6]),
        ({"cursor": "c", "by": "id", "size": 3}, "c=none", [1, 2, 3]),
    ],
)  # fmt: skip
async def test_a_page_is_given(page, query, found):
    assert await ids(query, seed=NUMBERED, page=page) == found


@pytest.mark.parametrize("by", [None, "id"])
async def test_the_cursors_lead_through_the_whole_list(by):
    page = {"cursor": "c", "size": 3, **({"by": by} if by else {})}
    query, seen = "", []
    while query is not None:
        found = await listed(query, seed=NUMBERED, page=page)
        seen += [item["id"] for item in found["items"]]
        query = None if found["next_cursor"] is None else f"c={found['next_cursor']}"
    assert seen == [1, 2, 3, 4, 5, 6, 7]


async def test_only_the_fields_that_are_listed_are_given():
    assert (await listed("fields=id, name,nope", fields_param="fields"))["items"][0] == {"id": 1, "name": "Ada"}
    assert (await listed("", fields_param="fields"))["items"] == ITEMS
