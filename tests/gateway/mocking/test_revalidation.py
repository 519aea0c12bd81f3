"""A read that has the answer already is told so."""

import pytest

from cassettes.exchange import Request
from gateway.mocking.revalidation import revalidated
from gateway.mode import Reply

SHOWN = Reply(200, ((b"ETag", b'W/"v1"'), (b"Content-Type", b"text/plain"), (b"Vary", b"Accept")), "mock", b"a text")


@pytest.mark.parametrize("asked", ['W/"v1"', '"v1"', '"v0", "v1"', "*"])
def test_a_read_that_names_the_tag_gets_no_body(asked):
    made = revalidated(SHOWN, Request("GET", b"/", ((b"If-None-Match", asked.encode()),)))
    assert (made.status, made.body, made.headers) == (304, b"", ((b"ETag", b'W/"v1"'), (b"Vary", b"Accept")))


@pytest.mark.parametrize(("method", "asked"), [("GET", '"v2"'), ("GET", ""), ("PUT", '"v1"'), ("GET", "v1")])
def test_every_other_call_gets_the_answer(method, asked):
    headers = ((b"If-None-Match", asked.encode()),) if asked else ()
    assert revalidated(SHOWN, Request(method, b"/", headers)) is SHOWN


def test_only_what_is_there_is_revalidated():
    refused = Reply(404, SHOWN.headers, "mock", b"nothing")
    assert revalidated(refused, Request("GET", b"/", ((b"If-None-Match", b"*"),))) is refused
