"""Keywords of a schema as JSON Schema 2020-12 has them, whatever dialect they were written in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from recorder.openapi.validator import usable_pattern

TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
ONE_SCHEMA: Final = frozenset({
    "additionalProperties", "additionalItems", "items", "not", "if", "then", "else", "contains", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties",
})  # fmt: skip
SCHEMA_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SCHEMA_MAPS: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
_NEWER_THAN_3_0: Final = frozenset({
    "const", "if", "then", "else", "contains", "propertyNames", "prefixItems", "patternProperties", "dependentSchemas",
    "dependentRequired", "unevaluatedItems", "unevaluatedProperties", "minContains", "maxContains", "$dynamicRef",
})  # fmt: skip


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: Any) -> Any:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def _positive(value: Any) -> Any:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _names(value: Any) -> Any:
    if not isinstance(value, list):
        return None
    return list(dict.fromkeys(name for name in value if isinstance(name, str)))


def _types(value: Any) -> Any:
    given = value if isinstance(value, list) else [value]
    known = list(dict.fromkeys(name for name in given if isinstance(name, str) and name in TYPES))
    if not known:
        return None
    return known[0] if len(known) == 1 else known


def _pattern(value: Any) -> Any:
    return usable_pattern(value) if isinstance(value, str) else None


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool) else None


def _values(value: Any) -> Any:
    return value if isinstance(value, list) and value else None


def _mapping(value: Any) -> Any:
    return value if isinstance(value, dict) else None


def _required_by(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    return {name: _names(names) or [] for name, names in value.items()}


PLAIN: Final[dict[str, Callable[[Any], Any]]] = {
    "type": _types,
    "format": _text,
    "pattern": _pattern,
    "minimum": _number,
    "maximum": _number,
    "exclusiveMinimum": _number,
    "exclusiveMaximum": _number,
    "multipleOf": _positive,
    "minLength": _count,
    "maxLength": _count,
    "minItems": _count,
    "maxItems": _count,
    "uniqueItems": _flag,
    "minContains": _count,
    "maxContains": _count,
    "minProperties": _count,
    "maxProperties": _count,
    "required": _names,
    "enum": _values,
    "dependentRequired": _required_by,
    "xml": _mapping,
    "contentEncoding": _text,
    "contentMediaType": _text,
    "readOnly": _flag,
    "writeOnly": _flag,
    "title": _text,
}
"""Keywords whose value is no schema: what makes it usable; None drops the keyword."""


def plain_keywords(schema: dict[str, Any], *, legacy: bool) -> tuple[dict[str, Any], list[str]]:
    """Give a schema's keywords that hold no schemas, as 2020-12, and the names of those that had to be dropped.

    `legacy` is the dialect of Swagger 2.0 and OpenAPI 3.0.
    """
    kept: dict[str, Any] = {}
    dropped: list[str] = []
    for key, check in PLAIN.items():
        if key not in schema or (legacy and key in _NEWER_THAN_3_0):
            continue
        usable = check(schema[key])
        if usable is not None:
            kept[key] = usable
        elif not _is_expected(key, schema[key]):
            dropped.append(key)
    _exclusive_bounds(schema, kept, dropped)
    for key in ("default", "const", "example", "examples"):
        if key in schema and not (legacy and key in ("const", "examples")):
            kept[key] = schema[key]
    if "examples" in kept and not isinstance(kept["examples"], list):
        del kept["examples"]
    return kept, dropped


def _is_expected(key: str, value: Any) -> bool:
    """Say whether a dropped keyword is one that people write everywhere: `required: true`, `type: file` or `any`."""
    return (
        value is None or (key == "required" and isinstance(value, bool)) or (key == "type" and value in ("file", "any"))
    )


def _exclusive_bounds(schema: dict[str, Any], kept: dict[str, Any], dropped: list[str]) -> None:
    """Turn draft 4's `exclusiveMinimum: true` into a bound of its own."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(exclusive), bool):
            if exclusive in dropped:
                dropped.remove(exclusive)
            if schema[exclusive] and bound in kept:
                kept[exclusive] = kept.pop(bound)


def holds_schema(key: str, *, legacy: bool) -> bool:
    """Say whether a keyword that holds schemas is one of the dialect."""
    return not (legacy and key in _NEWER_THAN_3_0)


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Let a schema of OpenAPI 3.0 accept null too, as `nullable: true` asks."""
    kind = schema.get("type")
    combined = {"allOf", "anyOf", "oneOf", "not", "$ref"} & schema.keys()
    if kind is None or combined:
        return {"anyOf": [schema, {"type": "null"}]} if schema else {}
    widened = {**schema, "type": [*([kind] if isinstance(kind, str) else kind), "null"]}
    if "enum" in schema and None not in schema["enum"]:
        widened["enum"] = [*schema["enum"], None]
    return widened
