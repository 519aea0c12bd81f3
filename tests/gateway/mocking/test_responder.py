"""One response becomes ready bytes where it can, and a reply for each request where it has templates."""

import time
from random import Random

import pytest
from supplied import performed

from cassettes.definition import StaticResponse
from cassettes.exchange import Request
from gateway.context import Context
from gateway.errors import ConfigError, RenderError
from gateway.mocking.responder import Responder
from gateway.view import RequestView

JSON = (b"content-type", b"application/json")
PLAIN = (b"content-type", b"text/plain; charset=utf-8")


def responder(files=None, **document):
    return Responder(StaticResponse.model_validate(document), "here", read_file=(files or {}).__getitem__)


def context(target=b"/", body=b"", **params):
    view = RequestView(Request("POST", target, ((b"Content-Type", b"application/json"),), body))
    view.path_params = params
    return Context(view, "x", None, None, Random(1), time.time)


@pytest.mark.parametrize(
    ("document", "status", "headers", "body"),
    [
        ({"body": "hi"}, 200, (PLAIN, (b"content-length", b"2")), b"hi"),
        ({"body": '{"a": 1}'}, 200, (JSON, (b"content-length", b"8")), b'{"a": 1}'),
        ({"body": {"a": [1, None]}}, 200, (JSON, (b"content-length", b"14")), b'{"a":[1,null]}'),
        ({"status": 204}, 204, (), b""),
        ({}, 200, ((b"content-length", b"0"),), b""),
        ({"body": "x", "headers": {"content-TYPE": "a/b"}}, 200, ((b"content-TYPE", b"a/b"), (b"content-length", b"1")), b"x"),
        ({"headers": {"X": ["1", "2"], "Content-Length": "9"}}, 200, ((b"X", b"1"), (b"X", b"2"), (b"content-length", b"0")), b""),
        ({"body_base64": "AP8="}, 200, ((b"content-type", b"application/octet-stream"), (b"content-length", b"2")), b"\0\xff"),
        ({"body": {"a": "{{ 1 }}"}, "template": False}, 200, (JSON, (b"content-length", b"15")), b'{"a":"{{ 1 }}"}'),
        ({"body": "{{ 1 }}", "template": False}, 200, (PLAIN, (b"content-length", b"7")), b"{{ 1 }}"),
    ],
)  # fmt: skip
def test_what_needs_no_request_is_ready(document, status, headers, body):
    ready = responder(**document).ready
    assert (ready.status, ready.headers, ready.body, ready.source) == (status, headers, body, "mock")


@pytest.mark.parametrize(
    ("document", "body"),
    [
        ({"body": {"id": "{{ request.path_params.id }}", "n": 1}}, b'{"id":7,"n":1}'),
        ({"body": '{"id": {{ request.path_params.id }}, "q": "{{ request.query.q }}"}'}, b'{"id": 7, "q": "a\\"b"}'),
        ({"body": "{{ request.method }} {{ request.path }}"}, b"POST /p"),
        ({"body": "<p>{{ request.query.q }}</p>", "headers": {"Content-Type": "text/html"}}, b"<p>a&#34;b</p>"),
        ({"body": ["{{ request.json.a }}"]}, b'["x"]'),
    ],
)
def test_templates_are_rendered_for_each_request(document, body):
    made = responder(**document).make(context(b"/p?q=a%22b", b'{"a": "x"}', id=7))
    assert made.body == body
    assert (b"content-length", b"%d" % len(body)) in made.headers


def test_status_and_headers_may_be_templates():
    one = responder(status="{{ request.query.s }}", headers={"Location": "/u/{{ request.query.s }}"})
    reply = one.make(context(b"/?s=302"))
    assert (reply.status, reply.headers[0]) == (302, (b"Location", b"/u/302"))


@pytest.mark.parametrize("status", ["99", "abc", "", "600"])
def test_a_status_that_is_none_is_an_error(status):
    with pytest.raises(RenderError, match="from 200 to 599"):
        responder(status="{{ request.query.s }}").make(context(b"/?s=" + status.encode()))


async def test_headers_come_in_the_order_in_which_they_are_written():
    made = responder(headers={"Set-Cookie": ["a={{ request.query.x }}", "b=2"], "X": "1"}, status=204)
    at_once = made.make(context(b"/?x=7")).headers
    waiting = (await made.make_later(context(b"/?x=7"))).headers
    assert at_once == waiting == ((b"Set-Cookie", b"a=7"), (b"Set-Cookie", b"b=2"), (b"X", b"1"))


def test_a_template_cannot_split_a_header():
    with pytest.raises(RenderError, match="more than one line"):
        responder(headers={"X": "{{ request.query.x }}"}).make(context(b"/?x=a%0d%0aSet-Cookie:%20b"))


def test_a_body_is_only_asked_for_where_a_template_reads_it():
    wanting = [responder(body=body).needs_body for body in ("{{ request.path }}", "{{ request.json.a }}", "plain")]
    assert wanting == [False, True, False]


def test_a_file_is_sent_as_it_is_unless_it_is_said_to_be_a_template():
    files = {"page.html": b"<b>{{ 1 + 1 }}</b>", "data.json": b'{"n": {{ 1 + 1 }}}'}
    plain = responder(files, body_file="page.html").ready
    assert (plain.body, plain.headers[0]) == (b"<b>{{ 1 + 1 }}</b>", (b"content-type", b"text/html; charset=utf-8"))
    assert responder(files, body_file="data.json", template=True).make(context()).body == b'{"n": 2}'


def test_a_template_in_a_file_must_be_text():
    with pytest.raises(ConfigError, match="UTF-8"):
        responder({"a.txt": b"\xff"}, body_file="a.txt", template=True)


def test_what_is_not_base64_is_told():
    with pytest.raises(ConfigError, match=r"here\.body_base64: this is not base64"):
        responder(body_base64="@@")


def test_base64_may_be_made_by_a_template():
    made = responder(body_base64="{{ ('a' ~ request.path) | base64 }}").make(context(b"/b"))
    assert (made.body, made.headers[0]) == (b"a/b", (b"content-type", b"application/octet-stream"))
    with pytest.raises(RenderError, match=r"here\.body_base64: this became something other than Base64"):
        responder(body_base64="{{ '@' }}").make(context(b"/b"))


def test_without_files_none_can_be_named():
    with pytest.raises(ConfigError, match="cannot name other files"):
        Responder(StaticResponse(body_file="a"), "here")


def test_state_makes_it_wait():
    one = responder(body="{{ inc('n') }}")
    assert (one.waits, one.ready, performed(None)) == (True, None, None)


def test_a_header_that_comes_out_as_omit_is_not_sent():
    headers = {"X-A": "{{ request.query.a or omit }}", "X-B": "omit {{ 1 }}", "X-C": ["c", "{{ omit }}"]}
    made = [responder(headers=headers).make(context(target)).headers for target in (b"/", b"/?a=1")]
    assert made == [
        ((b"X-B", b"omit 1"), (b"X-C", b"c"), (b"content-length", b"0")),
        ((b"X-A", b"1"), (b"X-B", b"omit 1"), (b"X-C", b"c"), (b"content-length", b"0")),
    ]


async def test_a_list_of_cookies_is_a_line_each_and_any_other_list_one():
    made = responder(
        headers={"Set-Cookie": "{{ each(request.query.items(), row[0] ~ '=' ~ row[1]) }}", "X": "{{ [1, 2] }}"},
        status=204,
    )
    at_once = made.make(context(b"/?kernel=1&opal=2")).headers
    waiting = (await made.make_later(context(b"/?kernel=1&opal=2"))).headers
    assert at_once == waiting == ((b"Set-Cookie", b"kernel=1"), (b"Set-Cookie", b"opal=2"), (b"X", b"[1,2]"))
    assert made.make(context(b"/")).headers == ((b"X", b"[1,2]"),)


XML = (b"content-type", b"application/xml")


@pytest.mark.parametrize(
    ("document", "headers", "body"),
    [
        ({"body": {"?xml": 'version="1.0"', "a": {"b": [1, 2], "@c": "<"}}}, (XML,), b'<?xml version="1.0"?><a c="&lt;"><b>1</b><b>2</b></a>'),
        ({"body": {"a": {"b": None}}, "headers": {"Content-Type": "text/xml"}}, ((b"Content-Type", b"text/xml"),), b"<a/>"),
        ({"body": {"?xml": 1}, "headers": {"Content-Type": "application/json"}, "template": False}, ((b"Content-Type", b"application/json"),), b'{"?xml":1}'),
    ],
)  # fmt: skip
def test_an_object_is_written_as_xml_where_it_or_its_media_type_says_so(document, headers, body):
    reply = responder(**document).ready
    assert (reply.headers, reply.body) == ((*headers, (b"content-length", b"%d" % len(body))), body)


def test_xml_is_rendered_for_each_request_and_escaped():
    made = responder(
        body={"?xml": "", "a": {"b": "{{ request.path_params.b }}", "c": "{{ omit }}", "d": "{{ 1 == 1 }}"}}
    )
    reply = made.make(context(b="<&>"))
    assert (reply.body, reply.tree) == (
        b"<a><b>&lt;&amp;&gt;</b><d>true</d></a>",
        b'{"?xml":"","a":{"b":"<&>","d":true}}',
    )


def test_what_cannot_be_written_as_xml_is_told():
    made = responder(body={"?xml": "", "a": {"b": "{{ request.path_params.b }}"}})
    with pytest.raises(RenderError, match=r"^here\.body: this cannot be written as XML: the character U\+0001 cannot"):
        made.make(context(b="\x01"))
    with pytest.raises(ConfigError, match=r"has one root element, and this has 2"):
        responder(body={"?xml": "", "a": 1, "b": 2})
