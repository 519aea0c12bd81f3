from __future__ import annotations

from sanitizers.words import words


def test_words_are_what_stands_between_spaces():
    assert words("one two\n three") == {"one", "two", "three"}
