from __future__ import annotations

import base64

import pytest

from cassettes.exchange import Exchange, Request
from sanitizers.errors import LeakError
from sanitizers.guard import Guard, variants
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES

GITHUB = "gh" + "p_R2d2C3poBb8Lu4ke5Le1aHan9SoloChewie77"


def remembering(*secrets):
    guard = Guard()
    guard.remember(secrets)
    return guard


@pytest.mark.parametrize("form", variants("hunter2!Zq").values())
def test_a_remembered_secret_is_refused_in_every_encoding(form):
    with pytest.raises(LeakError):
        remembering("hunter2!Zq").check(b"before " + form + b" after")


def test_the_error_tells_how_many_and_never_which():
    with pytest.raises(LeakError) as refused:
        remembering("hunter2!Zq", "abc123def456").check(b"hunter2!Zq abc123def456")
    assert "(2)" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_clean_bytes_pass():
    remembering("hunter2!Zq").check(b'{"password":"kzrqwe7!Ab"}')


def test_very_short_secrets_are_not_looked_for():
    remembering("1234").check(b"1234")


def test_a_token_that_nobody_replaced_is_refused():
    with pytest.raises(LeakError, match="github-token"):
        Sanitizer(PROFILES["default"], b"k" * 32).guard().check(f'{{"x":"{GITHUB}"}}'.encode())


def test_the_stand_in_of_a_token_passes():
    sanitizer = Sanitizer(PROFILES["default"], b"k" * 32)
    cleaned = sanitizer.clean(Exchange(Request("GET", b"/", ((b"X-Note", GITHUB.encode()),))))
    value = cleaned.exchange.request.headers[0][1]
    assert value != GITHUB.encode()
    assert value.startswith(b"gh" + b"p_")
    sanitizer.guard().check(value)


def test_a_cleaned_private_key_passes_its_guard():
    lines = [
        "-----BEGIN " + "PRIVATE KEY-----",
        *["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + str(n) * 8 for n in range(3)],
        "-----END " + "PRIVATE KEY-----",
        "",
    ]
    for joint in ("\n", "\\n"):
        pem = joint.join(lines)
        sanitizer = Sanitizer(PROFILES["default"], b"k" * 32)
        guard = Guard()
        cleaned = sanitizer.clean(Exchange(Request("POST", b"/", (), pem.encode())))
        guard.remember(cleaned.secrets)
        guard.check(cleaned.exchange.request.body)
        sanitizer.guard().check(cleaned.exchange.request.body)
        with pytest.raises(LeakError):
            guard.check(base64.b64encode(pem.encode()))


def test_a_guard_does_not_show_its_secrets():
    assert "hunter2" not in repr(remembering("hunter2!Zq"))


def test_two_parts_of_a_name_side_by_side_are_refused_and_one_alone_is_not():
    sanitizer = Sanitizer(PROFILES["default"], b"k" * 32)
    sanitizer.clean(Exchange(Request("POST", b"/", (), b'{"givenName":"Bilal","familyName":"Jansen"}')))
    guard = sanitizer.guard()
    guard.check(b'{"x":"a bilal of jansens"}')
    with pytest.raises(LeakError) as refused:
        guard.check(b'{"x":"by BILAL JANSEN"}')
    assert "a person's name (1)" in str(refused.value)
