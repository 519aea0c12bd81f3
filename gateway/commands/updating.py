"""A second pass of synthesis brought into a file of the first: what changes, what stays, what answers differently."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from cassettes.cassette import Cassette
from cassettes.definition import MockDefinition
from cassettes.document import read_document
from cassettes.errors import CassetteError, DefinitionError
from gateway.commands.blast import blast_document, print_changed
from gateway.commands.mocks import Mocks, mocks_of, read_mocks
from gateway.config import load_configuration
from gateway.documents.definitions import Loaded
from gateway.documents.editing import relisted
from gateway.errors import ConfigError
from gateway.services import open_library
from recorder.merging import Merge
from recorder.synthesis.checking.blast import Changed, blast
from recorder.synthesis.refinement import refined, sources_of
from recorder.synthesis.samples.sample import samples_of
from recorder.writing import definitions_of, yaml_text

_COLOURS: Final = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_FOR_PEOPLE: Final = frozenset(("created_by", "description"))
"""With the notes of cases what counts the recorded calls, and is another after each pass."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file that an earlier pass made: its text, its definitions, and the recordings they were made of."""

    path: Path
    text: str
    definitions: list[dict[str, Any]]
    sources: tuple[str, ...]
    mocks: Mocks


@dataclass(frozen=True, slots=True)
class Change:
    """What an update makes of a file: its text, what happened to each definition, and the edit's blast radius."""

    text: str
    merge: Merge
    diff: tuple[str, ...]
    calls: int
    blast: tuple[Changed, ...]
    mocks: tuple[Mocks, Mocks]


def read_earlier(file: str, home: str | None) -> Earlier:
    """Read a file that synthesis wrote; raises ConfigError where it did not.

    Recordings that it was made of and that are not there any more are told and left out.
    """
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8")
        document = read_document(text, str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be updated: {error.strerror}; -o writes a new file") from None
    except (UnicodeDecodeError, DefinitionError) as error:
        raise ConfigError(f"{path}: cannot be updated: {error}") from None
    existing = definitions_of(document)
    if existing is None or not all(isinstance(one, dict) and "id" in one for one in existing):
        raise ConfigError(f"{path}: cannot be updated: a list of definitions is expected, each with an id")
    sources = sources_of(existing)
    if sources is None:
        raise ConfigError(
            f"{path}: cannot be updated: synthesis made none of its definitions, or their created_by was taken away; "
            "write a new file with -o"
        )
    return Earlier(path, text, existing, tuple(_there(sources, path, home)), read_mocks(file))


def _there(sources: Sequence[str], path: Path, home: str | None) -> Iterator[str]:
    settings = load_configuration(None, {"home": home}).settings
    library = open_library(Path(settings.home), allow_paths=True)
    for source in sources:
        try:
            library.manifest(source)
        except CassetteError:
            print(f"warning: {path} was made of {source} too, which is not there any more", file=sys.stderr)
            continue
        yield source


def changed(
    earlier: Earlier, made: Sequence[dict[str, Any]], sources: Sequence[str], cassettes: Sequence[Cassette]
) -> Change:
    """Bring what a pass made into an earlier file, and ask both for what was recorded; writes nothing.

    Raises ConfigError where a definition cannot be served that way.
    """
    done = refined(earlier.definitions, made, sources)
    text = relisted(earlier.text, str(earlier.path), done.definitions)
    new = mocks_of(str(earlier.path), Loaded(tuple(_validated(done.definitions)), earlier.mocks.loaded.origins))
    samples = samples_of(cassettes)
    found = blast(samples, earlier.mocks.begin, new.begin)
    lines = tuple(_diff(earlier.definitions, done.definitions))
    return Change(text, done.merge, lines, len(samples), tuple(found), (earlier.mocks, new))


def _validated(definitions: Sequence[dict[str, Any]]) -> Iterator[MockDefinition]:
    for one in definitions:
        try:
            yield MockDefinition.model_validate(one)
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise ConfigError(f"the definition {one['id']!r} cannot be used once it is updated: {reason}") from None


def _diff(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Give what changes in each definition, as lines of YAML with - and +; what does not answer is left out."""
    before = {str(one["id"]): one for one in old}
    for one in new:
        name = str(one["id"])
        was, now = (_lines(side) for side in (before.get(name), one))
        lines = list(difflib.unified_diff(was, now, lineterm="", n=2))[2:]
        if lines:
            yield f"{name}:"
            yield from (f"  {line}" for line in lines)


def _lines(definition: dict[str, Any] | None) -> list[str]:
    if definition is None:
        return []
    told = {name: value for name, value in definition.items() if name not in _FOR_PEOPLE}
    if isinstance(told.get("cases"), list):
        told["cases"] = [{name: value for name, value in case.items() if name != "note"} for case in told["cases"]]
    return yaml_text(told).splitlines()


def change_document(change: Change, *, is_dry: bool) -> dict[str, Any]:
    """Give an update as data."""
    told = {name: value for name, value in asdict(change.merge).items() if name != "definitions"}
    return {
        "applied": not is_dry,
        "update": told,
        "diff": list(change.diff),
        "blast": blast_document(change.calls, change.blast, change.mocks),
    }


def tell_change(change: Change) -> None:
    """Print what an update changes, and on standard error what stays as a person wrote it."""
    colours = _COLOURS if sys.stdout.isatty() else {}
    for line in change.diff:
        colour = colours.get(line.strip()[:1], "")
        print(f"{colour}{line}\x1b[0m" if colour else line)
    print_changed(change.calls, change.blast)
    merge = change.merge
    names = ("added", "changed", "unchanged", "vanished", "returned")
    print(", ".join(f"{len(getattr(merge, name))} {name}" for name in names), file=sys.stderr)
    for one in merge.kept:
        contested = f"; the recordings say otherwise of {', '.join(one.contested)}" if one.contested else ""
        print(f"  {one.id}: edited {', '.join(one.fields)} kept{contested}", file=sys.stderr)
    for name in merge.vanished:
        print(f"  {name}: not made any more, disabled", file=sys.stderr)
    for name in merge.renamed:
        print(f"  {name}: there is another definition of that name, so it is called this", file=sys.stderr)
