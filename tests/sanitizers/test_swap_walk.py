from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from sanitizers.edit import splice
from sanitizers.swap_walk import SwapWalk, stands_alone


def swapped(text, swaps):
    return splice(text, SwapWalk(swaps, "live").value(text))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda value: value,
        lambda value: json.dumps({"a": [value]}),
        lambda value: json.dumps({value: 1}),
        lambda value: json.dumps({"a": json.dumps({"b": value})}),
        lambda value: json.dumps({"a": base64.b64encode(f"<{value}>".encode()).decode()}),
        lambda value: f"a={quote(value, safe='')}&b=1",
        lambda value: f"https://h.test/{quote(quote(value, safe=''), safe='')}?x=1",
        lambda value: f"<a><b c='{value}'>{value}</b></a>",
        lambda value: f"data: {json.dumps(value)}\n\n",
        lambda value: f"hello {value}, hello",
    ],
)
def test_a_value_is_swapped_in_every_layer(wrap):
    assert swapped(wrap("k@b.example"), {"k@b.example": "dana@corp.test"}) == wrap("dana@corp.test")


def test_a_number_is_swapped_for_a_number_or_a_text():
    assert swapped('{"a":12345678}', {"12345678": "87654321"}) == '{"a":87654321}'
    assert swapped('{"a":12345678}', {"12345678": "x7654321"}) == '{"a":"x7654321"}'


def test_short_values_are_swapped_only_where_they_are_the_whole_value():
    assert swapped('{"a":"1234","b":"x 1234"}', {"1234": "9876"}) == '{"a":"9876","b":"x 1234"}'


def test_words_are_swapped_only_where_they_stand_alone():
    assert swapped("swordfish swordfishing", {"swordfish": "marlinxyz"}) == "marlinxyz swordfishing"


def test_what_holds_nothing_to_swap_is_the_same():
    text = '{ "a" : 1.50, "b":"\\u00e9" }'
    assert swapped(text, {"hunter2!Zq": "x"}) == text


def test_the_longer_of_two_values_goes_first():
    assert swapped("abc123def456", {"abc123": "x", "abc123def456": "y"}) == "y"


def test_standing_alone():
    assert stands_alone("ab", 0, 2)
    assert stands_alone("-ab.", 1, 3)
    assert not stands_alone("xab", 1, 3)
    assert not stands_alone("ab1", 0, 2)
