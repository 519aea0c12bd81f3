from __future__ import annotations

import gzip

import pytest

from cassettes.coding import decode
from sanitizers.content import read_content
from sanitizers.errors import UnreadableBodyError

MB = 1 << 20


def read(data, content_type=b"", coding=b"", limit=MB):
    headers = ((b"Content-Type", content_type),) + (((b"Content-Encoding", coding),) if coding else ())
    return read_content(headers, data, limit)


def changed(content, text):
    content.text, content.is_changed = text, True
    return content.packed()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [(b"plain", b""), ("gr\u00fc\u00df".encode(), b"text/plain"), ("gr\u00fc\u00df".encode("latin-1"), b"text/plain; charset=latin-1"),
     ("gr\u00fc\u00df".encode("latin-1"), b""), ("x\u00fc".encode("utf-16"), b""), ('{"a": 1}'.encode("utf-16-le"), b"application/json"),
     ('{"a": 1}'.encode("utf-16-be"), b""), ("\ufeffx".encode(), b""), (bytes(range(256)), b"image/png"), (b"", b"text/plain"),
     ("x\u00fc".encode("utf-32"), b""), (b"abc", b"text/plain; charset=no-such-thing"), (b"\xff\xfe\x00", b"")],
)  # fmt: skip
def test_unchanged_content_gives_the_same_bytes_and_so_does_its_text(data, content_type):
    content = read(data, content_type)
    assert content.packed() == data
    assert changed(content, content.text) == data


def test_the_charset_is_found_without_a_header():
    assert read('{"a": 1}'.encode("utf-16-le")).text == '{"a": 1}'
    assert read("x\u00fc".encode("utf-16")).text == "x\u00fc"


def test_codings_are_undone_and_done_again():
    content = read(gzip.compress(b"hello", mtime=0), coding=b"gzip")
    assert content.text == "hello"
    assert decode(b"gzip", changed(content, "other")) == b"other"


def test_gzip_without_a_header_is_read_too():
    content = read(gzip.compress(b"hello", mtime=0), b"application/octet-stream")
    assert content.text == "hello"
    assert gzip.decompress(changed(content, "other")) == b"other"


def test_what_begins_like_gzip_and_is_none_is_left_as_it_is():
    assert read(b"\x1f\x8b\x08 no").packed() == b"\x1f\x8b\x08 no"


@pytest.mark.parametrize(
    ("data", "coding"),
    [(b"x", b"gzip"), (b"x", b"rot13"), (gzip.compress(b"x", mtime=0)[:-4], b"gzip"), (b"\x1f\x8b", b"br")],
)
def test_what_cannot_be_decoded_is_refused(data, coding):
    with pytest.raises(UnreadableBodyError):
        read(data, coding=coding)


def test_a_bomb_is_refused():
    with pytest.raises(UnreadableBodyError):
        read(gzip.compress(b"\0" * (8 * MB)), coding=b"gzip")


def test_a_body_beyond_the_limit_is_refused():
    with pytest.raises(UnreadableBodyError, match="1 MB"):
        read(b"x" * (MB + 1))


@pytest.mark.parametrize("coding", [b"identity", b"aws-chunked", b" Identity , "])
def test_what_is_no_coding_is_passed_over(coding):
    assert read(b"hello", coding=coding).text == "hello"


def test_no_body_at_all_is_readable_in_every_coding():
    assert read(b"", coding=b"rot13").packed() == b""


def test_content_does_not_show_itself():
    assert "hello" not in repr(read(b"hello"))
