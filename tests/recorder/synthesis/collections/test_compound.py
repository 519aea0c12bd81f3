"""A compound key is made of several members of one part of an item."""

from recorder.synthesis.collections.compound import Compound
from recorder.synthesis.samples.values import MISSING

WHO = Compound(("about",), ("who", "part"))


def test_items_have_the_key_of_their_part_and_none_where_a_member_is_missing_or_no_scalar():
    assert WHO.key_in({"about": {"who": "ada", "part": 7, "since": "May"}}) == "ada 7"
    assert WHO.key_in({"about": {"who": "ada"}}) is MISSING
    assert WHO.key_in({"about": {"who": "ada", "part": ["a"]}}) is MISSING
    assert WHO.key_in({"who": "ada", "part": 7}) is MISSING


def test_keys_and_items_are_written_as_expressions():
    assert WHO.text("row") == "row.who ~ ' ' ~ row.part"
    assert WHO.text_around("row") == "{'about': row}"
    assert WHO.around({"who": "ada"}) == {"about": {"who": "ada"}}
