"""Texts are cut at the usual signs."""

import pytest

from recorder.synthesis.terms.pieces import pieces_of


def cut(text):
    return {piece.text: piece.call(text) for piece in pieces_of(text)}


def test_an_address_has_a_name_and_a_host():
    found = cut("ann@example.com")
    assert found["({} | split('@') | first)"] == "ann"
    assert found["({} | split('@') | last)"] == "example.com"
    assert found["({} | split('.') | last)"] == "com"


def test_an_address_calls_things_by_its_name_and_with_another_sign():
    found = cut("lake-7@example.com")
    assert found["({} | split('@') | first | capitalize)"] == "Lake-7"
    assert [found[f"({{}} | replace('@', '{sign}'))"] for sign in ".-_"] == [
        "lake-7.example.com", "lake-7-example.com", "lake-7_example.com",
    ]  # fmt: skip
    assert not any("replace" in text for text in cut("a@b@c"))


def test_a_path_has_a_folder_and_a_name():
    found = cut("harbour/deep/oak.csv")
    assert found["({} | split('/') | last)"] == "oak.csv"
    assert found["(({} | split('/'))[:-1] | join('/'))"] == "harbour/deep"


@pytest.mark.parametrize("text", ["plain", "", "a/" * 200])
def test_what_has_no_sign_or_is_long_is_left_whole(text):
    assert not cut(text)


def test_a_date_has_a_month_and_a_year_and_a_time_has_a_day():
    assert cut("2025-03-09") == {"{}[:7]": "2025-03", "{}[:4]": "2025"}
    assert cut("2025-03-09T10:00:00")["{}[:10]"] == "2025-03-09"
    assert not any("[:" in text for text in cut("2025-03-0900"))


def test_an_address_on_the_web_has_a_host():
    assert cut("https://oak.example.org/a/b")["({} | split('/'))[2]"] == "oak.example.org"
    assert not any("[2]" in text for text in cut("oak.example.org/a//b"))
