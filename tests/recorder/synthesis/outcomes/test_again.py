"""What brings a thing to a state is refused where the thing is in it already."""

from __future__ import annotations

from synthesis.telling import Mocks


def order(number, state):
    return {"id": f"o-{number}", "state": state, "sum": 40}


def rows(*, is_again=False):
    made = [
        ("POST", "/orders", {"sum": 40}, 201, order("k3v9", "open")),
        ("GET", "/orders/o-k3v9", None, 200, order("k3v9", "open")),
        ("POST", "/orders/o-k3v9/capture", None, 200, order("k3v9", "captured")),
        ("GET", "/orders/o-k3v9", None, 200, order("k3v9", "captured")),
    ]
    return [*made, *([("POST", "/orders/o-k3v9/capture", None, 200, order("k3v9", "captured"))] if is_again else [])]


def test_what_was_done_is_not_done_again():
    mocks = Mocks(rows())
    path = f"/orders/{mocks.ask('POST', '/orders', {'sum': 40}).json['id']}"
    assert [mocks.ask("POST", f"{path}/capture").status for _ in range(2)] == [200, 409]
    assert mocks.ask("GET", path).json["state"] == "captured"


def test_the_status_is_that_of_other_refusals_of_what_is_done_with_things():
    refused = ("POST", "/orders/o-k3v9/refund", None, 422, {"error": "too late"})
    mocks = Mocks([*rows(), refused])
    path = f"/orders/{mocks.ask('POST', '/orders', {'sum': 40}).json['id']}"
    assert [mocks.ask("POST", f"{path}/capture").status for _ in range(2)] == [200, 422]


def test_what_was_seen_done_again_is_not_refused():
    mocks = Mocks(rows(is_again=True))
    path = f"/orders/{mocks.ask('POST', '/orders', {'sum': 40}).json['id']}"
    assert [mocks.ask("POST", f"{path}/capture").status for _ in range(2)] == [200, 200]
