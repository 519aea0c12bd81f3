"""How paths are spelt: the one spelling in which they are compared, their text, and how alike two texts are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final
from urllib.parse import unquote_to_bytes

# RFC 3986 §3.3: what a path may hold unescaped. An escape of these is the same path to every server that matters here.
PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/"
_ODD: Final = re.compile(rb"%([0-9A-Fa-f]{2})|[^" + re.escape(PLAIN) + rb"]")


def normal(path: bytes) -> bytes:
    """Give a path in the one spelling in which paths are compared: what needs no escape has none, the rest has.

    An escaped slash stays escaped: it is data, not a separator.
    """
    return path if not path.translate(None, PLAIN) else _ODD.sub(_respell, path)


def _respell(found: re.Match[bytes]) -> bytes:
    digits = found[1]
    if digits is None:
        return b"%%%02X" % found[0][0]
    byte = int(digits, 16)
    plain = byte != 0x2F and byte in PLAIN
    return b"%c" % byte if plain else b"%%%02X" % byte


def decoded(part: bytes) -> str:
    """Give a part of a path as text."""
    return (unquote_to_bytes(part) if b"%" in part else part).decode("utf-8", "replace")


def bigrams(text: bytes) -> int:
    """Give the pairs of neighbouring bytes of a text as a set of bits: the more two sets share, the more alike."""
    bits = 0
    for first, second in pairwise(text):
        bits |= 1 << ((first * 31 + second) % 509)
    return bits
