from __future__ import annotations

from synthesis.plan.shelf_tapes import tapes

from recorder.synthesis.plan.sketch import pieces_of, sketch
from recorder.synthesis.plan.survey import dump_survey, load_survey, merged


def surveyed(library, size, longest=50):
    names = library.names()
    pieces = pieces_of([library.reel(name).size for name in names], size)
    documents = [sketch(library.reel(names[piece.source]), piece, longest) for piece in pieces]
    return merged(lambda: documents, longest)


def told(survey):
    return [(one.source, one.name, one.calls) for one in survey.sessions]


def test_a_survey_has_all_sessions_in_order_wherever_the_cassettes_were_cut(tmp_path):
    library = tapes(tmp_path, count=2, sessions=8)
    whole, cut = surveyed(library, 1 << 20), surveyed(library, 1_500)
    assert told(whole) == told(cut)
    assert told(whole)[6:10] == [(0, "s6", 4), (0, "s7", 9), (1, "s0", 9), (1, "s1", 9)]
    assert [sum(one.runs[1::2]) for one in whole.sessions] == [sum(one.runs[1::2]) for one in cut.sessions]
    assert dict(whole.calls) == dict(cut.calls)
    assert whole.answered == 2 * 8 * 9 - 2 * 5


def test_a_session_shows_what_its_pieces_show_but_for_what_links_them(tmp_path):
    library = tapes(tmp_path, count=1, sessions=30)
    whole, cut = surveyed(library, 1 << 20), surveyed(library, 1_500)
    assert whole.sessions[0].marks == whole.sessions[1].marks
    kinds = [sorted(kind for kind in survey.marks if kind != "after") for survey in (whole, cut)]
    assert kinds[0] == kinds[1]


def test_what_is_behind_the_longest_is_not_shown(tmp_path):
    library = tapes(tmp_path, count=1, sessions=1)
    few, many = surveyed(library, 1_000, longest=2), surveyed(library, 1_000)
    assert (few.sessions[0].calls, len(few.sessions[0].marks) < len(many.sessions[0].marks)) == (9, True)


def test_a_survey_is_read_as_it_was_written(tmp_path):
    survey = surveyed(tapes(tmp_path), 4_000)
    assert load_survey(dump_survey(survey)) == survey
