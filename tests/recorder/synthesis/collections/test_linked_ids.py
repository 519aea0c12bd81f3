"""Things that hold their ids at the end of a path: what makes them leads to them, as to an operation that goes on."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import as_the_service, learnt, word

from recorder.synthesis.collections.binding import Collection


class Yard:
    """Ships under `/v1/yards/{yard}/ships`, begun and broken up by operations that say what they are for."""

    def __init__(self, chance):
        self.chance = chance
        self.ships, self.operations = {}, {}

    def answer(self, method, target, sent, headers):
        del headers
        parts = urlsplit(target)
        [_, _, *rest] = parts.path.split("/")
        name, above = "/".join(rest), "/".join(rest[:2])
        if method == "POST":
            own = f"{name}/{dict(parse_qsl(parts.query))['id']}"
            self.ships[own] = {"name": own, **sent}
            return self.begun(above, own, "build")
        kept = self.ships if rest[2] == "ships" else self.operations
        if name not in kept:
            return 404, {"error": f"no {name}"}
        if method == "DELETE":
            del kept[name]
            return self.begun(above, name, "break")
        return 200, kept[name]

    def begun(self, above, target, verb):
        own = f"{above}/operations/{word(self.chance)}"
        self.operations[own] = {"name": own, "about": {"target": target, "verb": verb}}
        return 200, self.operations[own]


def building(ask, words):
    yard, own = word(words), word(words)
    begun = ask("POST", f"/v1/yards/{yard}/ships?id={own}", {"length": words.randint(10, 300)}).json
    ask("GET", f"/v1/{begun['name']}")
    ask("GET", f"/v1/yards/{yard}/ships/{own}")
    ask("GET", f"/v1/yards/{yard}/operations/{word(words)}")
    ended = ask("DELETE", f"/v1/yards/{yard}/ships/{own}").json
    ask("GET", f"/v1/{ended['name']}")
    ask("GET", f"/v1/yards/{yard}/ships/{own}")


def test_what_makes_a_thing_leads_to_the_operation_and_to_the_thing():
    mocks = learnt(Yard, building)
    assert mocks.wrong == []
    mocked, real = as_the_service(Yard, building, mocks)
    assert mocked == real
    begun = mocks.ask("POST", "/v1/yards/north/ships?id=ark", {"length": 137}).json
    assert begun["about"] == {"target": "yards/north/ships/ark", "verb": "build"}
    assert mocks.ask("GET", f"/v1/{begun['name']}").json == begun
    assert mocks.ask("GET", "/v1/yards/north/ships/ark").json == {"name": "yards/north/ships/ark", "length": 137}
    ended = mocks.ask("DELETE", "/v1/yards/north/ships/ark").json
    assert mocks.ask("GET", f"/v1/{ended['name']}").json == ended


def test_the_end_of_a_path_is_a_key_only_where_the_word_before_it_is_of_the_collection():
    ships = Collection(("v1", "yards", None, "ships", None), is_linked=True)
    assert ships.key_of("yards/north/ships/ark") == "ark"
    assert ships.key_of("https://yards.example/v1/yards/north/ships/ark") == "ark"
    assert ships.key_of("yards/north/operations/a7") == "yards/north/operations/a7"
    assert Collection(("ships", None)).key_of("a/ships/b") == "a/ships/b"


def test_a_path_of_what_was_there_before_makes_nothing():
    class Named(Yard):
        def begun(self, above, target, verb):
            status, told = super().begun(above, target, verb)
            return status, {"name": told["name"], "about": {**told["about"], "first": next(iter(self.operations))}}

    def twice(ask, words):
        building(ask, words)
        yard = word(words)
        for _ in range(2):
            begun = ask("POST", f"/v1/yards/{yard}/ships?id={word(words)}", {"length": 9}).json
            ask("GET", f"/v1/{begun['name']}")

    mocks = learnt(Named, twice)
    first = mocks.ask("POST", "/v1/yards/north/ships?id=ark", {"length": 137}).json
    assert mocks.ask("GET", f"/v1/{first['name']}").json["about"]["target"] == "yards/north/ships/ark"
    second = mocks.ask("POST", "/v1/yards/north/ships?id=tug", {"length": 12}).json
    assert mocks.ask("GET", f"/v1/{second['name']}").json["about"]["target"] == "yards/north/ships/tug"
    assert mocks.ask("GET", f"/v1/{first['name']}").json["about"]["target"] == "yards/north/ships/ark"
