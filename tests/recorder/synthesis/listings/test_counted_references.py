"""What an answer tells of one thing may be reckoned of the rows that name it."""

from __future__ import annotations

from random import Random

from synthesis.shelves import Shelf
from synthesis.telling import Session, learnt, word


class Lending(Shelf):
    """Members at `/things`, their loans, and what each has lent and owes: fees of books that are late."""

    def __init__(self, chance):
        super().__init__(chance)
        self.loans = []

    def answer(self, method, target, sent, headers):
        parts = target.split("/")
        if target == "/loans":
            if method == "POST":
                self.loans.append({"id": word(self.chance), **sent})
                return 201, self.loans[-1]
            return 200, self.loans
        if parts[-1] == "summary":
            own = [loan for loan in self.loans if loan["member"]["id"] == parts[2]]
            return 200, {"member": parts[2], **self.figures(own)}
        return super().answer(method, target, sent, headers)

    def figures(self, own):
        late = [loan["fee"] for loan in own if loan["kind"] == "book" and loan["state"] == "late"]
        return {"loans": len(own), "owes": sum(late)}


class Guessing(Lending):
    """The same, with figures out of the air."""

    def figures(self, own):
        return {"loans": self.chance.randint(1, 90), "owes": self.chance.randint(1, 90)}


def lending(ask, words):
    """Lend things to two members, and ask what they owe in between."""
    keys = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2)]
    for _ in range(4):
        for key in keys:
            sent = {"member": {"id": key}, "fee": words.randint(11, 99)}
            sent |= {"kind": words.choice(("book", "film")), "state": words.choice(("late", "fine"))}
            ask("POST", "/loans", sent)
            ask("GET", f"/things/{key}/summary")
    ask("GET", f"/things/{keys[0]}")
    ask("GET", "/loans")


def owed(asked):
    """Give the summaries of a session that nobody recorded."""
    keys = [asked("POST", "/things", {"name": name}).json["id"] for name in ("ada", "bo")]
    for key, kind, state, fee in ((0, "book", "late", 7), (0, "film", "late", 5), (1, "book", "fine", 3)):
        asked("POST", "/loans", {"member": {"id": keys[key]}, "fee": fee, "kind": kind, "state": state})
    return [asked("GET", f"/things/{key}/summary").json for key in keys]


def figures(told):
    return [(one["loans"], one["owes"]) for one in told]


def test_figures_follow_the_rows_that_name_a_thing():
    mocks = learnt(Lending, lending, 6)
    assert figures(owed(mocks.ask)) == figures(owed(Session(Lending(Random(1))).ask)) == [(2, 7), (1, 0)]


def test_figures_that_no_rows_come_to_are_reckoned_of_none():
    assert "keep_rows(" not in str(learnt(Guessing, lending, 6).definition("get-thing-summary"))
