"""Answers tell what all calls so far have come to, though nothing lists what these sent."""

import pytest
from synthesis.telling import learnt, word


class Meter:
    """Tanks that are filled and drained; an answer tells how much of that kind there was in all."""

    def __init__(self, chance):
        self.chance = chance
        self.sums = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del method, headers
        if sent["litres"] <= 0:
            return 422, {"why": "nothing"}
        return 201, {"kind": sent["kind"], "litres": sent["litres"], "so_far": self.so_far(target, sent)}

    def so_far(self, target, sent):
        """Add what is sent to what there was of its kind."""
        key = target, sent["kind"]
        self.sums[key] = round(self.sums.get(key, 0) + sent["litres"], 2)
        return self.sums[key]


class Leaky(Meter):
    """Tanks that lose something on the way."""

    def so_far(self, target, sent):
        return super().so_far(target, sent) - self.chance.randint(0, 9)


def filling(ask, words):
    """Fill and drain two tanks, and once nothing."""
    for tank in (word(words), word(words)):
        for _ in range(words.randint(3, 5)):
            kind, litres = words.choice(["in", "out"]), words.randint(100, 9999) / 100
            ask("POST", f"/tanks/{tank}/flow", {"kind": kind, "litres": litres})
    ask("POST", f"/tanks/{tank}/flow", {"kind": "in", "litres": 0})


@pytest.fixture(scope="module")
def mocks():
    return learnt(Meter, filling, count=6)


def so_far(mocks, tank, kind, litres):
    """Give what there is in all after a call."""
    return mocks.ask("POST", f"/tanks/{tank}/flow", {"kind": kind, "litres": litres}).json["so_far"]


def test_calls_to_a_path_and_of_a_kind_are_added_up(mocks):
    calls = (("in", 11.1), ("in", 22.2), ("out", 5), ("in", 30))
    assert [so_far(mocks, "elm", *one) for one in calls] == [11.1, 33.3, 5, 63.3]
    assert so_far(mocks, "oak", "in", 4) == 4


def test_what_is_refused_is_not_added(mocks):
    so_far(mocks, "fir", "in", 7)
    assert mocks.ask("POST", "/tanks/fir/flow", {"kind": "in", "litres": 0}).status == 422
    assert so_far(mocks, "fir", "in", 9) == 16


def test_what_does_not_add_up_is_no_sum():
    assert "state.set(" not in repr(learnt(Leaky, filling, count=6).made.definitions)
