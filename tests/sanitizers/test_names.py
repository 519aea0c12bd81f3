from __future__ import annotations

import base64
import json

import pytest

from sanitizers.names import Names, hides_words, words_of, written_words


def knowing(*words):
    names = Names()
    names.learn(words)
    return names


@pytest.mark.parametrize(
    "text",
    [
        "by Jansen.",
        "JANSEN",
        "/u?q=jansen&x=1",
        "y=Bilal%2CJansen",
        "%4Aansen",
        json.dumps("\nJansen"),
        '"\\u004aansen"',
        "jansen42",
        "eyJ" + base64.b64encode(b'{"name":"Jansen"}').decode()[3:],
    ],
)
def test_a_word_is_present_however_it_is_written(text):
    assert knowing("jansen", "may").present(text.encode()) == {"jansen"}


@pytest.mark.parametrize("text", ["Jansens", "xjansen", "may", "in 9jansen3", ""])
def test_a_part_of_another_word_is_not(text):
    assert knowing("jansen", "may").present(text.encode()) == set()


def test_an_ordinary_word_is_present_with_a_capital():
    assert knowing("may").present(b"In May") == {"may"}


@pytest.mark.parametrize("text", ["Jürgen", "JÜRGEN", '"J\\u00fcrgen"', "J%C3%BCrgen"])
def test_a_word_with_other_letters_is_present_however_they_are_written(text):
    assert knowing("jürgen").present(text.encode()) == {"jürgen"}
    assert knowing("åsa").present("Åsa".encode()) == {"åsa"}


def test_what_is_new_is_told_once_and_the_oldest_are_forgotten():
    names = Names(limit=2)
    assert names.learn(["a", "b"]) == {"a", "b"}
    assert names.learn(["b", "c"]) == {"c"}
    assert "a" not in names
    assert len(names) == 2
    assert "jansen" not in repr(knowing("jansen"))


def test_the_words_of_a_name_are_those_that_have_stand_ins_of_their_own():
    assert words_of("B. Jansen, Bilal") == {"jansen", "bilal"}
    assert words_of("Bilal; Jansen!") == set()
    assert written_words(["ada"]) == {b"ada", b"Ada", b"ADA"}
    assert hides_words("a%20b")
    assert not hides_words("a b")
