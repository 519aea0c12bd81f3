"""Content codings: undone within limits, and redone byte for byte where the encoder's settings can be found."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import brotli
import zstandard

from cassettes.errors import DecodingError
from cassettes.exchange import header_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cassettes.exchange import Headers

Params: TypeAlias = dict[str, Any]
"""An encoder's settings, JSON-able; of several stacked codings `{"layers": [innermost, …, outermost]}`."""

_PIECE: Final = 1 << 16
_FREE: Final = 1 << 20  # below this size no ratio is a bomb
_MAX_LAYERS: Final = 4
_MAX_MEMBERS: Final = 10_000
_ZSTD_WINDOW: Final = 1 << 23  # RFC 9659 §3: a decoder need not support more
_ZSTD_FEED: Final = 256  # one block header of 4 bytes can stand for 128 KiB, so this feeds at most 8 MiB
_SMALL: Final = 1 << 15  # slow brotli and zstd settings are tried, and accepted, up to this size
_LARGE: Final = 1 << 20  # beyond it only the commonest settings are tried

# Level and memory of zlib-based servers, the commonest first: most libraries, Python's gzip, fast presets, mod_deflate.
_DEFLATE_SETTINGS: Final = (
    *((6, 8), (9, 8), (1, 8), (6, 9), (1, 9), (9, 9), (5, 8), (4, 8)),
    *((5, 9), (4, 9), (2, 8), (3, 8), (7, 8), (8, 8), (2, 9), (3, 9), (0, 8)),
)
_BROTLI_QUALITIES: Final = (5, 4, 6, 11, 1, 3, 2, 0, 9, 7, 8, 10)
_ZSTD_LEVELS: Final = (3, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 19)
_COMMONEST: Final = 3


@dataclass(frozen=True, slots=True)
class _Coding:
    """One content coding: undo it within a cap in bytes, do it with settings, list settings that may give `wire`."""

    decode: Callable[[bytes, int], bytes]
    encode: Callable[[bytes, Params], bytes]
    guesses: Callable[[bytes, bytes], Iterator[Params]]


def content_codings(headers: Headers) -> bytes | None:
    """Give the whole list of content codings named by the headers, or None."""
    values = list(header_values(headers, b"content-encoding"))
    return b", ".join(values) if values else None


def decode(codings: bytes | None, wire: bytes, *, limit_bytes: int = 64 << 20, ratio: int = 1000) -> bytes:
    """Undo the content codings of `wire`, the last named first (RFC 9110 §8.4).

    Raises DecodingError where a coding is unknown, its data malformed, cut short or followed by other bytes, or the
    content would be larger than `limit_bytes` or more than `ratio` times the wire. No content at all (HEAD, 304) is
    no content in every coding.
    """
    if not wire:
        return wire
    names = _names(codings)
    cap = min(limit_bytes, max(ratio * len(wire), _FREE))
    if len(wire) > limit_bytes and names:
        raise _too_large(limit_bytes)
    for name in reversed(names):
        wire = _CODINGS[name].decode(wire, cap)
    return wire


def encode(codings: bytes | None, data: bytes, params: Params | None = None) -> bytes:
    """Apply the content codings to `data`, with the settings that `find_params` gave or each coding's usual ones.

    Raises DecodingError where a coding is unknown or the settings are not ones that `find_params` gives.
    """
    names = _names(codings)
    for name, settings in zip(names, _layers(names, params), strict=True):
        try:
            data = _CODINGS[name].encode(data, settings)
        except (AttributeError, TypeError, ValueError, zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise DecodingError(f"the settings for {name.decode()} are not valid") from error
    return data


def find_params(codings: bytes | None, wire: bytes, data: bytes) -> Params | None:
    """Find settings with which `encode(codings, data, params)` is `wire`, byte for byte; None where none is known."""
    names = _names(codings)
    found: list[Params] = []
    for name in reversed(names):
        inner = data if len(found) == len(names) - 1 else _CODINGS[name].decode(wire, len(wire) * 1000 + _FREE)
        settings = _find_layer(_CODINGS[name], wire, inner)
        if settings is None:
            return None
        found.insert(0, settings)
        wire = inner
    if not names:
        return {} if wire == data else None
    return found[0] if len(found) == 1 else {"layers": found}


def _names(codings: bytes | None) -> list[bytes]:
    names = [name.strip(b" \t").lower() for name in (codings or b"").split(b",")]
    names = [name for name in names if name and name != b"identity"]
    if len(names) > _MAX_LAYERS:
        raise DecodingError(f"{len(names)} content codings on one body; at most {_MAX_LAYERS} are undone")
    for name in names:
        if name not in _CODINGS:
            known = ", ".join(sorted(known.decode() for known in _CODINGS))
            raise DecodingError(f"unknown content coding of {len(name)} characters; known are {known}, identity")
    return names


def _layers(names: list[bytes], params: Params | None) -> list[Params]:
    if params is None:
        return [{} for _ in names]
    layers = [params] if len(names) == 1 else params.get("layers", [])
    if not isinstance(layers, list) or len(layers) != len(names) or not all(isinstance(one, dict) for one in layers):
        raise DecodingError(f"settings for {len(names)} content codings expected")
    return layers


def _find_layer(coding: _Coding, wire: bytes, data: bytes) -> Params | None:
    most = None if len(data) <= _LARGE else _COMMONEST
    for tried, params in enumerate(coding.guesses(wire, data)):
        if tried == most:
            return None
        if coding.encode(data, params) == wire:
            return params
    return None


def _too_large(cap: int) -> DecodingError:
    return DecodingError(f"the content is larger than the limit of {cap} bytes")


def _malformed(name: str, what: str = "malformed") -> DecodingError:
    return DecodingError(f"the {name} data is {what}")


def _setting(params: Params, name: str, usual: int, low: int, high: int) -> int:
    value = params.get(name, usual)
    if type(value) is not int or not low <= value <= high:
        raise ValueError(name)
    return value


# gzip (RFC 1952) and deflate (RFC 1950, and the raw RFC 1951 that some servers send instead)


def _inflate(view: memoryview, cap: int, wbits: int, name: str) -> tuple[bytes, int]:
    """Give the content of one zlib stream and how many bytes of the view it took."""
    engine = zlib.decompressobj(wbits)
    pieces: list[bytes] = []
    room, position = cap, 0
    while not engine.eof:
        fed = view[position : position + _PIECE]
        if not fed:
            raise _malformed(name, "cut short")
        try:
            piece = engine.decompress(fed, room + 1)
        except zlib.error as error:
            raise _malformed(name) from error
        if len(piece) > room:
            raise _too_large(cap)
        pieces.append(piece)
        room -= len(piece)
        position += len(fed) - len(engine.unused_data)
    return b"".join(pieces), position


def _gunzip(wire: bytes, cap: int) -> bytes:
    view = memoryview(wire)
    members: list[bytes] = []
    while view:
        if len(members) == _MAX_MEMBERS:
            raise _malformed("gzip", f"of more than {_MAX_MEMBERS} members")
        content, taken = _inflate(view, cap, 31, "gzip")
        members.append(content)
        cap -= len(content)
        view = view[taken:]
    return b"".join(members)


def _undeflate(wire: bytes, cap: int) -> bytes:
    try:
        return _whole(wire, cap, 15)
    except DecodingError as wrapped:
        try:
            return _whole(wire, cap, -15)
        except DecodingError:
            raise wrapped from None


def _whole(wire: bytes, cap: int, wbits: int) -> bytes:
    content, taken = _inflate(memoryview(wire), cap, wbits, "deflate")
    if taken != len(wire):
        raise _malformed("deflate", "followed by other bytes")
    return content


def _compress(data: bytes, params: Params, wbits: int) -> bytes:
    level = _setting(params, "level", 6, 0, 9)
    memory = _setting(params, "memory", 8, 1, 9)
    engine = zlib.compressobj(level, zlib.DEFLATED, wbits, memory)
    return engine.compress(data) + engine.flush()


def _gzip(data: bytes, params: Params) -> bytes:
    name = params.get("name", "").encode("latin-1")
    if b"\0" in name:
        raise ValueError("name")
    head = struct.pack(
        "<4BLBB",
        *(0x1F, 0x8B, 8, 8 if name else 0),
        _setting(params, "mtime", 0, 0, 0xFFFFFFFF),
        _setting(params, "xfl", 0, 0, 255),
        _setting(params, "os", 3, 0, 255),
    )
    named = name + b"\0" if name else b""
    payload = _compress(data, params, -_setting(params, "window", 15, 9, 15))
    return head + named + payload + struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def _deflate(data: bytes, params: Params) -> bytes:
    window = _setting(params, "window", 15, 9, 15)
    return _compress(data, params, -window if params.get("raw") is True else window)


def _gzip_guesses(wire: bytes, data: bytes) -> Iterator[Params]:
    """List settings under the header's own fields; a header with other fields than a plain file name is not redone."""
    if len(wire) < 18 or wire[3] not in {0, 8} or wire[-8:-4] != struct.pack("<L", zlib.crc32(data)):
        return
    _, mtime, xfl, system = struct.unpack_from("<4sLBB", wire)
    fields: Params = {}
    start = 10
    if wire[3]:
        name = wire[10:276].partition(b"\0")[0]
        if not name or not name.isascii() or not name.decode().isprintable():
            return
        fields["name"] = name.decode()
        start += len(name) + 1
    usual = {"mtime": 0, "xfl": 0, "os": 3}
    fields |= {key: value for key, value in (("mtime", mtime), ("xfl", xfl), ("os", system)) if value != usual[key]}
    for settings in _deflate_guesses(wire[start:-8], data, -15, nginx=True):
        yield fields | settings


def _zlib_guesses(wire: bytes, data: bytes) -> Iterator[Params]:
    window = (wire[0] >> 4) + 8
    if wire[0] & 15 == 8 and 9 <= window <= 15 and int.from_bytes(wire[:2], "big") % 31 == 0:
        of_window = {} if window == 15 else {"window": window}
        yield from (of_window | settings for settings in _deflate_guesses(wire, data, window))
    yield from ({"raw": True} | settings for settings in _deflate_guesses(wire, data, -15))


def _deflate_guesses(payload: bytes, data: bytes, wbits: int, *, nginx: bool = False) -> Iterator[Params]:
    candidates = [(level, memory, wbits) for level, memory in _DEFLATE_SETTINGS]
    if nginx:
        candidates[3:3] = _nginx_settings(len(data))
    for level, memory, window in candidates if len(data) <= _LARGE else candidates[:_COMMONEST]:
        if _begins(payload, data, level, memory, window):
            settings = {"level": level, "memory": memory, "window": abs(window)}
            usual = {"level": 6, "memory": 8, "window": abs(wbits)}
            yield {key: value for key, value in settings.items() if value != usual[key]}


def _nginx_settings(size: int) -> list[tuple[int, int, int]]:
    """Give nginx's settings: it takes a smaller window and less memory for a body whose length it knows."""
    window, memory = 15, 9
    while window > 9 and size < (1 << (window - 1)) - 262:
        window, memory = window - 1, max(memory - 1, 1)
    return [(1, memory, -window), (6, memory, -window)] if window < 15 else []


def _begins(payload: bytes, data: bytes, level: int, memory: int, wbits: int) -> bool:
    """Compare piece by piece, so that wrong settings for a large body are given up early."""
    engine = zlib.compressobj(level, zlib.DEFLATED, wbits, memory)
    position = 0
    for start in range(0, len(data), _PIECE):
        piece = engine.compress(data[start : start + _PIECE])
        if not payload.startswith(piece, position):
            return False
        position += len(piece)
    return payload[position:] == engine.flush()


# br (RFC 7932)


def _unbrotli(wire: bytes, cap: int) -> bytes:
    engine = brotli.Decompressor()
    pieces: list[bytes] = []
    room = cap
    fed = wire
    while not engine.is_finished():
        try:
            piece = engine.process(fed, output_buffer_limit=min(room + 1, _FREE))
        except brotli.error as error:
            raise _malformed("br") from error
        fed = b""
        if len(piece) > room:
            raise _too_large(cap)
        if not piece and engine.can_accept_more_data() and not engine.is_finished():
            raise _malformed("br", "cut short")
        pieces.append(piece)
        room -= len(piece)
    return b"".join(pieces)


def _brotli(data: bytes, params: Params) -> bytes:
    quality = _setting(params, "quality", 5, 0, 11)
    if quality > 9 and len(data) > _SMALL:
        raise ValueError("quality")
    mode = _setting(params, "mode", 0, 0, 2)
    return bytes(brotli.compress(data, mode=mode, quality=quality, lgwin=_setting(params, "window", 22, 10, 24)))


def _brotli_guesses(wire: bytes, data: bytes) -> Iterator[Params]:
    window = _brotli_window(wire[0])
    for mode in (0, 1) if len(data) <= _SMALL else (0,):
        for quality in _BROTLI_QUALITIES:
            if quality <= 9 or len(data) <= _SMALL:
                yield {"quality": quality, "window": window} | ({"mode": mode} if mode else {})


def _brotli_window(first: int) -> int:
    """Read the window's size from the stream's first byte (RFC 7932 §9.1)."""
    if not first & 1:
        return 16
    if first >> 1 & 7:
        return 17 + (first >> 1 & 7)
    return 8 + (first >> 4 & 7) if first >> 4 & 7 else 17


# zstd (RFC 8878)


def _unzstd(wire: bytes, cap: int) -> bytes:
    view = memoryview(wire)
    pieces: list[bytes] = []
    room, frames = cap, 0
    while view:
        frames += 1
        if frames > _MAX_MEMBERS:
            raise _malformed("zstd", f"of more than {_MAX_MEMBERS} frames")
        engine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        while not engine.eof:
            fed, view = view[:_ZSTD_FEED], view[_ZSTD_FEED:]
            if not fed:
                raise _malformed("zstd", "cut short")
            try:
                piece = engine.decompress(fed)
            except zstandard.ZstdError as error:
                raise _malformed("zstd") from error
            if len(piece) > room:
                raise _too_large(cap)
            pieces.append(piece)
            room -= len(piece)
        view = memoryview(wire)[len(wire) - len(view) - len(engine.unused_data) :]
    return b"".join(pieces)


def _zstd(data: bytes, params: Params) -> bytes:
    level = _setting(params, "level", 3, 1, 19)
    if level > 9 and len(data) > _SMALL:
        raise ValueError("level")
    sized = params.get("size", True) is True
    summed = params.get("checksum") is True
    packer = zstandard.ZstdCompressor(level=level, write_checksum=summed, write_content_size=sized)
    if sized or params.get("whole") is True:
        return packer.compress(data)
    engine = packer.compressobj()  # a stream of unknown length takes other settings than a whole of known length
    return engine.compress(data) + engine.flush()


def _zstd_guesses(wire: bytes, data: bytes) -> Iterator[Params]:
    try:
        frame = zstandard.get_frame_parameters(wire)
    except zstandard.ZstdError:
        return
    fields: Params = {"checksum": True} if frame.has_checksum else {}
    sized = frame.content_size not in {zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR}
    shapes: tuple[Params, ...] = ({},) if sized else ({"size": False}, {"size": False, "whole": True})
    for level in _ZSTD_LEVELS:
        if level <= 9 or len(data) <= _SMALL:
            yield from ({"level": level} | fields | shape for shape in shapes)


_CODINGS: Final[Mapping[bytes, _Coding]] = {
    b"gzip": _Coding(_gunzip, _gzip, _gzip_guesses),
    b"x-gzip": _Coding(_gunzip, _gzip, _gzip_guesses),
    b"deflate": _Coding(_undeflate, _deflate, _zlib_guesses),
    b"br": _Coding(_unbrotli, _brotli, _brotli_guesses),
    b"zstd": _Coding(_unzstd, _zstd, _zstd_guesses),
}
