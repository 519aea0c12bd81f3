"""A list of a definition is worked out of its collection for one request; tests/cassettes/test_listing.py has the rest."""

import json

import pytest
from supplied import SomeServices

from cassettes.definition import ListSpec, MockDefinition
from cassettes.exchange import Request
from gateway.memory.excerpt import Excerpt
from gateway.view import RequestView

JSON = ((b"Content-Type", b"application/json"),)
ITEMS = [
    {"id": 1, "name": "Ada", "age": 36, "tags": ["x", "y"], "owner": {"city": "Bern"}, "open": True},
    {"id": 2, "name": "bob", "age": 20, "tags": [], "owner": {"city": "Rom"}},
    {"id": 3, "name": "Cyd", "age": 41, "tags": ["y"], "owner": None, "open": False},
    {"id": 4, "name": "adam", "age": "36", "open": None},
]


async def listed(query="", seed=None, body=b"", **spec):
    """Give `vars.list` of the items for a query."""
    given = {str(item["id"]): item for item in ITEMS} if seed is None else seed
    document = {"id": "x", "collections": {"pets": {"seed": given}}, "cases": [{"response": {}}]}
    definition = MockDefinition.model_validate(document)
    contexts = SomeServices(definition).supplies.contexts(definition)
    view = RequestView(Request("POST" if body else "GET", b"/?" + query.encode(), JSON if body else (), body))
    return await Excerpt(ListSpec.model_validate({"in": "pets", **spec}), "here").take(contexts(view))


async def ids(query="", **spec):
    return [item["id"] for item in (await listed(query, **spec))["items"]]


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
    ("body", "found"),
    [
        (b'{"args": {"name": "bob"}}', [2]),
        (b'{"args": {"name": ["bob", "Ada"]}}', [1, 2]),
        (b'{"args": {"name": null, "open": true}}', [1]),
        (b'{"args": {"name": {"is": "bob"}}}', [1, 2, 3, 4]),
        (b'{"args": 7}', [1, 2, 3, 4]),
        (b"{}", [1, 2, 3, 4]),
    ],
)
async def test_an_object_of_the_body_is_asked_in_the_place_of_the_query(body, found):
    where = [{"field": "name", "param": "name"}, {"field": "open", "param": "open"}]
    assert await ids("name=Cyd", body=body, params="{{ request.json.args }}", where=where) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"where": {"name": {"$in": ["Cyd", "bob"]}}}, [2, 3]),
        ({"where": {"age": {"$gt": 21}}, "order": [{"age": "desc"}]}, [3, 1]),
        ({"where": "all"}, [1, 2, 3, 4]),
        ({}, [1, 2, 3, 4]),
    ],
)
async def test_conditions_of_the_body_choose_items(body, found):
    selector = {"value": "{{ request.json.where }}"}
    asked = {"params": "{{ request.json }}", "selector": selector, "sort": {"param": "order"}}
    assert await ids("", body=json.dumps(body).encode(), **asked) == found


async def test_one_test_of_any_is_enough_and_its_values_are_templates_too():
    some = [{"field": "name", "value": "{{ request.query.who }}"}, {"field": "owner.city", "value": "Bern"}]
    assert await ids("who=bob", any=some) == [1, 2]
    assert await ids("who=bob&age=20", any=some, where=[{"field": "age", "param": "age"}]) == [2]


@pytest.mark.parametrize(
    ("search", "query", "found"),
    [
        ({"param": "q"}, "q=AD", [1, 4]),
        ({"param": "q"}, "", [1, 2, 3, 4]),
        ({"value": "{{ request.query.w | lower }}"}, "w=CYD", [3]),
    ],
)
async def test_a_text_is_looked_for(search, query, found):
    assert await ids(query, search=search) == found


async def test_a_query_is_decoded_before_it_is_asked():
    assert await ids("name=Ada&name=bob", where=[{"field": "name", "param": "name"}]) == [1, 2]
    assert await ids("s=%2Bid", sort={"param": "s", "default": ["-id"]}) == [1, 2, 3, 4]
    assert await ids("s=-age%2Cid&n=2", sort={"param": "s"}, page={"limit": "n"}) == [4, 3]


NUMBERED = {str(number): {"id": number} for number in range(1, 8)}


async def test_a_list_is_worked_out_whole():
    found = await listed("page=2", seed=NUMBERED, page={"number": "page", "limit": "per_page", "size": 3})
    assert found == {
        "items": [{"id": 4}, {"id": 5}, {"id": 6}], "matched": [*NUMBERED.values()], "total": 7, "all": 7, "offset": 3, "limit": 3, "page": 2, "pages": 3,
        "has_more": True, "has_previous": True, "next_page": 3, "previous_page": 1, "next_offset": 6, "previous_offset": 0,
        "next_cursor": "eyJvZmZzZXQiOiA2fQ", "first": {"id": 4}, "last": {"id": 6},
        "unknown": None, "unread": None,
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
