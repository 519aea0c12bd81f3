from __future__ import annotations

import gzip

from builders import a_request, a_response, an_exchange
from hypothesis import given
from hypothesis import strategies as st

from recorder.leaves import LEAVES, Leaf, general, leaves_of, pointer_of, request_leaves, response_leaves


def places(leaves):
    return {leaf.place: leaf.value for leaf in leaves}


def test_a_request_is_path_query_headers_and_cookies():
    request = a_request(
        "GET",
        b"/v1/pets/a%2Fb?page=2&tag=x&tag=y+z",
        headers=((b"X-Tenant", b" blue "), (b"Cookie", b'sid=abc; theme="dark"')),
    )
    assert places(request_leaves(request)) == {
        "request.path.1": "v1",
        "request.path.2": "pets",
        "request.path.3": "a/b",
        "request.query.page": "2",
        "request.query.tag": "x",
        "request.query.tag[1]": "y z",
        "request.headers.x-tenant": "blue",
        "request.cookies.sid": "abc",
        "request.cookies.theme": "dark",
    }


def test_a_json_body_gives_its_values_with_kind_and_name():
    body = b'{"id":7,"tags":["a",true],"owner":{"e-mail":"x@y.test","a b":null},"rate":1.50}'
    found = response_leaves(a_response(body=gzip.compress(body), headers=((b"Content-Encoding", b"gzip"),)))
    assert found[2:] == (
        Leaf("response.body $.id", "7", "number", "id"),
        Leaf("response.body $.tags[0]", "a", "text", "tags"),
        Leaf("response.body $.tags[1]", "true", "boolean", "tags"),
        Leaf("response.body $.owner.e-mail", "x@y.test", "text", "e-mail"),
        Leaf("response.body $.owner['a b']", "null", "null", "a b"),
        Leaf("response.body $.rate", "1.50", "number", "rate"),
    )


def test_a_response_has_status_location_and_cookies():
    headers = ((b"Location", b"/pets/7"), (b"Set-Cookie", b"sid=s-1; Path=/; HttpOnly"))
    assert places(response_leaves(a_response(201, headers=headers, body=b""))) == {
        "response.status": "201",
        "response.headers.location": "/pets/7",
        "response.cookies.sid": "s-1",
    }


def test_forms_and_parts_are_named_by_their_fields():
    form = a_request(
        "POST", b"/", headers=((b"Content-Type", b"application/x-www-form-urlencoded"),), body=b"b=2&a=1&a=%20"
    )
    assert places(request_leaves(form)) == {
        "request.headers.content-type": "application/x-www-form-urlencoded",
        "request.body a": "1",
        "request.body a[1]": " ",
        "request.body b": "2",
    }
    part = b'--x\r\nContent-Disposition: form-data; name="doc"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    upload = a_request("POST", b"/", headers=((b"Content-Type", b"multipart/form-data; boundary=x"),), body=part)
    assert places(request_leaves(upload)) == {
        "request.headers.content-type": "multipart/form-data; boundary=x",
        "request.body doc": "hello",
        "request.body doc@filename": "a.txt",
    }


def test_markup_is_named_by_its_elements():
    body = b"<?xml version='1.0'?><list n='2'><item>a &amp; b</item><item><id>7</id></item><![CDATA[ c ]]></list>"
    found = places(response_leaves(a_response(headers=((b"Content-Type", b"application/xml"),), body=body)))
    assert {place: value for place, value in found.items() if " " in place} == {
        "response.body /list@n": "2",
        "response.body /list/item": "a & b",
        "response.body /list/item[2]/id": "7",
        "response.body /list": "c",
    }
    page = b'<html><body><img src="x.png"><form><input name="csrf" value="t-1"></form><p>bye</body></html>'
    found = places(response_leaves(a_response(headers=(), body=page)))
    assert found["response.body /html/body/form/input@value"] == "t-1"


def test_a_body_that_is_nothing_of_that_is_one_text():
    assert response_leaves(a_response(headers=(), body=b"hello"))[1:] == (Leaf("response.body", "hello"),)
    broken = response_leaves(a_response(headers=((b"Content-Encoding", b"gzip"),), body=b"no gzip"))
    assert [leaf.place for leaf in broken][2:] == ["response.body"]
    assert broken[2].value.startswith("#")


def test_what_is_looked_at_is_bounded():
    body = b"[" + b"1," * 20_000 + b"1]"
    assert len(response_leaves(a_response(headers=(), body=body))) == LEAVES
    long = response_leaves(a_response(headers=(), body=b"a" * 100_000))[1]
    assert long.value.startswith("#")
    assert len(long.value) == 33


def test_a_place_can_be_generalized_and_pointed_at():
    assert general("response.body $.items[3].tags[0]") == "response.body $.items[*].tags[*]"
    assert general("response.body /list/item[2]/id") == "response.body /list/item/id"
    assert general("request.query.tag[1]") == "request.query.tag[*]"
    assert pointer_of("request.body $.items[3].a-b['x.y~/']") == "/items/3/a-b/x.y~0~1"
    assert pointer_of("request.body $.items[*].id") == "/items/*/id"
    assert pointer_of("request.body email") == "/email"
    assert pointer_of("request.query.page") is None
    assert pointer_of("response.body /list/item") is None


@given(st.binary(max_size=300), st.sampled_from([b"application/json", b"text/xml", b"multipart/form-data; boundary=x", b"application/x-www-form-urlencoded", b""]), st.binary(max_size=40))  # fmt: skip
def test_hostile_bytes_never_raise(body, kind, target):
    headers = ((b"Content-Type", kind), (b"Cookie", body))
    exchange = an_exchange(
        a_request("POST", b"/" + target, headers=headers, body=body), a_response(headers=headers, body=body)
    )
    assert leaves_of(exchange)[0].place
