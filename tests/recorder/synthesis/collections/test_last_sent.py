"""What calls send about a thing that does not show it is kept, where some other read tells what was sent last."""

import pytest
from synthesis.telling import learnt, word


class Safes:
    """Safes with what is in them: `GetBoxContent` tells it with a number of its own, the box itself shows only the numbers.

    A number goes from now to past when another thing is put in; what was dropped may be taken back for a while.
    """

    def __init__(self, chance):
        self.chance = chance
        self.held = {}
        self.dropped = {}

    def answer(self, method, target, sent, headers):
        del method, target
        done = headers["x-safe-call"].removeprefix("Safe.")
        box = self.held.get(sent.get("BoxName") or sent.get("Name"))
        if done == "CreateBox":
            if box is not None:
                return 400, {"error": "AlreadyThere"}
            box = self.held[sent["Name"]] = {"mark": f"{self.chance.getrandbits(64):016x}", "all": [sent]}
            return 200, {"Name": sent["Name"], "Mark": box["mark"]}
        if done == "RestoreBox":
            self.held[sent["BoxName"]] = box = self.dropped.pop(sent["BoxName"])
            return 200, {"Name": sent["BoxName"], "Mark": box["mark"]}
        if box is None:
            return (400, {"error": "Dropped"}) if sent["BoxName"] in self.dropped else (404, {"error": "NoBox"})
        if done == "DeleteBox":
            self.dropped[sent["BoxName"]] = self.held.pop(sent["BoxName"])
            return 200, {"Name": sent["BoxName"], "Mark": box["mark"]}
        if done == "PutBoxContent":
            box["all"].append(sent)
            return 200, {"Mark": box["mark"], "Layer": sent["Layer"]}
        if done == "GetBoxContent":
            layer = box["all"][-2 if sent.get("Stage") == "past" else -1]
            return 200, {"Mark": box["mark"], "Layer": layer["Layer"], "Thing": layer["Content"]}
        layers = {one["Layer"]: ["past"] for one in box["all"][-2:-1]} | {box["all"][-1]["Layer"]: ["now"]}
        return 200, {"Name": sent["BoxName"], "Mark": box["mark"], "Colour": "grey", "Layers": layers}


def call(ask, done, sent):
    return ask("POST", "/", sent, {"x-safe-call": f"Safe.{done}"})


def putting(ask, words):
    """Make two boxes, look into one, put other things into it, drop it, and perhaps take it back."""

    def layer():
        return {"Layer": f"{words.getrandbits(40):010x}", "Content": f"{word(words)} {word(words)} {word(words)}"}

    names = [f"{word(words)}-{words.randint(100, 999)}" for _ in range(2)]
    for name in names:
        call(ask, "CreateBox", {"Name": name, **layer()})
    one = {"BoxName": words.choice(names)}
    call(ask, "GetBoxContent", one)
    if words.random() < 0.4:
        call(ask, "DescribeBox", one)
    for _ in range(words.randint(1, 2)):
        call(ask, "PutBoxContent", {**one, **layer()})
        call(ask, "GetBoxContent", one)
    if words.random() < 0.6:
        call(ask, "GetBoxContent", {**one, "Stage": "past"})
    call(ask, "DescribeBox", one)
    call(ask, "DeleteBox", one)
    call(ask, "GetBoxContent", one)
    if words.random() < 0.6:
        call(ask, "RestoreBox", one)
        call(ask, "GetBoxContent", one)
    call(ask, "GetBoxContent", {"BoxName": f"{word(words)}-{words.randint(1000, 9999)}"})


@pytest.fixture(scope="module")
def mocks():
    return learnt(Safes, putting, 14)


def test_what_was_sent_last_is_told_and_what_was_sent_before_that(mocks):
    call(mocks.ask, "CreateBox", {"Name": "tin-1", "Layer": "00aa11bb22", "Content": "nails and glue"})
    one = {"BoxName": "tin-1"}
    told = call(mocks.ask, "GetBoxContent", one).json
    assert (told["Layer"], told["Thing"]) == ("00aa11bb22", "nails and glue")
    call(mocks.ask, "PutBoxContent", {**one, "Layer": "33cc44dd55", "Content": "rope"})
    told = call(mocks.ask, "GetBoxContent", one).json
    assert (told["Layer"], told["Thing"]) == ("33cc44dd55", "rope")
    told = call(mocks.ask, "GetBoxContent", {**one, "Stage": "past"}).json
    assert (told["Layer"], told["Thing"]) == ("00aa11bb22", "nails and glue")


def test_members_are_called_as_what_was_sent(mocks):
    call(mocks.ask, "CreateBox", {"Name": "tin-2", "Layer": "0123456789", "Content": "a lamp"})
    one = {"BoxName": "tin-2"}
    assert call(mocks.ask, "DescribeBox", one).json["Layers"] == {"0123456789": ["now"]}
    call(mocks.ask, "PutBoxContent", {**one, "Layer": "9876543210", "Content": "a book"})
    assert call(mocks.ask, "DescribeBox", one).json["Layers"] == {"0123456789": ["past"], "9876543210": ["now"]}


def test_what_comes_back_is_as_it_was(mocks):
    mark = call(mocks.ask, "CreateBox", {"Name": "tin-3", "Layer": "aa00bb11cc", "Content": "two keys"}).json["Mark"]
    one = {"BoxName": "tin-3"}
    call(mocks.ask, "DeleteBox", one)
    assert call(mocks.ask, "GetBoxContent", one).json == {"error": "Dropped"}
    call(mocks.ask, "RestoreBox", one)
    assert call(mocks.ask, "GetBoxContent", one).json == {"Mark": mark, "Layer": "aa00bb11cc", "Thing": "two keys"}
