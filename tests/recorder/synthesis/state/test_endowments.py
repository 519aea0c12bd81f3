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


class Benches:
    """Benches, named by operations: what makes one tells its number alone; the first call finds one there already."""

    def __init__(self, chance):
        del chance
        self.benches = {}

    def answer(self, _method, target, sent, _headers):
        does = target.rpartition("/")[2]
        if does == "benches.create":
            self.benches.setdefault("0", {"bench_id": "0", "called": "the old one"})
            number = str(len(self.benches))
            told = {name: sent[name] for name in ("called", "marks") if name in sent}
            self.benches[number] = {"bench_id": number, **told}
            return 200, {"bench_id": number}
        if does == "benches.list":
            return 200, {"benches": list(self.benches.values())}
        if does == "benches.getByName":
            found = [one for one in self.benches.values() if one["called"] == sent["bench_called"]]
            return (200, {"bench": found[0]}) if found else (404, {"why": "nobody calls one so"})
        bench = self.benches.get(sent["bench_id"])
        if bench is None:
            return 404, {"why": "no such bench"}
        if does == "benches.rename":
            bench["called"] = sent["to"]
            return 200, {}
        return 200, {"bench": bench}


def sitting(ask, words):
    for _ in range(3):
        marks = {"marks": [{"by": word(words)}]} if words.random() < 0.5 else {}
        called = word(words)
        key = ask("POST", "/park/benches.create", {"called": called, **marks}).json["bench_id"]
        ask("POST", "/park/benches.get", {"bench_id": key})
        ask("POST", "/park/benches.getByName", {"bench_called": called})
        if words.random() < 0.4:
            ask("POST", "/park/benches.rename", {"bench_id": key, "to": word(words)})
            ask("POST", "/park/benches.get", {"bench_id": key})
    ask("POST", "/park/benches.getByName", {"bench_called": word(words)})
    ask("POST", "/park/benches.get", {"bench_id": str(words.randint(50, 900))})
    ask("POST", "/park/benches.list", {})


def test_what_is_sent_is_there_by_its_own_name_and_what_it_is_called_finds_it():
    mocks = learnt(Benches, sitting, 10)
    plain = mocks.ask("POST", "/park/benches.create", {"called": "mossy"}).json["bench_id"]
    marked = mocks.ask("POST", "/park/benches.create", {"called": "sunny", "marks": [{"by": "lee"}]}).json["bench_id"]
    shown = [
        mocks.ask("POST", "/park/benches.get", {"bench_id": plain}).json["bench"],
        mocks.ask("POST", "/park/benches.getByName", {"bench_called": "sunny"}).json["bench"],
    ]
    assert shown == [
        {"bench_id": plain, "called": "mossy"},
        {"bench_id": marked, "called": "sunny", "marks": [{"by": "lee"}]},
    ]
    mocks.ask("POST", "/park/benches.rename", {"bench_id": plain, "to": "shady"})
    assert mocks.ask("POST", "/park/benches.getByName", {"bench_called": "mossy"}).status == 404
    assert mocks.ask("POST", "/park/benches.getByName", {"bench_called": "shady"}).json["bench"]["bench_id"] == plain
