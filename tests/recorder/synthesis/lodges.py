"""A small service of lodges whose guests share what they spend, by how many they are, and what mocks make of it."""

from synthesis.telling import learnt, word


class Lodge:
    """Lodges with guests and what these spent for some of them; the summary tells who paid and used how much.

    Only the id of what is made is answered.
    """

    evenly = False
    """Whether shares are the same for all, and whom something is for is told by ids alone."""

    def __init__(self, chance):
        self.chance = chance
        self.guests = {}
        self.costs = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        _, _, lodge, kind, *rest = target.split("/")
        held = {"guests": self.guests, "costs": self.costs}.get(kind, {})
        own = {key: one for key, one in held.items() if key[0] == lodge}
        if kind == "summary":
            return 200, [self.summary(one) for (place, _), one in self.guests.items() if place == lodge]
        if method == "POST":
            number = len(held) + 1
            held[lodge, number] = {"id": number, **sent}
            return 201, number
        if not rest:
            return 200, [self.shown(lodge, kind, one) for one in own.values()]
        key = (lodge, int(rest[0]))
        if key not in held:
            return 404, {"why": "unknown"}
        if method == "PUT":
            held[key] = {"id": key[1], **sent}
        return 200, self.shown(lodge, kind, held[key])

    def shown(self, lodge, kind, one):
        """Give a guest, or what was spent with the guests that it is for as they are now."""
        if kind == "guests" or self.evenly:
            return one
        return {**one, "for": [self.guests[lodge, number] for number in one["for"]]}

    def summary(self, guest):
        """Give what a guest paid and used."""
        paid, used = {"food": 0.0, "fuel": 0.0}, {"food": 0.0, "fuel": 0.0}
        for (place, _), one in self.costs.items():
            of = {number: 1 if self.evenly else self.guests[place, number]["heads"] for number in one["for"]}
            if one["by"] == guest["id"]:
                paid[one["sort"]] += one["amount"]
            if guest["id"] in of:
                used[one["sort"]] += one["amount"] * of[guest["id"]] / sum(of.values())
        told = {"guest": guest, "paid": paid["food"], "used": -used["food"], "fuelled": paid["fuel"]}
        told["burnt"] = -used["fuel"]
        return {**told, "left": told["paid"] + told["used"] + told["fuelled"] + told["burnt"]}


class Even(Lodge):
    """Lodges in which all share alike."""

    evenly = True


class Moody(Lodge):
    """Lodges whose summaries tell what the weather makes of them."""

    def summary(self, guest):
        told = {name: self.chance.randint(-900, 900) / 7 for name in ("paid", "used", "left")}
        return {"guest": guest, **told}


def stay(ask, words):
    """Come to a lodge, spend and look at the summary between; a guest brings more people."""
    path = f"/lodges/{word(words)}"
    for _ in range(words.randint(2, 4)):
        ask("POST", f"{path}/guests", {"name": word(words), "heads": words.randint(1, 4)})
    guests = ask("GET", f"{path}/guests").json
    for _ in range(words.randint(4, 6)):
        some = sorted(one["id"] for one in words.sample(guests, words.randint(1, len(guests))))
        cost = {"by": words.choice(guests)["id"], "for": some, "amount": words.randint(100, 9000) / 100}
        ask("POST", f"{path}/costs", {**cost, "sort": words.choice(["food", "food", "fuel"])})
        if words.random() < 0.7:
            ask("GET", f"{path}/costs")
        ask("GET", f"{path}/summary")
    one = words.choice(guests)
    ask("PUT", f"{path}/guests/{one['id']}", {"name": word(words), "heads": words.randint(1, 4)})
    ask("GET", f"{path}/guests/{one['id']}")
    ask("GET", f"{path}/costs")
    ask("GET", f"{path}/summary")
    ask("GET", f"{path}/guests/9999")


def mocks_of(lodge):
    """Give what is learnt of twelve stays."""
    return learnt(lodge, stay, count=12)


def spent(mocks, lodge):
    """Have two guests spend something in a new lodge, and give its path and their ids."""
    path = f"/lodges/{lodge}"
    ids = [
        mocks.ask("POST", f"{path}/guests", {"name": name, "heads": heads}).json
        for name, heads in (("ada", 3), ("bob", 1))
    ]
    for by, whom, amount, sort in ((0, (0, 1), 40.5, "food"), (1, (0, 1), 8, "fuel"), (1, (1,), 7.25, "food")):
        cost = {"by": ids[by], "for": [ids[one] for one in whom], "amount": amount, "sort": sort}
        mocks.ask("POST", f"{path}/costs", cost)
    return path, ids
