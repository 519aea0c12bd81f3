"""Content: a body as text, whatever its content codings and charset, and the way back to the same bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Final

from cassettes.coding import content_codings, decode, encode, find_params
from cassettes.errors import DecodingError
from cassettes.exchange import Headers, header
from sanitizers.errors import UnreadableBodyError

_CHARSET: Final = re.compile(rb"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WIDE: Final = re.compile(rb"(?:[\t\n\r -~]\x00){4}|(?:\x00[\t\n\r -~]){4}")
_GZIP: Final = b"\x1f\x8b\x08"


@dataclass(slots=True)
class Content:
    """A body: its bytes on the wire, the codings on them, and its text; `text` may be set anew."""

    wire: bytes = field(repr=False)
    codings: bytes | None
    charset: str
    text: str = field(repr=False)
    data: bytes = field(repr=False)
    is_changed: bool = False

    def packed(self) -> bytes:
        """Give the bytes for the wire: the very same where the text did not change."""
        if not self.is_changed:
            return self.wire
        data = _encoded(self.text, self.charset, self.data)
        if self.codings is None:
            return data
        return encode(self.codings, data, find_params(self.codings, self.wire, self.data))


def read_content(headers: Headers, wire: bytes, limit_bytes: int) -> Content:
    """Read a body; raises UnreadableBodyError where its codings are unknown, broken or beyond the limits."""
    codings = _undone_here(content_codings(headers))
    if len(wire) > limit_bytes:
        raise UnreadableBodyError(f"The body is larger than {limit_bytes >> 20} MB, the most that is searched.")
    try:
        data = decode(codings, wire, limit_bytes=limit_bytes) if wire else b""
    except DecodingError as error:
        raise UnreadableBodyError(f"The body cannot be decoded, so it cannot be searched: {error}") from None
    if codings is None and data.startswith(_GZIP):
        codings, data = _sniffed(wire, limit_bytes)
    charset, text = _decoded(data, header(headers, b"content-type") or b"")
    return Content(wire, codings, charset, text, data)


def _undone_here(codings: bytes | None) -> bytes | None:
    """Leave out what is no coding of bytes: nothing at all, and the signed framing of AWS, which is read as it is."""
    names = [name.strip() for name in (codings or b"").lower().split(b",")]
    return b", ".join(name for name in names if name not in (b"", b"identity", b"aws-chunked")) or None


def _sniffed(wire: bytes, limit_bytes: int) -> tuple[bytes | None, bytes]:
    try:
        return b"gzip", decode(b"gzip", wire, limit_bytes=limit_bytes)
    except DecodingError:
        return None, wire


def _decoded(data: bytes, content_type: bytes) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            found = _strict(data, name)
            if found is not None:
                return found
    match = _CHARSET.search(content_type)
    if match is not None and match[1].lower() not in (b"utf-8", b"utf8"):
        found = _strict(data, match[1].decode("ascii", "replace"))
        if found is not None:
            return found
    if _WIDE.match(data):
        found = _strict(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
        if found is not None:
            return found
    if _CONTROLS.search(data, 0, 4096) and not content_type.lower().startswith(b"multipart/"):
        return "latin-1", data.decode("latin-1")
    return "utf-8", data.decode("utf-8", "surrogateescape")


def _strict(data: bytes, charset: str) -> tuple[str, str] | None:
    """Decode only where the way back gives the same bytes."""
    try:
        text = data.decode(charset)
        return (charset, text) if text.encode(charset) == data or _same_marked(data, charset, text) else None
    except (LookupError, ValueError):
        return None


def _same_marked(data: bytes, charset: str, text: str) -> bool:
    return _encoded(text, charset, data) == data


def _encoded(text: str, charset: str, before: bytes) -> bytes:
    """Encode as `before` was: utf-16 and utf-32 keep their byte order mark and order."""
    for mark, name in _MARKS:
        if charset == name and before.startswith(mark):
            order = "le" if mark[0] == 0xFF else "be"
            return mark + text.encode(f"{name}-{order}", "replace")
    return text.encode(charset, "surrogateescape" if charset == "utf-8" else "replace")
