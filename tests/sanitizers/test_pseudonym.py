from __future__ import annotations

import pytest

from sanitizers.pseudonym import Stream, canonical, is_blank, little, pseudonym

ONE, OTHER = b"1" * 32, b"2" * 32


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob@Example.org", "bob@example.org"),
        ("4111 1111 1111 1111", "4111111111111111"),
        ("415-555-2671", "(415) 555-2671"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("F7C3BC1D808E0473", "f7c3bc1d808e0473"),
        ("e\u0301tude", "\u00e9tude"),
    ],
)
def test_two_spellings_of_one_value_are_one_value(one, other):
    assert canonical(one) == canonical(other)


def test_the_same_value_gets_the_same_stand_in_whatever_its_spelling():
    plain = pseudonym(ONE, "4556737586899855")
    assert pseudonym(ONE, "4556-7375-8689-9855").replace("-", "") == plain
    assert pseudonym(ONE, "Bob@Corp.org").lower() == pseudonym(ONE, "bob@corp.org")


def test_words_get_their_stand_ins_one_by_one_in_any_case():
    given, family = pseudonym(ONE, "Bilal"), pseudonym(ONE, "jansen")
    assert pseudonym(ONE, "Bilal Jansen") == f"{given} {family.capitalize()}"
    assert pseudonym(ONE, "JANSEN, bilal") == f"{family.upper()}, {given.lower()}"
    assert canonical("Bilal JANSEN") == canonical("BILAL Jansen")


def test_initials_before_one_word_stay_different():
    made = {pseudonym(ONE, f"{letter}. Jansen") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert len(made) == 26


def test_short_words_get_stand_ins_of_six_letters_so_that_none_is_drawn_twice():
    words = [f"{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]
    made = {pseudonym(ONE, word) for word in words}
    assert len(made) == len(words)
    assert all(len(one) == 6 for one in made)


def test_a_credential_that_is_letters_only_keeps_its_prefix():
    assert pseudonym(ONE, "sk_live_" + "abcdefghijkl").startswith("sk_live_")


def test_another_key_gives_another_stand_in():
    for raw in ("hunter2!Zq", "4556737586899855", "bob@corp.org", "+4915123456789", "f7c3bc1d808e0473"):
        assert pseudonym(ONE, raw) != pseudonym(OTHER, raw)


def test_another_attempt_gives_another_stand_in():
    assert pseudonym(ONE, "hunter2!Zq", 0) != pseudonym(ONE, "hunter2!Zq", 1)


@pytest.mark.parametrize("raw", ["", "***", "xxxx", "[REDACTED]", "<redacted>", "••••", "null",
    "[password hidden scrypt]", "(value omitted)"])  # fmt: skip
def test_what_is_masked_already_says_nothing(raw):
    assert is_blank(raw)


@pytest.mark.parametrize("raw", ["a", "0", "hunter2", "!@#$"])
def test_what_says_something_is_not_blank(raw):
    assert not is_blank(raw)


def test_a_stream_never_ends():
    stream = Stream(ONE, "x")
    drawn = [stream.below(10) for _ in range(10_000)]
    assert set(drawn) == set(range(10))


@pytest.mark.parametrize(("raw", "made"), [("Ito", "Xxx"), ("a7", "x1"), ("42", "11"), ("Anna", None), ("+1-2", None)])
def test_what_is_little_has_one_stand_in_under_every_key(raw, made):
    assert little(raw) == made
    if made is not None and not raw.isalpha():  # a word has a stand-in of its own
        assert pseudonym(b"a" * 32, raw) == pseudonym(b"b" * 32, raw) == made
