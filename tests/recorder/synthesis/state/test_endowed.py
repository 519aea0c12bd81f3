"""New things have what was sent under its own name, and names find what operations make by id."""

from synthesis.telling import learnt, word


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
