"""Fields that sort objects into few kinds."""

from recorder.synthesis.samples.kinds import kinds_of


def test_words_and_switches_that_come_again_are_kinds_and_names_and_numbers_are_not():
    rows = [
        {"side": side, "paid": paid, "name": f"n{place}", "sum": 5}
        for place, (side, paid) in enumerate([("out", True), ("in", True), ("in", False), ("in", True)])
    ]
    assert kinds_of(rows) == [("side", ["in", "out"]), ("paid", [True, False])]


def test_one_kind_alone_or_very_many_sort_nothing():
    assert kinds_of([{"kind": "all"}] * 4) == []
    assert kinds_of([{"kind": f"k{place // 2}"} for place in range(16)]) == []
