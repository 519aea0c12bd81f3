"""How a parameter's value stands in a request or header: written, and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from recorder.openapi.flat import Flattener
from recorder.openapi.operation import Parameter

ABSENT: Final = object()
"""What a parameter is that is not there."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]+\Z")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a text has to be read as: the types it may have, those of a list's items and an object's properties."""

    types: list[str]
    items: list[str] = field(default_factory=list)
    properties: dict[str, Shape] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`array` or `object` where the value can be one, else ""."""
        return next((name for name in self.types if name in ("array", "object")), "")

    def mapping(self, given: dict[str, str]) -> dict[str, Any]:
        """Give the texts of an object's properties as their values."""
        return {name: self._property(name, text) for name, text in given.items()}

    def _property(self, name: str, text: str) -> Any:
        shape = self.properties.get(name)
        return text if shape is None else shape.value(text)

    def value(self, text: str) -> Any:
        """Give one text as a value of this shape."""
        return [coerced(text, self.items)] if self.kind == "array" else coerced(text, self.types)


def shape_of(schema: Any, flattener: Flattener, depth: int = 0) -> Shape:
    """Give what a schema says about reading a text."""
    flat = flattener.flat(schema)
    types = list(flat.types())
    for _, branches in flat.combinations:
        for branch in branches if depth < 4 else ():
            types += shape_of(branch, flattener, depth + 1).types
    if depth > 1:
        return Shape(_ordered(types))
    words = flat.words
    if not types and "properties" in words:
        types = ["object"]
    items = shape_of(words.get("items", True), flattener, depth + 1).types
    properties = {name: shape_of(one, flattener, depth + 1) for name, one in words.get("properties", {}).items()}
    return Shape(_ordered(types), items, properties)


def _ordered(types: list[str]) -> list[str]:
    """Put the types that say more before text, which everything can be."""
    order = ["integer", "number", "boolean", "null", "array", "object", "string"]
    return sorted(dict.fromkeys(types), key=order.index)


def written(parameter: Parameter, value: Any) -> str:
    """Write a value in `simple` style, as in a header or path."""
    if parameter.media is not None:
        return orjson.dumps(value).decode()
    if isinstance(value, list):
        return ",".join(_text(one) for one in value)
    if isinstance(value, dict):
        pairs = ((key, _text(one)) for key, one in value.items())
        return ",".join(f"{key}={one}" if parameter.explode else f"{key},{one}" for key, one in pairs)
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return "" if value is None else str(value)


def coerced(text: str, types: list[str]) -> Any:
    """Give a text as the first of these types that it can be; a text stays one where none fits."""
    for kind in types:
        if kind == "integer" and _WHOLE.match(text):
            return int(text)
        if kind == "number" and _NUMBER.match(text):
            return int(text) if _WHOLE.match(text) else float(text)
        if kind == "boolean" and text in ("true", "false"):
            return text == "true"
        if kind == "null" and text in ("", "null"):
            return None
        if kind == "string":
            return text
    return text


_SEPARATORS: Final = {"spaceDelimited": " ", "pipeDelimited": "|"}


def read_query(parameter: Parameter, pairs: list[tuple[str, str]], shape: Shape) -> Any:
    """Give a query parameter's value from the decoded pairs of a query, or ABSENT."""
    name = parameter.name
    if shape.kind == "object" and parameter.media is None:
        if parameter.style == "deepObject":
            lead = name + "["
            given = {key[len(lead) : -1]: text for key, text in pairs if key.startswith(lead) and key.endswith("]")}
            return shape.mapping(given) if given else ABSENT
        if parameter.explode:
            given = {key: text for key, text in pairs if key in shape.properties}
            return shape.mapping(given) if given else ABSENT
    texts = [text for key, text in pairs if key in (name, name + "[]")]
    if not texts:
        return ABSENT
    if parameter.media is not None or shape.kind not in ("array", "object"):
        return read_text(parameter, texts[-1], shape)
    if shape.kind == "array" and (parameter.explode or len(texts) > 1):
        return [coerced(text, shape.items) for text in texts]
    return read_text(parameter, texts[-1], shape, _SEPARATORS.get(parameter.style, ","))


def read_text(parameter: Parameter, text: str, shape: Shape, separator: str = ",") -> Any:
    """Give a value that stands in one text: a path's segment, a header, a cookie; ABSENT where it is no document."""
    if parameter.media is not None:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    if parameter.style == "label":
        text, separator = text.removeprefix("."), "." if parameter.explode else ","
    elif parameter.style == "matrix":
        text = text.removeprefix(";")
        text = text.removeprefix(parameter.name + "=")
        if parameter.explode:
            text = text.replace(f";{parameter.name}=", ",")
    if shape.kind == "array":
        return [coerced(one.strip(), shape.items) for one in text.split(separator)] if text else []
    if shape.kind == "object":
        parts = text.split(separator)
        pairs = (
            (one.partition("=")[::2] for one in parts)
            if parameter.explode
            else zip(parts[::2], parts[1::2], strict=False)
        )
        return shape.mapping(dict(pairs))
    return coerced(text, shape.types)
