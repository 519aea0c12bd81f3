from __future__ import annotations

import gzip

import pytest
from builders import a_request
from hypothesis import given
from hypothesis import strategies as st
from matching import a_view

from cassettes.exchange import Request
from gateway.view import MISSING, BodyPart, GraphqlCall, RequestView, why_not_json

PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n'
)


def test_query_and_headers_keep_repeated_values_in_order():
    view = a_view("/a%20b?x=1&y=%C3%A9&x=2&z=", headers=[("X-A", "1"), ("x-a", "2")])
    assert view.path == "/a b"
    assert view.query == {"x": ["1", "2"], "y": ["é"], "z": [""]}
    assert view.headers == {"x-a": ["1", "2"]}
    assert view.header("x-a") == "1"


def test_a_part_is_read_once():
    view = a_view(json='{"a": 1}')
    assert view.json is view.json


def test_cookies_of_several_lines_are_one_set_and_the_first_of_a_name_counts():
    view = a_view(headers=[("Cookie", 'a=1; b="2"; odd'), ("Cookie", "a=9; c=3")])
    assert view.cookies == {"a": "1", "b": "2", "c": "3"}


def test_a_body_is_read_without_its_content_coding():
    view = a_view(body=gzip.compress(b'{"a": [1]}'), headers={"Content-Encoding": "gzip"})
    assert view.json == {"a": [1]}
    assert view.text == '{"a": [1]}'


@pytest.mark.parametrize("body", [b"", b"{", b"<a/>", b"[" * 100_000 + b"]" * 100_000, b"\xff"])
def test_what_is_no_json_is_missing(body):
    assert a_view(body=body).json is MISSING


def test_a_form_and_its_repeated_fields():
    view = a_view(body="a=1&b=%20x+y&a=2", kind="application/x-www-form-urlencoded; charset=utf-8")
    assert view.form == {"a": ["1", "2"], "b": [" x y"]}
    assert a_view(body="a=1", kind="text/plain").form == {}


def test_the_parts_of_a_multipart_body():
    view = a_view(body=PARTS, kind="multipart/form-data; boundary=b")
    assert view.parts == {
        "note": BodyPart("note", "", "", b"hello"),
        "file": BodyPart("file", "a.png", "image/png", b"\x89PNG"),
    }
    assert a_view(body=b"torn", kind="multipart/form-data; boundary=b").parts == {}


def test_of_several_parts_of_one_name_the_first_counts_and_all_are_there():
    part = b'--b\r\nContent-Disposition: form-data; name="tag"\r\n\r\n%b\r\n'
    view = a_view(body=part % b"x" + part % b"y" + b"--b--\r\n", kind="multipart/form-data; boundary=b")
    assert view.parts == {"tag": BodyPart("tag", "", "", b"x")}
    assert view.parts_all == {"tag": [BodyPart("tag", "", "", b"x"), BodyPart("tag", "", "", b"y")]}


@pytest.mark.parametrize("body", ["<a><b>1</b></a>", "\ufeff <a><b>1</b></a>", "<a><b>1</b></a>".encode("utf-16")])
def test_xml_is_its_root_element(body):
    assert a_view(body=body).xml.findtext("b") == "1"


@pytest.mark.parametrize("body", ["", "{}", "<a>", "<!DOCTYPE a><a/>"])
def test_what_is_no_xml_or_has_a_doctype_is_none(body):
    assert a_view(body=body).xml is None


def test_a_graphql_call_as_json():
    view = a_view(json='{"query": "mutation M($n: Int) { add(n: $n) { id } }", "variables": {"n": 3}}')
    assert view.graphql == GraphqlCall("mutation M($n: Int) { add(n: $n) { id } }", "M", "mutation", {"n": 3})


def test_a_graphql_call_in_the_query_and_as_its_own_content_type():
    asked = a_view("/graphql?query=%7Bme%7D&variables=%7B%22a%22%3A1%7D", method="GET")
    assert asked.graphql == GraphqlCall("{me}", "", "query", {"a": 1})
    assert a_view(body="query Q{me}", kind="application/graphql").graphql == GraphqlCall(
        "query Q{me}", "Q", "query", {}
    )


def test_a_persisted_query_has_a_name_alone():
    view = a_view(json='{"operationName": "Q", "extensions": {"persistedQuery": {"sha256Hash": "x"}}}')
    assert view.graphql == GraphqlCall("", "Q", "", {})


@pytest.mark.parametrize(
    "body", ['{"query": "not graphql ("}', '{"query": 5}', "[]", '{"a": 1}', '{"query":"{a}","operationName":1}']
)
def test_what_is_no_graphql_call_is_none(body):
    assert a_view(json=body).graphql is None


@pytest.mark.parametrize(
    ("authority", "host", "port"),
    [
        ("API.Example.test:8080", "api.example.test", 8080),
        ("api.example.test.", "api.example.test", 80),
        ("[::1]:9", "[::1]", 9),
        ("[::1]", "[::1]", 80),
        ("a:\xb2", "a", 80),
    ],
)
def test_host_and_port_are_those_that_the_client_asked_for(authority, host, port):
    view = a_view(headers={"Host": authority})
    assert (view.host, view.port) == (host, port)


@given(
    st.binary(max_size=60),
    st.binary(max_size=60),
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"application/json",
            b"application/graphql",
            b"multipart/form-data; boundary=a",
            b"application/x-www-form-urlencoded",
            b"text/xml",
        ]
    ),
)
def test_no_request_raises(target, value, body, kind):
    headers = ((b"Host", value), (b"Cookie", value), (b"Content-Type", kind), (value, value))
    view = RequestView(Request("POST", b"/" + target, headers, body))
    for name in RequestView.__slots__:
        getattr(view, name)


def test_what_is_too_large_to_be_taken_apart_is_left_whole():
    json_body = b'"' + b"a" * (4 << 20) + b'"'
    large = RequestView(a_request("POST", b"/", body=json_body))
    assert (large.json, why_not_json(large)) == (
        MISSING,
        "the body is larger than the 4 MiB that are read as JSON",
    )
    kind = (b"Content-Type", b"application/x-www-form-urlencoded")
    assert RequestView(a_request("POST", b"/", headers=(kind,), body=b"a=b&" * 10_001)).form == {}
    kind = (b"Content-Type", b"multipart/form-data; boundary=x")
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    assert RequestView(a_request("POST", b"/", headers=(kind,), body=part * 1_002 + b"--x--")).parts == {}
