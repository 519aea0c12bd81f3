"""A header without a scheme is a token, and a scheme without a token is none."""

from __future__ import annotations

import pytest

from recorder.authorization import parted


@pytest.mark.parametrize(
    ("value", "scheme", "token"),
    [
        ("Bearer tok-1", "bearer", "tok-1"),
        ("Signature  a=1 b=2 ", "signature", "a=1 b=2"),
        ("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"),
        ("letters", "", "letters"),
        ("Bearer", "bearer", ""),
        ("  ", "", ""),
    ],
)
def test_a_word_alone_is_a_token_but_the_name_of_a_scheme(value, scheme, token):
    assert parted(value) == (scheme, token)
