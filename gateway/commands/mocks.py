"""Definitions of files, made to answer in this process what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cassettes.definition import MockDefinition, ResponseSpec
from cassettes.document import read_document
from cassettes.errors import DefinitionError
from gateway.config import load_configuration
from gateway.documents.definitions import LISTS, Loaded, answers, load_definitions, resolve_body_file
from gateway.errors import ConfigError
from gateway.inprocess import InProcess

_KEPT: Final = ("id", "priority", "enabled", "match", "scenario")


@dataclass(frozen=True, slots=True)
class Mocks:
    """The definitions of `file`. `elsewhere` tells by id why some cannot answer here; something stands in for those.

    `retold` tell recorded sessions again; they are left out.
    """

    file: str
    loaded: Loaded = field(repr=False)
    answering: tuple[MockDefinition, ...] = field(repr=False)
    elsewhere: dict[str, str] = field(default_factory=dict)
    retold: tuple[MockDefinition, ...] = ()

    def begin(self, clock: Callable[[], float], seed: int = 1) -> InProcess:
        """Answer from them; raises ConfigError where one cannot be compiled."""
        return InProcess(self.answering, clock=clock, seed=seed, open_file=self._open)

    def _open(self, definition: MockDefinition, name: str) -> bytes:
        origin = self.loaded.origins.get(definition.id)
        path = resolve_body_file(name, origin.file if origin is not None else None, None)
        try:
            return path.read_bytes()
        except OSError as error:
            raise ConfigError(f"body_file: {name} cannot be read: {error.strerror}") from None


def read_mocks(file: str) -> Mocks:
    """Read the definitions of a file, a folder or a configuration; raises ConfigError with all that is wrong."""
    loaded = _loaded(Path(file))
    if not loaded.definitions:
        raise ConfigError(f"{file}: there is no definition in it")
    return mocks_of(file, loaded)


def mocks_of(file: str, loaded: Loaded) -> Mocks:
    """Give definitions that are read already, as those of this file."""
    elsewhere = {one.id: why for one in loaded.definitions if not one.retells and (why := _why_elsewhere(one))}
    answering = [_stand_in(one) if one.id in elsewhere else _without_webhooks(one) for one in loaded.definitions]
    retold = tuple(one for one in loaded.definitions if one.enabled and one.retells)
    return Mocks(file, loaded, tuple(one for one in answering if not one.retells), elsewhere, retold)


def _loaded(path: Path) -> Loaded:
    if path.is_dir() or not path.exists() or _holds_definitions_alone(path):
        return load_definitions([path])
    return load_configuration(str(path), {}, {}).loaded


def _holds_definitions_alone(path: Path) -> bool:
    try:
        value = read_document(path.read_bytes(), str(path)).value
    except (OSError, DefinitionError):
        return True  # whoever loads it tells what is wrong
    return not isinstance(value, dict) or "id" in value or (len(value) == 1 and next(iter(value)) in LISTS)


def _why_elsewhere(definition: MockDefinition) -> str:
    """Say what a definition needs that is not in this process, or ""."""
    if definition.mode != "mock":
        return f"mode {definition.mode}"
    if definition.hooks.before is not None or definition.hooks.after is not None:
        return "a script around its answer"
    if any(getattr(answer, "script", None) for _, answer in answers(definition)):
        return "a script that answers"
    policies = [case.response.repeat_policy for case in definition.cases]
    policies += [definition.response.repeat_policy] if definition.response is not None else []
    if any(policy.then not in (None, "last", "loop") for policy in policies):
        return "another mode after its last answer"
    return ""


def _stand_in(definition: MockDefinition) -> MockDefinition:
    """Give what takes the same requests and answers nothing of its own, so that no other definition takes them."""
    kept = {name: getattr(definition, name) for name in _KEPT}
    return MockDefinition.model_construct(**kept, mode="mock", response=ResponseSpec(status=503))


def _without_webhooks(definition: MockDefinition) -> MockDefinition:
    if not definition.hooks.webhooks:
        return definition
    return definition.model_copy(update={"hooks": definition.hooks.model_copy(update={"webhooks": []})})
