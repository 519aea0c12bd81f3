"""A slash at the end of a service's paths is no part of its own."""

from __future__ import annotations

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, as_the_service, learnt, told, visits, word

from recorder.synthesis.samples.slashes import set_slashes_aside


class Slashed(Shelf):
    """Things under `/things/`, each at `/things/{id}/`, which is put on show and taken away by calls below it."""

    def answer(self, method, target, sent, headers):
        path, _, query = target.partition("?")
        if not path.endswith("/"):
            return 301, None, {"Location": f"{path}/"}
        [_, _, *rest] = path.rstrip("/").split("/")
        if len(rest) == 2 and rest[0] in self.things:
            return 200, self.shown(self.things[rest[0]], rest[1])
        return super().answer(method, f"{path.rstrip('/')}?{query}", sent, headers)

    def shown(self, thing, word_):
        thing["on"] = word_ == "show"
        return thing


def a_showing(ask, words):
    """Visit with slashes, and put a thing on show and away."""
    a_visit(lambda method, target, *more: ask(method, f"{target}/", *more), words)
    key = ask("POST", "/things/", {"name": word(words)}).json["id"]
    for way in ("show", "hide"):
        ask("POST", f"/things/{key}/{way}/")
        ask("GET", f"/things/{key}/")


def test_paths_that_end_in_a_slash_are_learnt_as_those_without():
    mocks = learnt(Slashed, a_showing)
    assert mocks.wrong == []
    assert ("POST", "/things/{thing}/show/") in mocks.paths
    assert ("POST", "/things/{thing}/hide/") in mocks.paths
    mocked, real = as_the_service(Slashed, a_showing, mocks)
    assert mocked == real
    key = mocks.ask("POST", "/things/", {"name": "lamp"}).json["id"]
    mocks.ask("POST", f"/things/{key}/show/")
    assert mocks.ask("GET", f"/things/{key}/").json == {"id": key, "name": "lamp", "on": True}


def test_what_nobody_called_of_one_session_ends_in_a_slash_too():
    def making(ask, words):
        for _ in range(2):
            key = ask("POST", "/things/", {"name": word(words)}).json["id"]
            ask("GET", f"/things/{key}/")

    mocks = learnt(Slashed, making, count=1)
    key = mocks.ask("POST", "/things/", {"name": "lamp"}).json["id"]
    assert mocks.ask("DELETE", f"/things/{key}/").status == 204
    assert mocks.ask("GET", f"/things/{key}/").status == 404


def test_a_call_without_the_slash_is_another_one():
    def twice(ask, words):
        a_showing(ask, words)
        ask("GET", "/things")

    mocks = learnt(Slashed, twice)
    assert mocks.wrong == []
    assert mocks.ask("GET", "/things").status == 301
    assert mocks.ask("GET", "/things/").status == 200


def test_lists_end_in_a_slash_though_their_items_do_not():
    class Mixed(Shelf):
        def answer(self, method, target, sent, headers):
            return super().answer(method, target.rstrip("/"), sent, headers)

    def mixed(ask, words):
        a_visit(lambda method, target, *more: ask(method, target.replace("/things", "/things/", 1)
                if target == "/things" else target, *more), words)  # fmt: skip

    mocks = Mocks(*visits(Mixed, mixed, 4))
    assert mocks.wrong == []
    assert {("POST", "/things/"), ("GET", "/things/{thing}")} <= set(mocks.paths)
    key = mocks.ask("POST", "/things/", {"name": "lamp", "size": 3}).json["id"]
    assert mocks.ask("GET", "/things/").json[-1] == mocks.ask("GET", f"/things/{key}").json


def test_a_slash_that_is_of_a_name_stays():
    put = [("PUT", f"/{name}", None, 204, None) for name in ("keep/maps/", "keep/maps/old.png", "keep/tea.txt")]
    samples = told(*put)
    set_slashes_aside(samples)
    assert samples[0].segments == ("keep", "maps", "")
    assert samples[0].path == "/keep/maps/"
