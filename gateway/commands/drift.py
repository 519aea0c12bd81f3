"""Telling how a live service has drifted from its recording."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cassettes.cassette import Cassette, Finding
from cassettes.exchange import Exchange, Headers
from gateway.asking import Asker
from gateway.commands.provenance import read_interactions
from gateway.commands.recorded import read_cassettes
from gateway.config import Settings, load_configuration
from gateway.errors import ConfigError
from gateway.outbound.failure import EgressDeniedError, OriginError, UnsendableRequestError, UpstreamError
from gateway.outbound.origin import Origin, parse_origin
from recorder.drift import DriftRun
from recorder.drift_account import Seen, counts, drift_document
from recorder.writing import json_text
from sanitizers.errors import ProfileError, SanitizeError
from sanitizers.keys import key_id, load_or_create
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import load_profile

RAW: Final = "raw"
_SHOWN: Final = 60
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Wanted(NamedTuple):
    """What the command line asks for."""

    writes: bool
    headers: Sequence[str]
    places: Sequence[str]
    secrets: Sequence[str]
    ignored: Sequence[str]
    other: str | None
    profile: str | None
    home: str | None
    timeout_s: float
    insecure: bool
    ca_file: str | None


def drift(name: str, upstream: str, wanted: Wanted, *, as_json: bool) -> None:
    """Ask what a cassette holds of a live service, and print what has become of the answers.

    Exits with 1 where anything drifted, else with 2 where anything could not be compared or nothing was asked.
    """
    settings = load_configuration(None, {"home": wanted.home, "profile": wanted.profile}).settings
    origin = _origin(upstream)
    [cassette] = read_cassettes([name], wanted.home)
    other = read_interactions(wanted.other, wanted.home) if wanted.other is not None else ()
    sanitizer, ignored = _sanitizer(cassette, settings)
    live = origin.authority.decode()
    names = {part: live for url in cassette.manifest.upstreams.values() if (part := urlsplit(url).netloc)}
    run = DriftRun(
        cassette.interactions,
        writes=wanted.writes,
        headers=_headers(wanted.headers),
        places=_pairs("--set", wanted.places, "PLACE=VALUE, as in 'request.body $.password=…'", "request."),
        secrets=_pairs("--secret", wanted.secrets, "STAND-IN=VALUE, the stand-in as the cassette has it"),
        names=names,
    )
    asyncio.run(_play(run, origin, sanitizer, wanted))
    seen = run.seen(other, {*wanted.ignored, *ignored})
    if as_json:
        sys.stdout.write(json_text(drift_document(cassette.manifest.name, upstream, seen)))
    else:
        _print(seen)
    code = _exit_code(seen)
    if code:
        sys.exit(code)


def _origin(upstream: str) -> Origin:
    try:
        return parse_origin(upstream)
    except (OriginError, EgressDeniedError) as error:
        raise ConfigError(f"--upstream: {error}") from None


def _headers(given: Sequence[str]) -> Headers:
    made = []
    for line in given:
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name.strip()) or not value.strip().isprintable():
            raise ConfigError(f"--header {name!r}: expected NAME: VALUE, as in 'Authorization: Bearer …'")
        made.append((name.strip().encode(), value.strip().encode()))
    return tuple(made)


def _pairs(option: str, given: Sequence[str], expected: str, begins: str = "") -> dict[str, str]:
    made = {}
    for line in given:
        name, equals, value = line.partition("=")
        if not equals or not name or not name.startswith(begins):
            raise ConfigError(f"{option} {name!r}: expected {expected}")
        made[name] = value
    return made


def _sanitizer(cassette: Cassette, settings: Settings) -> tuple[Sanitizer | None, set[str]]:
    """Give what cleans live answers as the cassette was cleaned, and the places that cannot be compared then."""
    manifest = cassette.manifest
    if manifest.profile == RAW:
        return None, set()
    try:
        profile, key = load_profile(settings.profile), load_or_create(Path(settings.home))
    except ProfileError as error:
        raise ConfigError(str(error)) from None
    sanitizer = Sanitizer(profile, key)
    for interaction in cassette.interactions:
        sanitizer.learn(interaction.exchange)
    if manifest.profile_hash not in ("", profile.digest):
        print(
            f"warning: {manifest.name} was cleaned by other rules ({manifest.profile}) than live answers are "
            f"({profile.name}): name its profile with --profile",
            file=sys.stderr,
        )
    if manifest.key_id in ("", key_id(key)):
        return sanitizer, set()
    print(f"warning: {manifest.name} was cleaned under another key: what was cleaned is not compared", file=sys.stderr)
    return sanitizer, {finding.where for one in cassette.interactions for finding in one.findings}


async def _play(run: DriftRun, origin: Origin, sanitizer: Sanitizer | None, wanted: Wanted) -> None:
    asker = Asker(origin, timeout_s=wanted.timeout_s, verify=not wanted.insecure, ca_file=wanted.ca_file)
    try:
        for ask in run.asks():
            try:
                live = await asker.ask(ask.request)
                cleaned, findings = _cleaned(live, sanitizer)
                run.took(ask, live, cleaned, findings)
            except (UpstreamError, UnsendableRequestError) as error:
                run.failed(ask, f"no answer: {_why(error)}")
            except SanitizeError as error:
                run.failed(ask, f"the answer could not be cleaned: {error}")
    finally:
        await asker.close()


def _why(error: UpstreamError | UnsendableRequestError) -> str:
    return (error.detail or error.kind) if isinstance(error, UpstreamError) else str(error)


def _cleaned(live: Exchange, sanitizer: Sanitizer | None) -> tuple[Exchange, tuple[Finding, ...]]:
    if sanitizer is None:
        return live, ()
    cleaned = sanitizer.clean(live)
    return cleaned.exchange, cleaned.findings


def _print(seen: Sequence[Seen]) -> None:
    for one in seen:
        request = one.interaction.exchange.request
        call = f"{one.interaction.number} {request.method} {request.target.decode('utf-8', 'replace')}"
        if one.outcome == "drifted":
            print(call)
            for difference in one.differences:
                was, now = (_shown(text) for text in (difference.recorded, difference.live))
                print(f"   {difference.place}: {difference.sort}, {was} -> {now}")
        elif one.outcome == "unknown":
            print(f"{call}: cannot be compared: {one.reason}")
    told = counts(seen)
    print(
        f"{told['same']} as recorded, {told['drifted']} drifted, {told['unknown']} could not be compared, "
        f"{told['skipped']} not asked"
    )
    reasons: dict[str, list[int]] = {}
    for one in seen:
        if one.outcome == "skipped":
            reasons.setdefault(one.reason, []).append(one.interaction.number)
    for reason, numbers in reasons.items():
        listed = ", ".join(map(str, numbers[:12])) + (" …" if len(numbers) > 12 else "")
        print(f"  not asked: {listed}: {reason}", file=sys.stderr)
    if any("may change something" in reason for reason in reasons):
        print("  --all asks those too", file=sys.stderr)


def _shown(text: str) -> str:
    line = "".join(one if one.isprintable() else "·" for one in text)
    return (line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…") or "nothing"


def _exit_code(seen: Sequence[Seen]) -> int:
    told = counts(seen)
    if told["drifted"]:
        return 1
    return 2 if told["unknown"] or not told["same"] else 0
