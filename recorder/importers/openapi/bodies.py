"""The body of a documented response: an example where one fits, else made; written in its media type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from recorder.importers.openapi.maker import ABSENT, Maker
from recorder.importers.openapi.xml import XmlWriter
from recorder.openapi.document import OpenapiDocument
from recorder.openapi.media import is_json, is_text, is_xml
from recorder.openapi.operation import Answer, Media
from recorder.openapi.schemas import PREFIX

# The smallest files that programs open: a transparent pixel, an empty archive, a page without text.
_PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
_GIF: Final = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_ZIP: Final = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="
_PDF: Final = "JVBERi0xLjQKJSVFT0YK"
_GZIP: Final = "H4sIAAAAAAAAAwMAAAAAAAAAAAA="
_BYTES: Final = "TWltaWM="
_FILES: Final = {
    "image/png": _PNG,
    "image/gif": _GIF,
    "application/zip": _ZIP,
    "application/pdf": _PDF,
    "application/gzip": _GZIP,
    "application/x-gzip": _GZIP,
}


@dataclass(frozen=True, slots=True)
class Body:
    """One body of a response: `fields` are those of a definition's response (`body` or `body_base64`)."""

    name: str
    media: str
    fields: dict[str, Any] = field(repr=False)


class Bodies:
    """Writes the bodies of one document's responses; `checked` counts those that were validated."""

    def __init__(self, document: OpenapiDocument, maker: Maker) -> None:
        self._document = document
        self._schemas = document.responses
        self._maker = maker
        self._xml = XmlWriter(maker.flat)
        self.checked = 0

    def of(self, answer: Answer) -> list[Body]:
        """Give the bodies of a response, the one to answer with first; none where it has no content."""
        media = preferred(answer.content)
        if media is None:
            return []
        values = self._values(media, answer.pointer)
        concrete = _concrete(media.type)
        return [Body(name, concrete, self._written(media, concrete, value)) for name, value in values]

    def _values(self, media: Media, pointer: str) -> list[tuple[str, Any]]:
        if media.schema is None:
            values = [(one.name, one.value) for one in media.examples]
            return values or [("", {} if is_json(media.type) else "")]
        name = self._schemas.name_of(media.schema)
        found = [(one.name, self._fitting(name, one.value, media, f"{pointer}")) for one in media.examples]
        return found or [("", self._made(name, pointer))]

    def _made(self, name: str, pointer: str, hint: Any = ABSENT) -> Any:
        made = self._maker.make(name, hint)
        if not made.is_valid and hint is not ABSENT:
            made = self._maker.make(name)
        if made.is_valid:
            self.checked += 1
            return made.value
        fault = next(iter(self._schemas.validator(name).faults(made.value, 1)), None)
        told = f": {fault.sentence}" if fault is not None else ""
        sentence = f"no data was found that satisfies the schema{told}"
        self._document.tree.remarks.warn(pointer, sentence)
        return made.value

    def _fitting(self, name: str, example: Any, media: Media, pointer: str) -> Any:
        """Give the example, or, where it breaks its own schema, what can be kept of it."""
        validator = self._schemas.validator(name)
        value = _read(example, media.type)
        if validator.is_valid(value):
            self.checked += 1
            return value
        if not is_json(media.type) and isinstance(example, str):
            return example  # XML and the like cannot be compared with the schema
        fault = validator.faults(value, 1)[0]
        where = "/".join(map(str, fault.path)) or "the whole"
        self._document.tree.remarks.warn(
            pointer, f"an example breaks its own schema at {where} ({fault.sentence}): that part was made anew"
        )
        return self._made(name, pointer, value)

    def _written(self, media: Media, concrete: str, value: Any) -> dict[str, Any]:
        if is_json(concrete):
            return {"body": value if isinstance(value, dict | list) else orjson.dumps(value).decode()}
        if is_xml(concrete) and not isinstance(value, str):
            schema: Any = {} if media.schema is None else {"$ref": PREFIX + self._schemas.name_of(media.schema)}
            return {"body": self._xml.document(schema, value, "root")}
        if concrete == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return {"body": urlencode(value, doseq=True)}
        if is_text(concrete) or not isinstance(value, str):
            return {"body": value if isinstance(value, str) else orjson.dumps(value).decode()}
        if media.examples:
            return {"body": value}
        return {"body_base64": _FILES.get(concrete, _BYTES)}


def preferred(content: tuple[Media, ...]) -> Media | None:
    """Give the media type to answer with: JSON before XML before text before anything else."""
    ranked = sorted(content, key=lambda one: _rank(one.type))
    return ranked[0] if ranked else None


def _rank(name: str) -> int:
    if name.partition(";")[0].strip() == "application/json":
        return 0
    if is_json(name):
        return 1
    if is_xml(name):
        return 3
    return 4 if is_text(name) else 5


def _concrete(name: str) -> str:
    if name in ("*/*", "application/*"):
        return "application/json"
    if name == "text/*":
        return "text/plain"
    if name == "image/*":
        return "image/png"
    return name if not name.endswith("/*") else name.replace("*", "octet-stream")


def _read(example: Any, media: str) -> Any:
    """Give a JSON example that stands in the document as a text as the value that it is."""
    if isinstance(example, str) and is_json(media):
        try:
            return orjson.loads(example)
        except orjson.JSONDecodeError:
            return example
    return example
