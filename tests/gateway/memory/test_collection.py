"""A collection begins as its seed, gives each item an id of its own, and never loses a change."""

import asyncio

import pytest

from cassettes.definition import ResourceSpec
from gateway.errors import ConfigError
from gateway.memory.collection import Collection, RefusedError
from gateway.states.memory import MemoryBackend
from gateway.view import MISSING


def a_collection(backend=None, **spec):
    return Collection(ResourceSpec(name="pets", **spec), backend or MemoryBackend())


async def at_once(work):
    return await asyncio.gather(*(work(number) for number in range(100)))


async def test_a_hundred_that_create_at_once_get_a_hundred_ids(backend):
    pets = a_collection(backend, seed=[{"id": 3, "name": "Rex"}, {"name": "Ace"}])
    made = await at_once(lambda number: pets.create("global", {"name": f"p{number}"}))
    assert sorted(item["id"] for item in made) == list(range(5, 105))
    assert {item["name"]: item["id"] for item in await pets.items("global")} == {
        "Rex": 3,
        "Ace": 4,
        **{item["name"]: item["id"] for item in made},
    }


async def test_of_a_hundred_that_take_one_id_one_gets_it(backend):
    pets = a_collection(backend)

    async def create(number):
        try:
            await pets.create("global", {"id": 7, "number": number})
        except RefusedError as error:
            return error.status
        return 201

    statuses = await at_once(create)
    assert (statuses.count(201), statuses.count(409), len(await pets.items("global"))) == (1, 99, 1)
    assert (await pets.create("global", {}))["id"] == 8


async def test_a_hundred_first_uses_seed_once(backend):
    pets = a_collection(backend, seed=[{"id": number} for number in range(1, 4)])

    async def use(number):
        if number % 3 == 0:
            await pets.delete("global", "2")
        return len(await pets.items("global"))

    await at_once(use)
    assert [item["id"] for item in await pets.items("global")] == [1, 3]


async def test_an_emptied_collection_is_not_seeded_again(backend):
    pets = a_collection(backend, seed=[{"id": 1}])
    assert [await pets.delete("global", "1"), await pets.delete("global", "1"), await pets.delete("global", "")] == [
        True,
        False,
        False,
    ]
    assert await pets.items("global") == []
    await pets.reset("global")
    assert await pets.items("global") == [{"id": 1}]


async def test_each_scope_has_its_own(backend):
    pets = a_collection(backend, seed=[{"id": 1}])
    await pets.create("session:a", {"name": "a"})
    assert [len(await pets.items(stem)) for stem in ("session:a", "session:b")] == [2, 1]
    assert await pets.stems(10) == ["session:a", "session:b"]


async def test_a_change_is_made_only_to_what_was_read(backend):
    pets = a_collection(backend, seed=[{"id": 1, "a": 1, "b": 2}])
    assert await pets.change("global", "1", {"b": 2, "id": 1, "a": 1}, {"id": 1, "a": 2}) is True
    assert await pets.change("global", "1", {"id": 1, "a": 1, "b": 2}, {"id": 1}) is False
    assert await pets.read("global", "1") == {"id": 1, "a": 2}
    assert await pets.read("global", "") is MISSING


async def test_all_items_are_replaced_in_one_step(backend):
    pets = a_collection(backend, seed=[{"id": 1}])
    await pets.replace("global", [{"id": 9, "x": 1}, {"id": 4}])
    assert await pets.items("global") == [{"id": 9, "x": 1}, {"id": 4}]
    assert (await pets.create("global", {}))["id"] == 10
    await pets.replace("global", [])
    assert await pets.items("global") == []
    for items, status in (([{"id": 1}, {"id": 1}], 409), ([{}], 422), ([{"id": "1"}], 422)):
        with pytest.raises(RefusedError) as caught:
            await pets.replace("global", items)
        assert caught.value.status == status
    assert await pets.items("global") == []


async def test_an_item_added_while_the_collection_was_deleted_is_kept(backend):
    pets = a_collection(backend, seed=[{"id": 1}])
    await backend.add("resource:pets:items:global", "9", {"id": 9})
    assert sorted(item["id"] for item in await pets.items("global")) == [1, 9]


@pytest.mark.parametrize(("id_type", "length"), [("uuid", 36), ("text", 16)])
async def test_an_id_that_is_no_number_is_made_up(id_type, length):
    made = [await a_collection(id_type=id_type).create("global", {"name": "Rex"}) for _ in range(2)]
    assert [list(item) for item in made] == [["id", "name"]] * 2
    assert {len(item["id"]) for item in made} == {length}
    assert made[0]["id"] != made[1]["id"]


async def test_an_id_is_not_given_twice_and_passes_those_that_are_taken():
    pets = a_collection()
    ids = [(await pets.create("global", item))["id"] for item in ({}, {"id": 5}, {}, {"id": 2}, {"id": None})]
    await pets.delete("global", "7")
    assert [*ids, (await pets.create("global", {}))["id"]] == [1, 5, 6, 2, 7, 8]


@pytest.mark.parametrize(
    ("id_type", "item_id"),
    [("int", "1"), ("int", 1.5), ("int", True), ("int", 2**53), ("text", ""), ("text", []), ("uuid", 1.5)],
)
async def test_an_id_of_another_type_is_refused(id_type, item_id):
    with pytest.raises(RefusedError) as caught:
        await a_collection(id_type=id_type).create("global", {"id": item_id})
    assert (caught.value.status, caught.value.facts) == (422, {"fields": ["id"]})


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"seed": [{"id": 1}, {"id": "1"}]}, "two items of its seed have the same id"),
        ({"seed": [{"name": "a"}], "id_type": "uuid"}, "each item of its seed needs its id"),
    ],
)
def test_a_seed_that_is_none_is_refused(spec, told):
    with pytest.raises(ConfigError, match=f"the resource 'pets': {told}"):
        a_collection(**spec)


async def test_the_next_number_is_above_all_that_ever_were(backend):
    pets = Collection(
        ResourceSpec(name="pets"),
        backend,
        seed={"a": {"n": {"id": 3}}, "b": "text"},
        counted=["n.id"],
        is_offered=False,
    )
    await pets.put("global", "c", {"n": {"id": "9"}})
    await pets.delete("global", "c")
    assert [await pets.next_number("global", "n.id") for _ in range(2)] == [10, 11]
    assert [await pets.next_number("global", "other") for _ in range(2)] == [1, 2]
    await pets.merge("global", "d", {"n": {"id": 20}})
    assert await pets.next_number("global", "n.id") == 21
    await pets.reset("global")
    assert await pets.next_number("global", "n.id") == 4


async def test_a_hundred_that_ask_at_once_get_a_hundred_numbers(backend):
    pets = Collection(ResourceSpec(name="pets"), backend, counted=["id"], is_offered=False)
    assert sorted(await at_once(lambda _: pets.next_number("global", "id"))) == list(range(1, 101))


async def test_of_a_hundred_that_merge_at_once_nothing_is_lost(backend):
    pets = Collection(ResourceSpec(name="pets"), backend, is_offered=False)
    await at_once(lambda number: pets.merge("global", "k", {str(number): number}))
    assert await pets.read("global", "k") == {str(number): number for number in range(100)}


async def test_items_keep_their_places_and_are_found_by_how_their_keys_begin(backend):
    pets = Collection(ResourceSpec(name="pets"), backend, seed={"1/a": 1, "2/a": 2}, is_offered=False)
    await pets.put("global", "1/b", None)
    await pets.put("global", "1/a", 4)
    assert list((await pets.entries("global")).items()) == [("1/a", 4), ("2/a", 2), ("1/b", None)]
    assert list((await pets.entries("global", "1/")).items()) == [("1/a", 4), ("1/b", None)]
    await pets.delete_under("global", "1/")
    assert await pets.entries("global") == {"2/a": 2}
