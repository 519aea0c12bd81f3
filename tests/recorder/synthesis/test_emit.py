"""What was learnt is written as definitions that people read: ids, descriptions, conditions, what is kept."""

from __future__ import annotations

import json
from random import Random

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, learnt, recorded, visits, word

from cassettes.exchange import Request
from recorder.synthesis.synthesize import synthesize


def test_a_definition_says_what_it_was_learnt_from_what_it_asks_and_what_it_keeps():
    mocks = learnt(Shelf, a_visit)
    assert mocks.definition("patch-thing") == {
        "id": "patch-thing",
        "description": "4 recorded calls in 4 sessions: 4 x 200",
        "match": {"method": "PATCH", "path": "/things/{thing}"},
        "let": {"item": "{{ resource.things.get(request.path_params.thing) }}"},
        "cases": [
            {
                "when": "vars.item is none",
                "note": "there is no such item",
                "tier": "resource",
                "response": {
                    "status": 404, "headers": {"Content-Type": "application/json"}, "body": {"error": "no such thing"},
                },
            },
            {
                "tier": "synthesized",
                "response": {
                    "status": 200, "headers": {"Content-Type": "application/json"}, "body": "{{ merge(vars.item, request.json) }}",
                },
                "save": [{"in": "things", "key": "{{ request.path_params.thing }}", "item": "{{ vars.answer.json }}"}],
            },
        ],
        "tags": ["synthesized"],
    }  # fmt: skip


def test_a_patch_lays_members_over_those_that_are_there():
    mocks = learnt(Shelf, a_visit)
    made = mocks.ask("POST", "/things", {"name": "a lamp", "size": 7}).json
    assert mocks.ask("PATCH", f"/things/{made['id']}", {"size": 8})[:2] == (200, {**made, "size": 8})
    assert mocks.ask("GET", f"/things/{made['id']}").json == {**made, "size": 8}


def test_what_replaces_an_item_leaves_nothing_of_it():
    def replacing(ask, words):
        made = ask("POST", "/things", {"name": f"n{words.random()}", "size": words.randint(1, 999)}).json
        ask("PUT", f"/things/{made['id']}", {"name": f"m{words.random()}"})
        ask("GET", f"/things/{made['id']}")

    mocks = learnt(Shelf, replacing)
    key = mocks.ask("POST", "/things", {"name": "a lamp", "size": 7}).json["id"]
    mocks.ask("PUT", f"/things/{key}", {"name": "a mug"})
    assert mocks.ask("GET", f"/things/{key}").json == {"id": key, "name": "a mug"}


def test_calls_that_are_told_apart_are_matched_so():
    header = [
        ("POST", "/", {"T": "a"}, 200, {"Item": {}}, {"X-Amz-Target": "Db.GetItem"}),
        ("POST", "/", {"T": "a"}, 200, {"Tables": []}, {"X-Amz-Target": "Db.ListTables"}),
    ]
    graphql = [
        ("POST", "/graphql", {"query": "query Users { users { id } }"}, 200, {"data": {"users": []}}),
        ("POST", "/graphql", {"query": "{ posts { id } }"}, 200, {"data": {"posts": []}}),
    ]
    assert [one["match"] for one in Mocks(header, graphql).made.definitions] == [
        {"method": "POST", "path": "/", "headers": {"x-amz-target": "Db.GetItem"}},
        {"method": "POST", "path": "/", "headers": {"x-amz-target": "Db.ListTables"}},
        {"method": "POST", "path": "/graphql", "graphql": {"operation": "Users"}},
        {
            "method": "POST",
            "path": "/graphql",
            "body": {
                "jsonpath": "$.query",
                "regex": r"\s*(?:query|mutation|subscription)?\s*(?:\([^{]*)?\{\s*(?:\w+\s*:\s*)?posts\b.*",
            },
        },
    ]


def test_what_looks_like_a_template_in_an_answer_is_told_as_it_is():
    answer = {"{{ 1 + 1 }}": "{{ 1 + 1 }} {% if %} {# no #}", "list": ["{{{{ x }}}}", "{% x"]}
    mocks = Mocks([("GET", "/x", None, 200, answer, {}, {"X-Text": "{{ 2 + 2 }}"})] * 2)
    given = mocks.ask("GET", "/x")
    assert (given.json, given.headers["x-text"], mocks.wrong) == (answer, "{{ 2 + 2 }}", [])


def test_what_looks_like_a_template_is_told_as_it_is_among_what_is_worked_out():
    rows = [("POST", "/x", {"n": n}, 200, {"n": n, "text": "{{ 1 + 1 }}"}) for n in range(3)]
    assert Mocks(rows).ask("POST", "/x", {"n": 7}).json == {"n": 7, "text": "{{ 1 + 1 }}"}


def test_the_definitions_come_in_the_order_in_which_their_endpoints_were_asked_first_and_then_what_is_implied():
    made = synthesize([recorded(*visits(Shelf, a_visit, 2))])
    assert [one["id"] for one in made.definitions][:6] == [
        "post-things",
        "get-thing",
        "patch-thing",
        "get-things",
        "delete-thing",
        "put-thing",
    ]


def test_what_says_to_be_json_and_is_none_is_written_as_it_was():
    names = [f"lamp-{seed * 7_919}" for seed in range(1, 9)]
    told = {"Content-Type": "application/json"}
    sessions = [[("GET", f"/files/{name}", None, 404, f"no '{name}' here".encode(), {}, told)] for name in names]
    response, _ = Mocks(*sessions).gateway.answer(Request("GET", b"/files/lamp-4711", (), b""))
    assert response.body == b"no 'lamp-4711' here"


def test_one_of_several_pages_is_written_in_branches_and_comes_out_as_it_was():
    pages = {"2": b"<p>two <a href='/x/1'>1</a></p>", "3": b"<b>three</b>\n", "4": b"<i>four &amp; more</i>"}
    rows = [
        ("GET", f"/x/{number}", None, 200, page, {}, {"Content-Type": "text/html"}) for number, page in pages.items()
    ]
    mocks = Mocks(*[rows] * 4)
    body = mocks.definition("get-x")["cases"][0]["response"]["body"]
    assert (body[:6], body[-11:]) == ("{% if ", "{% endif %}")
    assert mocks.wrong == []


def test_what_is_more_general_is_asked_later():
    rows = [
        [
            ("GET", f"/links/{n}1/7", None, 200, {"links": f"{n}1"}),
            ("GET", f"/{n}5/{n}6/{n}7", None, 404, {"error": "none"}),
        ]
        for n in range(1, 6)
    ]
    mocks = Mocks(*rows)
    assert {one["match"]["path"]: one.get("priority", 0) for one in mocks.made.definitions} == {
        "/links/{link}/{link2}": 0, "/{id}/{id2}/{id3}": -1,
    }  # fmt: skip
    assert mocks.wrong == []


def test_objects_under_another_media_type_are_written_as_json():
    def session(number):
        name = word(Random(number))
        thing = {"id": name, "say": f'{number} "and" <{number + 1}>'}
        read = json.dumps(thing).encode()
        return [
            ("POST", "/things", {"say": thing["say"]}, 201, thing),
            ("GET", f"/things/{name}", None, 200, read, {}, {"Content-Type": "text/html; charset=utf-8"}),
        ]

    mocks = Mocks(*(session(number) for number in (3, 14, 25, 36)))
    assert mocks.wrong == []
    made = mocks.ask("POST", "/things", {"say": '7 "or" <8>'}).json
    shown = mocks.ask("GET", f"/things/{made['id']}")
    assert (shown.json, shown.headers["content-type"]) == (made, "text/html; charset=utf-8")


def test_a_page_that_holds_braces_or_is_very_long_is_written_as_it_is():
    page, script = "<p>{{ user }}</p>{% now %}", "let a = 1;\n" * 7_000

    pages = (("/page", page, "text/html"), ("/script", script, "text/javascript"))
    rows = [("GET", path, None, 200, text.encode(), {}, {"Content-Type": kind}) for path, text, kind in pages]
    mocks = Mocks(rows, rows)
    assert mocks.definition("get-page")["cases"][0]["response"]["body"] == page
    assert mocks.ask("GET", "/page").body.decode() == page
    assert mocks.ask("GET", "/script").body.decode() == script
