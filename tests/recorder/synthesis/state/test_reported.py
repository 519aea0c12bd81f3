"""A member that one write was never seen to change is known from the others, which write their reports alike."""

from __future__ import annotations

from synthesis.telling import learnt, word


class Racks:
    """Racks: reads show their place and their label as facts, writes tell what became of them."""

    def __init__(self, chance):
        self.chance = chance
        self.racks = {}

    def answer(self, method, target, sent, _headers):
        _, *rest = target.strip("/").split("/")
        if method == "POST":
            key = word(self.chance)
            self.racks[key] = dict(sent)
            return 201, {"id": key}
        if rest[0] not in self.racks:
            return 404, {"error": "no such rack"}
        if method == "GET":
            return 200, {"id": rest[0], "facts": self.racks[rest[0]], "kind": "rack", "floor": 1}
        changed = {"label": sent["value"]} if rest[1:] else sent
        self.racks[rest[0]].update(changed)
        return 200, {"id": rest[0], "became": changed}


def putting(ask, words):
    keys = [ask("POST", "/racks", {"label": word(words), "place": word(words)}).json["id"] for _ in range(2)]
    for key in keys:
        ask("GET", f"/racks/{key}")
        ask("PUT", f"/racks/{key}", {words.choice(("label", "place")): word(words)})
        ask("GET", f"/racks/{key}")
    ask("PUT", f"/racks/{keys[0]}/label", {"value": word(words)})
    ask("GET", f"/racks/{keys[0]}")
    ask("GET", "/racks/nowhere")


def test_what_any_write_reports_is_there_at_the_next_read():
    mocks = learnt(Racks, putting, 8)
    key = mocks.ask("POST", "/racks", {"label": "oak", "place": "attic"}).json["id"]
    assert mocks.ask("PUT", f"/racks/{key}", {"place": "yard"}).json == {"id": key, "became": {"place": "yard"}}
    mocks.ask("PUT", f"/racks/{key}/label", {"value": "elm"})
    assert mocks.ask("GET", f"/racks/{key}").json["facts"] == {"label": "elm", "place": "yard"}
