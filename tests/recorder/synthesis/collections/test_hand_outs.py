"""Calls that hand items out give each a hold of its own, and do not give what somebody holds."""

from __future__ import annotations

from synthesis.telling import learnt, word


class Depot:
    """Jobs that workers take: who takes some gets a receipt for each, or takes them for good; done ones are deleted."""

    def __init__(self, chance):
        self.chance, self.jobs = chance, []

    def answer(self, method, target, sent, headers):
        del headers
        if target == "/jobs":
            self.jobs.append({"id": f"j{self.chance.randrange(10**6, 10**7)}", "text": sent["text"]})
            return 201, dict(self.jobs[-1])
        if target == "/jobs/take":
            return 200, {"jobs": self.taken(sent)}
        job = next((one for one in self.jobs if one["id"] == target.split("/")[2]), None)
        if job is None:
            return 404, {"error": "no such job"}
        if method == "DELETE":
            self.jobs.remove(job)
            return 204, None
        return 200, dict(job)

    def taken(self, sent):
        waiting = [one for one in self.jobs if "receipt" not in one][: sent["n"]]
        for one in waiting:
            if sent.get("forever"):
                self.jobs.remove(one)
            else:
                one["receipt"] = f"r{self.chance.randrange(10**11, 10**12)}"
        return [dict(one) for one in waiting]


def working(ask, chance):
    for _ in range(chance.randint(3, 6)):
        ask("POST", "/jobs", {"text": word(chance)})
    for _ in range(chance.randint(2, 3)):
        number = chance.randint(1, 2)
        forever = {"forever": True} if chance.random() < 0.4 else {}
        taken = ask("POST", "/jobs/take", {"n": number, **forever}).json["jobs"]
        for one in taken:
            ask("GET", f"/jobs/{one['id']}")
        if taken and not forever and chance.random() < 0.5:
            ask("DELETE", f"/jobs/{taken[0]['id']}")


def test_what_is_handed_out_is_held_and_the_next_ones_are_given():
    mocks = learnt(Depot, working, count=10)
    made = [mocks.ask("POST", "/jobs", {"text": text}).json["id"] for text in ("a", "b", "c", "d")]
    first = mocks.ask("POST", "/jobs/take", {"n": 1}).json["jobs"]
    second = mocks.ask("POST", "/jobs/take", {"n": 2}).json["jobs"]
    assert [[one["text"] for one in taken] for taken in (first, second)] == [["a"], ["b", "c"]]
    receipts = {one["receipt"] for one in (*first, *second)}
    assert len(receipts) == 3
    assert mocks.ask("GET", f"/jobs/{made[0]}").json == first[0]
    assert "receipt" not in mocks.ask("GET", f"/jobs/{made[3]}").json
    for_good = mocks.ask("POST", "/jobs/take", {"n": 1, "forever": True}).json["jobs"]
    assert [one["text"] for one in for_good] == ["d"]
    assert mocks.ask("GET", f"/jobs/{made[3]}").status == 404


class Board(Depot):
    """A depot that only shows which jobs wait."""

    def taken(self, sent):
        return [dict(one) for one in self.jobs[: sent["n"]]]


def test_what_is_only_listed_is_held_by_nobody():
    mocks = learnt(Board, working, count=10)
    assert not any(
        save
        for one in mocks.made.definitions
        for case in one.get("cases", ())
        for save in case.get("save", ())
        if one["match"]["path"] == "/jobs/take"
    )
