"""A body is written readably, and only in a form that gives its bytes back."""

from __future__ import annotations

import gzip
import json

import orjson
import pytest

from cassettes.content import LARGE, dump_body, load_body
from cassettes.errors import CodecError

GZIP = ((b"Content-Encoding", b"gzip"),)


def again(body: bytes, headers=()) -> tuple[bytes, bool]:
    """The body after it was written and read."""
    blobs: dict[str, bytes] = {}
    node = orjson.loads(orjson.dumps(dump_body(body, headers, blobs)))
    return load_body(node, "body", headers, blobs.__getitem__)


@pytest.mark.parametrize("depth", [10, 250, 253, 254, 255, 300, 1022, 1023, 1024, 5000])
def test_json_of_any_depth_comes_back(depth: int) -> None:
    body = b"[" * depth + b"]" * depth

    assert again(body) == (body, True)


@pytest.mark.parametrize("size", [LARGE - 1, LARGE, LARGE + 1])
def test_content_becomes_a_blob_just_beyond_the_limit(size: int) -> None:
    blobs: dict[str, bytes] = {}
    node = dump_body(b"x" * size, (), blobs)

    assert ("blob" in node) is (size > LARGE)
    assert list(blobs.values()) == [b"x" * size] * (size > LARGE)


def test_a_large_coded_body_is_a_readable_blob(tmp_path) -> None:
    content = json.dumps(list(range(20_000))).encode()
    blobs: dict[str, bytes] = {}
    node = dump_body(gzip.compress(content, mtime=0), GZIP, blobs)

    assert list(blobs.values()) == [content]
    assert again(gzip.compress(content, mtime=0), GZIP) == (gzip.compress(content, mtime=0), True)
    assert node["coding"]["size"] == len(gzip.compress(content, mtime=0))


def test_settings_that_give_other_bytes_here_give_the_same_content() -> None:
    node = dump_body(gzip.compress(b"pets", mtime=0), GZIP, {})
    node["coding"]["crc32"] ^= 1
    body, as_recorded = load_body(node, "body", GZIP, {}.__getitem__)

    assert gzip.decompress(body) == b"pets"
    assert not as_recorded


@pytest.mark.parametrize("coding", [{"params": {"level": 99}}, {"params": []}, {"params": {}, "wire": "a" * 64}, {}])
def test_settings_that_are_wrong_are_refused(coding: dict[str, object]) -> None:
    with pytest.raises(CodecError, match=r"body\.coding"):
        load_body({"text": "pets", "coding": {"size": 1, "crc32": 1} | coding}, "body", GZIP, {}.__getitem__)
