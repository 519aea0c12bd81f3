"""The key of a request: what makes two requests the same, and what never may."""

from __future__ import annotations

import gzip

import pytest

from cassettes.exchange import Request
from cassettes.key import Key, KeyPolicy, make_key

JSON = ((b"Content-Type", b"application/json"),)
FORM = ((b"Content-Type", b"application/x-www-form-urlencoded"),)


def key(method="GET", target=b"/a", headers=(), body=b"", policy=None) -> Key:
    return make_key(Request(method, target, headers, body), policy or KeyPolicy())


def json_key(text: bytes, kind=b"application/json") -> Key:
    return key("POST", headers=((b"Content-Type", kind),), body=text)


def sigv4(service="s3", *, holder="AKIAIOSFODNN7EXAMPLE", date="20260101", signature="f" * 64) -> bytes:
    scope = f"{holder}/{date}/us-east-1/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}".encode()


def test_the_order_of_different_query_names_does_not_count():
    assert key(target=b"/a?x=1&y=2") == key(target=b"/a?y=2&x=1")


@pytest.mark.parametrize("other", [b"/a?id=2&id=1", b"/a?id=1", b"/a?id=1&id=2&id=2", b"/a?id=1&id=2&_token=t"])
def test_values_of_one_name_count_in_order_and_number_and_an_extra_parameter_is_another_query(other):
    assert key(target=b"/a?id=1&id=2") != key(target=other)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (b'{"a":1,"b":[1,2]}', b'{ "b" : [1, 2], "a" : 1 }'),
        (b'{"a":"\\u00fc"}', '{"a":"ü"}'.encode()),
        (b'{"n":18446744073709551617}', b'{"n": 18446744073709551617}'),
    ],
)
def test_json_bodies_that_mean_the_same_have_one_key(left, right):
    assert json_key(left) == json_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (b'{"n":1.50}', b'{"n":1.5}'),
        (b'{"n":9007199254740993}', b'{"n":9007199254740992}'),
        (b'{"a":1,"a":2}', b'{"a":2,"a":1}'),
        (b'{"a":1,"a":2}', b'{"a":2}'),
        (b'{"a":"1"}', b'{"a":1}'),
        (b'{"a":null}', b"{}"),
        (b"[1,2]", b"[2,1]"),
        (b"[12]", b"[1,2]"),
        (b"{bad", b"{bad "),
        (b"[NaN]", b"[1]"),
        (b"[" * 100_000, b"[" * 99_999),
    ],
)
def test_json_bodies_that_mean_different_things_have_different_keys(left, right):
    assert json_key(left).body.exact != json_key(right).body.exact


@pytest.mark.parametrize("body", [b"{bad json", b"\xff\xfe\x00", b'{"a":"\\ud800"}', b"[" * 100_000, b"1e999999"])
def test_any_json_body_has_a_key_equal_to_itself(body):
    assert json_key(body) == json_key(body)


def test_forms_are_compared_as_multisets_of_decoded_pairs():
    assert key("POST", headers=FORM, body=b"a=1+2&b=%7E") == key("POST", headers=FORM, body=b"b=~&a=1%202")
    assert key("POST", headers=FORM, body=b"a=1&a=2") != key("POST", headers=FORM, body=b"a=2&a=1")


def multipart(boundary: bytes, *parts: bytes) -> Key:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"
    return key("POST", headers=((b"Content-Type", b"multipart/form-data; boundary=" + boundary),), body=body)


FILE = b'Content-Disposition: form-data; name="f"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\xff'
TEXT = b'Content-Disposition: form-data; name="t"\r\n\r\nhello'


def test_multipart_is_compared_by_part_whatever_the_boundary():
    assert multipart(b"AaB03x", FILE, TEXT) == multipart(b"xYz", TEXT, FILE)
    assert multipart(b"AaB03x", FILE, TEXT) != multipart(b"AaB03x", FILE, TEXT.replace(b"hello", b"hallo"))
    assert multipart(b"AaB03x", FILE) != multipart(b"AaB03x", FILE.replace(b"a.bin", b"b.bin"))


def test_graphql_is_compared_without_white_space_outside_strings():
    plain = json_key(b'{"query":"{ allPosts { id title } }"}')
    assert plain == json_key(b'{"query":"{  allPosts  {\\n id,title # all\\n } }","variables":null}')
    assert plain != json_key(b'{"query":"{ allPosts { id } }"}')
    assert json_key(b'{"query":"{ a(t: \\"x  y\\") }"}') != json_key(b'{"query":"{ a(t: \\"x y\\") }"}')
    assert json_key(b'{"query":"query P { a }","variables":{"id":1}}') != json_key(
        b'{"query":"query P { a }","variables":{"id":2}}'
    )
    assert json_key(b'{"query":"query P{a} query Q{b}","operationName":"P"}') != json_key(
        b'{"query":"query P{a} query Q{b}","operationName":"Q"}'
    )


def test_a_search_whose_field_is_called_query_is_not_taken_for_graphql():
    assert json_key(b'{"query":"red  shoes"}') != json_key(b'{"query":"red shoes"}')


def test_a_compressed_body_has_the_key_of_its_content():
    packed = key("POST", headers=(*JSON, (b"Content-Encoding", b"gzip")), body=gzip.compress(b'{"a":1}'))
    assert packed == json_key(b'{"a": 1}')


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        (b"X-Amz-Target", b"DynamoDB_20120810.GetItem", b"DynamoDB_20120810.DeleteItem"),
        (b"SOAPAction", b'"urn:Get"', b'"urn:Put"'),
        (b"X-HTTP-Method-Override", b"PATCH", b"DELETE"),
        (b"Range", b"bytes=0-15", b"bytes=16-31"),
        (b"If-None-Match", b'"1"', b'"2"'),
        (b"X-Page", b"1", b"2"),
        (b"X-Tenant-Id", b"a", b"b"),
        (b"x-amz-copy-source", b"/b/k0", b"/b/k1"),
    ],
)
def test_headers_that_say_what_is_asked_for_are_always_told_apart(name, one, other):
    tolds = {key(headers=headers).told for headers in ((), ((name, one),), ((name, other),))}
    assert len(tolds) == 3


@pytest.mark.parametrize(
    "name",
    [
        b"Host",
        b"User-Agent",
        b"Date",
        b"X-Amz-Date",
        b"traceparent",
        b"X-Request-Id",
        b"Connection",
        b"Cache-Control",
        b"Accept-Encoding",
        b"X-Forwarded-For",
        b"X-Mimic-Trace",
        b"Content-MD5",
        b"Signature",
        b"Sec-Fetch-Mode",
    ],
)
def test_headers_of_the_hop_of_traces_and_signatures_never_count(name):
    assert key(headers=((name, b"one"),)) == key(headers=((name, b"other"),)) == key()


def test_any_media_type_is_no_preference():
    assert key(headers=((b"Accept", b"*/*"),)) == key()
    assert key(headers=((b"Accept", b"text/html"),)) != key()


def test_a_signature_does_not_count_but_its_holder_service_and_region_do():
    def signed(value: bytes) -> Key:
        return key(headers=((b"Authorization", value),))

    base = signed(sigv4())
    assert base == signed(sigv4(date="20271231", signature="0" * 64))
    assert base.slots == signed(sigv4(holder="AKIAI44QH8DHBEXAMPLE")).slots
    assert base != signed(sigv4(holder="AKIAI44QH8DHBEXAMPLE"))
    assert base.slots != signed(sigv4("sqs")).slots


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            b'Digest username="ann", nonce="n1", response="r1", cnonce="c", nc=00000001',
            b'Digest username="ann", nonce="n2", response="r2"',
        ),
        (b"SharedKey account:c2lnbmF0dXJl", b"SharedKey account:b3RoZXI="),
        (
            b'OAuth oauth_consumer_key="k", oauth_nonce="1", oauth_signature="x"',
            b'OAuth oauth_consumer_key="k", oauth_nonce="2", oauth_signature="y"',
        ),
        (b"NTLM TlRMTVNTUAADabc", b"NTLM TlRMTVNTUAADxyz"),
    ],
)
def test_schemes_that_sign_each_request_are_compared_by_their_holder(one, other):
    assert key(headers=((b"Authorization", one),)) == key(headers=((b"Authorization", other),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            b"/k?X-Amz-Credential=AK%2F20260101%2Fe%2Fs3%2Faws4_request&X-Amz-Date=1&X-Amz-Signature=a&v=1",
            b"/k?X-Amz-Signature=b&X-Amz-Date=2&X-Amz-Credential=AK%2F20270101%2Fe%2Fs3%2Faws4_request&v=1",
        ),
        (b"/c/b?sv=2024&se=2026-01-01&sp=r&sig=abc", b"/c/b?sv=2024&se=2027-01-01&sp=r&sig=def"),
        (b"/k?AWSAccessKeyId=AK&Expires=1&Signature=a", b"/k?AWSAccessKeyId=AK&Expires=2&Signature=b"),
    ],
)
def test_a_signature_in_the_query_does_not_count(one, other):
    assert key(target=one) == key(target=other)
    assert key(target=one) != key(target=other.partition(b"?")[0])


def test_a_parameter_called_token_or_expires_selects_unless_the_query_is_signed():
    assert key(target=b"/a?_token=1").query != key(target=b"/a?_token=2").query
    assert key(target=b"/a?expires=1").query != key(target=b"/a?expires=2").query


def test_two_users_have_two_keys_of_the_same_kind():
    ann, bob = (key(headers=((b"Authorization", b"Bearer " + name),)) for name in (b"ann", b"bob"))
    assert ann != bob
    assert ann.slots == bob.slots == ("authorization bearer",)
    assert b"ann" not in repr(ann.credentials).encode()


def test_cookies_the_cassette_does_not_know_are_not_looked_at():
    policy = KeyPolicy(known_cookies=frozenset({b"sid"}))
    assert key(headers=((b"Cookie", b"other=1; sid=a"),), policy=policy) == key(
        headers=((b"Cookie", b"sid=a"),), policy=policy
    )
    assert key(headers=((b"Cookie", b"other=1"),), policy=policy) == key(policy=policy)


def test_volatile_fields_are_given_up_by_name_and_look_only():
    one, other = json_key(b'{"timestamp":1700000000,"a":1}'), json_key(b'{"timestamp":1700000999,"a":1}')
    assert one.body.exact != other.body.exact
    assert one.body.volatile == other.body.volatile
    assert json_key(b'{"timestamp":1}').body.volatile != json_key(b'{"timestamp":2}').body.volatile
    assert json_key(b'{"page":1}').body.shape != json_key(b'{"page":2}').body.shape


def test_declared_fields_are_given_up_whatever_their_value():
    policy = KeyPolicy(volatile_fields=("/meta/*/seq",))
    one, other = (key("POST", headers=JSON, body=b'{"meta":[{"seq":%d}]}' % n, policy=policy).body for n in (1, 2))
    assert one.exact != other.exact
    assert one.volatile == other.volatile


@pytest.mark.parametrize("name", [b"cursor", b"user_id", b"before", b"page_token", b"ref"])
def test_generated_looking_values_that_point_at_something_keep_their_meaning(name):
    one, other = (json_key(b'{"%s":"6f1c2a9e-0000-4000-8000-00000000000%d"}' % (name, digit)).body for digit in (1, 2))
    assert one.shape != other.shape
