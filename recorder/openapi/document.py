"""An OpenAPI document: its version, its operations, its schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from recorder.errors import DocumentError
from recorder.openapi import v2, v3
from recorder.openapi.files import Files, read_bytes, root_file
from recorder.openapi.operation import Operation
from recorder.openapi.schemas import Schemas
from recorder.openapi.text import read_text
from recorder.openapi.tree import Tree

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")


class OpenapiDocument:
    """A document that can be asked for operations; `responses` and `requests` are its schemas, by direction."""

    def __init__(self, name: str, tree: Tree, version: str) -> None:
        self.name = name
        self.tree = tree
        self.version = version
        legacy = version in ("2.0", "3.0")
        self.responses = Schemas(tree, legacy=legacy, direction="response")
        self.requests = Schemas(tree, legacy=legacy, direction="request")

    @property
    def title(self) -> str:
        """The title that the document gives itself."""
        return self.tree.root.child("info").text("title")

    def operations(self) -> Iterator[Operation]:
        """Read the operations one after the other; what cannot be read becomes a remark."""
        read = v2.path_operations if self.version == "2.0" else v3.path_operations
        for path, item in self.tree.root.child("paths").items():
            if path.startswith("x-"):
                continue
            if not path.startswith("/"):
                self.tree.remarks.fail(item.pointer, f"the path {path!r} is skipped: a path begins with '/'")
                continue
            followed = self.tree.follow(item)
            if not isinstance(followed.value, dict):
                self.tree.remarks.fail(item.pointer, "the path is skipped: it is a mapping of methods to operations")
                continue
            yield from read(self.tree, path, item)


def open_document(path: Path, name: str = "") -> OpenapiDocument:
    """Read a document and, as they are needed, the files beside it; raises DocumentError."""
    file = root_file(path)
    shown = str(path) if path == file else str(file)
    value = read_text(read_bytes(file, shown), shown)
    return _document(
        value, document_name(Path(name)) if name else document_name(file), Files(file.parent), file.name, shown
    )


def parse_document(text: bytes, name: str) -> OpenapiDocument:
    """Read a document that stands alone; raises DocumentError."""
    return _document(read_text(text, name), document_name(Path(name)), Files(None), "", name)


def document_name(file: Path) -> str:
    """Give the name of a document by its file: its stem, or for `openapi.yaml` and the like that of its folder."""
    stem = file.stem
    if stem.lower() in ("openapi", "swagger", "index", "api") and file.parent.name:
        stem = file.parent.name
    return _UNSAFE.sub("-", stem).strip("-") or "openapi"


def _document(value: Any, name: str, files: Files, root: str, shown: str) -> OpenapiDocument:
    version = _version(value, shown)
    return OpenapiDocument(name, Tree(value, files, root), version)


def _version(value: Any, name: str) -> str:
    if not isinstance(value, dict):
        raise DocumentError(
            f"{name}: an OpenAPI document is a mapping that begins with openapi: 3.1.0 or swagger: '2.0'"
        )
    written = str(value.get("openapi", value.get("swagger", "")))
    if not written:
        raise DocumentError(f"{name}: this is no OpenAPI document: it has neither openapi: nor swagger:")
    if not isinstance(value.get("paths", {}), dict | None):
        raise DocumentError(f"{name}#/paths: a mapping of paths is expected")
    if "swagger" in value and written in ("2.0", "2"):
        return "2.0"
    match = re.match(r"3\.([0-9]+)(\.|$|-)", written)
    if "openapi" not in value or match is None:
        raise DocumentError(f"{name}: version {written!r} is not read: Swagger 2.0 and OpenAPI 3.0 to 3.2 are")
    return "3.0" if match[1] == "0" else f"3.{match[1]}"
