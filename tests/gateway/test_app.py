"""A change of definitions is all or nothing, and the table is swapped whole."""

import asyncio

import pytest
from serving_gateway import a_gateway

from cassettes.definition import MockDefinition
from gateway.app import Gateway
from gateway.config import Configuration, Settings
from gateway.documents.definitions import load_definitions
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


def test_what_cannot_be_served_is_told_with_its_place(tmp_path):
    file = tmp_path / "m.yaml"
    file.write_text("- id: a\n  response: {}\n- id: b\n  response:\n    headers:\n      X: '{{ nope }}'\n")
    loaded = load_definitions([file])
    gateway = Gateway(
        Configuration(settings=Settings(home=str(tmp_path)), definitions=loaded.definitions, loaded=loaded)
    )
    with pytest.raises(ConfigError, match="nope") as caught:
        gateway.apply(loaded.definitions)
    assert str(caught.value).startswith(f"{file}:6: 1.response.headers.X: line 1: ")
    with pytest.raises(ConfigError, match=r"^definition 'b': response\.headers\.X, line 1: "):
        gateway.apply([loaded.definitions[1].model_copy()])


def test_what_is_written_and_does_not_happen_is_told_once(gateway, caplog):
    hooked = a_definition("a", hooks={"before": "generate-and-store-otp"})
    passed = a_definition("b", mode="proxy", upstream="http://a.test", hooks={"after": "generate-and-store-otp"})
    for _ in range(2):
        gateway.apply([hooked, passed])
    assert [record.message.partition(": the script")[0] for record in caplog.records] == [
        "a: hooks.before",
        "b: hooks.after: it runs in mode mock only, not in mode proxy",
        "b: hooks.after",
    ]


async def test_metrics_tell_of_webhooks(tmp_path):
    async with a_gateway(tmp_path, {"id": "a", "response": {}}) as client:
        assert "mimic_webhooks_sent 0.0" in (await client.get("/metrics")).text


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


def routes_of(gateway):
    return {route.id: route for route in gateway.plane.table.routes}


def test_a_definition_that_did_not_change_keeps_its_route(gateway, tmp_path):
    a, b, c = (a_definition(name) for name in "abc")
    gateway.apply([a, b, c])
    before = routes_of(gateway)
    gateway.apply([a, a_definition("b", priority=1), c, a_definition("d")])
    after = routes_of(gateway)
    assert [before[name] is after[name] for name in "abc"] == [True, False, True]
    gateway.apply([b, c])
    assert routes_of(gateway)["c"] is before["c"]


def test_the_order_of_definitions_decides_among_equals_whatever_was_taken_over(gateway):
    definitions = {name: a_definition(name) for name in "abcd"}
    for order in ("abcd", "bd", "bad", "dcba", "cabd", "a", "abcd"):
        gateway.apply([definitions[name] for name in order])
        assert [route.id for route in gateway.plane.table.routes] == list(reversed(order))


def test_what_looks_at_files_is_compiled_each_time(tmp_path):
    folder = tmp_path / "bodies"
    folder.mkdir()
    (folder / "x.txt").write_text("x")
    gateway = Gateway(Configuration(settings=Settings(home=str(tmp_path), files=str(folder))))
    definitions = [
        a_definition("a", response={"body_file": "x.txt"}),
        a_definition("b", hooks={"after": "generate-and-store-otp"}),
    ]
    gateway.apply(definitions)
    before = routes_of(gateway)
    gateway.apply(definitions)
    assert [name for name, route in routes_of(gateway).items() if route is before[name]] == []


async def test_a_configuration_that_cannot_be_served_leaves_the_old_one(tmp_path):
    good = Configuration(settings=Settings(home=str(tmp_path)), definitions=(a_definition("a"),))
    gateway = Gateway(good)
    gateway.apply(good.definitions)
    bad = a_definition("b", mode="proxy", upstream="nowhere")
    with pytest.raises(ConfigError, match="nowhere"):
        await gateway.reload(good.model_copy(update={"definitions": (bad,)}))
    assert (list(gateway.definitions), gateway.configuration) == (["a"], good)


async def test_a_reload_keeps_what_came_over_the_api(tmp_path):
    first = Configuration(settings=Settings(home=str(tmp_path)), definitions=(a_definition("a"), a_definition("b")))
    gateway = Gateway(first)
    gateway.apply(first.definitions)
    await gateway.put(a_definition("api"))
    await gateway.reload(first.model_copy(update={"definitions": (a_definition("c"),)}))
    assert list(gateway.definitions) == ["c", "api"]
