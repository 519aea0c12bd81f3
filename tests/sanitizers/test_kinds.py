from __future__ import annotations

import pytest

from sanitizers.kinds import fits, is_harmless_cookie, is_opaque, is_sought, needs_borders


@pytest.mark.parametrize("value", ["s3ss10n-9f8e7d6c", "f7c3bc1d808e04732adf", "abc123def456", "rt.8Xk2.Lq9Wm4Zt7"])
def test_what_a_machine_made_is_opaque(value):
    assert is_opaque(value)


@pytest.mark.parametrize("value", ["best-seller", "products", "steel-bottle-2", "reset", "Blue Shirt", "invite", "12"])
def test_words_and_slugs_are_not_opaque(value):
    assert not is_opaque(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("password", "true"), ("token", "bearer"), ("token", "is too short"), ("phone", "none yet"), ("card", "visa"),
     ("email", "verified"), ("email", "@ada:studio.example"), ("otp", "sms"), ("cvv", "12"), ("address", "Berlin"), ("name", "admin"), ("session", "winter"),
     ("session", "__default_statement_ID"), ("session", "Allow_Read_Of_Objects"),
     ("cookie", "dark"), ("password", "***")],
)  # fmt: skip
def test_a_telling_name_alone_is_not_enough(kind, value):
    assert not fits(kind, value)


@pytest.mark.parametrize(
    "value",
    ["This field is required.", "Ensure this field has at least 8 characters.", "is too short (minimum is 8 characters)",
     "can't be blank or empty", "This password is too common.", "String should have at least 1 character",
     "The password must contain an uppercase letter, a digit and a symbol."],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["password", "secret"])
def test_what_a_service_says_of_a_password_is_none(kind, value):
    assert not fits(kind, value)


@pytest.mark.parametrize(
    "value",
    ["too short", "This is my fox.", "valid-token-is-too-short", "tooshortpassword", "12 34 56", "is 8 too"],
)
def test_a_passphrase_is_no_saying(value):
    assert fits("password", value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("password", "swordfish"), ("token", "abc"), ("phone", "030 123456"), ("card", "4111111111111111"), ("email", "b@x"),
     ("otp", "123 456"), ("cvv", "123"), ("address", "12 High Street"), ("name", "Bo"), ("birth-date", "1987"), ("own", "x1")],
)  # fmt: skip
def test_a_value_that_can_be_of_its_kind_fits(kind, value):
    assert fits(kind, value)


@pytest.mark.parametrize("value", ["true", "dark", "en-US", "12", "EUR", ""])
def test_cookies_of_everybody_are_harmless(value):
    assert is_harmless_cookie(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("password", "short"),
        ("password", "password"),
        ("otp", "739104"),
        ("name", "Madison"),
        ("name", "Bilal van Dijk-Jansen"),
        ("token", "enabled"),
        ("phone", "1234567"),
    ],
)
def test_common_or_short_values_are_not_searched_for(kind, value):
    assert not is_sought(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("password", "swordfish"), ("token", "abc123def456"), ("email", "bobk@x.com"), ("card", "4111111111111111")],
)
def test_distinctive_values_are_searched_for(kind, value):
    assert is_sought(kind, value)


def test_words_and_short_values_must_stand_alone():
    assert needs_borders("swordfish")
    assert needs_borders("12345678")
    assert not needs_borders("abc123def456")


def test_a_short_session_id_is_one_and_is_sought_everywhere():
    assert fits("session", "s3cr3t")
    assert is_sought("cookie", "s3cr3t")
    assert not fits("session", "dark")
    assert not is_sought("cookie", "dark")


@pytest.mark.parametrize(
    "value",
    ["abcdefghij_klmnoPQRSTU", "s3ss10n_of_somebody_else", "AbCdEfGh_IjKlMnOp_QrSt", "abcdefghijklmnopqrstuvwx",
     "a_bcdefghijklmnopqrstu", "default_statement_ID_9f8e7d6c"],
)  # fmt: skip
def test_a_session_id_of_letters_and_underscores_is_one(value):
    assert fits("session", value)


def test_an_address_that_ends_many_others_is_not_sought_in_them():
    assert not is_sought("email", "b@example.com")
    assert is_sought("email", "bob.kay@corp.internal")
    assert needs_borders("bob.kay@corp.internal")
