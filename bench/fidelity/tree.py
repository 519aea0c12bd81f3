"""An answer's body as a tree of plain values, whatever its media type: JSON, XML, event streams, lines, text, bytes."""

from __future__ import annotations

import json
from typing import TypeAlias
from xml.etree import ElementTree as ET

from bench.fidelity.transcript import Step

Tree: TypeAlias = "bool | int | float | str | list[Tree] | dict[str, Tree] | None"


def tree_of(step: Step) -> Tree:
    """Give the body as a tree; XML elements are `{tag, attributes, text, children}`, bytes `{digest, size}`."""
    if step.binary:
        return {"digest": step.digest, "size": step.size}
    kind = (step.header("content-type") or "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return [_event(block) for block in step.text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    try:
        return _plain(json.loads(step.text))
    except ValueError:
        pass
    if "xml" in kind or step.text.startswith("<?xml"):
        try:
            return _element(ET.fromstring(step.text))
        except (ET.ParseError, ValueError):
            return step.text
    return _lines(step.text)


def kind_of(tree: Tree) -> str:
    """Give the JSON type: null, boolean, number, string, array or object."""
    if tree is None:
        return "null"
    if isinstance(tree, bool):
        return "boolean"
    if isinstance(tree, (int, float)):
        return "number"
    if isinstance(tree, str):
        return "string"
    return "array" if isinstance(tree, list) else "object"


def _plain(value: object) -> Tree:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    assert value is None or isinstance(value, (bool, int, float, str))
    return value


def _element(element: ET.Element) -> Tree:
    return {
        "tag": element.tag,
        "attributes": dict(sorted(element.attrib.items())),
        "text": (element.text or "").strip(),
        "children": [_element(child) for child in element],
    }


def _event(block: str) -> Tree:
    fields: dict[str, Tree] = {}
    for line in block.split("\n"):
        name, _, value = line.partition(":")
        if name:
            fields[name] = _or_text(value.removeprefix(" "))
    return fields


def _lines(text: str) -> Tree:
    """Give lines of JSON as a list of their trees, anything else as it is."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith(("{", "[")) for line in lines):
        return [_or_text(line) for line in lines]
    return text


def _or_text(text: str) -> Tree:
    try:
        return _plain(json.loads(text))
    except ValueError:
        return text
