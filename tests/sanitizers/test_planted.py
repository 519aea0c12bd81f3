from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest
from oracle import occurrences
from planted import PLANTED

from cassettes.exchange import Chunk, Exchange, Request, Response
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES

KEY = b"k" * 32
JSON = ((b"Content-Type", b"application/json"),)


def in_header(value, name):
    return Request(
        "GET",
        b"/",
        (((f"X-{name.replace('_', '-')}" if name else "X-Note").encode(), value.replace("\n", "\\n").encode()),),
    )


def in_cookie(value, name):
    return Request("GET", b"/", ((b"Cookie", f"a=1; {name or 'c'}={quote(value, safe='')}; theme=dark".encode()),))


def in_path(value, name):
    return Request("GET", f"/v1/{name or 'things'}/{quote(value, safe='')}/rest".encode())


def in_query(value, name):
    return Request("GET", f"/v1?x=1&{name or 'q'}={quote(value, safe='')}".encode())


def in_double_url(value, name):
    inner = f"https://a.test/cb?{name or 'q'}={quote(value, safe='')}"
    return Request("GET", f"/go?next={quote(inner, safe='')}".encode())


def in_json(value, name):
    return Request("POST", b"/", JSON, json.dumps({"a": [{"id": 7, name or "note": value}]}).encode())


def in_json_in_json(value, name):
    inner = json.dumps({"deep": json.dumps({name or "note": value})})
    return Request("POST", b"/", JSON, json.dumps({"payload": inner}).encode())


def in_form(value, name):
    return Request("POST", b"/", (), f"x=1&{name or 'q'}={quote(value, safe='')}&y=2".encode())


def in_multipart(value, name):
    lines = ["--b", f'Content-Disposition: form-data; name="{name or "note"}"', "", value, "--b--", ""]
    return Request("POST", b"/", ((b"Content-Type", b"multipart/form-data; boundary=b"),), "\r\n".join(lines).encode())


def in_base64(value, name):
    blob = base64.b64encode(json.dumps({name or "note": value}).encode()).decode()
    return Request("POST", b"/", JSON, json.dumps({"blob": blob}).encode())


def in_gzip(value, name):
    body = gzip.compress(json.dumps({name or "note": value}).encode(), mtime=0)
    return Request("POST", b"/", (*JSON, (b"Content-Encoding", b"gzip")), body)


def in_xml(value, name):
    escaped = value.replace("&", "&amp;").replace("@", "&#64;")
    return Request(
        "POST", b"/", (), f'<?xml version="1.0"?><r><{name or "note"}>{escaped}</{name or "note"}></r>'.encode()
    )


def in_escapes(value, name):
    text = "".join(f"\\u{ord(char):04x}" for char in value)
    return Request("POST", b"/", JSON, f'{{"{name or "note"}": "{text}"}}'.encode())


def in_utf16(value, name):
    return Request("POST", b"/", JSON, json.dumps({name or "note": value}).encode("utf-16"))


def in_events(value, name):
    return Request("POST", b"/", (), f"event: x\ndata: {json.dumps({name or 'note': value})}\n\n".encode())


def in_text(value, name):
    return Request("POST", b"/", (), f"2024-01-01 INFO started {name or 'with'}={value} ok\n".encode())


PLACES = {function.__name__[3:]: function for function in (
    in_header, in_cookie, in_path, in_query, in_double_url, in_json, in_json_in_json, in_form, in_multipart, in_base64, in_gzip,
    in_xml, in_escapes, in_utf16, in_events, in_text,
)}  # fmt: skip

# In a path only the segment before a value can tell what it is, and words or dates are no credentials there.
# In running text without quotes a name cannot be told from the words after it.
NEEDS_NAME = {
    ("text", "full name"),
    ("path", "password"),
    ("path", "full name"),
    ("path", "birth date"),
    ("path", "refresh token"),
    ("path", "aws secret"),
    ("header", "full name"),
    ("header", "birth date"),
    ("header", "otp"),
}


def everything(exchange):
    request, response = exchange.request, exchange.response
    parts = [request.target, *(value for _, value in request.headers), _plain(request)]
    if response:
        parts += [*(value for _, value in (*response.headers, *response.trailers)), _plain(response)]
    return b"\n".join(parts)


def _plain(message):
    coded = dict(message.headers).get(b"Content-Encoding")
    return gzip.decompress(message.body) if coded else message.body


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_gone_from_where_it_was_sent(kind, place):
    value, core, name = PLANTED[kind]
    request = PLACES[place](value, name)
    assert occurrences(everything(Exchange(request)), core), "the oracle must find what was planted"
    cleaned = Sanitizer(PROFILES["default"], KEY).clean(Exchange(request)).exchange
    if (place, kind) in NEEDS_NAME:
        pytest.skip("nothing tells this value here")
    assert occurrences(everything(cleaned), core) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_leaves_an_exchange_that_is_cleaned_the_same_again(kind, place):
    value, _, name = PLANTED[kind]
    once = Sanitizer(PROFILES["default"], KEY).clean(Exchange(PLACES[place](value, name))).exchange
    fresh = Sanitizer(PROFILES["default"], KEY)
    fresh.learn(once)
    assert fresh.clean(once).exchange == once
    assert fresh.clean_request(once.request).request == once.request


@pytest.mark.parametrize("kind", PLANTED)
def test_a_secret_split_over_chunks_is_gone_and_the_chunks_add_up(kind):
    value, core, name = PLANTED[kind]
    body = f'data: {{"n":1}}\n\ndata: {json.dumps({name or "note": value})}\n\ndata: [DONE]\n\n'.encode()
    cut = body.index(json.dumps(value).encode()[1:9]) + 4
    chunks = (Chunk(1.0, cut), Chunk(2.0, 10), Chunk(3.0, len(body) - cut - 10))
    response = Response(200, ((b"Content-Type", b"text/event-stream"),), body, chunks=chunks)
    cleaned = Sanitizer(PROFILES["default"], KEY).clean(Exchange(Request("GET", b"/"), response)).exchange.response
    assert occurrences(cleaned.body, core) == []
    assert sum(chunk.size for chunk in cleaned.chunks) == len(cleaned.body)
    assert [chunk.at_ms for chunk in cleaned.chunks] == [1.0, 2.0, 3.0]
    assert cleaned.body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("kind", PLANTED)
def test_a_finding_and_a_repr_never_hold_the_value(kind):
    value, core, name = PLANTED[kind]
    sanitizer = Sanitizer(PROFILES["default"], KEY)
    for make in PLACES.values():
        request = make(value, name)
        cleaned, live = sanitizer.clean(Exchange(request)), sanitizer.clean_request(request)
        for shown in (repr(cleaned), repr(live), repr(sanitizer), repr(cleaned.findings), repr(live.findings)):
            assert occurrences(shown.encode(), core, depth=1) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", PLANTED)
def test_a_live_request_is_cleaned_to_what_was_recorded(kind, place):
    value, _, name = PLANTED[kind]
    request = PLACES[place](value, name)
    recorded = Sanitizer(PROFILES["default"], KEY).clean(Exchange(request, Response(200, (), value.encode()))).exchange
    replaying = Sanitizer(PROFILES["default"], KEY)
    replaying.learn(recorded)
    assert replaying.clean_request(request).request == recorded.request
