"""A change of definitions is all or nothing, and the table is swapped whole."""

import asyncio

import pytest
from serving_gateway import a_gateway

from cassettes.definition import MockDefinition
from gateway.app import Gateway
from gateway.config import Configuration, Settings
from gateway.errors import ConfigError, UnknownRouteError


def a_definition(id_, **more):
    return MockDefinition.model_validate({"id": id_, "response": {"body": id_}, **more})


@pytest.fixture
def gateway(tmp_path):
    return Gateway(Configuration(settings=Settings(home=str(tmp_path))))


def test_every_reason_is_told_and_nothing_changes(gateway):
    gateway.apply([a_definition("a")])
    table = gateway.plane.table
    bad = [a_definition(name, mode="proxy", upstream=name) for name in ("x", "y")]
    with pytest.raises(ConfigError) as caught:
        gateway.apply([a_definition("b"), *bad])
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["definition 'x'", "definition 'y'"]
    assert gateway.plane.table is table
    assert list(gateway.definitions) == ["a"]


def test_a_disabled_definition_is_kept_and_not_served(gateway):
    gateway.apply([a_definition("a", enabled=False, mode="proxy", upstream="nowhere")])
    assert list(gateway.definitions) == ["a"]
    assert gateway.plane.table.routes == ()


def test_an_unknown_definition_is_an_error(gateway):
    with pytest.raises(UnknownRouteError, match="'zzz'"):
        gateway.definition("zzz")


async def test_requests_see_one_table_while_modes_are_switched(tmp_path):
    definitions = [{"id": "a", "response": {"body": "one"}}]
    async with a_gateway(tmp_path, *definitions) as client:
        done = False
        seen = set()

        async def ask():
            while not done:
                answer = await client.get("/x")
                seen.add((answer.status_code, answer.text))

        asking = [asyncio.get_running_loop().create_task(ask()) for _ in range(4)]
        for number in range(30):
            await client.gateway.put(a_definition("a", response={"body": ["one", "two"][number % 2]}))
            await asyncio.sleep(0)
        done = True
        await asyncio.gather(*asking)
    assert seen <= {(200, "one"), (200, "two")}
