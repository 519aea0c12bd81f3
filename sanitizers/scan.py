"""A second look at what is already written, for anything that the rules would have replaced."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from cassettes.cassette import Cassette, Finding, Interaction
from cassettes.exchange import Exchange, Request, Response
from sanitizers.errors import SanitizeError
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import Profile


def scan_cassette(cassette: Cassette, profile: Profile, key: bytes) -> Iterator[Finding]:
    """Give the places that hold what looks secret and that recording did not clean.

    A place that an interaction lists among its findings holds a pseudonym; everywhere else a hit is a leak. Under the
    key of the recording, parts of persons' names that stand in other places than their pseudonyms are leaks too.
    """
    named = Sanitizer(profile, key)
    for interaction in cassette.interactions:
        with contextlib.suppress(SanitizeError):
            named.learn_names(interaction.exchange)
    for interaction in cassette.interactions:
        yield from _leaks(interaction, named.knowing_names())


def _leaks(interaction: Interaction, sanitizer: Sanitizer) -> Iterator[Finding]:
    cleaned_places = {finding.where for finding in interaction.findings}
    lead = f"interaction {interaction.number}: "
    try:
        found = sanitizer.clean(interaction.exchange).findings
    except SanitizeError:
        yield Finding(f"{lead}response.body", "unreadable", "scan")
        return
    for finding in found:
        if finding.where not in cleaned_places and finding.kind != "stale-digest":
            yield replace(finding, where=f"{lead}{finding.where}")


def scan_text(name: str, data: bytes, profile: Profile, key: bytes) -> Iterator[Finding]:
    """Give what looks secret in a file of any kind, read line by line where it is text."""
    sanitizer = Sanitizer(profile, key)
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        kind = b"application/json" if line.lstrip()[:1] in (b"{", b"[") else b"text/plain"
        response = Response(200, ((b"content-type", kind),), line)
        try:
            found = sanitizer.clean(Exchange(Request("GET", b"/"), response)).findings
        except SanitizeError:
            yield Finding(f"{name}:{number}", "unreadable", "scan")
            continue
        for finding in found:
            place = finding.where.removeprefix("response.body").strip()
            yield replace(finding, where=f"{name}:{number} {place}".rstrip())
