"""An XML element as plain values: members by name, lists where they repeat, attributes as `@name`, text as `#text`."""

from __future__ import annotations

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


def _local(name: str) -> str:
    return name.rpartition("}")[2]
