"""The index finds what a scan finds, and the same winner."""

import pytest

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.route import compile_route
from gateway.routes import RouteTable
from gateway.view import RequestView


def table(*definitions):
    return RouteTable(
        compile_route(MockDefinition.model_validate({"response": {"status": 200}, **definition}), SomeServices(), position)
        for position, definition in enumerate(definitions)
    )


def winner(found, method="GET", target="/", **headers):
    pairs = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    route = found.find(RequestView(Request(method, target.encode(), pairs)))
    return route.id if route else None


def d(id_, path="/**", **more):
    match = {"path": path, **{key: more.pop(key) for key in ("method", "headers", "query") if key in more}}
    return {"id": id_, "match": match, **more}


def test_exact_beats_template_beats_prefix():
    found = table(d("prefix", "/users/**"), d("template", "/users/{id}"), d("exact", "/users/me"))
    assert winner(found, target="/users/me") == "exact"
    assert winner(found, target="/users/7") == "template"
    assert winner(found, target="/users/7/orders") == "prefix"
    assert winner(found, target="/users") == "prefix"
    assert winner(found, target="/user") is None


def test_priority_beats_the_kind_of_path():
    found = table(d("exact", "/a"), d("all", priority=1))
    assert winner(found, target="/a") == "all"


def test_more_satisfied_predicates_win_then_the_newest():
    found = table(
        d("plain", "/a"),
        d("with-query", "/a", query={"page": "2"}),
        d("newer", "/a"),
    )
    assert winner(found, target="/a?page=2") == "with-query"
    assert winner(found, target="/a?page=1") == "newer"


def test_a_route_of_another_method_does_not_hide_the_next():
    found = table(d("post", "/a", method="post"), d("any", "/**"))
    assert winner(found, "POST", "/a") == "post"
    assert winner(found, "GET", "/a") == "any"


def test_header_and_query_predicates_compare_decoded_values():
    found = table(d("h", "/a", headers={"X-Tenant": "blue"}), d("q", "/a", query={"name": "a b"}))
    assert winner(found, target="/a", x_tenant="blue") == "h"
    assert winner(found, target="/a?name=a%20b") == "q"
    assert winner(found, target="/a?name=a+b") == "q"
    assert winner(found, target="/a?name=ab") is None


@pytest.mark.parametrize("target", ["/a%2Fb", "//a", "/a/", "/a/../b", "/%61"])
def test_paths_are_compared_as_they_were_sent(target):
    assert winner(table(d("a", "/a"), d("ab", "/a/b"), d("b", "/b")), target=target) is None


def test_several_branches_of_the_trie_are_searched():
    found = table(d("one", "/a/{x}/c"), d("two", "/{y}/b/d"), d("three", "/a/b/{z}/e"))
    assert winner(found, target="/a/b/c") == "one"
    assert winner(found, target="/a/b/d") == "two"
    assert winner(found, target="/a/b/x/e") == "three"
    assert winner(found, target="/a/b/x") is None


def test_a_template_does_not_match_an_empty_segment():
    assert winner(table(d("t", "/a/{x}")), target="/a/") is None
