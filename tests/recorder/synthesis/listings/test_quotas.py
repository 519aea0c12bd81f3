"""From a number of items on new ones are refused: of those of who asks, or of all."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import learnt, word


class Rationed(Shelf):
    """Three things for each who asks; `most` is that number."""

    most = 3

    def create(self, sent, headers):
        owner = headers["X-User"]
        if self.counted(owner) >= self.most:
            return 409, {"error": "that is enough"}
        return super().create({**sent, "owner": owner}, headers)

    def counted(self, owner):
        return sum(one["owner"] == owner for one in self.things.values())


class Full(Rationed):
    """Three things in all."""

    def counted(self, owner):
        return len(self.things)


class Moody(Rationed):
    """A service that refuses now and then."""

    def counted(self, owner):
        return self.chance.choice((0, 0, 3))


def filling(most):
    """Make things for two until each has been refused, and one again once there is room."""

    def script(ask, words):
        for user in (word(words), word(words)):
            headers = {"X-User": user}
            made = [ask("POST", "/things", {"name": word(words)}, headers).json for _ in range(most + 1)]
            ask("GET", f"/things/{made[0].get('id', 'none')}")
        ask("GET", "/things")

    return script


def asked(mocks, user):
    return mocks.ask("POST", "/things", {"name": "oak"}, {"X-User": user}).status


def test_from_a_number_of_ones_own_on_new_things_are_refused():
    mocks = learnt(Rationed, filling(3))
    assert [asked(mocks, "ada") for _ in range(4)] == [201, 201, 201, 409]
    assert asked(mocks, "bo") == 201


def test_from_a_number_of_all_on_new_things_are_refused():
    mocks = learnt(Full, filling(3))
    assert [asked(mocks, user) for user in ("ada", "bo", "ada", "bo")] == [201, 201, 201, 409]


def test_what_is_refused_at_any_number_is_no_quota():
    text = str(learnt(Moody, filling(3)).definition("post-things"))
    assert "'owner', 'eq'" not in text
    assert "things.count()" not in text
