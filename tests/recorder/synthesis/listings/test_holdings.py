"""How many things who asks has made is counted, told, and what a quota is of."""

from __future__ import annotations

from synthesis.state.test_makers import Lockers
from synthesis.telling import learnt, word

MOST = {"small": 3, "large": 9}


class Limited(Lockers):
    """Each key makes so many things at most; headers say how many are left."""

    def answer(self, method, target, sent, headers):
        if target == "/keys":
            status, answered = super().answer(method, target, sent, headers)
            return status, {**answered, "plan": sent["plan"], "most": MOST[sent["plan"]]}
        caller = headers.get("X-Api-Key")
        used = sum(self.owners[key] == self.keys.get(caller) for key in self.things)
        plan = getattr(self, "plans", {})
        most = plan.get(caller, 0)
        if target == "/usage":
            return 200, {"most": most, "used": used, "left": most - used}
        if method == "POST" and caller in self.keys and used >= most:
            return 429, {"error": "no more today"}, {"Retry-After": "3600"}
        given = super().answer(method, target, sent, headers)
        return (*given, {"RateLimit-Remaining": str(most - used - 1)}) if method == "POST" else given


class Planned(Limited):
    """Remembers the plan of each key."""

    def __init__(self, chance):
        super().__init__(chance)
        self.plans = {}

    def answer(self, method, target, sent, headers):
        given = super().answer(method, target, sent, headers)
        if target == "/keys":
            self.plans[given[1]["key"]] = given[1]["most"]
        return given


def using_up(ask, words):
    """Somebody with a large and somebody with a small plan make things, until the small one is used up."""
    callers = []
    for plan in ("large", "small"):
        sent = {"mail": f"{word(words)}@example.com", "plan": plan}
        callers.append({"X-Api-Key": ask("POST", "/keys", sent).json["key"]})
    for _ in range(words.randint(1, 3)):
        ask("POST", "/things", {"name": word(words)}, callers[0])
    ask("GET", "/usage", None, callers[0])
    ask("GET", "/things", None, callers[0])
    for _ in range(4):
        ask("POST", "/things", {"name": word(words)}, callers[1])
        if words.random() < 0.5:
            ask("GET", "/usage", None, callers[1])
    ask("GET", "/things", None, callers[1])
    ask("GET", "/things", None, callers[0])


def test_a_quota_is_counted_down_for_each_key_and_then_refuses():
    mocks = learnt(Planned, using_up, count=6)
    sent = {"mail": "eve@example.com", "plan": "small"}
    own = {"X-Api-Key": mocks.ask("POST", "/keys", sent).json["key"]}
    given = [mocks.ask("POST", "/things", {"name": "hat"}, own) for _ in range(4)]
    assert [one.status for one in given] == [201, 201, 201, 429]
    assert [one.headers["ratelimit-remaining"] for one in given[:3]] == ["2", "1", "0"]
    assert given[3].headers["retry-after"] == "3600"
    assert mocks.ask("GET", "/usage", None, own).json == {"most": 3, "used": 3, "left": 0}
