from __future__ import annotations

from journeys import a_visit, call, kept

from recorder.volatility import volatile_section, volatility, volatility_document

SECOND = {"order": 1007, "token": "tok_1aaaa0LmQx71Zr94", "at": 1_700_000_030.0}


def classes(found):
    """Give what varies: (endpoint, place, class)."""
    return {
        (str(row.endpoint), leaf.place, leaf.volatile)
        for row in found.endpoints
        for leaf in row.leaves
        if leaf.volatile != "constant"
    }


def test_two_visits_show_what_varies_and_why():
    found = volatility(a_visit(), a_visit(**SECOND))
    assert (found.pairs, found.only_first, found.only_second) == (5, 0, 0)
    assert classes(found) == {
        ("POST /login", "response.body $.token", "token"),
        ("POST /orders", "request.headers.authorization", "link"),
        ("POST /orders", "response.headers.location", "echo"),
        ("POST /orders", "response.body $.id", "counter"),
        ("POST /orders", "response.body $.item", "echo"),
        ("POST /orders", "response.body $.created_at", "clock"),
        ("GET /orders/{}", "request.path.2", "link"),
        ("GET /orders/{}", "request.headers.authorization", "link"),
        ("GET /orders/{}", "response.body $.id", "echo"),
        ("GET /orders/{}", "response.body $.created_at", "link"),
        ("POST /orders/{}/pay", "request.path.2", "link"),
        ("POST /orders/{}/pay", "request.headers.authorization", "link"),
    }


def test_what_a_client_makes_anew_is_what_a_replay_may_give_up():
    def sent(nonce, at, quantity):
        body = {"meta": [{"nonce": nonce, "when": at}], "quantity": quantity}
        return kept(call("POST", f"/orders?stamp={at}&page={quantity}", body, at=float(at)))

    found = volatility(sent("a8f3k2z9", 1_700_000_000, 1), sent("b7r4t1q0", 1_700_000_100, 2))
    assert volatile_section(found) == {"fields": ["/meta/*/nonce", "/meta/*/when"], "query": ["stamp"]}


def test_the_document_gives_pointers_by_endpoint():
    document = volatility_document(volatility(a_visit(), a_visit(**SECOND)))
    login = document["endpoints"][0]
    assert (login["method"], login["path"], login["pairs"]) == ("POST", "/login", 1)
    assert {"place": "response.body $.token", "pointer": "/token", "class": "token", "support": 1, "of": 1} in login[
        "leaves"
    ]
    assert document["volatile"] == {"fields": [], "query": []}


def test_a_recording_does_not_vary_from_itself():
    found = volatility(a_visit(), a_visit())
    assert {kind for _, _, kind in classes(found)} == {"link", "echo"}
