"""Locations of new items: what their last part is, and whether they are right under a path."""

import pytest

from recorder.synthesis.collections.locations import is_under, last_segment


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
