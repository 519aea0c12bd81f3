"""A list tells with each answer how many of what was asked for cost how much, in steps."""

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import learnt, word

STEPS = ((None, 20), (20, 50), (50, None))
KINDS = ("rope", "tin", "oil")


class Chandler:
    """Goods of a few kinds; each list counts them by price."""

    def __init__(self, chance):
        self.chance = chance
        self.goods = []

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        parts = urlsplit(target)
        if method == "POST":
            self.goods.append({"id": len(self.goods) + 1, **sent})
            return 201, self.goods[-1]
        if parts.path != "/goods":
            return 200, self.goods[int(parts.path.rpartition("/")[2]) - 1]
        asked = dict(parse_qsl(parts.query))
        found = [one for one in self.goods if asked.get("kind") in (None, one["kind"])]
        limit = int(asked.get("limit", 50))
        return 200, {"goods": found[:limit], "total": len(found), "prices": [self.step(found, *one) for one in STEPS]}

    def step(self, found, low, high):
        """Give a step of prices with how many cost that."""
        fits = [one for one in found if (low or 0) <= one["price"] < (high or 10_000)]
        return {"min": low, "max": high, "goods": len(fits)}


class Guesser(Chandler):
    """Goods of which nobody knows how many cost what."""

    def step(self, found, low, high):
        """Give a step of prices with any number."""
        del found
        return {"min": low, "max": high, "goods": self.chance.randint(0, 9)}


def selling(ask, words):
    """Put goods in and look at some of them."""
    for _ in range(3):
        for _ in range(2):
            sent = {"name": word(words), "kind": words.choice(KINDS), "price": words.randint(3, 90)}
            made = ask("POST", "/goods", sent).json
            ask("GET", f"/goods/{made['id']}")
        ask("GET", "/goods")
        ask("GET", f"/goods?kind={words.choice(KINDS)}")
        ask("GET", "/goods?limit=2")


def test_all_that_was_asked_for_is_counted_in_steps_and_not_only_a_page():
    mocks = learnt(Chandler, selling, count=8)
    for kind, price in (("rope", 5), ("rope", 20), ("tin", 49), ("oil", 50), ("tin", 90), ("rope", 19)):
        mocks.ask("POST", "/goods", {"name": "x", "kind": kind, "price": price})
    told = mocks.ask("GET", "/goods?limit=2").json
    assert len(told["goods"]) == 2
    assert told["prices"] == [
        {"min": None, "max": 20, "goods": 2},
        {"min": 20, "max": 50, "goods": 2},
        {"min": 50, "max": None, "goods": 2},
    ]
    assert [row["goods"] for row in mocks.ask("GET", "/goods?kind=rope").json["prices"]] == [2, 1, 0]


def test_numbers_that_count_nothing_are_not_told_so():
    made = learnt(Guesser, selling, count=8).made
    assert not any("row.price is number" in str(one) for one in made.definitions)
