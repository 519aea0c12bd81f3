from __future__ import annotations

import pytest

from sanitizers.rules.contact import CONTACTS
from sanitizers.rules.cookies import COOKIES
from sanitizers.rules.fields import FIELDS
from sanitizers.rules.headers import HEADERS
from sanitizers.rules.keyblocks import KEY_BLOCKS
from sanitizers.rules.payment import PAYMENTS
from sanitizers.rules.phrases import PHRASES
from sanitizers.rules.providers import PROVIDERS
from sanitizers.rules.query import QUERY
from sanitizers.rules.vocabulary import announced, split_words


def found(rule, text):
    return [(text[span.start : span.end], span.kind) for span in rule.spans(text)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("password", "password"), ("newPassword", "password"), ("password_confirmation", "password"), ("userpassword", "password"),
        ("DB_PASSWORD", "password"), ("contraseña", "password"), ("Kennwort", "password"), ("mot-de-passe", "password"),
        ("пароль", "password"), ("パスワード", "password"), ("client_secret", "secret"), ("apiKey", "secret"), ("X-API-KEY", "secret"),
        ("aws_secret_access_key", "secret"), ("accessToken", "token"), ("csrfmiddlewaretoken", "token"), ("id_token", "token"),
        ("tokens", "token"), ("sessionId", "session"), ("PHPSESSID", "session"), ("otp", "otp"), ("pin2", "otp"), ("cvv", "cvv"),
        ("cardNumber", "card"), ("iban", "account"), ("ssn", "national-id"), ("dateOfBirth", "birth-date"), ("dob", "birth-date"),
        ("customerEmailAddress", "email"), ("phone_number", "phone"), ("téléphone", "phone"), ("firstName", "name"), ("Nachname", "name"),
        ("姓名", "name"), ("streetAddress", "address"), ("Straße", "address"), ("user[password]", "password"),
    ],
)  # fmt: skip
def test_a_name_announces_its_kind(name, kind):
    assert announced(name) == kind


@pytest.mark.parametrize(
    "name",
    ["author", "authority", "tokenizer", "token_type", "tokenCount", "next_page_token", "nextPageToken", "continuationToken", "max_tokens",
     "prompt_tokens", "password_policy", "passwordChangedAt", "secret_name", "name", "title", "pinned", "shipping", "keyboard", "compass",
     "passenger", "emailVerified", "phoneVerified", "x-ratelimit-remaining-tokens", "assessment", "possession", "cardinal", "", "a", "x" * 500],
)  # fmt: skip
def test_a_name_that_only_looks_like_one_announces_nothing(name):
    assert announced(name) is None


def test_names_are_split_into_whole_words():
    assert split_words("XMLHttpRequest_id-2.fooBar") == ["xml", "http", "request", "id", "2", "foo", "bar"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Authorization", "authorization"), ("X-Api-Key", "secret"), ("X-Amz-Security-Token", "token"), ("X-Vault-Token", "token"),
     ("X-CSRF-Token", "token"), ("Ocp-Apim-Subscription-Key", "secret"), ("Private-Token", "secret"), ("X-Shopify-Access-Token", "token"),
     ("X-Hub-Signature-256", "signature"), ("Set-Cookie", "set-cookies"), ("X-My-Session-Id", "session"), ("X-User-Email", "email")],
)  # fmt: skip
def test_a_header_that_carries_credentials_is_known(name, kind):
    assert HEADERS.kind("header", name) == kind


@pytest.mark.parametrize(
    "name",
    [
        "Content-Type",
        "ETag",
        "X-Request-Id",
        "WWW-Authenticate",
        "Idempotency-Key",
        "Sec-WebSocket-Key",
        "Author",
        "X-Page-Token",
        "Host",
    ],
)
def test_other_headers_are_left(name):
    assert HEADERS.kind("header", name) is None


def test_rules_keep_to_their_places():
    assert HEADERS.kind("field", "authorization") is None
    assert COOKIES.kind("cookie", "anything") == "cookie"
    assert COOKIES.kind("field", "anything") is None
    assert QUERY.kind("field", "code") is None
    assert FIELDS.kind("header", "password") is None
    assert FIELDS.kind("path", "reset-token") == "token"
    assert FIELDS.kind("path", "email") is None


def test_a_path_segment_after_a_telling_one_must_look_made_by_a_machine():
    assert FIELDS.fits("path", "token", "a1b2c3d4e5f6")
    assert not FIELDS.fits("path", "token", "revoke")
    assert not FIELDS.fits("path", "password", "reset")


TOKENS = [
    ("github-token", "gh" + "o_" + "a1B2c3D4e5F6g7H8i9J0k1"), ("github-token", "github_" + "pat_" + "a1B2c3D4e5F6g7H8i9J0k1_x"),
    ("gitlab-token", "gl" + "pat-" + "a1B2c3D4e5F6g7H8i9J0"), ("slack-token", "xo" + "xp-" + "1234567890-abcdef"),
    ("stripe-key", "rk" + "_test_" + "a1B2c3D4e5F6"), ("stripe-key", "wh" + "sec_" + "a1B2c3D4e5F6g7H8"), ("aws-key-id", "AS" + "IA" + "Q3EXAMPLE7ZN2XK5"),
    ("google-key", "AI" + "za" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"), ("model-key", "sk-" + "ant-" + "a1B2c3D4e5F6g7H8i9J0"),
    ("registry-token", "np" + "m_" + "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8"), ("registry-token", "py" + "pi-" + "A" * 50),
    ("mail-key", "SG" + "." + "a1B2c3D4e5F6g7H8i9J0k1" + "." + "b" * 43), ("twilio-id", "A" + "C" + "0123456789abcdef" * 2),
    ("vault-token", "hv" + "s." + "a1B2c3D4e5F6g7H8i9J0k1"), ("azure-key", "a1B2c3D4e5" * 8 + "F6g7H8" + "=="),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "token"), TOKENS)
def test_a_provider_token_is_found_in_any_text(kind, token):
    for text in (token, f"key {token} end", f'"{token}"', f"({token})"):
        assert found(PROVIDERS, text) == [(token, kind)]


@pytest.mark.parametrize(("kind", "token"), TOKENS)
def test_a_provider_token_inside_a_word_is_none(kind, token):
    assert found(PROVIDERS, f"x{token}") == []


@pytest.mark.parametrize(
    "text",
    [
        "task-force-of-the-year-2024",
        "sk-learn",
        "desk-chair-with-wooden-legs",
        "SGML",
        "a" * 64,
        "AKIA",
        "monkey-0123",
        "SKU-0123456789",
    ],
)
def test_ordinary_words_are_no_provider_tokens(text):
    assert found(PROVIDERS, text) == []


@pytest.mark.parametrize("joint", ["\n", "\r\n", "\\n"])
def test_a_private_key_is_found_whole_and_cut_off(joint):
    lines = [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "MIIEvQIBADANBgkq",
        "hkiG9w0BAQEFAASC",
        "-----END RSA " + "PRIVATE KEY-----",
    ]
    whole, cut = joint.join(lines), joint.join(lines[:3])
    assert found(KEY_BLOCKS, f"key: {whole} end") == [(whole, "private-key")]
    assert found(KEY_BLOCKS, f"key: {cut}")[0][0].endswith("hkiG9w0BAQEFAASC")
    assert len(found(KEY_BLOCKS, f"{whole} and {whole}")) == 2


def test_a_public_key_and_a_certificate_are_left():
    assert found(KEY_BLOCKS, "-----BEGIN CERTIFICATE-----\nMIIEvQ\n-----END CERTIFICATE-----") == []


@pytest.mark.parametrize(
    "card",
    [
        "4556737586899855",
        "4556 7375 8689 9855",
        "4556-7375-8689-9855",
        "378282246310005",
        "6011111111111117",
        "2223003122003222",
        "4111111111111111",
    ],
)
def test_a_card_number_is_found(card):
    assert found(PAYMENTS, f"paid with {card}.") == [(card, "card")]


@pytest.mark.parametrize(
    "text",
    [
        "4556737586899854",
        "1714566600123456",
        "4006381333931",
        "45567375868998551234567",
        "0000000000000000",
        "4.556737586899855",
        "id-4556737586899855x",
    ],
)
def test_other_numbers_are_no_cards(text):
    assert found(PAYMENTS, text) == []


@pytest.mark.parametrize(
    "iban",
    ["DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "de89370400440532013000"],
)
def test_an_iban_is_found_up_to_its_end(iban):
    assert found(PAYMENTS, f"to {iban} and more 1234") == [(iban, "iban")]


@pytest.mark.parametrize(
    "text", ["DE88370400440532013000", "XX89370400440532013000", "AB12CDEFGHIJKLMNOP", "DE8937040044053201300"]
)
def test_other_codes_are_no_ibans(text):
    assert found(PAYMENTS, text) == []


def test_two_ibans_beside_each_other_are_both_found():
    text = "DE89370400440532013000 GB82WEST12345698765432"
    assert len(found(PAYMENTS, text)) == 2


@pytest.mark.parametrize(
    "address",
    [
        "bob@example.org",
        "dana.w+tag@corp.internal",
        "b@staging.local",
        "o'neil@a-b.co.uk",
        "jürgen@münchen.de",
        "root@localhost",
    ],
)
def test_an_address_is_found(address):
    assert found(CONTACTS, f"<{address}>, or so") == [(address, "email")]


@pytest.mark.parametrize(
    "text",
    ["@scope/package", "lodash@4.17.21", "icon@2x.png", "git@github.com:a/b", "a @ b", "user@", "@", "50 @ 3.20"],
)
def test_what_only_has_an_at_sign_is_no_address(text):
    assert found(CONTACTS, text) == []


@pytest.mark.parametrize(
    "phone",
    ["+4915123456789", "+1 415-555-2671", "+44 (0)20 7946 0958", "(415) 555-2671", "415-555-2671", "415.555.2671"],
)
def test_a_telephone_number_is_found(phone):
    assert found(CONTACTS, f"call {phone} now") == [(phone, "phone")]


@pytest.mark.parametrize(
    "text",
    [
        "1714566600",
        "1714566600123",
        "2024-05-01",
        "10.0.0.12",
        "3.141.592.6535",
        "123-456-7890",
        "550-1234",
        "v1.415.555.2671",
        "2024-05-01T12:30:00+02:00",
    ],
)
def test_other_numbers_are_no_telephone_numbers(text):
    assert found(CONTACTS, text) == []


def test_a_social_security_number_is_found_and_impossible_ones_not():
    assert found(CONTACTS, "ssn 512-48-7736.") == [("512-48-7736", "national-id")]
    assert found(CONTACTS, "000-12-3456 666-12-3456 900-12-3456 512-00-7736 512-48-0000 2024-48-7736") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Authorization: Bearer q8Zr2LmX0vTn5KsW7yPb", "q8Zr2LmX0vTn5KsW7yPb"), ("Authorization: Basic dXNlcjpodW50ZXIy", "dXNlcjpodW50ZXIy"),
        ("password=hunter2 next", "hunter2"), ("password: hunter2", "hunter2"), ('login(password: "swordfish")', "swordfish"),
        ("DB_PASSWORD=swordfish", "swordfish"), ("export API_KEY='abc123def456'", "abc123def456"), ("token => abc123def456,", "abc123def456"),
        ("postgres://svc:pg-Secret@db.int:5432/app", "pg-Secret"), ("AccountKey=a1B2c3D4e5F6;EndpointSuffix=x", "a1B2c3D4e5F6"),
        ('{\\"password\\": \\"swordfish\\"}', "swordfish"),
    ],
)  # fmt: skip
def test_a_credential_in_running_text_is_found(text, value):
    assert value in [stretch for stretch, _ in found(PHRASES, text)]


@pytest.mark.parametrize(
    "text",
    ["error: invalid token: expired", "the password: must be long", "Bearer authentication is required", "fetch(u, {credentials: 'include'})",
     "e.password=!0", "r.token=e.session.token", "password=${DB_PASSWORD}", "basic features", "key: value", "token: null", "https://a.test:8080/x"],
)  # fmt: skip
def test_sentences_and_code_about_credentials_are_left(text):
    assert found(PHRASES, text) == []
