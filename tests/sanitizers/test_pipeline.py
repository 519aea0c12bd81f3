from __future__ import annotations

import base64
import gzip
import json
import os
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from oracle import leaves, occurrences

from cassettes.exchange import Chunk, Exchange, Failure, Request, Response
from sanitizers.errors import SanitizeError, UnreadableBodyError
from sanitizers.pipeline import Sanitizer, restore, restore_request, values_of
from sanitizers.profile import PROFILES, load_profile

KEY = b"k" * 32
JSON = ((b"Content-Type", b"application/json"),)
TOKEN = "tk9f8e7d6c5b4a3210"


def sanitizer(key=KEY, profile=PROFILES["default"]):
    return Sanitizer(profile, key)


def bearing(token=TOKEN, **more):
    return Request(
        "GET",
        more.pop("target", b"/"),
        ((b"Authorization", f"Bearer {token}".encode()), *more.pop("headers", ())),
        more.pop("body", b""),
    )


def every_part(exchange):
    request, response = exchange.request, exchange.response or Response(0)
    heads = (*request.headers, *response.headers, *response.trailers)
    return b"\n".join([request.target, request.body, response.body, *(value for _, value in heads)])


def test_a_value_gets_one_stand_in_in_every_place():
    email = "dana.whitfield@corp.internal"
    request = Request(
        "POST",
        b"/u/dana.whitfield%40corp.internal?e=dana.whitfield%2540corp.internal",
        ((b"X-U", email.encode()),),
        b"email=dana.whitfield%40corp.internal",
    )
    body = json.dumps(
        {"email": email, "deep": json.dumps({"x": email.title()}), "b": base64.b64encode(email.encode()).decode()}
    ).encode()
    cleaned = sanitizer().clean(Exchange(request, Response(200, JSON, body))).exchange
    document = json.loads(cleaned.response.body)
    new = document["email"]
    local = new.partition("@")[0]
    assert cleaned.request.target.decode() == f"/u/{local}%40example.com?e={local}%2540example.com"
    assert cleaned.request.headers == ((b"X-U", new.encode()),)
    assert cleaned.request.body.decode() == f"email={local}%40example.com"
    assert base64.b64decode(document["b"]).decode() == new
    assert json.loads(document["deep"])["x"].lower() == new


def test_a_token_is_replaced_wherever_it_is_echoed():
    response = Response(
        200,
        ((b"X-Echo", TOKEN.encode()), (b"Location", f"/x/{TOKEN}/y".encode())),
        json.dumps(
            {
                "note": TOKEN,
                TOKEN: 1,
                "text": f"you sent {TOKEN}.",
                "blob": base64.b64encode(f"ab{TOKEN}".encode()).decode(),
                "hex": TOKEN.encode().hex(),
            }
        ).encode(),
    )
    cleaned = sanitizer().clean(Exchange(bearing(target=f"/items/{TOKEN}?x={TOKEN}".encode()), response))
    assert occurrences(every_part(cleaned.exchange), TOKEN) == []
    assert {finding.where for finding in cleaned.findings if finding.kind == "echo"} >= {
        "response.headers.x-echo",
        "response.headers.location",
        "response.body $.note",
    }
    assert TOKEN in cleaned.secrets


def test_a_token_found_in_one_exchange_is_replaced_in_later_ones():
    cleaner = sanitizer()
    cleaner.clean(Exchange(bearing()))
    later = cleaner.clean(
        Exchange(Request("GET", f"/items/{TOKEN}".encode()), Response(200, (), TOKEN.encode()))
    ).exchange
    assert TOKEN.encode() not in every_part(later)


def test_a_token_in_octets_that_no_layer_understands_is_replaced():
    octets = b"\x00\x01" + base64.b64encode(b"\xff\xfe\x00" + TOKEN.encode() + b"\xff\xff") + b"\x00"
    cleaned = sanitizer().clean(Exchange(bearing(), Response(200, (), octets))).exchange
    assert occurrences(every_part(cleaned), TOKEN) == []
    assert len(cleaned.response.body) == len(octets)


def test_words_and_short_values_are_not_chased_through_other_places():
    request = Request("POST", b"/", JSON, b'{"password":"password","firstName":"Madison","otp":"739104","pin":"4711"}')
    response = Response(200, JSON, b'{"city":"Madison","n":739104,"hint":"your password","pinned":4711}')
    cleaned = sanitizer().clean(Exchange(request, response)).exchange
    assert cleaned.response.body == response.body
    assert b"739104" not in cleaned.request.body


def test_cleaning_twice_is_cleaning_once():
    request = bearing(
        body=b'{"password":"hunter2!Zq","pin":4711,"email":"bob@corp.internal","card":"4556737586899855"}',
        headers=((b"Cookie", b"sid=abc123x"),),
    )
    response = Response(
        200,
        (*JSON, (b"Set-Cookie", b"sid=abc123x; Path=/")),
        b'{"phone":"+49 151 23456789","iban":"DE89370400440532013000","born":"x","dob":"1987-03-14"}',
    )
    once = sanitizer().clean(Exchange(request, response)).exchange
    same = sanitizer()
    first = same.clean(Exchange(request, response)).exchange
    fresh = sanitizer()
    fresh.learn(once)
    assert first == once
    assert same.clean(first).exchange == once
    assert fresh.clean(once).exchange == once


@pytest.mark.parametrize("learned", [False, True])
def test_a_token_in_which_something_was_echoed_is_left_alone_from_then_on(learned):
    """An id token repeats the nonce that the client sent (OpenID Connect Core, 2)."""
    nonce = "7e36fc942d9cc82ab3d79063"
    claims = base64.urlsafe_b64encode(json.dumps({"sub": "u-1", "nonce": nonce}).encode()).decode().rstrip("=")
    token = f"eyJhbGciOiJIUzI1NiJ9.{claims}.sVd3kQ0x7Jp2mN5bR8tYw1zC4aE6gH9i"
    cleaner = sanitizer()
    asked = cleaner.clean(Exchange(Request("GET", b"/authorize?nonce=" + nonce.encode()), None)).exchange
    kept = cleaner.clean(
        Exchange(Request("GET", b"/token"), Response(200, JSON, json.dumps({"id_token": token}).encode()))
    )
    again = sanitizer() if learned else cleaner
    if learned:
        again.learn(asked)
        again.learn(kept.exchange)
    made = json.loads(kept.exchange.response.body)["id_token"]
    told = json.loads(base64.urlsafe_b64decode(made.split(".")[1] + "=="))
    assert (told["sub"], told["nonce"].encode()) == ("u-1", asked.request.query.partition(b"=")[2])
    assert nonce not in str(told)
    assert made.split(".")[2] != token.split(".")[2]
    assert again.clean(kept.exchange).exchange == kept.exchange


def test_another_key_gives_other_stand_ins():
    exchange = Exchange(bearing(body=b'{"password":"hunter2!Zq","email":"bob@corp.internal"}'))
    one, other = sanitizer().clean(exchange).exchange, sanitizer(b"o" * 32).clean(exchange).exchange
    assert one.request.headers != other.request.headers
    assert leaves(one.request.body)[1] != leaves(other.request.body)[1]
    assert leaves(one.request.body)[3] != leaves(other.request.body)[3]


def test_a_live_request_is_cleaned_to_what_was_recorded_and_can_be_restored():
    request = bearing(target=b"/u/bob%40corp.internal", body=b'{"email":"bob@corp.internal"}')
    response = Response(
        200,
        (*JSON, (b"Content-Length", b"69")),
        b'{"token":"%s","me":"bob@corp.internal","t":"at %s"}' % (TOKEN.encode(), TOKEN.encode()),
    )
    recorded = sanitizer().clean(Exchange(request, response)).exchange
    replaying = sanitizer()
    replaying.learn(recorded)
    live = replaying.clean_request(request)
    assert live.request == recorded.request
    restored = restore(recorded.response, live.stand_ins)
    assert restored.body == response.body
    assert dict(restored.headers)[b"Content-Length"] == str(len(response.body)).encode()


def test_restoring_reaches_into_encodings():
    blob = base64.b64encode(b'{"who":"bob@corp.internal"}').decode()
    body = gzip.compress(
        json.dumps({"b": blob, "u": "/x?e=bob%40corp.internal", "j": json.dumps({"e": "Bob@Corp.internal"})}).encode(),
        mtime=0,
    )
    response = Response(200, ((b"Content-Encoding", b"gzip"),), body)
    request = Request("GET", b"/?email=bob%40corp.internal")
    recorded = sanitizer().clean(Exchange(request, response)).exchange
    assert b"bob" not in gzip.decompress(recorded.response.body)
    restored = restore(recorded.response, sanitizer().clean_request(request).stand_ins)
    assert gzip.decompress(restored.body).lower() == gzip.decompress(body).lower()


@pytest.mark.parametrize(
    "body",
    [
        b'{"u":"http://ida:pass@echo.corp.test:9443/x","v":"https://us@r:p@ssword@host.corp.test/get"}',
        b'{"secret":"D+EdQ-gs$-%@2Nu7","password":"p@ss","key":"a@b"}',
        json.dumps(
            {
                "m": base64.encodebytes(
                    b"From: dana.whitfield@corp.internal\nTo: sam.oakenfold@corp.internal\n" * 5
                ).decode()
            }
        ).encode(),
        b"basic_auth_credentials=BasicAuthCredentials(username=1, password=abc123def)",
        b"\x00\x01" + json.dumps({"data": "cafe\u0301@corp.internal", "e": "a@b.io"}).encode() + b"\x00",
    ],
)
def test_what_stands_for_a_value_is_not_taken_for_another(body):
    cleaner, fresh = sanitizer(), sanitizer()
    once = cleaner.clean(Exchange(Request("POST", b"/", JSON, body))).exchange
    fresh.learn(once)
    assert cleaner.clean(once).exchange == once
    assert fresh.clean(once).exchange == once


def test_restoring_nothing_gives_the_same_response():
    response = Response(200, JSON, b'{"a":1}')
    assert restore(response, {"abcdef123": "x"}) is response
    assert restore(response, {}) is response


def test_a_secret_that_only_the_response_showed_is_recognised_in_the_live_request():
    request = Request("GET", f"/items/{TOKEN}".encode())
    recorded = (
        sanitizer().clean(Exchange(request, Response(200, JSON, json.dumps({"access_token": TOKEN}).encode()))).exchange
    )
    assert TOKEN.encode() not in recorded.request.target
    replaying = sanitizer()
    replaying.learn(recorded)
    assert replaying.clean_request(request).request == recorded.request


def test_a_stand_in_that_the_client_got_from_a_replay_is_left_alone_in_every_place():
    recorded = (
        sanitizer()
        .clean(Exchange(Request("POST", b"/login"), Response(200, JSON, json.dumps({"access_token": TOKEN}).encode())))
        .exchange
    )
    given = json.loads(recorded.response.body)["access_token"]
    replaying = sanitizer()
    replaying.learn(recorded)
    request = bearing(given, target=f"/x/{given}?token={given}".encode())
    assert replaying.clean_request(request).request == request


def test_a_body_that_cannot_be_read_is_refused():
    for headers, body in (
        (((b"Content-Encoding", b"x-secret-sauce"),), b"x"),
        (((b"Content-Encoding", b"gzip"),), b"no gzip"),
        (((b"Content-Encoding", b"gzip"),), gzip.compress(b"\0" * (200 << 20))),
    ):
        with pytest.raises(UnreadableBodyError):
            sanitizer().clean(Exchange(Request("GET", b"/"), Response(200, headers, body)))
        with pytest.raises(UnreadableBodyError):
            sanitizer().clean_request(Request("POST", b"/", headers, body))


def test_a_body_beyond_the_profile_s_limit_is_refused():
    small = sanitizer(profile=load_profile({"limits": {"body_mb": 1}}))
    with pytest.raises(UnreadableBodyError):
        small.clean(Exchange(Request("POST", b"/", (), b"x" * (1 << 21))))


def test_a_failure_and_a_request_alone_are_exchanges_too():
    cleaned = (
        sanitizer().clean(Exchange(bearing(), None, Failure("reset", "the upstream closed the connection"))).exchange
    )
    assert cleaned.failure == Failure("reset", "the upstream closed the connection")
    assert cleaned.response is None
    assert TOKEN.encode() not in cleaned.request.headers[0][1]


def test_everything_that_is_no_secret_stays_as_it_was():
    request = Request(
        "PUT",
        b"/a/%7Eb;v=1?x=%20&y=a+b&z",
        ((b"HOST", b"a.test"), (b"x-odd", b"\xff\xfe"), (b"X", b"")),
        b'{ "n":1.50 }',
        "192.0.2.1",
        "https",
    )
    response = Response(
        204, ((b"ETag", b'W/"x"'), (b"Date", b"Wed, 21 Oct 2026 07:28:00 GMT")), b"", b"Nothing", ((b"T", b"1"),)
    )
    exchange = Exchange(request, response, None, 1.5, 2.5, 3.5, "shop", "route", "trace")
    cleaned = sanitizer().clean(exchange)
    assert cleaned.exchange == exchange
    assert cleaned.findings == ()
    assert cleaned.secrets == frozenset()


def test_a_compressed_body_stays_compressed_and_its_chunks_add_up():
    body = gzip.compress(json.dumps({"password": "hunter2!Zq", "x": ["y"] * 200}).encode(), mtime=0)
    chunks = (Chunk(1.0, 10), Chunk(2.0, len(body) - 10))
    headers = ((b"Content-Encoding", b"gzip"), (b"Content-Length", str(len(body)).encode()), (b"ETag", b'"1"'))
    cleaned = sanitizer().clean(Exchange(Request("GET", b"/"), Response(200, headers, body, chunks=chunks)))
    response = cleaned.exchange.response
    assert json.loads(gzip.decompress(response.body))["password"] != "hunter2!Zq"
    assert sum(chunk.size for chunk in response.chunks) == len(response.body)
    assert dict(response.headers)[b"Content-Length"] == str(len(response.body)).encode()
    assert ("response.headers.etag", "stale-digest") in [(finding.where, finding.kind) for finding in cleaned.findings]


def a_catalogue(count, seed=1):
    rng = random.Random(seed)

    def item(number):
        return {
            "id": 1000 + number, "uuid": str(uuid.UUID(int=rng.getrandbits(128), version=4)), "sku": f"SKU-{rng.randrange(10**6):06}",
            "title": rng.choice(["Steel Bottle", "Linen Shirt, blue", "USB-C Cable 2m", "Madison Chair"]), "priceCents": rng.randrange(99999),
            "price": round(rng.random() * 100, 2), "currency": "EUR", "createdAt": f"2024-05-01T12:30:{number % 60:02}Z", "updated": 1714566600 + number,
            "ms": 1714566600123 + number, "version": f"3.1.{number}", "sha256": f"{rng.getrandbits(256):064x}", "sha1": f"{rng.getrandbits(160):040x}",
            "etag": f'W/"{rng.getrandbits(64):x}"', "traceId": f"{rng.getrandbits(128):032x}", "spanId": f"{rng.getrandbits(64):016x}",
            "mongo": f"{rng.getrandbits(96):024x}", "url": f"https://shop.example.com/products/{number}/steel-bottle?ref=home&page=2",
            "image": f"/img/products/{number}_large@2x.jpg", "tags": ["kitchen", "outdoor", "best-seller"], "ean": str(4000000000000 + rng.randrange(10**9)),
            "stock": {"warehouse": "BER-1", "count": rng.randrange(500)}, "description": "A sturdy bottle. Keeps drinks cold for 24 hours, hot for 12.",
            "rating": 4.5, "active": True, "parent": None, "next_page_token": f"CAUQ{rng.getrandbits(48):012x}", "token_count": 512, "author": "The Team",
            "usage": {"prompt_tokens": 12, "total_tokens": 99}, "geo": [52.520008, 13.404954], "ip": "192.0.2.17", "build": "8.30.62.1", "git": "v1.2.3-14-gdeadbee",
            "snowflake": str(rng.randrange(10**18)), "tracking": f"1Z{rng.randrange(10**9):09}", "locale": "en-US", "path": "a/b/c.json", "color": "#ff8800",
            "arn": "arn:aws:s3:::bucket/key", "mime": "application/vnd.api+json", "duration": "PT1H30M", "key": "order.created", "password_policy": "strong",
        }  # fmt: skip

    return json.dumps(
        {
            "items": [item(number) for number in range(count)],
            "total": count,
            "next": "/items?cursor=eyJwIjoyfQ&limit=50",
        }
    ).encode()


def test_a_catalogue_without_secrets_keeps_every_byte():
    exchange = Exchange(
        Request("GET", b"/items?page=2&sort=-created&filter[color]=red"),
        Response(200, (*JSON, (b"ETag", b'"abc"')), a_catalogue(400)),
    )
    cleaned = sanitizer().clean(exchange)
    before, after = leaves(exchange.response.body), leaves(cleaned.exchange.response.body)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) <= len(before) // 2000, changed[:5]
    assert cleaned.exchange.request == exchange.request


def test_one_secret_in_a_catalogue_changes_one_leaf():
    body = a_catalogue(50).replace(b'"rating": 4.5', b'"rating": 4.5, "owner": "dana@corp.internal"', 1)
    cleaned = sanitizer().clean(Exchange(Request("GET", b"/"), Response(200, JSON, body))).exchange
    assert sum(old != new for old, new in zip(leaves(body), leaves(cleaned.response.body), strict=True)) == 1


MEGABYTE = 1_000_000
HOSTILE = {
    "addresses": b"a@a" * (MEGABYTE // 3), "arrays": b"[" * 10_000 + b"]" * 10_000, "objects": b'{"a":' * 100_000, "quotes": b'"' * MEGABYTE, "backslashes": b"\\" * MEGABYTE,
    "percents": b"%25" * (MEGABYTE // 3), "references": b"&#64;" * (MEGABYTE // 5), "tags": b'<a "' * (MEGABYTE // 4), "big number": b'{"pin":' + b"9" * MEGABYTE + b"}",
    "digits": b"1" * MEGABYTE, "spaced digits": b"4 " * (MEGABYTE // 2), "iban-like": b"DE89" + b"A1" * (MEGABYTE // 2), "urls": b"http://" * (MEGABYTE // 7), "pairs": b"token=" * (MEGABYTE // 6),
    "queries": b"?a=b" * (MEGABYTE // 4), "key blocks": b"-----BEGIN PRIVATE KEY-----" * (MEGABYTE // 27), "events": b"data: x\n" * (MEGABYTE // 8), "parts": b"--x\r\nContent-" * (MEGABYTE // 13),
    "noise": random.Random(5).randbytes(MEGABYTE), "zeros": b"\0" * MEGABYTE, "bad utf-8": b'{"a":"' + b"\xff\xfe\x80" * (MEGABYTE // 3) + b'"}', "escapes": b"\\u0040" * (MEGABYTE // 6), "semicolons": b";" * MEGABYTE,
    "jwt-like": b"eyJhbGciOiJ." * (MEGABYTE // 12), "comments": b"<!--" * (MEGABYTE // 4),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_ends_in_a_result_or_a_refusal(name):
    try:
        cleaned = sanitizer().clean(Exchange(Request("GET", b"/"), Response(200, (), HOSTILE[name])))
    except SanitizeError:
        return
    assert len(cleaned.exchange.response.body) > 0


def test_cleaning_in_one_thread_and_asking_in_another_is_safe():
    cleaner = sanitizer()
    expected = sanitizer().clean_request(bearing(body=b'{"email":"bob@corp.internal"}')).request

    def clean(number):
        body = json.dumps({"token": f"{TOKEN}{number}", "email": f"u{number}@corp.internal"}).encode()
        return TOKEN.encode() in every_part(cleaner.clean(Exchange(Request("POST", b"/", JSON, body))).exchange)

    def ask(_):
        return cleaner.clean_request(bearing(body=b'{"email":"bob@corp.internal"}')).request

    with ThreadPoolExecutor(4) as pool:
        cleaning, asking = pool.map(clean, range(200)), pool.map(ask, range(200))
        assert not any(cleaning)
        assert all(request == expected for request in asking)


CORPUS = Path(os.environ.get("MIMIC_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus")


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no recordings in {CORPUS} (set MIMIC_CORPUS to a folder)")
def test_recordings_of_others_are_cleaned_once_and_for_all():
    files = [path for kind in ("har", "cassettes") for path in sorted(CORPUS.glob(f"{kind}/**/*")) if path.is_file()]
    assert files
    for path in files:
        cleaner = sanitizer()
        once = cleaner.clean(Exchange(Request("POST", b"/", JSON, path.read_bytes()))).exchange
        assert cleaner.clean(once).exchange == once, path


def cookies_set(value=b"garnet-grove-7509"):
    """Give what a service answers that sets a cookie to what a query says."""
    request = Request("GET", b"/cookies/set?kernel=" + value)
    return Exchange(request, Response(302, ((b"Set-Cookie", b"kernel=" + value + b"; Path=/"),)))


def test_what_a_live_request_holds_in_the_clear_is_put_back_where_an_answer_was_cleaned_of_it():
    kept = sanitizer().clean(cookies_set()).exchange
    assert (kept.request, kept.response == cookies_set().response) == (cookies_set().request, False)
    player = sanitizer()
    player.learn(kept)
    live = player.clean_request(cookies_set().request)
    assert live.request == kept.request
    assert restore(kept.response, live.stand_ins) == cookies_set().response


def test_what_no_stored_exchange_has_stands_for_nothing():
    player = sanitizer()
    assert player.clean_request(cookies_set().request).stand_ins == {}
    player.learn(sanitizer().clean(cookies_set()).exchange)
    assert player.clean_request(cookies_set(b"willow-copper-1824").request).stand_ins == {}


def test_a_request_is_restored_as_a_response_is():
    live = sanitizer().clean_request(bearing())
    assert restore_request(live.request, live.stand_ins) == bearing()
    assert restore_request(live.request, {"abcdef123": "x"}) is live.request


def test_the_values_of_a_request_are_without_those_of_the_connection():
    request = Request(
        "GET", b"/a?q=quiver", ((b"Host", b"example.test"), (b"User-Agent", b"agent/1.0"), (b"X-A", b"marble"))
    )
    assert set(values_of(request)) == {"quiver", "marble"}
