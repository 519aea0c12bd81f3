"""Locations of new items: what their last part is, and whether they are right under a path."""

import pytest
from synthesis.telling import told

from recorder.synthesis.collections.locations import are_located, is_under, last_segment


@pytest.mark.parametrize(
    ("location", "last"),
    [("/jars/7", "7"), ("https://pantry.test/jars/7/?fresh=1", "7"), ("/jars/", "jars"), ("", ""), (None, None)],
)
def test_the_last_part_is_that_of_the_path(location, last):
    assert last_segment(location) == last


@pytest.mark.parametrize(
    ("location", "is_so"),
    [
        ("/jars/7", True),
        ("https://pantry.test/jars/7", True),
        ("/jars/7/lid", False),
        ("/pots/7", False),
        (None, False),
    ],
)
def test_only_what_is_right_under_a_path_is(location, is_so):
    assert is_under(location, "/jars/") is is_so


def made(*keys, path="/jars"):
    return told(*(("POST", "/jars", {}, 201, None, {}, {"Location": f"{path}/{key}"}) for key in keys))


def test_most_are_named_later_or_some_are_and_all_are_right_under_the_path():
    assert are_located(made("a", "b", "c"), {0: {"a"}})
    assert are_located(made("a", "b", "c", path="/pots"), {0: {"a", "b"}})
    assert not are_located(made("a", "b", "c", path="/pots"), {0: {"a"}})
    assert not are_located(made("a", "b", "c"), {0: {"d"}})
    assert not are_located(told(("POST", "/jars", {}, 201, {"id": "a"})), {0: {"a"}})
