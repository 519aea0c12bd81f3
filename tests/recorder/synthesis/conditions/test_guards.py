"""Conditions tell outcomes apart: what is missing or wrong in a request, and what is held."""

from __future__ import annotations

from journeys import call
from synthesis.scenes import item_lookup
from synthesis.scenes import scenes_of as held_scenes
from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, scenes_of, told_in, word

from recorder.synthesis.conditions.conjunction import conjunction
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.conditions.reasons import Reason
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.timeline import Timeline
from recorder.synthesis.terms.vocabulary import Vocabulary


def test_several_conditions_are_one():
    [scene] = scenes_of(("GET", "/x", None, 200, {}))
    yes, no = Term("a", lambda _: True, uses=frozenset("a")), Term("b", lambda _: False, uses=frozenset("b"))
    both = conjunction([yes, no])
    assert (both.text, both.get(scene), both.uses, conjunction([yes])) == ("a and b", False, frozenset("ab"), yes)


def judged(*rows):
    scenes = scenes_of(*rows)
    return scenes, Judge(scenes, Vocabulary(scenes, {}))


def test_a_judge_finds_what_tells_labels_apart_or_says_that_nothing_does():
    rows = [("POST", "/x", sent, 200, {}) for sent in ({"a": 1, "b": "x"}, {"b": "y"}, {"a": 2, "b": "z"}, {"b": "x"})]
    scenes, judge = judged(*rows)
    [(first, label), (rest, other)] = judge.decide(scenes, ["with", "less", "with", "less"])
    assert ({label, other}, rest) == ({"with", "less"}, None)
    assert [first.get(scene) is True for scene in scenes] == [
        (one == label) for one in ("with", "less", "with", "less")
    ]
    assert judged(*[("GET", "/x", None, 200, {})] * 2)[1].decide(scenes[:2], ["p", "q"]) is None


def test_of_very_many_scenes_some_are_looked_at_and_tell_the_labels_of_all_apart():
    labels = ["with", "less"] * 1_200
    rows = [("POST", "/x", {"a": 1} if label == "with" else {}, 200, {}) for label in labels]
    scenes, judge = judged(*rows)
    [(first, label), (_, other)] = judge.decide(scenes, labels)
    assert {label, other} == {"with", "less"}
    assert [first.get(scene) is True for scene in scenes] == [one == label for one in labels]


def test_of_very_many_scenes_those_that_are_asked_for_are_judged_whichever_are_looked_at():
    labels = ["with", "less"] * 1_200
    scenes, judge = judged(*[("POST", "/x", {"a": 1} if label == "with" else {}, 200, {}) for label in labels])
    asked = [scene for scene in scenes if not judge.knows([scene])][:60]
    wanted = ["with" if scene.sample.json else "less" for scene in asked]
    [(first, label), _] = judge.decide(asked, wanted)
    assert set(wanted) == {"with", "less"}
    assert [first.get(scene) is True for scene in asked] == [one == label for one in wanted]


def test_of_very_many_scenes_those_of_rare_statuses_are_all_looked_at():
    rows = [
        ("POST", "/x", {"a": 0 if place in (7, 1_501) else 1}, 422 if place in (7, 1_501) else 200, {})
        for place in range(2_000)
    ]
    scenes, judge = judged(*rows)
    labels = [scene.sample.status for scene in scenes]
    [(told, status), (_, other)] = judge.decide(scenes, labels)
    assert {status, other} == {422, 200}
    assert [status if told.get(scene) is True else other for scene in scenes] == labels
    assert judge.decide(scenes_of(rows[0]), ["with"]) is None


class Strict(Shelf):
    """Things with a name that is theirs alone, and a size from 1 to 100; those that are done stay as they are."""

    def create(self, sent, headers):
        if "name" not in sent:
            return 400, {"error": "name is required"}
        if not 1 <= sent["size"] <= 100:
            return 422, {"error": "size is out of range"}
        if any(one["name"] == sent["name"] for one in self.things.values()):
            return 409, {"error": "name is taken"}
        return super().create({**sent, "state": "open"}, headers)

    def patch(self, thing, sent, headers):
        if thing["state"] == "done":
            return 409, {"error": "it is done"}
        return super().patch(thing, sent, headers)


def strictly(ask, words):
    """Make a thing, do everything wrong that can be done, finish it, and change it once more."""
    name = word(words)
    made = ask("POST", "/things", {"name": name, "size": words.choice((1, 8, 50, 99, 100))}).json
    ask("POST", "/things", {"name": name, "size": words.choice((1, 8, 50, 99, 100))})
    ask("POST", "/things", {"size": words.choice((1, 8, 50, 99, 100))})
    ask("POST", "/things", {"name": word(words), "size": words.choice((0, 101, 500, -3))})
    ask("GET", f"/things/{made['id']}")
    ask("PATCH", f"/things/{made['id']}", {"size": words.choice((1, 8, 50, 99, 100))})
    ask("PATCH", f"/things/{made['id']}", {"state": "done"})
    ask("PATCH", f"/things/{made['id']}", {"size": words.choice((1, 8, 50, 99, 100))})
    ask("GET", f"/things/{word(words)}")


def test_what_is_wrong_with_a_request_is_told_as_the_service_told_it():
    mocks = learnt(Strict, strictly, count=8)
    made = mocks.ask("POST", "/things", {"name": "a lamp", "size": 7})
    assert made.status == 201
    asked = [
        mocks.ask("POST", "/things", {"name": "a lamp", "size": 8}),
        mocks.ask("POST", "/things", {"size": 7}),
        mocks.ask("POST", "/things", {"name": "a mug", "size": 4_000}),
    ]
    assert [one[:2] for one in asked] == [
        (409, {"error": "name is taken"}), (400, {"error": "name is required"}), (422, {"error": "size is out of range"}),
    ]  # fmt: skip


def test_what_is_done_stays_as_it_is():
    mocks = learnt(Strict, strictly, count=8)
    key = mocks.ask("POST", "/things", {"name": "a lamp", "size": 7}).json["id"]
    assert [mocks.ask("PATCH", f"/things/{key}", sent).status for sent in ({"size": 8}, {"state": "done"}, {"size": 9})] == [
        200, 200, 409,
    ]  # fmt: skip
    assert mocks.ask("GET", f"/things/{key}").json["size"] == 8


def test_refusals_come_in_sessions_that_nobody_recorded():
    mocked, real = as_the_service(Strict, strictly, learnt(Strict, strictly, count=8))
    assert mocked == real


class Locked(Shelf):
    """Things with versions, changed only by who has seen the last one."""

    def create(self, sent, headers):
        status, made = super().create({**sent, "version": 1}, headers)
        return status, made, {"ETag": '"v1"'}

    def get(self, thing, sent, headers):
        return 200, thing, {"ETag": f'"v{thing["version"]}"'}

    def put(self, thing, sent, headers):
        if "If-Match" not in headers:
            return 428, {"error": "say which version"}
        if headers["If-Match"] != f'"v{thing["version"]}"':
            return 412, {"error": "it has changed"}
        thing.update(sent, version=thing["version"] + 1)
        return 200, thing, {"ETag": f'"v{thing["version"]}"'}


def by_version(ask, words):
    made = ask("POST", "/things", {"name": word(words)})
    place, tag = f"/things/{made.json['id']}", made.headers.get("ETag") or made.headers["etag"]
    ask("GET", place)
    ask("PUT", place, {"name": word(words)})
    for _ in range(2):
        ask("PUT", place, {"name": word(words)}, {"If-Match": tag})
    last = ask("GET", place)
    ask("PUT", place, {"name": word(words)}, {"If-Match": last.headers.get("ETag") or last.headers["etag"]})
    ask("GET", place)


def test_who_has_not_seen_the_last_version_is_refused():
    mocks = learnt(Locked, by_version)
    made = mocks.ask("POST", "/things", {"name": "a lamp"})
    place, first = f"/things/{made.json['id']}", {"If-Match": made.headers["etag"]}
    done = mocks.ask("PUT", place, {"name": "a mug"}, first)
    assert (done.status, done.json) == (200, {**made.json, "name": "a mug", "version": 2})
    assert mocks.ask("PUT", place, {"name": "a cup"}, first)[:2] == (412, {"error": "it has changed"})
    assert mocks.ask("PUT", place, {"name": "a cup"})[:2] == (428, {"error": "say which version"})
    again = mocks.ask("PUT", place, {"name": "a cup"}, {"If-Match": mocks.ask("GET", place).headers["etag"]})
    assert (again.status, again.json["version"]) == (200, 3)
    mocked, real = as_the_service(Locked, by_version, mocks)
    assert mocked == real


def test_how_large_all_that_was_sent_is_refuses_nothing_but_what_is_too_large():
    sent = [{"a": number, "text": "x" * (9 if number % 4 else 2)} for number in range(12)]
    scenes, judge = judged(*[("POST", "/x", one, 422 if len(one["text"]) < 3 else 201, {}) for one in sent])
    short = judge.mask([scene for scene in scenes if scene.sample.status == 422])
    bias = {"bad": ("json",), "large": ("body", "held.(request"), "fine": ()}
    for label in ("bad", "large"):
        rules, _ = judge.rules({label: short, "fine": judge.mask(scenes) & ~short}, bias, "fine")
        told = [term.text for rule in rules for term in rule.terms]
        assert told
        assert label == "large" or not any("raw_body" in text for text in told)


def test_in_few_sessions_what_all_items_come_to_only_tells_what_was_late():
    for sessions, is_told in ((1, False), (3, False), (4, True)):
        rows = [[("GET", "/basket", None, 200, {}) for _ in range(6)] for _ in range(sessions)]
        samples = told_in(*rows)
        endpoint = next(iter(endpoints_of(samples)))
        scenes = [Scene(sample, endpoint, Timeline(), at % 6) for at, sample in enumerate(samples)]
        total = Term("total(resource.orders.all(), 'number')", lambda scene: 100 * scene.moment, "number", 1.0)
        judge = Judge(scenes, Vocabulary([], {}, [total]))
        labels = [scene.moment >= 3 for scene in scenes]
        assert (judge.decide(scenes, labels) is not None) == is_told


def test_a_refusal_seen_once_is_given_only_where_all_is_so_that_may_be_why():
    boxes = {str(at): {"id": at, "code": f"c{at}", "left": 1 if at == 4 else 3} for at in range(1, 7)}
    told = {200: {"ok": True}, 400: {"error": "wrong"}, 423: {"error": "locked"}}

    def opened(box, code, status):
        return call("POST", "/open", {"id": box, "code": code}, status=status, answer=told[status])

    fine = [opened(box, f"c{box}", 200) for box in (1, 2, 3, 5)]
    wrong = [opened(2, "c1", 400), opened(3, "c2", 400), opened(4, "c9", 423)]
    lookups = {"item": item_lookup()}
    scenes = held_scenes(*fine, *wrong, held={"things": boxes}, lookups=lookups)
    judge = Judge(scenes, Vocabulary(scenes, lookups))
    groups = {status: [one for one in scenes if one.sample.status == status] for status in told}
    judge.reasons = {status: Reason(groups[status], status, scenes) for status in (400, 423)}
    bias = {423: ("exists", "held"), 400: ("json",)}
    [locked, *_], _ = judge.rules({status: judge.mask(inside) for status, inside in groups.items()}, bias, 200)
    assert locked.label == 423
    assert [".left == 1" in locked.terms[0].text, ".code" in locked.terms[1].text] == [True, True]
