"""Calls of one method and path are an endpoint, and what tells them apart where they share a path."""

from synthesis.telling import told

from recorder.synthesis.endpoints.endpoint import endpoints_of, fields_of


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


def test_a_path_into_json_is_written_with_dots():
    assert fields_of(("a", 0, "b")) == "a.0.b"
