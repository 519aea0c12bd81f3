from __future__ import annotations

from bench.fidelity.chart import page
from bench.fidelity.report import markdown
from bench.fidelity.result import Counts, Result, counted, wrong_steps
from bench.fidelity.scoring import Scored
from bench.fidelity.transcript import Transcript

STEPS = (
    Scored("create", reached=True, level=5, strict=True, body=True, leaves=4, right=4),
    Scored("read", reached=True, level=3, reads=True, leaves=4, right=3, why="value at $.name"),
    Scored("refuse", reached=True, level=0, false_accept=True, why="status 200, not 404"),
    Scored("list", reached=False, level=-1, reads=True, why="not reached"),
)
COUNTS = Counts(
    steps=4, levels=(3, 2, 2, 2, 1, 1), strict=1, body=1, reads=2, state=0, leaves=8, right=7, false_accepts=1,
    honest=0, sessions=1, completed=0,
)  # fmt: skip
WHOLE = Counts(steps=4, levels=(4, 4, 4, 4, 4, 4), strict=4, body=4, sessions=1, completed=1)


def a_result(**changes):
    fields = {
        "upstream": "shop", "held_out": False, "stand_in": "synthesized", "trained": 20, "cleaned": True, "without": (),
        "counts": COUNTS, "same": WHOLE, "verbatim": WHOLE, "ceiling": WHOLE, "seconds": 1.5, "rules": 12, "interactions": 60,
        "literal_share": 0.05, "wrong": (("read", "L3: value at $.name", 1),),
    }  # fmt: skip
    return Result(**{**fields, **changes})


def test_steps_are_summed_up_by_the_level_they_reached():
    assert counted([(STEPS, Transcript("shop", 1, (), "list: no value"))]) == COUNTS


def test_wrong_steps_are_told_with_their_reason_the_most_frequent_first():
    assert wrong_steps([*STEPS, STEPS[1]]) == (
        ("read", "L3: value at $.name", 2),
        ("refuse", "L0: status 200, not 404", 1),
        ("list", "L-1: not reached", 1),
    )


def test_figures_are_percentages_and_false_accepts_weigh_twice():
    figures = a_result().figures()
    assert {name: figures[name] for name in ("L0", "L1", "L4", "L6", "sessions", "false accepts", "rules")} == {
        "L0": 75.0,
        "L1": 50.0,
        "L4": 25.0,
        "L6": 0.0,
        "sessions": 0.0,
        "false accepts": 25.0,
        "rules": 20.0,
    }
    assert figures["overall"] == (75 + 50 + 50 + 50 + 25 + 0) / 6 - 2 * 25


def test_what_was_wrong_with_a_held_out_upstream_is_not_told():
    assert a_result(held_out=True).plain(tell=False)["wrong"] == []
    assert a_result().plain()["wrong"] == (("read", "L3: value at $.name", 1),)


def test_the_table_compares_the_means_with_the_goals():
    text = markdown([a_result(), a_result(upstream="post", counts=WHOLE)])
    assert "| L0 | 20 | 87.5 | at least 98 | 99.5 | **missed** |" in text
    assert "| same session | 20 | 100.0 | at least 100 | 100 | aim reached |" in text
    assert "| false accepts | 20 | 12.5 | at most 2 | 0.5 | **missed** |" in text
    assert "## synthesized, 20 sessions, cleaned" in text
    assert "| **mean** | 87.5 | 75.0 |" in text


def test_the_page_needs_nothing_else_and_escapes_names():
    text = page([a_result(upstream="<b>"), a_result(trained=1), a_result(stand_in="wiremock")])
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert [mark for mark in ("src=", "href=", "@import", "<script") if mark in text] == []
    assert text.count("<svg") == text.count("</svg>") == 1
