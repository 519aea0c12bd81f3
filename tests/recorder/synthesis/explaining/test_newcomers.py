"""Many things are made of names that are sent, without those that are there; roles and memberships follow."""

import pytest
from synthesis.telling import learnt, word


class Club:
    """People that are made by name, one by one or many at once, and teams; who goes is taken off them unseen."""

    def __init__(self, chance):
        del chance
        self.people = {}
        self.teams = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        _, place, *rest = target.split("/")
        if place == "teams":
            team = self.teams.setdefault(rest[0], {"title": rest[0], "names": []})
            joining = sent["names"] if len(rest) > 1 else []
            team["names"] += [name for name in joining if name not in team["names"]]
            return 201 if method == "PUT" else 200, team
        if not rest:
            if method == "GET":
                return 200, list(self.people.values())
            new = [name for name in sent["names"] if name not in self.people]
            return (201, [self.make(name, is_admin=False) for name in new]) if new else (409, {"error": "all there"})
        if method == "POST":
            return 201, self.make(rest[0], is_admin=bool(sent))
        if rest[0] not in self.people:
            return 404, {"error": "nobody"}
        if method == "DELETE":
            for team in self.teams.values():
                team["names"] = [name for name in team["names"] if name != rest[0]]
            del self.people[rest[0]]
            return 204, None
        return 200, self.people[rest[0]]

    def make(self, name, *, is_admin):
        """Make a person."""
        roles = ["user", "admin"] if is_admin else ["user"]
        self.people[name] = {"name": name, "roles": roles, "admin": is_admin, "note": None}
        return self.people[name]


def an_evening(ask, words):
    first = word(words)
    ask("POST", f"/people/{first}", {"admin": True} if words.random() < 0.5 else None)
    ask("GET", f"/people/{first}")
    names = [word(words) for _ in range(words.randint(2, 4))]
    if words.random() < 0.4:
        names.insert(words.randint(0, 1), first)
    ask("POST", "/people", {"names": names})
    ask("POST", "/people", {"names": [first]})
    ask("GET", "/people")
    team = f"/teams/{word(words)}"
    ask("PUT", team)
    ask("POST", f"{team}/names", {"names": names[:2]})
    if words.random() < 0.1:
        ask("DELETE", f"/people/{names[0]}")
    ask("POST", f"{team}/names", {"names": names[1:]})
    ask("GET", team)
    ask("GET", f"/people/{word(words)}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Club, an_evening, count=16)


def test_rows_are_made_of_the_names_that_nobody_has_yet(mocks):
    assert mocks.ask("POST", "/people/zoe").status == 201
    made = mocks.ask("POST", "/people", {"names": ["yan", "zoe", "xul", "wim", "vera"]})
    assert (made.status, [one["name"] for one in made.json]) == (201, ["yan", "xul", "wim", "vera"])
    assert mocks.ask("GET", "/people/vera").json == {"name": "vera", "roles": ["user"], "admin": False, "note": None}
    assert [one["name"] for one in mocks.ask("GET", "/people").json] == ["zoe", "yan", "xul", "wim", "vera"]


def test_lists_of_which_a_few_come_again_are_told_apart(mocks):
    assert mocks.ask("POST", "/people/ada", {"admin": True}).json["roles"] == ["user", "admin"]
    assert mocks.ask("POST", "/people/bob").json["roles"] == ["user"]


def test_members_join_though_some_left_unseen(mocks):
    mocks.ask("PUT", "/teams/crew")
    mocks.ask("POST", "/teams/crew/names", {"names": ["ada", "bob"]})
    assert mocks.ask("POST", "/teams/crew/names", {"names": ["bob", "cyd"]}).json["names"] == ["ada", "bob", "cyd"]
