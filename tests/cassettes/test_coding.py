"""Content codings are undone within limits and redone byte for byte."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zlib

import brotli
import pytest
import zstandard

from cassettes.coding import content_codings, decode, encode, find_params
from cassettes.errors import DecodingError

PETS = json.dumps([{"id": n, "name": "Rex" * (n % 5)} for n in range(300)]).encode()


def named_gzip(content: bytes, name: str, level: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(name, "wb", level, packed, mtime=1_700_000_000) as file:
        file.write(content)
    return packed.getvalue()


WIRES = [
    (b"gzip", gzip.compress(PETS, 9, mtime=0)),
    (b"gzip", gzip.compress(PETS, 6, mtime=123456)),
    (b"x-gzip", gzip.compress(PETS, 1, mtime=0)),
    (b"gzip", named_gzip(PETS, "pets.json", 5)),
    (b"deflate", zlib.compress(PETS)),
    (b"deflate", zlib.compress(PETS, 9)),
    (b"deflate", zlib.compress(PETS, 3)[2:-4]),
    (b"br", brotli.compress(PETS)),
    (b"br", brotli.compress(PETS, quality=4, lgwin=18)),
    (b"zstd", zstandard.compress(PETS)),
    (b"zstd", zstandard.ZstdCompressor(level=7, write_checksum=True).compress(PETS)),
    (b"zstd", zstandard.ZstdCompressor(level=1, write_content_size=False).compress(PETS)),
    (b"gzip, br", brotli.compress(gzip.compress(PETS, mtime=0), quality=6)),
]


@pytest.mark.parametrize(("codings", "wire"), WIRES)
def test_the_settings_of_a_common_encoder_are_found(codings: bytes, wire: bytes) -> None:
    params = find_params(codings, wire, PETS)

    assert decode(codings, wire) == PETS
    assert params is not None
    assert encode(codings, PETS, json.loads(json.dumps(params))) == wire


def test_no_settings_are_found_for_an_encoding_of_another_kind() -> None:
    stream = zlib.compressobj(wbits=31)
    wire = b"".join((stream.compress(PETS[:99]), stream.flush(zlib.Z_FULL_FLUSH), stream.compress(PETS[99:])))
    wire += stream.flush()

    assert decode(b"gzip", wire) == PETS
    assert find_params(b"gzip", wire, PETS) is None


def test_names_are_taken_without_regard_to_case_and_space() -> None:
    assert decode(b" GZip ,\tidentity,, ", gzip.compress(PETS)) == PETS
    assert decode(b"identity", b"x") == b"x"
    assert decode(None, b"x") == b"x"


def test_several_members_and_frames_are_one_content() -> None:
    assert decode(b"gzip", gzip.compress(b"a") + gzip.compress(b"b")) == b"ab"
    assert decode(b"zstd", zstandard.compress(b"a") + zstandard.compress(b"b")) == b"ab"


def test_no_content_is_no_content_in_every_coding() -> None:
    assert decode(b"gzip, br", b"") == b""


def test_the_codings_of_several_headers_are_one_list() -> None:
    assert content_codings(((b"Content-Encoding", b"gzip"), (b"content-encoding", b"br"))) == b"gzip, br"
    assert content_codings(((b"Content-Type", b"text/plain"),)) is None


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd"])
@pytest.mark.parametrize("spoil", [lambda w: w[:-1], lambda w: w[:9], lambda w: w + b"garbage", lambda w: b"x" + w])
def test_spoiled_content_is_refused(coding: bytes, spoil) -> None:
    with pytest.raises(DecodingError, match=coding.decode()):
        decode(coding, spoil(encode(coding, PETS)))


def test_an_unknown_coding_is_refused_without_being_repeated() -> None:
    with pytest.raises(DecodingError, match=r"unknown content coding.*br, deflate, gzip") as refused:
        decode(b"sesame", b"x")
    assert "sesame" not in str(refused.value)


def test_too_many_codings_are_refused() -> None:
    with pytest.raises(DecodingError, match="5 content codings"):
        decode(b"gzip,gzip,gzip,gzip,gzip", b"x")


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd", b"gzip, br"])
def test_a_bomb_is_given_up_early_without_much_memory(coding: bytes) -> None:
    bomb = encode(coding, b"\0" * (32 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(DecodingError, match="larger than the limit"):
            decode(coding, bomb, limit_bytes=1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 12 << 20


def test_a_ratio_beyond_the_limit_is_refused_for_large_contents_only() -> None:
    assert len(decode(b"br", encode(b"br", b"\0" * (1 << 20)))) == 1 << 20
    with pytest.raises(DecodingError, match="larger than the limit"):
        decode(b"br", encode(b"br", b"\0" * (2 << 20)))


def test_content_of_exactly_the_limit_is_decoded() -> None:
    for coding in (b"gzip", b"deflate", b"br", b"zstd"):
        wire = encode(coding, PETS)
        assert decode(coding, wire, limit_bytes=len(PETS)) == PETS
        with pytest.raises(DecodingError):
            decode(coding, wire, limit_bytes=len(PETS) - 1)


@pytest.mark.parametrize(
    ("coding", "params"),
    [
        *((b"gzip", params) for params in ({"level": 10}, {"level": "9"}, {"mtime": -1}, {"name": 1}, {"name": "a\0"})),
        *((b"br", params) for params in ({"quality": 12}, {"window": 30}, {"mode": True})),
        (b"zstd", {"level": 0}),
        (b"deflate", {"window": 8}),
        (b"gzip, br", {}),
        (b"gzip, br", {"layers": [1, 2]}),
    ],
)
def test_settings_that_are_not_ours_are_refused(coding: bytes, params: dict[str, object]) -> None:
    with pytest.raises(DecodingError, match="settings"):
        encode(coding, b"x", params)


def test_slow_settings_are_refused_for_large_contents() -> None:
    with pytest.raises(DecodingError, match="settings"):
        encode(b"br", b"x" * 100_000, {"quality": 11})
