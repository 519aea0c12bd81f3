"""A search for values in files, whatever they are wrapped in; written apart from the product, so that both do not err together."""

from __future__ import annotations

import base64
import binascii
import codecs
import contextlib
import json
import re
import urllib.parse
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import BytesAhoCorasick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DEPTH: Final = 4
_BASE64_RUN: Final = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_ESCAPES: Final = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_PERCENT: Final = re.compile(rb"%[0-9a-fA-F]{2}")


def forms(value: str) -> set[bytes]:
    """Give the bytes that a value may be written as: plain, percent, base64 at each alignment, hex, JSON escapes, UTF-16."""
    plain = value.encode()
    found = {plain, json.dumps(value)[1:-1].encode(), plain.hex().encode(), plain.hex().upper().encode()}
    once = urllib.parse.quote(value, safe="")
    for text in (once, urllib.parse.quote_plus(value), urllib.parse.quote(once, safe=""), urllib.parse.quote(value)):
        found |= {text.encode(), re.sub("%[0-9A-F]{2}", lambda hit: hit[0].lower(), text).encode()}
    found |= {value.replace("/", "\\/").encode(), "".join(f"\\u{ord(c):04x}" for c in value).encode()}
    found |= {"".join(f"%{b:02X}" for b in plain).encode(), value.encode("utf-16-le"), value.encode("utf-16-be")}
    found |= {plain.replace(b" ", b""), plain.replace(b" ", b"-")}
    for shift in range(3):
        # of a value at this alignment in a longer text only the inner letters are sure
        wrapped = base64.b64encode(b"\0" * shift + plain)[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]
        if len(wrapped) >= 8:
            found |= {wrapped, wrapped.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in found if len(form) >= 6}


def layers(data: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """Give the bytes and everything that unwraps from them: gzip members, base64 runs, JSON escapes, percent encoding."""
    yield data
    if not depth:
        return
    at = data.find(b"\x1f\x8b\x08")
    while at >= 0:
        with contextlib.suppress(zlib.error):
            yield from layers(zlib.decompressobj(31).decompress(data[at:], 1 << 26), depth - 1)
        at = data.find(b"\x1f\x8b\x08", at + 3)
    decoded = [decoded for run in _BASE64_RUN.findall(data) if (decoded := _unbase64(run))]
    if decoded:
        yield from layers(b"\n".join(decoded), depth - 1)
    if _ESCAPES.search(data):
        yield from layers(_ESCAPES.sub(_unescape, data), depth - 1)
    if _PERCENT.search(data):
        yield from layers(urllib.parse.unquote_to_bytes(data.replace(b"+", b" ")), depth - 1)


def _unbase64(run: bytes) -> bytes:
    core = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    with contextlib.suppress(binascii.Error):
        return base64.b64decode(core[: len(core) - (len(core) % 4 == 1)] + b"=" * (-len(core) % 4))
    return b""


def _unescape(hit: re.Match[bytes]) -> bytes:
    if hit[0][1:2] == b"u":
        return chr(int(hit[0], 0)).encode("utf-8", "replace")
    return codecs.decode(hit[0], "unicode_escape").encode() if hit[0][1:2] != b"/" else b"/"  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Looks for all forms of all values at once; `found_in` gives the values that the bytes hold at any layer."""

    owners: list[str]
    machine: BytesAhoCorasick

    @classmethod
    def of(cls, values: Iterable[str]) -> Searcher:
        pairs = [(form, value) for value in values for form in forms(value)]
        return cls([value for _, value in pairs], BytesAhoCorasick([form for form, _ in pairs]))

    def found_in(self, data: bytes) -> set[str]:
        whole = b"\0\0".join(layers(data))
        return {self.owners[number] for number, *_ in self.machine.find_matches_as_indexes(whole, overlapping=True)}

    def found_below(self, folder: Path) -> dict[str, list[str]]:
        """Give each value that a file below the folder holds, in its content or its name, with the names of those files."""
        hits: dict[str, list[str]] = {}
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            data = name.encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")
            for value in self.found_in(data):
                hits.setdefault(value, []).append(name)
        return hits
