"""A value as XML, as the `xml` keywords of its schema ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from recorder.openapi.flat import Flat

_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_.:-]+")


class XmlWriter:
    """Writes elements; `flat` gives a schema merged with what it refers to."""

    def __init__(self, flat: Callable[[Any], Flat]) -> None:
        self._flat = flat

    def document(self, schema: Any, value: Any, name: str) -> str:
        """Write a whole document; `name` is the root's where the schema names none."""
        flat = self._flat(schema)
        root = _told(flat).get("name") or (flat.names[0] if flat.names else name) or "root"
        if isinstance(value, list):
            inner = self._list(flat, value, str(root), wrapped=False)
            return f'<?xml version="1.0" encoding="UTF-8"?>\n<{_safe(root)}>{inner}</{_safe(root)}>'
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self._element(schema, value, str(root))

    def _element(self, schema: Any, value: Any, name: str) -> str:
        flat = self._flat(schema)
        told = _told(flat)
        prefix = str(told.get("prefix", ""))
        tag = _safe(f"{prefix}:{name}" if prefix else name)
        attributes = ""
        if told.get("namespace"):
            attributes = f" xmlns{':' + prefix if prefix else ''}={quoteattr(str(told['namespace']))}"
        if not isinstance(value, dict):
            return f"<{tag}{attributes}>{escape(_text(value))}</{tag}>"
        inner = []
        properties = flat.words.get("properties", {})
        for key, item in value.items():
            child = properties.get(key, {})
            child_flat = self._flat(child)
            told_child = _told(child_flat)
            child_name = str(told_child.get("name") or key)
            if told_child.get("attribute") is True:
                attributes += f" {_safe(child_name)}={quoteattr(_text(item))}"
            elif isinstance(item, list):
                inner.append(self._list(child_flat, item, child_name, wrapped=told_child.get("wrapped") is True))
            else:
                inner.append(self._element(child, item, child_name))
        return f"<{tag}{attributes}>{''.join(inner)}</{tag}>"

    def _list(self, flat: Flat, values: list[Any], name: str, *, wrapped: bool) -> str:
        items = flat.words.get("items", {})
        item_name = str(_told(self._flat(items)).get("name") or name)
        inner = "".join(self._element(items, value, item_name) for value in values)
        return f"<{_safe(name)}>{inner}</{_safe(name)}>" if wrapped else inner


def _told(flat: Flat) -> dict[str, Any]:
    told = flat.words.get("xml")
    return told if isinstance(told, dict) else {}


def _safe(name: object) -> str:
    text = _NOT_IN_A_NAME.sub("_", str(name))
    return text if text[:1].isalpha() or text[:1] == "_" else f"_{text}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
