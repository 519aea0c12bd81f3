"""The index finds what a scan finds, and the same winner."""

import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.route import compile_route
from gateway.routes import RouteTable
from gateway.view import RequestView


def table(*definitions):
    return RouteTable(
        compile_route(
            MockDefinition.model_validate({"response": {"status": 200}, **definition}), SomeServices(), position
        )
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


@pytest.mark.parametrize("target", ["/a%2Fb", "//a", "/a/", "/a/../b"])
def test_paths_that_mean_something_else_are_not_the_same(target):
    assert winner(table(d("a", "/a"), d("ab", "/a/b"), d("b", "/b")), target=target) is None


def test_several_branches_of_the_trie_are_searched():
    found = table(d("one", "/a/{x}/c"), d("two", "/{y}/b/d"), d("three", "/a/b/{z}/e"))
    assert winner(found, target="/a/b/c") == "one"
    assert winner(found, target="/a/b/d") == "two"
    assert winner(found, target="/a/b/x/e") == "three"
    assert winner(found, target="/a/b/x") is None


def test_a_template_does_not_match_an_empty_segment():
    assert winner(table(d("t", "/a/{x}")), target="/a/") is None


@pytest.mark.parametrize(("path", "target"), [("/a~b", "/a%7Eb"), ("/{x}/a", "/1/%61"), ("/**", "/%7e"), ("/é", "/é")])
def test_escapes_that_need_not_be_make_no_difference(path, target):
    assert winner(table(d("it", path), d("other", "/other")), target=target) == "it"


def test_several_methods_and_any_share_a_path():
    found = table(d("any", "/a"), d("some", "/a", method=["get", "put"]), d("post", "/a", method="POST"))
    told = {method: winner(found, method, "/a") for method in ("GET", "PUT", "POST", "DELETE")}
    assert told == {"GET": "some", "PUT": "some", "POST": "post", "DELETE": "any"}


def test_the_path_of_a_template_is_taken_apart_for_the_route_that_is_found():
    found = table(d("t", "/users/{id:int}/files/{rest:path}"), d("exact", "/users"))
    view = RequestView(Request("GET", b"/users/7/files/a/b%20c"))
    assert found.find(view).id == "t"
    assert view.path_params == {"id": 7, "rest": "a/b c"}


def test_many_kinds_of_segment_at_one_place_are_still_found():
    found = table(*(d(f"k{number}", f"/files/{{name}}.x{number}") for number in range(100)))
    assert winner(found, target="/files/a.x3") == "k3"
    assert winner(found, target="/files/a.x99") == "k99"
    assert winner(found, target="/files/a.x100") is None


def test_regexes_are_compared_all_at_once(monkeypatch):
    monkeypatch.setattr("gateway.routes._SIEVE", 16)
    found = table(
        *(d(f"r{number}", f"^/svc{number}/[a-z]+$") for number in range(100)), d("glob", "/svc7/*", priority=1)
    )
    assert winner(found, target="/svc42/abc") == "r42"
    assert winner(found, target="/svc7/abc") == "glob"
    assert winner(found, target="/svc42/ABC") is None


def test_regexes_that_a_set_has_no_memory_for_are_compared_one_by_one():
    found = table(d("r", "^/a+$"), d("s", "^/b+$"))

    class Exhausted:
        def Match(self, path):  # noqa: N802  # re2's name
            return None

    found._sieves[0]._set = Exhausted()
    assert [winner(found, target=target) for target in ("/aa", "/b", "/c")] == ["r", "s", None]


def test_ten_thousand_definitions_of_one_path_are_told_apart_by_a_look_up():
    def body(operation):
        return {"body": {"jsonpath": "$.op", "equals": operation}}

    definitions = [{"id": f"o{n}", "match": {"path": "/api", **body(f"op-{n}")}} for n in range(10_000)]
    found = table(*definitions, {"id": "first", "match": {"path": "/api", **body("op-7")}, "priority": 1})
    (shortlist,) = found._shortlists(RequestView(Request("POST", b"/api")))
    assert (shortlist.tried, [len(lookup.routes) for lookup in shortlist.lookups]) == ((), [10_000])
    asked = [Request("POST", b"/api", (), b'{"op": "op-%d"}' % number) for number in (9_999, 7, 10_000)]
    told = [found.find(RequestView(request)) for request in asked]
    assert [route and route.id for route in told] == ["o9999", "first", None]


def test_the_body_is_compared_only_where_no_better_route_is_sure():
    body = {"body": {"jsonpath": "$.op", "equals": "x"}}
    found = table(
        {"id": "by-body", "match": {"path": "/api", "method": "POST", **body}},
        {"id": "special", "match": {"path": "/api", "headers": {"X-A": "1"}}, "priority": 1},
        d("all"),
    )
    special = ((b"X-A", b"1"),)
    asked = [
        Request("POST", b"/api"),
        Request("POST", b"/api", special),
        Request("GET", b"/api"),
        Request("POST", b"/b"),
    ]
    assert [found.compares_bodies(RequestView(request)) for request in asked] == [True, False, False, False]


def test_a_table_can_be_referred_to_without_keeping_it():
    found = table(d("a", "/a"))
    refer = found.ref
    assert refer() is found
    del found
    assert refer() is None
