"""Keys in brackets and methods behind a colon are only how paths are written."""

from __future__ import annotations

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import as_the_service, learnt, told, word

from recorder.synthesis.samples.path_keys import set_keys_aside


class Written(Shelf):
    """Things whose paths are written otherwise: `plain` gives the path with slashes."""

    def answer(self, method, target, sent, headers):
        path = self.plain(target)
        [_, _, *rest] = path.split("/")
        if len(rest) == 2 and rest[0] in self.things:
            return 200, self.shown(self.things[rest[0]], rest[1])
        return super().answer(method, path, sent, headers)

    def shown(self, thing, word_):
        thing["on"] = word_ == "show"
        return thing


class Bracketed(Written):
    """Things at `/things('…')`."""

    def plain(self, target):
        return target.replace("('", "/").replace("')", "")


class Called(Written):
    """Things that are shown by `POST` on `/things/…:show`."""

    def plain(self, target):
        return target.replace(":", "/")


def written(write):
    """Give a visit, and a thing shown and hidden, with paths written by a function of their parts."""

    def script(ask, words):
        def asked(method, target, *more):
            return ask(method, write(*target.split("/")[2:]), *more)

        a_visit(asked, words)
        key = asked("POST", "/things", {"name": word(words)}).json["id"]
        for way in ("show", "hide"):
            asked("POST", f"/things/{key}/{way}")
            asked("GET", f"/things/{key}")

    return script


def bracketed(key="", *more):
    return "/".join([f"/things('{key}')" if key else "/things", *more])


def called(key="", *more):
    return "/".join(["/things", *filter(None, [key])]) + "".join(f":{one}" for one in more)


def are_learnt(service, write, paths):
    script = written(write)
    mocks = learnt(service, script)
    assert mocks.wrong == []
    assert paths <= set(mocks.paths)
    mocked, real = as_the_service(service, script, mocks)
    assert mocked == real
    key = mocks.ask("POST", write(), {"name": "lamp"}).json["id"]
    mocks.ask("POST", write(key, "show"))
    assert mocks.ask("GET", write(key)).json == {"id": key, "name": "lamp", "on": True}


def test_keys_in_brackets_name_things():
    are_learnt(Bracketed, bracketed, {("GET", "/things('{thing}')"), ("POST", "/things('{thing}')/show")})


def test_methods_behind_a_colon_are_done_with_the_thing():
    are_learnt(Called, called, {("GET", "/things/{thing}"), ("POST", "/things/{thing}:show")})


def test_what_one_session_did_not_call_is_written_so_too():
    def making(ask, words):
        for _ in range(2):
            key = ask("POST", "/things", {"name": word(words)}).json["id"]
            ask("GET", bracketed(key))

    mocks = learnt(Bracketed, making, count=1)
    key = mocks.ask("POST", "/things", {"name": "lamp"}).json["id"]
    assert mocks.ask("DELETE", bracketed(key)).status == 204
    assert mocks.ask("GET", bracketed(key)).status == 404


def test_names_with_colons_brackets_and_points_stay_whole():
    rows = [
        ("GET", "/rooms/a:example", None, 200, {}),
        ("GET", "/rooms/b:example", None, 200, {}),
        ("GET", "/files/tea(1)", None, 200, {}),
        ("PUT", "/files/lists.json", None, 204, None),
        ("GET", "/near(lat=3,lon=4)", None, 200, {}),
        ("GET", "/near(lat=5,lon=4)", None, 200, {}),
    ]
    samples = told(*rows)
    set_keys_aside(samples)
    assert [sample.joints for sample in samples] == [()] * len(rows)
    assert samples[0].segments == ("rooms", "a:example")
