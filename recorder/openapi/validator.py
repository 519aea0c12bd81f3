"""The one place that knows jsonschema_rs: compiled schemas, and what they say is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

_IN_CLASS: Final = re.compile(r"(\\[wWdDsS])-(?=[^\]])")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: where in it, which keyword of the schema says so, and a sentence.

    `schema_path` begins with `$defs` and the name of the definition that the keyword stands in.
    """

    path: tuple[str | int, ...]
    schema_path: tuple[str | int, ...]
    sentence: str = field(compare=False)


class Validator:
    """A compiled schema (draft 2020-12 with formats asserted); nothing is fetched."""

    __slots__ = ("_compiled", "is_valid")

    def __init__(self, schema: dict[str, Any]) -> None:
        library = _library()
        self._compiled: Any = library.Draft202012Validator(
            schema,
            validate_formats=True,
            offline=True,
            mask="the value",  # what is compared may be anybody's secret: a sentence tells only what is wrong
            pattern_options=library.FancyRegexOptions(backtrack_limit=100_000, size_limit=10_000_000),
        )
        self.is_valid: Any = self._compiled.is_valid

    def first_fault(self, value: Any) -> list[Fault]:
        """Give the first thing that is wrong with a value, without looking for the others."""
        try:
            self._compiled.validate(value)
        except _library().ValidationError as error:
            return [Fault(tuple(error.instance_path), tuple(error.schema_path), _shortened(error.message))]
        return []

    def faults(self, value: Any, most: int = 20) -> list[Fault]:
        """Give what is wrong with a value, at most so many."""
        found: list[Fault] = []
        for error in self._compiled.iter_errors(value):
            found.append(Fault(tuple(error.instance_path), tuple(error.schema_path), _shortened(error.message)))
            if len(found) == most:
                break
        return found


def compile_schema(schema: dict[str, Any]) -> Validator | str:
    """Compile a schema, or give the sentence that says why it cannot be."""
    try:
        return Validator(schema)
    except ValueError as error:
        return str(error).partition("\n")[0]
    except Exception as error:  # noqa: BLE001  # the library's errors have no common ancestor
        return str(error).partition("\n")[0]


@lru_cache(maxsize=4096)
def usable_pattern(pattern: str) -> str | None:
    """Give the pattern as the validator reads it, or None where it is no regular expression."""
    for candidate in (pattern, _translated(pattern)):
        if isinstance(compile_schema({"pattern": candidate}), Validator):
            return candidate
    return None


def _translated(pattern: str) -> str:
    """Write what browsers and other languages accept as ECMA-262 with the `u` flag has it."""
    anchored = pattern.replace(r"\Z", "$").replace(r"\z", "$").replace(r"\A", "^")
    return _IN_CLASS.sub(r"\1\\-", anchored)


def _library() -> Any:
    return import_module("jsonschema_rs")


def _shortened(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:200]} … {message[-90:]}"
