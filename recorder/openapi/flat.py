"""A schema with its references and `allOf` merged into one mapping, as the one who makes data needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.openapi.schemas import PREFIX, Schemas

Combination = tuple[str, list[Any]]
_GREATER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_LESSER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_SAMPLES: Final = frozenset({"example", "examples", "default"})
_ALSO: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})


@dataclass(slots=True)
class Flat:
    """`words` are the merged keywords; `names` the schemas that were entered, outermost first.

    `combinations` are the `oneOf` and `anyOf` that have to hold beside them; `patterns` all the text has to match.
    """

    words: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    combinations: list[Combination] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    is_impossible: bool = False

    def types(self) -> list[str]:
        """Give the types that are allowed, those that are not null first; empty where any is."""
        given = self.words.get("type", [])
        names = [given] if isinstance(given, str) else list(given)
        return sorted(names, key=lambda name: name == "null")

    def rest(self) -> dict[str, Any]:
        """Give the schema without its combinations."""
        patterns: list[Any] = [{"pattern": one} for one in self.patterns[1:]]
        return {**self.words, **({"allOf": patterns} if patterns else {})}


class Flattener:
    """Merges schemas, each once."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._known: dict[int, tuple[Any, Flat]] = {}

    def flat(self, schema: Any) -> Flat:
        """Give a converted schema merged with what it refers to."""
        known = self._known.get(id(schema))
        if known is None:
            merged = Flat()
            self._merge(merged, schema, is_part=False)
            known = self._known[id(schema)] = (schema, merged)  # holding the schema keeps its id its own
        return known[1]

    def _merge(self, into: Flat, schema: Any, *, is_part: bool) -> None:
        if not isinstance(schema, dict):
            into.is_impossible = into.is_impossible or schema is False
            return
        parts = schema.get("allOf", [])
        for key, value in schema.items():
            if key not in ("$ref", "allOf") and not (is_part and key in _SAMPLES):
                _combine(into, key, value)
        reference = schema.get("$ref", "").removeprefix(PREFIX)
        if reference and reference not in into.names:
            into.names.append(reference)
            self._merge(into, self._schemas.schema(reference), is_part=is_part)
        are_parts = is_part or len(parts) > 1 or "properties" in schema or "required" in schema
        for one in parts:
            self._merge(into, one, is_part=are_parts)


def _combine(into: Flat, key: str, value: Any) -> None:
    words = into.words
    if key in ("oneOf", "anyOf"):
        into.combinations.append((key, value))
    elif key == "pattern":
        into.patterns.append(value)
        words.setdefault(key, value)
    elif key not in words:
        words[key] = value
    elif key in _ALSO:
        words[key] = _united(words[key], value)
    elif key in _MERGES:
        words[key] = _MERGES[key](words[key], value)


def _united(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    both = dict(ours)
    for name, schema in theirs.items():
        both[name] = {"allOf": [both[name], schema]} if name in both and both[name] != schema else schema
    return both


def _common_types(ours: Any, theirs: Any) -> Any:
    one = [ours] if isinstance(ours, str) else ours
    other = [theirs] if isinstance(theirs, str) else theirs
    common = [name for name in one if name in other]
    if "number" in one and "integer" in other:
        common.append("integer")
    if "integer" in one and "number" in other:
        common.append("integer")
    return list(dict.fromkeys(common)) or ours


def _common_values(ours: list[Any], theirs: list[Any]) -> list[Any]:
    return [value for value in ours if value in theirs] or ours


def _both(ours: Any, theirs: Any) -> Any:
    if ours is True or theirs is False:
        return theirs
    if theirs is True or ours is False or ours == theirs:
        return ours
    return {"allOf": [ours, theirs]}


_MERGES: Final[dict[str, Callable[[Any, Any], Any]]] = {
    **dict.fromkeys(_GREATER, max),
    **dict.fromkeys(_LESSER, min),
    "type": _common_types,
    "enum": _common_values,
    "required": lambda ours, theirs: list(dict.fromkeys([*ours, *theirs])),
    "items": _both,
    "additionalProperties": _both,
    "unevaluatedProperties": _both,
    "propertyNames": _both,
    "uniqueItems": lambda ours, theirs: ours or theirs,
}
