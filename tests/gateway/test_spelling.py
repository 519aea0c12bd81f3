"""Paths have one spelling in which they are compared."""

import pytest

from gateway.spelling import bigrams, decoded, normal


@pytest.mark.parametrize(
    ("sent", "spelt"),
    [
        (b"/a/b-c_d.e~f", b"/a/b-c_d.e~f"),
        (b"/%61%7E%40", b"/a~@"),
        (b"/a%2fb", b"/a%2Fb"),
        (b"/caf\xc3\xa9", b"/caf%C3%A9"),
        (b"/a b|c", b"/a%20b%7Cc"),
        (b"/100%", b"/100%25"),
        (b"/%zz%2", b"/%25zz%252"),
        (b"/%25zz", b"/%25zz"),
        (b"/a%3Fb%23", b"/a%3Fb%23"),
    ],
)
def test_what_needs_no_escape_has_none_and_the_rest_has(sent, spelt):
    assert normal(sent) == spelt
    assert normal(spelt) == spelt


def test_a_part_is_decoded_leniently():
    assert [decoded(part) for part in (b"a%2Fb", b"caf%C3%A9", b"%ff")] == ["a/b", "café", "\ufffd"]


def test_texts_that_share_pairs_of_letters_are_alike():
    path = bigrams(b"/usres/7")
    near, far = bigrams(b"/users/"), bigrams(b"/products/")
    assert (path & near).bit_count() > (path & far).bit_count()
