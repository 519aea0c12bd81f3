"""A service of relations for tests: who has which part in what, given and taken in one call, listed, and asked about."""

from __future__ import annotations

from synthesis.telling import learnt, word

PARTS = {"head": ("head",), "hand": ("hand", "head"), "guest": ("guest", "hand", "head")}


class Rosters:
    """Rows of a person, a part and a place below a hall; a head may do what hands do, and what guests do."""

    def __init__(self, chance):
        self.chance = chance
        self.rows = []

    def answer(self, method, target, sent, headers):
        del headers, method
        asked = target.rpartition("/")[2]
        if asked == "changes":
            return self.change(sent)
        if asked == "rows":
            fits = [row for row in self.rows if all(row["about"][name] == one for name, one in sent.items())]
            return 200, {"rows": fits}
        if asked == "places":
            rows = [row["about"] for row in self.rows if row["about"]["who"] == sent["who"]]
            places = [row["where"] for row in rows if row["part"] in PARTS[sent["part"]]]
            return 200, {"places": list(dict.fromkeys(places))}
        return 200, {"may": self.may(sent["question"])}

    def change(self, sent):
        have = [row["about"] for row in self.rows]
        gone = sent.get("take", [])
        new = sent.get("give", [])
        for one in gone:
            if one not in have:
                return 409, {"why": f"{one['who']} is not {one['part']}"}
        for one in new:
            if one in have:
                return 409, {"why": f"{one['who']} is {one['part']} already"}
        self.rows = [row for row in self.rows if row["about"] not in gone]
        self.rows += [{"about": one, "note": None} for one in new]
        return 200, {}

    def may(self, asked):
        names = {asked["who"]}
        have = [row["about"] for row in self.rows]
        names |= {f"{one['where']}@{one['part']}" for one in have if one["who"] == asked["who"]}
        parts = PARTS.get(asked["part"], (asked["part"],))
        return any(one["who"] in names and one["part"] in parts and one["where"] == asked["where"] for one in have)


def tending(ask, words):
    """Give and take parts, list them by what is asked, and ask who may what."""
    hall = f"/halls/{word(words)}-{words.randint(100, 999)}"
    people = [f"p:{word(words)}{words.randint(10, 99)}" for _ in range(3)]
    places = [f"hall:{word(words)}{words.randint(10, 99)}" for _ in range(2)]
    group = f"crew:{word(words)}{words.randint(10, 99)}"
    have = []

    def row():
        return {"who": words.choice(people), "part": words.choice([*PARTS]), "where": words.choice(places)}

    def fresh():
        return next(one for one in iter(row, None) if one not in have)

    for _ in range(3):
        new = [fresh()]
        if (other := fresh()) not in new:
            new.append(other)
        ask("POST", f"{hall}/changes", {"give": new})
        have += new
        ask("POST", f"{hall}/rows", {})
    member = {"who": words.choice(people), "part": "member", "where": group}
    may = {"who": f"{group}@member", "part": "guest", "where": places[0]}
    ask("POST", f"{hall}/changes", {"give": [member, may]})
    have += [member, may]
    for _ in range(5):
        ask("POST", f"{hall}/questions", {"question": row()})
    ask("POST", f"{hall}/questions", {"question": {**member, "part": "guest", "where": places[0]}})
    for _ in range(2):
        ask("POST", f"{hall}/rows", {"where": words.choice(places)})
        ask("POST", f"{hall}/rows", {"who": words.choice(people), "part": words.choice([*PARTS])})
        ask("POST", f"{hall}/places", {"who": words.choice(people), "part": words.choice([*PARTS])})
    old, new = have.pop(words.randrange(len(have) - 2)), fresh()
    ask("POST", f"{hall}/changes", {"take": [old], **({"give": [new]} if new != old else {})})
    have += [new] if new != old else []
    ask("POST", f"{hall}/rows", {})
    ask("POST", f"{hall}/questions", {"question": old})
    ask("POST", f"{hall}/changes", {"take": [old]})
    ask("POST", f"{hall}/changes", {"give": [have[0]]})
    ask("POST", f"{hall}/rows", {})


def mocks_of_rosters(sessions=6):
    """Give the mocks of some sessions."""
    return learnt(Rosters, tending, sessions)
