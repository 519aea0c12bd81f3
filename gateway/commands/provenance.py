"""Showing where the values of a cassette came from: as a table, as JSON, as a page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cassettes.cassette import Interaction
from cassettes.errors import CassetteError
from gateway.config import load_configuration
from gateway.errors import ConfigError
from gateway.services import open_library
from recorder.graph import Graph, graph_document
from recorder.provenance import provenance
from recorder.provenance_page import provenance_page
from recorder.threads import threads_of

SHOWN = 40


def read_interactions(name: str, home: str | None) -> Sequence[Interaction]:
    """Give the interactions of a cassette, by its name or path; raises ConfigError, also where there are none."""
    settings = load_configuration(None, {"home": home}).settings
    try:
        cassette = open_library(Path(settings.home), allow_paths=True).read(name)
    except CassetteError as error:
        raise ConfigError(str(error)) from None
    for damage in cassette.damages:
        print(f"mockctl: {damage.file}:{damage.line}: {damage.reason}", file=sys.stderr)
    if not cassette.interactions:
        raise ConfigError(f"the cassette {name} holds no interactions: record something into it first")
    return cassette.interactions


def write_file(path: str, text: str) -> None:
    """Write a file that the command line names; raises ConfigError."""
    try:
        Path(path).write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    print(f"wrote {path}", file=sys.stderr)


def show_provenance(name: str, home: str | None, output: str | None, *, as_json: bool) -> None:
    """Print the values that travel, or everything as JSON, or write the page; `output` names its file."""
    graph = provenance(read_interactions(name, home))
    if as_json:
        text = orjson.dumps(graph_document(graph), option=orjson.OPT_INDENT_2).decode() + "\n"
        if output is None:
            sys.stdout.write(text)
        else:
            write_file(output, text)
    elif output is not None:
        write_file(output, provenance_page(graph, Path(name).name))
    else:
        _print_threads(graph)


def _print_threads(graph: Graph) -> None:
    threads = threads_of(graph)
    table = Table("value", "first seen", "", "used by", box=None, pad_edge=False)
    for thread in threads[:SHOWN]:
        used = sorted({edge.target.interaction for edge in thread.uses})
        shown = ", ".join(map(str, used[:12])) + (" …" if len(used) > 12 else "")
        value = "".join(one if one.isprintable() else "·" for one in thread.value)
        origin = thread.origin
        table.add_row(Text(value[:44]), str(origin.interaction), Text(origin.place[:60]), shown)
    Console().print(table)
    more = f", {len(threads) - SHOWN} of them not shown" if len(threads) > SHOWN else ""
    print(f"{len(threads)} values travel between {len(graph.steps)} interactions{more}; -o FILE.html draws them")
