"""What calls count up or down is told by how far it went between two looks, whoever looked."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, told, word

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.tallies import find_tallies
from recorder.synthesis.state.world import play


class Door(Shelf):
    """Doors with a code and three tries: a wrong code uses up one, and after the last the door stays shut."""

    def answer(self, method, target, sent, headers):
        if target.endswith("/openings"):
            door = self.things[target.split("/")[2]]
            if not door["tries"]:
                return 423, {"error": "locked", "left": 0}
            if sent["code"] == door["owner"]:
                return 200, {"opened": True}
            door["tries"] -= 1
            return (403, {"error": "wrong", "left": door["tries"]}) if door["tries"] else (423, {"error": "now locked"})
        return super().answer(method, target, sent, headers)


def knocking(ask, words):
    """Make a door, open it and look, try a wrong code or two before each further look, and open it again."""
    owner = word(words)
    key = ask("POST", "/things", {"owner": owner, "tries": 3}).json["id"]
    ask("POST", f"/things/{key}/openings", {"code": owner})
    ask("GET", f"/things/{key}")
    for _ in range(words.randint(1, 4)):
        for _ in range(words.choice((1, 1, 1, 2))):
            ask("POST", f"/things/{key}/openings", {"code": word(words)})
        ask("GET", f"/things/{key}")
    ask("POST", f"/things/{key}/openings", {"code": owner})


def test_refusals_use_up_tries_until_nothing_opens():
    mocks = learnt(Door, knocking)
    mocked, real = as_the_service(Door, knocking, mocks)
    assert mocked == real
    key = mocks.ask("POST", "/things", {"owner": "ada", "tries": 3}).json["id"]
    given = [mocks.ask("POST", f"/things/{key}/openings", {"code": f"bad{n}"}) for n in range(3)]
    assert [(one.status, one.json.get("left")) for one in given] == [(403, 2), (403, 1), (423, None)]
    assert mocks.ask("GET", f"/things/{key}").json["tries"] == 0
    assert mocks.ask("POST", f"/things/{key}/openings", {"code": "ada"}).status == 423


def found(*rows):
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    scenes = play(samples, endpoints, bindings).scenes
    lookups = {one: path_lookups(one, bindings[one]) for one in endpoints}
    return [
        (one.endpoint.id, one.status, one.lookup.collection, one.node.document())
        for one in find_tallies(scenes, bindings, lookups)
    ]


def account(number, after):
    return ("GET", f"/accounts/{number}", None, 200, {"id": number, "balance": after, "stats": {"moves": 1}})


def moved(number, kind, amount):
    return ("POST", f"/accounts/{number}/{kind}", {"amount": amount}, 201, {"ok": True})


OPENED = ("POST", "/accounts", {"balance": 100}, 201, {"id": 11, "balance": 100, "stats": {"moves": 1}})


def test_what_goes_up_and_down_by_what_is_sent_is_told_apart_though_both_were_called_between_two_looks():
    rows = [
        OPENED, account(11, 100), moved(11, "deposits", 17), account(11, 117), moved(11, "deposits", 30), account(11, 147),
        moved(11, "deposits", 3), moved(11, "payments", 20), account(11, 130), moved(11, "deposits", 8), moved(11, "payments", 9),
        account(11, 129),
    ]  # fmt: skip
    assert found(*rows) == [
        ("post-account-deposits", 201, "accounts", {"balance": "{{ (vars.item.balance + request.json.amount) }}"}),
        ("post-account-payments", 201, "accounts", {"balance": "{{ (vars.item.balance - request.json.amount) }}"}),
    ]


def test_what_moves_by_itself_or_only_once_is_no_tally():
    by_itself = [OPENED, *(account(11, 100 + n) for n in range(9)), moved(11, "deposits", 1), account(11, 109)]
    assert found(*by_itself) == []
    assert found(OPENED, moved(11, "deposits", 17), account(11, 117)) == []


def test_a_number_one_level_down_keeps_what_stands_beside_it():
    def look(moves):
        return ("GET", "/accounts/11", None, 200, {"id": 11, "balance": 5, "stats": {"moves": moves, "last": "x"}})

    made = ("POST", "/accounts", {"balance": 5}, 201, {"id": 11, "balance": 5, "stats": {"moves": 0, "last": "x"}})
    rows = [made, moved(11, "touches", 4), look(1), moved(11, "touches", 7), moved(11, "touches", 7), look(3)]
    assert found(*rows) == [
        ("post-account-touches", 201, "accounts", {"stats": {"moves": "{{ (vars.item.stats.moves + 1) }}"}})
    ]  # fmt: skip


class Links(Shelf):
    """Things that lead elsewhere, so often at most: whoever follows one is counted."""

    def answer(self, method, target, sent, headers):
        key = target.removeprefix("/")
        if "/" in key or key == "things":
            return super().answer(method, target, sent, headers)
        thing = self.things.get(key)
        if thing is None or thing["used"] >= thing["max_used"]:
            return (404, {"error": "nothing"}) if thing is None else (410, {"error": "used up"})
        thing["used"] += 1
        return 302, None, {"Location": thing["url"]}


def following(ask, words):
    """Make a link, follow it until it is used up, and once more."""
    most = words.randint(1, 3)
    sent = {"url": f"https://{word(words)}.example/", "used": 0, "max_used": most}
    key = ask("POST", "/things", sent).json["id"]
    for _ in range(words.randint(1, most)):
        ask("GET", f"/{key}")
    ask("GET", f"/things/{key}")
    for _ in range(most):
        ask("GET", f"/{key}")
    ask("GET", f"/{word(words)}")


def test_a_redirect_is_counted_until_it_was_followed_often_enough():
    mocks = learnt(Links, following, count=8)
    sent = {"url": "https://hats.example/", "used": 0, "max_used": 2}
    key = mocks.ask("POST", "/things", sent).json["id"]
    given = [mocks.ask("GET", f"/{key}") for _ in range(3)]
    assert [one.status for one in given] == [302, 302, 410]
    assert given[0].headers["location"] == "https://hats.example/"
    assert mocks.ask("GET", f"/things/{key}").json["used"] == 2
    assert mocks.ask("GET", "/nothing-of-ours").status == 404


class Purses(Shelf):
    """Purses with a limit; what is put in is answered with its number among all that was ever put into any purse."""

    def answer(self, method, target, sent, headers):
        if not target.endswith("/coins"):
            return super().answer(method, target, sent, headers)
        if type(sent["value"]) is not int or sent["value"] < 1:
            return 422, {"error": "value must be positive"}
        purse = self.things[target.split("/")[2]]
        purse["coins"] += 1
        purse["balance"] += sent["value"]
        purse["free"] = purse["balance"] + purse["limit"]
        return 201, {"number": sum(one["coins"] for one in self.things.values())}

    def create(self, sent, headers):
        return super().create({**sent, "coins": 0, "balance": 0, "free": sent["limit"]}, headers)


def saving(ask, words):
    """Make two purses, put something into both in turns, once less than nothing, and look at them."""
    keys = [ask("POST", "/things", {"limit": words.randint(1, 900) * 100}).json["id"] for _ in range(2)]
    for key in (*keys, *keys, keys[0]):
        ask("POST", f"/things/{key}/coins", {"value": words.randint(2, 90_000)})
        ask("GET", f"/things/{key}")
    ask("POST", f"/things/{keys[1]}/coins", {"value": -words.randint(1, 300)})
    ask("GET", "/things")


def test_a_number_may_be_how_many_there_are_in_all_items_and_what_follows_from_a_count_comes_after_it():
    mocks = learnt(Purses, saving, 8)
    assert mocks.wrong == []
    mocked, real = as_the_service(Purses, saving, mocks)
    assert mocked == real
    one, other = (mocks.ask("POST", "/things", {"limit": 500}).json["id"] for _ in range(2))
    numbers = [mocks.ask("POST", f"/things/{key}/coins", {"value": 70}).json["number"] for key in (one, other, one)]
    assert [number - numbers[0] for number in numbers] == [0, 1, 2]
    assert mocks.ask("POST", f"/things/{other}/coins", {"value": -5}).status == 422
    shown = {
        purse["id"]: (purse["coins"], purse["balance"], purse["free"]) for purse in mocks.ask("GET", "/things").json
    }
    assert (shown[one], shown[other]) == ((2, 140, 640), (1, 70, 570))
