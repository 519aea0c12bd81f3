"""What an answer reckons of a whole collection is learnt, also of what was there before each session with ids of its own."""

from __future__ import annotations

from collections import Counter

from synthesis.shelves import Shelf
from synthesis.telling import learnt, scenes_of, word

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.listings.counts import sum_terms

KINDS = ("note", "login", "alert")


class Log(Shelf):
    """Entries, newest first, of which five are there at each start, with other ids each time."""

    def __init__(self, chance):
        super().__init__(chance)
        for number in range(1, 6):
            self.create({"kind": KINDS[number % 3], "text": f"seeded {number}"}, {})

    def create(self, sent, headers):
        status, made = super().create({"number": len(self.things) + 1, **sent}, headers)
        del self.things[made["id"]]
        made["id"] = f"{self.chance.getrandbits(96):024x}"
        self.things[made["id"]] = made
        return status, made

    def answer(self, method, target, sent, headers):
        if target == "/totals":
            kinds = Counter(one["kind"] for one in self.things.values())
            return 200, {
                "all": len(self.things),
                "kinds": {kind: kinds[kind] for kind in KINDS},
                "latest": [*self.things][-1],
            }
        return super().answer(method, target, sent, headers)

    def list(self, query, headers):
        found = [*self.things.values()][::-1]
        return 200, {"total": len(found), "entries": found[: int(query.get("limit", 3))]}


def a_look(ask, words):
    for _ in range(words.randint(1, 4)):
        ask("POST", "/things", {"kind": words.choice(KINDS), "text": word(words)})
        ask("GET", "/totals")
    ask("GET", "/things?limit=20")
    ask("GET", "/things")


def test_counts_go_on_with_what_is_made():
    mocks = learnt(Log, a_look, 6)
    first = mocks.ask("GET", "/totals").json
    made = [mocks.ask("POST", "/things", {"kind": "note", "text": f"t{n}"}).json for n in range(6)]
    after = mocks.ask("GET", "/totals").json
    assert first["all"] == 5
    assert first["kinds"] == {"note": 1, "login": 2, "alert": 2}
    assert after == {"all": 11, "kinds": {"note": 7, "login": 2, "alert": 2}, "latest": made[-1]["id"]}


def test_a_list_is_in_the_order_of_what_counts_on_and_not_of_made_up_ids():
    mocks = learnt(Log, a_look, 6)
    for number in range(6):
        mocks.ask("POST", "/things", {"kind": "note", "text": f"t{number}"})
    shown = mocks.ask("GET", "/things?limit=20").json
    assert shown["total"] == 11
    assert [one["number"] for one in shown["entries"]] == [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]


class Board:
    """Projects that tell how many of their issues are open."""

    def __init__(self, chance):
        self.chance = chance
        self.projects = {}

    def answer(self, method, target, sent, headers):
        del headers
        parts = target.strip("/").split("/")
        if parts == ["projects"]:
            key = word(self.chance)
            self.projects[key] = {"id": key, "name": sent["name"], "issues": {}}
            return 201, self.shown(self.projects[key])
        project = self.projects[parts[1]]
        if len(parts) == 2:
            return 200, self.shown(project)
        if method == "POST":
            key = word(self.chance)
            project["issues"][key] = {"id": key, "title": sent["title"], "state": "open"}
            return 201, project["issues"][key]
        project["issues"][parts[3]] |= sent
        return 200, project["issues"][parts[3]]

    def shown(self, project):
        states = [one["state"] for one in project["issues"].values()]
        return {"id": project["id"], "name": project["name"], "open": states.count("open")}


def a_sprint(ask, words):
    for _ in range(2):
        project = f"/projects/{ask('POST', '/projects', {'name': word(words)}).json['id']}"
        for _ in range(words.randint(1, 5)):
            issue = ask("POST", f"{project}/issues", {"title": word(words)}).json["id"]
            if words.random() < 0.5:
                ask("PATCH", f"{project}/issues/{issue}", {"state": "closed"})
        ask("GET", project)


def test_what_is_below_an_item_is_counted():
    mocks = learnt(Board, a_sprint, 6)
    project = f"/projects/{mocks.ask('POST', '/projects', {'name': 'p'}).json['id']}"
    made = [mocks.ask("POST", f"{project}/issues", {"title": f"t{n}"}).json["id"] for n in range(7)]
    mocks.ask("PATCH", f"{project}/issues/{made[2]}", {"state": "closed"})
    assert mocks.ask("GET", project).json["open"] == 6


class Purses(Shelf):
    """Purses of two currencies, and what is in all of them."""

    def answer(self, method, target, sent, headers):
        if target == "/held":
            purses = self.things.values()
            held = {name: sum(one["coins"] for one in purses if one["currency"] == name) for name in ("EUR", "USD")}
            return 200, held
        return super().answer(method, target, sent, headers)


def collecting(ask, words):
    for number in range(5):
        purse = {"currency": ("EUR", "USD")[number % 2], "coins": words.randint(10, 900)}
        ask("GET", f"/things/{ask('POST', '/things', purse).json['id']}")
        ask("GET", "/held")


def test_numbers_of_each_kind_of_items_are_added_up():
    mocks = learnt(Purses, collecting)
    before = mocks.ask("GET", "/held").json
    for currency, coins in (("EUR", 7), ("USD", 5), ("EUR", 30)):
        mocks.ask("POST", "/things", {"currency": currency, "coins": coins})
    assert mocks.ask("GET", "/held").json == {"EUR": before["EUR"] + 37, "USD": before["USD"] + 5}


class Depot(Shelf):
    """Crates of which the list shows the names, and what all that it gives weigh together."""

    def list(self, query, headers):
        found = [one for one in self.things.values() if query.get("kind", one["kind"]) == one["kind"]]
        rows = [{"id": one["id"], "name": one["name"]} for one in found]
        return 200, {"crates": rows, "load": sum(one["weight"] for one in found)}


def a_day(ask, words):
    for number in range(words.randint(2, 5)):
        sent = {"name": word(words), "kind": KINDS[number % 2], "weight": words.randint(1, 999)}
        ask("GET", f"/things/{ask('POST', '/things', sent).json['id']}")
    for query in ("", "?kind=note", "?kind=login"):
        ask("GET", f"/things{query}")


def test_what_all_items_of_a_list_come_to_is_known_though_rows_do_not_show_it():
    mocks = learnt(Depot, a_day)
    for number in range(3):
        mocks.ask("POST", "/things", {"name": f"n{number}", "kind": KINDS[number % 2], "weight": 100 + number})
    assert [mocks.ask("GET", f"/things{query}").json["load"] for query in ("", "?kind=note", "?kind=login")] == [
        303,
        202,
        101,
    ]


def test_times_do_not_add_up():
    first, *_ = scenes_of(("GET", "/me", None, 200, {}))
    for number in (1, 2):
        first.timeline.put("jars", f"{number}", {"weight": number, "made_at": 1_790_000_000_000 + number}, -1)
    sums = sum_terms([Collection(("jars", None), "jars", ("id",))], [first])
    assert [(one.text, one.get(first)) for one in sums] == [("total(resource.jars.all(), 'weight')", 3)]
