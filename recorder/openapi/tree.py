"""A document with everything it refers to: nodes that know their place, and references that lead to nodes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from recorder.errors import DocumentError
from recorder.importer import Remarks
from recorder.openapi.files import Files, joined

_SCHEME: Final = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")
_LONGEST_CHAIN: Final = 64


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands: the file ("" is the document itself) and the path of keys into it."""

    value: Any = field(repr=False)
    file: str = ""
    path: tuple[str, ...] = ()

    def child(self, *keys: str | int) -> Node:
        """Give what stands under these keys; None as value where there is nothing."""
        value = self.value
        for key in keys:
            value = _step(value, str(key))
        return Node(value, self.file, (*self.path, *map(str, keys)))

    def items(self) -> list[tuple[str, Node]]:
        """Give the entries of a mapping, or none where it is something else."""
        if not isinstance(self.value, dict):
            return []
        return [(key, Node(value, self.file, (*self.path, key))) for key, value in self.value.items()]

    def elements(self) -> list[Node]:
        """Give the elements of a list, or none where it is something else."""
        if not isinstance(self.value, list):
            return []
        return [Node(value, self.file, (*self.path, str(index))) for index, value in enumerate(self.value)]

    def text(self, key: str) -> str:
        """Give the text under a key, or "" where there is none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, str) else ""

    @property
    def pointer(self) -> str:
        """The node's place as `#/a/b`, or `file#/a/b`."""
        return self.file + "#" + pointer(self.path)


def pointer(path: tuple[str, ...]) -> str:
    """Write a path as a JSON pointer (RFC 6901)."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def _step(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        return value[int(key)]
    return None


class Tree:
    """A document and its files; what a reference cannot reach becomes a remark and an empty mapping."""

    def __init__(self, root: Any, files: Files, name: str = "") -> None:
        self.root = Node(root)
        self.remarks = Remarks()
        self._name = name
        self._files = files
        self._anchors: dict[str, dict[str, tuple[str, ...]]] = {}

    def follow(self, node: Node) -> Node:
        """Give the node itself, or what its `$ref` (and that one's) leads to."""
        for _ in range(_LONGEST_CHAIN):
            reference = node.value.get("$ref") if isinstance(node.value, dict) else None
            if not isinstance(reference, str):
                return node
            node = self.resolve(reference, node)
        self.remarks.warn(node.pointer, "this $ref leads only to itself: anything is accepted there")
        return Node({}, node.file, node.path)

    def resolve(self, reference: str, at: Node) -> Node:
        """Give the node that a reference leads to, one step."""
        try:
            return self._find(reference, at.file)
        except DocumentError as error:
            self.remarks.warn(at.pointer, f"the reference {reference!r} leads nowhere: {error}")
            return Node({}, at.file, at.path)

    def _find(self, reference: str, base: str) -> Node:
        location, _, fragment = reference.partition("#")
        fragment = unquote(fragment)
        root = self._file(location, base)
        if not fragment or fragment == "/":
            return root
        if not fragment.startswith("/"):
            return self._anchor(root, fragment)
        node = root
        for token in fragment.split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            following = node.child(key)
            if following.value is None and not _has(node.value, key):
                node = self.follow(node)
                following = node.child(key)
            if following.value is None and not _has(node.value, key):
                raise DocumentError(f"there is no {key!r} at {node.pointer}")
            node = following
        return node

    def _file(self, location: str, base: str) -> Node:
        if not location:
            return self.root if not base else Node(self._files.read(base), base)
        ids = self._index("")
        if location in ids:
            return _at(self.root, ids[location])
        if _SCHEME.match(location):
            raise DocumentError("no URL is fetched")
        path = joined(base, unquote(location).replace("\\", "/"))
        if path is None:
            raise DocumentError("it lies outside the document's folder, which is not read")
        if path == self._name:
            return self.root
        return Node(self._files.read(path), path)

    def _anchor(self, root: Node, name: str) -> Node:
        found = self._index(root.file).get("#" + name)
        if found is None:
            raise DocumentError(f"there is no anchor {name!r}")
        whole = self.root if not root.file else Node(self._files.read(root.file), root.file)
        return _at(whole, found)

    def _index(self, file: str) -> dict[str, tuple[str, ...]]:
        """Give the places of all `$id`s, and of `$anchor`s with a `#` before them."""
        known = self._anchors.get(file)
        if known is None:
            known = self._anchors[file] = {}
            pending = [self.root if not file else Node(self._files.read(file), file)]
            while pending:
                node = pending.pop()
                if isinstance(node.value, list):
                    pending += node.elements()
                    continue
                for key, child in node.items():
                    if key in ("$anchor", "$dynamicAnchor") and isinstance(child.value, str):
                        known.setdefault("#" + child.value, node.path)
                    elif key in ("$id", "$self") and isinstance(child.value, str):
                        known.setdefault(child.value, node.path)
                    elif isinstance(child.value, dict | list):
                        pending.append(child)
        return known


def _has(value: Any, key: str) -> bool:
    return isinstance(value, dict) and key in value


def _at(root: Node, path: tuple[str, ...]) -> Node:
    return root.child(*path)
