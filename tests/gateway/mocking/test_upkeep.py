"""What a case keeps is done in order, after the answer, each only where its condition holds."""

import asyncio

import pytest
from supplied import SomeServices

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.errors import RenderError
from gateway.mocking.upkeep import answer_of
from gateway.modes import MODES
from gateway.view import RequestView


async def kept(*saves, seed=None, target=b"/", body=b"", response=None):
    """Give the items of `pets` and the state `s` after one request."""
    document = {
        "id": "x",
        "collections": {"pets": {"seed": seed or {}}},
        "cases": [{"response": response or {}, "save": list(saves)}],
    }
    definition = MockDefinition.model_validate(document)
    services = SomeServices(definition)
    view = RequestView(Request("POST", target, (), body))
    await MODES["mock"](definition, services).decide(view).make()
    remembered = services.remembered
    items = await remembered.resources.collection("pets").entries("global")
    return items, await remembered.states.default.get("global:s")


SEED = {"1/a": {"n": 1}, "1/b": {"n": 2}, "2/a": {"n": 3}}


@pytest.mark.parametrize(
    ("save", "items"),
    [
        ({"key": "1/a", "item": {"m": 1}}, {**SEED, "1/a": {"m": 1}}),
        ({"key": "1/a", "item": {"m": 1}, "merge": True}, {**SEED, "1/a": {"n": 1, "m": 1}}),
        ({"key": "3", "item": {"m": 1}, "merge": True}, {**SEED, "3": {"m": 1}}),
        ({"key": "1/a", "item": "text", "merge": True}, {**SEED, "1/a": "text"}),
        ({"key": "2/a", "item": {"n": {"m": 1}}, "merge": "deep"}, {**SEED, "2/a": {"n": {"m": 1}}}),
        ({"as": "pet", "item": {"id": "{{ 3 + 4 }}"}, "key": "{{ vars.pet.id }}"}, {**SEED, "7": {"id": 7}}),
        ({"key": "1/a", "item": None}, {**SEED, "1/a": None}),
        ({"key": "{{ request.query.q }}", "item": "{{ request.json.nothing }}"}, {**SEED, "Q": None}),
        ({"key": "n", "item": "{{ 1 + 1 }}"}, {**SEED, "n": 2}),
        ({"key": "t", "item": "{{ request.raw_body }}"}, {**SEED, "t": "é"}),
        ({"key": "1/a", "delete": True}, {"1/b": {"n": 2}, "2/a": {"n": 3}}),
        ({"key": "none", "delete": True}, SEED),
        ({"under": "1/", "delete": True}, {"2/a": {"n": 3}}),
        ({"under": "", "delete": True}, {}),
        (
            {"under": "1/", "as": "row", "item": {"n": "{{ vars.row.n + 10 }}"}, "merge": True},
            {key: {"n": item["n"] + 10} if key.startswith("1/") else item for key, item in SEED.items()},
        ),
        ({"under": "{{ request.query.nothing }}", "delete": True}, SEED),
        ({"key": "{{ request.query.nothing }}", "item": 1}, SEED),
        ({"key": "{{ request.query.nothing }}", "delete": True}, SEED),
        ({"key": "k", "item": 1, "when": "vars.answer.status == 201"}, SEED),
        ({"key": "k", "item": 1, "when": ["vars.answer.status == 200", "1 > 'a'"]}, SEED),
        ({"key": "k", "item": 1, "when": "vars.answer.status == 200"}, {**SEED, "k": 1}),
    ],
)  # fmt: skip
async def test_an_item_is_put_merged_or_removed(save, items):
    found, _ = await kept({"in": "pets", **save}, seed=SEED, target=b"/?q=Q", body="é".encode())
    assert list(found.items()) == list(items.items())


async def test_a_deep_merge_keeps_what_stands_beside_in_the_objects_of_an_item():
    old = {"k": {"a": {"b": 1, "c": {"d": 2}}, "e": [1]}}
    new = {"a": {"c": {"f": None}}, "e": [2]}
    found, _ = await kept({"in": "pets", "key": "k", "item": new, "merge": "deep"}, seed=old)
    assert found == {"k": {"a": {"b": 1, "c": {"d": 2, "f": None}}, "e": [2]}}


async def test_later_saves_see_what_earlier_ones_kept():
    found, state = await kept(
        {"in": "pets", "key": "a", "item": {"n": 1}},
        {"in": "pets", "key": "b", "item": "{{ resource.pets.get('a') }}"},
        {"state": "s", "value": {"count": "{{ resource.pets.count() }}"}, "ttl": 60},
        {"state": "gone", "delete": True},
    )
    assert (found, state) == ({"a": {"n": 1}, "b": {"n": 1}}, {"count": 2})


async def test_a_state_is_forgotten():
    from gateway.view import MISSING

    _, state = await kept({"state": "s", "value": 1}, {"state": "s", "delete": True})
    assert state is MISSING


async def test_the_answer_is_there_as_it_was_made():
    found, _ = await kept(
        {"in": "pets", "key": "a", "item": "{{ vars.answer }}"},
        response={"status": 201, "headers": {"X-A": ["1", "2"]}, "body": {"id": "{{ 7 }}"}},
    )
    assert found["a"] == {
        "status": 201,
        "headers": {"x-a": "1", "content-type": "application/json", "content-length": "8"},
        "text": '{"id":7}',
        "json": {"id": 7},
    }


def test_an_answer_that_is_no_json_has_none():
    assert answer_of(204, (), b"") == {"status": 204, "headers": {}, "text": ""}
    assert answer_of(200, (), b"hi") == {"status": 200, "headers": {}, "text": "hi"}


def test_an_answer_of_xml_is_a_tree():
    headers = ((b"Content-Type", b"text/xml; charset=utf-8"),)
    assert answer_of(200, headers, b"<a><b>1</b></a>")["xml"] == {"?xml": "", "a": {"b": "1"}}
    assert answer_of(200, headers, b"<a>", b'{"a":{"b":[1]}}')["xml"] == {"a": {"b": [1]}}
    assert "xml" not in answer_of(200, headers, b"<a>")


async def test_an_item_that_fails_names_its_place():
    with pytest.raises(RenderError, match=r"definition 'x', cases\.0\.save\.1\.item\.a, line 1: \{\{ 1 / 0 \}\}"):
        await kept({"state": "s", "value": 1}, {"in": "pets", "key": "a", "item": {"a": "{{ 1 / 0 }}"}})


async def test_in_a_store_that_waits_nothing_is_lost_either(tmp_path):
    from serving_gateway import a_gateway

    definition = {
        "id": "x",
        "state": {"persist_to": "sqlite"},
        "cases": [{
            "let": {"id": "{{ resource.pets.next_id('id') }}"},
            "response": {"body": {"id": "{{ vars.id }}"}},
            "save": [{"in": "pets", "key": "{{ vars.id }}", "item": "{{ vars.answer.json }}"}],
        }],
    }  # fmt: skip
    async with a_gateway(tmp_path, definition) as client:
        answers = await asyncio.gather(*(client.post("/") for _ in range(20)))
        items = (await client.get("/api/admin/resources/pets")).json()["items"]
    assert sorted(answer.json()["id"] for answer in answers) == list(range(1, 21))
    assert sorted(item["id"] for item in items) == list(range(1, 21))


async def test_a_save_is_done_for_each_row_of_a_list_with_the_row_and_its_place():
    saves = [
        {
            "in": "pets",
            "each": "{{ request.json.rows }}",
            "key": "{{ vars.row.id }}",
            "item": {"n": "{{ vars.at }}"},
            "when": "not vars.row.gone",
        },
        {
            "in": "pets",
            "each": "{{ request.json.rows }}",
            "key": "{{ vars.row.id }}",
            "delete": True,
            "when": "vars.row.gone",
        },
        {"in": "pets", "each": "{{ request.json.absent }}", "key": "x", "item": {}},
    ]
    body = b'{"rows": [{"id": "1/a"}, {"id": "2/a", "gone": true}, {"id": "c"}]}'
    items, _ = await kept(*saves, seed=SEED, body=body)
    assert items == {"1/a": {"n": 0}, "1/b": {"n": 2}, "c": {"n": 2}}
