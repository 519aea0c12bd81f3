from __future__ import annotations

import hashlib

from journeys import TOKEN, a_visit, call, kept

from recorder.graph import Edge, Node
from recorder.provenance import provenance


def flows(*calls):
    """Give the edges in short: (from, place, to, place, kind, how)."""
    edges = provenance(kept(*calls)).edges
    return {(*edge.source, *edge.target, edge.kind, edge.how) for edge in edges}


def test_a_visit_is_traced_from_the_login_to_the_failure():
    graph = provenance(a_visit())
    assert [(step.number, step.method, step.target, step.status) for step in graph.steps] == [
        (1, "POST", "/login", 200),
        (2, "GET", "/news", 200),
        (3, "POST", "/orders", 201),
        (4, "GET", "/orders/1001", 200),
        (5, "POST", "/orders/1001/pay", 500),
    ]
    authorization = "request.headers.authorization"
    assert set(graph.edges) == {
        *(Edge(Node(1, "response.body $.token"), Node(step, authorization), "composed", "", f"Bearer {TOKEN}") for step in (3, 4, 5)),
        Edge(Node(3, "request.body $.item"), Node(3, "response.body $.item"), "echo", "", "Wool blanket"),
        Edge(Node(3, "request.path"), Node(3, "response.headers.location"), "composed", "", "/orders/1001"),
        Edge(Node(3, "response.body $.id"), Node(3, "response.headers.location"), "composed", "", "/orders/1001"),
        Edge(Node(3, "response.body $.id"), Node(4, "request.path.2"), "link", "as-text", "1001"),
        Edge(Node(4, "request.path.2"), Node(4, "response.body $.id"), "echo", "as-number", "1001"),
        Edge(Node(3, "response.body $.item"), Node(4, "response.body $.item"), "link", "", "Wool blanket"),
        Edge(Node(3, "response.body $.created_at"), Node(4, "response.body $.created_at"), "link", "", "2023-11-14T22:13:20.250Z"),
        Edge(Node(3, "response.body $.id"), Node(5, "request.path.2"), "link", "as-text", "1001"),
    }  # fmt: skip


def test_a_small_id_flows_only_as_the_id_of_the_same_thing():
    calls = (
        call("POST", "/users", {}, answer={"id": 3}, status=201),
        call("POST", "/posts", {}, answer={"id": 3}, status=201),
        call("GET", "/users/3", answer={}),
        call("GET", "/posts?user_id=3&page=3", answer={"page": 3, "active": True}),
        call("GET", "/stars/3", answer={"active": True}),
    )
    assert flows(*calls) == {
        (1, "response.body $.id", 3, "request.path.2", "link", "as-text"),
        (1, "response.body $.id", 4, "request.query.user_id", "link", "as-text"),
        (4, "request.query.page", 4, "response.body $.page", "echo", "as-number"),
    }


def test_an_id_is_taken_out_of_a_location_and_a_code_out_of_a_message():
    key = "0a26846e-31f7-42e3-86e1-6bf6f81c635d"
    calls = (
        call("POST", "/checks", {}, status=201, told=((b"Location", b"http://a.test/checks/" + key.encode()),)),
        call("POST", "/rooms", {}, status=201, told=((b"Location", b"/rooms/7"),)),
        call("GET", "/outbox", answer={"text": "Your code is 789413. Hurry!"}),
        call("POST", f"/checks/{key}", {"code": "789413"}),
        call("GET", "/rooms/7"),
    )
    assert flows(*calls) == {
        (1, "request.path", 1, "response.headers.location", "composed", ""),
        (2, "request.path", 2, "response.headers.location", "composed", ""),
        (1, "response.headers.location", 4, "request.path.2", "link", "part"),
        (3, "response.body $.text", 4, "request.body $.code", "link", "part"),
        (2, "response.headers.location", 5, "request.path.2", "link", ""),
    }


def test_transformations_are_named():
    sent = {"mail": "Ada@Harbour.test", "secret": "c2VjcmV0IHdvcmRz", "at": 1700000000, "path": "a b/c d"}
    digest = hashlib.sha256(b"Ada@Harbour.test").hexdigest()
    told = {"mail": "ada@harbour.test", "plain": "secret words", "when": "2023-11-14T22:13:20.000Z", "url": "a%20b%2Fc%20d", "key": digest}  # fmt: skip
    assert flows(call("POST", "/x", sent, answer=told)) == {
        (1, "request.body $.mail", 1, "response.body $.mail", "echo", "lower"),
        (1, "request.body $.secret", 1, "response.body $.plain", "echo", "base64-decode"),
        (1, "request.body $.at", 1, "response.body $.when", "echo", "epoch-to-iso"),
        (1, "request.body $.path", 1, "response.body $.url", "echo", "url-encode"),
        (1, "request.body $.mail", 1, "response.body $.key", "echo", "sha256"),
    }


def test_an_etag_that_is_the_hash_of_the_body_says_so():
    body = b'{"name":"Rex"}'
    etag = b'"' + hashlib.md5(body).hexdigest().encode() + b'"'
    assert flows(call("GET", "/pets/rex", answer=body, told=((b"ETag", etag),))) == {
        (1, "response.body", 1, "response.headers.etag", "echo", "md5"),
    }


def test_what_a_client_sends_again_it_has_from_itself():
    calls = (
        call("POST", "/register", {"email": "ada@harbour.test"}, answer={"email": "ada@harbour.test"}),
        call("POST", "/login", {"email": "ada@harbour.test"}),
    )
    assert flows(*calls) == {(1, "request.body $.email", 1, "response.body $.email", "echo", "")}


def test_an_answer_that_had_not_come_yet_is_no_source():
    late = call("POST", "/orders", {}, answer={"id": "ord-77-f0e1"}, at=100.0)
    early = call("GET", "/orders/ord-77-f0e1", at=99.0)
    assert flows(late, early) == set()


def test_a_session_does_not_get_values_of_another():
    calls = (
        call("POST", "/orders", {}, answer={"id": "ord-77-f0e1"}, session="one"),
        call("GET", "/orders/ord-77-f0e1", session="two"),
    )
    assert flows(*calls) == set()


def test_what_stands_everywhere_comes_from_nowhere():
    calls = [call("GET", f"/news/{number}", answer={"host": "node 7 of 9"}) for number in range(30)]
    assert flows(*calls) == set()
