"""What all accepted calls sent as a header of their own is asked for after few sessions."""

import pytest
from synthesis.telling import Mocks


def a_charge(key, **headers):
    sent = {"amount": 5}
    return ("POST", "/charges", sent, 201, {"id": f"ch-{key}", **sent}, {"idempotency-key": key, **headers})


def a_change(version, text):
    return ("PUT", "/page", {"text": text}, 200, {"text": text}, {"if-match": f'"{version}"'})


def ask(rows, method, path, sent, headers):
    return Mocks(rows).ask(method, path, sent, headers=headers).status


@pytest.mark.parametrize(("headers", "status"), [({}, 400), ({"idempotency-key": "key-9f31c2"}, 201)])
def test_a_key_against_sending_twice_is_asked_for_once_it_was_seen(headers, status):
    assert ask([a_charge("key-71c0ab")], "POST", "/charges", {"amount": 7}, headers) == status


def test_a_version_is_asked_for_where_two_accepted_calls_had_one():
    rows = [a_change(1, "one"), a_change(2, "two")]
    assert ask(rows, "PUT", "/page", {"text": "three"}, {}) == 428
    assert ask(rows[:1], "PUT", "/page", {"text": "three"}, {}) == 200


def test_a_key_of_who_calls_is_asked_for_before_all_else():
    rows = [("GET", f"/rooms/{name}", None, 200, {"name": name}, {"x-api-key": "k-71c0ab"}) for name in ("a1", "b2")]
    assert ask(rows, "GET", "/rooms/c3", None, {}) == 401


def test_what_clients_send_by_themselves_is_not_asked_for():
    headers = {"x-request-id": "r1", "user-agent": "app/1", "accept-language": "de", "origin": "https://app.test"}
    rows = [a_charge("key-71c0ab", **headers), a_charge("key-82d1bc", **headers)]
    assert ask(rows, "POST", "/charges", {"amount": 7}, {"idempotency-key": "key-9f31c2"}) == 201
