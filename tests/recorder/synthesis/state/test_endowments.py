"""New items have what was sent for them when they are read, though the receipt of their maker does not tell of it."""

from __future__ import annotations

from synthesis.telling import as_the_service, learnt, word


class Loans:
    """Loans: what makes one tells its number and its state; reads call what was sent by other names."""

    def __init__(self, chance):
        self.chance = chance
        self.loans = {}

    def answer(self, method, target, sent, _headers):
        _, *rest = target.strip("/").split("/")
        if method == "POST" and not rest:
            made = {"id": word(self.chance), "state": "OUT", "title": sent["book"]}
            made |= {"to": {"name": sent["name"], "card": sent["card"]}, "note": sent.get("note")}
            self.loans[made["id"]] = {name: value for name, value in made.items() if value is not None}
            return 201, {"id": made["id"], "state": "OUT"}
        if not rest:
            return 200, {"loans": [{name: one[name] for name in ("id", "title")} for one in self.loans.values()]}
        loan = self.loans.get(rest[0])
        if loan is None:
            return 404, {"error": "no such loan"}
        if method == "POST":
            loan["state"] = "BACK"
            return 200, {"id": rest[0], "state": "BACK"}
        return 200, loan


def lending(ask, words):
    keys = []
    for _ in range(3):
        note = {"note": word(words)} if words.random() < 0.5 else {}
        sent = {"book": word(words), "name": word(words), "card": word(words), **note}
        keys.append(ask("POST", "/loans", sent).json["id"])
    ask("GET", "/loans")
    for key in keys:
        ask("GET", f"/loans/{key}")
        if words.random() < 0.5:
            ask("POST", f"/loans/{key}/return")
            ask("GET", f"/loans/{key}")
    ask("GET", "/loans")
    ask("GET", "/loans/nowhere")


def test_what_is_sent_is_there_under_the_names_of_reads_in_items_and_in_lists():
    mocks = learnt(Loans, lending, 8)
    plain = {"book": "ulysses", "name": "ada", "card": "k1"}
    key, noted = (mocks.ask("POST", "/loans", sent).json["id"] for sent in (plain, {**plain, "note": "torn"}))
    assert mocks.ask("GET", "/loans").json == {
        "loans": [{"id": key, "title": "ulysses"}, {"id": noted, "title": "ulysses"}]
    }
    shown = {"id": key, "state": "OUT", "title": "ulysses", "to": {"name": "ada", "card": "k1"}}
    assert mocks.ask("GET", f"/loans/{key}").json == shown
    assert mocks.ask("GET", f"/loans/{noted}").json == {**shown, "id": noted, "note": "torn"}
    mocks.ask("POST", f"/loans/{noted}/return")
    assert mocks.ask("GET", f"/loans/{noted}").json == {**shown, "id": noted, "note": "torn", "state": "BACK"}
    mocked, real = as_the_service(Loans, lending, mocks)
    assert mocked == real
