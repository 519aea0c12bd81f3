from __future__ import annotations

import re

import pytest

from sanitizers.pseudonym import pseudonym
from sanitizers.shapes import iban_remainder, is_card, is_date, is_iban, is_luhn, luhn_digit

KEY = b"k" * 32


def made(raw):
    return [pseudonym(bytes([n]) * 32, raw) for n in range(20)]


@pytest.mark.parametrize(
    "raw", ["4556737586899855", "378282246310005", "4111 1111 1111 1111", "5555-5555-5555-4444", "4222222222222"]
)
def test_a_card_stays_a_card_of_its_issuer_with_its_separators(raw):
    for new in made(raw):
        digits = re.sub(r"\D", "", new)
        assert is_luhn(digits)
        assert digits[:6] == re.sub(r"\D", "", raw)[:6]
        assert re.sub(r"\d", "0", new) == re.sub(r"\d", "0", raw)


@pytest.mark.parametrize(("raw", "last"), [("4556737586899855", "9855"), ("3782 822463 10005", "0005")])
def test_a_long_card_keeps_the_four_digits_that_pages_show(raw, last):
    news = made(raw)
    assert {new[-4:] for new in news} == {last}
    assert len(set(news)) == len(news)


def test_a_card_of_thirteen_digits_keeps_its_issuer_alone():
    assert {new[-4:] for new in made("4222222222222")} != {"2222"}


@pytest.mark.parametrize("raw", ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "NO9386011117947"])
def test_an_iban_stays_valid_and_in_its_country(raw):
    for new in made(raw):
        assert iban_remainder(new.replace(" ", "")) == 1
        assert new[:2] == raw[:2]
        assert len(new) == len(raw)


@pytest.mark.parametrize("raw", ["bob@corp.internal", "a@b.co", "Dana.Whit-Field+x@Corp.Example.org", "BOB@CORP.COM"])
def test_an_address_stays_one_and_leads_nowhere(raw):
    for new in made(raw):
        assert re.fullmatch(r"[\w.+-]{8,}@example\.com", new, re.IGNORECASE)


def test_a_uuid_keeps_its_version_and_variant():
    for new in made("550e8400-e29b-41d4-a716-446655440000"):
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", new)


@pytest.mark.parametrize("raw", ["1987-03-14", "1987-03-14T10:00:00Z", "14.03.1987", "3/4/1987", "12/31/1987"])
def test_a_date_stays_a_date(raw):
    for new in made(raw):
        assert is_date(new)
        assert len(new) == len(raw)
        assert new != raw


@pytest.mark.parametrize(
    ("raw", "country"), [("+4915123456789", "+49"), ("+1 415-555-2671", "+1 "), ("+353 86 123 4567", "+353 ")]
)
def test_a_telephone_number_keeps_country_and_spacing(raw, country):
    for new in made(raw):
        assert new.startswith(country)
        assert re.sub(r"\d", "0", new) == re.sub(r"\d", "0", raw)


@pytest.mark.parametrize(
    "raw", ["0123", "7000", "0042", "1234567890", "2147483647", "9223372036854775807", "-12", "3.14", "1.5e10"]
)
def test_a_number_stays_a_number_of_as_many_digits(raw):
    for new in made(raw):
        assert re.sub(r"\d", "0", new.split("e")[0]) == re.sub(r"\d", "0", raw.split("e")[0])
        assert float(new) == float(new)
        assert (new.lstrip("-")[0] == "0") == (raw.lstrip("-")[0] == "0")


@pytest.mark.parametrize(
    ("raw", "new"), [("123", "111"), ("aB1", "xX1"), ("7", "1"), ("-2", "-1"), ("!!", "xx"), ("a b", "x x")]
)
def test_very_short_values_share_one_stand_in(raw, new):
    assert set(made(raw)) == {new}


def test_numbers_that_fit_32_or_64_bits_still_do():
    assert all(int(new) < 2**31 for new in made("2147483647"))
    assert all(int(new) < 2**63 for new in made("9223372036854775807"))


def test_hexadecimal_stays_hexadecimal_in_its_case():
    assert all(re.fullmatch(r"[0-9a-f]{32}", new) for new in made("f7c3bc1d808e04732adf679965ccc34c"))
    assert all(re.fullmatch(r"[0-9A-F]{16}", new) for new in made("F7C3BC1D808E0473"))


@pytest.mark.parametrize("prefix", ["ghp_", "glpat-", "sk_live_", "npm_", "hvs."])
def test_a_known_prefix_stays(prefix):
    assert all(new.startswith(prefix) for new in made(prefix + "a1B2c3D4e5F6g7H8i9J0"))


@pytest.mark.parametrize(
    "prefix",
    ["$2b$12$", "$6$", "$5$rounds=5000$", "$argon2id$v=19$m=65536,t=3,p=4$", "$pbkdf2-sha256$29000$",
     "pbkdf2_sha256$600000$", "pbkdf2:sha256:600000$", "scrypt:32768:8:1$", "{SSHA}"],
)  # fmt: skip
def test_how_a_password_was_hashed_stays_and_nothing_else(prefix):
    news = made(prefix + "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJ")
    assert all(new.startswith(prefix) and "N9qo8uLO" not in new and "cfl7p92" not in new for new in news)
    assert len(set(news)) == len(news)


@pytest.mark.parametrize("raw", ["hunter2!Zq", "Größe 12", "пароль", "密码字", "a.b-c_d/e+f", "tab\tand\nline"])
def test_text_keeps_its_length_its_marks_and_its_kinds_of_letters(raw):
    for new in made(raw):
        assert len(new) == len(raw)
        for old, char in zip(raw, new, strict=True):
            assert (old.isdigit(), old.isupper(), old.isspace()) == (char.isdigit(), char.isupper(), char.isspace())
            if not old.isalnum():
                assert char == old


def test_a_password_of_marks_alone_is_replaced_too():
    assert all("!@#" not in new for new in made("!@#$%^&"))


def test_padded_base64_still_decodes_strictly():
    import base64

    for new in made("c2VjcmV0LXNlY3JldC0xMjM0NQ=="):
        assert base64.b64encode(base64.b64decode(new, validate=True)).decode() == new


def test_armour_keeps_its_first_and_last_line():
    raw = "-----BEGIN X PRIVATE KEY-----\nAbCd1234\n-----END X PRIVATE KEY-----\n"
    for new in made(raw):
        assert re.fullmatch(r"-----BEGIN X PRIVATE KEY-----\n[A-Za-z]{4}\d{4}\n-----END X PRIVATE KEY-----\n", new)


def test_check_digits():
    assert luhn_digit("7992739871") == "3"
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert is_iban("DE89370400440532013000")
    assert not is_iban("DE88370400440532013000")
