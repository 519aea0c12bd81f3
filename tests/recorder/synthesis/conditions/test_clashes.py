"""What is taken already, told by several fields together, is refused."""

from __future__ import annotations

from journeys import call
from synthesis.scenes import held_in, scenes_of
from synthesis.shelves import Shelf
from synthesis.telling import learnt, word

from recorder.synthesis.conditions.clashes import of_clashes
from recorder.synthesis.terms.vocabulary import Vocabulary


class Rooms(Shelf):
    """Bookings of rooms by the hour: one that is active keeps others out, one that was given back does not."""

    def create(self, sent, headers):
        taken = any(
            one["room"] == sent["room"] and one["hour"] == sent["hour"] and one["state"] == "active"
            for one in self.things.values()
        )
        if taken:
            return 409, {"error": "taken"}
        return super().create({"state": "active", **sent}, headers)


def booking(ask, words):
    for _ in range(2):
        wish = {"room": word(words), "hour": words.randint(8, 17)}
        made = ask("POST", "/things", wish).json["id"]
        ask("POST", "/things", wish)
        ask("POST", "/things", {**wish, "room": word(words)})
        ask("POST", "/things", {**wish, "hour": wish["hour"] + 20})
        ask("PATCH", f"/things/{made}", {"state": "returned"})
        ask("POST", "/things", wish)


def test_what_is_taken_is_refused_until_it_is_given_back():
    mocks = learnt(Rooms, booking)
    wish = {"room": "attic", "hour": 9}
    made = mocks.ask("POST", "/things", wish)
    others = [wish, {**wish, "hour": 10}, {**wish, "room": "barn"}]
    assert [mocks.ask("POST", "/things", one).status for one in others] == [409, 201, 201]
    mocks.ask("PATCH", f"/things/{made.json['id']}", {"state": "returned"})
    assert mocks.ask("POST", "/things", wish).status == 201


HELD = {"seats": {"a": {"row": "F", "place": 7, "free": False}, "b": {"row": "G", "place": 8, "free": True}}}


def conditions(*calls):
    scenes = scenes_of(*calls, held=HELD)
    return held_in(of_clashes(scenes, Vocabulary(scenes, {})), scenes)


def of_seat(row, place, status, method="POST"):
    return call(method, "/sold", {"row": row, "place": place}, answer={}, status=status)


def test_a_clash_is_of_one_item_in_all_fields():
    found = conditions(of_seat("F", 7, 409), of_seat("F", 8, 201), of_seat("G", 8, 201))
    both = "selectattr('row', 'eq', request.json.row) | selectattr('place', 'eq', request.json.place)"
    assert found[f"(resource.seats.all() | {both} | list | length) > 0"] == [0, 2]
    assert found[f"(resource.seats.all() | {both} | selectattr('free', 'eq', false) | list | length) > 0"] == [0]


def test_only_writes_of_which_some_are_refused_may_clash():
    assert conditions(of_seat("F", 7, 201), of_seat("F", 8, 201)) == {}
    assert conditions(of_seat("F", 7, 409, "GET"), of_seat("F", 8, 200, "GET")) == {}
