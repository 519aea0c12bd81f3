"""What a call changes of an item beside what its answer shows of it is there when the item is read."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word


class Desk(Shelf):
    """Things that are handed over: the answer says only in which state one is then, a read also to whom and how often."""

    def answer(self, method, target, sent, headers):
        _, _, key, *rest = [*target.split("/"), "", ""][:5]
        if rest[:1] == ["hand"] and key in self.things:
            thing = self.things[key]
            if thing["state"] == "handed":
                return 409, {"error": "handed over already"}
            thing |= {
                "state": "handed",
                "to": sent["to"],
                "log": [*thing["log"], {"to": sent["to"], "why": sent["why"]}],
            }
            return 200, {"id": key, "state": "handed"}
        if rest[:1] == ["back"] and key in self.things:
            thing = self.things[key]
            thing |= {"state": "here", "to": None, "log": [*thing["log"], {"to": None, "why": "back"}]}
            return 200, {"id": key, "state": "here"}
        return super().answer(method, target, sent, headers)


def handing(ask, words):
    """Make a thing, hand it over and take it back, and look at it after each."""
    key = ask("POST", "/things", {"name": word(words), "state": "here", "to": None, "log": []}).json["id"]
    for _ in range(words.randint(1, 3)):
        ask("POST", f"/things/{key}/hand", {"to": word(words), "why": word(words)})
        ask("GET", f"/things/{key}")
        ask("POST", f"/things/{key}/hand", {"to": word(words), "why": word(words)})
        ask("POST", f"/things/{key}/back")
        ask("GET", f"/things/{key}")


def test_what_an_answer_does_not_show_of_a_change_is_read_afterwards():
    mocks = learnt(Desk, handing, count=6)
    assert mocks.wrong == []
    mocked, real = as_the_service(Desk, handing, mocks)
    assert mocked == real
    key = mocks.ask("POST", "/things", {"name": "key", "state": "here", "to": None, "log": []}).json["id"]
    assert mocks.ask("POST", f"/things/{key}/hand", {"to": "ada", "why": "lent"}).json == {"id": key, "state": "handed"}
    shown = {"id": key, "name": "key", "state": "handed", "to": "ada", "log": [{"to": "ada", "why": "lent"}]}
    assert mocks.ask("GET", f"/things/{key}").json == shown
    mocks.ask("POST", f"/things/{key}/back")
    assert mocks.ask("GET", f"/things/{key}").json["log"] == [*shown["log"], {"to": None, "why": "back"}]
