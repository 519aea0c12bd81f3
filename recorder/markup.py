"""Markup taken apart leniently: the texts and attributes of XML and HTML, each by the path of its element."""

from __future__ import annotations

import html
import re
from typing import Final

_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<[?!][^>]*>?"
    r"|<(?P<close>/?)(?P<name>[A-Za-z_][\w:.-]*)(?P<inside>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_DEEPEST: Final = 64


class _Element:
    """An open element: its path, and how many children of each name it had."""

    __slots__ = ("children", "name", "path")

    def __init__(self, path: str, name: str) -> None:
        self.path, self.name = path, name
        self.children: dict[str, int] = {}

    def child(self, name: str) -> _Element:
        """Give the next child of that name: the first is `/name`, the second `/name[2]` (XPath counts from 1)."""
        count = self.children[name] = self.children.get(name, 0) + 1
        return _Element(f"{self.path}/{name}" if count == 1 else f"{self.path}/{name}[{count}]", name)


def markup_leaves(text: str, most: int) -> list[tuple[str, str, str]]:
    """Give (path, value, name) of at most `most` texts and attributes: `/a/b`, `/a/b@c`; never raises.

    What is not well-formed (elements that are never closed, as in HTML) is read as far as it goes.
    """
    found: list[tuple[str, str, str]] = []
    stack = [_Element("", "")]
    for token in _TOKEN.finditer(text):
        if len(found) >= most:
            break
        name = token["name"]
        if name is None:
            written = token["cdata"] if token["cdata"] is not None else html.unescape(token["text"] or "")
            if written.strip():
                found.append((stack[-1].path or "/", written.strip(), stack[-1].name))
        elif token["close"]:
            _close(stack, name)
        else:
            _open(stack, name, token["inside"], found)
    return found[:most]


def _open(stack: list[_Element], name: str, inside: str, found: list[tuple[str, str, str]]) -> None:
    element = stack[-1].child(name)
    for attribute in _ATTRIBUTE.finditer(inside):
        value = attribute[2] if attribute[2] is not None else attribute[3]
        found.append((f"{element.path}@{attribute[1]}", html.unescape(value), attribute[1]))
    if not inside.rstrip().endswith("/") and name.lower() not in _VOID and len(stack) < _DEEPEST:
        stack.append(element)


def _close(stack: list[_Element], name: str) -> None:
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return
