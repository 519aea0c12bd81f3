"""Telling what varies between two recordings of one journey."""

from __future__ import annotations

import sys

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cassettes.splice import rendered
from gateway.commands.provenance import read_interactions, write_file
from recorder.volatility import Volatility, volatile_section, volatility, volatility_document


def show_volatility(name: str, other: str, home: str | None, output: str | None, *, as_json: bool) -> None:
    """Print what varies, by endpoint; `output` names a file for the section that a replay definition takes."""
    found = volatility(read_interactions(name, home), read_interactions(other, home))
    if output is not None:
        write_file(output, _section(found))
    if as_json:
        sys.stdout.write(orjson.dumps(volatility_document(found), option=orjson.OPT_INDENT_2).decode() + "\n")
    elif output is None:
        _print_classes(found, name, other)


def _section(found: Volatility) -> str:
    return rendered({"replay": {"volatile": volatile_section(found)}})


def _print_classes(found: Volatility, name: str, other: str) -> None:
    table = Table("endpoint", "place", "class", "", "pairs", box=None, pad_edge=False)
    for row in found.endpoints:
        shown = str(row.endpoint) + (f" ?{'&'.join(row.endpoint.query)}" if row.endpoint.query else "")
        for leaf in row.leaves:
            if leaf.volatile != "constant":
                pairs = str(leaf.support) if leaf.support == leaf.of else f"{leaf.support} of {leaf.of}"
                table.add_row(Text(shown), Text(leaf.place), leaf.volatile, Text(leaf.note), pairs)
                shown = ""
    Console().print(table)
    print(f"{found.pairs} steps are in both; {found.only_first} only in {name}, {found.only_second} only in {other}")
    section = volatile_section(found)
    if any(section.values()):
        print(_section(found), end="")
