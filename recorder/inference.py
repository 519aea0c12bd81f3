"""A schema that several values satisfy: what they have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

_DATE: Final = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"  # later days are no date in every month
_TIME: Final = r"(?:[01]\d|2[0-3]):[0-5]\d"
_FORMATS: Final = (
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")),
    ("date-time", re.compile(rf"{_DATE}T{_TIME}:[0-5]\d(?:\.\d+)?(?:Z|[+-]{_TIME})\Z")),
    ("date", re.compile(_DATE + r"\Z")),
    ("email", re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z")),
)  # fmt: skip
_DEEPEST: Final = 40


def inferred(values: Iterable[Any], depth: int = 0) -> dict[str, Any]:
    """Give a JSON Schema (2020-12) that each of the values satisfies; an empty one where they say nothing."""
    given = list(values)
    kinds = {_kind(value) for value in given}
    if not given or depth > _DEEPEST:
        return {}
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    elif {"integer", "number"} <= kinds:
        kinds.discard("integer")
    order = ["object", "array", "string", "number", "integer", "boolean", "null"]
    types = sorted(kinds, key=order.index)
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    if "object" in kinds:
        schema.update(_object([value for value in given if isinstance(value, dict)], depth))
    if "array" in kinds:
        items = inferred((item for value in given if isinstance(value, list) for item in value), depth + 1)
        if items:
            schema["items"] = items
    if "string" in kinds:
        texts = [value for value in given if isinstance(value, str)]
        name = next((name for name, regex in _FORMATS if all(regex.match(text) for text in texts)), None)
        if name:
            schema["format"] = name
    return schema


def _object(values: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    names = list(dict.fromkeys(name for value in values for name in value))
    properties = {name: inferred((value[name] for value in values if name in value), depth + 1) for name in names}
    required = [name for name in names if all(name in value for value in values)]
    return {"properties": properties, **({"required": required} if required else {})} if names else {}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
