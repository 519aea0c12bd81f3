"""Credentials: whose request it is, whatever is signed anew."""

from __future__ import annotations

import pytest

from cassettes.exchange import Request
from cassettes.key import Key, KeyPolicy, make_key


def key(method="GET", target=b"/a", headers=(), body=b"", policy=None) -> Key:
    return make_key(Request(method, target, headers, body), policy or KeyPolicy())


def sigv4(service="s3", *, holder="AKIAIOSFODNN7EXAMPLE", date="20260101", signature="f" * 64) -> bytes:
    scope = f"{holder}/{date}/us-east-1/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}".encode()


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
