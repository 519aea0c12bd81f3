"""The exporters: kinds of foreign documents by name."""

from __future__ import annotations

from typing import Final

from recorder.exporter import Exporter
from recorder.exporters.openapi import OpenapiExporter

EXPORTERS: Final[dict[str, Exporter]] = {
    "openapi": OpenapiExporter(),
}
