"""Conditions in their order become one that holds in just the scenes that they say."""

import pytest

from recorder.synthesis.conditions.conjunction import one_condition
from recorder.synthesis.terms.term import Term


def flag(name):
    """Give a condition that reads a scene that is a set of names."""
    return Term(name, lambda scene: name in scene, name, 1.0, frozenset({name}))


A, B = flag("a"), flag("b")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ([(A, True), (None, False)], "a"),
        ([(A, False), (None, True)], "not (a)"),
        ([(A, True), (B, True), (None, False)], "(a) or (b)"),
        ([(A, False), (B, True), (None, False)], "not (a) and (b)"),
        ([(A, True), (B, False), (None, True)], "(a) or (not (b))"),
    ],
)
def test_conditions_become_one_that_holds_where_they_say(told, text):
    made = one_condition(told)
    assert made.text == text
    for scene in (set(), {"a"}, {"b"}, {"a", "b"}):
        label = next(label for condition, label in told if condition is None or condition.get(scene))
        assert bool(made.get(scene)) is label


def test_one_condition_reads_what_all_of_them_read():
    made = one_condition([(A, True), (B, True), (None, False)])
    assert (made.cost, made.uses) == (2.0, frozenset({"a", "b"}))


@pytest.mark.parametrize("told", [[(None, True)], [(None, False)], [(A, True)] * 5 + [(None, False)]])
def test_there_is_none_where_nothing_is_told_apart_or_too_much(told):
    assert one_condition(told) is None
