"""Items that do not hold their ids are listed all the same: by the ids that makings and lists tell beside them."""

import pytest
from synthesis.telling import learnt, word


class Berths:
    """Berths that are told as they are; their numbers stand in paths, beside what was made, and alone in lists."""

    def __init__(self, chance):
        self.chance = chance
        self.held = {number: {"boat": f"Boat {number}", "length": 6 + number} for number in range(1, 5)}

    def answer(self, method, target, sent, headers):
        del headers
        path, _, query = target.partition("?")
        if method == "POST":
            number = max(self.held) + 1
            self.held[number] = {"boat": sent["boat"], "length": sent["length"]}
            return 200, {"berthno": number, "berth": self.held[number]}
        if path == "/berths":
            least = int(query.removeprefix("length=") or 0)
            return 200, [{"berthno": number} for number, one in self.held.items() if one["length"] >= least]
        number = int(path.removeprefix("/berths/"))
        if number not in self.held:
            return 404, {"why": "no such berth"}
        if method == "DELETE":
            del self.held[number]
            return 204, None
        if method == "PATCH":
            self.held[number] |= sent
        return 200, self.held[number]


def mooring(ask, words):
    """Look at what is there, moor, change and take away."""
    ask("GET", "/berths")
    for number in words.sample(range(1, 5), 2):
        ask("GET", f"/berths/{number}")
    made = [
        ask("POST", "/berths", {"boat": word(words), "length": words.randint(4, 30)}).json["berthno"] for _ in range(3)
    ]
    ask("GET", f"/berths/{made[0]}")
    ask("GET", f"/berths?length={words.randint(5, 12)}")
    ask("PATCH", f"/berths/{made[1]}", {"length": words.randint(4, 30)})
    ask("GET", f"/berths/{made[1]}")
    ask("DELETE", f"/berths/{words.choice([*made, 2])}")
    ask("GET", f"/berths/{words.randint(1, 9)}")
    ask("GET", "/berths")
    ask("GET", f"/berths?length={words.randint(5, 12)}")


@pytest.mark.parametrize("sessions", [1, 8])
def test_lists_tell_the_ids_of_items_that_do_not_hold_them(sessions):
    mocks = learnt(Berths, mooring, sessions)
    before = [row["berthno"] for row in mocks.ask("GET", "/berths").json]
    assert before[:4] == [1, 2, 3, 4]
    made = mocks.ask("POST", "/berths", {"boat": "Gull", "length": 11}).json
    assert made["berth"] == {"boat": "Gull", "length": 11}
    assert mocks.ask("GET", f"/berths/{made['berthno']}").json == {"boat": "Gull", "length": 11}
    assert mocks.ask("GET", "/berths").json == [{"berthno": number} for number in [*before, made["berthno"]]]
    mocks.ask("PATCH", f"/berths/{made['berthno']}", {"length": 3})
    mocks.ask("DELETE", "/berths/2")
    assert mocks.ask("GET", "/berths").json == [{"berthno": number} for number in [1, 3, 4, made["berthno"]]]


def test_what_is_asked_of_a_list_of_ids_is_what_items_have():
    mocks = learnt(Berths, mooring, 8)
    made = mocks.ask("POST", "/berths", {"boat": "Gull", "length": 29}).json["berthno"]
    assert {"berthno": made} in mocks.ask("GET", "/berths?length=12").json
    mocks.ask("PATCH", f"/berths/{made}", {"length": 5})
    assert {"berthno": made} not in mocks.ask("GET", "/berths?length=12").json


class Shelves(Berths):
    """Berths whose lists tell of something else: how long boats are, each once."""

    def answer(self, method, target, sent, headers):
        status, told = super().answer(method, target, sent, headers)
        if method == "GET" and target.partition("?")[0] == "/berths":
            return 200, [{"length": one} for one in sorted({one["length"] for one in self.held.values()})]
        return status, told


def test_rows_with_a_member_that_items_have_are_no_ids():
    mocks = learnt(Shelves, mooring, 8)
    assert "berthno" not in str(mocks.ask("GET", "/berths").json)
    assert mocks.ask("GET", "/berths/3").json == {"boat": "Boat 3", "length": 9}
