"""Header hygiene between two hops: what stays, what goes, what is refused."""

import pytest

from gateway.hop import LoopError, UpgradeError, outgoing_headers, returning_headers

VIA = b"mimic-1"


def sent(*pairs):
    return outgoing_headers(tuple(pairs), b"up.test", VIA)


def test_end_to_end_headers_keep_their_bytes_order_case_and_repetition():
    pairs = ((b"Host", b"here"), (b"X-One", b"caf\xe9"), (b"x-one", b"2"), (b"X-ONE", b""), (b"Accept", b"*/*"))
    headers, _ = sent(*pairs)
    assert headers == [(b"Host", b"up.test"), *pairs[1:], (b"Via", b"1.1 mimic-1")]


@pytest.mark.parametrize(
    "name",
    [
        b"Connection",
        b"Keep-Alive",
        b"Proxy-Authorization",
        b"Proxy-Connection",
        b"TE",
        b"Trailer",
        b"Transfer-Encoding",
        b"Upgrade",
    ],
)
def test_headers_of_one_connection_do_not_travel_on(name):
    headers, _ = sent((name, b"x"), (b"A", b"1"))
    assert [pair for pair in headers if pair[0] == name] == []
    assert returning_headers(((name, b"x"), (b"A", b"1"))) == (((b"A", b"1"),), False)


def test_headers_that_connection_names_do_not_travel_on():
    headers, _ = sent((b"Connection", b"close, X-Foo"), (b"X-Foo", b"1"), (b"X-Bar", b"2"))
    assert headers == [(b"X-Bar", b"2"), (b"Via", b"1.1 mimic-1")]
    assert returning_headers(((b"X-Foo", b"1"), (b"Connection", b"x-foo"))) == ((), False)


def test_trailers_stay_acceptable():
    headers, _ = sent((b"TE", b"trailers, gzip"))
    assert (b"TE", b"trailers") in headers


@pytest.mark.parametrize(
    ("pairs", "has_body"),
    [
        ([], False),
        ([(b"Content-Length", b"0")], False),
        ([(b"Content-Length", b"10")], True),
        ([(b"Transfer-Encoding", b"chunked")], True),
    ],
)
def test_a_body_is_announced_by_length_or_chunks(pairs, has_body):
    assert sent(*pairs)[1] is has_body


def test_an_earlier_via_stays_and_our_own_is_a_loop():
    headers, _ = sent((b"Via", b"1.0 other"))
    assert headers == [(b"Via", b"1.0 other"), (b"Via", b"1.1 mimic-1")]
    with pytest.raises(LoopError):
        sent((b"Via", b"1.0 other, 1.1 mimic-1"))


def test_a_websocket_handshake_is_refused():
    with pytest.raises(UpgradeError):
        sent((b"Upgrade", b"WebSocket"), (b"Connection", b"Upgrade"))


def test_the_gateways_own_key_never_reaches_the_upstream():
    headers, _ = sent((b"X-Mimic-Key", b"k"), (b"X-Mimic-Session", b"a"))
    assert headers == [(b"Via", b"1.1 mimic-1")]


def test_the_upstreams_content_length_is_noticed():
    assert returning_headers(((b"Content-Length", b"3"),)) == (((b"Content-Length", b"3"),), True)
