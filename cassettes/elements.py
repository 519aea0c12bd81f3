"""An XML element as plain values: members by name, lists where they repeat, attributes as `@name`, text as `#text`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

_MOST: Final = 20_000
_DEEPEST: Final = 60


def shown_element(root: Any) -> dict[str, Any]:
    """Give an element, lxml's or the standard library's, under its name without namespaces.

    Raises ValueError where it has more than 20,000 elements, or more than 60 inside each other.
    """
    return {_local(root.tag): _shown(root, [_MOST], 0)}


def _shown(element: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth > _DEEPEST:
        raise ValueError("too large")
    shown: dict[str, Any] = {f"@{_local(name)}": str(value) for name, value in element.attrib.items()}
    content = element.text or ""
    for child in element:
        content += child.tail or ""
        if not isinstance(child.tag, str):
            continue  # a comment or processing instruction
        name, value = _local(child.tag), _shown(child, left, depth + 1)
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


def with_lists(value: Any, lists: Iterable[str]) -> Any:
    """Give an element that is shown with an object for one that is empty, and lists where these dotted names lead.

    One that stands there once is a list of one, one that is not there an empty list where what it would stand in is.
    """
    made = _object(value)
    for name in lists:
        made = _listed(made, name.split("."))
    return made


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {} if value in ("", None) else {"#text": value}


def _listed(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_listed(one, names) for one in value]
    if not isinstance(value, dict) and value != "":
        return value
    held = _object(value)
    name, *rest = names
    if not rest:
        found = held.get(name, [])
        return {**held, name: found if isinstance(found, list) else [found]}
    return {**held, name: _listed(held[name], rest)} if name in held else held


def _local(name: str) -> str:
    return name.rpartition("}")[2]
