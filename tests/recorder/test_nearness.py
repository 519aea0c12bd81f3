"""Near misses: the nearest recorded requests, and in which fields they differ."""

from __future__ import annotations

import pytest
from plays import JSON, ByHeart, asks, call, missed, player

FORM = ((b"Content-Type", b"application/x-www-form-urlencoded"),)


def differs(recorded, asked, sanitizer=None) -> tuple[str, ...]:
    return missed(player(call(recorded), sanitizer=sanitizer or ByHeart()), asked).near[0].differs


@pytest.mark.parametrize(
    ("recorded", "asked", "told"),
    [
        (asks(target=b"/a?page=1&x=1"), asks(target=b"/a?page=2&x=1"), "query.page: recorded '1', asked '2'"),
        (asks(target=b"/a"), asks(target=b"/a?_token=t"), "query._token: recorded none, asked 't'"),
        (asks(target=b"/a/1"), asks(target=b"/a/2"), "path: recorded '/a/1', asked '/a/2'"),
        (asks("PUT"), asks("PATCH"), "method: recorded PUT, asked PATCH"),
        (
            asks(headers=((b"Authorization", b"Bearer x"),)),
            asks(),
            "authorization bearer: recorded with it, asked without",
        ),
        (asks(), asks(headers=((b"X-Api-Key", b"k"),)), "header x-api-key: recorded without it, asked with it"),
        (asks(), asks(headers=((b"Range", b"bytes=0-1"),)), "header range: recorded none, asked 'bytes=0-1'"),
        (
            asks("POST", b"/a", JSON, b'{"a":{"b":[1,2]}}'),
            asks("POST", b"/a", JSON, b'{"a":{"b":[1,3]}}'),
            "body $.a.b[1]: recorded '2', asked '3'",
        ),
        (
            asks("POST", b"/a", JSON, b'{"a":1}'),
            asks("POST", b"/a", JSON, b'{"a":1,"b":{}}'),
            "body $.b: recorded none, asked '{}'",
        ),
        (asks("POST", b"/a", FORM, b"a=1"), asks("POST", b"/a", FORM, b"a=2"), "body a: recorded '1', asked '2'"),
        (
            asks("POST", b"/a", JSON, b"{bad"),
            asks("POST", b"/a", JSON, b"{worse"),
            "body: recorded 4 bytes, asked 6 bytes, not the same",
        ),
        (asks("POST", b"/a", JSON, b"{}"), asks("POST", b"/a"), "body: recorded application/json, asked no body"),
    ],
)
def test_each_difference_is_told_in_words(recorded, asked, told):
    assert told in differs(recorded, asked)


def test_another_credential_is_told_without_its_value():
    recorded = asks(headers=((b"Authorization", b"Bearer ann"),))
    other = call(asks(target=b"/b", headers=((b"Authorization", b"Bearer bob"),)))
    miss = missed(
        player(call(recorded), other, sanitizer=ByHeart()), asks(headers=((b"Authorization", b"Bearer bob"),))
    )
    assert "authorization bearer: another value" in miss.near[0].differs


def test_the_three_nearest_are_given_nearest_first():
    calls = [call(asks(target=target)) for target in (b"/other", b"/pets/1/toys", b"/pets/2", b"/pets/1", b"/")]
    near = missed(player(*calls, sanitizer=ByHeart()), asks("DELETE", b"/pets/1")).near
    assert next(miss.number for miss in near) == 4
    assert len(near) == 3
    assert [miss.score for miss in near] == sorted((miss.score for miss in near), reverse=True)


def test_a_cassette_recorded_raw_shows_no_values():
    one = player(call(asks(target=b"/a?token=s3cr3t&page=1")))
    near = missed(one, asks(target=b"/a?token=other&page=1")).near[0]
    assert near.target == "/a"
    assert near.differs == ("query.token: another value",)


def test_what_is_shown_is_the_cleaned_value():
    sanitizer = ByHeart({b"s3cr3t": b"pseudo"})
    told = differs(asks(target=b"/a?q=x"), asks(target=b"/a?q=s3cr3t"), sanitizer)
    assert told == ("query.q: recorded 'x', asked 'pseudo'",)


def test_long_values_and_long_lists_are_cut():
    fields = b",".join(b'"f%02d":%d' % (n, n) for n in range(30))
    told = differs(
        asks("POST", b"/a", JSON, b'{"a":"x"}'), asks("POST", b"/a", JSON, b'{"a":"%s",%s}' % (b"y" * 500, fields))
    )
    assert len(told) == 9
    assert told[-1] == "and 23 more"
    assert all(len(line) < 120 for line in told)


def test_an_empty_cassette_has_no_near_misses():
    assert missed(player(), asks()).near == ()
