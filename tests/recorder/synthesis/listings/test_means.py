"""What things are rated on average follows what is said of them, is changed and is taken back."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.telling import Session, learnt, word


class Inn:
    """Rooms, and guests' notes of them with points; a room shows its average, as `shown` has it."""

    nothing = None
    digits = 1

    def __init__(self, chance):
        self.chance = chance
        self.rooms = {}
        self.notes = {}

    def answer(self, method, target, sent, headers):
        del headers
        [_, kind, *rest] = target.split("/")
        if kind == "rooms":
            if method == "POST":
                made = {"room": word(self.chance), "beds": sent["beds"]}
                self.rooms[made["room"]] = made
                return 201, self.shown(made)
            found = self.rooms.get(rest[0])
            return (200, self.shown(found)) if found else (404, {"error": "no such room"})
        if method == "POST":
            made = {"note": word(self.chance), "room": sent["room"], "points": sent["points"], "by": sent["by"]}
            self.notes[made["note"]] = made
            return 201, made
        found = self.notes.get(rest[0])
        if found is None:
            return 404, {"error": "no such note"}
        if method == "PUT":
            found["points"] = sent["points"]
        elif method == "DELETE":
            del self.notes[rest[0]]
            return 204, None
        return 200, found

    def shown(self, room):
        points = [note["points"] for note in self.notes.values() if note["room"] == room["room"]]
        average = round(sum(points) / len(points), self.digits) if points else self.nothing
        return {**room, "rating": {"average": average, "count": len(points)}}


def rating(ask, words):
    """Open rooms, have guests rate them, change their mind or take it back, and look."""
    rooms = [ask("POST", "/rooms", {"beds": words.randint(1, 9)}).json["room"] for _ in range(2)]
    notes = []
    for _ in range(5):
        room = words.choice(rooms)
        sent = {"room": room, "points": words.randint(1, 10), "by": word(words)}
        notes.append(ask("POST", "/notes", sent).json["note"])
        ask("GET", f"/rooms/{room}")
    ask("PUT", f"/notes/{notes[0]}", {"points": words.randint(1, 10)})
    ask("DELETE", f"/notes/{notes[1]}")
    for room in rooms:
        ask("GET", f"/rooms/{room}")


def shown(asked, seed):
    found = []

    def ask(*words):
        given = asked(*words)
        if words[0] == "GET":
            found.append((given.status, given.json["rating"]))
        return given

    rating(ask, Random(seed))
    return found


@pytest.mark.parametrize(("nothing", "digits"), [(None, 1), (0, 2)])
def test_averages_follow_the_rows_that_name_a_thing(nothing, digits):
    class Kept(Inn):
        pass

    Kept.nothing, Kept.digits = nothing, digits
    mocks = learnt(Kept, rating, 6)
    assert shown(mocks.ask, 71) == shown(Session(Kept(Random(71))).ask, 71)
    saves = [save for one in mocks.definition("post-notes")["cases"] for save in one.get("save", ())]
    [save] = [save for save in saves if save["in"] == "rooms" and "mean(" in str(save["item"])]
    told = save["item"]["rating"]["average"]
    assert (
        told
        == f"{{{{ mean(keep_rows(resource.notes.under(''), 'room', vars.row.room), 'points', {digits}, {str(nothing).lower()}) }}}}"
    )


def test_a_broken_number_that_is_no_average_is_none():
    class Odd(Inn):
        def shown(self, room):
            return {**room, "rating": {"average": round(room["beds"] * 1.3, 1), "count": 0}}

    mocks = learnt(Odd, rating, 6)
    assert "mean(" not in str(mocks.made.definitions)
