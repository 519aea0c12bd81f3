"""XML as templates show it: elements by name, lists where they repeat, attributes as `@name`, other text as `#text`."""

from __future__ import annotations

from typing import Any, Final
from xml.etree import ElementTree as ET

from recorder.synthesis.values import MISSING

_LARGEST: Final = 1_000_000
_DEEPEST: Final = 50


def read_elements(body: bytes, media: str) -> Any:
    """Give a body that is XML as an object of its root; MISSING where it is none, or has a document type.

    A document type is refused before anything is read, for only there could entities be defined.
    """
    if "xml" not in media or not 0 < len(body) <= _LARGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return MISSING
    try:
        root = ET.fromstring(body)  # noqa: S314 - without a document type there are no entities to expand
        return {_local(root.tag): _shown(root, 0)}
    except (ET.ParseError, ValueError, RecursionError):
        return MISSING


def _shown(element: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    shown: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    content = element.text or ""
    for child in element:
        content += child.tail or ""
        name, value = _local(child.tag), _shown(child, depth + 1)
        if name not in shown:
            shown[name] = value
        elif isinstance(shown[name], list):
            shown[name].append(value)
        else:
            shown[name] = [shown[name], value]
    if not shown:
        return content.strip()
    if content.strip():
        shown["#text"] = content.strip()
    return shown


def _local(name: str) -> str:
    return name.rpartition("}")[2]
