"""What a list does not show to who asks is not found by its path either."""

from __future__ import annotations

from synthesis.telling import Mocks, Session


class Desk:
    """Notes that are shown to who wrote them and to those whom they are shared with; only the writer deletes them."""

    def __init__(self, first):
        self._notes = {}
        self._keys = {}
        self._number = first

    def answer(self, method, target, sent, headers):
        if target == "/users":
            key = f"key-{sent['name']}-7Qm2x"
            self._keys[key] = sent["name"]
            return 201, {"name": sent["name"], "key": key}
        who = self._keys[headers["X-Api-Key"]]
        seen = [one for one in self._notes.values() if one["owner"] == who or who in one["readers"]]
        if target == "/notes" and method == "POST":
            self._number += 1
            made = {"id": f"n{self._number}", "text": sent["text"], "owner": who, "readers": []}
            self._notes[made["id"]] = made
            return 201, made
        if target == "/notes":
            return 200, seen
        note = next((one for one in seen if one["id"] == target.split("/")[2]), None)
        if note is None:
            return 404, {"error": f"no note {target.split('/')[2]}"}
        if target.endswith("/readers"):
            note["readers"] = [*note["readers"], sent["name"]]
        return 200, note


def session(number):
    def user(name):
        return {"X-Api-Key": desk.ask("POST", "/users", {"name": f"{name}{number}"}).json["key"]}

    desk = Session(Desk(40 * number))
    ada, bob = user("ada"), user("bob")
    made = [desk.ask("POST", "/notes", {"text": text}, ada).json["id"] for text in ("sweep", "paint", "mow")]
    desk.ask("GET", "/notes", None, ada)
    desk.ask("GET", "/notes", None, bob)
    desk.ask("GET", f"/notes/{made[0]}", None, bob)
    desk.ask("POST", f"/notes/{made[0]}/readers", {"name": f"bob{number}"}, ada)
    desk.ask("GET", f"/notes/{made[0]}", None, bob)
    own = desk.ask("POST", "/notes", {"text": "rake"}, bob).json["id"]
    desk.ask("GET", "/notes", None, bob)
    desk.ask("GET", "/notes", None, ada)
    desk.ask("GET", f"/notes/{own}", None, ada)
    desk.ask("GET", f"/notes/{own}", None, bob)
    return desk.rows


def test_an_item_that_the_list_does_not_show_is_not_found_by_its_path():
    mocks = Mocks(session(1))
    cy, dee = ({"X-Api-Key": mocks.ask("POST", "/users", {"name": name}).json["key"]} for name in ("cy", "dee"))
    note = mocks.ask("POST", "/notes", {"text": "prune"}, cy).json
    path = f"/notes/{note['id']}"
    assert mocks.ask("GET", path, None, cy)[:2] == (200, note)
    assert mocks.ask("GET", path, None, dee)[:2] == (404, {"error": f"no note {note['id']}"})
    mocks.ask("POST", f"{path}/readers", {"name": "dee"}, cy)
    assert mocks.ask("GET", path, None, dee).json["readers"] == ["dee"]


def test_what_nobody_recorded_is_not_done_with_an_item_that_is_not_shown():
    mocks = Mocks(session(1))
    cy, dee = ({"X-Api-Key": mocks.ask("POST", "/users", {"name": name}).json["key"]} for name in ("cy", "dee"))
    path = f"/notes/{mocks.ask('POST', '/notes', {'text': 'prune'}, cy).json['id']}"
    assert mocks.ask("DELETE", path, None, dee).status == 404
    assert mocks.ask("GET", path, None, cy).status == 200
    assert mocks.ask("DELETE", path, None, cy).status == 204
    assert mocks.ask("GET", path, None, cy).status == 404
