"""A static response becomes bytes when it is loaded."""

import pytest

from cassettes.definition import HeaderEdit, StaticResponse
from gateway.reply import header_change, static_reply


def reply(**document):
    return static_reply(StaticResponse.model_validate(document), "mock")


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        ({"a": [1, None]}, b'{"a":[1,null]}', b"application/json"),
        ([], b"[]", b"application/json"),
        (0, b"0", b"application/json"),
        ("[]", b"[]", b"application/json"),
        ("größe", "größe".encode(), b"text/plain; charset=utf-8"),
    ],
)
def test_the_body_tells_its_type(body, sent, kind):
    made = reply(body=body)
    assert (made.body, dict(made.headers)[b"content-type"]) == (sent, kind)
    assert dict(made.headers)[b"content-length"] == b"%d" % len(sent)


def test_the_definitions_own_type_wins_and_its_length_does_not():
    made = reply(body="{}", headers={"Content-Type": "text/x", "Content-Length": "99", "Transfer-Encoding": "chunked"})
    assert made.headers == ((b"Content-Type", b"text/x"), (b"content-length", b"2"))


@pytest.mark.parametrize("status", [204, 304])
def test_no_length_where_there_is_no_body(status):
    assert reply(status=status).headers == ()


def test_a_header_edit_replaces_and_removes_whatever_the_case():
    change = header_change(HeaderEdit(set={"Accept": "x"}, remove=["COOKIE"]))
    assert change(((b"accept", b"1"), (b"Cookie", b"2"), (b"K", b"3"))) == ((b"K", b"3"), (b"Accept", b"x"))


def test_an_empty_edit_is_none():
    assert header_change(HeaderEdit()) is None
