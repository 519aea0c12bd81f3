"""The importers: kinds of foreign documents by name."""

from __future__ import annotations

from typing import Final

from recorder.importer import Importer
from recorder.importers.openapi import OpenapiImporter

IMPORTERS: Final[dict[str, Importer]] = {
    "openapi": OpenapiImporter(),
}
