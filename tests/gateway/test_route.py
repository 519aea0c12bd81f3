"""A definition becomes a route: how it ranks, how it scores, what an index may look up."""

import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.errors import ConfigError
from gateway.route import compile_route, compile_routes
from gateway.view import RequestView

SERVICES = SomeServices()

CLAUSES = {"headers": {"X-Tenant": "blue"}, "body": {"jsonpath": "$.op", "equals": "pay"}}


def a_definition(path="/a", *, priority=0, **more):
    match = {"path": path, **{name: more.pop(name) for name in ("method", "headers", "query", "body") if name in more}}
    return MockDefinition.model_validate({"id": "r", "match": match, "priority": priority, "response": {}, **more})


@pytest.mark.parametrize(
    ("definition", "rank", "score", "note"),
    [
        (a_definition(), (0, 0, 0, -3), 30, b"exact; score=30"),
        (a_definition(method="get", **CLAUSES), (0, 0, -2, -3), 33, b"exact; score=33"),
        (a_definition("/{x}", priority=5), (-5, 1, 0, -3), 20, b"template; score=20"),
        (a_definition("/a/**", method=["get", "put"]), (0, 2, 0, -3), 11, b"prefix; score=11"),
        (a_definition("^/a"), (0, 2, 0, -3), 10, b"regex; score=10"),
    ],
)
def test_a_route_has_a_rank_and_a_score(definition, rank, score, note):
    route = compile_route(definition, SERVICES, 3)
    assert (route.rank, route.score, route.match_marker) == (rank, score, note)


@pytest.mark.parametrize(
    ("method", "methods"),
    [("get", {"GET"}), (["get", "Put"], {"GET", "PUT"}), ("*", None), (["get", "*"], None)],
)
def test_methods_are_one_several_or_any(method, methods):
    assert compile_route(a_definition(method=method), SERVICES, 0).methods == methods


def test_equalities_can_be_looked_up():
    route = compile_route(a_definition(query={"q": "a, b", "page": "2"}, **CLAUSES), SERVICES, 0)
    assert route.lookups == (
        (("json", "op"), "pay"),
        (("header", "x-tenant"), b"blue"),
        (("query", "page"), "2"),
    )
    assert (route.compares_body, route.needs_body) == (True, False)


def test_the_markers_name_the_route_and_how_it_matched():
    assert compile_route(a_definition(id="a/b c\n"), SERVICES, 0).markers == (
        (b"X-Mimic-Route", b"a/b c%0A"),
        (b"X-Mimic-Match", b"exact; score=30"),
    )


@pytest.mark.parametrize(
    ("path", "items"),
    [
        ("/users", "/users/{id}"),
        ("/users/", "/users/{id}"),
        ("/users/**", "/users/{id}"),
        ("/users/{id:int}", "/users/{id}"),
        ("/shops/{id}/users", "/shops/{id}/users/{item_id}"),
        ({"equals": "/a{b}"}, "/a%7Bb%7D/{id}"),
        ({"template": "/{shop:int}/users"}, "/{shop:int}/users/{id}"),
    ],
)
def test_a_resource_is_behind_its_path_and_the_path_with_an_id(path, items):
    definition = a_definition(path, resource={"name": "users"})
    collection, item = compile_routes(definition, SERVICES, 0)
    assert (collection.id, item.id, item.pattern.text) == ("r", "r", items)
    assert item.decide == collection.decide


@pytest.mark.parametrize("path", ["/a/*", "^/a", {"glob": "/a/*"}, {"regex": "/a"}])
def test_a_resource_needs_a_path_that_an_id_can_follow(path):
    with pytest.raises(ConfigError, match=r"^match.path: a resource needs a plain path or a template"):
        compile_routes(a_definition(path, resource={"name": "users"}), SERVICES, 0)


def test_a_path_that_cannot_be_used_is_told_with_its_place():
    with pytest.raises(ConfigError, match=r"^match.path: the path '/\{a:x\}'"):
        compile_route(a_definition("/{a:x}"), SERVICES, 0)


def test_a_scenarios_state_counts_like_a_predicate_of_the_match():
    waits = a_definition(scenario={"name": "order", "state": "paid", "to": "sent"})
    (route,) = compile_routes(waits, SERVICES, 0)
    view = RequestView(Request("GET", b"/a"))
    before = route.matches(view)
    view.scenarios = {("order", "global"): "paid"}
    assert (route.score, before, route.matches(view)) == (31, False, True)
