"""Blobs: text inside base64, base64url or hexadecimal digits, compressed or not."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, merged, splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sanitizers.walk import Walk

_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{12,}={0,2}")
_WRAPPED: Final = re.compile(r"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]+={0,2}")
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{2}){8,}(?![0-9A-Za-z])|(?<![0-9A-Za-z])(?:[0-9A-F]{2}){8,}(?![0-9A-Za-z])"
)
_UNPRINTED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_GZIP: Final = b"\x1f\x8b\x08"
_LIMIT_BYTES: Final = 8 << 20
_PLAIN_WORD: Final = re.compile(r"[a-z]+(?:[_/-][a-z]+)*|[A-Z][a-z]+(?:[A-Z][a-z]+)*|[A-Z_]+|[0-9-]+")


def edits(text: str, walk: Walk, depth: int) -> Iterator[Edit]:
    """Give one edit for each blob that holds text with something to replace."""
    if not walk.unpacks and "eyJ" not in text:
        return
    wrapped = list(_in_lines(text, walk, depth)) if "\n" in text and walk.unpacks else []
    yield from (edit for _, _, edit in wrapped if edit is not None)
    for match in _BASE64.finditer(text):
        if any(start <= match.start() < end for start, end, _ in wrapped):
            continue
        if not walk.unpacks and not match[0].startswith("eyJ"):
            continue
        if len(match[0]) > 15 or not _PLAIN_WORD.fullmatch(match[0]):
            yield from _base64(match[0], match.start(), walk, depth)
    if walk.unpacks:
        yield from hex_edits(text, walk, depth)


def hex_edits(text: str, walk: Walk, depth: int) -> Iterator[Edit]:
    """Give one edit for each run of hexadecimal digits that spells text with something to replace."""
    for match in _HEX.finditer(text):
        yield from _hex(match[0], match.start(), walk, depth)


def _base64(blob: str, start: int, walk: Walk, depth: int) -> Iterator[Edit]:
    url_safe = "-" in blob or "_" in blob
    bare = blob.rstrip("=")
    if len(bare) % 4 == 1:
        return
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_" if url_safe else None, validate=True)
    except (binascii.Error, ValueError):
        return
    new = _rewritten(data, walk, depth)
    if new is None:
        return
    coded = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(new[0]).decode("ascii")
    text = coded if blob.endswith("=") or len(bare) % 4 == 0 else coded.rstrip("=")
    yield Edit(start, start + len(blob), text, merged(new[1]))


def _in_lines(text: str, walk: Walk, depth: int) -> Iterator[tuple[int, int, Edit | None]]:
    """Give the stretches of base64 in lines (MIME) that hold text, with the edit each needs.

    The new text has as many lines, of which the last may be longer.
    """
    for match in _WRAPPED.finditer(text):
        lines = match[0].splitlines()
        try:
            data = base64.b64decode("".join(lines), validate=True)
        except (binascii.Error, ValueError):
            continue
        new = _rewritten(data, walk, depth)
        if new is None:
            if _is_text(data):
                yield match.start(), match.end(), None
            continue
        coded, width = base64.b64encode(new[0]).decode("ascii"), len(lines[0])
        cut = [coded[at * width : (at + 1) * width] for at in range(len(lines) - 1)]
        cut.append(coded[(len(lines) - 1) * width :])
        end = "\r\n" if "\r\n" in match[0] else "\n"
        yield match.start(), match.end(), Edit(match.start(), match.end(), end.join(cut), merged(new[1]))


def _is_text(data: bytes) -> bool:
    try:
        return _UNPRINTED.search(data.decode()) is None
    except UnicodeDecodeError:
        return False


def _hex(blob: str, start: int, walk: Walk, depth: int) -> Iterator[Edit]:
    new = _rewritten(bytes.fromhex(blob), walk, depth)
    if new is not None:
        text = new[0].hex()
        yield Edit(start, start + len(blob), text.upper() if blob.upper() == blob else text, merged(new[1]))


def _rewritten(data: bytes, walk: Walk, depth: int) -> tuple[bytes, list[Edit]] | None:
    """Give the data with its text rewritten, or None where it is no text or nothing is in it."""
    packed = data[:3] == _GZIP
    if packed:
        data = _unpacked(data)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if len(text) < 5 or _UNPRINTED.search(text) is not None:
        return None
    found = walk.value(text, depth + 1)
    if not found:
        return None
    new = splice(text, found).encode("utf-8", "surrogateescape")
    return (gzip.compress(new, mtime=0) if packed else new), found


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data, _LIMIT_BYTES)
    except zlib.error:
        return b""
