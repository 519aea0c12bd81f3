"""Things are sent as rows, or one of them alone, and are shown in rows, also where one of them is read."""

from __future__ import annotations

import pytest
from synthesis.telling import as_the_service, learnt, scenes_of, word

from recorder.synthesis.explaining.sent_rows import or_alone, sent_or_not
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.vocabulary import Vocabulary


class Nursery:
    """Plants with ids that are counted, put in as `rows` or as one `row`, and always shown in rows."""

    def __init__(self, chance):
        del chance
        self.plants = {}

    def answer(self, method, target, sent, _headers):
        parts = target.strip("/").split("/")
        if method == "POST" and parts[-1] == "insert":
            return 201, {"ok": True, "rows": [self.made(one) for one in sent.get("rows") or [sent["row"]]]}
        if len(parts) == 1:
            return 200, {"ok": True, "rows": list(self.plants.values())}
        found = self.plants.get(int(parts[1]))
        return (200, {"ok": True, "rows": [found]}) if found else (404, {"error": "no such plant"})

    def made(self, sent):
        made = {"id": len(self.plants) + 1, "name": sent["name"], "size": sent["size"]}
        self.plants[made["id"]] = made
        return made


def planting(ask, words):
    some = [{"name": word(words), "size": words.randint(3, 9_999)} for _ in range(words.randint(2, 3))]
    keys = [ask("POST", "/plants/insert", {"row": {"name": word(words), "size": 7}}).json["rows"][0]["id"]]
    keys += [one["id"] for one in ask("POST", "/plants/insert", {"rows": some}).json["rows"]]
    for key in keys[:2]:
        ask("GET", f"/plants/{key}")
    ask("GET", "/plants")
    ask("GET", "/plants/900")


def test_what_is_sent_in_rows_or_alone_is_there_afterwards():
    mocks = learnt(Nursery, planting, 6)
    assert mocks.wrong == []
    fern, ivy, oak = ({"name": name, "size": 5} for name in ("fern", "ivy", "oak"))
    assert mocks.ask("POST", "/plants/insert", {"rows": [fern, ivy]}).json["rows"] == [
        {"id": 1, **fern}, {"id": 2, **ivy},
    ]  # fmt: skip
    assert mocks.ask("POST", "/plants/insert", {"row": oak}).json["rows"] == [{"id": 3, **oak}]
    assert mocks.ask("GET", "/plants/3").json["rows"] == [{"id": 3, **oak}]
    assert [one["name"] for one in mocks.ask("GET", "/plants").json["rows"]] == ["fern", "ivy", "oak"]
    mocked, real = as_the_service(Nursery, planting, learnt(Nursery, planting, 6))
    assert mocked == real


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ([{"id": 3, "name": "oak"}], "(request.json.rows if request.json.rows is defined else [request.json.row])"),
        ([{"id": 3, "name": "elm"}], None),  # another one
        ([{"id": 3, "size": 2}], None),  # not shown
        ([{"id": 3, "name": "oak"}, {"id": 4, "name": "oak"}], None),
    ],
)
def test_one_that_is_sent_alone_stands_for_a_list_where_it_is_all_that_is_shown(shown, text):
    fern = {"id": 1, "name": "fern"}, {"id": 2, "name": "ivy"}
    scenes = scenes_of(
        ("POST", "/x", {"rows": [{"name": "fern"}, {"name": "ivy"}]}, 200, list(fern)),
        ("POST", "/x", {"row": {"name": "oak"}}, 200, shown),
    )
    cases = [(scene, scene.sample.answer_json) for scene in scenes]
    found = or_alone(json_term(("rows",)), cases, Vocabulary(scenes, {}))
    assert (found.text if found else None) == text


def test_lists_that_all_calls_sent_are_these_lists():
    scenes = scenes_of(*[("POST", "/x", {"rows": [{"name": name}], "row": {"name": name}}, 200, []) for name in "ab"])
    cases = [(scene, [{"name": "a"}]) for scene in scenes]
    assert or_alone(json_term(("rows",)), cases, Vocabulary(scenes, {})) is None


class Looms:
    """Looms with the rows of thread that are sent, or two of their own where none are; each row has a new id."""

    def __init__(self, chance):
        self.chance, self.looms = chance, {}

    def answer(self, method, target, sent, _headers):
        key = target.strip("/").partition("/")[2]
        if method == "GET":
            return (200, self.looms[key]) if key in self.looms else (404, {"error": "no such loom"})
        rows = sent.get("rows") or [{"yarn": "wool"}, {"yarn": "flax"}]
        made = {"id": word(self.chance), "rows": [{"id": word(self.chance, "bcdf0123", 12), **one} for one in rows]}
        self.looms[made["id"]] = made
        return 201, made


def weaving(ask, words):
    for count in (0, words.randint(1, 3), 0, words.randint(1, 3)):
        rows = [{"yarn": word(words), "turns": words.randint(1, 99)} for _ in range(count)]
        made = ask("POST", "/looms", {"rows": rows} if rows else {"plain": True}).json
        ask("GET", f"/looms/{made['id']}")
    ask("GET", f"/looms/{word(words)}")


def test_rows_that_are_sent_are_shown_and_those_of_the_services_own_where_none_are():
    mocks = learnt(Looms, weaving, 5)
    shown = mocks.ask("POST", "/looms", {"rows": [{"yarn": "silk", "turns": n} for n in range(4)]}).json["rows"]
    assert [(row["yarn"], row["turns"]) for row in shown] == [("silk", n) for n in range(4)]
    assert len({row["id"] for row in shown}) == 4
    own = mocks.ask("POST", "/looms", {"plain": True}).json["rows"]
    assert [{**row, "id": ""} for row in own] == [{"id": "", "yarn": "wool"}, {"id": "", "yarn": "flax"}]


def asked(*rows):
    scenes = scenes_of(*(("POST", "/looms", sent, 201, {}) for sent, _ in rows))
    cases = [(scene, shown) for scene, (_, shown) in zip(scenes, rows, strict=True)]
    return sent_or_not(cases, Vocabulary(scenes, {}), lambda some: Fixed([shown for _, shown in some]))


def test_what_is_shown_tells_whether_rows_are_those_that_were_sent():
    own, some = (
        ({"plain": 1}, [{"id": "w", "yarn": "wool"}]),
        ({"rows": [{"yarn": "silk"}]}, [{"id": "s", "yarn": "silk"}]),
    )
    assert asked(own, own, some, some) is not None
    assert asked(own, some, some) is None  # one call tells too little
    assert asked(some, some) is None
    assert asked(own, own, some, ({"rows": [{"yarn": "silk"}]}, [])) is None
    assert asked(own, own, some, ({"rows": [{"yarn": "silk"}]}, [{"id": "w", "yarn": "wool"}])) is None
