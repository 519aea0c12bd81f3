"""Telling the blast radius of an edit: which recorded calls old and new definitions answer differently."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cassettes.cassette import Cassette
from gateway.commands.calls import call_document, call_text, difference_document, difference_text, source
from gateway.commands.mocks import Mocks, read_mocks
from gateway.commands.recorded import read_cassettes, read_journal
from gateway.errors import ConfigError
from recorder.synthesis.checking.answering import Given
from recorder.synthesis.checking.blast import Changed, blast
from recorder.synthesis.samples.sample import samples_of
from recorder.writing import json_text


def show_blast(
    old: str, new: str, cassettes: list[str], *, with_journal: bool, home: str | None, as_json: bool
) -> bool:
    """Print which recorded calls the definitions of two files answer differently; True where any are.

    Asked are the calls of these cassettes and, `with_journal`, what the running gateway was asked; without either, of
    all cassettes.
    """
    mocks = (read_mocks(old), read_mocks(new))
    recorded: list[Cassette] = [read_journal()] if with_journal else []
    if cassettes or not with_journal:
        recorded += read_cassettes(cassettes, home)
    samples = samples_of(recorded)
    if not samples:
        raise ConfigError("no recorded call has an answer: there is nothing to ask")
    changed = blast(samples, mocks[0].begin, mocks[1].begin)
    if as_json:
        sys.stdout.write(json_text(blast_document(len(samples), changed, mocks)))
    else:
        tell_elsewhere(mocks)
        print_changed(len(samples), changed)
    return bool(changed)


def blast_document(calls: int, changed: Sequence[Changed], mocks: Sequence[Mocks]) -> dict[str, Any]:
    """Give a blast radius as data."""
    return {
        "calls": calls,
        "changed": [
            call_document(one.sample)
            | difference_document(one.difference)
            | {"old": _given(one.old), "new": _given(one.new)}
            for one in changed
        ],
        "elsewhere": {name: why for one in mocks for name, why in one.elsewhere.items()},
        "retold": sorted({definition.id for one in mocks for definition in one.retold}),
    }


def _given(given: Given) -> dict[str, Any]:
    return {
        "status": given.response.status,
        "definition": given.definition or None,
        "case": given.case,
        "match": given.match,
    }


def print_changed(calls: int, changed: Sequence[Changed]) -> None:
    """Print the calls that are answered differently, and how many they are."""
    if changed:
        table = Table("call", "differs", "answered by", box=None, pad_edge=False)
        for one in changed:
            was, now = source(one.old.definition, one.old.case), source(one.new.definition, one.new.case)
            by = was if was == now else f"{was} → {now}"
            table.add_row(call_text(one.sample), difference_text(one.difference), by)
        Console().print(table)
    print(f"{len(changed)} of {calls} recorded calls are answered differently")


def tell_elsewhere(mocks: Sequence[Mocks]) -> None:
    """Say on standard error which definitions cannot answer in this process, and which are left out."""
    for name, why in dict(item for one in mocks for item in one.elsewhere.items()).items():
        print(f"not asked: {name} ({why})", file=sys.stderr)
    for name in dict.fromkeys(definition.id for one in mocks for definition in one.retold):
        print(f"left out: {name} (tells recorded sessions again)", file=sys.stderr)
