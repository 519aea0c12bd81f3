"""The settings: file, then environment, then flags; every field is described here and in docs/settings.md."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cassettes.definition import (
    BrokenConnection,
    Delay,
    ErrorRate,
    Faults,
    HeaderEdit,
    Match,
    MockDefinition,
    Outage,
    RateLimit,
    Replay,
    ResponseSpec,
    StaticResponse,
    Transform,
)
from cassettes.document import Document, read_document, told
from cassettes.errors import DefinitionError
from gateway.errors import ConfigError

ENVIRONMENT_PREFIX: Final = "MIMIC_"
_LISTS: Final = frozenset({"served_names", "allow_private"})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UpstreamSettings(_Section):
    """A real service and how patiently it is asked; times in seconds."""

    url: str
    verify: bool = Field(True, description="check the upstream's certificate")
    ca_file: str | None = Field(None, description="PEM file of the authorities to trust instead of the system's")
    connect_s: Annotated[float, Field(gt=0)] = 2.0
    tls_s: Annotated[float, Field(gt=0)] = 3.0
    first_byte_s: Annotated[float, Field(gt=0)] = 60.0
    idle_s: Annotated[float, Field(gt=0)] = 60.0
    total_s: Annotated[float, Field(gt=0)] | None = None
    max_connections: Annotated[int, Field(ge=1, le=10_000)] = 256


class ScriptText(_Section):
    """A script that stands in the configuration itself."""

    source: str


class Settings(_Section):
    """Everything that can be set."""

    host: str = Field("127.0.0.1", description="address to listen on; elsewhere than loopback needs admin_key")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="port of the data plane; 0 picks a free one")
    admin_port: Annotated[int, Field(ge=0, le=65535)] | None = Field(
        None, description="a port of its own for the admin API, health and metrics; without it they share the data port"
    )
    admin_prefix: str = Field("/api/admin", description="path under which the admin API stands")
    system_prefix: str = Field("", description="path before /healthz, /readyz and /metrics")
    admin_key: str | None = Field(None, description="key that the admin API asks for as a bearer token", repr=False)
    cert: str | None = Field(None, description="PEM file with the certificate to serve TLS with")
    key: str | None = Field(None, description="PEM file with the certificate's private key")
    home: str = Field(".mimic", description="folder of cassettes and the pseudonym key")
    profile: str = Field("default", description="sanitizer profile that recordings pass: a known name or a YAML file")
    markers: bool = Field(True, description="add X-Mimic-* headers that say who answered")
    access_log: bool | None = Field(None, description="a log line an answer; by default only at a terminal")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe line to log")
    log_style: Literal["auto", "json", "plain"] = Field("auto", description="json, plain, or plain at a terminal only")
    journal_entries: Annotated[int, Field(ge=0)] = Field(1000, description="answered requests kept for the inspector")
    journal_bytes: Annotated[int, Field(ge=0)] = Field(16 << 20, description="memory the journal may take, in bytes")
    journal_body_bytes: Annotated[int, Field(ge=0)] = Field(16 << 10, description="bytes of one body the journal keeps")
    collect_bytes: Annotated[int, Field(ge=0)] = Field(
        64 << 20, description="largest request body that replay compares"
    )
    record_bytes: Annotated[int, Field(ge=0)] = Field(32 << 20, description="largest body that is recorded, in bytes")
    queue_bytes: Annotated[int, Field(ge=1)] = Field(
        256 << 20, description="memory of exchanges waiting to be recorded"
    )
    header_bytes: Annotated[int, Field(ge=256)] = Field(65536, description="largest header block of a request")
    header_count: Annotated[int, Field(ge=1)] = Field(200, description="most headers of a request")
    target_bytes: Annotated[int, Field(ge=64)] = Field(16384, description="longest request target")
    body_bytes: Annotated[int, Field(ge=0)] | None = Field(None, description="largest request body; unlimited without")
    header_read_s: Annotated[float, Field(gt=0)] = Field(10.0, description="time for a header block to arrive")
    body_idle_s: Annotated[float, Field(gt=0)] = Field(30.0, description="longest pause inside a request body")
    keep_alive_s: Annotated[float, Field(gt=0)] = Field(75.0, description="how long an idle connection stays open")
    connections: Annotated[int, Field(ge=1)] = Field(10_000, description="most client connections at once")
    drain_s: Annotated[float, Field(ge=0)] = Field(
        10.0, description="time that open requests get when the gateway stops"
    )
    on_missing: Literal["empty", "error"] = Field(
        "empty", description="what a template does where a value is missing: write nothing, or fail"
    )
    clock: str = Field("real", description="the time of templates: real, frozen:2026-01-01T00:00:00Z or shifted:+1h")
    state: Literal["memory", "sqlite", "redis"] = Field(
        "memory", description="where mocks keep their state, if they do not say: memory, sqlite or redis"
    )
    redis_url: str = Field("", description="URL of the Redis that state may be kept in", repr=False)
    session_cookie: Annotated[str, Field(min_length=1)] = Field(
        "mimic_session", description="cookie whose value says whose session it is; or else the header X-Mimic-Session"
    )
    allow_private: list[str] = Field(
        default_factory=list, description="private networks (CIDR) that upstreams named over the admin API may be in"
    )
    scripts_enabled: bool = Field(False, description="run the scripts of definitions; needs mimic-gateway[scripts]")
    scripts: dict[str, str | ScriptText] = Field(
        default_factory=dict, description="scripts by id: a file each, or a mapping with its source"
    )
    scripts_folder: str | None = Field(
        None, description="folder of scripts: each .py or .monty file is the script of its name"
    )
    script_timeout_ms: Annotated[int, Field(ge=10, le=60_000)] = Field(
        200, description="longest run of a script, in milliseconds"
    )
    served_names: list[str] = Field(default_factory=list, description="further names this gateway is reached by")


class ChaosProfile(_Section):
    """Faults that are switched on together: for the definitions with any of these tags, or without tags for all."""

    faults: Faults
    tags: list[str] = Field(default_factory=list)
    for_s: Annotated[float, Field(gt=0)] | None = None


class Configuration(BaseModel):
    """A whole configuration: settings, upstreams by alias, chaos profiles by name, definitions."""

    model_config = ConfigDict(frozen=True)

    settings: Settings = Settings()
    upstreams: dict[str, UpstreamSettings] = Field(default_factory=dict)
    chaos: dict[str, ChaosProfile] = Field(default_factory=dict)
    definitions: tuple[MockDefinition, ...] = ()


FAULT_FIELDS: Final[dict[tuple[str | int, ...], list[str]]] = {
    (): sorted(Faults.model_fields),
    ("delay",): sorted(Delay.model_fields),
    ("error",): sorted(ErrorRate.model_fields),
    ("connection",): sorted(BrokenConnection.model_fields),
    ("rate_limit",): sorted(RateLimit.model_fields),
    ("outage",): sorted(field.alias or name for name, field in Outage.model_fields.items()),
}
_KNOWN: Final[dict[tuple[str | int, ...], list[str]]] = {
    (): sorted({*MockDefinition.model_fields}),
    ("match",): sorted(Match.model_fields),
    ("response",): sorted(ResponseSpec.model_fields),
    ("response", "fallback"): sorted(StaticResponse.model_fields),
    ("replay",): sorted(Replay.model_fields),
    ("transform",): sorted(Transform.model_fields),
    ("transform", "request"): sorted(HeaderEdit.model_fields),
    ("transform", "response"): sorted(HeaderEdit.model_fields),
    **{("faults", *place): names for place, names in FAULT_FIELDS.items()},
}


def load_configuration(
    path: str | None, flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> Configuration:
    """Read the file, the environment and the flags; raises ConfigError with every error, each with its place."""
    document = Document("(no file)", {})
    if path is not None:
        try:
            document = read_document(Path(path).read_bytes(), path)
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
        except DefinitionError as error:
            raise ConfigError(str(error)) from None
    value = document.value if document.value is not None else {}
    if isinstance(value, list):
        value = {"routes": value}
    if not isinstance(value, dict):
        raise ConfigError(f"{document.name}:1: a configuration is a mapping of settings, upstreams and routes")
    errors: list[str] = []
    definitions = read_definitions(document, value.pop("routes", None) or [], ("routes",), errors)
    upstreams = _read_upstreams(document, value.pop("upstreams", None) or {}, errors)
    chaos = _read_chaos(document, value.pop("chaos", None) or {}, errors)
    settings = _read_settings(document, value, flags, environment, errors)
    if errors:
        raise ConfigError("\n".join(errors))
    return Configuration(settings=settings, upstreams=upstreams, chaos=chaos, definitions=tuple(definitions))


def read_definitions(
    document: Document, items: object, at: tuple[str | int, ...], errors: list[str]
) -> list[MockDefinition]:
    """Validate definitions one by one; what is wrong goes to `errors`, what is right is given."""
    if not isinstance(items, list):
        errors.append(
            f"{document.name}:{document.line(at)}: {'.'.join(map(str, at))}: a list of definitions is expected"
        )
        return []
    definitions: list[MockDefinition] = []
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        place = (*at, index)
        try:
            definition = MockDefinition.model_validate(item)
        except ValidationError as error:
            errors.extend(told(error, document, place, _KNOWN))
            continue
        if definition.id in seen:
            line, first = document.line(place), seen[definition.id]
            errors.append(f"{document.name}:{line}: the id {definition.id!r} stands at line {first} too")
        seen[definition.id] = document.line(place)
        definitions.append(definition)
    return definitions


def _read_upstreams(document: Document, items: object, errors: list[str]) -> dict[str, UpstreamSettings]:
    if not isinstance(items, dict):
        errors.append(
            f"{document.name}:{document.line(('upstreams',))}: upstreams: a mapping of alias to URL is expected"
        )
        return {}
    upstreams: dict[str, UpstreamSettings] = {}
    known: dict[tuple[str | int, ...], list[str]] = {(): sorted(UpstreamSettings.model_fields)}
    for alias, item in items.items():
        try:
            upstreams[alias] = UpstreamSettings.model_validate({"url": item} if isinstance(item, str) else item)
        except ValidationError as error:
            errors.extend(told(error, document, ("upstreams", alias), known))
    return upstreams


def _read_chaos(document: Document, items: object, errors: list[str]) -> dict[str, ChaosProfile]:
    if not isinstance(items, dict):
        errors.append(f"{document.name}:{document.line(('chaos',))}: chaos: a mapping of name to profile is expected")
        return {}
    profiles: dict[str, ChaosProfile] = {}
    known: dict[tuple[str | int, ...], list[str]] = {
        (): sorted(ChaosProfile.model_fields),
        **{("faults", *place): names for place, names in FAULT_FIELDS.items()},
    }
    for name, item in items.items():
        try:
            profiles[str(name)] = ChaosProfile.model_validate(item)
        except ValidationError as error:
            errors.extend(told(error, document, ("chaos", name), known))
    return profiles


def _read_settings(
    document: Document,
    value: dict[str, Any],
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
    errors: list[str],
) -> Settings:
    merged = dict(value)
    for name in Settings.model_fields:
        text = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if text is not None:
            merged[name] = text.split(",") if name in _LISTS else text
    merged.update((name, flag) for name, flag in flags.items() if flag is not None)
    known: dict[tuple[str | int, ...], list[str]] = {
        (): [*sorted(Settings.model_fields), "chaos", "routes", "upstreams"]
    }
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        errors.extend(told(error, document, (), known))
        return Settings()
    refusal = _unsafe(settings)
    if refusal:
        errors.append(refusal)
    return settings


def _unsafe(settings: Settings) -> str:
    if settings.state == "redis" and not settings.redis_url:
        return "state: redis needs redis_url: say where it is, as in redis://127.0.0.1:6379/0"
    if (settings.cert is None) != (settings.key is None):
        return "cert and key go together: give both or neither"
    if settings.admin_key is None and not is_loopback(settings.host):
        return (
            f"listening on {settings.host} would let others manage this gateway: set an admin key "
            "(MIMIC_ADMIN_KEY or admin_key), or listen on 127.0.0.1"
        )
    return ""


def is_loopback(host: str) -> bool:
    """Say whether an address to listen on is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
