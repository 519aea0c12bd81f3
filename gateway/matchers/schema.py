"""The one door to jsonschema-rs: JSON Schema (drafts 4 to 2020-12), with nothing fetched and linear patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import orjson

LARGEST: Final = 256 << 10
LONGEST_PATTERN: Final = 1_000
PATTERN_BYTES: Final = 1 << 20
# A validator tries each branch of each reference: a schema of 60 lines can ask for 2^60 of them.
BRANCHES: Final = 20_000
_TOLD_CHARACTERS: Final = 300  # a message shows the value that is wrong, which can be the whole body
_IN_PLACE: Final = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies")


class SchemaError(ValueError):
    """A schema that cannot be used; the message says where."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A compiled schema: `is_valid` decides; `first_error` gives the JSON pointer in the instance and a sentence."""

    is_valid: Callable[[Any], bool] = field(repr=False)
    first_error: Callable[[Any], tuple[str, str] | None] = field(repr=False)


def compile_schema(schema: dict[str, Any] | bool) -> Schema:
    """Compile a schema; raises SchemaError where it is none, is too large, or refers to what lies elsewhere."""
    import jsonschema_rs

    try:
        size = len(orjson.dumps(schema))
    except (TypeError, orjson.JSONEncodeError) as error:
        raise SchemaError(f"not JSON: {error}") from None
    if size > LARGEST:
        raise SchemaError(f"a schema has at most {LARGEST >> 10} KiB, and this has {size >> 10}")
    try:
        longest = max((len(pattern) for pattern in _patterns(schema)), default=0)
        if longest > LONGEST_PATTERN:
            raise SchemaError(f"a pattern has at most {LONGEST_PATTERN} characters, and one of this has {longest}")
        branches = _branches(schema, schema, {})
    except RecursionError:
        raise SchemaError("it is nested too deeply") from None
    if branches > BRANCHES:
        raise SchemaError(f"its references multiply: one value would be tried against more than {BRANCHES} branches")
    patterns = jsonschema_rs.RegexOptions(size_limit=PATTERN_BYTES, dfa_size_limit=8 * PATTERN_BYTES)
    try:
        compiled = jsonschema_rs.validator_for(
            schema, validate_formats=True, retriever=_fetch_nothing, pattern_options=patterns
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise SchemaError(_told(error)) from None

    def first_error(instance: Any) -> tuple[str, str] | None:
        # Not iter_errors: it finds all of them first, in 3 s where 200,000 objects are wrong.
        try:
            compiled.validate(instance)
        except jsonschema_rs.ValidationError as error:
            return "".join(f"/{step}" for step in error.instance_path), error.message[:_TOLD_CHARACTERS]
        except ValueError:
            return "", "the value is nested too deeply to be compared with a schema"
        return None

    def is_valid(instance: Any) -> bool:
        try:
            return bool(compiled.is_valid(instance))
        except ValueError:  # nested too deeply
            return False

    return Schema(is_valid, first_error)


def _patterns(schema: Any) -> Iterator[str]:
    """Give the patterns of a schema, wherever they stand."""
    if isinstance(schema, list):
        for one in schema:
            yield from _patterns(one)
    elif isinstance(schema, dict):
        for name, value in schema.items():
            if name == "pattern" and isinstance(value, str):
                yield value
            if name == "patternProperties" and isinstance(value, dict):
                yield from value
            yield from _patterns(value)


def _told(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    path = "/".join(str(step) for step in getattr(error, "instance_path", ()))
    if 'is not a "regex"' in message:
        message += " that is matched in linear time: no look-around, no references back"
    return f"{message.splitlines()[0]}" + (f" (at {path})" if path else "")


def _fetch_nothing(uri: str) -> NoReturn:
    raise ValueError(f"'{uri}' is not in this schema, and nothing is fetched: put it under $defs")


def _branches(schema: Any, root: Any, known: dict[int, int]) -> int:
    """Count the subschemas that one value is tried against, references followed; what refers to itself counts once."""
    if not isinstance(schema, dict):
        return 1
    if id(schema) in known:
        return known[id(schema)]
    known[id(schema)] = 1
    total = 1
    for inner in _in_place(schema, root):
        total = min(total + _branches(inner, root, known), BRANCHES + 1)
    known[id(schema)] = total
    return total


def _in_place(schema: dict[str, Any], root: Any) -> list[Any]:
    found: list[Any] = []
    for name in _IN_PLACE:
        value = schema.get(name)
        found += (
            value if isinstance(value, list) else value.values() if name.startswith("depend") and value else [value]
        )
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        found.append(_resolved(reference, root))
    return [inner for inner in found if isinstance(inner, dict)]


def _resolved(reference: str, root: Any) -> Any:
    at = root
    for step in reference[1:].split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(at, dict) or name not in at:
            return None
        at = at[name]
    return at
