"""The index finds what a scan over all definitions finds, and the same winner."""

from random import Random

import orjson
import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.route import compile_routes
from gateway.routes import RouteTable
from gateway.view import RequestView

SERVICES = SomeServices()

DEFINITIONS, REQUESTS, TABLES = 40, 50, 10
SEEDS = range(10)
"""10 seeds of 10 tables, each of 40 definitions and 50 requests: 200,000 pairs."""

SEGMENTS = [
    "a",
    "b",
    "a.json",
    "7",
    "-3",
    "1.5",
    "x-y",
    "v2",
    "é",
    "a b",
    "~",
    "%2F",
    "123e4567-e89b-12d3-a456-426614174000",
]
HOLES = ["{%s}", "{%s:int}", "{%s:float}", "{%s:uuid}", "{%s}.json", "v{%s:int}", "{%s}-y"]
REGEXES = ["^/a", "^/[a-z]/[0-9]+$", "^/(?P<x>[^/]+)/b$", "^.*json$", "^/a/.*/b", "^/$"]
GLOBS = ["/*", "/a/*", "/*/b", "/**/b", "/a/**/b", "/*.json", "/a/**", "/v*/**"]
OPERATIONS = [f"op-{number}" for number in range(6)] + [1, 1.0, 2, True, None, "1"]


def a_path(random, crowded):
    if crowded and random.random() < 0.7:
        return "/api"
    kind = random.randrange(10)
    if kind == 0:
        return random.choice(REGEXES)
    if kind == 1:
        return {"glob": random.choice(GLOBS)}
    if kind == 2:
        return random.choice(["/**", "/{rest:path}", "/a/{rest:path}", "/{rest:path}/b", "/api"])
    parts = [
        random.choice(HOLES) % f"p{place}" if random.random() < 0.4 else random.choice(SEGMENTS)
        for place in range(random.randrange(1, 4))
    ]
    return "/" + "/".join(parts) + random.choice(["", "", "", "/", "/**"])


def a_definition(random, number, crowded):
    match = {"path": a_path(random, crowded)}
    if random.random() < 0.6:
        match["method"] = random.choice(["GET", "post", ["GET", "POST"], ["put"], "*", ["get", "*"]])
    if random.random() < 0.4:
        steps = random.choice(["$.op", "$.op", "$.deep.op"])
        match["body"] = {"jsonpath": steps, "equals": random.choice(OPERATIONS)}
    if random.random() < 0.2:
        match["headers"] = {"X-Tenant": random.choice(["blue", "green", "red", "grey", "a, b", "é"])}
    if random.random() < 0.2:
        match["query"] = {"q": random.choice(["1", "2", "3", "4", "a b"])}
    return {
        "id": str(number),
        "match": match,
        "priority": random.choice([0, 0, 0, 0, 1, -1]),
        "response": {"body": "hi"},
        **(
            {"resource": {"name": "things"}}
            if random.random() < 0.05 and isinstance(match["path"], str) and not set(match["path"]) & set("*^")
            else {}
        ),
    }


def a_request(random):
    kind = random.randrange(3)
    parts = [random.choice([*SEGMENTS, "c", "", "%61", "%7e", "%C3%A9"]) for _ in range(random.randrange(4))]
    path = "/api" if kind == 0 else "/" + "/".join(parts)
    query = random.choice(["", "", "?q=1", "?q=2&q=3", "?x=1&q=a%20b"])
    headers = [
        (b"x-tenant", random.choice([b"blue", b"green", b"red", b"a, b", b"\xe9"])) for _ in range(random.randrange(3))
    ]
    operation = random.choice(OPERATIONS)
    bodies = [
        b"",
        b"{",
        orjson.dumps([operation]),
        orjson.dumps({"deep": {"op": operation}}),
        orjson.dumps({"op": operation}),
    ]
    (body,) = random.choices(bodies, [1, 1, 1, 4, 8])
    return Request(random.choice(["GET", "POST", "PUT", "DELETE"]), (path + query).encode(), tuple(headers), body)


def routes_of(random):
    crowded = random.random() < 0.5
    documents = (a_definition(random, number, crowded) for number in range(DEFINITIONS))
    definitions = map(MockDefinition.model_validate, documents)
    return [route for number, one in enumerate(definitions) for route in compile_routes(one, SERVICES, number)]


def scanned(routes, request):
    view = RequestView(request)
    fitting = (route for route in routes if route.pattern.match(request.path) is not None and route.matches(view))
    return min(fitting, key=lambda route: route.rank, default=None)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_index_equals_a_scan(seed):
    random = Random(seed)
    for _ in range(TABLES):
        routes = routes_of(random)
        table = RouteTable(routes)
        for _ in range(REQUESTS):
            request = a_request(random)
            expected = scanned(routes, request)
            view = RequestView(request)
            found = table.find(view)
            assert found is expected, (request.method, request.target, request.headers, request.body)
            if found is not None:
                assert view.path_params == found.pattern.match(request.path)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_body_is_asked_for_exactly_where_it_can_decide(seed):
    random = Random(1000 + seed)
    routes = routes_of(random)
    table = RouteTable(routes)
    for _ in range(REQUESTS):
        request = a_request(random)
        view = RequestView(request)
        on_path = [route for route in routes if route.pattern.match(request.path) is not None]
        fitting = [route for route in on_path if route.methods is None or request.method in route.methods]
        free = [route for route in fitting if not route.compares_body and route.holds(view)]
        comparing = [route.rank for route in fitting if route.compares_body]
        first_free = min((route.rank for route in free), default=(float("inf"),))
        assert table.compares_bodies(view) is any(rank < first_free for rank in comparing)
        assert set(table.candidates(view)) == set(fitting)
        assert set(table.on_path(view)) == set(on_path)
