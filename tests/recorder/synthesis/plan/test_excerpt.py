from __future__ import annotations

from synthesis.plan.shelf_tapes import a_plan, done, interleaved, tapes

from recorder.synthesis.plan.excerpt import excerpt


def taken(tmp_path, library, places, longest=50):
    plan = a_plan(tmp_path / "plan", library)
    done(plan)
    return excerpt(plan.reel, [plan.survey.sessions[place] for place in places], longest)


def test_an_excerpt_has_the_sessions_as_they_were_recorded(tmp_path):
    library = tapes(tmp_path / "home")
    found = taken(tmp_path, library, [25, 2, 1])
    assert [(one.manifest.name, {kept.session for kept in one.interactions}) for one in found] == [
        ("tape-0", {"s1", "s2"}), ("tape-2", {"s1"}),
    ]  # fmt: skip
    whole = library.read("tape-0").interactions
    assert found[0].interactions == tuple(one for one in whole if one.session in {"s1", "s2"})


def test_sessions_recorded_at_once_are_in_the_order_in_which_they_ended(tmp_path):
    library = interleaved(tmp_path / "home")
    [found] = taken(tmp_path, library, [0, 1, 2, 3])
    assert found.interactions == library.read("mixed").interactions


def test_of_a_long_session_its_beginning_is_taken(tmp_path):
    library = tapes(tmp_path / "home")
    [found] = taken(tmp_path, library, [0], longest=4)
    assert found.interactions == library.read("tape-0").interactions[:4]


def test_a_line_that_is_not_whole_is_left_out(tmp_path):
    library = tapes(tmp_path / "home")
    lines = tmp_path / "home" / "tape-0" / "interactions.jsonl"
    plan = a_plan(tmp_path / "plan", library)
    done(plan)
    lines.write_bytes(lines.read_bytes().replace(b'"POST"', b'"PO\\T"', 1))
    [found] = excerpt(plan.reel, [plan.survey.sessions[0]], 50)
    assert [one.number for one in found.interactions] == list(range(2, 10))
