"""Definitions in files: checking them, editing them, and their JSON Schema."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import typer

from cassettes.complaint import Complaint, flaws, shown_path
from cassettes.definition import MockDefinition
from cassettes.document import read_document
from cassettes.errors import DefinitionError
from gateway.commands.checking import assumed, compile_all
from gateway.config import load_configuration
from gateway.documents.definitions import Loaded, definition_files, faulty
from gateway.documents.editing import document_in, edit_file
from gateway.documents.schema import definitions_schema
from gateway.errors import ConfigError


def check(paths: list[str], config: str | None, *, as_json: bool) -> None:
    """Say whether files can be served; exit code 1 with everything that is wrong."""
    if not paths and config is None:
        raise ConfigError("name files or folders to check: mockctl check mocks/ (or -c mimic.yaml)")
    try:
        loaded = _load(paths, config)
    except ConfigError as error:
        _tell_faults(error, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        _print_json({"valid": True, "definitions": len(loaded.definitions), "files": len(loaded.files), "errors": []})
    else:
        print(f"{len(loaded.definitions)} definitions in {len(loaded.files)} files are well")


def _load(paths: list[str], config: str | None) -> Loaded:
    configuration = load_configuration(config, {"mocks": paths or None})
    compile_all(configuration if config is not None else assumed(configuration))
    return configuration.loaded


def _tell_faults(error: ConfigError, *, as_json: bool) -> None:
    if not as_json:
        print(error, file=sys.stderr)
        return
    errors: list[Any] = [asdict(complaint) for complaint in error.complaints]
    known = {str(complaint) for complaint in error.complaints}
    errors += [
        {"file": "", "line": 0, "path": "", "reason": line} for line in str(error).splitlines() if line not in known
    ]
    _print_json({"valid": False, "errors": errors})


def schema() -> None:
    """Print the JSON Schema of definition files."""
    _print_json(definitions_schema())


def edit(path: str, identity: str, *, sets: list[str], unsets: list[str], delete: bool) -> None:
    """Change a definition in its file; what did not change stays as it is written."""
    if delete == bool(sets or unsets):
        raise ConfigError("say what to change: --set PATH=VALUE, --unset PATH, or --delete alone")
    file = _file_of(Path(path), identity)
    if delete:
        edit_file(file, identity, None)
        print(f"{identity} is deleted from {file}")
        return
    document = document_in(file, identity)
    for text in sets:
        where, given, value = text.partition("=")
        if not given:
            raise ConfigError(f"--set {text}: write it as PATH=VALUE, as in response.status=201")
        document = _put(document, where.split("."), _value(text, value))
    for where in unsets:
        document = _put(document, where.split("."), ...)
    faults = [Complaint(str(file), 0, shown_path(at), reason) for at, reason in flaws(MockDefinition, document)]
    if faults:
        raise faulty(faults)
    edit_file(file, identity, document)
    print(f"{document['id']} is changed in {file}")


def _file_of(path: Path, identity: str) -> Path:
    if not path.is_dir():
        return path
    found = next(_holding(path, identity), None)
    if found is None:
        raise ConfigError(f"{path}: there is no definition with the id {identity!r} in this folder")
    return found


def _holding(folder: Path, identity: str) -> Iterator[Path]:
    for file in definition_files(folder):
        try:
            document_in(file, identity)
        except ConfigError:
            continue
        yield file


def _value(option: str, text: str) -> Any:
    try:
        return read_document(text, f"--set {option}").value
    except DefinitionError as error:
        raise ConfigError(str(error)) from None


def _put(value: Any, path: list[str], wanted: Any) -> Any:
    """Give a value with something put at a path (or, with `...`, taken away from it)."""
    part, rest = path[0], path[1:]
    if isinstance(value, list):
        if not part.isdigit() or int(part) > len(value) - (wanted is ... or bool(rest)):
            raise ConfigError(f"{part!r} is no place in a list of {len(value)}")
        index = int(part)
        inner = _put(value[index], rest, wanted) if rest else wanted
        return value[:index] + ([] if inner is ... else [inner]) + value[index + 1 :]
    if value is not None and not isinstance(value, dict):
        raise ConfigError(f"there is nothing under {value!r} that could be called {part!r}")
    mapping = dict(value or {})
    if not rest and wanted is ...:
        mapping.pop(part, None)
    else:
        mapping[part] = _put(mapping.get(part), rest, wanted) if rest else wanted
    return mapping


def _print_json(value: object) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
