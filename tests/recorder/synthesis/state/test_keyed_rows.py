"""Rows of keys with values are put and dropped by the key, one or many at once, by calls that answer with nothing."""

import pytest
from synthesis.telling import learnt, word

from recorder.synthesis.state.keyed_rows import put_rows

INKS = ["black", "sepia", "blue"]


class Kilns:
    """Pots, named by operations: each a whole of what it is and of the marks and readings that were put on it."""

    def __init__(self, chance):
        self.chance = chance
        self.pots = {}

    def answer(self, method, target, sent, headers):
        del method, headers
        does = target.rpartition("/")[2]
        if does == "pots.create":
            made = f"{self.chance.getrandbits(64):016x}"
            base = {"pot_id": made, "clay": sent["clay"], "state": "raw"}
            self.pots[made] = {"base": base, "on": {"marks": [{"name": "clay", "text": sent["clay"]}], "readings": []}}
            return 200, {"pot": self.pots[made]}
        if does == "pots.search":
            rows = [pot for pot in self.pots.values() if sent.get("state") in (None, pot["base"]["state"])]
            return 200, {"pots": rows}
        pot = self.pots.get(sent["pot_id"])
        if pot is None:
            return 404, {"why": f"no pot {sent['pot_id']}"}
        if does == "pots.get":
            return 200, {"pot": pot}
        if does == "pots.update":
            pot["base"]["state"] = sent["state"]
            return 200, {"base": pot["base"]}
        marks, readings = pot["on"]["marks"], pot["on"]["readings"]
        if does == "pots.setMark":
            pot["on"]["marks"] = put_rows(marks, "name", [{"name": sent["name"], "text": sent["text"]}])
        elif does == "pots.removeMark":
            pot["on"]["marks"] = [one for one in marks if one["name"] != sent["name"]]
        elif does == "pots.addReadings":
            pot["on"]["readings"] = put_rows(readings, "name", sent["readings"])
        return 200, {}


def firing(ask, words):
    """Make pots, mark them and log readings, some anew, take marks off, and look at them and at all."""
    pots = []
    for _ in range(3):
        made = ask("POST", "/kiln/pots.create", {"clay": word(words)}).json["pot"]["base"]["pot_id"]
        pots.append(made)
        for name in words.sample(["ink", "shelf", "owner"], 2):
            mark = {"pot_id": made, "name": name, "text": words.choice(INKS)}
            ask("POST", "/kiln/pots.setMark", mark)
        readings = [{"name": name, "heat": words.randint(600, 1200)} for name in ("top", "door", "top")]
        ask("POST", "/kiln/pots.addReadings", {"pot_id": made, "readings": readings[: words.randint(1, 3)]})
        ask("POST", "/kiln/pots.get", {"pot_id": made})
    one = words.choice(pots)
    ask("POST", "/kiln/pots.setMark", {"pot_id": one, "name": "ink", "text": word(words)})
    ask("POST", "/kiln/pots.addReadings", {"pot_id": one, "readings": [{"name": "top", "heat": 1300}]})
    ask("POST", "/kiln/pots.get", {"pot_id": one})
    ask("POST", "/kiln/pots.removeMark", {"pot_id": one, "name": "ink"})
    ask("POST", "/kiln/pots.get", {"pot_id": one})
    ask("POST", "/kiln/pots.update", {"pot_id": pots[0], "state": words.choice(["baked", "cracked"])})
    ask("POST", "/kiln/pots.get", {"pot_id": pots[0]})
    ask("POST", "/kiln/pots.get", {"pot_id": f"{words.getrandbits(64):016x}"})
    ask("POST", "/kiln/pots.search", {})
    ask("POST", "/kiln/pots.search", {"state": words.choice(["raw", "baked", "cracked"])})


@pytest.fixture(scope="module")
def mocks():
    return learnt(Kilns, firing, 10)


@pytest.fixture
def pot(mocks):
    """A pot that was just made."""
    return mocks.ask("POST", "/kiln/pots.create", {"clay": "fenclay"}).json["pot"]["base"]["pot_id"]


def shown(mocks, pot):
    return mocks.ask("POST", "/kiln/pots.get", {"pot_id": pot}).json["pot"]


def test_a_row_is_put_by_its_key_and_put_anew_in_its_place(mocks, pot):
    for name, text in (("ink", "green"), ("shelf", "low"), ("ink", "red")):
        mocks.ask("POST", "/kiln/pots.setMark", {"pot_id": pot, "name": name, "text": text})
    assert shown(mocks, pot)["on"]["marks"] == [
        {"name": "clay", "text": "fenclay"}, {"name": "ink", "text": "red"}, {"name": "shelf", "text": "low"},
    ]  # fmt: skip


def test_many_rows_are_put_by_one_call_and_of_one_key_the_last_stays(mocks, pot):
    readings = [{"name": "top", "heat": 700}, {"name": "rear", "heat": 650}, {"name": "top", "heat": 720}]
    mocks.ask("POST", "/kiln/pots.addReadings", {"pot_id": pot, "readings": readings})
    assert shown(mocks, pot)["on"]["readings"] == [{"name": "top", "heat": 720}, {"name": "rear", "heat": 650}]


def test_a_row_is_dropped_by_its_key(mocks, pot):
    mocks.ask("POST", "/kiln/pots.setMark", {"pot_id": pot, "name": "ink", "text": "green"})
    mocks.ask("POST", "/kiln/pots.removeMark", {"pot_id": pot, "name": "clay"})
    assert shown(mocks, pot)["on"]["marks"] == [{"name": "ink", "text": "green"}]


def test_what_shows_a_part_of_a_whole_changes_the_whole_and_lists_show_it(mocks, pot):
    told = mocks.ask("POST", "/kiln/pots.update", {"pot_id": pot, "state": "cracked"})
    assert told.json == {"base": {"pot_id": pot, "clay": "fenclay", "state": "cracked"}}
    assert shown(mocks, pot)["base"]["state"] == "cracked"
    rows = mocks.ask("POST", "/kiln/pots.search", {"state": "cracked"}).json["pots"]
    assert shown(mocks, pot) in rows
    assert {row["base"]["state"] for row in rows} == {"cracked"}


class Crates:
    """Crates with labels that have paths of their own."""

    def __init__(self, chance):
        del chance
        self.crates = {}

    def answer(self, method, target, sent, headers):
        del headers
        _, name, *label = target.strip("/").split("/")
        if method == "PUT" and not label:
            self.crates[name] = {"name": name, "of": sent["of"], "labels": []}
            return 201, self.crates[name]
        crate = self.crates.get(name)
        if crate is None:
            return 404, {"why": "no crate"}
        if method == "PUT":
            crate["labels"] = put_rows(crate["labels"], "label", [{"label": label[1], "says": sent["says"]}])
            return 204, None
        return 200, crate


def labelling(ask, words):
    """Make crates, put labels on them, some anew, and look at them now and then."""
    for _ in range(3):
        name = f"{word(words)}-{words.randint(10, 99)}"
        ask("PUT", f"/crates/{name}", {"of": word(words)})
        for label in words.sample(["dock", "fragile-9", "gate", "row"], 3):
            ask("PUT", f"/crates/{name}/labels/{label}", {"says": word(words)})
        ask("GET", f"/crates/{name}")
        ask("PUT", f"/crates/{name}/labels/{words.choice(['dock', 'gate'])}", {"says": word(words)})
        ask("GET", f"/crates/{name}")
    ask("GET", f"/crates/{word(words)}-5")


def test_a_path_may_name_the_key_of_a_row():
    mocks = learnt(Crates, labelling, 8)
    mocks.ask("PUT", "/crates/oaken-11", {"of": "pears"})
    for label, says in (("dock", "two"), ("gate", "north"), ("dock", "three")):
        assert mocks.ask("PUT", f"/crates/oaken-11/labels/{label}", {"says": says}).status == 204
    assert mocks.ask("GET", "/crates/oaken-11").json["labels"] == [
        {"label": "dock", "says": "three"}, {"label": "gate", "says": "north"},
    ]  # fmt: skip
