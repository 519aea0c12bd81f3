"""What is wrong with a document, in sentences: where, what, and what would be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from cassettes.document import Document, Path

Flaw = tuple[Path, str]
"""A path into a value, and what is wrong there."""

_KINDS: Final[dict[Any, str]] = {
    NoneType: "nothing",
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    tuple: "a list",
    dict: "a mapping",
}
MOST: Final = 100
"""So many sentences about one value; the rest would help nobody, and looking for the nearest names takes time."""
_WRONG_TYPE: Final = re.compile(r"_(type|parsing|from_float)$")
_SUBJECT: Final = re.compile(r"^(Input|String|List|Tuple|Dictionary|Value) should ")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One sentence about a file; `path` is as `routes.0.match`, "" for the whole; line 0 is no line."""

    file: str
    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        where = [self.file, str(self.line)] if self.line else [self.file]
        return ": ".join(filter(None, [":".join(where), self.path, self.reason]))


def complain(document: Document, at: Path, reason: str) -> Complaint:
    """Give a sentence about what stands at a path of a document."""
    return Complaint(document.name, document.line(at), shown_path(at), reason)


def complaints(document: Document, at: Path, model: type[BaseModel], value: Any) -> list[Complaint]:
    """Say what keeps `value`, which stands at `at`, from being such a model; empty where nothing does."""
    return [complain(document, (*at, *path), reason) for path, reason in flaws(model, value)]


def shown_path(path: Path) -> str:
    """Write a path as people read it."""
    return ".".join(map(str, path))


def flaws(model: type[BaseModel], value: Any) -> list[Flaw]:
    """Say what keeps a value from being such a model: one sentence for each place.

    Where a value can be of several kinds, it is judged as the kind that it looks like.
    """
    found = _flaws(model, value, ())
    return found if len(found) <= MOST else [*found[:MOST], ((), "there is more that is wrong")]


@cache
def known_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Give the keys that a model knows, as they are written."""
    return tuple(sorted(info.alias or name for name, info in model.model_fields.items()))


def did_you_mean(name: str, known: tuple[str, ...] | list[str]) -> str:
    """Name the nearest of the known, as the end of a sentence; "" if none is near."""
    near = get_close_matches(name, known, n=1)
    return f": did you mean {near[0]!r}?" if near else ""


def _flaws(kind: Any, value: Any, path: Path) -> list[Flaw]:
    origin = get_origin(kind)
    if origin is Annotated:
        return _flaws(get_args(kind)[0], value, path) or _leaf(kind, value, path)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _model(kind, value, path)
    if origin in (Union, UnionType):
        return _union(get_args(kind), value, path)
    if origin is Literal:
        return _literal(get_args(kind), value, path)
    if origin in (list, tuple, dict) and not isinstance(value, list if origin is tuple else origin):
        return [(path, _expected(_KINDS[origin], value))]
    if origin is list:
        return [flaw for index, item in enumerate(value) for flaw in _flaws(get_args(kind)[0], item, (*path, index))]
    if origin is tuple and len(value) == len(get_args(kind)):
        items = enumerate(zip(get_args(kind), value, strict=True))
        return [flaw for index, (inner, item) in items for flaw in _flaws(inner, item, (*path, index))]
    if origin is dict:
        key_kind, value_kind = get_args(kind)
        return _dict(key_kind, value_kind, value, path)
    return _leaf(kind, value, path)


def _model(model: type[BaseModel], value: Any, path: Path) -> list[Flaw]:
    if not isinstance(value, dict):
        return [(path, _expected("a mapping", value))]
    try:
        model.model_validate(value)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    else:
        return []
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    found: list[Flaw] = []
    judged: set[object] = set()
    for problem in problems:
        key = problem["loc"][0] if problem["loc"] else None
        if key in judged:
            continue
        judged.add(key)
        if len(found) > MOST:
            break
        if key is None:
            found.append((path, _sentence(problem)))
        elif key not in fields:
            found.append(((*path, key), f"unknown key {key!r}{_suggestion(model, str(key))}"))
        elif problem["type"] == "missing" and key not in value:
            found.append((path, f"the key {key!r} is missing"))
        else:
            place = (*path, key)
            field = fields[str(key)]
            found.extend(
                _flaws(field.annotation, value[key], place) or [(place, _of_field(field, problem, value[key]))]
            )
    return found


def _of_field(field: FieldInfo, problem: Any, value: Any) -> str:
    """Say what a field is to be in its own words rather than by a pattern."""
    if problem["type"] == "string_pattern_mismatch" and field.description:
        return f"expected {field.description}, not {_shown(value)}"
    return _sentence(problem)


def _suggestion(model: type[BaseModel], key: str) -> str:
    known = known_names(model)
    elsewhere = [
        f"'{info.alias or name}.{key}'"
        for name, info in model.model_fields.items()
        for inner in _models(info.annotation)
        if key in known_names(inner)
    ]
    if elsewhere:
        return f": did you mean {' or '.join(elsewhere[:3])}?"
    near = did_you_mean(key, known)
    if near:
        return near
    return f" (known: {', '.join(known)})" if len(known) <= 12 else ""


def _models(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for inner in get_args(kind) if get_origin(kind) in (Union, UnionType) for model in _models(inner)]


def _dict(key_kind: Any, value_kind: Any, value: dict[Any, Any], path: Path) -> list[Flaw]:
    found = [
        ((*path, key), f"the key {key!r} {reason}")
        for key in value
        for _, reason in _flaws(key_kind, key, (*path, key))
    ]
    return found + [flaw for key, item in value.items() for flaw in _flaws(value_kind, item, (*path, key))]


def _union(kinds: tuple[Any, ...], value: Any, path: Path) -> list[Flaw]:
    """Judge a value as the one kind of several that it looks like."""
    literals = tuple(choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind))
    if (
        literals
        and isinstance(value, str)
        and all(_root(kind) is not str or get_origin(kind) is Literal for kind in kinds)
    ):
        return _literal(literals, value, path)
    alike = [kind for kind in kinds if _looks_like(kind, value)]
    if not alike:
        names = list(dict.fromkeys(_name(kind) for kind in kinds if kind is not NoneType))
        return [(path, _expected(_any_of(names), value))]
    return min((_flaws(kind, value, path) for kind in alike), key=len)


def _looks_like(kind: Any, value: Any) -> bool:
    root = _root(kind)
    if root is Any:
        return True
    if root is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is (list if root is tuple else root)


def _root(kind: Any) -> Any:
    """Give the plain type that a value of this kind has: dict for a model."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _root(get_args(kind)[0])
    if origin is Literal:
        return type(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return dict
    return origin or kind


def _name(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return f"one of {', '.join(map(str, get_args(kind)))}"
    return _KINDS.get(_root(kind), "another value")


def _any_of(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _literal(choices: tuple[Any, ...], value: Any, path: Path) -> list[Flaw]:
    if value in choices and type(value) is type(choices[0]):
        return []
    near = did_you_mean(value, [str(choice) for choice in choices]) if isinstance(value, str) else ""
    return [(path, f"expected one of {', '.join(map(str, choices))}, not {_shown(value)}{near}")]


def _leaf(kind: Any, value: Any, path: Path) -> list[Flaw]:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        name = _KINDS.get(_root(kind))
        if name is not None and _WRONG_TYPE.search(problem["type"]):
            return [((*path, *problem["loc"]), _expected(name, value))]
        return [((*path, *problem["loc"]), _sentence(problem))]
    return []


def _expected(name: str, value: Any) -> str:
    quoted = type(value) in (bool, int, float) and "a text" in name
    return f"{name} is expected, not {_shown(value)}" + (": put it in quotes" if quoted else "")


def _shown(value: Any) -> str:
    if isinstance(value, str) and len(value) <= 40:
        return repr(value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value}" if type(value) in (int, float) else _KINDS.get(type(value), "another value")


def _sentence(problem: Any) -> str:
    message: str = problem["msg"].removeprefix("Value error, ")
    return _SUBJECT.sub("should ", message)
