"""Calls of one method and path are an endpoint, and what tells them apart where they share a path."""

import pytest
from synthesis.telling import told

from recorder.synthesis.discriminators import Discriminator, graphql_field
from recorder.synthesis.endpoint import endpoints_of, fields_of


def endpoints(*rows, **more):
    return [(one.id, one.method, one.path, len(one.samples)) for one in endpoints_of(told(*rows), **more)]


def test_endpoints_are_named_for_what_they_are_and_come_in_their_order():
    rows = [
        ("GET", "/shops/1/orders/2", None, 200, {}), ("GET", "/shops/1/orders/3", None, 404, {}),
        ("DELETE", "/shops/1/orders/2", None, 204, None), ("GET", "/shops/1/orders", None, 200, []), ("GET", "/", None, 200, {}),
    ]  # fmt: skip
    assert endpoints(*rows) == [
        ("get-shop-order", "GET", "/shops/{shop}/orders/{order}", 2),
        ("delete-shop-order", "DELETE", "/shops/{shop}/orders/{order}", 1),
        ("get-shop-orders", "GET", "/shops/{shop}/orders", 1),
        ("get-root", "GET", "/", 1),
    ]


def test_parameters_and_endpoints_that_would_be_called_alike_are_numbered():
    assert endpoints(("GET", "/a/1/2", None, 200, {}), ("GET", "/b!c/1", None, 200, {}), ("GET", "/b+c/1", None, 200, {})) == [
        ("get-a", "GET", "/a/{a}/{a2}", 1), ("get-b-c", "GET", "/b!c/{b_c}", 1), ("get-b-c-2", "GET", "/b+c/{b_c}", 1),
    ]  # fmt: skip


def test_without_templates_each_path_is_its_own():
    rows = [("GET", "/a/1", None, 200, {}), ("GET", "/a/2", None, 200, {})]
    assert [path for _, _, path, _ in endpoints(*rows, with_templates=False)] == ["/a/1", "/a/2"]


def test_the_values_of_the_parameters_are_read_back():
    [endpoint] = endpoints_of(told(("GET", "/shops/1/orders/2", None, 200, {})))
    assert endpoint.values(endpoint.samples[0]) == ("1", "2")


def told_apart(*rows):
    return [(one.id, one.discriminator) for one in endpoints_of(told(*rows))]


def test_a_header_that_names_the_operation_tells_calls_apart():
    rows = [
        ("POST", "/", {"T": "a"}, 200, {"Item": {}}, {"X-Amz-Target": "Db.GetItem"}),
        ("POST", "/", {"T": "a"}, 200, {"Tables": []}, {"X-Amz-Target": "Db.ListTables"}),
    ]
    assert told_apart(*rows) == [
        ("post-GetItem", Discriminator("header", "x-amz-target", "Db.GetItem")),
        ("post-ListTables", Discriminator("header", "x-amz-target", "Db.ListTables")),
    ]


def test_a_field_tells_calls_apart_where_the_answers_take_their_shape_from_it():
    rows = [
        row
        for number in range(3)
        for row in (
            ("POST", "/rpc", {"method": "add", "n": number}, 200, {"sum": number}),
            ("POST", "/rpc", {"method": "names", "n": number}, 200, {"names": ["a"]}),
        )
    ]
    assert told_apart(*rows) == [
        ("post-rpc-add", Discriminator("json", "method", "add")), ("post-rpc-names", Discriminator("json", "method", "names")),
    ]  # fmt: skip


def test_a_field_that_changes_no_shape_tells_nothing_apart():
    rows = [("POST", "/rpc", {"method": word, "n": n}, 200, {"sum": n}) for n in range(3) for word in ("add", "sub")]
    assert told_apart(*rows) == [("post-rpc", None)]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"query": "query Users { users { id } }"}, "Users"),
        ({"query": "{ users { id } }"}, "users"),
        ({"query": 'mutation { add: addUser(name: "x") { id } }'}, "addUser"),
        ({"query": "query A { a } query B { b }", "operationName": "B"}, "B"),
        ({"query": 7}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_graphql_call_is_named_by_its_operation_or_its_first_field(sent, field):
    [sample] = told(("POST", "/graphql", sent, 200, {}))
    assert graphql_field(sample) == field


def test_a_path_into_json_is_written_with_dots():
    assert fields_of(("a", 0, "b")) == "a.0.b"
