"""A capsule's interactions are served and asked over real sockets."""

import gzip

from builders import a_request, a_response, an_exchange, an_interaction

from cassettes.exchange import Failure
from gateway.capsule import Answer, ask, json_of, play, serve_interactions, serving
from recorder.capsule import capsule_text

UPSTREAMS = {"main": "http://shop.test"}


def a_capsule(*exchanges):
    return capsule_text([an_interaction(number, exchange) for number, exchange in enumerate(exchanges, 1)])


def test_what_was_recorded_is_what_is_answered_in_order():
    packed = a_response(
        headers=((b"Content-Type", b"text/plain"), (b"Content-Encoding", b"gzip")), body=gzip.compress(b"hello")
    )
    capsule = a_capsule(
        an_exchange(a_request("POST", b"/a?b=%20c", body=b"sent"), a_response(201, body=b'{"id":7}')),
        an_exchange(a_request("GET", b"/a"), packed),
        an_exchange(a_request("GET", b"/broken"), failure=Failure("reset")),
        an_exchange(a_request("GET", b"/late"), failure=Failure("timeout")),
    )
    with serving(capsule) as url:
        answers = play(capsule, url)
        missing = ask(a_request("GET", b"/elsewhere"), url)
    assert [(one.status, one.text) for one in answers[:3]] == [(201, '{"id":7}'), (200, "hello"), (0, "")]
    assert (answers[0].json, answers[3].status, missing.status) == ({"id": 7}, 504, 502)
    assert answers[0].headers["content-type"] == "application/json"
    assert ask(a_request(), url) == Answer(0)


def test_with_upstreams_their_urls_lead_here():
    told = a_response(201, headers=((b"Location", b"http://shop.test/a/7"),), body=b"")
    interactions = [an_interaction(1, an_exchange(a_request("POST", b"/a"), told))]
    with serve_interactions(interactions, UPSTREAMS) as (url, _):
        assert ask(interactions[0].exchange.request, url).headers["location"] == f"{url}/a/7"
    with serve_interactions(interactions) as (url, _):
        assert ask(interactions[0].exchange.request, url).headers["location"] == "http://shop.test/a/7"


def test_json_is_strict():
    assert [json_of(body) for body in (b"[1]", b"NaN", b"{", b"\xff", b"[" * 100_000)] == [[1], None, None, None, None]


def test_a_body_has_its_digest():
    assert Answer(200, {}, b"").sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
