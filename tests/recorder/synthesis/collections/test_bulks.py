"""A call that writes many items writes each: those that are read next, and those that are deleted."""

from synthesis.vaults import mocks_of_vaults

from recorder.synthesis.collections.binding import Bulk, Collection
from recorder.synthesis.collections.bulks import written_by


class _Call:
    def __init__(self, rows, answers):
        self.json, self.answer_json = {"rows": rows}, {"rows": answers}


def test_of_each_row_that_was_written_is_told_what_was_sent_and_what_came_of_it():
    bulk = Bulk(Collection((None, None)), ("rows",), ("rows",), ("key",), {"_v": ("v",)}, "gone")
    rows = [{"key": "a", "n": 1}, {"key": "b", "gone": True}, {"key": "c", "n": 2}]
    answers = [{"v": "1-x"}, {"v": "2-y"}, {"no": True}]
    assert list(written_by(_Call(rows, answers), bulk)) == [
        ("a", {"key": "a", "n": 1}, {"_v": "1-x"}),
        ("b", None, {"_v": "2-y"}),
    ]


def test_the_save_of_a_call_that_writes_many_is_done_for_each_row():
    made = mocks_of_vaults().made.definitions
    definition = next(one for one in made if one["match"]["path"].endswith("/_many"))
    saves = [save for save in definition["cases"][-1]["save"] if "each" in save]
    assert {save["each"] for save in saves} == {"{{ request.json.rows }}"}
    assert [save.get("delete", False) for save in saves if not save["in"].endswith("_gone")] == [True, False]
