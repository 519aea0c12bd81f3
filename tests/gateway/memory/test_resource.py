"""A resource answers as a service would: create, read, list, replace, patch, delete, and what is wrong."""

import asyncio
from dataclasses import replace

import orjson
import pytest
from builders import a_request
from serving_gateway import a_gateway

from cassettes.definition import MockDefinition
from gateway.errors import ConfigError, RenderError
from gateway.memory.resource import ResourceAnswer, Resources, item_id_of, merged, resource_plan
from gateway.memory.scopes import States
from gateway.mode import Reply
from gateway.routes import RouteTable
from gateway.states.memory import MemoryBackend
from gateway.view import RequestView

SEED = [{"id": 1, "name": "Rex", "tag": "dog"}, {"id": 2, "name": "Tom", "tag": "cat"}]


def a_definition(id_="pets", persist_to=None, **spec):
    resource = {"name": "pets", "seed": SEED, **spec}
    return MockDefinition.model_validate({"id": id_, "resource": resource, "state": {"persist_to": persist_to}})


def resources(*definitions, backend=None):
    backends = {"memory": backend or MemoryBackend(), "sqlite": MemoryBackend()}
    return Resources(States("memory", backends), definitions or [a_definition()])


def a_view(method="GET", target=b"/pets", body=None, session=""):
    content = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
    headers = ((b"content-type", b"application/json"), (b"X-Mimic-Session", session.encode()))
    return RequestView(a_request(method, target, headers=headers, body=content))


async def ask(offered, method="GET", target=b"/pets", body=None, **more):
    """Ask a resource; gives status, body as JSON (None where there is none) and headers as a dict."""
    view = a_view(method, target, body, **more)
    answer = await offered.of("pets").answer(view, item_id_of("/pets", view))
    headers = dict(answer.headers)
    assert answer.body == b"" or headers[b"content-length"] == b"%d" % len(answer.body)
    return answer.status, orjson.loads(answer.body) if answer.body else None, headers


async def test_an_item_lives_from_its_creation_to_its_end(backend):
    pets = resources(backend=backend)
    created = await ask(pets, "POST", body={"name": "Ace"})
    assert created[:2] == (201, {"id": 3, "name": "Ace"})
    assert created[2][b"location"] == b"/pets/3"
    assert (await ask(pets, target=b"/pets/3"))[:2] == (200, {"id": 3, "name": "Ace"})
    assert (await ask(pets, "PUT", b"/pets/3", {"tag": "dog", "id": 3}))[:2] == (200, {"id": 3, "tag": "dog"})
    patch = {"tag": None, "name": "Bo", "owner": {"city": "Bern"}}
    patched = {"id": 3, "name": "Bo", "owner": {"city": "Bern"}}
    assert (await ask(pets, "PATCH", b"/pets/3", patch))[:2] == (200, patched)
    assert (await ask(pets))[1] == [*SEED, patched]
    assert (await ask(pets, "DELETE", b"/pets/3"))[:2] == (204, None)
    gone = [(await ask(pets, method, b"/pets/3", {}))[0] for method in ("GET", "PUT", "PATCH", "DELETE")]
    assert gone == [404] * 4
    assert (await ask(pets))[1] == SEED


async def test_a_hundred_patches_at_once_are_all_kept(backend):
    pets = resources(backend=backend)
    answers = await asyncio.gather(*(ask(pets, "PATCH", b"/pets/1", {f"f{number}": number}) for number in range(100)))
    assert {answer[0] for answer in answers} == {200}
    assert (await ask(pets, target=b"/pets/1"))[1] == {**SEED[0], **{f"f{number}": number for number in range(100)}}


async def test_a_list_is_filtered_sorted_paged_and_counted():
    pets = resources(a_definition(seed=[{"id": number, "odd": number % 2 == 1} for number in range(1, 31)]))
    status, items, headers = await ask(pets, target=b"/pets?odd=true&sort=-id&limit=4&page=2")
    assert (status, [item["id"] for item in items]) == (200, [21, 19, 17, 15])
    assert headers[b"X-Total-Count"] == b"15"
    assert headers[b"link"].endswith(b'</pets?odd=true&sort=-id&limit=4&page=4>; rel="last"')
    assert headers[b"content-type"] == b"application/json"


async def test_a_list_can_stand_in_an_envelope():
    pets = resources(a_definition(envelope="items", total_key="count", total_header=""))
    status, document, headers = await ask(pets, target=b"/pets?tag=cat")
    assert (status, document) == (200, {"items": [SEED[1]], "count": 1})
    assert set(headers) == {b"content-type", b"content-length"}


async def test_head_is_get_without_its_body():
    pets = resources()
    for target in (b"/pets", b"/pets/1", b"/pets/9"):
        view = a_view("GET", target)
        got = await pets.of("pets").answer(view, item_id_of("/pets", view))
        head = await pets.of("pets").answer(a_view("HEAD", target), item_id_of("/pets", view))
        assert head == ResourceAnswer(got.status, got.headers)


async def test_what_is_offered_is_told():
    pets = resources(a_definition(operations=["list", "read", "delete"]))
    assert await ask(pets, "OPTIONS") == (204, None, {b"allow": b"GET, HEAD, OPTIONS"})
    assert await ask(pets, "OPTIONS", b"/pets/1") == (204, None, {b"allow": b"GET, HEAD, DELETE, OPTIONS"})
    status, document, headers = await ask(pets, "POST", body={})
    assert (status, document["title"], headers[b"allow"]) == (405, "Method Not Allowed", b"GET, HEAD, OPTIONS")
    assert (await ask(pets, "BREW", b"/pets/1"))[0] == 405


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "detail"),
    [
        ("POST", b"/pets", b"", 400, "the body is to be a JSON object"),
        ("POST", b"/pets", b"{nonsense", 400, "the body is to be a JSON object"),
        ("POST", b"/pets", [1], 400, "the body is to be a JSON object"),
        ("PATCH", b"/pets/1", [1], 400, "the body is to be a JSON object"),
        ("POST", b"/pets", b'{"name":' + b"[" * 400 + b"]" * 400 + b"}", 400, "the body is nested too deep"),
        ("POST", b"/pets", {"tag": "dog"}, 422, "the item lacks name"),
        ("PUT", b"/pets/1", {}, 422, "the item lacks name"),
        ("PATCH", b"/pets/1", {"name": None}, 422, "the item lacks name"),
        ("PUT", b"/pets/1", {"id": 2, "name": "x"}, 422, "the body's id is another than the path's"),
        ("PATCH", b"/pets/1", {"id": None}, 422, "the body's id is another than the path's"),
        ("POST", b"/pets", {"id": "one", "name": "x"}, 422, "the item's id is to be a whole number"),
        ("POST", b"/pets", {"id": 1, "name": "x"}, 409, "there is an item with the id '1' already"),
        ("GET", b"/pets/9", None, 404, "there is no item with the id '9'"),
        ("GET", b"/pets?page=x", None, 400, "the query's page is to be a whole number of at least 1"),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(method, target, body, status, detail):
    pets = resources(a_definition(required=["name"]))
    told, document, headers = await ask(pets, method, target, body)
    assert (told, document["status"], headers[b"content-type"]) == (status, status, b"application/problem+json")
    assert document["detail"].startswith(detail)
    assert (await ask(pets))[1] == SEED


async def test_the_names_of_what_lacks_are_given():
    pets = resources(a_definition(required=["name", "tag", "id"]))
    assert (await ask(pets, "POST", body={"x": 1}))[1]["fields"] == ["name", "tag"]


async def test_an_id_is_found_as_its_text():
    pets = resources(a_definition(id_type="text", seed=[{"id": 7}, {"id": "a b/c"}]))
    assert (await ask(pets, target=b"/pets/7"))[1] == {"id": 7}
    assert (await ask(pets, target=b"/pets/a%20b%2Fc"))[1] == {"id": "a b/c"}
    assert (await ask(pets, "POST", target=b"/pets/", body={"id": "ü/"}))[2][b"location"] == b"/pets/%C3%BC%2F"
    assert (await ask(pets, "PUT", b"/pets/7", {"id": "7", "n": 1}))[1] == {"id": 7, "n": 1}


async def test_each_session_has_its_own_items():
    pets = resources(a_definition(scope="session"))
    await ask(pets, "DELETE", b"/pets/1", session="a")
    assert [len((await ask(pets, session=who))[1]) for who in ("a", "b")] == [1, 2]


@pytest.mark.parametrize(
    ("path", "target", "item_id"),
    [
        ("/pets", b"/pets", None),
        ("/pets", b"/pets/?x=1", None),
        ("/pets", b"/pets/a%2Fb", "a/b"),
        ("/pets/**", b"/pets", None),
        ("/pets/**", b"/pets/1", "1"),
        ("/shops/{shop}/pets", b"/shops/1/pets", None),
        ("/shops/{shop}/pets", b"/shops/1/pets/2", "2"),
        ("/pets/{id}", b"/pets/2", "2"),
    ],
)
def test_the_id_is_what_follows_the_definitions_path(path, target, item_id):
    assert item_id_of(path, a_view(target=target)) == item_id


# RFC 7396, appendix A.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_is_that_of_the_standard(target, patch, result):
    assert merged(target, patch) == result


async def test_definitions_share_a_resource_by_its_name():
    other = a_definition("public", seed=[], operations=["list"], envelope="pets")
    shared = resources(other, a_definition())
    await ask(shared, "DELETE", b"/pets/1")
    answer = await shared.of("public").answer(a_view(), None)
    assert (answer.status, orjson.loads(answer.body)) == (200, {"pets": [SEED[1]], "total": 1})
    assert shared.names == ("pets",)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"id_type": "text"}, "id_type"),
        ({"scope": "session"}, "scope"),
        ({"seed": [{"id": 5}]}, "seed"),
        ({"persist_to": "sqlite"}, "state.persist_to"),
    ],
)
def test_definitions_that_differ_in_a_shared_resource_are_named(other, field):
    with pytest.raises(ConfigError, match=f"'pets' and 'public' share the resource 'pets' but differ in {field}"):
        resources(a_definition(), a_definition("public", **other))


async def test_any_answer_may_read_a_resource():
    pets = resources(a_definition(scope="session"))
    await ask(pets, "POST", body={"name": "Ace"}, session="a")
    mine, others = (pets.reader(a_view(session=who)) for who in "ab")
    assert [await mine.read("pets", "3"), await others.read("pets", "3"), await mine.read("pets", 1)] == [
        {"id": 3, "name": "Ace"},
        None,
        SEED[0],
    ]
    assert await others.all("pets") == SEED
    with pytest.raises(RenderError, match=r"no resource 'cats' \(known: pets\)"):
        await mine.all("cats")


async def test_a_plan_over_memory_ends_at_its_first_step():
    plan = resource_plan(resources().of("pets"), a_view(target=b"/pets/1"), "1")
    assert plan.immediate is True
    with pytest.raises(StopIteration) as done:
        plan.make().send(None)
    headers = ((b"content-type", b"application/json"), (b"content-length", b"%d" % len(orjson.dumps(SEED[0]))))
    assert done.value.value == Reply(200, headers, "mock", orjson.dumps(SEED[0]))


async def test_a_client_uses_it_over_http(tmp_path, backend):
    offered = resources(backend=backend).of("pets")
    async with a_gateway(tmp_path, {"id": "pets", "match": {"path": "/pets/**"}, "response": {}}) as client:
        plane = client.gateway.plane
        (route,) = plane.table.routes
        plane.table = RouteTable(
            [
                replace(
                    route,
                    needs_body=True,
                    decide=lambda view: resource_plan(offered, view, item_id_of("/pets/**", view)),
                )
            ]
        )
        created = await asyncio.gather(*(client.post("/pets", json={"name": f"p{number}"}) for number in range(50)))
        places = sorted(int(answer.headers["location"].removeprefix("/pets/")) for answer in created)
        read = (await client.get(created[7].headers["location"])).json()
        listed = await client.get("/pets?limit=5&page=2&sort=id")
        after = await client.get(listed.links["next"]["url"])
        statuses = [
            (await client.request(method, "/pets/1", json=body)).status_code
            for method, body in (
                ("PUT", {"a": 1}),
                ("PATCH", {"a": 2}),
                ("HEAD", None),
                ("DELETE", None),
                ("GET", None),
            )
        ]
    assert places == list(range(3, 53))
    assert read == created[7].json()
    assert [item["id"] for answer in (listed, after) for item in answer.json()] == list(range(6, 16))
    assert listed.headers["x-total-count"] == "52"
    assert statuses == [200, 200, 200, 204, 404]
