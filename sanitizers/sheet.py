"""A sheet: an HTTP message laid out as pieces of text that can be rewritten one by one and put together again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cassettes.cassette import Finding
from cassettes.exchange import Headers, Request, Response
from sanitizers.chunks import refit
from sanitizers.content import Content, read_content
from sanitizers.edit import Hit, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sanitizers.edit import Edit
    from sanitizers.walk import Walk

_DIGESTS: Final = frozenset(
    {b"etag", b"digest", b"content-md5", b"repr-digest", b"content-digest", b"x-goog-hash", b"x-amz-content-sha256"}
)


@dataclass(slots=True)
class Piece:
    """One text of a message: where it stands, how a walk takes it apart, and how a hit in it is told."""

    where: str
    text: str = field(repr=False)
    take_apart: Callable[[Walk, str], list[Edit]]
    told: Callable[[str, str], str]

    def apply(self, walk: Walk) -> list[tuple[str, Hit]]:
        """Let a walk rewrite the text; gives the hits with their places."""
        walk.begin(len(self.text))
        edits = self.take_apart(walk, self.text)
        if not edits:
            return []
        self.text = splice(self.text, edits)
        return [(self.told(self.where, hit.path), hit) for edit in edits for hit in edit.hits]

    @property
    def raw(self) -> bytes:
        return self.text.encode("utf-8", "surrogateescape" if not self.text.isascii() else "strict")


class RequestSheet:
    """A request laid out."""

    def __init__(self, request: Request, limit_bytes: int) -> None:
        self._request = request
        self._content = read_content(request.headers, request.body, limit_bytes)
        self._target = Piece("request", _text(request.target), lambda walk, text: walk.target(text), _dotted)
        self._head = _head_pieces(request.headers, "request")
        self._body = Piece("request.body", self._content.text, lambda walk, text: walk.value(text), _spaced)
        self.pieces = [self._target, *self._head, self._body]

    def packed(self) -> Request:
        """Give the request with its pieces as they are now."""
        request = self._request
        body = _packed(self._content, self._body)
        return replace(
            request,
            target=_bytes(self._target.text),
            headers=_headers(request.headers, self._head, len(request.body), len(body)),
            body=body,
        )


class ResponseSheet:
    """A response laid out."""

    def __init__(self, response: Response, limit_bytes: int) -> None:
        self._response = response
        self._content = read_content(response.headers, response.body, limit_bytes)
        self._head = _head_pieces(response.headers, "response")
        self._tail = _head_pieces(response.trailers, "response", "trailers")
        self._reason = Piece("response.reason", _text(response.reason), lambda walk, text: walk.value(text), _bare)
        self._body = Piece("response.body", self._content.text, lambda walk, text: walk.value(text), _spaced)
        self.pieces = [*self._head, self._reason, self._body, *self._tail]

    def packed(self) -> Response:
        """Give the response with its pieces as they are now."""
        response = self._response
        body = _packed(self._content, self._body)
        return replace(
            response,
            headers=_headers(response.headers, self._head, len(response.body), len(body)),
            trailers=_headers(response.trailers, self._tail, 0, 0),
            reason=_bytes(self._reason.text),
            body=body,
            chunks=refit(response.chunks, response.body, body, by_lines=self._content.codings is None),
        )

    def stale_digests(self) -> list[Finding]:
        """Give a finding for each digest of a body that is no longer the one recorded."""
        if not self._content.is_changed and self._body.text == self._content.text:
            return []
        names = {name.lower() for name, _ in (*self._response.headers, *self._response.trailers)}
        stale = sorted(name for name in names if name in _DIGESTS or name.startswith(b"x-amz-checksum-"))
        return [Finding(f"response.headers.{name.decode('ascii')}", "stale-digest", "digests") for name in stale]


def findings(told: Iterable[tuple[str, Hit]]) -> tuple[Finding, ...]:
    """Sum up hits by place, kind and rule."""
    counts = Counter((where, hit.kind, hit.rule) for where, hit in told)
    return tuple(Finding(where, kind, rule, count) for (where, kind, rule), count in counts.items())


def _head_pieces(headers: Headers, side: str, part: str = "headers") -> list[Piece]:
    pieces: list[Piece] = []
    for raw_name, value in headers:
        name = raw_name.lower().decode("latin-1")
        in_cookies = name in ("cookie", "set-cookie")
        where = f"{side}.cookies" if in_cookies else f"{side}.{part}.{name}"
        pieces.append(Piece(where, _text(value), _header_walker(name), _dotted if in_cookies else _bare))
    return pieces


def _header_walker(name: str) -> Callable[[Walk, str], list[Edit]]:
    return lambda walk, text: walk.header(name, text)


def _headers(before: Headers, pieces: list[Piece], old_size: int, new_size: int) -> Headers:
    headers = tuple((name, _bytes(piece.text)) for (name, _), piece in zip(before, pieces, strict=True))
    if old_size == new_size:
        return headers
    length = str(new_size).encode("ascii")
    return tuple((name, length if name.lower() == b"content-length" else value) for name, value in headers)


def _packed(content: Content, piece: Piece) -> bytes:
    if piece.text is not content.text and piece.text != content.text:
        content.text, content.is_changed = piece.text, True
    return content.packed()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _dotted(where: str, path: str) -> str:
    return f"{where}.{path}" if path else where


def _spaced(where: str, path: str) -> str:
    return f"{where} {path}" if path else where


def _bare(where: str, _path: str) -> str:
    return where
