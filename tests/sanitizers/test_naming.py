from __future__ import annotations

import pytest

from sanitizers.naming import (
    is_distinctive,
    is_person,
    is_search,
    is_short_name,
    may_be_neighbours,
    persons,
    surely_persons,
)

KNOWN = {"bilal", "jansen", "may", "will", "paris", "ada", "li", "von", "leyen"}


def named(text, **more):
    return [text[start:end] for start, end in persons(text, KNOWN.__contains__, **more)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bilal Jansen", ["Bilal Jansen"]),
        ("Jansen, Bilal", ["Jansen, Bilal"]),
        ("b.jansen", ["b.jansen"]),
        ("B. Jansen", ["B. Jansen"]),
        ("Jansen B.", ["Jansen B"]),
        ("a jansen", ["jansen"]),
        ("bilal_jansen-7", ["bilal_jansen"]),
        ("JANSEN", ["JANSEN"]),
        ("jansen42", ["jansen"]),
        ("Jansen's card, and bilal", ["Jansen", "bilal"]),
        ("Ursula von Leyen", ["von Leyen"]),
        ("Will Jansen", ["Will Jansen"]),
        ("Jansens, jansenius, 9jansen", []),
        ("Canada, ADA, a3ada9", []),
        ("Ada", ["Ada"]),
        ("ada", ["ada"]),
        ("in ada we trust", []),
    ],
)
def test_a_distinctive_word_is_a_person_wherever_it_stands_alone(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text", ["May", "in May, will he?", "Will you come?", "will may", "April in Paris", "Li", "von"]
)
def test_an_ordinary_word_alone_is_none(text):
    assert named(text) == []


def test_an_ordinary_word_is_a_person_after_a_greeting_and_in_a_field_of_persons():
    assert named("Dear May, it will be in May") == ["May"]
    assert named("Dr. Paris of Paris") == ["Paris"]
    assert named("Will May", of_person=True) == ["Will May"]
    assert named("may", of_person=True) == []
    assert named("li", of_person=True) == ["li"]


def test_a_host_is_no_person_and_the_path_behind_it_may_be():
    assert named("https://jansen.example.com/u/jansen") == ["jansen"]


@pytest.mark.parametrize(
    "name", ["patient", "assigned_doctor", "createdBy", "X-User", "owners", "patient2", "displayName"]
)
def test_a_field_may_be_called_as_a_person_is(name):
    assert is_person(name)


@pytest.mark.parametrize("name", ["month", "city", "title", "patientId", "ownership", "", "x" * 99])
def test_other_fields_are_not(name):
    assert not is_person(name)


def test_a_parameter_may_be_called_as_searches_are():
    assert is_search("q")
    assert is_search("searchTerm")
    assert not is_search("page")
    assert is_short_name("xu")
    assert not is_short_name("to")


def test_only_two_distinctive_words_are_sure():
    assert list(surely_persons("x Bilal Jansen y", KNOWN.__contains__)) == [(2, 14)]
    assert list(surely_persons("Will Jansen, May", KNOWN.__contains__)) == []
    assert may_be_neighbours("x BILAL JANSEN y", {"bilal", "jansen"})
    assert not may_be_neighbours(f"bilal {'x' * 40} jansen", {"bilal", "jansen"})


def test_words_of_two_letters_and_ordinary_ones_are_not_distinctive():
    assert is_distinctive("jansen")
    assert not is_distinctive("li")
    assert not is_distinctive("may")
