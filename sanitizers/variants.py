"""Variants: the ways a value can be written in bytes, for finding it wherever it hides."""

from __future__ import annotations

import base64
import html
import json
from typing import Final
from urllib.parse import quote, quote_plus

_URL_MARKS: Final = "!~*'()"
_SHORTEST_CORE: Final = 7


def variants(value: str) -> dict[str, bytes]:
    """Give every encoding of `value` that is sought, by the encoding's name; each once, the plain one first.

    Base64 comes as the characters that are the same whatever stands around the value, for each of three alignments.
    """
    raw = value.encode("utf-8", "surrogateescape")
    found: dict[str, bytes] = {"raw": raw}
    seen = {raw}
    for name, coded in _written(value, raw):
        if coded not in seen and len(coded) >= _SHORTEST_CORE - 1:
            found[name] = coded
            seen.add(coded)
    return found


def packed(value: str) -> dict[str, bytes]:
    """Give those encodings of `value` in which none of its characters can be read: base64 and hexadecimal digits."""
    raw = value.encode("utf-8", "surrogateescape")
    return {name: coded for name, coded in _packed(raw) if len(coded) >= _SHORTEST_CORE}


def _written(value: str, raw: bytes) -> list[tuple[str, bytes]]:
    forms = _packed(raw)
    if not (value.isascii() and value.isalnum()):
        forms += _escaped(value, raw)
    return forms


def _escaped(value: str, raw: bytes) -> list[tuple[str, bytes]]:
    once = quote(raw, safe="")
    twice = once.replace("%", "%25")
    script = json.dumps(value)[1:-1]
    texts = {
        "json": script,
        "json-utf8": value if script == value else json.dumps(value, ensure_ascii=False)[1:-1],
        "json-slash": script.replace("/", "\\/"),
        "json-html": script.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"),
        "json-twice": script if script == value else json.dumps(script)[1:-1],
        "percent": once,
        "percent-lower": _lower_escapes(once),
        "percent-path": quote(raw, safe="/:@!$&'()*+,;=~"),
        "percent-script": quote(raw, safe=_URL_MARKS),
        "percent-form": quote_plus(raw, safe="*"),
        "percent-twice": twice,
        "percent-thrice": twice.replace("%", "%25"),
        "html": html.escape(value),
        "html-text": html.escape(value, quote=False),
    }
    coded = [(name, text.encode("utf-8", "surrogateescape")) for name, text in texts.items()]
    if script != value:
        coded += [(f"json-{name}", core) for name, core in _cores(script.encode())]
    return coded


def _packed(raw: bytes) -> list[tuple[str, bytes]]:
    return [*_cores(raw), ("hex", raw.hex().encode()), ("HEX", raw.hex().upper().encode())]


def _lower_escapes(text: str) -> str:
    first, *rest = text.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _cores(raw: bytes) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        core = coded[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
        if len(core) >= _SHORTEST_CORE:
            found.append((f"base64-{before}", core))
            found.append((f"base64url-{before}", core.translate(_URL_SAFE)))
    return found


def wide(value: str) -> dict[str, bytes]:
    """Give the two-byte encodings of `value`."""
    return {name: value.encode(name, "surrogatepass") for name in ("utf-16-le", "utf-16-be")}


_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
