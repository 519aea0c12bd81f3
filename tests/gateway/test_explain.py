"""A request is told why it was answered by what answered it, and what came near."""

import orjson
import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.explain import Effort, explain, explanation_document, near_misses, no_route
from gateway.route import compile_routes
from gateway.routes import RouteTable
from gateway.view import RequestView

SERVICES = SomeServices()


def table(*definitions):
    documents = (MockDefinition.model_validate({"response": {}, **definition}) for definition in definitions)
    return RouteTable(
        route for position, one in enumerate(documents) for route in compile_routes(one, SERVICES, position)
    )


def d(id_, path, **match):
    return {"id": id_, "match": {"path": path, **match}}


def view(method="GET", target="/", *headers, body=b""):
    return RequestView(Request(method, target.encode(), headers, body))


SHOP = table(
    d("users", "/users/{id}", method="GET"),
    d("create", "/users", method="POST", headers={"X-Tenant": "blue"}),
    d("pay", "/api", method="POST", body={"jsonpath": "$.op", "equals": "pay"}),
    d("orders", "/orders"),
)


@pytest.mark.parametrize(
    ("asked", "id_", "fields", "hint"),
    [
        (view("GET", "/users/7/"), "users", ["path"], "the path differs by a trailing slash"),
        (view("PUT", "/users/7"), "users", ["method"], "the definition is for GET, not PUT"),
        (view("GET", "/order"), "orders", ["path"], "segment 1 of the path is 'order', not 'orders'"),
    ],
)
def test_the_nearest_definition_comes_first_with_what_failed_and_a_hint(asked, id_, fields, hint):
    nearest = near_misses(SHOP, asked)[0]
    assert (nearest.id, [verdict.field for verdict in nearest.failing], nearest.hint) == (id_, fields, hint)
    assert 0.5 < nearest.score < 1


@pytest.mark.parametrize(
    ("asked", "id_", "field", "hint"),
    [
        (view("POST", "/users"), "create", "headers.X-Tenant", "X-Tenant"),
        (view("POST", "/api", body=b'{"op":"refund"}'), "pay", "body.jsonpath $.op", "pay"),
    ],
)
def test_a_predicate_that_fails_says_what_would_make_it_hold(asked, id_, field, hint):
    nearest = near_misses(SHOP, asked)[0]
    (failing,) = nearest.failing
    assert (nearest.id, failing.field.removeprefix("match.")) == (id_, field)
    assert hint in nearest.hint


def test_at_most_three_are_given_and_each_definition_once():
    found = table(*(d(f"u{n}", f"/users/{n}") for n in range(9)), {**d("r", "/users/x"), "resource": {"name": "u"}})
    ids = [miss.id for miss in near_misses(found, view(target="/users/10"))]
    assert (len(ids), len(set(ids))) == (3, 3)


def test_what_has_nothing_in_common_is_no_near_miss():
    assert near_misses(table(d("a", "/orders/{id}", method="PUT")), view(target="/zzz")) == []


def test_no_route_is_a_problem_with_near_misses():
    reply = no_route(SHOP, view("GET", "/users/7/?token=secret"))
    problem = orjson.loads(reply.body)
    assert (reply.status, reply.notes) == (404, ((b"X-Mimic-Match", b"miss"),))
    assert problem["detail"] == "No enabled definition matches GET /users/7/."
    assert problem["near_misses"][0] == {
        "id": "users",
        "score": 0.96,
        "failing": [{"field": "path", "wanted": "/users/{id}", "found": "/users/7/"}],
        "hint": "the path differs by a trailing slash",
    }
    assert "secret" not in reply.body.decode()


def test_an_explanation_tells_each_verdict_and_the_winner_first():
    document = explanation_document(explain(SHOP, view("POST", "/users", (b"X-Tenant", b"blue")), 1))
    winner, second = document.pop("candidates")
    predicate = winner["verdicts"].pop()
    assert document == {"winner": "create", "match": "exact; score=32", "score": 32}
    assert winner == {
        "id": "create",
        "priority": 0,
        "score": 32,
        "matches": True,
        "closeness": 1.0,
        "verdicts": [
            {"field": "path", "holds": True, "wanted": "/users", "found": "/users", "hint": ""},
            {"field": "method", "holds": True, "wanted": "POST", "found": "POST", "hint": ""},
        ],
    }
    assert (predicate["holds"], "blue" in predicate["wanted"], "blue" in predicate["found"]) == (True, True, True)
    assert (second["matches"], second["closeness"] < 1) == (False, True)


def test_what_was_found_can_be_left_out():
    document = explanation_document(explain(SHOP, view("POST", "/users", (b"X-Tenant", b"s3cret"))), with_found=False)
    assert "s3cret" not in repr(document)
    assert document["winner"] is None


def test_a_loser_that_matches_too_says_so():
    found = table(d("all", "/**"), d("a", "/a"))
    document = explanation_document(explain(found, view(target="/a")))
    assert [(one["id"], one["matches"]) for one in document["candidates"]] == [("a", True), ("all", True)]


@pytest.mark.parametrize(
    ("definitions", "asked", "id_"),
    [
        ((d(f"t{n}", f"/svc{n}/users/{{id}}") for n in range(10_000)), view(target="/svc77/usres/7"), "t77"),
        ((d(f"s{n}", f"/static/{n}") for n in range(10_000)), view(target="/static/777/"), "s777"),
    ],
)
def test_the_nearest_of_ten_thousand_is_found(definitions, asked, id_):
    found = table(*definitions)
    assert near_misses(found, asked)[0].id == id_


def test_of_ten_thousand_on_one_path_a_few_are_compared_in_full():
    same = ({"body": {"jsonpath": "$.op", "equals": f"op-{n}"}} for n in range(10_000))
    found = table(*(d(f"o{n}", "/api", method="POST", **one) for n, one in enumerate(same)))
    nearest = near_misses(found, view("POST", "/api", body=b'{"op":"op-x"}'))
    assert [len(miss.failing) for miss in nearest] == [1, 1, 1]


def test_among_very_many_misses_the_nearest_are_left_out_for_a_while():
    now = [0.0]
    effort = Effort(lambda: now[0], most_s=0.1, share=0.5)
    effort.spend(0.2)
    told = orjson.loads(no_route(SHOP, view("GET", "/users/7/"), effort).body)
    assert (told["near_misses"], "POST /api/admin/explain" in told["near_misses_left_out"]) == ([], True)
    now[0] = 1.0
    told = orjson.loads(no_route(SHOP, view("GET", "/users/7/"), effort).body)
    assert (bool(told["near_misses"]), "near_misses_left_out" in told) == (True, False)
