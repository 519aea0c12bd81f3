"""What is put back, moved and decoded in a recorded answer."""

from __future__ import annotations

import gzip

from plays import JSON, asks, call

from cassettes.coding import encode
from cassettes.exchange import Chunk, Failure, Request, Response
from recorder.address import Origin
from recorder.answer import KeptAnswers, answer

UPSTREAM = (Origin(b"https", b"api.example.test"),)
LIVE = Origin(b"http", b"gw.test")
GZIP = ((b"Accept-Encoding", b"gzip"),)


def given(response: Response, recorded: Request, live: Request, **options) -> Response:
    settings = {"stand_ins": {}, "origins": UPSTREAM, "live": LIVE, "now": None, **options}
    return answer(response, call(recorded, response=response), live, **settings)


def packed(text: bytes, *more) -> Response:
    wire = gzip.compress(text, mtime=0)
    return Response(200, (*JSON, (b"Content-Encoding", b"gzip"), (b"Content-Length", b"%d" % len(wire)), *more), wire)


def test_where_nothing_applies_the_answer_is_the_recorded_one_itself():
    response = packed(b'{"a":1}')
    assert given(response, asks(headers=GZIP), asks(headers=GZIP)) is response


def test_a_url_in_a_compressed_body_is_changed_and_the_length_with_it():
    found = given(packed(b'{"next":"https://api.example.test/2"}'), asks(headers=GZIP), asks(headers=GZIP))
    assert gzip.decompress(found.body) == b'{"next":"http://gw.test/2"}'
    assert (b"Content-Length", b"%d" % len(found.body)) in found.headers


def test_urls_that_name_the_recording_clients_address_lead_to_the_gateway_too():
    response = Response(302, ((b"Location", b"http://127.0.0.1:8000/next"),))
    assert given(response, asks(), asks()).headers == ((b"Location", b"http://gw.test/next"),)


def test_a_binary_body_is_left_alone():
    response = Response(200, ((b"Content-Type", b"image/png"),), b"\x89https://api.example.test/")
    assert given(response, asks(), asks()) is response


def test_a_service_that_compresses_unasked_does_so_again():
    response = packed(b'{"a":1}')
    assert given(response, asks(), asks()) is response


def test_a_client_that_did_not_ask_for_the_coding_gets_the_content_itself():
    found = given(packed(b'{"a":1}', (b"Vary", b"Accept-Encoding")), asks(headers=GZIP), asks())
    assert found.body == b'{"a":1}'
    assert found.headers == (*JSON, (b"Content-Length", b"7"), (b"Vary", b"Accept-Encoding"))


def test_a_coding_that_is_refused_by_weight_was_not_asked_for():
    refuses = asks(headers=((b"Accept-Encoding", b"gzip;q=0, *;q=1"),))
    assert given(packed(b"{}"), asks(headers=GZIP), refuses).body == b"{}"
    anything = asks(headers=((b"Accept-Encoding", b"*"),))
    assert given(packed(b"{}"), asks(headers=GZIP), anything).body == packed(b"{}").body


def test_a_coded_body_that_was_cut_off_stays_as_it_is():
    whole = packed(b'{"a":"https://api.example.test/"}' * 20)
    part = Response(200, whole.headers, whole.body[:20])
    exchange = call(asks(headers=GZIP), failure=Failure("cut-off"), response=part)
    found = answer(part, exchange, asks(), stand_ins={}, origins=UPSTREAM, live=LIVE, now=None)
    assert found is part


def test_a_body_cut_off_stays_too_short_for_its_length():
    text = b"see https://api.example.test/a and"
    part = Response(200, ((b"Content-Type", b"text/plain"), (b"Content-Length", b"100")), text)
    found = given(part, asks(), asks())
    assert len(text) - len(found.body) == 100 - int(dict(found.headers)[b"Content-Length"]) > 0


def test_chunks_still_add_up_when_a_stream_is_decoded():
    wire = encode(b"gzip", b"data: 1\n\n" * 50)
    response = Response(200, ((b"Content-Encoding", b"gzip"),), wire, chunks=(Chunk(1, 5), Chunk(9, len(wire) - 5)))
    found = given(response, asks(headers=GZIP), asks())
    assert sum(chunk.size for chunk in found.chunks) == len(found.body) == 450


def test_the_page_that_asks_now_may_read_what_the_one_that_asked_then_might():
    then, now = ((b"Origin", b"http://app.local"),), ((b"Origin", b"http://localhost:5173"),)
    response = Response(200, ((b"Access-Control-Allow-Origin", b"http://app.local"),))
    assert given(response, asks(headers=then), asks(headers=now)).headers[0][1] == b"http://localhost:5173"
    closed = Response(200, ((b"Access-Control-Allow-Origin", b"http://only.test"),))
    assert given(closed, asks(headers=then), asks(headers=now)) is closed


def test_kept_answers_are_bounded_in_bytes():
    kept = KeptAnswers(limit=10, limit_bytes=1000)
    for number in range(20):
        kept.put(number, Response(200), 100)
    assert [number for number in range(20) if kept.get(number)] == list(range(10, 20))
    kept.put("large", Response(200), 500)
    assert kept.get("large") is None
