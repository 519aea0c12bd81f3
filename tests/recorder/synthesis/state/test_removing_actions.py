"""Things may be gone by calls below their paths, too."""

from __future__ import annotations

import pytest
from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word


class Taken(Shelf):
    """Things that `POST` on a word below their path does something with."""

    takes = True

    def answer(self, method, target, sent, headers):
        above, _, last = target.rpartition("/")
        if method == "POST" and above != "":
            key = above.rpartition("/")[2]
            if key not in self.things:
                return 404, {"error": "no such thing"}
            if self.takes:
                del self.things[key]
            return 200, {"ok": True, "way": last}
        return super().answer(method, target, sent, headers)


class Marked(Taken):
    """Things that stay, whatever is done with them."""

    takes = False


def a_taking(ask, words, last="take"):
    keys = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(3)]
    ask("GET", f"/things/{keys[0]}")
    ask("POST", f"/things/{keys[0]}/{last}")
    ask("GET", f"/things/{keys[0]}")
    ask("POST", f"/things/{keys[0]}/{last}")
    ask("GET", "/things")
    ask("GET", f"/things/{keys[1]}")


def test_what_is_not_found_after_an_action_is_gone_by_it():
    mocks = learnt(Taken, a_taking)
    assert mocks.wrong == []
    mocked, real = as_the_service(Taken, a_taking, mocks)
    assert mocked == real
    key, other = (mocks.ask("POST", "/things", {"name": name}).json["id"] for name in ("lamp", "mat"))
    assert mocks.ask("POST", f"/things/{key}/take").status == 200
    assert mocks.ask("POST", f"/things/{key}/take").status == 404
    assert (mocks.ask("GET", f"/things/{key}").status, mocks.ask("GET", f"/things/{other}").status) == (404, 200)
    assert key not in [one["id"] for one in mocks.ask("GET", "/things").json]


@pytest.mark.parametrize(("last", "status"), [("delete", 404), ("take", 200)])
def test_of_what_nobody_looked_for_the_name_of_the_action_tells(last, status):
    def unseen(ask, words):
        first, second = (ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2))
        for key in (first, second):
            ask("GET", f"/things/{key}")
            ask("POST", f"/things/{key}/{last}")

    mocks = learnt(Taken, unseen)
    key = mocks.ask("POST", "/things", {"name": "lamp"}).json["id"]
    mocks.ask("POST", f"/things/{key}/{last}")
    assert mocks.ask("GET", f"/things/{key}").status == status


def test_what_is_still_there_stays_whatever_the_action_is_called():
    def deleting(ask, words):
        a_taking(ask, words, "delete")

    mocks = learnt(Marked, deleting)
    assert mocks.wrong == []
    key = mocks.ask("POST", "/things", {"name": "lamp"}).json["id"]
    mocks.ask("POST", f"/things/{key}/delete")
    assert mocks.ask("GET", f"/things/{key}").status == 200
