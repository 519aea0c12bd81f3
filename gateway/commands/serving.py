"""Serving a gateway until it is told to stop: up, record, replay."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from uvicorn._compat import asyncio_run

from cassettes.definition import MockDefinition
from cassettes.errors import CassetteError
from gateway.admin import admin_application
from gateway.app import Front, Gateway
from gateway.config import (
    Configuration,
    ContractSettings,
    Settings,
    UpstreamSettings,
    load_configuration,
    open_contract,
)
from gateway.documents.definitions import Loaded
from gateway.errors import ConfigError
from gateway.inbound.limits import Limits
from gateway.inbound.server import Server, ServerOptions, StartError, build_server
from gateway.logs import set_up_logs
from gateway.watch import Watch
from recorder.errors import DocumentError, RecorderError
from sanitizers.errors import ProfileError

_CATCH_ALL = "everything-else"


def up(
    config: str | None,
    upstream: str | None,
    flags: Mapping[str, Any],
    *,
    unsafe_raw: bool,
    contract: str | None = None,
    contract_check: str | None = None,
) -> None:
    """Serve a configuration file, an upstream, or both; what is served may be compared with a contract."""
    if contract is None and contract_check is not None:
        raise ConfigError("--contract-check needs --contract FILE: the OpenAPI document to compare with")

    def load(before: Loaded) -> Configuration:
        configuration = load_configuration(config, flags, before=before)
        if contract is not None:
            configuration = _with_contract(configuration, contract, contract_check or "report")
        if upstream is None:
            return configuration
        rest = _definition(id=_CATCH_ALL, priority=-1_000_000, mode="proxy", upstream=upstream)
        return configuration.model_copy(update={"definitions": (*configuration.definitions, rest)})

    configuration = load(Loaded())
    if not configuration.definitions and not configuration.settings.mocks:
        raise ConfigError(
            "there is nothing to serve: give a configuration (-c mimic.yaml), definitions (--mocks PATH) or an "
            "upstream (--upstream URL)"
        )
    _serve(configuration, "up", unsafe_raw=unsafe_raw, watched=(config, load))


def _with_contract(configuration: Configuration, file: str, check: str) -> Configuration:
    """Compare every route with a document."""
    if check not in ("off", "report", "enforce"):
        raise ConfigError(f"--contract-check {check}: expected one of off, report, enforce")
    try:
        document = open_contract(Path(file), "")
    except DocumentError as error:
        raise ConfigError(f"--contract: {error}") from None
    settings = ContractSettings.model_validate({"file": file, "check": check, "all": True})
    return configuration.model_copy(
        update={
            "contracts": {**configuration.contracts, document.name: settings},
            "documents": {**configuration.documents, document.name: document},
        }
    )


def record(
    url: str,
    cassette: str | None,
    flags: Mapping[str, Any],
    *,
    record_mode: str | None,
    unsafe_raw: bool,
    insecure: bool,
    ca_file: str | None,
) -> None:
    """Stand in front of one service and record it."""
    if cassette is None:
        raise ConfigError("name the cassette to write: --cassette NAME")
    configuration = load_configuration(None, flags)
    upstream = UpstreamSettings(url=url, verify=not insecure, ca_file=ca_file)
    definition = _definition(
        id=cassette, mode="record", upstream="main", cassette=cassette, record_mode=record_mode or "once"
    )
    whole = configuration.model_copy(update={"definitions": (definition,), "upstreams": {"main": upstream}})
    _serve(whole, "record", unsafe_raw=unsafe_raw, refuse_full=cassette if record_mode is None else None)


def replay(cassette: str, options: Mapping[str, object], upstream: str | None, flags: Mapping[str, Any]) -> None:
    """Answer from one cassette."""
    configuration = load_configuration(None, flags)
    definition = _definition(id=cassette, mode="replay", cassette=cassette, replay=dict(options), upstream=upstream)
    _serve(configuration.model_copy(update={"definitions": (definition,)}), "replay", unsafe_raw=False)


def _definition(**fields: object) -> MockDefinition:
    try:
        return MockDefinition.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        reasons = [
            f"{'.'.join(map(str, part['loc'])) or 'options'}: {part['msg'].removeprefix('Value error, ')}"
            for part in error.errors()
        ]
        raise ConfigError("\n".join(reasons)) from None


def _serve(
    configuration: Configuration,
    what: str,
    *,
    unsafe_raw: bool,
    refuse_full: str | None = None,
    watched: tuple[str | None, Callable[[Loaded], Configuration]] | None = None,
) -> None:
    settings = configuration.settings
    at_terminal = sys.stderr.isatty()
    style = settings.log_style if settings.log_style != "auto" else ("plain" if at_terminal else "json")
    set_up_logs(settings.log_level, style)
    try:
        gateway = _open(configuration, unsafe_raw=unsafe_raw, refuse_full=refuse_full)
        admin = admin_application(gateway)
        admin_port = settings.admin_port
        beside = build_server(admin, _options(settings, admin_port)) if admin_port is not None else None
        data = build_server(
            Front(gateway, None if beside else admin),
            replace(
                _options(settings, settings.port),
                on_listening=lambda port: _announce(gateway, what, port, beside.port if beside else port),
            ),
        )
        _tune_interpreter()
        watch = Watch(gateway, *watched) if watched is not None and settings.watch else None
        asyncio_run(_serve_watching(data, beside, watch), loop_factory=data.config.get_loop_factory())
    except (CassetteError, RecorderError, ProfileError, StartError) as error:
        raise ConfigError(str(error)) from None
    _tell_ends(gateway)


def _tune_interpreter() -> None:
    """Let the interpreter serve: measured on a proxied 1 KB answer and on recording it, 64 connections, one core."""
    # What is loaded by now stays, and the journal's entries outlive the youngest generation in any case: looking at
    # them again and again took 15 % of a request.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    # The recorder's thread would otherwise keep the loop waiting 5 ms at a time: 1.5 times the throughput.
    sys.setswitchinterval(0.0005)


async def _serve_watching(data: Server, beside: Server | None, watch: Watch | None) -> None:
    """Serve, and load changed files again meanwhile where that is wanted."""
    if watch is None:
        await _serve_both(data, beside)
        return
    watching = asyncio.get_running_loop().create_task(watch.run())
    try:
        await _serve_both(data, beside)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _serve_both(data: Server, beside: Server | None) -> None:
    """Serve both planes until a signal; the admin plane ends when the data plane has drained."""
    if beside is None:
        await data.serve()
        return
    # The data plane's server alone listens to signals.
    managing = asyncio.get_running_loop().create_task(beside._serve(beside.listeners))  # noqa: SLF001
    await data.serve()
    beside.should_exit = True
    await managing
    beside.close()


def _open(configuration: Configuration, *, unsafe_raw: bool, refuse_full: str | None) -> Gateway:
    gateway = Gateway(configuration, unsafe_raw=unsafe_raw)
    if refuse_full is not None and gateway.services.holds_recordings(refuse_full):
        raise ConfigError(
            f"the cassette {refuse_full!r} holds a recording already: --record-mode all records it anew (the old one "
            "is set aside), new_episodes adds what is missing, once replays it; or choose another --cassette"
        )
    gateway.apply(configuration.definitions)
    return gateway


def _options(settings: Settings, port: int) -> ServerOptions:
    return ServerOptions(
        host=settings.host,
        port=port,
        cert=Path(settings.cert) if settings.cert else None,
        key=Path(settings.key) if settings.key else None,
        grace_s=settings.drain_s,
        limits=Limits(
            header_bytes=settings.header_bytes,
            header_count=settings.header_count,
            target_bytes=settings.target_bytes,
            body_bytes=settings.body_bytes,
            header_read_s=settings.header_read_s,
            body_idle_s=settings.body_idle_s,
            keep_alive_s=settings.keep_alive_s,
            connections=settings.connections,
        ),
    )


def _announce(gateway: Gateway, what: str, port: int, admin_port: int) -> None:
    settings = gateway.configuration.settings
    scheme = "https" if settings.cert else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    data, admin = f"{scheme}://{host}:{port}", f"{scheme}://{host}:{admin_port}"
    lines = [f"listening on {data}"]
    lines.extend(
        f"  {_asked(definition)} → {_told(gateway, definition)}"
        for definition in list(gateway.definitions.values())[:10]
    )
    if len(gateway.definitions) > 10:
        lines.append(f"  … and {len(gateway.definitions) - 10} more")
    lines.append(f"admin API on {admin}{settings.admin_prefix}/, metrics on {admin}{settings.system_prefix}/metrics")
    if what == "record":
        lines.append("recording: send requests here, then press Ctrl-C")
    print("\n".join(lines), file=sys.stderr, flush=True)


def _asked(definition: MockDefinition) -> str:
    method, path = definition.match.method, definition.match.path
    shown = path if isinstance(path, str) else " ".join(f"{kind} {text}" for kind, text in path if text is not None)
    return f"{method if isinstance(method, str) else '|'.join(method)} {shown}"


def _told(gateway: Gateway, definition: MockDefinition) -> str:
    parts: list[str] = [definition.mode]
    if definition.upstream is not None:
        parts.append(gateway.services.upstream(definition.upstream).url)
    if definition.cassettes:
        parts.append(f"(cassette {', '.join(definition.cassettes)})")
    return " ".join(parts)


def _tell_ends(gateway: Gateway) -> None:
    for row in gateway.services.sessions.status():
        lost = (
            f"; {row['dropped']} dropped, {row['failed']} could not be kept" if row["dropped"] or row["failed"] else ""
        )
        print(
            f"{row['recorded']} interaction{'s' if row['recorded'] != 1 else ''} recorded into {row['cassette']}{lost}",
            file=sys.stderr,
        )
        if row["recorded"]:
            _tell_findings(gateway, str(row["cassette"]))


def _tell_findings(gateway: Gateway, cassette: str) -> None:
    findings = gateway.services.library.read(cassette).manifest.findings
    kinds: dict[str, int] = {}
    for finding in findings:
        kinds[finding.kind] = kinds.get(finding.kind, 0) + finding.count
    if kinds:
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda item: -item[1]))
        print(f"  replaced by pseudonyms: {told}", file=sys.stderr)
    print(f"  replay it offline: mockctl replay {cassette}", file=sys.stderr)
