"""Rows that show the items which list an item follow from those, with what they are called."""

import pytest
from synthesis.telling import as_the_service, learnt, word


class Clubs:
    """People, and clubs with members: a person shows its clubs by key and name; what is patched is done by operations."""

    def __init__(self, chance):
        self.chance = chance
        self.people = {}
        self.clubs = {}

    def answer(self, method, target, sent, headers):
        del headers
        kind, *rest = target.partition("?")[0].strip("/").split("/")
        held = self.people if kind == "people" else self.clubs
        show = self.person if kind == "people" else dict
        if not rest:
            if method == "GET":
                query = dict(pair.split("=") for pair in target.partition("?")[2].split("&") if pair)
                start, most = int(query.get("startAt", 1)), int(query.get("count", 50))
                return 200, {"found": len(held), "rows": [show(one) for one in held.values()][start - 1 :][:most]}
            key = f"{word(self.chance)}{self.chance.randint(100, 999)}"
            held[key] = (
                {"key": key, **sent} if kind == "people" else {"key": key, "title": sent["title"], "members": []}
            )
            return 201, show(held[key])
        if rest[0] not in held:
            return 404, {"why": "not there"}
        one = held[rest[0]]
        if method == "DELETE":
            del held[rest[0]]
            return 204, None
        if method == "PATCH":
            for operation in sent["Steps"]:
                self.do(one, **operation)
        return 200, show(one)

    def do(self, one, op, path, value=None):
        name, _, part = path.partition(".")
        if op == "add" and isinstance(one.get(name), list):
            one[name] = [*one[name], *value]
        elif part:
            one[name] = {**one[name], part: value}
        else:
            one[name] = value

    def person(self, one):
        clubs = [club for club in self.clubs.values() if one["key"] in [row["id"] for row in club["members"]]]
        return {**one, "clubs": [{"id": club["key"], "called": club["title"]} for club in clubs]}


def joining(ask, words):
    """Make people and clubs, put some into these, look at them, change one, and list them by pages."""
    people = [
        ask("POST", "/people", {"name": {"first": word(words), "last": word(words)}}).json["key"]
        for _ in range(words.randint(3, 4))
    ]
    clubs = [ask("POST", "/clubs", {"title": f"{word(words)} {word(words)}"}).json["key"] for _ in range(2)]
    for club in clubs:
        members = [{"id": one} for one in words.sample(people, 2)]
        ask("PATCH", f"/clubs/{club}", {"Steps": [{"op": "add", "path": "members", "value": members}]})
    for one in people:
        ask("GET", f"/people/{one}")
    step = {"op": "replace", "path": "name.last", "value": word(words)}
    ask("PATCH", f"/people/{words.choice(people)}", {"Steps": [step]})
    ask("GET", "/people")
    ask("GET", "/people?startAt=1&count=2")
    ask("GET", "/people?startAt=3&count=2")
    ask("DELETE", f"/clubs/{clubs[0]}")
    for one in people[:2]:
        ask("GET", f"/people/{one}")
    ask("GET", f"/people/{word(words)}{words.randint(1000, 9999)}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Clubs, joining, 8)


def test_mocks_are_as_the_service(mocks):
    mocked, real = as_the_service(Clubs, joining, mocks)
    assert mocked == real


def test_a_person_shows_the_clubs_that_list_it(mocks):
    mona, bo = (mocks.ask("POST", "/people", {"name": {"first": one, "last": "Lee"}}).json["key"] for one in ("m", "b"))
    club = mocks.ask("POST", "/clubs", {"title": "Night swimmers"}).json["key"]
    steps = {"Steps": [{"op": "add", "path": "members", "value": [{"id": mona}]}]}
    mocks.ask("PATCH", f"/clubs/{club}", steps)
    assert mocks.ask("GET", f"/people/{mona}").json["clubs"] == [{"id": club, "called": "Night swimmers"}]
    assert mocks.ask("GET", f"/people/{bo}").json["clubs"] == []
    mocks.ask("DELETE", f"/clubs/{club}")
    assert mocks.ask("GET", f"/people/{mona}").json["clubs"] == []


def test_operations_are_done_on_what_is_held(mocks):
    key = mocks.ask("POST", "/people", {"name": {"first": "Kit", "last": "Lee"}}).json["key"]
    steps = {"Steps": [{"op": "replace", "path": "name.last", "value": "Moss"}]}
    assert mocks.ask("PATCH", f"/people/{key}", steps).json["name"] == {"first": "Kit", "last": "Moss"}
    assert mocks.ask("GET", f"/people/{key}").json["name"] == {"first": "Kit", "last": "Moss"}
