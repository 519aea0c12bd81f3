"""Absolute URLs that come to name the gateway."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cassettes.exchange import Chunk
from recorder.address import Origin, Readdressing, host_origin, origin_of

LIVE = Origin(b"http", b"localhost:8000")
CHANGE = Readdressing([Origin(b"https", b"api.example.test")], LIVE)
LOCAL = Readdressing([Origin(b"http", b"127.0.0.1:9000")], LIVE)
PORT = Readdressing([Origin(b"http", b"10.0.0.1:9000", b"/v1")], Origin(b"https", b"gw.test"))


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (CHANGE, b"https://api.example.test/a", b"http://localhost:8000/a"),
        (CHANGE, b"https://api.example.test:443/a", b"http://localhost:8000/a"),
        (CHANGE, b"HTTPS://API.example.test", b"http://localhost:8000"),
        (CHANGE, b'<https://api.example.test/a?p=2>; rel="next"', b'<http://localhost:8000/a?p=2>; rel="next"'),
        (CHANGE, b'"https:\\/\\/api.example.test\\/a"', b'"http:\\/\\/localhost:8000\\/a"'),
        (CHANGE, b"u=https%3A%2F%2Fapi.example.test%2Fa", b"u=http%3A%2F%2Flocalhost%3A8000%2Fa"),
        (CHANGE, b'src="//api.example.test/x.js"', b'src="//localhost:8000/x.js"'),
        (CHANGE, b"0; url=https://api.example.test.", b"0; url=http://localhost:8000."),
        (CHANGE, b"wss://api.example.test/ws", b"ws://localhost:8000/ws"),
        (LOCAL, b"http://localhost:9000/a http://[::1]:9000/a", b"http://localhost:8000/a http://localhost:8000/a"),
        (PORT, b"http://10.0.0.1:9000/v1/a", b"https://gw.test/a"),
        (PORT, b'{"Host": "10.0.0.1:9000"}', b'{"Host": "gw.test"}'),
        (PORT, b"asked at 10.0.0.1:9000.", b"asked at gw.test."),
        (PORT, b"http:\\/\\/10.0.0.1:9000\\/v1\\/a", b"https:\\/\\/gw.test\\/a"),
        (PORT, b"http://10.0.0.1:9000/v10/a", b"https://gw.test/v10/a"),
        (PORT, b"http%3A%2F%2F10.0.0.1%3A9000%2Fv1%2Fa", b"https%3A%2F%2Fgw.test%2Fa"),
    ],
)
def test_a_url_of_the_upstream_in_any_spelling_leads_to_the_gateway(change, old, new):
    assert change.text(old) == new


@pytest.mark.parametrize(
    "text",
    [
        b"https://api.example.test.evil.org/",
        b"https://my-api.example.test/",
        b"https://api.example.testing/",
        b"https://api.example.test:8443/",
        b"https://api.example.test@evil.org/",
        b"api.example.test",
        b"mailto:x@api.example.test",
        b"ftp://api.example.test/",
    ],
)
def test_what_only_resembles_it_is_the_very_same_object(text):
    assert CHANGE.text(text) is text


def test_another_port_of_this_machine_is_another_service():
    text = b"http://localhost:9001/a http://localhost/a localhost:8000"
    assert LOCAL.text(text) is text


def test_a_chunk_cut_in_a_url_ends_after_it():
    text = b"data: https://api.example.test/a\n\ndata: 2\n\n"
    chunks = (Chunk(1, 12), Chunk(2, 22), Chunk(3, 9))
    new, moved = CHANGE.streamed(text, chunks)
    ends = [moved[0].size, moved[0].size + moved[1].size]
    assert new == b"data: http://localhost:8000/a\n\ndata: 2\n\n"
    assert [new[: ends[0]], new[ends[0] : ends[1]], new[ends[1] :]] == [
        b"data: http://localhost:8000",
        b"/a\n\n",
        b"data: 2\n\n",
    ]
    assert [chunk.at_ms for chunk in moved] == [1, 2, 3]


def test_a_cookie_for_the_upstreams_domain_becomes_one_for_the_gateways_host():
    headers = ((b"Set-Cookie", b"a=1; Domain=.example.test; Path=/"), (b"Set-Cookie", b"b=1; Domain=other.test"))
    assert CHANGE.headers(headers) == ((b"Set-Cookie", b"a=1; Path=/"), headers[1])


def test_the_same_origin_changes_nothing():
    assert Readdressing([LIVE], LIVE).text(b"http://localhost:8000/a") == b"http://localhost:8000/a"


@pytest.mark.parametrize("host", [b"", None, b"a b", b'"><script>', b"a/b", b"a\r\nb", b"u@a"])
def test_a_host_that_may_not_stand_in_a_url_is_none(host):
    assert host_origin("http", host) is None


def test_base_urls_are_read_with_their_path_and_without_a_user():
    assert origin_of("https://u:p@api.example.test/api/") == Origin(b"https", b"api.example.test", b"/api")
    assert origin_of("ftp://x") is None


@given(
    st.lists(
        st.sampled_from([b"https://api.example.test/a ", b"x", b"data: ", b'"https:\\/\\/api.example.test"', b"\n\n"])
    ),
    st.lists(st.integers(0, 20)),
)
def test_chunks_of_a_changed_stream_are_the_changed_chunks(pieces, sizes):
    text = b"".join(pieces)
    chunks, left = [], len(text)
    for size in [*sizes, len(text)]:
        chunks.append(Chunk(len(chunks), min(size, left)))
        left -= chunks[-1].size
    new, moved = CHANGE.streamed(text, chunks)
    assert new == CHANGE.text(text)
    assert sum(chunk.size for chunk in moved) == len(new)
    assert all(chunk.size >= 0 for chunk in moved)
    assert [chunk.at_ms for chunk in moved] == [chunk.at_ms for chunk in chunks]


@pytest.mark.parametrize(
    "text", [b"110.0.0.1:9000", b"10.0.0.1:90001", b"x@10.0.0.1:9000", b"10.0.0.1", b"10.0.0.1:9000/v1"]
)
def test_only_a_host_with_its_port_alone_is_the_upstreams(text):
    assert PORT.text(text) == text
