"""What is left of one number of an item, which refusals tell, is a bound, and what is taken where nothing is sent."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.telling import Session, as_the_service, learnt, word

from recorder.synthesis.terms.differences import LEFT


class Vats:
    """Vats are filled once and drawn from; the answer to a draw tells its own amount, and not how full the vat was."""

    says = "Only {left} litres are left"

    def __init__(self, chance):
        self.chance = chance
        self.vats = {}

    def answer(self, method, target, sent, headers):
        del headers
        [_, _, *rest] = target.split("/")
        if not rest:
            made = {"vat": word(self.chance), "litres": sent["litres"], "drawn": 0, "at": "cellar"}
            self.vats[made["vat"]] = made
            return 201, made
        vat = self.vats.get(rest[0])
        if vat is None:
            return 404, {"error": "No such vat"}
        if method == "GET":
            return 200, vat
        left = vat["litres"] - vat["drawn"]
        taken = sent.get("litres", left)
        if taken > left:
            return 409, {"error": self.says.format(left=left)}
        vat["drawn"] += taken
        return 201, {"draw": word(self.chance), "vat": vat["vat"], "litres": taken, "at": "tap", "left": left - taken}


def drawing(ask, words):
    """Draw from a vat, more than there is, and the rest of it; then look."""
    for _ in range(2):
        litres = words.randint(300, 9_000)
        vat = ask("POST", "/vats", {"litres": litres}).json["vat"]
        first = words.randint(20, litres // 2)
        ask("POST", f"/vats/{vat}/draws", {"litres": first})
        ask("GET", f"/vats/{vat}")
        ask("POST", f"/vats/{vat}/draws", {"litres": litres - first + words.randint(1, 90)})
        ask("POST", f"/vats/{vat}/draws", {} if words.random() < 0.5 else {"litres": litres - first})
        ask("GET", f"/vats/{vat}")
    ask("POST", f"/vats/{word(words)}/draws", {"litres": 5})


@pytest.fixture(scope="module")
def mocks():
    return learnt(Vats, drawing, 8)


def answers(asked, seed):
    found = []

    def ask(*words):
        given = asked(*words)
        found.append({name: value for name, value in (given.json or {}).items() if name not in ("vat", "draw")})
        return given

    drawing(ask, Random(seed))
    return found


def test_more_than_is_left_is_refused_with_what_is_left_and_all_of_it_is_taken_where_nothing_is_sent(mocks):
    for seed in (41, 42, 43):
        asked, right = as_the_service(Vats, drawing, mocks, seed)
        assert asked == right
        assert answers(mocks.ask, seed) == answers(Session(Vats(Random(seed))).ask, seed)


def test_the_bound_is_written_as_the_difference(mocks):
    [refusal] = [one for one in mocks.definition("post-vat-draws")["cases"] if one["response"]["status"] == 409]
    assert refusal["when"].endswith("request.json.litres > (vars.item.litres - vars.item.drawn)")
    assert "(vars.item.litres - vars.item.drawn)" in refusal["response"]["body"]["error"]


def test_an_action_that_tells_of_a_thing_of_its_own_leaves_the_item_what_it_was(mocks):
    made = mocks.ask("POST", "/vats", {"litres": 700}).json
    mocks.ask("POST", f"/vats/{made['vat']}/draws", {"litres": 120})
    assert mocks.ask("GET", f"/vats/{made['vat']}").json == {**made, "drawn": 120}


def test_a_difference_that_no_refusal_tells_is_no_bound():
    class Mute(Vats):
        says = "That is too much"

    mocks = learnt(Mute, drawing, 8)
    conditions = [one.get("when", "") for one in mocks.definition("post-vat-draws")["cases"]]
    assert LEFT not in str(conditions)
    assert not any("vars.item.litres - vars.item.drawn" in one for one in conditions)
