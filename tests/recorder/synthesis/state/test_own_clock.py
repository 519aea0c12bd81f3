"""A service may have a clock of its own, which a call puts on: what is made afterwards tells its time."""

from datetime import UTC, datetime, timedelta

import pytest
from synthesis.telling import learnt, word

BEGUN = datetime(2031, 5, 1, 8, 30, tzinfo=UTC)


class Museum:
    """Loans that are due after three weeks, by a clock that is put on by days."""

    def __init__(self, chance):
        self.chance = chance
        self.now = BEGUN
        self.loans = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        if target == "/clock/advance":
            self.now += timedelta(days=self.step(sent["days"]))
            return 200, {"clock": {"now": told(self.now)}}
        if method == "POST":
            key = f"loan-{word(self.chance)}{len(self.loans)}"
            due = told(self.now + timedelta(days=21))
            self.loans[key] = {"id": key, "piece": sent["piece"], "lent": told(self.now), "due": due}
            return 201, self.loans[key]
        key = target.rpartition("/")[2]
        return (200, self.loans[key]) if key in self.loans else (404, {"why": "unknown"})

    def step(self, days):
        """Give by how much the clock is put on."""
        return days


class Broken(Museum):
    """A museum whose clock goes as it likes."""

    def step(self, days):
        return days + self.chance.randint(1, 40)


def told(moment):
    """Give a time as the service writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def lend(ask, words):
    """Lend pieces, and let days go by between."""
    for _ in range(words.randint(2, 3)):
        key = ask("POST", "/loans", {"piece": word(words)}).json["id"]
        ask("GET", f"/loans/{key}")
        ask("POST", "/clock/advance", {"days": words.randint(2, 30)})
    ask("GET", "/loans/none")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Museum, lend, count=6)


def test_a_clock_is_put_on_by_what_is_sent_and_new_things_tell_its_time(mocks):
    first = mocks.ask("POST", "/loans", {"piece": "amphora"}).json
    assert (first["lent"], first["due"]) == ("2031-05-01T08:30:00Z", "2031-05-22T08:30:00Z")
    assert mocks.ask("POST", "/clock/advance", {"days": 40}).json == {"clock": {"now": "2031-06-10T08:30:00Z"}}
    assert mocks.ask("POST", "/clock/advance", {"days": 1}).json == {"clock": {"now": "2031-06-11T08:30:00Z"}}
    later = mocks.ask("POST", "/loans", {"piece": "bronze"}).json
    assert (later["lent"], later["due"]) == ("2031-06-11T08:30:00Z", "2031-07-02T08:30:00Z")
    assert mocks.ask("GET", f"/loans/{first['id']}").json == first


def test_a_clock_that_does_not_follow_what_is_sent_is_none():
    assert "resource.clock" not in repr(learnt(Broken, lend, count=6).made.definitions)
