from __future__ import annotations

from sanitizers.edit import Edit, Hit, at_path, moved, settle, shift, splice


def test_splice_replaces_the_stretches_and_nothing_else():
    assert splice("abcdef", [Edit(1, 2, "X"), Edit(4, 6, "YZ!")]) == "aXcdYZ!"


def test_splice_without_edits_gives_the_text():
    assert splice("abc", []) == "abc"


def test_the_wider_of_two_edits_wins():
    assert settle([Edit(2, 4, "a"), Edit(0, 9, "b")]) == [Edit(0, 9, "b")]


def test_of_two_edits_that_cross_the_first_named_wins():
    assert settle([Edit(3, 8, "a"), Edit(0, 5, "b")]) == [Edit(3, 8, "a")]


def test_of_two_equal_edits_the_first_named_wins():
    assert settle([Edit(0, 5, "a"), Edit(0, 5, "b")]) == [Edit(0, 5, "a")]


def test_an_address_does_not_swallow_the_password_of_a_url():
    password = Edit(2, 6, "p", (Hit("pass", "p", "userinfo", "urls"),))
    address = Edit(2, 15, "e", (Hit("pass@host.test", "e", "email", "contact"),))
    assert settle([password, address]) == [password]


def test_settled_edits_stand_apart_and_in_order():
    settled = settle([Edit(8, 9, "c"), Edit(0, 3, "a"), Edit(2, 5, "b"), Edit(5, 8, "d")])
    assert [edit.start for edit in settled] == [0, 5, 8]


def test_shift_moves_both_ends():
    assert shift([Edit(1, 2, "x")], 10) == [Edit(11, 12, "x")]


def test_moved_translates_offsets_and_encodes():
    assert moved([Edit(1, 2, "new")], "a%40b", [0, 1, 4, 5], lambda new, old: f"<{new}|{old}>") == [
        Edit(1, 4, "<new|%40>")
    ]


def test_at_path_names_the_place_of_every_hit():
    [edit] = at_path([Edit(0, 1, "x", (Hit("r", "x", "k", "rule"),))], "$.a")
    assert edit.hits[0].path == "$.a"


def test_neither_an_edit_nor_a_hit_shows_a_value():
    assert "s3cret" not in repr(Edit(0, 1, "s3cret", (Hit("s3cret", "s3cret", "k", "r"),)))
    assert "s3cret" not in repr(Hit("s3cret", "s3cret", "k", "r"))
