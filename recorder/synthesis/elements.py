"""XML that is sent, read as templates show it."""

from __future__ import annotations

from typing import Any, Final
from xml.etree import ElementTree as ET

from cassettes.elements import shown_element
from recorder.synthesis.values import MISSING

_LARGEST: Final = 1_000_000


def read_elements(body: bytes, media: str) -> Any:
    """Give a body that is XML as an object of its root; MISSING where it is none, or has a document type.

    A document type is refused before anything is read, for only there could entities be defined.
    """
    if "xml" not in media or not 0 < len(body) <= _LARGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return MISSING
    try:
        root = ET.fromstring(body)  # noqa: S314 - without a document type there are no entities to expand
        return shown_element(root)
    except (ET.ParseError, ValueError, RecursionError):
        return MISSING
