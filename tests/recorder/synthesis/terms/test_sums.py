"""Sums over rows that are sent: of one amount, and of one side taken from the other."""

from synthesis.telling import scenes_of

from recorder.synthesis.terms.sums import DIFFERENCE, sent_sums


def sums_over(*lists):
    scenes = scenes_of(*(("POST", "/slips", {"rows": rows}, 201, {}) for rows in lists))
    return {term.text: [term.get(scene) for scene in scenes] for term in sent_sums(scenes)}


def test_amounts_are_added_up_and_taken_from_each_other():
    found = sums_over([{"up": 3, "down": 1}, {"up": 4}], [{"down": 2}], [])
    assert found["net(request.json.rows, 'up')"] == [7, 0, 0]
    assert found["net(request.json.rows, 'up', 'down')"] == [6, -2, 0]


def test_a_word_tells_the_side_of_an_amount():
    rows = [
        {"side": side, "sum": amount} for side, amount in (("debit", 5), ("credit", 3), ("debit", 1), ("credit", 3))
    ]
    scenes = scenes_of(("POST", "/slips", {"rows": rows}, 201, {}))
    apart = [term.get(scenes[0]) for term in sent_sums(scenes) if term.name == DIFFERENCE]
    assert 0 in apart


def test_rows_without_amounts_come_to_nothing():
    assert sums_over([{"word": "a", "id": 7, "owner_id": 3}], ["b"]) == {}
