"""A small service of bottles for tests: filters with operators stand in bodies, as those of counts do."""

from __future__ import annotations

from synthesis.telling import learnt, word


class Cellar:
    """Bottles that are found, and counted, by what bodies say of them under `bottles`."""

    counts = True

    def __init__(self, chance):
        self.chance = chance
        self.bottles = []

    def answer(self, method, target, sent, headers):
        del method, headers
        if target == "/bottles":
            made = {"id": f"{self.chance.getrandbits(64):016x}", **sent}
            self.bottles.append(made)
            return 201, made
        if target.startswith("/bottles/") and sent is None:
            found = next((one for one in self.bottles if target == f"/bottles/{one['id']}"), None)
            return (200, found) if found else (404, {"why": "no bottle"})
        found = [one for one in self.bottles if fits(one, sent.get("bottles", {}))]
        if target == "/bottles/count":
            return 200, {"bottles": len(found) if self.counts else self.chance.randint(0, 90)}
        name, _, way = sent.get("sort", "NAME_ASC").lower().rpartition("_")
        return 200, sorted(found, key=lambda one: one[name], reverse=way == "desc")[: sent.get("limit", 50)]


class Guessing(Cellar):
    """The same, but what it counts nobody knows."""

    counts = False


_SIGNS = {
    "any_": lambda held, told: held in told,
    "ge_": lambda held, told: held >= told,
    "like_": lambda held, told: told in held,
}


def fits(bottle, wanted):
    """Tell whether a bottle is as it is wanted."""
    return all(_SIGNS[sign](bottle[name], one) for name, told in wanted.items() for sign, one in told.items())


def tasting(ask, words):
    """Put bottles in, look at them, and find and count those of a kind or an age."""
    made = []
    for _ in range(words.randint(3, 6)):
        sent = {
            "name": f"{word(words)} {word(words)}",
            "kind": words.choice(["red", "white"]),
            "age": words.randint(1, 9),
        }
        made.append(ask("POST", "/bottles", sent).json["id"])
    ask("GET", f"/bottles/{words.choice(made)}")
    ask("GET", "/bottles/0000000000000000")
    for wanted in [{"kind": {"any_": [words.choice(["red", "white"])]}}, {"age": {"ge_": words.randint(2, 8)}}]:
        ask("POST", "/bottles/filter", {"bottles": wanted, "sort": words.choice(["NAME_ASC", "NAME_DESC", "AGE_DESC"])})
        ask("POST", "/bottles/count", {"bottles": wanted})
    ask("POST", "/bottles/filter", {"sort": "NAME_ASC", "limit": 2})
    ask("POST", "/bottles/filter", {"sort": "NAME_DESC"})
    ask("POST", "/bottles/filter", {"sort": "AGE_DESC"})
    ask("POST", "/bottles/count", {})


def mocks_of_cellars(service=Cellar, sessions=6):
    """Give the mocks of some sessions."""
    return learnt(service, tasting, sessions)
