"""Checking definitions without serving them: all that would keep a gateway from serving, and scripts it cannot read."""

from __future__ import annotations

import asyncio
from tempfile import TemporaryDirectory

from cassettes.definition import MockDefinition, ResponseSpec
from gateway.app import Gateway
from gateway.config import Configuration, ScriptText, UpstreamSettings
from gateway.documents.definitions import Loaded
from gateway.errors import ConfigError
from gateway.scripts.running import named_scripts


def compile_all(configuration: Configuration) -> None:
    """Compile what a gateway would serve; raises ConfigError with all that is wrong. Nothing is written or asked."""
    definitions = tuple(_as_mock(definition) for definition in configuration.definitions)
    with TemporaryDirectory() as home:
        changes = {
            "settings": configuration.settings.model_copy(update={"home": home}),
            "definitions": definitions,
            "loaded": Loaded(definitions, configuration.loaded.origins, configuration.loaded.files),
        }
        gateway = Gateway(configuration.model_copy(update=changes))
        gateway.apply(definitions)
        asyncio.run(_read_scripts(gateway))


def assumed(configuration: Configuration) -> Configuration:
    """Give a configuration in which the upstreams and scripts exist that definitions name.

    For definitions that are checked without the configuration that they will be served with.
    """
    settings = configuration.settings
    upstreams = {name for definition in configuration.definitions if (name := definition.upstream) is not None}
    scripts = {name for definition in configuration.definitions for _, name, _ in named_scripts(definition)}
    if scripts and settings.scripts_folder is None:
        stubs = {name: ScriptText(source="None") for name in scripts}
        settings = settings.model_copy(update={"scripts": {**stubs, **settings.scripts}, "scripts_enabled": True})
    stand_ins = {name: UpstreamSettings(url="http://localhost") for name in upstreams if "://" not in name}
    return configuration.model_copy(
        update={"settings": settings, "upstreams": {**stand_ins, **configuration.upstreams}}
    )


def _as_mock(definition: MockDefinition) -> MockDefinition:
    # Whether a cassette is there is a question of the machine that serves it, not of the file.
    if definition.mode not in ("record", "replay"):
        return definition
    return definition.model_copy(update={"mode": "mock", "response": definition.response or ResponseSpec()})


async def _read_scripts(gateway: Gateway) -> None:
    try:
        sentences = await gateway.services.supplies.scripts.check()
    finally:
        await gateway.stop()
    if sentences:
        raise ConfigError("\n".join(sentences))
