"""Keys of items are made of the parameters of a path."""

from __future__ import annotations

import pytest

from recorder.synthesis.collections.binding import ONLY, Binding, Collection

NOTES = Collection(("things", None, "notes", None), "notes", ("id",))
SETTINGS = Collection(("settings",), "settings", is_single=True)


def test_a_collection_knows_its_home_and_how_many_parameters_name_an_item():
    assert (NOTES.count, NOTES.home) == (2, ("things", None, "notes"))
    assert SETTINGS.count == 0


@pytest.mark.parametrize(("is_elsewhere", "prefix"), [(False, "t1/"), (True, "")])
def test_items_of_a_list_are_kept_under_its_path_or_elsewhere(is_elsewhere, prefix):
    assert Binding("collection", NOTES, is_elsewhere=is_elsewhere).prefix(["t1"]) == prefix


def test_an_item_is_kept_under_what_names_it():
    assert Binding("action", NOTES).key(["t1", "n2", "extra"]) == "t1/n2"
    assert Binding("item", SETTINGS).key([]) == ONLY
