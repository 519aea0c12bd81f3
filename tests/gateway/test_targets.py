"""Upstreams are opened once, shared, and opened anew where they have become another."""

import pytest

from cassettes.definition import MockDefinition
from gateway.config import Configuration, UpstreamSettings
from gateway.errors import ConfigError
from gateway.targets import Targets


def a_configuration(*definitions, **upstreams):
    return Configuration(
        upstreams={name: UpstreamSettings(url=url) for name, url in upstreams.items()},
        definitions=tuple(MockDefinition.model_validate({"id": "x", **document}) for document in definitions),
    )


def targets(*definitions, **upstreams):
    configuration = a_configuration(*definitions, **upstreams)
    made = Targets(configuration)
    made.adopt(configuration)
    return made


async def test_an_upstream_is_opened_once():
    made = targets(a="http://a.test/base/")
    first = made.upstream("a")
    assert first is made.upstream("a")
    assert (first.name, first.authority, first.base_path, first.ready) == ("a", b"a.test", b"/base", False)
    await made.close()


def test_an_unknown_alias_names_the_known_ones():
    with pytest.raises(ConfigError, match=r"no upstream 'b' \(known: a\)"):
        targets(a="http://a.test").upstream("b")


async def test_an_upstream_that_is_another_now_is_opened_anew():
    made = targets(a="http://one.test", b="http://b.test")
    before = [made.upstream(name) for name in "ab"]
    assert made.adopt(a_configuration(a="http://two.test", b="http://b.test")) is True
    after = [made.upstream(name) for name in "ab"]
    assert [old is new for old, new in zip(before, after, strict=True)] == [False, True]
    assert made.adopt(a_configuration(a="http://two.test", b="http://b.test")) is False
    await made.close()


def test_the_operators_own_definitions_may_name_a_private_address_others_may_not():
    named = {"mode": "proxy", "upstream": "http://127.0.0.1:9"}
    hooked = {"response": {}, "hooks": {"webhooks": [{"url": "http://127.0.0.1:10/x"}]}}
    made = targets(named, hooked)
    assert made.upstream("http://127.0.0.1:9").authority == b"127.0.0.1:9"
    assert made.upstream("http://127.0.0.1:10").authority == b"127.0.0.1:10"
    with pytest.raises(ConfigError, match="cannot be used"):
        made.upstream("http://127.0.0.1:11")
