"""A manifest is a readable page, and a hostile one is refused."""

from __future__ import annotations

import pytest

from cassettes.cassette import Finding, Manifest, Session
from cassettes.errors import CassetteFormatError, CodecError
from cassettes.manifest import dump_manifest, load_manifest

SHOP = Manifest(
    "shop",
    1_700_000_000.5,
    upstreams={"shop": "https://shop.example.test"},
    profile="default",
    sessions=(Session("s1", 1_700_000_000.5, recorded=2),),
    interactions=2,
    findings=(Finding("request.headers.authorization", "bearer", "headers", 2),),
)


def test_a_manifest_reads_from_its_name_to_its_findings() -> None:
    assert dump_manifest(SHOP).decode() == (
        "format: 1\n"
        "name: shop\n"
        "created_at: 1700000000.5\n"
        "upstreams:\n  shop: https://shop.example.test\n"
        "profile: default\n"
        "profile_hash: ''\n"
        "key_id: ''\n"
        "sessions:\n- name: s1\n  started_at: 1700000000.5\n  stopped_at: 0.0\n  recorded: 2\n  dropped: 0\n  failed: 0\n"
        "interactions: 2\n"
        "findings:\n- [request.headers.authorization, bearer, headers, 2]\n"
    )


def test_a_manifest_by_hand_needs_a_format_and_a_name() -> None:
    assert load_manifest(b"{format: 1, name: shop}") == Manifest("shop")


def test_a_newer_format_is_refused_naming_both_numbers() -> None:
    with pytest.raises(CassetteFormatError, match=r"of format 7.* up to 1"):
        load_manifest(b"format: 7\nname: x\nnew: field\n")


@pytest.mark.parametrize("page", [b"", b"[]", b"name: x", b"format: true\nname: x", b"format: 0", b"format: '1'"])
def test_what_is_no_manifest_is_said_to_be_none(page: bytes) -> None:
    with pytest.raises(CodecError, match="not a cassette's manifest"):
        load_manifest(page)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"format: 1\nname: 5\n", "name: text"),
        (b"format: 1\n", "the field name is missing"),
        (b"format: 1\nname: x\ncolour: red\n", "unknown field 'colour'"),
        (b"format: 1\nname: x\nsessions: [{name: a, recorded: -1}]\n", r"sessions\[0\]\.recorded: a whole number"),
        (b"format: 1\nname: x\ncreated_at: .inf\n", "created_at: a finite number"),
        (b"format: 1\nname: x\nupstreams: {a: 1}\n", "upstreams: text"),
    ],
)
def test_a_wrong_field_is_named(page: bytes, message: str) -> None:
    with pytest.raises(CodecError, match=message):
        load_manifest(page)


def test_hostile_yaml_is_refused() -> None:
    with pytest.raises(CodecError, match="manifest:2: the tag"):
        load_manifest(b"a: 1\nb: !!python/object/apply:os.system [id]\n")
