from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.transformation import (
    Digests,
    earlier_forms,
    folded,
    from_base64,
    hash_algorithm,
    moment_of,
    relation,
    seconds_of,
)


@pytest.mark.parametrize(
    ("source", "target", "name"),
    [
        ("same", "same", ""),
        (" Ada ", "Ada", "trim"),
        ("Ada", "ada", "lower"),
        ("Ada", "ADA", "upper"),
        ("a b", "a%20b", "url-encode"),
        ("a%2Fb", "a/b", "url-decode"),
        ("ada:secret", "YWRhOnNlY3JldA==", "base64-encode"),
        ("YWRhOnNlY3JldA", "ada:secret", "base64-decode"),
        ("1700000000", "2023-11-14T22:13:20Z", "epoch-to-iso"),
        ("2023-11-14T22:13:20.250Z", "1700000000250", "iso-to-epoch"),
        ("2023-11-14T22:13:20.250Z", "2023-11-14T22:13:20.251Z", None),
        ("one", "two", None),
    ],
)
def test_a_relation_is_one_of_a_closed_list(source, target, name):
    assert relation(source, target) == name


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_related_can_be_looked_up(source, target):
    keys = {folded(source), *map(folded, earlier_forms(source))}
    wanted = {folded(target), *map(folded, earlier_forms(target))}
    if relation(source, target) is not None:
        assert keys & wanted


def test_moments_are_read_as_they_are_usually_written():
    written = [
        "1700000000",
        "1700000000000",
        "2023-11-14T22:13:20Z",
        "2023-11-14T23:13:20+01:00",
        "Tue, 14 Nov 2023 22:13:20 GMT",
    ]
    assert {seconds_of(text) for text in written} == {1_700_000_000.0}
    assert {moment_of(text) for text in written} == {"@1700000000"}
    assert [seconds_of(text) for text in ("", "2023-99-99T00:00:00Z", "not a date at all", "9" * 12)] == [None] * 4


def test_base64_counts_where_it_hides_text():
    assert from_base64("aGVsbG8gd29ybGQ=") == "hello world"
    assert [from_base64(text) for text in ("abc", "////////", "no base64!")] == [None, None, None]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_a_hash_is_known_in_hex_and_base64_and_as_an_etag(algorithm):
    octets = hashlib.new(algorithm, b"content").digest()
    for text in (octets.hex(), octets.hex().upper(), base64.b64encode(octets).decode(), f'W/"{octets.hex()}"'):
        if len(text) <= 128:
            assert (hash_algorithm(text), Digests([("a", b"content"), ("b", b"other")]).places_of(text)) == (
                algorithm,
                ["a"],
            )


def test_a_checksum_is_known_too():
    digests = Digests([("a", b"hello"), ("b", b"hello")])
    assert digests.places_of("3610a686") == ["a", "b"]
    assert [digests.places_of(text) for text in ("hello", "36104444", "20240131")] == [(), (), ()]
