"""Bringing foreign documents in as definitions, and giving definitions out as foreign documents."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from cassettes.definition import MockDefinition
from cassettes.document import read_document
from cassettes.errors import CassetteError, DefinitionError
from gateway.config import load_configuration
from gateway.documents.definitions import load_definitions
from gateway.errors import ConfigError
from gateway.services import open_library
from recorder.errors import DocumentError
from recorder.exporters import EXPORTERS
from recorder.importer import Import
from recorder.importers import IMPORTERS
from recorder.merging import Merge, merge
from recorder.writing import definitions_of, definitions_text, json_text, merged_text, yaml_text

_SHOWN_REMARKS: Final = 20


def import_file(
    kind: str,
    file: str,
    output: str | None,
    *,
    merge_into: bool,
    seed: int,
    as_json: bool,
    name: str | None = None,
    fetches: bool = False,
) -> None:
    """Write the definitions of a foreign document to a file or standard output, and tell of it on standard error."""
    try:
        came = _read(kind, file, seed, name, fetches=fetches)
    except DocumentError as error:
        raise ConfigError(str(error)) from None
    path = Path(output) if output else None
    merged = None
    if path is None:
        text = definitions_text(came.definitions, None)
    elif path.exists():
        if not merge_into:
            raise ConfigError(f"{path}: is there already: add --merge to bring the import into it, or choose another")
        text, merged = _merged(path, came)
    else:
        text = definitions_text(came.definitions, path)
    if path is not None:
        _write(path, text)
    elif not as_json:
        sys.stdout.write(text)
    if as_json:
        sys.stdout.write(json_text(report(came, merged, with_definitions=path is None)))
        return
    _tell(came, merged, path)


def _read(kind: str, file: str, seed: int, name: str | None, *, fetches: bool) -> Import:
    is_url = file.startswith(("http://", "https://"))
    if is_url != fetches:
        hint = "add --fetch to have the URL fetched" if is_url else "--fetch wants a URL (http:// or https://)"
        raise ConfigError(f"{file}: {hint}, or name a file")
    if not is_url:
        return IMPORTERS[kind].read_file(Path(file), seed=seed, name=name or "")
    from gateway.fetching import fetch

    called = name or file.partition("?")[0].rstrip("/").rpartition("/")[2]
    return IMPORTERS[kind].read_text(fetch(file), called, seed=seed)


def _merged(path: Path, came: Import) -> tuple[str, Merge]:
    try:
        text = path.read_text(encoding="utf-8")
        document = read_document(text, str(path))
    except (OSError, UnicodeDecodeError, DefinitionError) as error:
        raise ConfigError(f"{path}: cannot be merged into: {error}") from None
    existing = definitions_of(document)
    if existing is None or not all(isinstance(one, dict) and "id" in one for one in existing):
        raise ConfigError(f"{path}: cannot be merged into: a list of definitions is expected, each with an id")
    merged = merge(existing, came)
    if path.suffix == ".json":
        whole = merged.definitions
        if isinstance(document.value, dict):
            return json_text({**document.value, "routes": list(whole)}), merged
        return json_text(list(whole)), merged
    return merged_text(text, document, merged.definitions), merged


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None


def report(came: Import, merged: Merge | None, *, with_definitions: bool) -> dict[str, Any]:
    """Give what an import did, as data."""
    told: dict[str, Any] = {
        "kind": came.kind,
        "document": came.document,
        "definitions": len(came.definitions),
        "checked": came.checked,
        "remarks": [asdict(remark) for remark in came.remarks],
    }
    if merged is not None:
        told["merge"] = {name: value for name, value in asdict(merged).items() if name != "definitions"}
    if with_definitions:
        told["items"] = list(came.definitions)
    return told


def _tell(came: Import, merged: Merge | None, path: Path | None) -> None:
    place = f" in {path}" if path else ""
    print(
        f"{came.document}: {len(came.definitions)} definitions{place}, "
        f"{came.checked} bodies checked against their schemas",
        file=sys.stderr,
    )
    if merged is not None:
        counts = {
            name: len(getattr(merged, name)) for name in ("added", "changed", "unchanged", "vanished", "returned")
        }
        print(", ".join(f"{count} {name}" for name, count in counts.items()), file=sys.stderr)
        for one in merged.kept:
            contested = f"; the document changed too: {', '.join(one.contested)}" if one.contested else ""
            print(f"  {one.id}: edited {', '.join(one.fields)} kept{contested}", file=sys.stderr)
        for route_id in merged.vanished:
            print(f"  {route_id}: not in the document any more, disabled", file=sys.stderr)
    for remark in came.remarks[:_SHOWN_REMARKS]:
        print(f"{remark.severity}: {remark.pointer}: {remark.sentence}", file=sys.stderr)
    if len(came.remarks) > _SHOWN_REMARKS:
        kinds = Counter(remark.severity for remark in came.remarks[_SHOWN_REMARKS:])
        more = ", ".join(f"{count} more of kind {kind}" for kind, count in kinds.items())
        print(f"and {more}: --json shows them all", file=sys.stderr)


def _definitions_of(file: str) -> tuple[MockDefinition, ...]:
    """Give the definitions of a configuration, of a file or of a folder."""
    path = Path(file)
    return load_definitions([path]).definitions if path.is_dir() else load_configuration(file, {}).definitions


def export_file(
    kind: str, files: list[str], cassette: str | None, output: str | None, *, home: str | None, title: str | None
) -> None:
    """Write definitions of files, or a cassette, as a foreign document."""
    exporter = EXPORTERS[kind]
    if bool(files) == (cassette is not None):
        raise ConfigError("name files of definitions, or a cassette with --cassette: one of the two")
    if cassette is not None:
        settings = load_configuration(None, {"home": home}).settings
        try:
            read = open_library(Path(settings.home), allow_paths=True).read(cassette)
        except CassetteError as error:
            raise ConfigError(str(error)) from None
        document = exporter.of_cassette(read, title or cassette)
    else:
        definitions = [one for file in files for one in _definitions_of(file)]
        document = exporter.of_definitions(definitions, title or Path(files[0]).stem)
    path = Path(output) if output else None
    text = json_text(document) if path is not None and path.suffix == ".json" else yaml_text(document)
    if path is None:
        sys.stdout.write(text)
        return
    _write(path, text)
    print(f"{len(document.get('paths', {}))} paths in {path}", file=sys.stderr)
