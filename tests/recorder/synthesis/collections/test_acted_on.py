"""What no call makes and actions change all the same is there whatever it is called, until an action says otherwise."""

from __future__ import annotations

from synthesis.telling import learnt, told_in, visits, word

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of

TERMS = ("spring", "summer", "autumn", "winter")


class School:
    """Classes that are opened; the terms of each are there, and are closed one by one."""

    def __init__(self, chance):
        self.chance, self.closed = chance, {}

    def answer(self, method, target, sent, headers):
        del headers
        if target == "/classes":
            name = f"c{self.chance.randrange(10**6, 10**7)}"
            self.closed[name] = {}
            return 201, {"id": name, "title": sent["title"]}
        _, _, name, _, term, *action = target.split("/")
        if name not in self.closed:
            return 404, {"error": "no such class"}
        closed = self.closed[name]
        if action and term in closed:
            return 409, {"error": f"{term} is closed"}
        if action:
            closed[term] = self.chance.randrange(100, 999)
        return 200, {"term": term, "state": "closed" if term in closed else "open", "by": closed.get(term)}


def closing(ask, chance):
    name = ask("POST", "/classes", {"title": word(chance)}).json["id"]
    first, other = chance.sample(TERMS, 2)
    ask("GET", f"/classes/{name}/terms/{first}")
    ask("POST", f"/classes/{name}/terms/{first}/close")
    if chance.random() < 0.6:
        ask("POST", f"/classes/{name}/terms/{first}/close")
    ask("GET", f"/classes/{name}/terms/{first}")
    ask("GET", f"/classes/{name}/terms/{other}")


def test_what_was_never_made_is_there_and_is_closed_once():
    mocks = learnt(School, closing, count=6)
    name = mocks.ask("POST", "/classes", {"title": "new"}).json["id"]
    terms = f"/classes/{name}/terms"
    assert mocks.ask("GET", f"{terms}/monsoon").json == {"term": "monsoon", "state": "open", "by": None}
    assert mocks.ask("POST", f"{terms}/monsoon/close").json["state"] == "closed"
    again = mocks.ask("POST", f"{terms}/monsoon/close")
    assert (again.status, again.json) == (409, {"error": "monsoon is closed"})
    assert mocks.ask("GET", f"{terms}/monsoon").json["state"] == "closed"
    assert mocks.ask("GET", f"{terms}/spring").json["state"] == "open"


def implied(service, script):
    collections, _ = bind(endpoints_of(told_in(*visits(service, script, 6))))
    return [one.name for one in collections if one.is_implied]


class Fussy(School):
    """A school that has four terms, and no others."""

    def answer(self, method, target, sent, headers):
        if "/terms/" in target and target.split("/")[4] not in TERMS:
            return 404, {"error": "no such term"}
        return super().answer(method, target, sent, headers)


def test_where_some_are_not_found_not_everything_is_there():
    def asking(ask, chance):
        closing(ask, chance)
        name = ask("POST", "/classes", {"title": word(chance)}).json["id"]
        ask("GET", f"/classes/{name}/terms/spring")
        ask("GET", f"/classes/{name}/terms/{word(chance)}")

    mocks = learnt(Fussy, asking, count=6)
    name = mocks.ask("POST", "/classes", {"title": "new"}).json["id"]
    assert mocks.ask("GET", f"/classes/{name}/terms/monsoon").status == 404
    assert implied(School, closing) == ["terms"]
    assert implied(Fussy, asking) == []
