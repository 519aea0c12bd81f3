"""Fields are read strictly, and an error never repeats what was there."""

from __future__ import annotations

import pytest

from cassettes import fields
from cassettes.errors import CodecError


@pytest.mark.parametrize("value", [b"", b"plain ASCII ~", b"tab\t", b"\x7f", b"caf\xc3\xa9", b"\xff\0", b'"\\'])
def test_bytes_come_back_as_they_were(value: bytes) -> None:
    assert fields.some_bytes(fields.write_bytes(value), "here") == value


def test_only_printable_ascii_is_written_as_text() -> None:
    assert fields.write_bytes(b"a b~") == "a b~"
    assert fields.write_bytes(b"a\n") == {"b64": "YQo="}


@pytest.mark.parametrize(
    ("read", "node"),
    [
        *((fields.an_integer, node) for node in (True, 1.0, "1", None, -1, 2**60)),
        *((fields.a_float, node) for node in (True, "1", None, float("nan"), float("inf"), 10**400)),
        *((fields.a_text, node) for node in (1, None, b"x", [])),
        *((fields.a_list, node) for node in ({}, "x", None)),
        *((fields.a_mapping, node) for node in ([], "x", None, {"secret": 1})),
        *((fields.a_digest, node) for node in ("", "a" * 63, "A" * 64, None, ["a" * 64])),
        *((fields.some_base64, node) for node in ("a", "!!!!", "YQ", None, "é")),
        *((fields.some_headers, node) for node in (None, [1], [["a"]], [["a", "b", "c"]], [[1, "b"]], {"a": "b"})),
    ],
)
def test_a_wrong_value_is_refused_by_its_place(read, node: object) -> None:
    with pytest.raises(CodecError, match="here"):
        read(node, "here")


def test_an_unknown_field_is_named_with_the_known_ones() -> None:
    with pytest.raises(CodecError, match="here: unknown field 'c'; known are a, b"):
        fields.a_mapping({"a": 1, "c": 2}, "here", required=("a",), optional=("b",))
