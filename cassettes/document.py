"""A YAML or JSON text as plain values, with the line each one stands on; no aliases, tags or duplicate keys."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import orjson
import yaml
from yaml.nodes import ScalarNode

from cassettes.errors import DefinitionError

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH: Final = 64
_MAX_NODES: Final = 5_000_000
_MAX_BYTES: Final = 64 << 20
_SCALARS: Final = yaml.constructor.SafeConstructor()
_MAKERS: Final[dict[str, Any]] = {
    "tag:yaml.org,2002:null": _SCALARS.construct_yaml_null,
    "tag:yaml.org,2002:bool": _SCALARS.construct_yaml_bool,
    "tag:yaml.org,2002:int": _SCALARS.construct_yaml_int,
    "tag:yaml.org,2002:float": _SCALARS.construct_yaml_float,
}
"""What a plain scalar can be beside text; dates stay as they are written."""
# A pair of escaped surrogates is one character in JSON and an error in YAML.
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")

_QUOTE_IT: Final = ": put a text with braces, such as '{{ value }}' or '/users/{id}', in quotes"

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`value` as plain Python; the 1-based line of each path into it is looked up in `text` when it is asked for."""

    name: str
    value: Any
    text: bytes = field(default=b"", repr=False)
    _lines: dict[Path, int] = field(default_factory=dict, repr=False, compare=False)

    def line(self, path: Path) -> int:
        """Give the line of a path, or of the nearest thing around it."""
        if not self._lines and self.text:
            self._lines.update(_lines_of(self.text, self.name))
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def read_document(text: str | bytes, name: str) -> Document:
    """Parse YAML (or JSON, which is YAML); raises DefinitionError naming file, line and what is wrong.

    A text whose name ends in `.json` has to be JSON. A text that is JSON is read by a JSON parser, which takes a
    twentieth of the time.
    """
    if len(text) > _MAX_BYTES:
        raise DefinitionError(f"larger than {_MAX_BYTES} bytes, which is the most that is read", file=name)
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if name.endswith(".json") or raw.lstrip()[:1] in (b"{", b"["):
        try:
            return Document(name, _read_json(raw), raw)
        except orjson.JSONDecodeError as error:
            if name.endswith(".json"):
                raise DefinitionError(f"not JSON: {error.msg}", file=name, line=error.lineno) from None
        except _NotPlainError:
            raw = _SURROGATE.sub(b"?", raw)
    return Document(name, _read_yaml(raw, name, None), raw)


class _NotPlainError(ValueError):
    """The JSON text breaks a rule, and the reader that knows lines can say where."""


def _read_json(text: bytes) -> Any:
    level: list[Any] = [orjson.loads(text)]
    for _ in range(_MAX_DEPTH + 1):
        nested = [item for item in level if type(item) in (dict, list)]
        if not nested:
            break
        level = [inner for items in nested for inner in (items.values() if type(items) is dict else items)]
    else:
        raise _NotPlainError
    try:
        return json.loads(text, object_pairs_hook=_mapping)
    except (ValueError, RecursionError):
        raise _NotPlainError from None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _NotPlainError
    return mapping


def _lines_of(text: bytes, name: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    try:
        _read_yaml(_SURROGATE.sub(b"?", text), name, lines)
    except DefinitionError:
        # JSON that YAML cannot read, such as a key of more than a thousand characters: what was found so far has lines.
        return lines or {(): 1}
    return lines


def _read_yaml(text: bytes, name: str, lines: dict[Path, int] | None) -> Any:
    loader = None
    try:
        loader = _LOADER(text)
        return _Reader(loader.get_event, name, lines).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DefinitionError(_hinted(error.problem or "not YAML", text, line), file=name, line=line) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise DefinitionError(f"not a readable text: {error}", file=name) from None
    finally:
        if loader is not None:
            loader.dispose()


def _hinted(problem: str, text: bytes, line: int) -> str:
    """Add what the parser does not say: what the usual cause is."""
    written = text.splitlines()[line - 1 : line]
    lead = written[0][: len(written[0]) - len(written[0].lstrip())] if written else b""
    if b"\t" in lead:
        return "a tab stands before the text: YAML is indented with spaces"
    return f"{problem}{_QUOTE_IT}" if problem.endswith(("',' or '}'", "',' or ']'")) else problem


class _Reader:
    """Builds values from the parser's events as they come, so that nothing is built of what is refused."""

    def __init__(self, next_event: Any, name: str, lines: dict[Path, int] | None) -> None:
        self._next = next_event
        self._name = name
        self._lines = lines
        self._nodes = 0
        self._plain: dict[str, Any] = {}

    def read(self) -> Any:
        """Give the text's one document, None if there is none."""
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), (), _MAX_DEPTH)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, "a second document begins here: one text is one document")
        return value

    def _value(self, event: Any, path: Path, depth: int) -> Any:
        self._nodes += 1
        kind = type(event)
        if kind is yaml.AliasEvent or event.anchor is not None:
            self._refuse(event, f"anchors and aliases ({event.anchor}) are not read: write the value out")
        if event.tag is not None:
            self._refuse(event, f"the tag {event.tag} is not read: write a plain value")
        if self._nodes > _MAX_NODES:
            self._refuse(event, f"more than {_MAX_NODES} nodes, which are the most that are read")
        if self._lines is not None:
            self._lines.setdefault(path, event.start_mark.line + 1)
        if kind is yaml.ScalarEvent:
            return self._scalar(event) if event.implicit[0] else event.value
        if depth == 0:
            self._refuse(event, f"nested deeper than {_MAX_DEPTH} levels")
        if kind is yaml.MappingStartEvent:
            return self._mapping(path, depth - 1)
        return self._sequence(path, depth - 1)

    def _sequence(self, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._value(event, self._under(path, len(items)), depth))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._key(event)
            if key in mapping:
                self._refuse(event, f"the key {key!r} stands here twice: keep one")
            inner = self._under(path, key)
            if self._lines is not None:
                self._lines[inner] = event.start_mark.line + 1
            mapping[key] = self._value(self._next(), inner, depth)
        return mapping

    def _key(self, event: Any) -> str:
        if type(event) is not yaml.ScalarEvent:
            if type(event) is yaml.AliasEvent:
                self._refuse(event, f"anchors and aliases ({event.anchor}) are not read: write the value out")
            hint = _QUOTE_IT if type(event) is yaml.MappingStartEvent else ""
            self._refuse(event, f"a key must be a plain name{hint}")
        if event.anchor is not None or event.tag is not None:
            self._value(event, (), 0)
        if event.value == "<<":
            self._refuse(event, "a key must be a plain name")
        key: str = event.value
        return key

    def _under(self, path: Path, part: str | int) -> Path:
        return path if self._lines is None else (*path, part)

    def _scalar(self, event: Any) -> Any:
        text = event.value
        try:
            return self._plain[text]
        except KeyError:
            pass
        try:
            value = self._plain[text] = plain_scalar(text)
        except (ValueError, OverflowError) as error:
            self._refuse(event, f"not a readable value: {error}")
        return value

    def _refuse(self, event: Any, reason: str) -> NoReturn:
        line = event.start_mark.line + 1 if event.start_mark else 1
        raise DefinitionError(reason, file=self._name, line=line)


def plain_scalar(text: str) -> Any:
    """Give what an unquoted text means in YAML: null, a boolean, a number, or itself; raises ValueError."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            make = _MAKERS.get(tag)
            return text if make is None else make(ScalarNode(tag, text))
    return text
