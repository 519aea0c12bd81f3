"""Rows that a list shows to one caller only are shown to that caller only, though they do not say whose they are."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word


class Post(Shelf):
    """Things of whoever signed in; who waves at another's thing leaves a note that only its owner sees."""

    def __init__(self, chance):
        super().__init__(chance)
        self.callers = {}
        self.notes = []

    def answer(self, method, target, sent, headers):
        if target == "/sessions":
            token = word(self.chance, "0123456789abcdef", 32)
            self.callers[token] = sent["name"]
            return 201, {"token": token, "user": {"name": sent["name"], "level": 1}}
        caller = self.callers.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if caller is None:
            return 401, {"error": "who are you"}
        if target == "/notes":
            return 200, {"notes": [note for owner, note in self.notes if owner == caller]}
        if method == "POST" and target.endswith("/waves"):
            thing = self.things[target.split("/")[2]]
            self.notes.append((thing["owner"], {"id": len(self.notes) + 1, "from": caller, "thing": thing["id"]}))
            return 202, {"done": True}
        return super().answer(method, target, {**sent, "owner": caller} if sent else sent, headers)


def waving(ask, words):
    """Two sign in, wave at each other's things, and look at their notes; sometimes only one of them does."""
    callers = []
    for _ in range(2):
        token = ask("POST", "/sessions", {"name": word(words)}).json["token"]
        own = {"Authorization": f"Bearer {token}"}
        key = ask("POST", "/things", {"shape": "round"}, own).json["id"]
        callers.append((own, ask("GET", f"/things/{key}", None, own).json["id"]))
    (ada, hers), (bob, his) = callers
    for _ in range(words.randint(1, 2)):
        ask("POST", f"/things/{his}/waves", None, ada)
        ask("GET", "/notes", None, bob)
        ask("POST", f"/things/{hers}/waves", None, bob)
        if words.random() < 0.6:
            ask("GET", "/notes", None, ada)


def test_each_sees_what_belongs_to_them():
    mocks = learnt(Post, waving, 6)
    assert mocks.wrong == []
    mocked, real = as_the_service(Post, waving, mocks)
    assert mocked == real
    callers = [mocks.ask("POST", "/sessions", {"name": name}).json["token"] for name in ("ada", "bob")]
    ada, bob = ({"Authorization": f"Bearer {token}"} for token in callers)
    hers = mocks.ask("POST", "/things", {"shape": "flat"}, ada).json["id"]
    mocks.ask("POST", f"/things/{hers}/waves", None, bob)
    assert [note["thing"] for note in mocks.ask("GET", "/notes", None, ada).json["notes"]] == [hers]
    assert mocks.ask("GET", "/notes", None, bob).json == {"notes": []}


class Stamped(Post):
    """The same, where notes can be marked as seen."""

    def answer(self, method, target, sent, headers):
        if method != "PATCH":
            return super().answer(method, target, sent, headers)
        found = next(note for _, note in self.notes if str(note["id"]) == target.split("/")[2])
        found["seen"] = True
        return 200, found


def stamping(ask, words):
    """Wave as before, and mark a note as seen before looking again."""
    asked = {}

    def watched(method, target, sent=None, headers=None):
        given = ask(method, target, sent, headers)
        if (method, target) == ("GET", "/notes") and given.json["notes"]:
            asked.update(note=given.json["notes"][-1]["id"], own=headers)
        return given

    waving(watched, words)
    ask("PATCH", f"/notes/{asked['note']}", {"seen": True}, asked["own"])
    ask("GET", "/notes", None, asked["own"])


def test_what_belongs_to_somebody_still_does_when_it_was_changed():
    mocks = learnt(Stamped, stamping, 6)
    callers = [mocks.ask("POST", "/sessions", {"name": name}).json["token"] for name in ("ada", "bob")]
    ada, bob = ({"Authorization": f"Bearer {token}"} for token in callers)
    hers = mocks.ask("POST", "/things", {"shape": "flat"}, ada).json["id"]
    mocks.ask("POST", f"/things/{hers}/waves", None, bob)
    [note] = mocks.ask("GET", "/notes", None, ada).json["notes"]
    changed = mocks.ask("PATCH", f"/notes/{note['id']}", {"seen": True}, ada).json
    assert changed == {**note, "seen": True}
    assert mocks.ask("GET", "/notes", None, ada).json == {"notes": [changed]}
    assert mocks.ask("GET", "/notes", None, bob).json == {"notes": []}
