"""What callers put on things and take off again is shown to each as its own, and counted for all."""

from __future__ import annotations

import pytest
from synthesis.shelves import Shelf
from synthesis.telling import learnt, word


class Starred(Shelf):
    """Things that callers put stars on: `turns` says whether the same call takes them off again."""

    turns = True

    def __init__(self, chance):
        super().__init__(chance)
        self.callers = {}
        self.stars = {}

    def shown(self, thing, caller):
        stars = self.stars.get(thing["id"], set())
        return {**thing, "starred": caller in stars, "stars": len(stars)}

    def answer(self, method, target, sent, headers):
        if target == "/sessions":
            token = word(self.chance, "0123456789abcdef", 32)
            self.callers[token] = sent["login"]
            return 201, {"token": token, "login": sent["login"]}
        caller = self.callers.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if caller is None:
            return 401, {"error": "who are you"}
        if target.endswith("/star"):
            key = target.split("/")[2]
            stars = self.stars.setdefault(key, set())
            (stars.discard if method == "DELETE" or (self.turns and caller in stars) else stars.add)(caller)
            return 200, {"id": key, "starred": caller in stars, "stars": len(stars)}
        status, answered = super().answer(method, target, sent, headers)
        if isinstance(answered, list):
            return status, [self.shown(one, caller) for one in answered]
        return status, self.shown(answered, caller) if "id" in answered else answered


class Bookmarked(Starred):
    """Stars are put by one call and taken off by another."""

    turns = False


def starring(ask, words):
    """Two make things, put stars on them, look, and perhaps take them off again."""
    callers = []
    for _ in range(2):
        token = ask("POST", "/sessions", {"login": word(words)}).json["token"]
        callers.append({"Authorization": f"Bearer {token}"})
    keys = [ask("POST", "/things", {"name": word(words)}, own).json["id"] for own in callers]
    for _ in range(words.randint(4, 7)):
        key, own = words.choice(keys), words.choice(callers)
        ask(words.choice(("POST", "POST", "DELETE")), f"/things/{key}/star", None, own)
        ask("GET", f"/things/{words.choice(keys)}", None, words.choice(callers))
    ask("GET", "/things", None, callers[0])
    ask("GET", "/things", None, callers[1])


@pytest.mark.parametrize(("service", "second"), [(Starred, (False, 1)), (Bookmarked, (True, 2))])
def test_stars_are_counted_and_shown_to_each_caller_as_its_own(service, second):
    mocks = learnt(service, starring, count=6)
    own = [
        {"Authorization": f"Bearer {mocks.ask('POST', '/sessions', {'login': login}).json['token']}"}
        for login in ("adalovelace", "bobnewhart")
    ]
    key = mocks.ask("POST", "/things", {"name": "hat"}, own[0]).json["id"]
    given = [mocks.ask("POST", f"/things/{key}/star", None, one).json for one in (own[0], own[1], own[0])]
    assert [(one["starred"], one["stars"]) for one in given] == [(True, 1), (True, 2), second]
    seen = [mocks.ask("GET", f"/things/{key}", None, one).json for one in own]
    assert [(one["starred"], one["stars"]) for one in seen] == [second, (True, second[1])]
    mocks.ask("DELETE", f"/things/{key}/star", None, own[1])
    rows = [mocks.ask("GET", "/things", None, one).json[-1] for one in own]
    assert [(one["id"], one["starred"], one["stars"]) for one in rows] == [
        (key, second[0], second[1] - 1),
        (key, False, second[1] - 1),
    ]
