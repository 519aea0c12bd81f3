from __future__ import annotations

from dataclasses import replace

from synthesis.plan.shelf_tapes import BOUNDS, a_plan, done, tapes

from recorder.synthesis.plan.outcome import outcome


def came_out(tmp_path, bounds=BOUNDS, damage=b""):
    library = tapes(tmp_path / "home")
    with (tmp_path / "home" / "tape-2" / "interactions.jsonl").open("ab") as lines:
        lines.write(damage)
    plan = a_plan(tmp_path / "plan", library, bounds)
    return outcome(plan, done(plan))


def test_an_outcome_tells_from_what_was_learnt_and_how_all_else_came_out(tmp_path):
    found = came_out(tmp_path)
    told = found.summary["plan"]
    learnt, asked = told["learnt_from"], told["asked"]
    assert learnt["interactions"] + asked["interactions"] == found.summary["interactions"] == 299
    assert learnt["sessions"] + asked["sessions"] == found.summary["sessions"] == 36
    assert learnt["right"] + asked["right"] == found.summary["generalized"]
    assert (told["not_asked"], told["share"], found.summary["literal"]) == (
        0,
        asked["right"] / asked["interactions"],
        0,
    )
    assert sum(one["calls"] for one in told["definitions"]) == asked["interactions"]
    assert [one["definition"] for one in told["definitions"]][:2] == ["get-thing", "post-things"]
    assert len(found.places) == learnt["sessions"]


def test_what_came_out_otherwise_is_told_and_stands_in_the_report(tmp_path):
    found = came_out(tmp_path, replace(BOUNDS, first=10, most=12, rounds=1))
    [first, *_] = found.summary["plan"]["wrong"]
    assert found.remarks[0].startswith(first["what"])
    assert (f"<b>{first['calls']:,}</b>" in found.page, "<h2>All 299 calls</h2>" in found.page) == (True, True)


def test_calls_behind_the_longest_are_told_as_not_asked(tmp_path):
    found = came_out(tmp_path, replace(BOUNDS, longest=5))
    assert found.summary["plan"]["not_asked"] == 31 * 4


def test_damaged_lines_are_told(tmp_path):
    found = came_out(tmp_path, damage=b"{torn\n")
    assert found.summary["plan"]["damaged"] == 1
    assert found.summary["plan"]["damages"][0].startswith("tape-2/interactions.jsonl: the line at byte ")


def test_where_all_is_learnt_from_the_recording_tells_the_rest(tmp_path):
    found = came_out(tmp_path, replace(BOUNDS, first=1_000, most=1_000))
    assert (found.summary["plan"]["asked"]["interactions"], "<h2>All" in found.page) == (0, False)
    assert found.summary["generalized"] + found.summary["literal"] == 299
