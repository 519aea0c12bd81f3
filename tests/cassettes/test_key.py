"""The key of a request: what makes two requests the same, and what never may."""

from __future__ import annotations

import pytest

from cassettes.exchange import Request
from cassettes.key import Key, KeyPolicy, make_key

JSON = ((b"Content-Type", b"application/json"),)


def key(method="GET", target=b"/a", headers=(), body=b"", policy=None) -> Key:
    return make_key(Request(method, target, headers, body), policy or KeyPolicy())


def test_the_order_of_different_query_names_does_not_count():
    assert key(target=b"/a?x=1&y=2") == key(target=b"/a?y=2&x=1")


@pytest.mark.parametrize("other", [b"/a?id=2&id=1", b"/a?id=1", b"/a?id=1&id=2&id=2", b"/a?id=1&id=2&_token=t"])
def test_values_of_one_name_count_in_order_and_number_and_an_extra_parameter_is_another_query(other):
    assert key(target=b"/a?id=1&id=2") != key(target=other)


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


def test_declared_fields_are_given_up_whatever_their_value():
    policy = KeyPolicy(volatile_fields=("/meta/*/seq",))
    one, other = (key("POST", headers=JSON, body=b'{"meta":[{"seq":%d}]}' % n, policy=policy).body for n in (1, 2))
    assert one.exact != other.exact
    assert one.volatile == other.volatile
