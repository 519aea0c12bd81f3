"""Numbers that tell the places of things among others shift when one comes, goes or moves."""

from __future__ import annotations

import pytest
from synthesis.telling import learnt, word

LANES = ("todo", "done")


class Board:
    """Cards under `/cards` in two lanes, each with its place there from 1."""

    shifts = True

    def __init__(self, chance):
        self.chance = chance
        self.cards = {}

    def answer(self, method, target, sent, headers):
        del headers
        [_, _, *rest] = target.split("/")
        if not rest:
            return self.make(sent) if method == "POST" else (200, sorted(self.cards.values(), key=self.order))
        card = self.cards.get(rest[0])
        if card is None:
            return 404, {"error": "no such card"}
        if method == "GET":
            return 200, card
        if method == "DELETE":
            del self.cards[card["id"]]
            self.count(card, None)
            return 204, None
        self.place(card, sent["lane"], sent["place"])
        return 200, card

    @staticmethod
    def order(card):
        return card["lane"], card["place"]

    def make(self, sent):
        card = {"id": word(self.chance), "title": sent["title"], "lane": "", "place": 0}
        self.cards[card["id"]] = card
        self.place(card, sent["lane"], sent["place"])
        return 201, card

    def place(self, card, lane, place):
        card["lane"] = lane
        self.count(card, place)

    def count(self, card, place):
        for lane in LANES if self.shifts else ():
            inside = [one for one in self.cards.values() if one["lane"] == lane and one is not card]
            inside.sort(key=lambda one: one["place"])
            if place is not None and lane == card["lane"]:
                inside.insert(place - 1, card)
            for at, one in enumerate(inside, 1):
                one["place"] = at
        if not self.shifts and place is not None:
            card["place"] = place


def sorting(ask, words):
    """Put cards before others, move them within their lane and to the other one, take some away, and look."""
    counts = dict.fromkeys(LANES, 0)
    lanes = {}
    for _ in range(5):
        lane = words.choice(LANES)
        counts[lane] += 1
        card = ask("POST", "/cards", {"title": word(words), "lane": lane, "place": words.randint(1, counts[lane])})
        lanes[card.json["id"]] = lane
    ask("GET", "/cards")
    for _ in range(3):
        own, lane = words.choice(sorted(lanes)), words.choice(LANES)
        counts[lanes[own]] -= 1
        counts[lane] += 1
        lanes[own] = lane
        ask("PUT", f"/cards/{own}", {"lane": lane, "place": words.randint(1, counts[lane])})
        ask("GET", "/cards")
    own = words.choice(sorted(lanes))
    ask("DELETE", f"/cards/{own}")
    ask("GET", f"/cards/{own}")
    ask("GET", "/cards")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Board, sorting, 8)


@pytest.fixture
def first(mocks):
    """Give the ids of three cards in one lane."""
    made = [mocks.ask("POST", "/cards", {"title": f"t{at}", "lane": "todo", "place": at}) for at in (1, 2, 3)]
    yield [one.json["id"] for one in made]
    for one in made:
        mocks.ask("DELETE", f"/cards/{one.json['id']}")


def places(mocks):
    return {one["title"]: (one["lane"], one["place"]) for one in mocks.ask("GET", "/cards").json}


def test_what_comes_before_others_moves_them_on(mocks, first):
    new = mocks.ask("POST", "/cards", {"title": "new", "lane": "todo", "place": 2}).json["id"]
    assert places(mocks) == {"t1": ("todo", 1), "new": ("todo", 2), "t2": ("todo", 3), "t3": ("todo", 4)}
    mocks.ask("DELETE", f"/cards/{new}")
    assert places(mocks) == {"t1": ("todo", 1), "t2": ("todo", 2), "t3": ("todo", 3)}


def test_what_moves_closes_one_gap_and_opens_another(mocks, first):
    mocks.ask("PUT", f"/cards/{first[0]}", {"lane": "todo", "place": 3})
    assert places(mocks) == {"t2": ("todo", 1), "t3": ("todo", 2), "t1": ("todo", 3)}
    mocks.ask("PUT", f"/cards/{first[2]}", {"lane": "done", "place": 1})
    assert places(mocks) == {"t2": ("todo", 1), "t1": ("todo", 2), "t3": ("done", 1)}


def saved(mocks):
    return [
        save
        for one in mocks.made.definitions
        for case in one.get("cases", ())
        for save in case.get("save", ())
        if save.get("as") == "row"
    ]


def test_numbers_that_stay_are_no_places():
    class Loose(Board):
        shifts = False

    mocks = learnt(Loose, sorting, 8)
    assert saved(mocks) == []


def test_what_was_seldom_seen_to_shift_is_no_place():
    def once(ask, words):
        for _ in range(2):
            ask("POST", "/cards", {"title": word(words), "lane": "todo", "place": 1})
            ask("GET", "/cards")

    assert saved(learnt(Board, once, 3)) == []


def test_one_session_tells_no_places():
    def several(ask, words):
        for _ in range(4):
            sorting(ask, words)

    assert saved(learnt(Board, several, 1)) == []
