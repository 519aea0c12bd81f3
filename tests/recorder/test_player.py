"""The player: what answers what, for whom, and what never does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from plays import JSON, ByHeart, asks, body_of, call, missed, played, player

from cassettes.exchange import Failure, Response
from cassettes.key import KeyPolicy
from recorder.player import Miss
from sanitizers.errors import UnreadableBodyError
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import load_profile

ANN = ((b"Authorization", b"Bearer ann"),)
BOB = ((b"Authorization", b"Bearer bob"),)
OWN = ((b"Authorization", b"Bearer a-developers-own"),)
HTML = ((b"Content-Type", b"text/html"),)
UUID = "6f1c2a9e-0000-4000-8000-%012d"


def posts(body: bytes, headers=JSON, target=b"/a", client="127.0.0.1"):
    return asks("POST", target, headers, body, client)


# ---- tracks and sessions


def test_repeats_are_answered_in_the_order_of_recording_and_then_the_last_again():
    one = player(call(asks(), b"1"), call(asks(), b"2"))
    assert [body_of(one, asks()) for _ in range(4)] == [b"1", b"2", b"2", b"2"]
    assert [played(one, asks()).position for _ in range(2)] == [2, 2]


def test_a_looping_player_can_play_a_whole_session_twice():
    one = player(call(asks(), b"1"), call(asks(target=b"/b"), b"x"), call(asks(), b"2"), repeat="loop")
    session = [asks(), asks(target=b"/b"), asks()]
    assert [body_of(one, request) for request in session * 2] == [b"1", b"x", b"2"] * 2


def test_a_strict_repeat_says_that_the_track_is_used_up():
    one = player(call(asks(), b"1"), repeat="strict")
    played(one, asks())
    assert missed(one, asks()).reason == "all 1 recorded answers to this request were given, and repeat is strict"


def test_steps_may_come_in_another_order():
    one = player(*(call(asks(target=b"/%d" % n), b"%d" % n) for n in range(20)))
    assert [body_of(one, asks(target=b"/%d" % n)) for n in reversed(range(20))] == [
        b"%d" % n for n in reversed(range(20))
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (asks(headers=((b"X-Mimic-Session", b"l"),)), asks(headers=((b"X-Mimic-Session", b"r"),))),
        (asks(client="192.0.2.1"), asks(client="192.0.2.2")),
        (asks(headers=ANN, client="192.0.2.1"), asks(headers=ANN, client="192.0.2.2")),
    ],
)
def test_two_clients_each_have_their_own_position(left, right):
    recorded = asks(headers=tuple(pair for pair in left.headers if pair[0] == b"Authorization"))
    one = player(call(recorded, b"1"), call(recorded, b"2"))
    assert [body_of(one, request) for request in (left, left, right, right)] == [b"1", b"2", b"1", b"2"]


def test_two_users_behind_one_address_each_walk_their_own_tracks():
    one = player(*(call(asks(headers=who), b"%s%d" % (who[0][1], n)) for n in (1, 2) for who in (ANN, BOB)))
    bodies = [body_of(one, asks(headers=who)) for who in (ANN, ANN, BOB, BOB)]
    assert bodies == [b"Bearer ann1", b"Bearer ann2", b"Bearer bob1", b"Bearer bob2"]


def test_a_client_that_logs_in_midway_walks_its_tracks_in_order():
    calls = [
        call(asks(target=b"/me"), b"who?", status=401),
        call(posts(b'{"user":"ann"}', target=b"/login"), b'{"token":"ann"}'),
        call(asks(target=b"/me", headers=ANN), b"ann"),
        call(asks(target=b"/cart", headers=ANN), b"empty"),
        call(posts(b"{}", (*JSON, *ANN), b"/cart"), b"added", status=201),
        call(asks(target=b"/cart", headers=ANN), b"one"),
    ]
    one = player(*calls)
    assert [body_of(one, each.request) for each in calls] == [each.response.body for each in calls]


def test_rewinding_one_client_leaves_the_other():
    left, right = asks(client="192.0.2.1"), asks(client="192.0.2.2")
    one = player(call(asks(), b"1"), call(asks(), b"2"))
    for request in (left, right, left, right):
        played(one, request)
    one.rewind("192.0.2.1")
    assert [body_of(one, left), body_of(one, right)] == [b"1", b"2"]
    one.rewind()
    assert body_of(one, right) == b"1"


def test_positions_name_sessions_and_no_credential():
    one = player(call(asks(headers=ANN), b"1"), call(asks(headers=ANN), b"2"))
    played(one, asks(headers=ANN))
    (position,) = one.positions()
    assert (position.tracks, position.given) == (1, 1)
    assert position.client.startswith("address 127.0.0.1, credentials ")
    assert "ann" not in position.client


def test_an_interaction_recorded_meanwhile_is_given_next():
    one = player(call(asks(), b"1"))
    assert [body_of(one, asks()), body_of(one, asks())] == [b"1", b"1"]
    one.add(player(call(asks(), b"x"), call(asks(), b"2"))._index.exact(_key(one)).steps[1].interaction)
    assert [body_of(one, asks()), body_of(one, asks())] == [b"2", b"2"]
    assert isinstance(one.play(asks(target=b"/new")), Miss)


def _key(one):
    from cassettes.key import make_key

    return make_key(asks(), one._index.policy)


def test_forgotten_sessions_are_bounded_in_number():
    one = player(call(asks(), b"1"))
    for number in range(2000):
        played(one, asks(headers=((b"X-Mimic-Session", b"%d" % number),)))
    assert len(one.positions()) == 512


# ---- tiers: what each gives up, and what none does


@pytest.mark.parametrize(
    ("tier", "recorded", "asked"),
    [
        ("exact", asks(), asks(headers=((b"User-Agent", b"other"), (b"Traceparent", b"00-1")))),
        ("spelling", asks(target=b"/a%7Eb?q=x+y"), asks(target=b"/a~b?q=x%20y")),
        ("headers", asks(headers=((b"X-Client", b"1"),)), asks(headers=((b"X-Client", b"2"),))),
        ("accept", asks(headers=((b"Accept", b"text/plain"),)), asks(headers=((b"Accept", b"application/xml"),))),
        ("volatile", asks(target=b"/a?_=1700000000001"), asks(target=b"/a?_=1700000009999")),
        ("volatile", posts(b'{"nonce":"a1b2c3d4","x":1}'), posts(b'{"nonce":"ffff0000","x":1}')),
        ("volatile", posts(b'{"jsonrpc":"2.0","id":1,"method":"m"}'), posts(b'{"jsonrpc":"2.0","id":7,"method":"m"}')),
        ("credentials", asks(headers=ANN), asks(headers=OWN)),
    ],
)
def test_each_tier_gives_up_one_thing_and_is_named(tier, recorded, asked):
    found = played(player(call(recorded, b"it")), asked)
    assert (found.tier, found.response.body) == (tier, b"it")
    assert (found.score == 1.0) == (tier == "exact")
    strict = player(call(recorded, b"it"), strict=True).play(asked)
    assert isinstance(strict, Miss) == (tier != "exact")


NEVER = [
    ("page 2 with page 1", asks(target=b"/a?page=1"), asks(target=b"/a?page=2")),
    ("page 2 with page 1, by token", asks(target=b"/a?_limit=3"), asks(target=b"/a?_limit=3&_token=abc")),
    ("page 2 with page 1, by header", asks(headers=((b"X-Page", b"1"),)), asks(headers=((b"X-Page", b"2"),))),
    ("page 2 with page 1, in a body", posts(b'{"page":1}'), posts(b'{"page":2}')),
    (
        "page 2 with page 1, by cursor",
        posts(b'{"cursor":"%s"}' % (UUID % 1).encode()),
        posts(b'{"cursor":"%s"}' % (UUID % 2).encode()),
    ),
    (
        "page 2 with page 1, in a form",
        posts(b"page=1", ((b"Content-Type", b"application/x-www-form-urlencoded"),)),
        posts(b"page=2", ((b"Content-Type", b"application/x-www-form-urlencoded"),)),
    ),
    ("a parameter less", asks(target=b"/a?x=1&y=2"), asks(target=b"/a?x=1")),
    ("another path", asks(target=b"/a/1"), asks(target=b"/a/2")),
    ("a decoded slash", asks(target=b"/a%2Fb"), asks(target=b"/a/b")),
    ("another method", asks(), asks("DELETE")),
    ("none with credentials", asks(headers=ANN), asks()),
    ("credentials with none", asks(), asks(headers=ANN)),
    ("none with a cookie", asks(headers=((b"Cookie", b"sid=a"),)), asks()),
    ("another scheme", asks(headers=((b"Authorization", b"Basic YTpi"),)), asks(headers=ANN)),
    ("a query key by a header key", asks(target=b"/a?api_key=k"), asks(headers=((b"X-Api-Key", b"k"),))),
    ("a part with the whole", asks(), asks(headers=((b"Range", b"bytes=0-1"),))),
    ("the whole with a part", asks(headers=((b"Range", b"bytes=0-1"),)), asks()),
    ("another part", asks(headers=((b"Range", b"bytes=0-1"),)), asks(headers=((b"Range", b"bytes=2-3"),))),
    ("a conditional", asks(), asks(headers=((b"If-None-Match", b'"1"'),))),
    ("without the condition", asks(headers=((b"If-None-Match", b'"1"'),)), asks()),
    (
        "another operation",
        posts(b"{}", (*JSON, (b"X-Amz-Target", b"D.GetItem"))),
        posts(b"{}", (*JSON, (b"X-Amz-Target", b"D.DeleteItem"))),
    ),
    (
        "another action",
        posts(b"Action=A", ((b"Content-Type", b"application/x-www-form-urlencoded"),)),
        posts(b"Action=B", ((b"Content-Type", b"application/x-www-form-urlencoded"),)),
    ),
    (
        "another region",
        asks(headers=((b"Authorization", b"AWS4-HMAC-SHA256 Credential=AK/1/eu/s3/aws4_request"),)),
        asks(headers=((b"Authorization", b"AWS4-HMAC-SHA256 Credential=AK/1/us/s3/aws4_request"),)),
    ),
    ("another media type", posts(b"{}"), posts(b"{}", ((b"Content-Type", b"text/plain"),))),
    ("a lenient body", posts(b'{"a":1}'), posts(b'{"a":1,"b":2}')),
    ("another malformed body", posts(b"{bad"), posts(b"{worse")),
    (
        "another variable",
        posts(b'{"query":"query P{a}","variables":{"id":"%s"}}' % (UUID % 1).encode()),
        posts(b'{"query":"query P{a}","variables":{"id":"%s"}}' % (UUID % 2).encode()),
    ),
    ("HEAD from GET", asks(), asks("HEAD")),
]


@pytest.mark.parametrize(("recorded", "asked"), [case[1:] for case in NEVER], ids=[case[0] for case in NEVER])
def test_no_tier_ever_answers(recorded, asked):
    assert player(call(recorded, b"other")).play(recorded).tier == "exact"
    assert isinstance(player(call(recorded, b"other")).play(asked), Miss)
    with_both = player(call(recorded, b"other"), call(asked, b"own"))
    assert body_of(with_both, asked) == b"own"


def test_a_looser_match_goes_on_where_an_exact_one_stopped():
    recorded = [posts(b'{"nonce":"%s"}' % nonce) for nonce in (b"a1b2c3d4", b"b1b2c3d4", b"c1b2c3d4")]
    one = player(*(call(request, b"%d" % number) for number, request in enumerate(recorded)))
    asked = [
        recorded[0],
        posts(b'{"nonce":"live0001"}'),
        posts(b'{"nonce":"live0002"}'),
        posts(b'{"nonce":"live0003"}'),
    ]
    assert [body_of(one, request) for request in asked] == [b"0", b"1", b"2", b"2"]


def test_signatures_that_change_with_every_request_match_exactly():
    def signed(day: bytes, mark: bytes):
        value = b"AWS4-HMAC-SHA256 Credential=AK/%s/eu/s3/aws4_request, Signature=%s" % (day, mark)
        return asks(headers=((b"Authorization", value), (b"X-Amz-Date", day)))

    assert played(player(call(signed(b"20260101", b"aa"), b"it")), signed(b"20270101", b"bb")).tier == "exact"


def test_other_cookies_of_localhost_do_not_prevent_a_match():
    one = player(call(asks(headers=((b"Cookie", b"sid=a"),)), b"it"))
    assert played(one, asks(headers=((b"Cookie", b"grafana=1; sid=a"),))).tier == "exact"


def test_what_the_policy_declares_volatile_is_given_up_whatever_its_value():
    policy = KeyPolicy(volatile_query=frozenset({b"v"}), volatile_fields=("/meta/seq",))
    assert played(player(call(asks(target=b"/a?v=1"), b"it"), key=policy), asks(target=b"/a?v=2")).tier == "volatile"
    recorded, asked = posts(b'{"meta":{"seq":1}}'), posts(b'{"meta":{"seq":2}}')
    assert played(player(call(recorded, b"it"), key=policy), asked).tier == "volatile"


def test_head_is_answered_from_get_only_by_option():
    one = player(call(asks(), b"full", headers=((b"Content-Length", b"4"),)), head_from_get=True)
    found = played(one, asks("HEAD"))
    assert (found.tier, found.response.body, found.response.headers) == (
        "head-from-get",
        b"",
        ((b"Content-Length", b"4"),),
    )


# ---- preferences


def test_a_client_gets_the_recorded_type_it_can_take():
    calls = [
        call(asks(headers=((b"Accept", b"application/json"),)), b"{}", headers=JSON),
        call(asks(headers=((b"Accept", b"text/html"),)), b"<p>", headers=HTML),
    ]
    one = player(*calls)
    assert body_of(one, asks(headers=((b"Accept", b"text/html;q=0.9,application/xhtml+xml"),))) == b"<p>"
    assert body_of(one, asks(headers=((b"Accept", b"text/html;q=0.2, application/*"),))) == b"{}"
    assert [body_of(one, asks()) for _ in range(3)] == [b"{}"] * 3
    assert isinstance(one.play(asks(headers=((b"Accept", b"image/png"),))), Miss)


def test_a_service_that_varies_by_accept_is_not_taken_to_ignore_it():
    vary = (*JSON, (b"Vary", b"Origin, Accept"))
    one = player(call(asks(headers=((b"Accept", b"application/json"),)), b"{}", headers=vary))
    assert isinstance(one.play(asks(headers=((b"Accept", b"text/html"),))), Miss)


# ---- whose answers


def test_a_credential_of_ones_own_stands_for_the_only_recorded_holder():
    one = player(call(asks(headers=ANN), b"ann"), call(asks(target=b"/b", headers=ANN), b"ann b"))
    assert [body_of(one, asks(headers=OWN)), body_of(one, asks(target=b"/b", headers=OWN))] == [b"ann", b"ann b"]


def test_two_users_of_a_cassette_are_never_swapped():
    one = player(call(asks(headers=ANN), b"ann"), call(asks(target=b"/b", headers=BOB), b"bob"))
    assert isinstance(one.play(asks(headers=BOB)), Miss)
    assert isinstance(one.play(asks(target=b"/b", headers=ANN)), Miss)


def test_where_holders_got_different_answers_an_unknown_one_gets_none():
    one = player(call(asks(headers=ANN), b"ann"), call(asks(headers=BOB), b"bob"))
    assert "2 holders" in missed(one, asks(headers=OWN)).reason
    alike = player(call(asks(headers=ANN), b"same"), call(asks(headers=BOB), b"same"))
    assert body_of(alike, asks(headers=OWN)) == b"same"


def test_one_client_session_is_one_holder_throughout():
    calls = [
        call(asks(target=b"/a", headers=ANN), b"a"),
        call(asks(target=b"/b", headers=BOB), b"b"),
        call(asks(target=b"/c", headers=ANN), b"c"),
    ]
    calls.append(call(asks(target=b"/c", headers=BOB), b"bob's c"))
    one = player(*calls)
    assert body_of(one, asks(target=b"/a", headers=OWN)) == b"a"
    assert body_of(one, asks(target=b"/c", headers=OWN)) == b"c"
    assert isinstance(one.play(asks(target=b"/b", headers=OWN)), Miss)


def test_an_unknown_credential_does_not_stand_for_one_that_was_turned_away():
    one = player(call(asks(headers=BOB), b"no", status=401), call(asks(headers=ANN), b"ann"))
    assert body_of(one, asks(headers=OWN)) == b"ann"
    assert body_of(one, asks(headers=BOB)) == b"no"


# ---- writes


def create(number: int, title: str = "x"):
    return posts(json.dumps({"id": UUID % number, "title": title}).encode())


def test_a_write_with_an_id_made_by_the_client_is_answered_in_order():
    one = player(call(create(1), b"1", status=201), call(create(2), b"2", status=201))
    found = [played(one, create(number)) for number in (7, 8, 9)]
    assert [(each.tier, each.response.body) for each in found] == [("shape", b"1"), ("shape", b"2"), ("shape", b"2")]


def test_a_write_is_not_answered_by_shape_where_other_writes_were_recorded_too_or_it_was_a_query():
    several = player(call(create(1), b"1", status=201), call(create(2, "y"), b"2", status=201))
    assert isinstance(several.play(create(7)), Miss)
    search = player(call(create(1), b"1", status=200))
    assert isinstance(search.play(create(7)), Miss)


def test_a_write_whose_answer_never_depended_on_its_body_is_answered_whatever_it_is():
    one = player(call(posts(b'{"e":1}'), status=204), call(posts(b'{"e":2}'), status=204))
    assert played(one, posts(b'{"e":3}')).tier == "body"
    assert isinstance(player(call(posts(b'{"e":1}'), status=204)).play(posts(b'{"e":3}')), Miss)
    full = player(call(posts(b'{"e":1}'), b"[]"), call(posts(b'{"e":2}'), b"[]"))
    assert isinstance(full.play(posts(b'{"e":3}')), Miss)


# ---- failures


def test_a_recorded_failure_fails_again_with_what_had_arrived():
    cut = Failure("cut-off", "the upstream closed in mid-body")
    part = Response(200, ((b"Content-Length", b"10"),), b"half")
    one = player(call(asks(), failure=cut, response=part), call(asks(target=b"/b"), failure=Failure("timeout")))
    found = played(one, asks())
    assert (found.failure, found.response) == (cut, part)
    assert (played(one, asks(target=b"/b")).response, played(one, asks(target=b"/b")).failure.kind) == (None, "timeout")


# ---- cleaned cassettes


KEY = bytes(range(32))
LIVE = ((b"Authorization", b"Bearer ghp_16C7e42F292c6912E7710c838347Ae178B4a"),)


def a_sanitizer() -> Sanitizer:
    return Sanitizer(load_profile("default"), KEY)


def a_cleaned_player(*calls, **options):
    """A player of these calls, recorded cleaned, as a later process opens it."""
    recording, playing = a_sanitizer(), a_sanitizer()
    cleaned = [recording.clean(each).exchange for each in calls]
    for each in cleaned:
        playing.learn(each)
    return player(*cleaned, sanitizer=playing, **options), cleaned


def test_a_client_that_sends_its_real_values_is_answered_from_the_cleaned_cassette_and_gets_them_back():
    calls = [
        call(
            posts(b'{"email":"maria.garcia@example.com","password":"hunter2!"}', target=b"/login"),
            b'{"ok":true}',
            headers=JSON,
        ),
        call(asks(target=b"/me", headers=LIVE), b'{"token":"ghp_16C7e42F292c6912E7710c838347Ae178B4a"}', headers=JSON),
    ]
    one, cleaned = a_cleaned_player(*calls)
    assert b"ghp_16C7" not in cleaned[1].response.body
    assert b"maria" not in cleaned[0].request.body
    found = [played(one, each.request) for each in calls]
    assert [(each.tier, each.response) for each in found] == [("exact", each.response) for each in calls]


def test_a_client_that_sends_a_pseudonym_it_was_given_is_matched_and_nothing_is_put_back():
    login = call(
        posts(b'{"user":"x"}', target=b"/login"),
        b'{"access_token":"ghp_16C7e42F292c6912E7710c838347Ae178B4a"}',
        headers=JSON,
    )
    one, cleaned = a_cleaned_player(login, call(asks(target=b"/me", headers=LIVE), b"me"))
    answered = played(one, login.request).response
    assert answered == cleaned[0].response
    token = json.loads(answered.body)["access_token"].encode()
    assert played(one, asks(target=b"/me", headers=((b"Authorization", b"Bearer " + token),))).tier == "exact"


def test_what_was_sent_at_login_comes_back_after_it():
    login = call(
        posts(b'{"email":"maria.garcia@example.com"}', target=b"/login"),
        b'{"access_token":"ghp_16C7e42F292c6912E7710c838347Ae178B4a"}',
        headers=JSON,
    )
    me = call(asks(target=b"/me", headers=LIVE), b'{"email":"maria.garcia@example.com"}', headers=JSON)
    one, _ = a_cleaned_player(login, me)
    token = json.loads(body_of(one, login.request))["access_token"].encode()
    assert body_of(one, asks(target=b"/me", headers=((b"Authorization", b"Bearer " + token),))) == me.response.body


def test_what_one_client_sent_is_not_put_back_for_another():
    me = call(asks(target=b"/me", headers=LIVE), b'{"email":"maria.garcia@example.com"}', headers=JSON)
    login = call(posts(b'{"email":"maria.garcia@example.com"}', target=b"/login"), b"{}", headers=JSON)
    one, cleaned = a_cleaned_player(login, me)
    played(one, replace(login.request, client="192.0.2.1"))
    assert body_of(one, replace(me.request, client="192.0.2.2")) == cleaned[1].response.body


def test_a_value_that_only_a_later_answer_showed_to_be_secret_still_matches():
    first = call(asks(target=b"/cookies/set?sid=s3cr3t"), headers=((b"Set-Cookie", b"sid=s3cr3t"),), status=302)
    one, _ = a_cleaned_player(first, call(asks(headers=((b"Cookie", b"sid=s3cr3t"),)), b"{}"))
    assert played(one, first.request).tier == "exact"


def test_a_request_that_cannot_be_cleaned_is_a_miss_that_says_so():
    class Refusing:
        def clean_request(self, request):
            raise UnreadableBodyError("the body is gzip, but cut short")

    assert "cut short" in missed(player(call(asks()), sanitizer=Refusing()), asks()).reason


def test_the_same_request_again_is_not_cleaned_again_and_a_miss_is_not_remembered():
    sanitizer = ByHeart()
    one = player(call(asks(), b"1"), call(asks(), b"2"), sanitizer=sanitizer)
    assert [body_of(one, asks()) for _ in range(3)] == [b"1", b"2", b"2"]
    assert sanitizer.cleaned == 1
    missed(one, asks(target=b"/new"))
    one.add(player(call(asks(target=b"/new"), b"n"))._index.groups[("GET", (b"", b"new"))].tracks[0].steps[0])
    assert body_of(one, asks(target=b"/new")) == b"n"


# ---- regressions: what another replayer got wrong on real servers


def test_a_brotli_body_comes_back_byte_for_byte_to_the_client_that_asked_for_it():
    import brotli

    wire = brotli.compress('[{"title":"\u00fc"}]'.encode() * 10)
    headers = (
        *JSON,
        (b"Content-Encoding", b"br"),
        (b"Content-Length", b"%d" % len(wire)),
        (b"Vary", b"Accept-Encoding"),
    )
    asked = asks(headers=((b"Accept-Encoding", b"br"),))
    one = player(call(asked, wire, headers=headers))
    assert played(one, asked).response == Response(200, headers, wire, b"OK")
    plain = played(one, asks(headers=((b"Accept-Encoding", b"identity"),))).response
    assert plain.body == brotli.decompress(wire)
    assert plain.headers == (*JSON, (b"Content-Length", b"%d" % len(plain.body)), (b"Vary", b"Accept-Encoding"))


def test_one_malformed_body_is_an_interaction_and_harms_no_other():
    one = player(call(posts(b"{bad"), b"bad", status=400), call(posts(b"{}"), b"good"))
    assert [body_of(one, posts(b"{bad")), body_of(one, posts(b"{}"))] == [b"bad", b"good"]


def test_rpc_calls_with_one_body_are_told_apart_by_their_header():
    def rpc(name: bytes):
        return posts(b'{"TableName":"t"}', (*JSON, (b"X-Amz-Target", b"D." + name)))

    names = [b"DescribeTable", b"Scan", b"DeleteTable"]
    one = player(*(call(rpc(name), name) for name in names))
    assert [body_of(one, rpc(name)) for name in reversed(names)] == names[::-1]


def test_an_absolute_link_leads_to_the_gateway_and_nothing_else_changes():
    headers = (
        (b"Link", b'<https://staging.example.test/posts?_page=2>; rel="next"'),
        (b"Date", b"Wed, 21 Oct 2015 07:28:00 GMT"),
    )
    found = played(player(call(asks(), b"[1,\n 2]", headers=headers)), asks()).response
    assert found.headers == ((b"Link", b'<http://127.0.0.1:8000/posts?_page=2>; rel="next"'), headers[1])
    assert found.body == b"[1,\n 2]"


def test_dates_are_moved_only_by_option():
    headers = ((b"Date", b"Wed, 21 Oct 2015 07:28:00 GMT"),)
    one = player(call(asks(), headers=headers), refresh=True, clock=lambda: 1445498880.0)
    assert played(one, asks()).response.headers == ((b"Date", b"Thu, 22 Oct 2015 07:28:00 GMT"),)
    assert played(player(call(asks(), headers=headers)), asks()).response.headers == headers


def test_who_has_an_order_of_its_own_finds_a_track_and_gives_of_it_what_it_wants():
    one = player(call(asks(), b"1"), call(asks(), b"2"))
    found = one.exactly(asks())
    (first, track), (second, _) = one.recorded()
    assert found.track == track
    assert [one.give(found, interaction).response.body for interaction in (second, first)] == [b"2", b"1"]
    assert (one.exactly(asks(target=b"/b")), body_of(one, asks())) == (None, b"1")
