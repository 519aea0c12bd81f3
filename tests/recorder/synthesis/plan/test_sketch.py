from __future__ import annotations

import orjson
from synthesis.plan.shelf_tapes import interleaved, tapes

from recorder.synthesis.plan.sketch import Piece, pieces_of, sketch


def whole(library, name, longest=50):
    reel = library.reel(name)
    return sketch(reel, Piece(0, 0, reel.size), longest)


def test_cassettes_are_cut_by_their_size_alone():
    assert pieces_of([10, 0, 25], 10) == [Piece(0, 0, 10), Piece(2, 0, 10), Piece(2, 10, 20), Piece(2, 20, 25)]


def test_a_sketch_has_every_call_and_session_and_is_plain_data(tmp_path):
    found = whole(tapes(tmp_path, count=1), "tape-0")
    assert orjson.loads(orjson.dumps(found)) == found
    assert [(name, calls) for name, calls, _, _ in found["sessions"]][5:8] == [("s5", 9), ("s6", 4), ("s7", 9)]
    assert sum(count for *_, count in found["calls"]) == sum(calls for _, calls, _, _ in found["sessions"])
    assert ["PUT", ["things", "*"], 200, 1] in [[method, ["things", "*"], *rest] for method, _, *rest in found["calls"]]


def test_sessions_that_do_the_same_show_the_same(tmp_path):
    one, two, *_, rare = [marks for *_, marks in whole(tapes(tmp_path, count=1, sessions=30), "tape-0")["sessions"]][:7]
    assert (set(one) == set(two), set(rare) <= set(one)) == (True, False)


def test_lines_of_a_session_that_stand_apart_are_runs(tmp_path):
    library = interleaved(tmp_path)
    found = whole(library, "mixed")
    reel = library.reel("mixed")
    for name, calls, runs, _ in found["sessions"]:
        lines = [reel.load(line) for line in reel.lines_in(runs)]
        assert ({one.session for one in lines}, len(lines)) == ({name}, calls)
    assert max(len(runs) for _, _, runs, _ in found["sessions"]) > 1


def test_pieces_have_together_what_the_whole_has(tmp_path):
    library = tapes(tmp_path, count=1)
    reel = library.reel("tape-0")
    pieces = [sketch(reel, piece, 50) for piece in pieces_of([reel.size], 3_000)]
    parts = sum(calls for one in pieces for _, calls, _, _ in one["sessions"])
    assert (len(pieces) > 3, parts) == (True, sum(calls for _, calls, _, _ in whole(library, "tape-0")["sessions"]))


def test_of_a_long_session_only_its_beginning_shows(tmp_path):
    library = tapes(tmp_path, count=1, sessions=1)
    (few, *_), (many, *_) = (whole(library, "tape-0", longest)["sessions"] for longest in (2, 50))
    assert (few[1], many[1], len(few[3]) < len(many[3])) == (9, 9, True)


def test_damaged_lines_are_counted_and_told(tmp_path):
    library = tapes(tmp_path, count=1)
    with (tmp_path / "tape-0" / "interactions.jsonl").open("ab") as lines:
        at = lines.tell()
        lines.write(b'{"torn\n')
    found = whole(library, "tape-0")
    assert (found["damaged"], found["damages"]) == (1, [f"the line at byte {at}: the line is not JSON"])
