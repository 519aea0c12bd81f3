"""Definitions in files and folders: read together, each with the place it came from."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from cassettes.complaint import Complaint, complain, complaints, known_names, shown_path
from cassettes.definition import MockDefinition, StaticResponse, responses_of
from cassettes.document import Document, read_document
from cassettes.document import Path as Place
from cassettes.errors import DefinitionError
from gateway.errors import ConfigError

SUFFIXES: Final = (".yaml", ".yml", ".json")
LISTS: Final = ("routes", "mocks", "definitions")
"""The keys under which a file may have its list of definitions."""
_FIELD: Final = re.compile(r"([a-z_]+(?:\.[^\s:,]+)*)(?:, (line \d+))?: ")
"""How a sentence begins that names the field of a definition, and the line of a template in it."""
_NOT_IN_NAMES: Final = ("\0", "\\", "{{", "{%", "://")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a definition came from: `place` is its path in the file's document, `body_files` what it names there."""

    file: Path
    place: Place
    body_files: frozenset[str] = frozenset()

    def line(self) -> int:
        """Give the 1-based line in the file as it is now, 1 where that cannot be told."""
        try:
            return read_document(self.file.read_bytes(), str(self.file)).line(self.place)
        except (OSError, DefinitionError):
            return 1


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """What one file holds: right definitions with their places, and complaints about the others."""

    file: Path
    digest: bytes = b""
    entries: tuple[tuple[Place, MockDefinition], ...] = ()
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Definitions in the order of their files, and where each id came from."""

    definitions: tuple[MockDefinition, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    files: Mapping[Path, DefinitionFile] = field(default_factory=dict, repr=False)


def load_definitions(paths: Sequence[Path], before: Loaded = Loaded()) -> Loaded:
    """Read files (`.yaml`, `.yml`, `.json`) and folders of them; raises ConfigError with every complaint at once.

    A file holds a list of definitions, one definition, or a mapping with the list under `routes`, `mocks` or
    `definitions`. Folders are read with their subfolders, in the order of names, without hidden files and without
    what a definition names as its `body_file`. What was loaded `before` and has not changed is taken over.
    """
    with uncollected():
        loaded, faults = gather(read_paths(paths, before), before)
    if faults:
        raise faulty(faults)
    return loaded


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking at a million new values again and again: half the time of a load."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def faulty(faults: Sequence[Complaint]) -> ConfigError:
    """Give the error that tells all of these."""
    return ConfigError("\n".join(map(str, faults)), faults)


def read_paths(paths: Sequence[Path], before: Loaded = Loaded(), without: Path | None = None) -> list[DefinitionFile]:
    """Read every file of these files and folders, except one that is read otherwise."""
    skipped = without.resolve() if without is not None else None
    files: dict[Path, DefinitionFile] = {}
    for path in paths:
        if not path.exists():
            reason = "there is no such file or folder"
            files[path] = DefinitionFile(path, complaints=(Complaint(str(path), 0, "", reason),))
        for file in definition_files(path):
            if file not in files and (skipped is None or file.resolve() != skipped):
                files[file] = _read_file(file, before.files.get(file))
    return list(files.values())


def definition_files(path: Path) -> Iterator[Path]:
    """Give a file itself, or the files in a folder that can hold definitions."""
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Path(folder, name)


def _read_file(file: Path, before: DefinitionFile | None) -> DefinitionFile:
    try:
        text = file.read_bytes()
        digest = blake2b(text).digest()
        if before is not None and before.digest == digest:
            return before
        document = read_document(text, str(file))
    except OSError as error:
        fault = Complaint(str(file), 0, "", f"cannot be read: {error.strerror}")
        return DefinitionFile(file, complaints=(fault,))
    except DefinitionError as error:
        return DefinitionFile(file, complaints=(Complaint(str(file), error.line, "", error.reason),))
    items, at = definitions_in(document.value)
    return read_items(document, items, at, digest)


def definitions_in(value: Any) -> tuple[Any, Place]:
    """Give the definitions of a document's value, and the path at which they stand: a list, or one mapping."""
    if isinstance(value, dict) and "id" not in value:
        keys = [key for key in LISTS if key in value]
        if len(keys) == 1 and len(value) == 1:
            return value[keys[0]], (keys[0],)
    return value, ()


def read_items(document: Document, items: Any, at: Place, digest: bytes = b"") -> DefinitionFile:
    """Validate definitions one by one: a wrong one does not hide the others."""
    if items is None:
        return DefinitionFile(Path(document.name), digest)
    if isinstance(items, list):
        placed: Iterable[tuple[Place, Any]] = (((*at, index), item) for index, item in enumerate(items))
    elif isinstance(items, dict) and not at:
        placed = (((), items),)
    else:
        fault = complain(document, at, "a list of definitions is expected")
        return DefinitionFile(Path(document.name), digest, complaints=(fault,))
    entries: list[tuple[Place, MockDefinition]] = []
    faults: list[Complaint] = []
    for place, item in placed:
        try:
            entries.append((place, MockDefinition.model_validate(item)))
        except ValidationError:
            faults.extend(complaints(document, place, MockDefinition, item))
    return DefinitionFile(Path(document.name), digest, tuple(entries), tuple(faults))


def gather(files: Sequence[DefinitionFile], before: Loaded = Loaded()) -> tuple[Loaded, list[Complaint]]:
    """Bring the definitions of several files together; gives them and every complaint about any."""
    faults: list[Complaint] = []
    bodies = {body for file in files for body in _bodies_of(file, faults)}
    definitions: dict[str, MockDefinition] = {}
    origins: dict[str, Origin] = {}
    known = {definition.id: definition for definition in before.definitions}
    for file in files:
        if bodies and file.file.resolve() in bodies:
            continue
        faults.extend(file.complaints)
        for place, definition in file.entries:
            origin = Origin(file.file, place, frozenset(name for _, name in body_files(definition)))
            first = origins.setdefault(definition.id, origin)
            if first is not origin:
                faults.append(_twice(definition.id, origin, first))
                continue
            old = known.get(definition.id)
            # The same object tells the gateway that its compiled route is still right.
            definitions[definition.id] = old if old is not None and is_same(old, definition) else definition
    return Loaded(tuple(definitions.values()), origins, {file.file: file for file in files}), faults


def told(definition: MockDefinition, error: Exception) -> str:
    """Give what an error says of a definition, beginning with the definition's name."""
    return f"definition {definition.id!r}: {_bare(definition, str(error))}"


def misfits(loaded: Loaded, faults: Iterable[tuple[MockDefinition, Exception]]) -> Iterator[Complaint]:
    """Say where in the files stands what could not be compiled; passes over definitions that are not of these files."""
    read = {definition.id: definition for definition in loaded.definitions}
    documents: dict[Path, Document] = {}
    for definition, error in faults:
        origin = loaded.origins.get(definition.id)
        if origin is None or read.get(definition.id) is not definition:
            continue
        document = documents.get(origin.file)
        if document is None:
            document = documents[origin.file] = _as_it_stands(origin.file)
        field, reason = _field_of(_bare(definition, str(error)))
        yield complain(document, (*origin.place, *field), reason)


def _bare(definition: MockDefinition, sentence: str) -> str:
    """Give a sentence without the name of the definition before it."""
    for lead in (f"definition {definition.id!r}", definition.id):
        if sentence.startswith((f"{lead}: ", f"{lead}, ")):
            return sentence[len(lead) + 2 :]
    return sentence


def _field_of(sentence: str) -> tuple[Place, str]:
    found = _FIELD.match(sentence)
    parts = found[1].split(".") if found is not None else [""]
    if found is None or parts[0] not in known_names(MockDefinition):
        return (), sentence
    place = tuple(int(part) if part.isdigit() else part for part in parts)
    reason = sentence[found.end() :]
    return place, f"{found[2]}: {reason}" if found[2] else reason


def _as_it_stands(file: Path) -> Document:
    try:
        return read_document(file.read_bytes(), str(file))
    except (OSError, DefinitionError):
        return Document(str(file), None)


def is_same(old: MockDefinition, new: MockDefinition) -> bool:
    """Say whether two definitions were written alike."""
    # Their JSON too: 1, 1.0 and true are equal in Python and are not the same answer.
    return old is new or (
        old == new and old.model_dump_json(exclude_unset=True) == new.model_dump_json(exclude_unset=True)
    )


def _twice(identity: str, again: Origin, first: Origin) -> Complaint:
    where = f"line {first.line()}" if first.file == again.file else f"{first.file}:{first.line()}"
    return Complaint(str(again.file), again.line(), "", f"the id {identity!r} stands at {where} too")


def _bodies_of(file: DefinitionFile, faults: list[Complaint]) -> Iterator[Path]:
    """Give the files that answer as bodies, which are no definitions; complain about those that cannot be had."""
    for place, definition in file.entries:
        for path, name in body_files(definition):
            try:
                body = resolve_body_file(name, file.file, None)
            except ConfigError as error:
                origin = Origin(file.file, (*place, *path))
                faults.append(Complaint(str(file.file), origin.line(), shown_path(origin.place), str(error)))
                continue
            if body != file.file.resolve():
                yield body


def answers(definition: MockDefinition) -> Iterator[tuple[Place, StaticResponse]]:
    """Give every response that a definition holds, each with its path."""
    for place, response in responses_of(definition):
        yield place, response
        if response.fallback is not None:
            yield (*place, "fallback"), response.fallback
        for index, variant in enumerate(response.variants):
            yield (*place, "variants", index, "response"), variant.response
        for name, example in response.examples.items():
            yield (*place, "examples", name), example


def body_files(definition: MockDefinition) -> Iterator[tuple[Place, str]]:
    """Give each `body_file` of a definition with its path."""
    for place, answer in answers(definition):
        if answer.body_file is not None:
            yield (*place, "body_file"), answer.body_file


def resolve_body_file(name: str, origin: Path | None, files_root: Path | None) -> Path:
    """Give the file that a `body_file` names, which lies in its definition's folder; raises ConfigError.

    `origin` is the definition's file. A definition without one, from the admin API, may name files under `files_root`
    (the setting `files`) only, and none where that is not set.
    """
    folder = origin.parent if origin is not None else files_root
    if folder is None:
        raise ConfigError(
            f"body_file {name!r}: a definition that is not in a file may name files only where the setting `files` "
            "gives the folder they are in: set it, or write the body out"
        )
    part = Path(name)
    if not name or part.is_absolute() or ".." in part.parts or any(text in name for text in _NOT_IN_NAMES):
        raise ConfigError(
            f"body_file {name!r}: give a path inside the folder {str(folder)!r}, without '..', backslashes or templates"
        )
    try:
        file = (folder / part).resolve(strict=True)
        if not file.is_relative_to(folder.resolve(strict=True)):
            raise ConfigError(f"body_file {name!r}: it leads out of the folder {str(folder)!r}")
        regular = file.is_file()
    except (OSError, ValueError, RuntimeError):
        raise ConfigError(f"body_file {name!r}: there is no such file in {str(folder)!r}") from None
    if not regular:
        raise ConfigError(f"body_file {name!r}: it is not a file")
    return file
