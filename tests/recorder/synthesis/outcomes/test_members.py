"""The members of an item are found in the body that shows it, laid over another or not."""

from __future__ import annotations

from recorder.synthesis.nodes.node import Fixed, Object, Over
from recorder.synthesis.outcomes.members import members_of

ONE = Fixed(1)


def test_members_stand_in_the_item_that_is_shown():
    item = Object({"id": (ONE, None)})
    assert list(members_of(item, ())) == [("id", ONE)]
    assert list(members_of(Object({"data": (Over(Object({}), [], item), None)}), ("data",))) == [("id", ONE)]


def test_what_is_no_object_has_none():
    assert list(members_of(ONE, ())) == list(members_of(Object({}), ("data",))) == list(members_of(None, ())) == []
