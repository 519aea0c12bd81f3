"""A call sets a word of all the things that a list of it names."""

from __future__ import annotations

import pytest
from synthesis.telling import learnt, word
from synthesis.theatres import Theatre, evening


@pytest.fixture(scope="module")
def mocks():
    return learnt(Theatre, evening, 12)


def states(mocks, play):
    return {seat["seatId"]: seat["state"] for seat in mocks.ask("GET", f"/plays/{play}/seats").json["seats"]}


def test_what_a_list_names_is_taken_and_given_back(mocks):
    given = mocks.ask("POST", "/holds", {"play": "tosca", "seats": ["A1", "B2"]})
    assert states(mocks, "tosca") == {
        "A1": "held",
        "A2": "free",
        "A3": "free",
        "B1": "free",
        "B2": "held",
        "B3": "free",
    }
    assert set(states(mocks, "faust").values()) == {"free"}
    mocks.ask("DELETE", f"/holds/{given.json['hold']}")
    assert set(states(mocks, "tosca").values()) == {"free"}


def test_the_last_call_that_names_it_tells(mocks):
    given = mocks.ask("POST", "/holds", {"play": "medea", "seats": ["A3"]})
    mocks.ask("POST", f"/holds/{given.json['hold']}/pay", {})
    assert states(mocks, "medea")["A3"] == "sold"


def test_what_is_taken_is_refused_in_any_row(mocks):
    mocks.ask("POST", "/holds", {"play": "faust", "seats": ["B1"]})
    assert mocks.ask("POST", "/holds", {"play": "faust", "seats": ["B3", "B1"]}).status == 409
    assert mocks.ask("POST", "/holds", {"play": "faust", "seats": ["B3", "B2"]}).status == 201
    assert mocks.ask("POST", "/holds", {"play": "tosca", "seats": ["B1"]}).status == 201


def saved(mocks, collection):
    return [
        save
        for one in mocks.made.definitions
        for case in one.get("cases", ())
        for save in case.get("save", ())
        if save["in"] == collection
    ]


def test_a_call_that_changes_nothing_takes_nothing():
    class Still(Theatre):
        takes = False

    assert saved(learnt(Still, evening, 8), "seats") == []


def test_words_that_go_by_something_else_are_not_set():
    class Moody(Theatre):
        def mark(self, hold, state):
            super().mark(hold, self.chance.choice(["held", "free", "sold", "lost", state]))

    assert saved(learnt(Moody, evening, 8), "seats") == []


class Desk:
    """Letters under `/letters`, several of which are filed at once by their ids."""

    def __init__(self, chance):
        self.letters = {own: {"id": own, "filed": False} for own in (word(chance) for _ in range(5))}

    def answer(self, method, target, sent, headers):
        del method, headers
        if target == "/letters":
            return 200, list(self.letters.values())
        if target == "/file":
            for own in sent["ids"]:
                self.letters[own]["filed"] = True
            return 204, None
        own = target.rpartition("/")[2]
        return (200, self.letters[own]) if own in self.letters else (404, {"error": "no such letter"})


def filing(ask, words):
    known = [letter["id"] for letter in ask("GET", "/letters").json]
    ask("POST", "/file", {"ids": words.sample(known, 2)})
    ask("GET", f"/letters/{words.choice(known)}")
    ask("GET", "/letters")
    ask("GET", f"/letters/{word(words)}")


def test_a_flag_is_set_of_all_that_are_named():
    saves = saved(learnt(Desk, filing, 8), "letters")
    assert [(save["each"], save["key"], save["item"]) for save in saves] == [
        ("{{ request.json.ids or [] }}", "{{ vars.row }}", {"filed": True})
    ]
