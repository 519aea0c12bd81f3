"""The answer to one live request, made from a recorded one: what is put back, moved and decoded for this client."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cassettes.body import media_type
from cassettes.coding import content_codings, decode, encode
from cassettes.errors import DecodingError
from cassettes.exchange import header, without_headers
from recorder.address import Readdressing, host_origin, is_textual
from recorder.negotiation import accepts_coding
from recorder.refresh import refreshed
from recorder.timing import resized
from sanitizers.pipeline import restore

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from cassettes.exchange import Exchange, Headers, Request, Response
    from recorder.address import Origin
    from recorder.namesakes import Namesakes


_PADDED: Final = re.compile(rb"(eyJ[\w-]+\.eyJ[\w-]+)={1,2}(?=\.)")


class KeptAnswers:
    """Answers made before, bounded in number and bytes; the oldest goes first."""

    def __init__(self, limit: int = 65_536, limit_bytes: int = 32 << 20) -> None:
        self._answers: OrderedDict[Hashable, tuple[Response, int]] = OrderedDict()
        self._limit, self._limit_bytes, self._size = limit, limit_bytes, 0

    def get(self, mark: Hashable) -> Response | None:
        """Give the answer kept under this mark."""
        kept = self._answers.get(mark)
        return kept[0] if kept is not None else None

    def put(self, mark: Hashable, response: Response, size: int) -> None:
        """Keep an answer that takes `size` bytes of its own."""
        if size > self._limit_bytes // 8 or mark in self._answers:
            return
        self._answers[mark] = response, size
        self._size += size
        while len(self._answers) > self._limit or self._size > self._limit_bytes:
            self._size -= self._answers.popitem(last=False)[1][1]


def answer(
    recorded: Response,
    exchange: Exchange,
    request: Request,
    *,
    stand_ins: Mapping[str, str],
    origins: Sequence[Origin],
    live: Origin | None,
    now: float | None,
    namesakes: Namesakes | None = None,
) -> Response:
    """Give the response `recorded` in `exchange` as the client of this live request is to get it.

    `stand_ins` are put back to what the client sent; `namesakes` tell apart what has one of them together. URLs of
    `origins`, and of the address the recording client used, come to lead to `live` (None: URLs are left alone). `now`
    in Unix seconds is what Date is moved to (None: dates are left alone). Where nothing applies, the answer is
    `recorded` itself, byte for byte.
    """
    asked = exchange.request
    response = _unpadded(_restored(recorded, stand_ins, namesakes)) if stand_ins else recorded
    if live is not None:
        # Many servers build URLs from the Host they were sent, which is the address the recording client used.
        named = host_origin(asked.scheme, header(asked.headers, b"host"))
        response = _readdressed(response, Readdressing([*origins, *([named] if named else [])], live))
    response = _for_origin(response, asked, request)
    if now is not None:
        response = replace(response, headers=refreshed(response.headers, exchange.started_at, now))
    return _decoded_for(response, asked, request)


def _restored(recorded: Response, stand_ins: Mapping[str, str], namesakes: Namesakes | None) -> Response:
    shared = [] if namesakes is None else [made for made in stand_ins if namesakes.is_shared(made)]
    if namesakes is None or not shared:
        return restore(recorded, stand_ins)
    # Whose value it was is told by what stands beside it: that has to be put back before.
    own = {made: live for made, live in stand_ins.items() if made not in shared}
    return restore(namesakes.told_apart(restore(recorded, own)), stand_ins)


def _unpadded(response: Response) -> Response:
    """Give JSON Web Tokens, whose parts came to another length, without the padding that they never have (RFC 7515)."""
    if b"=." not in response.body:
        return response
    body = _PADDED.sub(rb"\1", response.body)
    return response if body == response.body else with_body(response, body)


def _readdressed(response: Response, change: Readdressing) -> Response:
    headers = change.headers(response.headers)
    if headers is not response.headers:
        response = replace(response, headers=headers)
    if not response.body or not is_textual(media_type(response.headers)):
        return response
    return _with_readdressed_body(response, change)


def _with_readdressed_body(response: Response, change: Readdressing) -> Response:
    codings = content_codings(response.headers)
    if not codings:
        body, chunks = change.streamed(response.body, response.chunks)
        return response if body == response.body else with_body(response, body, replace(response, chunks=chunks))
    try:
        text = decode(codings, response.body)
        changed = change.text(text)
        return response if changed is text else with_body(response, encode(codings, changed))
    except DecodingError:
        return response


def _for_origin(response: Response, asked: Request, request: Request) -> Response:
    """Let the page that asks now read the answer, where the service let the one that asked then (CORS)."""
    then, now = header(asked.headers, b"origin"), header(request.headers, b"origin")
    if then is None or now is None or then == now:
        return response
    allowed = header(response.headers, b"access-control-allow-origin")
    if allowed != then:
        return response
    headers = tuple(
        (name, now if name.lower() == b"access-control-allow-origin" else value) for name, value in response.headers
    )
    return replace(response, headers=headers)


def _decoded_for(response: Response, asked: Request, request: Request) -> Response:
    """Undo content codings that this client did not ask for; a service that used them unasked does so again."""
    codings = content_codings(response.headers)
    if not codings or response.status == 206 or accepts_coding(request.headers, codings):
        return response
    if not accepts_coding(asked.headers, codings):
        return response
    try:
        body = decode(codings, response.body)
    except DecodingError:  # cut off, or never what it said: as recorded
        return response
    plain = replace(response, headers=without_headers(response.headers, (b"content-encoding",)))
    return with_body(plain, body) if response.body else plain


def with_body(response: Response, body: bytes, shell: Response | None = None) -> Response:
    """Give the response with another body; Content-Length grows as the body does, so one cut off stays too short."""
    grown = len(body) - len(response.body)
    chunks = shell.chunks if shell is not None else resized(response.chunks, len(body))
    return replace(response, body=body, chunks=chunks, headers=_lengthened(response.headers, grown))


def _lengthened(headers: Headers, grown: int) -> Headers:
    return tuple(
        (name, b"%d" % (int(value) + grown) if name.lower() == b"content-length" and value.isdigit() else value)
        for name, value in headers
    )
