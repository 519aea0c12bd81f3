"""Lists tell how many of all that matched have each value of a field, and where their last page begins."""

from __future__ import annotations

from collections import Counter
from random import Random
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from synthesis.telling import Session, learnt, word

KINDS = ("jug", "cup", "pot", "pan")
SHADES = ("red", "blue", "sand")


class Pottery:
    """Pieces that were there and new ones; a search tells facets of all that it found, page by page."""

    order = staticmethod(lambda pair: (-pair[1], pair[0]))

    def __init__(self, chance):
        self.chance = chance
        self.pieces = [
            {"id": f"{at}f{at}a7", "kind": KINDS[at % 3], "shades": [SHADES[at % 3], SHADES[at % 2]]} for at in range(9)
        ]

    def answer(self, method, target, sent, headers):
        del headers
        if method == "POST":
            made = {"id": word(self.chance), "kind": sent["kind"], "shades": sent["shades"]}
            self.pieces.append(made)
            return 201, made
        if target.startswith("/pieces/"):
            found = next((piece for piece in self.pieces if piece["id"] == target[8:]), None)
            return (200, found) if found else (404, {"error": "no such piece"})
        query = {name: value for name, [value] in parse_qs(urlsplit(target).query).items()}
        found = [piece for piece in self.pieces if query.get("kind") in (None, piece["kind"])]
        limit, offset = int(query.get("limit", 4)), int(query.get("offset", 0))
        last = max(0, (len(found) - 1) // limit * limit)
        kept = {name: value for name, value in query.items() if name not in ("limit", "offset")}
        return 200, {
            "pieces": found[offset : offset + limit],
            "total": len(found),
            "kinds": [
                {"name": kind, "pieces": count}
                for kind, count in sorted(Counter(piece["kind"] for piece in found).items(), key=self.order)
            ],
            "shades": dict(Counter(shade for piece in found for shade in piece["shades"])),
            "last": f"/pieces?{urlencode(kept | {'limit': limit, 'offset': last})}",
        }


def browsing(ask, words):
    """Search, add pieces of some kinds, and search again."""
    for _ in range(3):
        ask("GET", f"/pieces?kind={words.choice(KINDS)}")
        ask("GET", f"/pieces?limit={words.randint(2, 5)}")
        shades = words.sample(SHADES, words.randint(1, 2))
        made = ask("POST", "/pieces", {"kind": words.choice(KINDS), "shades": shades}).json["id"]
        ask("GET", f"/pieces/{made}")
        ask("GET", "/pieces")
    ask("GET", "/pieces?limit=3&offset=3")


def shown(asked, seed):
    found = []

    def ask(*words):
        given = asked(*words)
        if words[0] == "GET" and "total" in given.json:
            found.append((given.status, {name: given.json[name] for name in ("total", "kinds", "shades", "last")}))
        return given

    browsing(ask, Random(seed))
    return found


@pytest.mark.parametrize("order", [lambda pair: (-pair[1], pair[0]), lambda pair: pair[0]])
def test_facets_follow_what_is_searched_and_added(order):
    class Ordered(Pottery):
        pass

    Ordered.order = staticmethod(order)
    mocks = learnt(Ordered, browsing, 6)
    assert shown(mocks.ask, 71) == shown(Session(Ordered(Random(71))).ask, 71)


def test_what_counts_something_else_is_no_facet():
    class Odd(Pottery):
        def answer(self, method, target, sent, headers):
            status, told = super().answer(method, target, sent, headers)
            if method == "GET" and "kinds" in told:
                told["kinds"] = [{"name": kind, "pieces": self.chance.randint(1, 9)} for kind in KINDS]
                told["shades"] = {shade: self.chance.randint(1, 9) for shade in SHADES}
            return status, told

    assert "groups(" not in str(learnt(Odd, browsing, 6).made.definitions)


class Kiln(Pottery):
    """Pieces, and how many there are of each shade, at a path of its own; those that are broken count not."""

    def __init__(self, chance):
        super().__init__(chance)
        self.pieces = [{**piece, "broken": False} for piece in self.pieces]

    def answer(self, method, target, sent, headers):
        if target == "/shades":
            found = [piece for piece in self.pieces if not piece["broken"]]
            counts = Counter(shade for piece in found for shade in piece["shades"])
            return 200, [{"shade": shade, "count": count} for shade, count in sorted(counts.items(), key=self.order)]
        status, told = super().answer(method, target, sent, headers)
        if method == "POST":
            told["broken"] = sent["broken"]
        return status, told


def firing(broken):
    """Add pieces, some of them broken, and ask for the shades each time."""

    def script(ask, words):
        ask("GET", "/pieces?limit=9")
        for _ in range(4):
            shades = words.sample([*SHADES, "grey", "white"], 2)
            sent = {"kind": words.choice(KINDS), "shades": shades, "broken": broken and words.random() < 0.5}
            ask("GET", f"/pieces/{ask('POST', '/pieces', sent).json['id']}")
            ask("GET", "/shades")

    return script


@pytest.mark.parametrize("broken", [False, True])
def test_what_a_collection_has_of_each_is_told_at_a_path_of_its_own(broken):
    mocks = learnt(Kiln, firing(broken), 6)

    def told(asked):
        for shades, is_broken in ((["grey", "red"], False), (["grey", "blue"], broken)):
            asked("POST", "/pieces", {"kind": "jug", "shades": shades, "broken": is_broken})
        return asked("GET", "/shades").json

    assert told(mocks.ask) == told(Session(Kiln(Random(5))).ask)


class Stock(Pottery):
    """Pieces, and how many there are of each kind, also of those of which there are none."""

    def answer(self, method, target, sent, headers):
        if target != "/figures":
            return super().answer(method, target, sent, headers)
        counts = Counter(piece["kind"] for piece in self.pieces)
        return 200, {"by_kind": {kind: counts[kind] for kind in KINDS}}


def counting(ask, words):
    """Add pieces of some kinds, and ask for the figures each time."""
    ask("GET", "/pieces?limit=9")
    for kind in words.sample(KINDS, 3):
        ask("GET", f"/pieces/{ask('POST', '/pieces', {'kind': kind, 'shades': []}).json['id']}")
        ask("GET", "/figures")


def test_figures_tell_of_each_word_how_many_have_it_though_none_does():
    mocks = learnt(Stock, counting, 6)
    real = Session(Stock(Random(5)))
    assert mocks.ask("GET", "/figures").json == real.ask("GET", "/figures").json
    for asked in (mocks.ask, real.ask):
        asked("POST", "/pieces", {"kind": "pan", "shades": []})
    assert mocks.ask("GET", "/figures").json == real.ask("GET", "/figures").json
