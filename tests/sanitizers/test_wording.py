from __future__ import annotations

import pytest

from sanitizers.wording import cased, fold, is_initial, is_wording, reworded


@pytest.mark.parametrize(
    "text", ["Bilal", "Bilal Jansen", "Jansen, Bilal", "b.jansen", "O'Brien", "李明", "de la Cruz", "Li"]
)
def test_words_and_what_stands_between_them_are_a_wording(text):
    assert is_wording(text)


@pytest.mark.parametrize(
    "text", ["", "B", "B. J.", "jansen42", "a@b", "x=1", "--- ----- x", "Bilal  --- -- Jansen", "w" * 200]
)
def test_what_holds_other_things_is_none(text):
    assert not is_wording(text)


def test_each_word_is_replaced_in_its_case_and_an_initial_by_the_word_it_belongs_to():
    def replaced(text):
        return reworded(text, lambda word: f"{word}q", lambda letter, near: f"{letter}{near}"[-1])

    assert replaced("Ada BERG, jr") == "Adaq BERGQ, jrq"
    assert replaced("B. Jansen") == "N. Jansenq"
    assert replaced("Jansen B.") == "Jansenq N."
    assert replaced("Conan O'Brien") == "Conanq N'Brienq"


def test_case_is_carried_over():
    assert [cased("vajfre", old) for old in ("jansen", "JANSEN", "Jansen", "JanSen")] == [
        "vajfre",
        "VAJFRE",
        "Vajfre",
        "VajFre",
    ]
    assert fold("ΑΣ") == fold("ας") == "ασ"
    assert is_initial("B")
    assert not is_initial("李")
