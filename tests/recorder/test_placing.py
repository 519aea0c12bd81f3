"""Values are put into requests at the places of their leaves, and stand there as the old ones did."""

import json

import pytest

from cassettes.exchange import Request
from recorder.leaves import request_leaves
from recorder.placing import placed

JSON = (b"Content-Type", b"application/json")
FORM = (b"Content-Type", b"application/x-www-form-urlencoded")
XML = (b"Content-Type", b"text/xml")
COOKIES = (b"Cookie", b"a=1; sid=old; b=2")
BODY = json.dumps({"order": {"id": 7, "tags": ["x", "y"]}, "it's": "old", "ok": True}).encode()


def a_request(**changes):
    fields = {
        "method": "POST",
        "target": b"/orders/old/items?q=1&q=2&cursor=old",
        "headers": (JSON, COOKIES),
        "body": BODY,
    }
    return Request(**(fields | changes))


def value_at(request, place):
    return next(leaf.value for leaf in request_leaves(request) if leaf.place == place)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("request.path.2", "new"),
        ("request.path.2", "a/b c%"),
        ("request.query.cursor", "n=&w ü"),
        ("request.query.q[1]", "9"),
        ("request.headers.content-type", "text/plain"),
        ("request.cookies.sid", "new"),
        ("request.body $.order.id", "5402"),
        ("request.body $.order.tags[1]", "z"),
        ("request.body $['it\\'s']", "new"),
    ],
)
def test_a_value_stands_where_it_was_put_and_nothing_else_changes(place, value):
    before = a_request()
    made, missed = placed(before, {place: value})
    assert missed == frozenset()
    assert value_at(made, place) == value
    others = [(leaf.place, leaf.value) for leaf in request_leaves(before) if leaf.place != place]
    if place != "request.headers.content-type":
        assert [(leaf.place, leaf.value) for leaf in request_leaves(made) if leaf.place != place] == others


def test_a_number_stays_a_number_and_the_length_is_that_of_the_new_body():
    before = a_request(headers=(JSON, (b"Content-Length", str(len(BODY)).encode())))
    made, _ = placed(before, {"request.body $.order.id": "540200"})
    assert json.loads(made.body)["order"]["id"] == 540200
    assert dict(made.headers)[b"Content-Length"] == str(len(made.body)).encode()


def test_forms_are_written_as_forms():
    made, _ = placed(a_request(headers=(FORM,), body=b"a=1&token=old+one&b="), {"request.body token": "n&w"})
    assert made.body == b"a=1&token=n%26w&b="


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("request.body /a/b", {"headers": (XML,), "body": b"<a><b>1</b></a>"}),
        ("request.body /a/c", {"headers": (XML,), "body": b"<a><b>NP297751</b></a>"}),
        ("request.body $.none", {}),
        ("request.body $.order.id", {"body": b"no json"}),
        ("request.body $.order.id", {"headers": (JSON, (b"Content-Encoding", b"gzip"))}),
        ("request.path.9", {}),
        ("request.query.none", {}),
        ("request.headers.x-none", {}),
        ("request.cookies.none", {}),
        ("request.body", {}),
    ],
)
def test_what_cannot_be_placed_is_told_and_left(place, changes):
    before = a_request(**changes)
    assert placed(before, {place: "new"}) == (before, frozenset({place}))


def test_markup_parts_and_text_are_written_where_the_old_value_stands():
    soap = b"<a><b>NP297751</b><c x='NP297751'>NP29775</c></a>"
    made, missed = placed(a_request(headers=(XML,), body=soap), {"request.body /a/b": "A<B"})
    assert (made.body, missed) == (b"<a><b>A&lt;B</b><c x='A&lt;B'>NP29775</c></a>", frozenset())
    parts = (b"Content-Type", b"multipart/form-data; boundary=x")
    body = b'--x\r\nContent-Disposition: form-data; name="ref"\r\n\r\nNP297751\r\n--x--\r\n'
    made, missed = placed(a_request(headers=(parts,), body=body), {"request.body ref": "NP1"})
    assert (made.body, missed) == (body.replace(b"NP297751", b"NP1"), frozenset())
    made, missed = placed(a_request(headers=(), body=b"pay NP297751"), {"request.body": "pay NP1"})
    assert (made.body, missed) == (b"pay NP1", frozenset())


def test_what_is_no_number_is_not_put_where_one_stands():
    before = a_request()
    assert placed(before, {"request.body $.order.id": "o-7"}) == (before, frozenset({"request.body $.order.id"}))
