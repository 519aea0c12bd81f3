"""What was read and nobody had made was there before."""

from dataclasses import replace

from synthesis.telling import told

from recorder.synthesis.collections.seeds import Sightings


def test_what_sessions_found_alike_was_there_before_them():
    seen = Sightings()
    for session in range(2):
        seen.note_found(session, "things", "a", {"id": "a", "n": 1})
    assert seen.seeds(2) == ({"things": {"a": {"id": "a", "n": 1}}}, {})


def test_what_a_session_made_and_another_found_as_it_was_left_is_no_seed():
    seen = Sightings()
    seen.note_made(0, "things", "a", {"id": "a"})
    seen.note_found(1, "things", "a", {"id": "a"})
    assert (seen.has_made(0, "things", "a"), seen.has_made(1, "things", "a"), seen.seeds(2)) == (True, False, ({}, {}))


def test_what_a_first_list_did_not_show_was_not_there_before():
    seen = Sightings()
    seen.note_listed(0, "things", ["a"])
    for key in ("a", "b"):
        seen.note_found(1, "things", key, {"id": key})
    assert seen.seeds(2) == ({"things": {"a": {"id": "a"}}}, {})


def test_a_list_after_a_session_made_something_says_nothing_of_the_start():
    seen = Sightings()
    seen.note_made(0, "things", "z", {"id": "z"})
    seen.note_listed(0, "things", ["z"])
    seen.note_found(1, "things", "a", {"id": "a"})
    assert seen.seeds(2) == ({"things": {"a": {"id": "a"}}}, {})


def test_starts_that_differ_in_ids_only_are_each_sessions_own():
    seen = Sightings()
    starts = {session: {f"u-71c0ab{session}": {"id": f"u-71c0ab{session}", "name": "Ada"}} for session in range(4)}
    for session, items in starts.items():
        for key, item in items.items():
            seen.note_listed(session, "users", [key])
            seen.note_found(session, "users", key, item)
    assert seen.seeds(4) == ({"users": starts[0]}, {session: {"users": items} for session, items in starts.items()})


def test_a_seed_is_as_full_as_anything_that_was_seen_of_it():
    seen = Sightings()
    for session in range(3):
        seen.note_found(session, "things", "a", {"id": "a"})
    seen.note_found(1, "things", "a", {"id": "a", "parts": [1]})
    assert seen.seeds(3) == ({"things": {"a": {"id": "a", "parts": [1]}}}, {})


def test_seeds_stand_in_the_order_in_which_all_of_them_are_listed():
    seen = Sightings()
    for key in ("b", "c", "a"):  # as a list in another order, or single reads, showed them
        seen.note_found(0, "things", key, {"id": key})
    seen.note_listed(1, "things", ["a", "b", "c"])
    for key in ("a", "b", "c"):
        seen.note_found(1, "things", key, {"id": key})
    [held, _] = seen.seeds(2)
    assert list(held["things"]) == ["a", "b", "c"]


def test_sessions_that_made_some_of_their_own_first_tell_the_order_of_seeds_as_well():
    seen = Sightings()
    samples = [
        replace(one, session=session)
        for session in (0, 1)
        for one in told(("GET", "/things", None, 200, []), ("GET", "/things?after=b", None, 200, []))
    ]
    for key in ("d", "a", "c", "b"):  # as they were named, or listed in another order
        seen.note_found(0, "things", key, {"id": key})
    for sample, keys in zip(samples, (["a", "b", "c"], ["c", "d", "z"], ["a", "b"], ["c", "y"]), strict=True):
        seen.note_made(sample.session, "things", "z", {"id": "z"})
        seen.note_rows(sample, "things", keys)
    assert list(seen.seeds(2)[0]["things"]) == ["a", "b", "c", "d"]


def test_what_each_session_had_is_in_the_order_of_its_lists():
    seen = Sightings()
    for session in range(4):
        keys = [f"{session}a0b1c2d3", f"{session}e4f5a6b7"]
        for key, name in zip(reversed(keys), ("zoe", "ada"), strict=True):
            seen.note_found(session, "users", key, {"id": key, "name": name})
        seen.note_made(session, "users", f"{session}new", {"id": f"{session}new", "name": "kim"})
        [sample] = told(("GET", "/users?limit=5", None, 200, []))
        seen.note_rows(replace(sample, session=session), "users", [*keys, f"{session}new"])
    shared, own = seen.seeds(4)
    assert [one["name"] for one in shared["users"].values()] == ["ada", "zoe"]
    assert [one["name"] for one in own[2]["users"].values()] == ["ada", "zoe"]


def test_what_most_sessions_saw_at_first_was_there_though_one_looked_at_it_once_changed():
    seen = Sightings()
    for session in range(4):
        seen.note_found(session, "things", "a", {"id": "a", "name": "Lamp", "price": 7, "text": "Long te..."})
    seen.note_found(4, "things", "a", {"id": "a", "name": "Chair", "price": 9, "text": "Long text", "parts": [1]})
    [held, _] = seen.seeds(5)
    assert held["things"]["a"] == {"id": "a", "name": "Lamp", "price": 7, "text": "Long text", "parts": [1]}


def test_of_full_looks_the_one_that_is_as_most_lists_show_it_was_before_the_others():
    seen = Sightings()
    for session in range(3):
        seen.note_found(session, "things", "a", {"id": "a", "name": "Lamp"})
    seen.note_found(3, "things", "a", {"id": "a", "name": "Chair", "parts": [1]})
    seen.note_found(4, "things", "a", {"id": "a", "name": "Lamp", "parts": [2]})
    [held, _] = seen.seeds(5)
    assert held["things"]["a"] == {"id": "a", "name": "Lamp", "parts": [2]}
