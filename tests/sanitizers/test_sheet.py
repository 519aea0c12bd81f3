from __future__ import annotations

from cassettes.exchange import Request, Response
from sanitizers.edit import Hit
from sanitizers.sheet import RequestSheet, ResponseSheet, findings
from sanitizers.swap_walk import SwapWalk

MB = 1 << 20
SWAP = {"hunter2!Zq": "kzrqwe7!AbCd"}


def rewritten(sheet):
    told = [pair for piece in sheet.pieces for pair in piece.apply(SwapWalk(SWAP, "live"))]
    return sheet.packed(), told


def test_a_message_that_is_not_rewritten_is_the_same():
    request = Request(
        "GET", b"/a?b=%7e\xff", ((b"X-Odd", b"\xfe\xff"),), b"\x00\xff", client="192.0.2.1", scheme="https"
    )
    response = Response(200, ((b"A", b"\xff"),), b"\x00\xff", b"Fine", ((b"T", b"1"),))
    assert RequestSheet(request, MB).packed() == request
    assert ResponseSheet(response, MB).packed() == response


def test_every_part_is_rewritten_and_told_by_its_place():
    request = Request(
        "POST",
        b"/hunter2!Zq?q=hunter2!Zq",
        ((b"X-A", b"hunter2!Zq"), (b"Cookie", b"c=hunter2!Zq")),
        b'{"a":["hunter2!Zq"]}',
    )
    cleaned, told = rewritten(RequestSheet(request, MB))
    assert b"hunter2" not in cleaned.target + cleaned.body + b"".join(value for _, value in cleaned.headers)
    assert [where for where, _ in told] == [
        "request.path",
        "request.query.q",
        "request.headers.x-a",
        "request.cookies.c",
        "request.body $.a[*]",
    ]


def test_content_length_follows_the_body():
    headers = ((b"content-LENGTH", b"18"), (b"X", b"18"))
    cleaned, _ = rewritten(RequestSheet(Request("POST", b"/", headers, b'{"a":"hunter2!Zq"}'), MB))
    assert cleaned.headers == ((b"content-LENGTH", b"20"), (b"X", b"18"))
    assert len(cleaned.body) == 20


def test_a_head_response_keeps_its_length():
    response = Response(200, ((b"Content-Length", b"1234"), (b"X", b"hunter2!Zq")))
    cleaned, _ = rewritten(ResponseSheet(response, MB))
    assert cleaned.headers[0] == (b"Content-Length", b"1234")


def test_reason_and_trailers_are_rewritten():
    response = Response(200, (), b"", b"hunter2!Zq", ((b"X-T", b"hunter2!Zq"),))
    cleaned, told = rewritten(ResponseSheet(response, MB))
    assert (cleaned.reason, cleaned.trailers) == (b"kzrqwe7!AbCd", ((b"X-T", b"kzrqwe7!AbCd"),))
    assert [where for where, _ in told] == ["response.reason", "response.trailers.x-t"]


def test_digests_are_stale_only_after_a_change():
    headers = ((b"ETag", b'"x"'), (b"X-Amz-Checksum-Crc32", b"x"))
    same, other = (
        ResponseSheet(Response(200, headers, b"x"), MB),
        ResponseSheet(Response(200, headers, b"hunter2!Zq"), MB),
    )
    rewritten(same)
    rewritten(other)
    assert same.stale_digests() == []
    assert [finding.where for finding in other.stale_digests()] == [
        "response.headers.etag",
        "response.headers.x-amz-checksum-crc32",
    ]


def test_findings_are_summed_by_place_kind_and_rule():
    hit = Hit("raw", "new", "email", "contact")
    [finding] = findings([("request.body", hit), ("request.body", hit)])
    assert (finding.where, finding.kind, finding.rule, finding.count) == ("request.body", "email", "contact", 2)


def test_a_piece_does_not_show_its_text():
    assert "hunter2" not in repr(RequestSheet(Request("GET", b"/hunter2!Zq"), MB).pieces)
