"""What a request names by a row in an item's list has what the row says, and what the item says."""

from synthesis.stalls import CODES, Stall, serving
from synthesis.telling import learnt

MOCKS = learnt(Stall, serving(Stall), 10)


def opened():
    return {"Cookie": f"tray={MOCKS.ask('POST', '/tray').json['tray']}"}


def test_the_row_is_looked_up_among_those_of_all_items():
    made = MOCKS.definition("post-tray-rows")["let"]
    assert "{{ find(rows_in(resource.goods.all(), 'sizes'), 'code', request.json.code) }}" in made.values()


def test_prices_are_those_of_the_row():
    named = opened()
    for code in CODES:
        shown = MOCKS.ask("POST", "/tray/rows", {"code": code, "count": 3}, named).json["rows"][-1]
        amount = {"mug": 900, "jug": 2100, "pan": 3300}[code[:3]] + (150 if code.endswith("l") else 0)
        assert (shown["price"]["amount"], shown["sum"]["amount"]) == (amount, 3 * amount)


def test_a_row_that_is_not_there_is_refused():
    assert MOCKS.ask("POST", "/tray/rows", {"code": "neverheard", "count": 1}, opened())[:2] == (
        404, {"error": "no neverheard"},
    )  # fmt: skip


def test_more_than_the_row_has_is_refused():
    assert MOCKS.ask("POST", "/tray/rows", {"code": "mug-s", "count": 10}, opened())[:2] == (
        409, {"error": "only 9 left"},
    )  # fmt: skip
