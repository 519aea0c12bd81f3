"""OpenAPI documents as definitions: one for each operation, answering with examples or data made from schemas."""

from __future__ import annotations

from pathlib import Path

from recorder.importer import Import
from recorder.importers.openapi.definitions import Definitions
from recorder.merging import stamped
from recorder.openapi.document import OpenapiDocument, open_document, parse_document

KIND = "openapi"


class OpenapiImporter:
    """Reads Swagger 2.0 and OpenAPI 3.0 to 3.2; the same document and seed give the same definitions."""

    def read_file(self, path: Path, *, seed: int = 0, name: str = "") -> Import:
        """Import a file, and what it refers to inside its own folder; raises DocumentError."""
        return import_document(open_document(path, name), seed=seed)

    def read_text(self, text: bytes, name: str, *, seed: int = 0) -> Import:
        """Import a document that stands alone; raises DocumentError."""
        return import_document(parse_document(text, name), seed=seed)


def import_document(document: OpenapiDocument, *, seed: int = 0) -> Import:
    """Give the definitions of a document that was read."""
    definitions = Definitions(document, seed)
    found = tuple(stamped(one, KIND, document.name) for one in definitions.all())
    if not found:
        document.tree.remarks.warn("#/paths", "the document has no operations: there is nothing to answer")
    return Import(KIND, document.name, found, document.tree.remarks.all(), definitions.checked)
