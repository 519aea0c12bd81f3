"""The values of an HTTP call keep bytes, and never show them by accident."""

from cassettes.exchange import Request, Response, header, header_values, without_headers

HEADERS = ((b"Set-Cookie", b"a=1"), (b"X", b"\xe9"), (b"set-cookie", b"b=2"))


def test_the_target_parts_at_the_first_question_mark():
    request = Request("GET", b"/a%2Fb?x=1?y")
    assert (request.path, request.query) == (b"/a%2Fb", b"x=1?y")
    assert Request("GET", b"/a").query == b""


def test_headers_are_found_whatever_their_case():
    assert header(HEADERS, b"set-cookie") == b"a=1"
    assert header(HEADERS, b"missing") is None
    assert list(header_values(HEADERS, b"set-cookie")) == [b"a=1", b"b=2"]
    assert without_headers(HEADERS, {b"set-cookie"}) == ((b"X", b"\xe9"),)


def test_what_is_shown_holds_no_header_query_or_body():
    shown = repr(Request("POST", b"/a?token=sesame", ((b"k", b"sesame"),), b"sesame"))
    assert shown == "Request(POST /a)"
    assert repr(Response(200, ((b"k", b"sesame"),), b"sesame")) == "Response(200, 6 bytes)"
