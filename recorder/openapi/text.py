"""A foreign JSON or YAML text as plain values: anchors are followed, and what would grow beyond limits is refused."""

from __future__ import annotations

import re
from typing import Any, Final

import orjson
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from recorder.errors import DocumentError

MAX_BYTES: Final = 64 << 20
_MAX_VALUES: Final = 5_000_000
_MAX_DEPTH: Final = 100
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_LOADER):  # type: ignore[misc]
    """YAML 1.2's core schema, as OpenAPI asks: a date stays text, `yes` and `on` too, and a key is what is written."""

    yaml_implicit_resolvers: Final[dict[str, list[Any]]] = {}


def _resolve(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_resolve("null", r"^(?:~|null|Null|NULL|)$", "~nN")
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^$"), [""])
_resolve("int", r"^[-+]?[0-9]+$", "-+0123456789")
_resolve("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")
_resolve("merge", r"^<<$", "<")


def read_text(text: bytes, name: str) -> Any:
    """Parse JSON, or YAML where it is none; raises DocumentError with the file, the line and what is wrong."""
    if len(text) > MAX_BYTES:
        raise DocumentError(f"{name}: larger than {MAX_BYTES >> 20} MiB, which is the most that is read")
    if text.lstrip()[:1] in (b"{", b"["):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            pass  # a flow mapping of YAML begins like this too
        else:
            _judge_depth(value, name)
            return value
    return _read_yaml(text, name)


def _read_yaml(text: bytes, name: str) -> Any:
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            return None if root is None else _Plain(name).value(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DocumentError(f"{name}:{line}: {error.problem or 'not YAML'}") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise DocumentError(f"{name}: not a readable text: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise DocumentError(f"{name}: nested deeper than {_MAX_DEPTH} levels") from None


class _Plain:
    """Builds plain values from nodes; what an alias repeats is counted as often as it stands there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sizes: dict[int, int] = {}
        self._values: dict[int, Any] = {}
        self._open: set[int] = set()

    def value(self, root: Node) -> Any:
        self._measure(root, 1)
        return self._build(root)

    def _measure(self, node: Node, depth: int) -> int:
        known = self._sizes.get(id(node))
        if known is not None:
            return known
        line = node.start_mark.line + 1
        if depth > _MAX_DEPTH:
            raise DocumentError(f"{self._name}:{line}: nested deeper than {_MAX_DEPTH} levels")
        if id(node) in self._open:
            raise DocumentError(f"{self._name}:{line}: an anchor holds an alias of itself: write a $ref instead")
        size = 1
        if not isinstance(node, ScalarNode):
            self._open.add(id(node))
            for child in _children(node):
                size += self._measure(child, depth + 1)
            self._open.discard(id(node))
            if size > _MAX_VALUES:
                raise DocumentError(f"{self._name}:{line}: its aliases grow to more than {_MAX_VALUES} values")
        self._sizes[id(node)] = size
        return size

    def _build(self, node: Node) -> Any:
        if isinstance(node, ScalarNode):
            return _scalar(node)
        known = self._values.get(id(node))
        if known is not None:
            return known
        is_list = isinstance(node, SequenceNode)
        built: Any = [self._build(item) for item in node.value] if is_list else self._mapping(node)
        self._values[id(node)] = built
        return built

    def _mapping(self, node: Node) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        for key, item in node.value:
            if not isinstance(key, ScalarNode):
                line = key.start_mark.line + 1
                raise DocumentError(f"{self._name}:{line}: a key must be a plain name")
            value = self._build(item)
            if key.tag == "tag:yaml.org,2002:merge":
                merged += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
            else:
                own[key.value] = value
        for one in merged:
            own = {**one, **own}
        return own


def _children(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [item for _, item in node.value]
    return list(node.value)


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value
    match node.tag.rpartition(":")[2]:
        case "int":
            return int(text)
        case "float":
            return _number(text)
        case "bool":
            return text[0] in "tT"
        case "null":
            return None
    return text


def _number(text: str) -> float | str:
    number = float(text)
    return number if abs(number) != float("inf") else text


def _judge_depth(value: Any, name: str) -> None:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise DocumentError(f"{name}: nested deeper than {_MAX_DEPTH} levels")
