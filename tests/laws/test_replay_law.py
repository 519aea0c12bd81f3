"""The law of replay: what was recorded is answered as it was recorded, in its order, to each client on its own."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.credential import cookie_names
from cassettes.exchange import Exchange, Request, Response
from cassettes.key import KeyPolicy, decoded_query, make_key, steady_query
from recorder.player import Player, PlayOptions
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES

TEXT = st.text("abz019 ~%+&=?/\\\"'{}[]<>:.,_-ü", max_size=8)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
TOKENS = st.sampled_from([b"a", b"b", b"1", b"2", b"page", b"id", b"%7E", b"~", b"_", b"ts", b"1700000000001"])
TARGETS = st.builds(
    lambda path, query: (
        b"/" + b"/".join(path) + (b"?" + b"&".join(b"=".join(pair) for pair in query) if query else b"")
    ),
    st.lists(TOKENS, max_size=2),
    st.lists(st.tuples(TOKENS, TOKENS), max_size=2),
)
HEADERS = st.lists(
    st.sampled_from(
        [
            (b"Accept", b"text/html"),
            (b"Accept", b"application/json"),
            (b"Accept-Encoding", b"gzip"),
            (b"Authorization", b"Bearer ann"),
            (b"Authorization", b"Basic YTpi"),
            (b"Cookie", b"sid=1; theme=dark"),
            (b"If-None-Match", b'"1"'),
            (b"Origin", b"http://app.test"),
            (b"Range", b"bytes=0-1"),
            (b"X-Amz-Target", b"D.Get"),
            (b"X-Other", b"1"),
        ]
    ),
    max_size=3,
).map(tuple)
BODIES = st.binary(max_size=12) | st.sampled_from([b"{bad", b"a=1&a=2", b"\xff\xfe", b'{"a":1,"a":2}'])
KINDS = st.sampled_from(
    [b"application/json", b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"]
)


@st.composite
def requests(draw) -> Request:
    method = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]))
    body = draw(BODIES) if method in ("POST", "PUT") else b""
    headers = ((b"Host", b"127.0.0.1:8000"), *draw(HEADERS))
    return Request(
        method, draw(TARGETS), (*headers, (b"Content-Type", draw(KINDS))) if body else headers, body, "192.0.2.1"
    )


RESPONSES = st.builds(
    Response,
    st.sampled_from([200, 201, 204, 206, 302, 304, 401, 404, 500]),
    st.lists(
        st.sampled_from(
            [
                (b"Content-Type", b"application/json"),
                (b"Content-Encoding", b"gzip"),
                (b"Set-Cookie", b"sid=1"),
                (b"Location", b"/next"),
                (b"Link", b"<http://127.0.0.1:8000/2>"),
                (b"X-Dup", b"1"),
                (b"X-Dup", b"2"),
            ]
        ),
        max_size=4,
    ).map(tuple),
    st.binary(max_size=20),
    st.sampled_from([b"OK", b"", b"Nope"]),
)
RECORDINGS = st.lists(st.tuples(requests(), RESPONSES), min_size=1, max_size=12)


def a_player(recording, **options) -> Player:
    kept = tuple(Interaction(number, Exchange(*pair)) for number, pair in enumerate(recording, 1))
    return Player(Cassette(Manifest("law", upstreams={"main": "http://up.test"}), kept), None, PlayOptions(**options))


@given(RECORDINGS)
@settings(max_examples=200, deadline=None)
def test_the_same_requests_in_order_get_the_same_answers(recording):
    one = a_player(recording)
    found = [one.play(request) for request, _ in recording]
    assert [(each.tier, each.interaction.number, each.response) for each in found] == [
        ("exact", number, response) for number, (_, response) in enumerate(recording, 1)
    ]


@given(RECORDINGS)
@settings(max_examples=50, deadline=None)
def test_a_looping_player_gives_the_whole_session_again(recording):
    one = a_player(recording, repeat="loop")
    for _ in range(2):
        assert [one.play(request).response for request, _ in recording] == [response for _, response in recording]


@given(RECORDINGS, st.lists(st.booleans(), max_size=24))
@settings(max_examples=50, deadline=None)
def test_two_clients_interleaved_each_get_the_whole_session(recording, turns):
    one = a_player(recording)
    waiting = {name: list(recording) for name in ("left", "right")}
    order = ["left" if turn else "right" for turn in turns] + ["left"] * len(recording) + ["right"] * len(recording)
    for name in order:
        if waiting[name]:
            request, response = waiting[name].pop(0)
            named = Request(
                request.method, request.target, (*request.headers, (b"X-Mimic-Session", name.encode())), request.body
            )
            assert one.play(named).response == response


@given(RECORDINGS, st.randoms())
@settings(max_examples=50, deadline=None)
def test_in_another_order_each_key_still_answers_in_its_own(recording, random):
    one = a_player(recording)
    order = list(range(len(recording)))
    random.shuffle(order)
    given_numbers: dict[object, list[int]] = {}
    for place in order:
        played = one.play(recording[place][0])
        assert played.tier == "exact"
        given_numbers.setdefault(make_key(recording[place][0]), []).append(played.interaction.number)
    assert all(numbers == sorted(numbers) for numbers in given_numbers.values())


@given(requests(), requests(), RESPONSES)
@settings(max_examples=300, deadline=None)
def test_what_is_answered_has_the_same_method_told_headers_and_kinds_of_credentials(recorded, asked, response):
    played = a_player([(recorded, response)]).play(asked)
    if hasattr(played, "interaction"):
        policy = KeyPolicy(known_cookies=frozenset({*cookie_names(recorded.headers), *cookie_names(response.headers)}))
        left, right = make_key(recorded, policy), make_key(asked, policy)
        assert (left.method, left.segments, left.told, left.slots) == (
            right.method,
            right.segments,
            right.told,
            right.slots,
        )
        assert steady_query(decoded_query(left.query), policy) == steady_query(decoded_query(right.query), policy)


SECRETS = st.sampled_from(
    [
        b"maria.garcia@example.com",
        b"ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        b"4242 4242 4242 4242",
        b"plain",
        b"AKIAIOSFODNN7EXAMPLE",
    ]
)


@st.composite
def secret_calls(draw) -> tuple[Request, Response]:
    token, value, other = draw(SECRETS), draw(SECRETS), draw(SECRETS)
    quoted = value.replace(b" ", b"%20").replace(b"@", b"%40")
    headers = ((b"Host", b"127.0.0.1:8000"), (b"Authorization", b"Bearer " + token.replace(b" ", b"")))
    asked = draw(
        st.sampled_from(
            [
                Request("GET", b"/a?q=" + quoted, headers, b"", "192.0.2.1"),
                Request("GET", b"/users/" + quoted, headers[:1], b"", "192.0.2.1"),
                Request(
                    "POST",
                    b"/a",
                    (*headers, (b"Content-Type", b"application/json")),
                    b'{"password":"%s","n":1.50}' % value,
                    "192.0.2.1",
                ),
                Request(
                    "POST",
                    b"/a",
                    (*headers, (b"Content-Type", b"application/x-www-form-urlencoded")),
                    b"token=" + quoted,
                    "192.0.2.1",
                ),
            ]
        )
    )
    return asked, Response(
        200, ((b"Content-Type", b"application/json"),), b'{"echo":"%s","other":"%s"}' % (value, other), b"OK"
    )


@given(st.lists(secret_calls(), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_cleaned_recording_answers_the_live_requests_exactly_and_in_order(recording):
    recorder, player_of_later = (Sanitizer(PROFILES["default"], bytes(range(32))) for _ in range(2))
    kept = tuple(
        Interaction(number, recorder.clean(Exchange(*pair)).exchange) for number, pair in enumerate(recording, 1)
    )
    for interaction in kept:
        player_of_later.learn(interaction.exchange)
    one = Player(Cassette(Manifest("law"), kept), player_of_later)
    found = [one.play(request) for request, _ in recording]
    assert [each.tier for each in found] == ["exact"] * len(recording)
    assert [each.interaction.number for each in found] == list(range(1, len(recording) + 1))
    assert [each.response.status for each in found] == [200] * len(recording)
