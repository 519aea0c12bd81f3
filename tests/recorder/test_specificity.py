from __future__ import annotations

import pytest

from recorder.leaves import Leaf
from recorder.specificity import (
    FAINT,
    MADE,
    NOTHING,
    RICH,
    WEAK,
    collection_of,
    is_rare,
    names_of,
    singular,
    weight,
    weight_of_text,
)


@pytest.mark.parametrize(
    "text",
    ["0a26846e-31f7-42e3-86e1-6bf6f81c635d", "1700000000", "ada@harbour.test", "tok_8fJk20LmQx71Zr94", "6bbfdb8897ab030cba47"],
)  # fmt: skip
def test_ids_and_tokens_are_made(text):
    assert weight_of_text(text) == MADE


@pytest.mark.parametrize("text", ["Wool blanket", "6400", "us-east-1", "SKU-170"])
def test_texts_and_larger_numbers_are_rich(text):
    assert weight_of_text(text) == RICH


@pytest.mark.parametrize("text", ["7", "open", "p-1", "12.50", "2024-01-31", "2024-01-31T10:00:00Z", "Spoon"])
def test_what_stands_in_many_places_by_accident_is_weak(text):
    assert weight_of_text(text) == WEAK


def test_booleans_are_faint_and_null_is_nothing():
    found = [
        weight(Leaf("p", text, kind))
        for text, kind in (("true", "boolean"), ("1", "number"), ("null", "null"), ("", "text"))
    ]
    assert found == [FAINT, FAINT, NOTHING, NOTHING]


def test_an_id_is_named_after_what_it_is_the_id_of():
    assert names_of(Leaf("response.body $.id", "3", "number", "id"), "users") == ("id", "userid")
    assert names_of(Leaf("response.body $.items[0].id", "3", "number", "id"), "users") == ("id", "userid")
    assert names_of(Leaf("response.body $.owner.id", "3", "number", "id"), "users") == ("id", "ownerid")
    assert names_of(Leaf("request.path.2", "3"), "", "users") == ("", "userid", "user")
    assert names_of(Leaf("request.body user_id", "3", "text", "user_id"), "posts") == ("userid", "userid")
    assert names_of(Leaf("response.body $.status", "open", "text", "status"), "orders") == ("status", "order.status")
    assert names_of(Leaf("response.body", "x"), "orders") == ()


def test_words_become_singular():
    words = ("users", "categories", "boxes", "addresses", "status", "User-Roles", "news")
    assert [singular(word) for word in words] == ["user", "category", "box", "address", "statu", "userrole", "new"]


def test_the_collection_is_the_last_word_of_a_path():
    assert collection_of(["", "v1", "users", "3"]) == "users"
    assert collection_of(["", "3"]) == ""


def test_rare_is_a_few_or_a_third():
    assert [is_rare(4, 5), is_rare(5, 5), is_rare(33, 100), is_rare(35, 100)] == [True, False, True, False]
