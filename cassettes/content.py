"""A body as it is written down: readable wherever that gives the same bytes back, else as base64 or a blob."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from cassettes.coding import content_codings, decode, encode, find_params
from cassettes.errors import CodecError, DecodingError
from cassettes.fields import a_digest, a_mapping, a_text, an_integer, some_base64, wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from cassettes.exchange import Headers

LARGE: Final = 64 << 10
"""Bodies of more bytes than this are blobs."""
_SMALL: Final = 1 << 10  # binary up to here is base64 in the line, which spares a file

_FORMS: Final = ("json", "text", "b64", "blob")
_LAYOUTS: Final = ("compact", "spaced", "indent1", "indent2", "indent3", "indent4", "tab")
_FLAGS: Final = ("ascii", "html", "slashes", "newline")
_HTML: Final = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))


def dump_body(body: bytes, headers: Headers, blobs: dict[str, bytes]) -> dict[str, Any]:
    """Write a body as a node; what goes into files of its own is added to `blobs` by its SHA-256."""
    codings = content_codings(headers)
    try:
        content = decode(codings, body)
    except DecodingError:
        return _dump_content(body, blobs)
    node = _dump_content(content, blobs)
    if content == body:
        return node
    params = find_params(codings, body, content)
    if params is None:
        return node | {"coding": {"wire": _add(body, blobs), "size": len(body)}}
    return node | {"coding": {"params": params, "size": len(body), "crc32": zlib.crc32(body)}}


def load_body(node: Any, where: str, headers: Headers, read_blob: Callable[[str], bytes]) -> tuple[bytes, bool]:
    """Read what `dump_body` wrote; also tell whether it is, byte for byte, what was on the wire.

    What is readable is what counts: where it was edited, or this machine's encoder gives other bytes than the
    recorder's, the content is encoded anew.
    """
    node = a_mapping(node, where, optional=(*_FORMS, "style", "size", "coding"))
    content = _load_content(node, where, read_blob)
    if "coding" not in node:
        return content, True
    coding = a_mapping(node["coding"], f"{where}.coding", required=("size",), optional=("params", "crc32", "wire"))
    if ("wire" in coding) == ("params" in coding) or ("params" in coding) != ("crc32" in coding):
        raise wrong(f"{where}.coding", "either wire, or params and crc32,")
    try:
        return _encode_again(content, coding, f"{where}.coding", content_codings(headers), read_blob)
    except DecodingError as error:
        raise CodecError(f"{where}.coding: {error}") from error


def _encode_again(
    content: bytes, coding: dict[str, Any], where: str, codings: bytes | None, read_blob: Callable[[str], bytes]
) -> tuple[bytes, bool]:
    size = an_integer(coding["size"], f"{where}.size")
    if "wire" in coding:
        wire = _read(coding["wire"], size, f"{where}.wire", read_blob)
        return (wire, True) if decode(codings, wire) == content else (encode(codings, content), False)
    if not isinstance(coding["params"], dict):
        raise wrong(f"{where}.params", "a mapping")
    wire = encode(codings, content, coding["params"])
    crc32 = an_integer(coding["crc32"], f"{where}.crc32", 0, 0xFFFFFFFF)
    return wire, len(wire) == size and zlib.crc32(wire) == crc32


def _dump_content(content: bytes, blobs: dict[str, bytes]) -> dict[str, Any]:
    if len(content) > LARGE:
        return {"blob": _add(content, blobs), "size": len(content)}
    if content[:1] in {b"{", b"["}:
        styled = _dump_json(content)
        if styled is not None:
            return styled
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        pass
    if len(content) > _SMALL:
        return {"blob": _add(content, blobs), "size": len(content)}
    return {"b64": base64.b64encode(content).decode("ascii")}


def _load_content(node: dict[str, Any], where: str, read_blob: Callable[[str], bytes]) -> bytes:
    forms = [form for form in _FORMS if form in node]
    if len(forms) != 1:
        raise wrong(where, f"exactly one of {', '.join(_FORMS)}")
    form = forms[0]
    if (form == "json") != ("style" in node) or (form == "blob") != ("size" in node):
        raise wrong(where, "style with json, and size with blob, and neither with anything else")
    if form == "json":
        return _json_in(a_text(node["style"], f"{where}.style"), node["json"], where)
    if form == "text":
        return a_text(node["text"], f"{where}.text").encode()
    if form == "b64":
        return some_base64(node["b64"], f"{where}.b64")
    return _read(node["blob"], an_integer(node["size"], f"{where}.size"), f"{where}.blob", read_blob)


def _add(content: bytes, blobs: dict[str, bytes]) -> str:
    digest = hashlib.sha256(content).hexdigest()
    blobs[digest] = content
    return digest


def _read(node: Any, size: int, where: str, read_blob: Callable[[str], bytes]) -> bytes:
    digest = a_digest(node, where)
    content = read_blob(digest)
    if len(content) != size:
        raise CodecError(f"{where}: the blob {digest[:12]}… has {len(content)} bytes instead of {size}")
    if hashlib.sha256(content).hexdigest() != digest:
        raise CodecError(f"{where}: the blob {digest[:12]}… was changed: its SHA-256 is not its name")
    return content


def _dump_json(content: bytes) -> dict[str, Any] | None:
    """Give the value and the style in which it was written, or None where writing it again gives other bytes."""
    try:
        value = orjson.loads(content)
        compact = orjson.dumps(value)
        if compact == content:  # the commonest style, and the fastest test
            return {"json": orjson.Fragment(compact), "style": "compact"}
        style = _guess_style(content)
        if style.split(" ")[0] not in _LAYOUTS or _write_json(style, value) != content:
            return None
        return {"json": orjson.Fragment(compact), "style": style}
    except (ValueError, TypeError, RecursionError):
        return None


def _guess_style(content: bytes) -> str:
    flags = []
    if content.isascii() and b"\\u" in content:
        flags.append("ascii")
    if any(escape in content for _, escape in _HTML):
        flags.append("html")
    if b"\\/" in content:
        flags.append("slashes")
    if content.endswith(b"\n"):
        flags.append("newline")
    return " ".join((_guess_layout(content), *flags))


def _guess_layout(content: bytes) -> str:
    if content[1:3] == b"\n\t":
        return "tab"
    if content[1:2] == b"\n":
        line = content[2:12]
        return f"indent{len(line) - len(line.lstrip(b' '))}"
    return "spaced" if b'": ' in content or b", " in content else "compact"


def _json_in(style: str, value: Any, where: str) -> bytes:
    layout, *flags = style.split(" ")
    if layout not in _LAYOUTS or flags != [flag for flag in _FLAGS if flag in flags]:
        raise wrong(f"{where}.style", f"one of {', '.join(_LAYOUTS)}, then any of {', '.join(_FLAGS)} in this order")
    try:
        return _write_json(style, value)
    except (ValueError, TypeError, RecursionError):
        raise wrong(f"{where}.json", "a JSON value of fewer than 250 levels") from None


def _write_json(style: str, value: Any) -> bytes:
    layout, *flags = style.split(" ")
    written = _lay_out(layout, value, ascii_only="ascii" in flags)
    if "html" in flags:  # outside strings JSON has none of these characters, so replacing them everywhere is sound
        for character, escape in _HTML:
            written = written.replace(character, escape)
    if "slashes" in flags:
        written = written.replace(b"/", b"\\/")
    return written + b"\n" if "newline" in flags else written


def _lay_out(layout: str, value: Any, *, ascii_only: bool) -> bytes:
    if not ascii_only and layout == "compact":
        return orjson.dumps(value)
    if not ascii_only and layout == "indent2":
        return orjson.dumps(value, option=orjson.OPT_INDENT_2)
    if layout == "spaced":
        return json.dumps(value, ensure_ascii=ascii_only).encode()
    if layout == "compact":
        return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":")).encode()
    indent = "\t" if layout == "tab" else int(layout.removeprefix("indent"))
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
