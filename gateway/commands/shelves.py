"""Looking at cassettes on this machine: list, show, scan."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import orjson
import typer
from rich.console import Console
from rich.table import Table

from cassettes.cassette import Cassette, Finding, Interaction
from cassettes.errors import CassetteError
from cassettes.library import Library
from gateway.config import load_configuration
from gateway.errors import ConfigError
from gateway.services import open_library
from sanitizers.errors import ProfileError
from sanitizers.keys import load_or_create
from sanitizers.profile import Profile, load_profile
from sanitizers.scan import scan_cassette, scan_text


def _library(home: str | None) -> Library:
    settings = load_configuration(None, {"home": home}).settings
    return open_library(Path(settings.home), allow_paths=True)


def list_cassettes(home: str | None, *, as_json: bool) -> None:
    """Print name, interactions, profile and age of each cassette."""
    library = _library(home)
    rows = []
    for name in library.names():
        try:
            cassette = library.read(name)
        except CassetteError as error:
            print(f"mockctl: {name}: {error}", file=sys.stderr)
            continue
        rows.append(
            {
                "name": name,
                "interactions": len(cassette.interactions),
                "profile": cassette.manifest.profile,
                "created_at": cassette.manifest.created_at,
                "upstreams": cassette.manifest.upstreams,
                "damages": len(cassette.damages),
            }
        )
    if as_json:
        _print_json(rows)
        return
    table = Table("cassette", "interactions", "profile", "created", "upstreams", box=None, pad_edge=False)
    for row in rows:
        upstreams = row["upstreams"]
        shown = ", ".join(upstreams.values()) if isinstance(upstreams, dict) else ""
        created = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(row["created_at"]))))
        table.add_row(str(row["name"]), str(row["interactions"]), str(row["profile"]), created, shown)
    Console().print(table)


def show_cassette(name: str, home: str | None, *, as_json: bool) -> None:
    """Print sessions, interactions and findings of a cassette; exit code 1 if parts of it are damaged."""
    try:
        cassette = _library(home).read(name)
    except CassetteError as error:
        raise ConfigError(str(error)) from None
    if as_json:
        document = {
            "manifest": asdict(cassette.manifest),
            "interactions": [_line(interaction) for interaction in cassette.interactions],
            "damages": [asdict(damage) for damage in cassette.damages],
        }
        _print_json(document)
    else:
        _print_cassette(cassette)
    if cassette.damages:
        for damage in cassette.damages:
            print(f"mockctl: {damage.file}:{damage.line}: {damage.reason}", file=sys.stderr)
        raise typer.Exit(1)


def _print_cassette(cassette: Cassette) -> None:
    manifest, console = cassette.manifest, Console()
    upstreams = ", ".join(f"{alias} {url}" for alias, url in manifest.upstreams.items())
    print(f"{manifest.name}: {len(cassette.interactions)} interactions of {upstreams or 'no upstream'}")
    print(f"profile: {manifest.profile}" + (" — UNCLEANED, do not share" if manifest.profile == "raw" else ""))
    table = Table("#", "method", "target", "status", "bytes", "findings", box=None, pad_edge=False)
    for interaction in cassette.interactions:
        line = _line(interaction)
        target = str(line["target"])
        shown = target if len(target) <= 80 else target[:79] + "…"
        outcome = str(line["status"] or line["failure"])
        table.add_row(
            str(line["number"]), str(line["method"]), shown, outcome, str(line["bytes"]), str(line["findings"])
        )
    console.print(table, markup=False)
    _print_findings(manifest.findings)


def _print_findings(findings: tuple[Finding, ...]) -> None:
    kinds: dict[str, int] = {}
    for finding in findings:
        kinds[finding.kind] = kinds.get(finding.kind, 0) + finding.count
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda item: -item[1]))
    print(f"replaced by pseudonyms: {told or 'nothing'}")


def _line(interaction: Interaction) -> dict[str, object]:
    exchange = interaction.exchange
    response, failure = exchange.response, exchange.failure
    return {
        "number": interaction.number,
        "method": exchange.request.method,
        "target": exchange.request.target.decode("latin-1"),
        "status": response.status if response else None,
        "failure": failure.kind if failure else None,
        "bytes": len(response.body) if response else 0,
        "findings": sum(finding.count for finding in interaction.findings),
    }


def scan(path: str, home: str | None, profile: str | None, *, as_json: bool) -> None:
    """Print where secrets stand, never what they are; exit code 1 if there are any."""
    settings = load_configuration(None, {"home": home, "profile": profile}).settings
    try:
        rules = load_profile(settings.profile)
        found = list(_leaks(path, Path(settings.home), rules))
    except (CassetteError, ProfileError) as error:
        raise ConfigError(str(error)) from None
    if as_json:
        _print_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            print(f"{finding.where}: {finding.kind} ×{finding.count} ({finding.rule})")
        print(f"{sum(finding.count for finding in found)} findings in {path}")
    if found:
        raise typer.Exit(1)


def _leaks(path: str, home: Path, rules: Profile) -> Iterator[Finding]:
    library = open_library(home, allow_paths=True)
    key = load_or_create(home)
    place = Path(path)
    if not place.exists() and path in library.names():
        yield from scan_cassette(library.read(path), rules, key)
    elif (place / "interactions.jsonl").exists():
        yield from scan_cassette(library.read(str(place.resolve())), rules, key)
    elif place.is_dir():
        for file in sorted(item for item in place.rglob("*") if item.is_file()):
            if file.name == "interactions.jsonl":
                yield from _leaks(str(file.parent), home, rules)
            elif not (file.parent / "interactions.jsonl").exists() and file.parent.name != "bodies":
                yield from scan_text(str(file), file.read_bytes(), rules, key)
    elif place.is_file():
        yield from scan_text(path, place.read_bytes(), rules, key)
    else:
        raise ConfigError(f"there is neither a file or folder {path!r} nor a cassette of that name")


def _print_json(value: object) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
