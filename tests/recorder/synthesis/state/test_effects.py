"""What a call changes of an item above it is told by how that item looks when it is read the next time."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, told, word

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.effects import find_effects
from recorder.synthesis.state.world import play


class Account(Shelf):
    """Accounts that count what is put in and know the last; a deposit's own answer shows neither."""

    def answer(self, method, target, sent, headers):
        if target.endswith("/deposits"):
            account = self.things[target.split("/")[2]]
            account["count"] += 1
            account["last"] = sent["amount"]
            return 201, {"deposit": word(self.chance, "0123456789abcdef", 12), "amount": sent["amount"]}
        return super().answer(method, target, sent, headers)


def deposits(ask, words):
    """Open an account, put something in three times, and look at it each time."""
    key = ask("POST", "/things", {"owner": word(words), "count": 0, "last": None}).json["id"]
    for _ in range(3):
        ask("GET", f"/things/{key}")
        ask("POST", f"/things/{key}/deposits", {"amount": words.randint(11, 99)})
    ask("GET", f"/things/{key}")


def test_what_is_put_in_is_there_when_it_is_looked_at():
    mocks = learnt(Account, deposits)
    key = mocks.ask("POST", "/things", {"owner": "ada", "count": 0, "last": None}).json["id"]
    for amount in (17, 40):
        assert mocks.ask("POST", f"/things/{key}/deposits", {"amount": amount}).status == 201
    assert mocks.ask("GET", f"/things/{key}").json == {"id": key, "owner": "ada", "count": 2, "last": 40}
    assert mocks.wrong == []
    mocked, real = as_the_service(Account, deposits, mocks)
    assert mocked == real


ACCOUNT = {"id": 11, "balance": 100}
OPENED = ("POST", "/accounts", {"balance": 100}, 201, ACCOUNT)


def found(*rows):
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    world = play(samples, endpoints, bindings)
    return [
        (one.endpoint.id, one.lookup.collection, one.lookup.name, one.status, [*one.seen.values()])
        for one in find_effects(world.scenes, bindings)
    ]


def a_deposit(amount, after):
    return [
        ("POST", "/accounts/11/deposits", {"amount": amount}, 201, {"ok": True}), ("GET", "/accounts/11", None, 200, {"id": 11, "balance": after}),
    ]  # fmt: skip


def test_an_effect_names_what_changes_and_what_it_was_seen_to_become():
    read = ("GET", "/accounts/11", None, 200, ACCOUNT)
    assert found(OPENED, read, *a_deposit(17, 117), *a_deposit(40, 157)) == [
        ("post-account-deposits", "accounts", "item", None, [{"balance": 117}, {"balance": 157}])
    ]


def test_what_changed_once_or_never_is_no_effect():
    read = ("GET", "/accounts/11", None, 200, ACCOUNT)
    assert found(OPENED, read, *a_deposit(17, 117)) == []
    assert found(OPENED, read, *a_deposit(17, 100), *a_deposit(40, 100)) == []


def test_what_an_answer_tells_is_not_changed_again_though_another_caller_sees_it_otherwise():
    made = {"id": 11, "mine": True, "state": "new", "note": None}
    opened = ("POST", "/tasks", {"state": "new"}, 201, made)
    shared = [
        ("POST", "/tasks/11/share", {}, 200, {"id": 11, "mine": True, "state": "shared", "note": None}),
        ("GET", "/tasks/11", None, 200, {"id": 11, "mine": False, "state": "shared", "note": "by mail"}),
    ]
    back = [
        ("POST", "/tasks/11/share", {}, 200, {"id": 11, "mine": True, "state": "shared", "note": None}),
        ("GET", "/tasks/11", None, 200, {"id": 11, "mine": False, "state": "shared", "note": "by post"}),
    ]
    assert [one[-1] for one in found(opened, *shared, *back)] == [[{"note": "by mail"}, {"note": "by post"}]]


BASKET = {"id": "b-4f1", "status": "open", "lines": []}


def closing(word, status=409):
    return [
        ("POST", "/baskets", {}, 201, BASKET),
        ("GET", "/baskets/b-4f1", None, 200, BASKET),
        ("POST", "/baskets/b-4f1/checkout", {}, 201, {"order": 71}),
        ("POST", "/baskets/b-4f1/lines", {"sku": "X"}, status, {"error": {"text": "too late", "status": word}}),
        ("POST", "/baskets", {}, 201, {**BASKET, "id": "b-9c2"}),
        ("POST", "/baskets/b-9c2/checkout", {}, 201, {"order": 72}),
        ("POST", "/baskets/b-9c2/lines", {"sku": "Y"}, status, {"error": {"text": "too late", "status": word}}),
    ]


def test_what_a_refusal_tells_of_the_item_is_what_became_of_it():
    assert [(*one[1:4], one[4]) for one in found(*closing("paid"))] == [
        ("baskets", "item", None, [{"status": "paid"}, {"status": "paid"}])
    ]


def test_what_bad_requests_say_and_what_all_refusals_say_is_nothing_of_the_item():
    assert found(*closing("paid", 422)) == []
    missing = ("GET", "/baskets/b-0", None, 404, {"error": {"text": "no basket", "status": "failed"}})
    assert found(*closing("failed"), missing) == []


class Counter:
    """Bills are paid by tenders, which name the bill in a field."""

    def __init__(self, chance):
        self.chance = chance
        self.bills = {}

    def answer(self, method, target, sent, headers):
        del headers
        [_, kind, *rest] = target.split("/")
        if method == "GET":
            return (200, self.bills[rest[0]]) if rest[0] in self.bills else (404, {"error": "no bill"})
        key = word(self.chance)
        if kind == "bills":
            self.bills[key] = {"id": key, "sum": sent["sum"], "state": "due"}
            return 201, self.bills[key]
        if sent["bill"] not in self.bills:
            return 404, {"error": "no bill"}
        self.bills[sent["bill"]]["state"] = "settled"
        return 201, {"id": key, "bill": sent["bill"], "by": sent["by"]}


def settling(ask, words):
    """Make two bills, settle one of them, and look at both."""
    first, second = (ask("POST", "/bills", {"sum": words.randint(5, 900)}).json["id"] for _ in range(2))
    ask("GET", f"/bills/{first}")
    ask("POST", "/tenders", {"bill": first, "by": word(words)})
    ask("GET", f"/bills/{first}")
    ask("GET", f"/bills/{second}")
    ask("POST", "/tenders", {"bill": word(words), "by": "cash"})


def test_what_is_made_for_an_item_that_a_field_names_changes_that_item():
    mocks = learnt(Counter, settling, 5)
    first, second = (mocks.ask("POST", "/bills", {"sum": 70}).json["id"] for _ in range(2))
    assert mocks.ask("POST", "/tenders", {"bill": first, "by": "card"}).status == 201
    assert [mocks.ask("GET", f"/bills/{one}").json["state"] for one in (first, second)] == ["settled", "due"]


class Drawer(Shelf):
    """Things that are put away, without an answer; only lists show where they are, and some show one to nobody."""

    def answer(self, method, target, sent, headers):
        if target.endswith("/away"):
            self.things[target.split("/")[2]]["away"] = True
            return 204, None
        return super().answer(method, target, sent, headers)


def putting_away(ask, words):
    keys = [ask("POST", "/things", {"name": word(words), "away": False}).json["id"] for _ in range(2)]
    ask("GET", f"/things/{keys[0]}")
    ask("POST", f"/things/{keys[1]}/away")
    ask("GET", "/things")


def test_what_only_lists_show_after_a_call_is_an_effect_too():
    mocks = learnt(Drawer, putting_away)
    key = mocks.ask("POST", "/things", {"name": "oak", "away": False}).json["id"]
    mocks.ask("POST", f"/things/{key}/away")
    assert mocks.ask("GET", f"/things/{key}").json["away"] is True


class Dark(Drawer):
    """The same, whose lists show only names."""

    def list(self, query, headers):
        return 200, [{"id": one["id"], "name": one["name"].upper()} for one in self.things.values()]


def test_rows_with_less_than_the_item_tell_no_effect():
    mocks = learnt(Dark, putting_away)
    assert not [one for case in mocks.definition("post-thing-away")["cases"] for one in case.get("save", ())]
