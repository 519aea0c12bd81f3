from __future__ import annotations

import base64
import json
from urllib.parse import quote

from sanitizers.variants import variants, wide


def stands(value, data):
    return any(form in data for form in {**variants(value), **wide(value)}.values())


def test_a_value_is_found_in_base64_at_every_alignment():
    for before in range(4):
        for after in range(4):
            blob = base64.b64encode(b"x" * before + b"hunter2!Zq" + b"y" * after)
            assert stands("hunter2!Zq", blob), (before, after)


def test_a_value_is_found_in_url_safe_base64():
    assert stands(
        "\u00ff\u00fe\u00ff\u00fe\u00ff??>>", base64.urlsafe_b64encode("\u00ff\u00fe\u00ff\u00fe\u00ff??>>".encode())
    )


def test_a_value_is_found_percent_encoded_once_twice_and_thrice():
    text = "p&ss w/rd=1"
    for _ in range(3):
        text = quote(text, safe="")
        assert stands("p&ss w/rd=1", text.encode())


def test_a_value_is_found_in_json_in_json():
    for ascii_only in (True, False):
        text = json.dumps('pa"ss\\w\u00f6rd', ensure_ascii=ascii_only)
        assert stands('pa"ss\\w\u00f6rd', text.encode())
    assert stands('pa"ss\\word', json.dumps(json.dumps('pa"ss\\word')).encode())


def test_a_value_is_found_in_hex_html_and_wide_characters():
    for data in (
        b"hunter2&Zq".hex().encode(),
        b"hunter2&Zq".hex().upper().encode(),
        b"hunter2&amp;Zq",
        "hunter2&Zq".encode("utf-16-le"),
    ):
        assert stands("hunter2&Zq", data)


def test_a_plain_token_has_few_variants():
    assert set(variants("abc123def456")) == {"raw", "base64-0", "base64-1", "base64-2", "hex"}


def test_another_value_is_not_found():
    assert not stands("hunter2!Zq", b'{"password":"hunter3!Zq"}')
