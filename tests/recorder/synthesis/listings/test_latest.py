"""A list's entity tag tells when anything in it changed last, also where that is gone."""

from synthesis.shelves import Shelf
from synthesis.telling import learnt, word


class Diary(Shelf):
    """Things with the time of their last change, whose list has the latest one as its entity tag."""

    def __init__(self, chance):
        super().__init__(chance)
        self.clock = 1_700_000_000_000 + chance.randint(0, 10**9)
        self.latest = 0

    def stamp(self):
        self.clock += self.chance.randint(1, 5_000)
        self.latest = self.clock
        return self.clock

    def create(self, sent, headers):
        return super().create({**sent, "changed": self.stamp()}, headers)

    def list(self, query, headers):
        return (*super().list(query, headers), {"ETag": f'"{self.latest}"'})

    def delete(self, thing, sent, headers):
        super().delete(thing, sent, headers)
        return 200, {"id": thing["id"], "changed": self.stamp(), "deleted": True}


def keeping(ask, words):
    """Write twice, look, tear one out, and look again."""
    ids = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2)]
    ask("GET", "/things")
    ask("DELETE", f"/things/{ids[words.randint(0, 1)]}")
    ask("GET", "/things")


def test_the_tag_of_a_list_goes_with_its_last_change_also_a_deletion():
    mocks = learnt(Diary, keeping, count=6)
    first = mocks.ask("POST", "/things", {"name": "dawn"}).json
    second = mocks.ask("POST", "/things", {"name": "noon"}).json
    assert mocks.ask("GET", "/things").headers["etag"] == f'"{max(first["changed"], second["changed"])}"'
    gone = mocks.ask("DELETE", f"/things/{first['id']}").json
    assert mocks.ask("GET", "/things").headers["etag"] == f'"{gone["changed"]}"'


class Drawer(Diary):
    """Things that say null until they are changed."""

    def create(self, sent, headers):
        return Shelf.create(self, {**sent, "changed": None}, headers)

    def patch(self, thing, sent, headers):
        return super().patch(thing, {**sent, "changed": self.stamp()}, headers)


def changing(ask, words):
    """Write twice, look, change one or both, and look each time."""
    ids = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2)]
    for key in ids[: words.randint(1, 2)]:
        ask("PATCH", f"/things/{key}", {"name": word(words)})
        ask("GET", "/things")


def test_what_was_never_changed_has_no_part_in_the_last_change():
    mocks = learnt(Drawer, changing, count=6)
    keys = [mocks.ask("POST", "/things", {"name": name}).json["id"] for name in ("dawn", "noon")]
    changed = mocks.ask("PATCH", f"/things/{keys[0]}", {"name": "dusk"}).json["changed"]
    assert mocks.ask("GET", "/things").headers["etag"] == f'"{changed}"'
