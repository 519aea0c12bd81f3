"""Answers of operations tell of members of items that they do not show."""

from synthesis.shelves import Shelf
from synthesis.switchboards import Tickets, Wallet, spending, working
from synthesis.telling import as_the_service, learnt, told_in, visits, word

from recorder.synthesis.calls.operations import see_operations
from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of


def tellings(service, script):
    endpoints = endpoints_of(told_in(*visits(service, script, 5)))
    see_operations(endpoints)
    _, bindings = bind(endpoints)
    return {one.discriminator.value: binding.told for one, binding in bindings.items() if binding.told}


def test_commands_tell_what_became_of_their_item():
    told = {"status": ("status",), "version": ("version",)}
    assert tellings(Tickets, working) == {"OpenTicket": told, "RenameTicket": told, "CloseTicket": told}


def test_a_result_may_hold_what_is_told():
    assert tellings(Wallet, spending) == {"coins.put": {"purse": ("result", "purse"), "coins": ("result", "coins")}}


def test_members_of_the_same_name_that_the_item_does_not_have_then_are_none():
    def row(method, params, result):
        sent = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        return ("POST", "/rpc", sent, 200, {"jsonrpc": "2.0", "id": 1, "result": result})

    sessions = [
        [
            row("pet.add", {"name": f"n{n}"}, {"pet": f"pet-{n}", "name": f"n{n}", "size": 0}),
            row("pet.feed", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "size": 99, "food": n}),
            row("pet.get", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "name": f"n{n}", "size": 1}),
        ]
        for n in range(4)
    ]
    endpoints = endpoints_of(told_in(*sessions))
    see_operations(endpoints)
    _, bindings = bind(endpoints)
    assert [binding.told for one, binding in bindings.items() if one.discriminator.value == "pet.feed"] == [
        {"pet": ("result", "pet")}
    ]


def test_numbers_that_only_a_partial_look_tells_are_told_of_the_item_too():
    def row(method, params, result):
        sent = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        return ("POST", "/rpc", sent, 200, {"jsonrpc": "2.0", "id": 1, "result": result})

    sessions = [
        [
            row("pet.add", {"name": f"n{n}"}, {"pet": f"pet-{n}", "name": f"n{n}"}),
            row("pet.feed", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "meals": n}),
            row("pet.get.diary", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "meals": n, "last": "hay"}),
            row("pet.get", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "name": f"n{n}"}),
            row("pet.get", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "name": f"n{n}"}),
        ]
        for n in range(4)
    ]
    endpoints = endpoints_of(told_in(*sessions))
    see_operations(endpoints)
    collections, bindings = bind(endpoints)
    told = {one.discriminator.value: binding.told for one, binding in bindings.items()}
    assert told["pet.feed"] == {"pet": ("result", "pet"), "meals": ("result", "meals")}
    assert [one.aside for one in collections] == [{"meals"}]


class Revised(Shelf):
    """Papers that are put whole under names of the client's choice: a write needs the last revision and tells a new."""

    def answer(self, method, target, sent, headers):
        key = target.split("/")[2]
        old = self.things.get(key)
        if method == "GET":
            return (200, old) if old else (404, {"error": "not_found"})
        if (old or {}).get("_rev") != sent.get("_rev"):
            return 409, {"error": "conflict", "reason": "Document update conflict."}
        body = {name: value for name, value in sent.items() if not name.startswith("_")}
        self.things[key] = {"_id": key, "_rev": f"r-{word(self.chance, '0123456789abcdef', 24)}", **body}
        return 201, {"ok": True, "id": key, "rev": self.things[key]["_rev"]}


def revising(ask, words):
    """Put a paper, read it, put it again with its revision, and once or twice with an old one."""
    key = f"/papers/{word(words)}"
    first = ask("PUT", key, {"title": word(words)}).json["rev"]
    ask("GET", key)
    second = ask("PUT", key, {"title": word(words), "_rev": first}).json["rev"]
    ask("PUT", key, {"title": word(words), "_rev": first})
    ask("GET", key)
    ask("PUT", key, {"title": word(words), "_rev": second})
    ask("PUT", key, {"title": word(words)})
    ask("GET", f"/papers/{word(words)}")


def test_a_revision_that_an_answer_tells_is_the_item_s_own_under_another_name():
    mocks = learnt(Revised, revising)
    assert mocks.wrong == []
    mocked, real = as_the_service(Revised, revising, mocks)
    assert mocked == real
    first = mocks.ask("PUT", "/papers/ada", {"title": "x"}).json["rev"]
    assert mocks.ask("GET", "/papers/ada").json == {"_id": "ada", "_rev": first, "title": "x"}
    second = mocks.ask("PUT", "/papers/ada", {"title": "y", "_rev": first})
    assert (second.status, mocks.ask("PUT", "/papers/ada", {"title": "z", "_rev": first}).status) == (201, 409)
    assert mocks.ask("PUT", "/papers/ada", {"title": "z", "_rev": second.json["rev"]}).status == 201


class Settings:
    """Settings that are put by the name that is sent; the answer tells which version it is now, and not of what."""

    def __init__(self, _chance):
        self.held = {}

    def answer(self, _method, _target, sent, headers):
        old = self.held.get(sent["Name"])
        if headers["X-Do"] == "Settings.PutSetting":
            version = old["Version"] + 1 if old else 1
            self.held[sent["Name"]] = {**sent, "Version": version}
            return 200, {"Version": version, "Tier": "plain"}
        if old is None:
            return 400, {"error": f"No setting {sent['Name']}"}
        if headers["X-Do"] == "Settings.DeleteSetting":
            del self.held[sent["Name"]]
            return 200, {}
        return 200, {"Setting": old}


def sets(ask):
    return lambda what, **sent: ask("POST", "/", sent, {"X-Do": f"Settings.{what}Setting"})


def putting(ask, words):
    do, names = sets(ask), [f"set/{word(words)}{words.randint(10, 99)}" for _ in range(3)]
    for name in names:
        do("Put", Name=name, Value=word(words))
    one = words.choice(names)
    do("Get", Name=one)
    do("Put", Name=one, Value=word(words))
    for what in ("Get", "Delete", "Get"):
        do(what, Name=one)


def test_what_is_put_by_its_name_has_the_numbers_that_answers_tell_without_the_name():
    mocks = learnt(Settings, putting, 6)
    assert mocks.wrong == []
    do = sets(mocks.ask)
    told = [do("Put", Name=name, Value="red").json["Version"] for name in ("a/1", "a/2", "a/1")]
    assert told == [1, 1, 2]
    assert do("Get", Name="a/1").json == {"Setting": {"Name": "a/1", "Value": "red", "Version": 2}}
    assert do("Get", Name="a/2").json["Setting"]["Version"] == 1
