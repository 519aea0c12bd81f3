"""A timeline tells what was held at each moment of a session."""

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.timeline import Timeline


def a_timeline():
    """Give one in which `a` is seeded, changed after moment 2 and deleted after 4, and `b` comes after 3."""
    made = Timeline()
    made.put("notes", "a", {"n": 1}, -1)
    made.put("notes", "a", {"n": 9}, 2)
    made.put("notes", "b", {"n": 5}, 3)
    made.put("notes", "a", MISSING, 4)
    return made


def test_a_change_is_seen_from_the_next_moment_on():
    seen = [a_timeline().get("notes", "a", moment) for moment in range(6)]
    assert seen == [{"n": 1}, {"n": 1}, {"n": 1}, {"n": 9}, {"n": 9}, MISSING]


def test_the_version_right_after_a_moment_is_the_next():
    assert (a_timeline().next_version("notes", "a", 2), a_timeline().next_version("notes", "a", 4)) == (
        {"n": 9},
        MISSING,
    )


def test_what_is_under_a_prefix_comes_in_order_and_what_comes_back_comes_last():
    timeline = a_timeline()
    assert list(timeline.under("notes", "", 4)) == ["a", "b"]
    timeline.put("notes", "a", {"n": 2}, 5)
    assert list(timeline.under("notes", "", 6)) == ["b", "a"]
    assert (timeline.under("notes", "x", 6), timeline.under("nothing", "", 6)) == ({}, {})


def test_what_was_there_once_is_remembered():
    timeline = a_timeline()
    assert [timeline.ever("notes", key, 5) for key in ("a", "b", "c")] == [True, True, False]
    assert timeline.ever("notes", "b", 3) is False
    assert timeline.names() == ["notes"]


def test_the_highest_number_of_all_time_or_of_what_is_held():
    timeline = a_timeline()
    assert [timeline.highest("notes", "n", moment) for moment in (0, 3, 6)] == [1, 9, 9]
    assert timeline.highest("notes", "n", 6, held=True) == 5
    assert timeline.highest("notes", "none", 6) == 0


def test_two_changes_in_one_moment_are_one():
    timeline = a_timeline()
    timeline.put("notes", "b", {"n": 6}, 3)
    assert timeline.get("notes", "b", 4) == {"n": 6}


def test_what_ends_is_gone_whatever_was_told_of_it_later():
    timeline = a_timeline()
    timeline.put("notes", "c", {"n": 1}, 2)
    timeline.put("notes", "c", {"n": 2}, 8)
    timeline.end("notes", "c", 5)
    timeline.end("notes", "unheard", 5)
    assert [timeline.get("notes", "c", moment) for moment in (3, 6, 9)] == [{"n": 1}, MISSING, MISSING]


def test_all_versions_of_all_items_are_changed_at_once():
    timeline = Timeline()
    timeline.put("marks", "x", {"n": 1}, 0)
    timeline.put("marks", "x", {"n": 2}, 1)
    timeline.put("marks", "x", MISSING, 2)
    timeline.change("marks", lambda item: {"m": item["n"]})
    assert [timeline.get("marks", "x", moment) for moment in (1, 2, 3)] == [{"m": 1}, {"m": 2}, MISSING]
