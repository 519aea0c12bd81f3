"""Checking definitions without serving them: all that would keep a gateway from serving, and scripts it cannot run."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cassettes.definition import MockDefinition, ResponseSpec
from cassettes.errors import CassetteError
from gateway.app import Gateway
from gateway.config import Configuration, ScriptText, Settings, UpstreamSettings
from gateway.definitions import Loaded
from gateway.errors import ConfigError
from gateway.scripts.running import named_scripts
from recorder.errors import RecorderError
from sanitizers.errors import ProfileError


def compile_all(configuration: Configuration) -> None:
    """Compile what a gateway would serve; raises ConfigError with all that is wrong. Nothing is written or asked."""
    try:
        with _home_of(configuration.settings) as home:
            settings = configuration.settings.model_copy(update={"home": str(home)})
            gateway = Gateway(configuration.model_copy(update={"settings": settings}))
            gateway.apply(configuration.definitions)
            asyncio.run(_read_scripts(gateway))
    except (CassetteError, RecorderError, ProfileError) as error:
        raise ConfigError(str(error)) from None


def without_configuration(loaded: Loaded) -> Configuration:
    """Give a configuration in which everything exists that definitions name and a configuration would have.

    Those are upstreams, scripts and cassettes: whether they exist can be told with the configuration only.
    """
    definitions = tuple(_without_cassette(definition) for definition in loaded.definitions)
    upstreams = {definition.upstream for definition in definitions} - {None}
    scripts = {name for definition in definitions for _, name, _ in named_scripts(definition)}
    return Configuration(
        settings=Settings(scripts={name: ScriptText(source="None") for name in scripts}, scripts_enabled=bool(scripts)),
        upstreams={name: UpstreamSettings(url="http://localhost") for name in upstreams if name and "://" not in name},
        definitions=definitions,
        loaded=Loaded(definitions, loaded.origins, loaded.files),
    )


def _without_cassette(definition: MockDefinition) -> MockDefinition:
    if definition.mode not in ("record", "replay"):
        return definition
    return definition.model_copy(update={"mode": "mock", "response": definition.response or ResponseSpec()})


@contextmanager
def _home_of(settings: Settings) -> Iterator[Path]:
    """Give the home folder, or where there is none yet an empty one for a while."""
    home = Path(settings.home)
    if home.is_dir():
        yield home
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


async def _read_scripts(gateway: Gateway) -> None:
    try:
        sentences = await gateway.services.supplies.scripts.check()
    finally:
        await gateway.stop()
    if sentences:
        raise ConfigError("\n".join(sentences))
