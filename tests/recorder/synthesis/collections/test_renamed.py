"""What is sent under one name may be shown under another."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, told, word

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.renamed import find_renamed
from recorder.synthesis.endpoints.endpoint import endpoints_of


class Owned(Shelf):
    """Things that are sent with an `owner`, which they show as `owner_id`; changes are answered with nothing."""

    def create(self, sent, headers):
        del headers
        made = {"id": word(self.chance), "made": "2027-01-01", **self.kept(sent)}
        self.things[made["id"]] = made
        return 201, made

    def put(self, thing, sent, headers):
        del headers
        thing.update(self.kept(sent))
        return 204, None

    def kept(self, sent):
        return {"name": sent["name"], "owner_id": sent["owner"]}


def a_handing_over(ask, words):
    keys = [ask("POST", "/things", {"name": word(words), "owner": word(words)}).json["id"] for _ in range(2)]
    ask("GET", f"/things/{keys[0]}")
    ask("PUT", f"/things/{keys[0]}", {"name": word(words), "owner": word(words)})
    ask("GET", f"/things/{keys[0]}")
    ask("PUT", f"/things/{keys[1]}", {"name": word(words), "owner": word(words)})
    ask("GET", "/things")


def test_what_is_changed_under_another_name_is_read_and_listed():
    mocks = learnt(Owned, a_handing_over)
    assert mocks.wrong == []
    mocked, real = as_the_service(Owned, a_handing_over, learnt(Owned, a_handing_over))
    assert mocked == real
    made = mocks.ask("POST", "/things", {"name": "lamp", "owner": "ada"}).json
    mocks.ask("PUT", f"/things/{made['id']}", {"name": "mat", "owner": "bo"})
    changed = {**made, "name": "mat", "owner_id": "bo"}
    assert mocks.ask("GET", f"/things/{made['id']}").json == changed
    assert mocks.ask("GET", "/things").json == [changed]


def test_what_is_never_shown_is_no_other_name():
    assert renamed([("ada", "ada"), ("bo", "bo")]) == {"owner"}
    assert renamed([("ada", "kit"), ("bo", "bo")]) == frozenset()
    assert renamed([("ada", "ada"), ("ada", "ada")]) == frozenset()
    assert renamed([("ada", "ada")]) == frozenset()


def renamed(pairs):
    """Give what is renamed where these owners were sent and then shown."""
    rows = []
    for number, (sent, shown) in enumerate(pairs):
        rows.append(("PUT", f"/things/{number}", {"name": "lamp", "owner": sent}, 204, None))
        rows.append(("GET", f"/things/{number}", None, 200, {"id": number, "name": "lamp", "owner_id": shown}))
    endpoints = endpoints_of(told(*rows))
    things = Collection(("things", None), "things", ("id",))
    bindings = {one: Binding("item", things, entity=() if one.method == "GET" else None) for one in endpoints}
    find_renamed(endpoints, [things], bindings)
    return next(bindings[one].renamed for one in endpoints if one.method == "PUT")
