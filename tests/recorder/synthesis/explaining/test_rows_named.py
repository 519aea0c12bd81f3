"""Rows of an answer tell how many items name them, in percent of all, and which row leads."""

import pytest
from synthesis.telling import learnt, word

FLAVOURS = ("lemon", "mint", "plum", "fig", "rose", "salt")


class Stall:
    """Rounds with flavours to choose from: each taster puts choices, and a result tells how often each was chosen."""

    def __init__(self, chance):
        self.chance = chance
        self.rounds = {}
        self.tastings = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        if target == "/rounds":
            key = f"{word(self.chance)}{len(self.rounds)}"
            flavours = [{"id": at, "flavour": one} for at, one in enumerate(sent["flavours"], 1)]
            self.rounds[key] = {"id": key, "open": True, "flavours": flavours}
            self.tastings[key] = {}
            return 201, self.rounds[key]
        _, _, key, *rest = target.split("/")
        if key not in self.rounds:
            return 404, {"why": "no such round"}
        if not rest:
            return 200, self.rounds[key]
        if rest[0] == "result":
            return 200, self.result(key)
        held = self.tastings[key]
        if method == "PUT":
            held[rest[1]] = {"taster": rest[1], "chose": sent["chose"]}
        elif rest[1] not in held:
            return 404, {"why": "did not taste"}
        elif method == "DELETE":
            del held[rest[1]]
            return 204, None
        return 200, held[rest[1]]

    def result(self, key):
        """Give how often each flavour was chosen."""
        chosen = [one for tasting in self.tastings[key].values() for one in tasting["chose"]]
        rows = [{**one, "times": self.times(chosen, one)} for one in self.rounds[key]["flavours"]]
        for row in rows:
            row["percent"] = round(100 * row["times"] / len(chosen), 1) if chosen else 0
        most = max(row["times"] for row in rows)
        best = [row["flavour"] for row in rows if row["times"] == most and most]
        return {"round": key, "rows": rows, "best": best[0] if len(best) == 1 else None}

    def times(self, chosen, flavour):
        """Give how often a flavour was chosen."""
        return chosen.count(flavour["id"])


def tasting(ask, words):
    """Taste some rounds and look at the results between."""
    for _ in range(2):
        flavours = words.sample(FLAVOURS, words.randint(3, 4))
        path = f"/rounds/{ask('POST', '/rounds', {'flavours': flavours}).json['id']}"
        ask("GET", f"{path}/result")
        tasters = [word(words) for _ in range(words.randint(4, 7))]
        for taster in tasters:
            chose = words.sample(range(1, len(flavours) + 1), words.randint(1, 2))
            ask("PUT", f"{path}/tastings/{taster}", {"chose": chose})
            ask("GET", f"{path}/tastings/{taster}")
            ask("GET", f"{path}/result")
        ask("DELETE", f"{path}/tastings/{tasters[0]}")
        ask("GET", f"{path}/tastings/{tasters[0]}")
        ask("GET", path)
        ask("GET", f"{path}/result")
    ask("GET", "/rounds/none/result")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Stall, tasting, count=8)


def asked(mocks, *choices):
    """Give the result of a round with three flavours, and its path."""
    path = f"/rounds/{mocks.ask('POST', '/rounds', {'flavours': ['lemon', 'fig', 'salt']}).json['id']}"
    for number, chose in enumerate(choices):
        mocks.ask("PUT", f"{path}/tastings/taster{number}", {"chose": chose})
    return path, mocks.ask("GET", f"{path}/result").json


def test_rows_tell_how_often_items_name_them_and_their_part_of_all(mocks):
    path, told = asked(mocks, [1, 3], [3], [3], [1], [3, 2])
    assert [row["times"] for row in told["rows"]] == [2, 1, 4]
    assert [row["percent"] for row in told["rows"]] == [28.6, 14.3, 57.1]
    mocks.ask("DELETE", f"{path}/tastings/taster4")
    told = mocks.ask("GET", f"{path}/result").json
    assert [row["times"] for row in told["rows"]] == [2, 0, 3]
    assert [row["flavour"] for row in told["rows"]] == ["lemon", "fig", "salt"]


def test_the_row_with_the_most_leads_and_none_where_two_have_it(mocks):
    assert asked(mocks, [2], [3], [2])[1]["best"] == "fig"
    assert asked(mocks, [2], [3], [2, 3])[1]["best"] is None
    _, told = asked(mocks)
    assert told["best"] is None
    assert [row["percent"] for row in told["rows"]] == [0, 0, 0]


class Whims(Stall):
    """Rounds whose results tell what the weather makes of it."""

    def times(self, chosen, flavour):
        del chosen, flavour
        return self.chance.randint(0, 9)


def test_what_items_do_not_come_to_is_not_counted():
    made = learnt(Whims, tasting, count=8).made
    assert not any("groups(" in str(one) for one in made.definitions)
