"""Steering a running gateway over its admin API."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import orjson
from rich.console import Console
from rich.table import Table

from cassettes.document import read_document
from cassettes.errors import DefinitionError
from cassettes.splice import rendered
from gateway.documents.definitions import definitions_in, faulty, load_definitions, read_items
from gateway.errors import ConfigError, ControlError

DEFAULT_URL: Final = "http://127.0.0.1:8000"


def ask(method: str, path: str, document: object = None) -> Any:
    """Ask the gateway at MIMIC_URL (with MIMIC_KEY); raises ControlError with what it said."""
    base = os.environ.get("MIMIC_URL", DEFAULT_URL).rstrip("/")
    key = os.environ.get("MIMIC_KEY")
    headers = {"authorization": f"Bearer {key}"} if key else {}
    try:
        # A local gateway is not to be looked for through a proxy of the environment.
        with httpx.Client(base_url=base, headers=headers, timeout=30.0, trust_env=False) as client:
            response = client.request(method, f"/api/admin{path}", json=document)
    except httpx.InvalidURL as error:
        raise ControlError(f"MIMIC_URL is not a URL: {error}") from None
    except httpx.HTTPError as error:
        raise ControlError(
            f"no gateway answers at {base} ({type(error).__name__}): start one, or set MIMIC_URL"
        ) from None
    if response.is_success:
        return response.json() if response.content else None
    try:
        told = response.json()
        errors = [f"{error['path']}: {error['reason']}".removeprefix(": ") for error in told.get("errors", ())]
        detail = "\n".join(["", *errors]) if len(errors) > 1 else str(told.get("detail", ""))
        raise ControlError(f"{told.get('title', response.status_code)}: {detail}")
    except ValueError:
        raise ControlError(f"{base} answered {response.status_code}: is that a Mimic gateway?") from None


def switch_mode(route: str, mode: str, *, tags: list[str], all_routes: bool) -> None:
    """Switch one definition, those of some tags, or all to a mode."""
    if tags or all_routes:
        mode = mode or route
        answer = ask("POST", "/activate/bulk", {"mode": mode, "tags": tags, "all": all_routes})
        for definition in answer["items"]:
            print(f"{definition['id']} now answers in mode {definition['mode']}")
        return
    if not route or not mode:
        raise ControlError("name a definition and a mode: mockctl mode ID MODE")
    definition = ask("POST", f"/activate/{quote(route, safe='')}", {"mode": mode})
    print(f"{definition['id']} now answers in mode {definition['mode']}")


def set_enabled(route: str, *, enabled: bool) -> None:
    """Let a definition answer, or keep it from answering."""
    ask("POST", f"/activate/{quote(route, safe='')}", {"enabled": enabled})
    print(f"{route} is {'enabled' if enabled else 'disabled'}")


def list_definitions(*, as_json: bool) -> None:
    """Print the definitions."""
    items: list[dict[str, Any]] = []
    total = 1
    while len(items) < total:
        page = ask("GET", f"/mocks?limit=1000&offset={len(items)}")
        items.extend(page["items"])
        total = page["total"] if page["items"] else 0
    if as_json:
        _print_json(items)
        return
    table = Table("id", "mode", "enabled", "match", "upstream", "cassette", box=None, pad_edge=False)
    for item in items:
        enabled = "yes" if item["enabled"] else "no"
        shown = asked(item.get("match", {}))
        table.add_row(item["id"], item["mode"], enabled, shown, item.get("upstream", ""), item.get("cassette", ""))
    Console().print(table)


def asked(match: Mapping[str, Any]) -> str:
    """Write method and path of a match in short."""
    method, path = match.get("method", "*"), match.get("path", "/**")
    methods = method if isinstance(method, str) else "|".join(method)
    return f"{methods} " + (path if isinstance(path, str) else " ".join(f"{kind} {one}" for kind, one in path.items()))


def show_definition(identity: str, *, as_json: bool) -> None:
    """Print one definition, as YAML or JSON."""
    definition = ask("GET", f"/mocks/{quote(identity, safe='')}")
    if as_json:
        _print_json(definition)
    else:
        print(rendered(definition), end="")


def create_definitions(files: list[str], *, replace: bool) -> None:
    """Add the definitions of files (`-` is the standard input) to the running gateway: all of them or none."""
    loaded = load_definitions([Path(file) for file in files if file != "-"])
    documents = [item.model_dump(mode="json", exclude_unset=True, by_alias=True) for item in loaded.definitions]
    if "-" in files:
        piped = _read_document(sys.stdin.buffer.read())
        documents.extend(piped)
    if not documents:
        raise ControlError("there is no definition in these files")
    answer = ask("POST", "/mocks?replace=true" if replace else "/mocks", documents)
    for definition in answer["items"]:
        print(f"{definition['id']} is there")


def _read_document(text: bytes) -> list[Any]:
    name = "(standard input)"
    try:
        document = read_document(text, name)
    except DefinitionError as error:
        raise ConfigError(str(error)) from None
    items, at = definitions_in(document.value)
    read = read_items(document, items, at)
    if read.complaints:
        raise faulty(read.complaints)
    return [item.model_dump(mode="json", exclude_unset=True, by_alias=True) for _, item in read.entries]


def delete_definition(identity: str) -> None:
    """Take a definition away from the running gateway."""
    ask("DELETE", f"/mocks/{quote(identity, safe='')}")
    print(f"{identity} is deleted")


def show_status(*, as_json: bool) -> None:
    """Print what the gateway serves and records."""
    status = ask("GET", "/status")
    if as_json:
        _print_json(status)
        return
    print(f"definitions: {status['enabled']} of {status['definitions']} enabled")
    for route, mode in status["modes"].items():
        print(f"  {route}: {mode}")
    print("answers: " + (", ".join(f"{count} {source}" for source, count in status["answers"].items()) or "none yet"))
    for row in status["sessions"]:
        lost = f", {row['dropped']} dropped, {row['failed']} failed" if row["dropped"] or row["failed"] else ""
        print(f"session {row['name']}: {row['state']} into {row['cassette']}, {row['recorded']} recorded{lost}")


def steer_recording(what: str, name: str | None, cassette: str | None) -> None:
    """Start or stop a recording session of the running gateway, or tell of all."""
    if what == "status":
        for row in ask("GET", "/record/status")["items"]:
            print(f"{row['name']}: {row['state']} into {row['cassette']}, {row['recorded']} recorded")
        return
    if name is None:
        raise ControlError(f"name the session: mockctl record {what} NAME")
    document = {"name": name, "cassette": cassette} if what == "start" else {"name": name}
    row = ask("POST", f"/record/{what}", document)
    if what == "start":
        print(f"recording into {row['cassette']}: end it with mockctl record stop {name}")
    else:
        print(f"{row['recorded']} interactions recorded into {row['cassette']}")


def _print_json(value: object) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
