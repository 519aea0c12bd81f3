"""Two answers are compared part by part, and made-up values are taken for each other."""

import json
from dataclasses import replace

import pytest

from cassettes.exchange import Response
from recorder.synthesis.checking.difference import Content, Difference, compared, learn_headers, other_header
from recorder.synthesis.samples.substitution import Substitution
from recorder.synthesis.samples.values import MISSING


def content(body, status=200, *headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Content.of(Response(status, headers, raw))


def differs(was, now, names=None):
    return compared(content(was), content(now), names or Substitution())


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        ({"a": 1}, {"a": 1.0}, None),
        ({"a": 1}, {"a": 2}, Difference("value", "$.a", 1, 2)),
        ({"a": 1}, {"a": "1"}, Difference("shape", "$.a", "number", "text")),
        ({"a": 1}, {}, Difference("shape", "$.a", "number", "nothing")),
        ({}, {"a": None}, Difference("shape", "$.a", "nothing", "null")),
        ({"a": {}}, {"a": []}, Difference("shape", "$.a", "object", "list of 0")),
        ([1, 2], [1], Difference("shape", "$", "list of 2", "list of 1")),
        ([True], [False], Difference("value", "$[0]", True, False)),
        ({"a": 1}, b"<a>", Difference("shape", "$", "object", "no JSON")),
        (b"one two", b"one three", Difference("value", "text", "one two", "one three")),
        (b"\xff\x00", b"\xff\x01", Difference("value", "bytes", b"\xff\x00", b"\xff\x01")),
        ({"id": "n-71c0ab1"}, {"id": "n-0000001"}, None),
        ({"at": "2026-01-01T00:00:00Z"}, {"at": "2026-02-01T10:00:00Z"}, None),
        (b"see /notes/n-71c0ab1 now", b"see /notes/n-0000001 now", None),
        ({"hash": "$2b$12$a/bcdefgh1234"}, {"hash": "$2b$12$zyxwvuts/987/6"}, None),
    ],
)
def test_the_first_difference_is_told(was, now, difference):
    assert differs(was, now) == difference


def test_a_status_comes_first_and_bodies_of_head_do_not_count():
    assert compared(content({}, 200), content({}, 404), Substitution()) == Difference("status", "", 200, 404)
    assert compared(content({"a": 1}), content(b""), Substitution(), method="HEAD") is None


def test_what_comes_after_a_difference_is_learnt_too():
    names = Substitution()
    found = differs({"title": "tea", "id": "n-71c0ab1"}, {"title": "rye", "id": "n-0000001"}, names)
    assert (found, names.to_mock) == (Difference("value", "$.title", "tea", "rye"), {"n-71c0ab1": "n-0000001"})


def test_nothing_is_learnt_of_lists_of_other_lengths():
    names = Substitution()
    differs([{"id": "n-71c0ab1"}, {"id": "n-71c0ab2"}], [{"id": "n-0000002"}], names)
    assert names.to_mock == {}


def test_a_text_that_fits_in_part_teaches_no_paths():
    names = Substitution(sent={"a", "note-1234.txt"})
    assert differs(b"<Key>a/note-1234.txt</Key><Size>7</Size>", b"<Key>img/rest-9876.txt</Key><Size>9</Size>", names)
    assert names.to_mock == {}


@pytest.mark.parametrize(("is_cleaned", "place"), [(True, "$.later"), (False, "$.sent_to")])
def test_of_a_cleaned_answer_masked_addresses_are_compared_by_their_form_alone(is_cleaned, place):
    was = replace(content({"sent_to": "h***gx@example.com", "later": "no"}), is_cleaned=is_cleaned)
    told = compared(was, content({"sent_to": "a***@corp.org", "later": "yes"}), Substitution())
    assert told is not None
    assert told.where == place


def test_times_are_compared_where_one_clock_told_both():
    strict = Substitution(allows=lambda was, now: False)
    assert differs({"at": "2026-01-01T00:00:00Z"}, {"at": "2026-02-01T10:00:00Z"}, strict) is not None


def test_headers_are_compared_but_for_those_of_the_moment():
    was = content({}, 200, (b"Date", b"a"), (b"X-Page", b"1"), (b"Vary", b"Accept"))
    now = content({}, 200, (b"Date", b"b"), (b"x-page", b"2"))
    assert other_header(was, now, Substitution()) == Difference("header", "x-page", "1", "2")
    assert other_header(content({}), now, Substitution()) == Difference("header", "x-page", MISSING, "2")
    assert other_header(was, was, Substitution()) is None


def test_cookies_and_places_are_learnt_from_headers_and_plain_words_are_not():
    names = Substitution()
    was = content(
        {}, 201, (b"Set-Cookie", b"sid=71c0ab82; Path=/"), (b"Location", b"/notes/n-71c0ab1?first=1&second=2")
    )
    now = content(
        {}, 201, (b"Set-Cookie", b"sid=00000001; Path=/"), (b"Location", b"/notes/n-0000001?second=2&first=1")
    )
    learn_headers(was, now, names)
    assert names.to_mock == {"71c0ab82": "00000001", "n-71c0ab1": "n-0000001"}


@pytest.mark.parametrize(
    ("difference", "told"),
    [
        (Difference("status", "", 200, 404), "status 404, not 200"),
        (Difference("shape", "$.a", "list of 2", "nothing"), "shape at $.a: nothing, not list of 2"),
        (Difference("value", "$.a", 1, 2), "value at $.a"),
        (Difference("error", "", None, "RenderError: x"), "RenderError: x"),
    ],
)
def test_it_is_told_without_values(difference, told):
    assert difference.told == told


def marked(text):
    return Content.of(Response(200, ((b"Content-Type", b"text/xml"),), text))


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (b"<a><b>1</b></a>", b"<a>\n  <b>1</b>\n</a>", None),
        (b"<a><b>1</b><c/></a>", b"<a><c/><b>1</b></a>", Difference("shape", "$.a[0].b", "text", "nothing")),
        (b"<a><b>one</b></a>", b"<a><b>two</b></a>", Difference("value", "$.a[0].b", "one", "two")),
        (b'<a x="1"/>', b'<a x="2"/>', Difference("value", "$.a.@x", "1", "2")),
        (b"<a/>", b"{}", Difference("shape", "$.a", "text", "nothing")),
        (b"<a>", b"<a>", None),
    ],
)
def test_xml_is_compared_element_by_element(was, now, difference):
    assert compared(marked(was), marked(now), Substitution()) == difference
