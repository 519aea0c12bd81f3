"""How a parameter's value stands in a request or header: written, and read back."""

from __future__ import annotations

import re
from typing import Any, Final

import orjson

from recorder.openapi.operation import Parameter

_WHOLE: Final = re.compile(r"[+-]?[0-9]+\Z")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


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
