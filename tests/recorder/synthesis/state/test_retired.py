"""What is deleted and still read by its path: lists show it no more, and nothing is done with it any longer."""

from __future__ import annotations

from synthesis.telling import as_the_service, learnt, word


class Depot:
    """Crates: a deleted one is kept, so that it can be looked at, but not listed or painted."""

    def __init__(self, chance):
        self.chance = chance
        self.crates = {}
        self.retired = set()

    def answer(self, method, target, sent, _headers):
        _, *rest = target.strip("/").split("/")
        if method == "POST":
            key = word(self.chance)
            self.crates[key] = {"id": key, "label": sent["label"], "colour": "plain"}
            return 201, self.crates[key]
        if not rest:
            return 200, {"crates": [one for key, one in self.crates.items() if key not in self.retired]}
        crate = self.crates.get(rest[0])
        if crate is None:
            return 404, {"error": "no such crate"}
        if method == "GET":
            return 200, crate
        if rest[0] in self.retired:
            return 409, {"error": "this crate is retired"}
        if method == "DELETE":
            self.retired.add(rest[0])
            return 200, {"done": True}
        crate["colour"] = sent["colour"]
        return 200, crate


def storing(ask, words):
    keys = [ask("POST", "/crates", {"label": word(words)}).json["id"] for _ in range(words.randint(3, 5))]
    ask("GET", "/crates")
    for key in keys[: words.randint(1, 2)]:
        ask("DELETE", f"/crates/{key}")
        ask("GET", f"/crates/{key}")
        ask("PATCH", f"/crates/{key}", {"colour": words.choice(("red", "blue"))})
        ask("GET", "/crates")
    ask("PATCH", f"/crates/{keys[-1]}", {"colour": words.choice(("red", "blue"))})
    ask("GET", f"/crates/{keys[-1]}")
    ask("GET", "/crates/nowhere")
    ask("GET", "/crates")


def test_what_is_deleted_is_read_and_not_listed_and_nothing_is_done_with_it():
    mocks = learnt(Depot, storing, 8)
    kept, old = (mocks.ask("POST", "/crates", {"label": label}).json["id"] for label in ("pears", "nails"))
    assert mocks.ask("DELETE", f"/crates/{old}").json == {"done": True}
    shown = {"id": old, "label": "nails", "colour": "plain"}
    assert mocks.ask("GET", f"/crates/{old}").json == shown
    assert [one["id"] for one in mocks.ask("GET", "/crates").json["crates"]] == [kept]
    assert mocks.ask("PATCH", f"/crates/{old}", {"colour": "red"}).status == 409
    assert mocks.ask("GET", f"/crates/{old}").json == shown
    assert mocks.ask("GET", "/crates/nothing").status == 404


def test_mocks_are_as_the_service():
    mocks = learnt(Depot, storing, 8)
    mocked, real = as_the_service(Depot, storing, mocks)
    assert mocked == real
