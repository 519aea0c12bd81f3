"""What a client can take."""

from __future__ import annotations

import pytest
from plays import asks, call

from cassettes.cassette import Interaction
from cassettes.exchange import Headers
from cassettes.key import make_key
from recorder.negotiation import acceptable, accepts_coding
from recorder.track import Track


def track(number: int, accept: bytes, kind: bytes, *, status: int = 200, more: Headers = ()) -> Track:
    request = asks(headers=((b"Accept", accept),))
    exchange = call(request, b"x", status=status, headers=((b"Content-Type", kind), *more))
    return Track(number, make_key(request), [Interaction(number, exchange)])


TRACKS = [track(1, b"application/json", b"application/json; charset=utf-8"), track(2, b"text/html", b"text/html")]


@pytest.mark.parametrize(
    ("accept", "number"),
    [
        (b"text/html", 2),
        (b"text/html;q=0.5, application/json", 1),
        (b"text/*", 2),
        (b"text/html, */*;q=0.1", 2),
        (b"*/*", 1),
        (b"text/html;level=1", 2),
        (b"application/json;q=bad", 1),
    ],
)
def test_the_type_the_client_likes_best_is_given(accept, number):
    found = acceptable(make_key(asks(headers=((b"Accept", accept),))), TRACKS)
    assert [each.number for each in found] == [number]


def test_a_type_it_cannot_take_is_given_only_where_the_service_shows_no_choice():
    key = make_key(asks(headers=((b"Accept", b"image/png"),)))
    assert acceptable(key, TRACKS) == ()
    assert acceptable(key, TRACKS[:1]) == TRACKS[:1]
    assert acceptable(key, [track(1, b"a/b", b"text/html", more=((b"Vary", b"Accept"),))]) == ()


def test_an_error_is_taken_as_it_comes():
    error = track(1, b"application/json", b"text/plain", status=404, more=((b"Vary", b"Accept"),))
    assert acceptable(make_key(asks(headers=((b"Accept", b"application/*"),))), [error]) == [error]


@pytest.mark.parametrize(
    ("asked", "codings", "accepts"),
    [
        (b"gzip, deflate, br", b"br", True),
        (b"x-gzip;q=0, gzip", b"gzip", True),
        (b"gzip;q=0", b"gzip", False),
        (b"*;q=0.1", b"zstd", True),
        (b"identity", b"gzip", False),
        (b"gzip", b"gzip, br", False),
        (b"", b"identity", True),
    ],
)
def test_a_coding_counts_as_asked_for_by_name_or_star(asked, codings, accepts):
    assert accepts_coding(((b"Accept-Encoding", asked),), codings) is accepts
