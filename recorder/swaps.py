"""Swaps: which values a client was given in the place of those that one recorded session has."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from cassettes.coding import content_codings, decode, encode
from cassettes.errors import DecodingError
from recorder.answer import with_body
from recorder.synthesis.checking.difference import Content, compared, learn_headers
from recorder.synthesis.samples.substitution import Substitution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cassettes.exchange import Headers, Request, Response


@dataclass(slots=True, eq=False)
class Swaps:
    """The pairs of one recorded session: a value that its answers have, and what another answer had there instead.

    Sessions that begin alike are answered by the first of them. What a service made up then, such as an id or a token,
    is another in each, and a client goes on with the one that it was given.
    """

    # Nothing else than these answers was given, so that times stand for times, too.
    _names: Substitution = field(default_factory=lambda: Substitution(allows=lambda _own, _given: True))
    _whole: set[str] = field(default_factory=set)
    _ready: tuple[int, _Swap | None, _Swap | None] = (0, None, None)

    def learn(self, own: Response, given: Response) -> None:
        """Take note of what the client was given in the place of the session's own answer."""
        was, now = Content.of(own), Content.of(given)
        if was.status == now.status:
            compared(was, now, self._names)
            learn_headers(was, now, self._names)

    def pair(self, values: Mapping[str, str], whole: Iterable[str] = ()) -> None:
        """Take note of what a client has in the place of own values, where that is no part of one of the `whole`."""
        for own, live in values.items():
            self._names.hands(own, live)
        self._whole.update(whole)

    def recorded(self, request: Request) -> Request:
        """Give a live request with the session's own values."""
        _, swap, _ = self._made()
        if swap is None:
            return request
        target, headers, body = swap.text(request.target), swap.headers(request.headers), swap.text(request.body)
        return replace(request, target=target, headers=headers, body=body)

    def live(self, response: Response) -> Response:
        """Give an answer of the session with the values that the client was given before."""
        _, _, swap = self._made()
        if swap is None:
            return response
        body = swap.coded(response.headers, response.body)
        response = replace(response, headers=swap.headers(response.headers))
        return response if body == response.body else with_body(response, body)

    def _made(self) -> tuple[int, _Swap | None, _Swap | None]:
        """Give the swaps of requests and of answers, made anew where there is more to swap than before."""
        known = len(self._names.to_real)
        if known != self._ready[0]:
            same = {text: text for text in self._whole}
            self._ready = known, _Swap.of(same | self._names.to_real), _Swap.of(self._names.to_mock)
        return self._ready


@dataclass(frozen=True, slots=True)
class _Swap:
    """Values put in the place of others, where these stand on their own."""

    pairs: Mapping[bytes, bytes]
    pattern: re.Pattern[bytes]

    @classmethod
    def of(cls, names: Mapping[str, str]) -> _Swap | None:
        """Make one of pairs of texts; None where there is none."""
        pairs = {old.encode(): new.encode() for old, new in names.items()}
        pairs |= {quote(old, safe="").encode(): quote(new, safe="").encode() for old, new in names.items()}
        if not pairs:
            return None
        either = b"|".join(map(re.escape, sorted(pairs, key=len, reverse=True)))
        return cls(pairs, re.compile(rb"(?<![A-Za-z0-9])(?:" + either + rb")(?![A-Za-z0-9])"))

    def text(self, text: bytes) -> bytes:
        """Give a text with the other values."""
        return self.pattern.sub(lambda found: self.pairs[found[0]], text)

    def headers(self, headers: Headers) -> Headers:
        """Give headers with the other values."""
        return tuple((name, self._line(name, value)) for name, value in headers)

    def _line(self, name: bytes, value: bytes) -> bytes:
        """Give a header's line; a client that was given its name and password sends them as base64 (RFC 7617)."""
        scheme, _, coded = value.partition(b" ")
        if name.lower() != b"authorization" or scheme.lower() != b"basic":
            return self.text(value)
        try:
            plain = base64.b64decode(coded.strip(), validate=True)
        except binascii.Error:
            return self.text(value)
        return scheme + b" " + base64.b64encode(self.text(plain))

    def coded(self, headers: Headers, body: bytes) -> bytes:
        """Give a body with the other values, through its content codings."""
        codings = content_codings(headers)
        if not codings:
            return self.text(body)
        try:
            text = decode(codings, body)
            changed = self.text(text)
            return body if changed == text else encode(codings, changed)
        except DecodingError:
            return body
