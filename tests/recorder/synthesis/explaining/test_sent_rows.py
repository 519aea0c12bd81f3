"""Things are sent as rows, or one of them alone, and are shown in rows, also where one of them is read."""

from __future__ import annotations

import pytest
from synthesis.telling import as_the_service, learnt, scenes_of, word

from recorder.synthesis.explaining.sent_rows import or_alone
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
