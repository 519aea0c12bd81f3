"""One name is one collection for all definitions, and those that contradict each other are refused."""

import pytest

from cassettes.definition import MockDefinition
from gateway.config import Settings
from gateway.errors import ConfigError
from gateway.memory.claims import agreed
from gateway.memory.remembered import Stores


def collections(*documents, **settings):
    definitions = [
        MockDefinition.model_validate({"id": f"d{place}", "cases": [{"response": {}}], **document})
        for place, document in enumerate(documents, 1)
    ]
    return agreed(definitions, Stores(Settings(**settings)).states())


def offering(**resource):
    return {"cases": [], "resource": {"name": "pets", **resource}}


def declaring(seed=None, **state):
    return {"collections": {"pets": {"seed": seed or {}}}, "state": state}


async def entries(found):
    return await found["pets"].entries("global")


async def test_the_seeds_of_all_are_one():
    found = collections(declaring({"a": 1, "b": 2}), declaring(), declaring({"b": 2, "c": None}))
    assert list((await entries(found)).items()) == [("a", 1), ("b", 2), ("c", None)]


async def test_a_resource_and_a_collection_of_one_name_are_one():
    found = collections(declaring({"7": {"id": 7}}), offering(seed=[{"id": 3}]))
    assert await entries(found) == {"3": {"id": 3}, "7": {"id": 7}}
    assert (found["pets"].spec.id_field, found["pets"].is_offered) == ("id", True)
    assert (await found["pets"].create("global", {"a": 1}))["id"] == 8


@pytest.mark.parametrize(
    ("documents", "whose"),
    [
        ([declaring(scope="session"), declaring()], "session"),
        ([declaring(), declaring(scope="session")], "session"),
        ([offering(scope="client-ip"), declaring()], "client-ip"),
        ([declaring(), declaring()], "global"),
    ],
)
def test_who_says_nothing_of_the_scope_agrees_with_anybody(documents, whose):
    assert collections(*documents)["pets"].spec.scope == whose


def test_who_says_nothing_of_the_store_agrees_with_anybody(tmp_path):
    found = collections(declaring(), declaring(persist_to="db"), home=str(tmp_path))
    assert found["pets"].backend.immediate is False


@pytest.mark.parametrize(
    ("documents", "sentence"),
    [
        (
            [declaring({"a": 1}), declaring({"a": 2})],
            ("the definitions 'd1' and 'd2' share the collection 'pets' but differ in the item 'a' of the seed: "
            "make them equal, or give one another name"),
        ),
        (
            [declaring(scope="global"), declaring(scope="session")],
            ("the definitions 'd1' and 'd2' share the collection 'pets' but differ in state.scope: make them equal, or "
            "give one another name"),
        ),
        (
            [declaring(persist_to="memory"), declaring(persist_to="db")],
            ("the definitions 'd1' and 'd2' share the collection 'pets' but differ in state.persist_to: make them equal, "
            "or give one another name"),
        ),
        (
            [offering(seed=[{"id": 1, "n": 1}]), declaring({"1": {"id": 1, "n": 2}})],
            ("the definitions 'd1' and 'd2' share the collection 'pets' but differ in the item '1' of the seed: "
            "make them equal, or give one another name"),
        ),
        (
            [offering(), declaring({"1/7": {"id": 7}})],
            ("the definition 'd2' puts an item into 'pets' under the key '1/7', but 'd1' offers that as a resource, whose "
            "keys are the items' id: make them the same, or give one another name"),
        ),
        (
            [offering(id_type="int"), offering(id_type="uuid", scope="session")],
            ("the definitions 'd1' and 'd2' share the resource 'pets' but differ in id_type, scope: make them equal, or "
            "give one another name"),
        ),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(documents, sentence, tmp_path):
    with pytest.raises(ConfigError) as told:
        collections(*documents, home=str(tmp_path))
    assert str(told.value) == sentence
