"""What goes on by itself is done after as many reads as it was recorded to be, though the first showed nothing new."""

import pytest
from synthesis.telling import as_the_service, learnt, word


class Bakery:
    """Loaves that are baked once they were looked at several times; what is ordered is not told by its state alone."""

    looks = 3

    def __init__(self, chance):
        self.chance = chance
        self.loaves = {}
        self.left = {}

    def answer(self, method, target, _sent, _headers):
        parts = target.strip("/").split("/")
        if method == "POST":
            own = word(self.chance)
            self.loaves[own] = {"id": own, "kind": parts[0], "is_baked": False}
            self.left[own] = self.looks
            return 201, self.loaves[own]
        if parts[1] not in self.loaves:
            return 404, {"error": "no such loaf"}
        self.left[parts[1]] -= 1
        if self.left[parts[1]] == 0:
            self.loaves[parts[1]] |= {"is_baked": True, "weight": 750}
        return 200, self.loaves[parts[1]]


class Unsteady(Bakery):
    """Loaves that are baked at any look."""

    def answer(self, method, target, sent, headers):
        self.looks = self.chance.randint(1, 9)
        return super().answer(method, target, sent, headers)


def baking(ask, words):
    for _ in range(words.randint(1, 2)):
        own = ask("POST", "/loaves").json["id"]
        for _ in range(words.randint(3, 5)):
            ask("GET", f"/loaves/{own}")
    ask("GET", "/loaves/nothing")


@pytest.mark.parametrize("looks", [2, 3])
def test_what_goes_on_is_done_after_so_many_reads(looks, monkeypatch):
    monkeypatch.setattr(Bakery, "looks", looks)
    mocks = learnt(Bakery, baking, 5)
    own = mocks.ask("POST", "/loaves").json["id"]
    shown = [mocks.ask("GET", f"/loaves/{own}").json for _ in range(5)]
    begun = {"id": own, "kind": "loaves", "is_baked": False}
    assert shown == [begun] * (looks - 1) + [begun | {"is_baked": True, "weight": 750}] * (6 - looks)
    mocked, real = as_the_service(Bakery, baking, mocks)
    assert mocked == real


def test_reads_are_not_counted_where_things_go_on_at_any_of_them():
    mocks = learnt(Unsteady, baking, 5)
    assert "_reads" not in repr(mocks.made.definitions)


def test_reads_are_not_counted_where_a_write_lies_before_the_one_that_showed_something_new():
    mocks = learnt(Bakery, between_writes, 5)
    assert "_reads" not in repr(mocks.made.definitions)


def between_writes(ask, words):
    own = ask("POST", "/loaves").json["id"]
    for _ in range(words.randint(3, 5)):
        ask("GET", f"/loaves/{own}")
        ask("POST", "/rolls")
