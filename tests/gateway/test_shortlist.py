"""Routes of one path that differ in one value are looked up by it, in the order that a scan would have."""

import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.route import compile_route
from gateway.shortlist import Shortlist
from gateway.view import RequestView

SERVICES = SomeServices()


def listed(*matches):
    documents = ({"id": str(n), "match": {"path": "/a", **match}, "response": {}} for n, match in enumerate(matches))
    routes = [compile_route(MockDefinition.model_validate(one), SERVICES, n) for n, one in enumerate(documents)]
    return Shortlist(list(enumerate(routes)), is_final=True)


def found(shortlist, target=b"/a", *headers, body=b""):
    best = shortlist.best(RequestView(Request("GET", target, headers, body)))
    return best and best[0]


def tenants(*names):
    return [{"headers": {"X-Tenant": name}} for name in names]


def test_few_routes_are_tried_in_turn():
    shortlist = listed(*tenants("a", "b", "c"))
    assert (len(shortlist.tried), shortlist.lookups) == (3, ())
    assert found(shortlist, b"/a", (b"x-tenant", b"c")) == 2


def test_many_are_looked_up_by_any_of_a_headers_values():
    shortlist = listed(*tenants("a", "b", "c", "d", "b"), {"query": {"q": "1"}})
    assert ([place for place, _ in shortlist.tried], len(shortlist.lookups)) == ([5], 1)
    assert found(shortlist, b"/a", (b"X-Tenant", b"d"), (b"x-tenant", b"b")) == 1
    assert found(shortlist, b"/a?q=1", (b"X-Tenant", b"d")) == 3
    assert found(shortlist, b"/a?q=1", (b"X-Tenant", b"z")) == 5


def test_the_value_that_tells_most_apart_is_looked_up():
    shortlist = listed(*({"headers": {"X-Tenant": "ab"[n % 2]}, "query": {"q": str(n)}} for n in range(8)))
    (lookup,) = shortlist.lookups
    assert len(lookup.routes) == 8
    assert found(shortlist, b"/a?q=3", (b"x-tenant", b"b")) == 3
    assert found(shortlist, b"/a?q=3", (b"x-tenant", b"a")) is None


@pytest.mark.parametrize(
    ("body", "place"),
    [(b'{"a":{"b":2}}', 2), (b'{"a":{"b":2.0}}', 2), (b'{"a":{"b":"2"}}', None), (b'{"a":[2]}', None), (b"{", None)],
)
def test_json_values_are_looked_up_by_their_path(body, place):
    shortlist = listed(*({"body": {"jsonpath": "$.a.b", "equals": number}} for number in range(5)))
    assert len(shortlist.lookups) == 1
    assert found(shortlist, body=body) == place


def test_a_route_without_predicates_is_sure():
    assert listed({}, {}).sure.id == "0"
    assert listed(*tenants("a"), {}).sure is None
