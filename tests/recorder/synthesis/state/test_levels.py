"""What is there of an article in a place goes up and down with calls that name both, and is shown among the article's."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from synthesis.telling import as_the_service, learnt, word

SHELVES = ("attic", "cellar", "yard")


class Depot:
    """Articles in places: brought in, taken out, carried over, kept for somebody; each is shown with what is where."""

    opening = ()

    def __init__(self, chance):
        self.chance = chance
        self.articles, self.units, self.kept = {}, dict(self.opening), {}
        for key, _ in self.units:
            self.articles[key] = {"id": key, "title": key.title()}

    def answer(self, method, target, sent, _headers):
        first, *rest = urlsplit(target).path.strip("/").split("/")
        if first == "holds" and rest:
            return self.end(rest[0], rest[1])
        if method == "POST" and first == "articles":
            made = {"id": word(self.chance), "title": sent["title"]}
            self.articles[made["id"]] = made
            return 201, made
        key = rest[0] if rest else sent["article"]
        if key not in self.articles:
            return 404, {"error": "no such article", "article": key}
        if method == "GET":
            return 200, {"article": key, "places": self.places(key)} if rest[1:] else self.articles[key]
        return self.hold(key, sent) if first == "holds" else self.move(key, sent)

    def free(self, key, shelf):
        held = sum(one["count"] for one in self.kept.values() if (one["article"], one["shelf"]) == (key, shelf))
        return self.units.get((key, shelf), 0) - held

    def places(self, key):
        known = [shelf for shelf in SHELVES if (key, shelf) in self.units]
        return [{"shelf": one, "count": self.units[key, one], "free": self.free(key, one)} for one in known]

    def lacking(self, key, shelf, count):
        left = self.free(key, shelf)
        return None if left >= count else (409, {"error": f"only {left} left", "shelf": shelf, "free": left})

    def move(self, key, sent):
        lacking = self.lacking(key, sent["from"], sent["count"]) if "from" in sent else None
        if lacking is not None:
            return lacking
        for name, sign in (("from", -1), ("to", 1)):
            if name in sent:
                self.units[key, sent[name]] = self.units.get((key, sent[name]), 0) + sign * sent["count"]
        return 201, {"id": word(self.chance), **sent}

    def hold(self, key, sent):
        lacking = self.lacking(key, sent["shelf"], sent["count"])
        if lacking is not None:
            return lacking
        made = {"id": word(self.chance), **sent}
        self.kept[made["id"]] = made
        return 201, made

    def end(self, key, what):
        if key not in self.kept:
            return 404, {"error": "no such hold"}
        ended = self.kept.pop(key)
        if what == "take":
            self.units[ended["article"], ended["shelf"]] -= ended["count"]
        return 200, ended


class OpenedDepot(Depot):
    """Two articles are there before anybody calls."""

    opening = ((("lamp", "attic"), 40), (("lamp", "yard"), 15), (("rope", "cellar"), 30))


def storing(ask, words):
    key = ask("POST", "/articles", {"title": word(words)}).json["id"]
    for _ in range(words.randint(2, 4)):
        ask("POST", "/moves", {"article": key, "to": words.choice(SHELVES), "count": words.randint(5, 60)})
    ask("GET", f"/articles/{key}/places")
    for _ in range(2):
        ways = {"from": words.choice(SHELVES), **({"to": "yard"} if words.random() < 0.4 else {})}
        ask("POST", "/moves", {"article": key, **ways, "count": words.randint(1, 40)})
        held = {"article": key, "shelf": words.choice(SHELVES), "count": words.randint(1, 30)}
        made = ask("POST", "/holds", held).json
        ask("GET", f"/articles/{key}/places")
        ask("POST", "/moves", {"article": key, "from": held["shelf"], "count": words.randint(1, 40)})
        if "id" in made and words.random() < 0.8:
            ask("POST", f"/holds/{made['id']}/{words.choice(('take', 'drop'))}")
            ask("GET", f"/articles/{key}/places")
    ask("POST", "/moves", {"article": "nothing", "to": "yard", "count": 1})


def storing_and_taking(ask, words):
    storing(ask, words)
    for key, shelf in words.sample([*dict(OpenedDepot.opening)], 2):
        ask("GET", f"/articles/{key}")
        ask("POST", "/moves", {"article": key, "from": shelf, "count": words.randint(5, 50)})
        ask("GET", f"/articles/{key}/places")


@pytest.mark.parametrize(("service", "session"), [(Depot, storing), (OpenedDepot, storing_and_taking)])
def test_what_is_there_is_counted_by_article_and_place(service, session):
    mocks = learnt(service, session, 16)
    mocked, real = as_the_service(service, session, mocks)
    assert mocked == real


def test_more_than_is_there_is_refused_with_what_is_left():
    mocks = learnt(Depot, storing, 16)
    key = mocks.ask("POST", "/articles", {"title": "lamp"}).json["id"]
    mocks.ask("POST", "/moves", {"article": key, "to": "attic", "count": 20})
    held = mocks.ask("POST", "/holds", {"article": key, "shelf": "attic", "count": 13}).json
    refused = mocks.ask("POST", "/moves", {"article": key, "from": "attic", "count": 8})
    assert (refused.status, refused.json) == (409, {"error": "only 7 left", "shelf": "attic", "free": 7})
    mocks.ask("POST", f"/holds/{held['id']}/take")
    mocks.ask("POST", "/moves", {"article": key, "from": "attic", "to": "yard", "count": 7})
    places = mocks.ask("GET", f"/articles/{key}/places").json["places"]
    assert places == [{"shelf": "attic", "count": 0, "free": 0}, {"shelf": "yard", "count": 7, "free": 7}]


def test_what_was_there_before_is_known_from_what_was_shown():
    mocks = learnt(OpenedDepot, storing_and_taking, 16)
    places = mocks.ask("GET", "/articles/lamp/places").json["places"]
    assert places == [{"shelf": "attic", "count": 40, "free": 40}, {"shelf": "yard", "count": 15, "free": 15}]
