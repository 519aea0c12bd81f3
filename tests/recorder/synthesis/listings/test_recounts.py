"""Sums are added up anew from all rows, but where they drift: then new rows are added to what was shown."""

from synthesis.telling import scenes_of

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.listings.recounts import sum_up
from recorder.synthesis.listings.sources import Source
from recorder.synthesis.listings.totals import Total, Way

ACCOUNTS = Collection(("accounts", None), "accounts", ("code",))
ROWS = Source("entries", "lines", "account", 0)


def summed(*, drifts):
    """Give what an account of 90 shows after an entry of 5, of which only the entry of 100 before it is known."""
    total = Total(ACCOUNTS, ("sum",), ROWS, Way(None, {None: ("in", "out")}), None, drifts=drifts)
    _, _, scene = scenes_of(*[("POST", "/entries", {}, 201, {})] * 3)
    scene.timeline.put("entries", "1", {"lines": [{"account": "till", "in": 100}]}, 0)
    scene.timeline.put("accounts", "till", {"code": "till", "sum": 90}, 1)
    scene.timeline.put("entries", "2", {"lines": [{"account": "till", "in": 5}]}, 2)
    sum_up([total], scene.timeline, 2)
    return scene.timeline.get("accounts", "till", 3)["sum"]


def test_a_sum_is_what_all_rows_come_to():
    assert summed(drifts=False) == 105


def test_one_that_drifts_goes_on_from_what_was_shown():
    assert summed(drifts=True) == 95


def test_new_rows_are_added_to_what_is_shown_and_nothing_where_none_are_made():
    total = Total(ACCOUNTS, ("sum",), ROWS, Way(None, {None: ("in", "out")}), 2, drifts=True)
    new = {"in": "entries", "key": "{{ vars.answer.json.id }}", "item": "{{ vars.answer.json }}"}
    rows = "keep_rows(unfold([vars.answer.json], 'lines'), 'account', vars.row.code)"
    went_on = f"(((vars.row.sum | default(0) | float) + net({rows}, 'in', 'out')) | round(6))"
    assert total.reached("", "vars.row", [new]) == f"({went_on} | fixed(2))"
    assert total.went_on("", "vars.row", []) == "(vars.row.sum | default(0) | float)"
    assert total.went_on("", "vars.row", [{**new, "item": "{{ request.json }}"}]) == total.plain("", "vars.row")
