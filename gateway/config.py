"""The settings: file, then environment, then flags; every field is described here and in docs/settings.md."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cassettes.complaint import Complaint, complain, complaints, did_you_mean
from cassettes.definition import Faults, MockDefinition
from cassettes.document import Document, read_document
from cassettes.errors import DefinitionError
from gateway.documents.definitions import DefinitionFile, Loaded, faulty, gather, read_items, read_paths, uncollected
from gateway.errors import ConfigError
from recorder.contract import Contract, load_contract
from recorder.errors import DocumentError

ENVIRONMENT_PREFIX: Final = "MIMIC_"
_LISTS: Final = frozenset({"served_names", "allow_private", "mocks"})


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
    mocks: list[str] = Field(default_factory=list, description="files and folders of definitions, beside routes")
    watch: bool = Field(False, description="load definitions again when their files change")
    files: str | None = Field(None, description="folder that body_file of definitions over the admin API may name")
    write_back: bool = Field(False, description="write what the admin API changes into the definitions' files")
    write_back_file: str | None = Field(
        None, description="file that definitions added over the admin API are written to, with write_back"
    )


ContractCheck: TypeAlias = Literal["off", "report", "enforce"]


class ContractSettings(_Section):
    """An OpenAPI document that requests and responses are compared with, and what follows from a difference."""

    file: str
    check: ContractCheck = "report"
    requests: bool = True
    responses: bool = True
    all: bool = Field(False, description="also the routes whose definition names no operation")
    body_bytes: Annotated[int, Field(ge=1)] = Field(1 << 20, description="largest body that is looked into")


class ChaosProfile(_Section):
    """Faults that are switched on together: for the definitions with any of these tags, or without tags for all."""

    faults: Faults
    tags: list[str] = Field(default_factory=list)
    for_s: Annotated[float, Field(gt=0)] | None = None


class Configuration(BaseModel):
    """A configuration: settings, upstreams by alias, chaos profiles by name, definitions, and where these came from."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    settings: Settings = Settings()
    upstreams: dict[str, UpstreamSettings] = Field(default_factory=dict)
    chaos: dict[str, ChaosProfile] = Field(default_factory=dict)
    contracts: dict[str, ContractSettings] = Field(default_factory=dict)
    documents: dict[str, Contract] = Field(default_factory=dict, repr=False)
    """The document of each contract."""
    definitions: tuple[MockDefinition, ...] = ()
    loaded: Loaded = Field(default=Loaded(), repr=False)


def load_configuration(
    path: str | None,
    flags: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
    *,
    before: Loaded = Loaded(),
) -> Configuration:
    """Read the file, the environment, the flags and the definitions; raises ConfigError with every error at once.

    The flag `mocks` adds to the setting. What was loaded `before` and has not changed is taken over as it is.
    """
    document = _read(path)
    value = document.value if document.value is not None else {}
    if isinstance(value, list):
        value = {"routes": value}
    if not isinstance(value, dict):
        raise ConfigError(f"{document.name}:1: a configuration is a mapping of settings, upstreams and routes")
    value = dict(value)
    faults: list[Complaint] = []
    refusals: list[str] = []
    with uncollected():
        files: list[DefinitionFile] = []
        if path is not None:
            files.append(read_items(document, value.pop("routes", None) or [], ("routes",)))
        upstreams = _read_upstreams(document, value.pop("upstreams", None) or {}, faults)
        chaos = _read_chaos(document, value.pop("chaos", None) or {}, faults)
        contracts, documents = _read_contracts(document, value.pop("contracts", None) or {}, faults)
        settings = _read_settings(document, value, flags, environment, faults, refusals)
        mocks = [*map(Path, settings.mocks)]
        files.extend(read_paths(mocks, before, without=Path(path) if path is not None else None))
        loaded, wrong = gather(files, before)
    faults = [*wrong, *faults]
    if faults or refusals:
        raise ConfigError("\n".join([*map(str, faults), *refusals]), faults)
    return Configuration(
        settings=settings,
        upstreams=upstreams,
        chaos=chaos,
        contracts=contracts,
        documents=documents,
        definitions=loaded.definitions,
        loaded=loaded,
    )


def _read(path: str | None) -> Document:
    if path is None:
        return Document("(no file)", {})
    try:
        return read_document(Path(path).read_bytes(), path)
    except OSError as error:
        raise faulty([Complaint(path, 0, "", f"cannot be read: {error.strerror}")]) from None
    except DefinitionError as error:
        raise faulty([Complaint(path, error.line, "", error.reason)]) from None


def _read_upstreams(document: Document, items: object, faults: list[Complaint]) -> dict[str, UpstreamSettings]:
    if not isinstance(items, dict):
        faults.append(complain(document, ("upstreams",), "a mapping of alias to URL is expected"))
        return {}
    upstreams: dict[str, UpstreamSettings] = {}
    for alias, item in items.items():
        written = {"url": item} if isinstance(item, str) else item
        try:
            upstreams[alias] = UpstreamSettings.model_validate(written)
        except ValidationError:
            faults.extend(complaints(document, ("upstreams", alias), UpstreamSettings, written))
    return upstreams


def _read_chaos(document: Document, items: object, faults: list[Complaint]) -> dict[str, ChaosProfile]:
    if not isinstance(items, dict):
        faults.append(complain(document, ("chaos",), "a mapping of name to profile is expected"))
        return {}
    profiles: dict[str, ChaosProfile] = {}
    for name, item in items.items():
        try:
            profiles[str(name)] = ChaosProfile.model_validate(item)
        except ValidationError:
            faults.extend(complaints(document, ("chaos", name), ChaosProfile, item))
    return profiles


def _read_contracts(
    document: Document, items: object, faults: list[Complaint]
) -> tuple[dict[str, ContractSettings], dict[str, Contract]]:
    if not isinstance(items, dict):
        faults.append(complain(document, ("contracts",), "a mapping of name to document is expected"))
        return {}, {}
    found: dict[str, ContractSettings] = {}
    documents: dict[str, Contract] = {}
    for name, item in items.items():
        written = {"file": item} if isinstance(item, str) else item
        if isinstance(written, dict) and written.get("check") is False:
            written = {**written, "check": "off"}  # `off` is false in YAML 1.1
        try:
            settings = ContractSettings.model_validate(written)
            documents[str(name)] = open_contract(Path(document.name).parent / settings.file, str(name))
            found[str(name)] = settings
        except ValidationError:
            faults.extend(complaints(document, ("contracts", name), ContractSettings, written))
        except DocumentError as error:
            at = ("contracts", name) if isinstance(item, str) else ("contracts", name, "file")
            faults.append(complain(document, at, str(error)))
    return found, documents


def open_contract(file: Path, name: str) -> Contract:
    """Read a document as a contract, again only where its file is another than before; raises DocumentError."""
    try:
        facts = file.stat()
    except OSError as error:
        raise DocumentError(f"{file}: cannot be read: {error.strerror}") from None
    return _opened(file, name, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=32)
def _opened(file: Path, name: str, _mtime_ns: int, _size: int) -> Contract:
    return load_contract(file, name)


def _read_settings(
    document: Document,
    value: dict[str, Any],
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
    faults: list[Complaint],
    refusals: list[str],
) -> Settings:
    merged = _beside(Path(document.name), value)
    for name in Settings.model_fields:
        text = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if text is not None:
            merged[name] = text.split(",") if name in _LISTS else text
    given = {name: flag for name, flag in flags.items() if flag is not None}
    if "mocks" in given and isinstance(merged.get("mocks", []), list):
        given["mocks"] = [*merged.get("mocks", []), *given["mocks"]]
    merged.update(given)
    try:
        settings = Settings.model_validate(merged)
    except ValidationError:
        faults.extend(_of_settings(document, merged))
        # The files that are named have their mistakes told too.
        mocks = merged.get("mocks")
        is_names = isinstance(mocks, list) and all(isinstance(name, str) for name in mocks)
        return Settings(mocks=mocks) if is_names and mocks else Settings()
    refusals.extend(filter(None, [_unsafe(settings)]))
    return settings


def _of_settings(document: Document, merged: dict[str, Any]) -> list[Complaint]:
    """Complain about settings; the names that stand beside them are known too."""
    found = []
    for complaint in complaints(document, (), Settings, merged):
        near = did_you_mean(complaint.path, ["chaos", "contracts", "routes", "upstreams"])
        known = complaint.path in Settings.model_fields or "did you mean" in complaint.reason or not near
        found.append(complaint if known else replace(complaint, reason=f"unknown key {complaint.path!r}{near}"))
    return found


def _beside(file: Path, value: dict[str, Any]) -> dict[str, Any]:
    """Take the paths of a file as relative to that file."""
    placed = dict(value)
    mocks = value.get("mocks")
    if isinstance(mocks, list):
        placed["mocks"] = [str(file.parent / item) if isinstance(item, str) else item for item in mocks]
    for name in ("files", "scripts_folder", "write_back_file"):
        if isinstance(value.get(name), str):
            placed[name] = str(file.parent / value[name])
    return placed


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
