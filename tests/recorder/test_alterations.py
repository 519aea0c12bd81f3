"""What a client made of a value that it was given is known again, though its stand-in is another than was recorded."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest
from plays import asks, call

from cassettes.cassette import Finding, Interaction
from cassettes.exchange import Response
from recorder.alterations import altered, is_new

TOKEN = "9f86d081884c7d659a2f"
OTHER = "60303ae22b998861bce3"
GIVEN = [Response(200, ((b"Content-Type", b"application/json"),), b'{"token": "%s", "code": 4711}' % TOKEN.encode())]
JSON = ((b"Content-Type", b"application/json"),)


def body(token):
    return asks("POST", b"/me", JSON, b'{"token": "%s", "n": 1}' % token.encode())


def expected(request, where="request.body $.token", status=400):
    exchange = call(request, b"no")
    exchange = replace(exchange, response=replace(exchange.response, status=status))
    return Interaction(2, exchange, findings=(Finding(where, "token", "fields"),))


def found(live, recorded=OTHER, given=GIVEN, **more):
    cleaned = body("c" * len(live))
    return altered(expected(body(recorded), **more), body(live), cleaned, given)


@pytest.mark.parametrize(
    "live",
    [TOKEN[::-1], TOKEN[:-1], TOKEN + "x", TOKEN.upper(), TOKEN[:-2] + "zz", TOKEN[1:] + TOKEN[0], "x" + TOKEN[1:]],
)
def test_what_was_made_of_a_token_stands_for_what_was_made_then(live):
    assert found(live) == {OTHER: live}


@pytest.mark.parametrize("live", ["somebody-elses-0815-token", TOKEN[:5], TOKEN, ""])
def test_another_value_and_the_token_itself_do_not(live):
    assert found(live) is None


def test_nothing_is_made_of_what_nobody_was_given():
    assert found(TOKEN[::-1], given=[]) is None
    assert found(TOKEN[::-1], where="request.body $.n") is None


@pytest.mark.parametrize(
    ("status", "live", "pairs"), [(400, "4712", {"8315": "4712"}), (200, "4712", None), (400, "47", None)]
)
def test_a_code_is_another_of_as_many_digits_where_it_was_refused(status, live, pairs):
    assert found(live, recorded="8315", status=status) == pairs


def test_a_token_is_told_behind_its_scheme_and_a_secret_in_base64():
    def bearing(text):
        return asks("GET", b"/me", ((b"Authorization", text),))

    where = "request.headers.authorization"
    one, live = (bearing(b"Bearer " + text.encode()) for text in (OTHER, TOKEN[::-1]))
    assert altered(expected(one, where), live, bearing(b"Bearer c"), GIVEN) == {OTHER: TOKEN[::-1]}
    one, live = (bearing(b"Basic " + b64encode(b"app:" + text.encode())) for text in (OTHER, TOKEN[::-1]))
    assert altered(expected(one, where), live, bearing(b"Basic c"), GIVEN) == {OTHER: TOKEN[::-1]}


def test_a_value_is_new_where_no_interaction_has_it():
    before = [Interaction(1, call(body(TOKEN), b"hi"))]
    assert is_new(OTHER, before)
    assert not is_new(TOKEN, before)
    assert not is_new("hi", before)
