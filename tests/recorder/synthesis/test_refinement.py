"""A second pass refines the first: what nobody edited is renewed, what a person edited stays."""

from __future__ import annotations

import copy

from recorder.merging import Kept
from recorder.synthesis.refinement import refined, signed_definitions, sources_of


def case(when, status, body="x", **more):
    return ({"when": when} if when else {}) | {"response": {"status": status, "body": body}} | more


def definition(*cases, identity="get-note", **more):
    return {"id": identity, "match": {"path": f"/{identity}"}, "cases": list(cases), **more}


FIRST = definition(case("vars.item is none", 404), case(None, 200), let={"item": "{{ 1 }}"})
SECOND = definition(
    case("not request.headers.authorization", 401),
    case("vars.item is none", 404, "no such note"),
    case(None, 200, "y"),
    let={"item": "{{ 2 }}"},
)


def bare(definitions):
    return [{name: value for name, value in one.items() if name != "created_by"} for one in definitions]


def written(*made, sources=("one",)):
    return signed_definitions(made, sources)


def test_what_nobody_edited_is_what_the_second_pass_says():
    done = refined(written(FIRST), [SECOND], ["one", "two"])
    assert bare(done.definitions) == [SECOND]
    assert (done.merge.changed, done.merge.kept) == (("get-note",), ())
    assert sources_of(done.definitions) == ["one", "two"]


def test_an_edited_case_stays_where_it_is_and_the_others_are_renewed():
    [mine] = written(FIRST)
    mine = copy.deepcopy(mine)
    mine["cases"][0]["response"]["body"] = "mine"
    done = refined([mine], [SECOND], ["one", "two"])
    assert bare(done.definitions) == [
        definition(
            SECOND["cases"][0], case("vars.item is none", 404, "mine"), case(None, 200, "y"), let={"item": "{{ 2 }}"}
        )
    ]
    name = "the case when there is no such item"
    assert done.merge.kept == (Kept("get-note", (name,), (name,)),)


def test_a_case_of_ones_own_stays_after_the_one_before_it_and_a_deleted_one_stays_away():
    [mine] = written(FIRST)
    own = case("request.query.teapot is defined", 418)
    mine = {**mine, "cases": [mine["cases"][0], own, mine["cases"][1]]}
    done = refined([mine], [SECOND], ["one"])
    assert [one["response"]["status"] for one in done.definitions[0]["cases"]] == [401, 404, 418, 200]
    mine = {**mine, "cases": [own, FIRST["cases"][1]]}
    done = refined([mine], [SECOND], ["one"])
    assert [one["response"]["status"] for one in done.definitions[0]["cases"]] == [418, 401, 200]


def test_an_order_that_a_person_chose_stays():
    wide = definition(case("a", 400), case("b", 409), case(None, 200))
    [mine] = written(wide)
    mine = {**mine, "cases": [mine["cases"][1], mine["cases"][0], mine["cases"][2]]}
    newer = definition(case("a", 400, "new"), case("b", 409), case("c", 422), case(None, 200))
    done = refined([mine], [newer], ["one"])
    assert [(one["response"]["status"], one["response"]["body"]) for one in done.definitions[0]["cases"]] == [
        (409, "x"), (422, "x"), (400, "new"), (200, "x"),
    ]  # fmt: skip


def test_the_same_pass_again_changes_nothing():
    existing = written(FIRST, definition(case(None, 204), identity="b"))
    done = refined(existing, [FIRST, definition(case(None, 204), identity="b")], ["one"])
    assert (list(done.definitions), done.merge.unchanged) == (existing, ("get-note", "b"))


def test_what_the_pass_does_not_make_any_more_is_disabled_and_foreign_definitions_stay():
    foreign = {"id": "mine", "match": {"path": "/x"}, "response": {"body": "z"}}
    done = refined([foreign, *written(FIRST)], [definition(case(None, 200), identity="new")], ["one"])
    assert [(one["id"], one.get("enabled", True)) for one in done.definitions] == [
        ("mine", True), ("get-note", False), ("new", True),
    ]  # fmt: skip
    assert (done.definitions[0], done.merge.vanished, done.merge.added) == (foreign, ("get-note",), ("new",))


def test_collections_are_told_apart_by_name():
    seeds = {"notes": {"seed": {"1": {"id": "1"}}}, "users": {"seed": {}}}
    newer = {"notes": {"seed": {"2": {"id": "2"}}}, "users": {"seed": {"u": {"id": "u"}}}}
    [mine] = written({**FIRST, "collections": seeds})
    mine = {**mine, "collections": {**seeds, "notes": {"seed": {"9": {"id": "9"}}}}}
    done = refined([mine], [{**FIRST, "collections": newer}], ["one"])
    assert done.definitions[0]["collections"] == {"notes": {"seed": {"9": {"id": "9"}}}, "users": newer["users"]}


def test_sources_are_read_back_whatever_they_are_called():
    names = ["one", "tapes/my shop, two", "a(b)"]
    assert sources_of(written(FIRST, sources=names)) == names
    assert sources_of([FIRST]) is None


def test_cases_alike_are_each_their_own():
    twice = definition(case("a", 400, "one"), case("a", 400, "two"), case(None, 200))
    done = refined(written(twice), [twice], ["one"])
    assert bare(done.definitions) == [twice]
