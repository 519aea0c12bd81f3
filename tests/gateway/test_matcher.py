from __future__ import annotations

from gateway.errors import ConfigError
from gateway.matcher import Place, Verdict, shown, success, verdict


def test_a_place_tells_errors_from_the_definition_and_verdicts_from_the_match():
    place = Place("match").child("any").item(1).child("headers")
    assert (place.at, place.field) == ("match.any[1].headers", "any[1].headers")
    assert str(place.refusal("no")) == "match.any[1].headers: no"
    assert isinstance(place.refusal("no"), ConfigError)


def test_a_long_value_is_cut_for_people():
    assert shown("x" * 300) == "x" * 199 + "…"
    assert shown({"a": [True, None]}) == '{"a":[true,null]}'
    assert shown(1 << 70) == str(1 << 70)


def test_of_a_large_or_deep_value_only_the_beginning_is_read():
    deep = []
    for _ in range(5_000):
        deep = [deep]
    assert shown(deep) == "[" * 8 + '"…"' + "]" * 8
    assert shown([1] * 1_000_000, 6) == "[1,1,…"


def test_a_test_that_does_not_hold_is_never_wholly_close():
    assert verdict("port", "1", "2", 1.0, "no") == Verdict("port", False, "1", "2", 0.99, "no")
    assert success("port", "1", "1") == Verdict("port", True, "1", "1", 1.0)
