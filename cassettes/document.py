"""A YAML or JSON text as plain values, with the line each one stands on; no aliases, tags or duplicate keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

import yaml
from pydantic import ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cassettes.errors import DefinitionError

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH: Final = 64
_MAX_NODES: Final = 5_000_000
_MAX_BYTES: Final = 64 << 20

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`value` as plain Python; `lines` gives the 1-based line of each path into it."""

    name: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict, repr=False)

    def line(self, path: Path) -> int:
        """Give the line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(text: str | bytes, name: str) -> Document:
    """Parse YAML (or JSON, which is YAML); raises DefinitionError naming file, line and what is wrong."""
    if len(text) > _MAX_BYTES:
        raise DefinitionError(f"{name}: larger than {_MAX_BYTES} bytes, which is the most that is read")
    try:
        _judge(text, name)
        loader = _LOADER(text)
        try:
            root = loader.get_single_node()
            lines: dict[Path, int] = {}
            value = None if root is None else _plain(root, (), lines, loader, name)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DefinitionError(f"{name}:{line}: {error.problem or 'not YAML'}") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise DefinitionError(f"{name}:1: not a readable text: {error}") from None
    return Document(name, value, lines)


def _judge(text: str | bytes, name: str) -> None:
    """Refuse by the events alone, before anything is built: an alias bomb has no aliases to expand."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if count > _MAX_NODES:
            raise DefinitionError(f"{name}: more than {_MAX_NODES} nodes, which are the most that are read")
        _refuse_cleverness(event, name)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise DefinitionError(f"{name}:{_line(event)}: nested deeper than {_MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refuse_cleverness(event: Any, name: str) -> None:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise DefinitionError(f"{name}:{line}: anchors and aliases ({event.anchor}) are not read: write the value out")
    if getattr(event, "tag", None) is not None:
        raise DefinitionError(f"{name}:{line}: the tag {event.tag} is not read: write a plain value")


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1 if event.start_mark else 1
    return line


def _plain(node: Node, path: Path, lines: dict[Path, int], loader: Any, name: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), lines, loader, name) for index, item in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        return loader.construct_object(node)
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode) or key_node.value == "<<":
            raise DefinitionError(f"{name}:{line}: a key must be a plain name")
        key = key_node.value
        if key in mapping:
            raise DefinitionError(f"{name}:{line}: the key {key!r} stands here twice: keep one")
        mapping[key] = _plain(value_node, (*path, key), lines, loader, name)
        lines[(*path, key)] = line
    return mapping


def told(error: ValidationError, document: Document, at: Path, names: dict[Path, list[str]]) -> list[str]:
    """Turn a validation error into sentences with file, line, path and the nearest known name.

    `at` is where in the document the validated value stands; `names` gives the known keys of each mapping path.
    """
    sentences = []
    for problem in error.errors():
        path: Path = (*at, *problem["loc"])
        shown = ".".join(map(str, path)) or "(top)"
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            key = str(path[-1])
            near = get_close_matches(key, _known(names, path[len(at) : -1]), n=1)
            reason = f"unknown key {key!r}" + (f": did you mean {near[0]!r}?" if near else "")
        sentences.append(f"{document.name}:{document.line(path)}: {shown}: {reason}")
    return sentences


def _known(names: dict[Path, list[str]], path: Path) -> list[str]:
    plain = tuple(part for part in path if isinstance(part, str))
    return names.get(plain, names.get((), []))
