"""What was recorded or answered, as cassettes that a command works on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.errors import CassetteError
from cassettes.exchange import Exchange, Headers, Request, Response
from gateway.commands.control import ask
from gateway.config import load_configuration
from gateway.errors import ConfigError, ControlError
from gateway.services import open_library
from recorder.echoes import with_echoes
from sanitizers.errors import ProfileError
from sanitizers.keys import load

JOURNAL: Final = "journal"
"""What the entries of a journal are called where a cassette has its name."""
_ENTRIES: Final = 1000


def read_cassettes(names: Sequence[str], home: str | None) -> list[Cassette]:
    """Give cassettes by name or path, all of the home where none is named, and warn of damage.

    What their answers were cleaned of, though the client had sent it as it is, is put back. Raises ConfigError where
    one is not there or nothing is recorded in any.
    """
    settings = load_configuration(None, {"home": home}).settings
    library = open_library(Path(settings.home), allow_paths=True)
    try:
        key = load(Path(settings.home))
        cassettes = [with_echoes(library.read(name), key) for name in names or library.names()]
    except (CassetteError, ProfileError) as error:
        raise ConfigError(str(error)) from None
    for cassette in cassettes:
        for damage in cassette.damages:
            where = f"{damage.file}:{damage.line}" if damage.line else damage.file
            print(f"warning: {cassette.manifest.name}/{where}: {damage.reason}; left out", file=sys.stderr)
    if not any(cassette.interactions for cassette in cassettes):
        place = ", ".join(names) if names else settings.home
        raise ConfigError(f"nothing is recorded in {place}: record a session first")
    return cassettes


def read_journal() -> Cassette:
    """Give the journal of the running gateway as one session, the oldest entry first, and warn of what it lacks.

    What was not kept whole or could not be cleaned is left out. Raises ControlError where no gateway answers, and
    ConfigError where its journal is empty.
    """
    traces = [line["trace"] for line in reversed(ask("GET", f"/inspector?limit={_ENTRIES}")["items"])]
    interactions = tuple(
        Interaction(number, exchange, JOURNAL) for number, exchange in enumerate(_exchanges(traces), 1)
    )
    lost = len(traces) - len(interactions)
    if lost:
        print(
            f"warning: {lost} entries of the journal are not whole or could not be cleaned; left out", file=sys.stderr
        )
    if not interactions:
        raise ConfigError("the journal holds nothing that can be asked again: send the gateway some requests first")
    return Cassette(Manifest(JOURNAL), interactions)


def _exchanges(traces: Sequence[str]) -> Iterator[Exchange]:
    for trace in traces:
        try:
            entry = ask("GET", f"/inspector?trace_id={quote(trace, safe='')}")
        except ControlError as error:
            if "is in the journal" in str(error):
                continue  # the ring went on meanwhile
            raise
        if "request" in entry and not entry["truncated"]:
            yield _exchange(entry)


def _exchange(entry: dict[str, Any]) -> Exchange:
    asked, told = entry["request"], entry["response"]
    target = entry["target"].encode("latin-1")
    request = Request(entry["method"], target, _headers(asked), asked["body"].encode(), scheme="http")
    response = Response(entry["status"], _headers(told), told["body"].encode())
    return Exchange(request, response, started_at=entry["at"], duration_ms=entry["ms"], trace=entry["trace"])


def _headers(part: dict[str, Any]) -> Headers:
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in part["headers"])
