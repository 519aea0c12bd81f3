"""Canonical bodies: which two mean the same."""

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


def test_volatile_fields_are_given_up_by_name_and_look_only():
    one, other = json_key(b'{"timestamp":1700000000,"a":1}'), json_key(b'{"timestamp":1700000999,"a":1}')
    assert one.body.exact != other.body.exact
    assert one.body.volatile == other.body.volatile
    assert json_key(b'{"timestamp":1}').body.volatile != json_key(b'{"timestamp":2}').body.volatile
    assert json_key(b'{"page":1}').body.shape != json_key(b'{"page":2}').body.shape


@pytest.mark.parametrize("name", [b"cursor", b"user_id", b"before", b"page_token", b"ref"])
def test_generated_looking_values_that_point_at_something_keep_their_meaning(name):
    one, other = (json_key(b'{"%s":"6f1c2a9e-0000-4000-8000-00000000000%d"}' % (name, digit)).body for digit in (1, 2))
    assert one.shape != other.shape
