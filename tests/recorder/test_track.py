"""Tracks and the walk of a session over them."""

from __future__ import annotations

from builders import an_interaction

from cassettes.exchange import Request
from cassettes.key import make_key
from recorder.track import Track, Walk, pool_of

KEY = make_key(Request("GET", b"/a"))


def track(number: int, *numbers: int) -> Track:
    return Track(number, KEY, [an_interaction(one) for one in numbers])


def taken(walk: Walk, pool, count: int, repeat="last") -> list[int | None]:
    steps = (walk.next_step(pool, repeat) for _ in range(count))
    return [step[0].interaction.number if step else None for step in steps]


def test_a_track_is_walked_in_order_and_then_repeats_its_last():
    assert taken(Walk(), pool_of(9, [track(1, 3, 5)]), 4) == [3, 5, 5, 5]


def test_a_track_that_loops_begins_again():
    assert taken(Walk(), pool_of(9, [track(1, 3, 5)]), 5, "loop") == [3, 5, 3, 5, 3]


def test_a_strict_track_ends():
    assert taken(Walk(), pool_of(9, [track(1, 3, 5)]), 3, "strict") == [3, 5, None]


def test_positions_count_from_one():
    walk, pool = Walk(), pool_of(9, [track(1, 3, 5)])
    assert [walk.next_step(pool, "last")[1] for _ in range(3)] == [1, 2, 2]


def test_a_pool_gives_what_its_tracks_did_not_give_yet_in_the_order_of_recording():
    one, two = track(1, 1, 4), track(2, 2, 3)
    walk = Walk()
    assert taken(walk, pool_of(8, [one]), 1) == [1]
    assert taken(walk, pool_of(9, [one, two]), 3) == [2, 3, 4]
    assert taken(walk, pool_of(8, [one]), 1) == [4]


def test_a_pool_that_loops_lets_its_tracks_begin_again():
    one, two = track(1, 1), track(2, 2)
    walk = Walk()
    pool = pool_of(9, [one, two])
    assert taken(walk, pool, 4, "loop") == [1, 2, 1, 2]
