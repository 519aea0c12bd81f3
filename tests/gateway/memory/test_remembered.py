"""What the definitions remember is made for all of them at once, over stores that outlive a change."""

import pytest
from builders import a_request
from serving_gateway import a_configuration

from cassettes.definition import MockDefinition, StateSpec
from gateway.app import Gateway
from gateway.config import Settings
from gateway.errors import ConfigError
from gateway.memory.remembered import Stores, remember
from gateway.view import RequestView


def a_definition(id_, **more):
    return MockDefinition.model_validate({"id": id_, "response": {}, **more})


def stores(tmp_path, **settings):
    return Stores(Settings(home=str(tmp_path), **settings))


def test_only_stores_that_are_set_up_are_there(tmp_path):
    assert list(stores(tmp_path).backends) == ["memory", "sqlite"]
    assert list(stores(tmp_path, redis_url="redis://127.0.0.1:1/0").backends) == ["memory", "sqlite", "redis"]
    assert list(tmp_path.iterdir()) == []


def test_redis_by_default_needs_a_redis(tmp_path):
    with pytest.raises(ConfigError, match="needs redis_url"):
        stores(tmp_path, state="redis")


def test_every_reason_is_told(tmp_path):
    definitions = [
        a_definition("a", state={"keys": ["{{ x }}"]}),
        a_definition("b", state={"keys": [{"session": "k:"}]}),
        a_definition("c", state={"keys": [{"global": "k:"}]}),
        a_definition("d", resource={"name": "pets", "id_type": "int"}),
        a_definition("e", resource={"name": "pets", "id_type": "uuid"}),
    ]
    with pytest.raises(ConfigError) as caught:
        remember(stores(tmp_path), definitions)
    lines = str(caught.value).splitlines()
    assert [line[:40] for line in lines] == [
        "definition 'a': the state key '{{ x }}' ",
        "the definitions 'b' and 'c' contradict e",
        "the definitions 'd' and 'e' share the re",
    ]


def test_what_is_disabled_declares_nothing(tmp_path):
    contradicting = a_definition("c", enabled=False, state={"keys": [{"global": "k:"}]}, scenario={"name": "off"})
    made = remember(stores(tmp_path), [a_definition("b", state={"keys": [{"session": "k:"}]}), contradicting])
    assert made.states.declared("k:1").scope == "session"
    assert made.scenarios.known == {}


async def test_state_outlives_a_change_of_definitions_and_a_refused_one_changes_nothing(tmp_path):
    gateway = Gateway(a_configuration(tmp_path))
    view, spec = RequestView(a_request()), StateSpec()
    gateway.apply([a_definition("a")])
    await gateway.services.states.of("a", spec, view).set("k", 1)
    before = gateway.services.remembered
    with pytest.raises(ConfigError, match="contradict"):
        gateway.apply([a_definition(scope, state={"keys": [{scope: "k"}]}) for scope in ("session", "global")])
    assert gateway.services.remembered is before
    gateway.apply([a_definition("b", state={"scope": "session"})])
    assert gateway.services.remembered is not before
    assert await gateway.services.states.of("b", spec, view).get("k") == 1
    await gateway.stop()
