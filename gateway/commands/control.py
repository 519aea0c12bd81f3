"""Steering a running gateway over its admin API."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

import httpx
import orjson
from rich.console import Console
from rich.table import Table

from gateway.errors import ControlError

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
        raise ControlError(f"{told.get('title', response.status_code)}: {told.get('detail', '')}")
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
    definition = ask("POST", f"/activate/{route}", {"mode": mode})
    print(f"{definition['id']} now answers in mode {definition['mode']}")


def set_enabled(route: str, *, enabled: bool) -> None:
    """Let a definition answer, or keep it from answering."""
    ask("POST", f"/activate/{route}", {"enabled": enabled})
    print(f"{route} is {'enabled' if enabled else 'disabled'}")


def list_definitions(*, as_json: bool) -> None:
    """Print the definitions."""
    page = ask("GET", "/mocks?limit=1000")
    if as_json:
        _print_json(page["items"])
        return
    table = Table("id", "mode", "enabled", "match", "upstream", "cassette", box=None, pad_edge=False)
    for item in page["items"]:
        match = item.get("match", {})
        shown = f"{match.get('method', '*')} {match.get('path', '/**')}"
        enabled = "yes" if item["enabled"] else "no"
        table.add_row(item["id"], item["mode"], enabled, shown, item.get("upstream", ""), item.get("cassette", ""))
    Console().print(table)


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
