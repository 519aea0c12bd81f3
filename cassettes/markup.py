"""XML taken apart as it is written, and written back: elements with their prefixes, their order and their layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Final
from xml.parsers import expat

_MOST: Final = 20_000
_DEEPEST: Final = 60
_DECLARATION: Final = re.compile(r"\ufeff?<\?xml\s+(?P<told>[^?]*?)\s*\?>(?P<after>\s*)")
_EMPTY: Final = re.compile(r"<[^<>!?/][^<>]*?(?P<end>\s*/>)|<(?P<name>[^\s<>!?/]+)[^<>]*></(?P=name)>")
_QUOTED: Final = re.compile(r"&(?:quot|#34|#x22);")
_UNREADABLE: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_NAME: Final = re.compile(r"(?:[^\W\d][\w.\-]*:)?[^\W\d][\w.\-]*")
_SPACE: Final = " \t\r\n"


@dataclass(slots=True)
class Element:
    """An element as it is written: its name with its prefix, attributes in their order, children or text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def walk(self) -> Iterator[Element]:
        """Give the element and all in it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is written, beside what it says.

    `after` follows its declaration and `end` the document, `indent` is what a level is indented by ("" for no lines),
    `empty` ends an element without content ("" where it has an end tag), `quote` is what a `"` in a text is written
    as. None is what a document does not show.
    """

    after: str | None = None
    indent: str | None = None
    empty: str | None = None
    quote: str | None = None
    end: str | None = None


PLAIN: Final = Layout("", "", "/>", '"', "")


@dataclass(frozen=True, slots=True)
class Markup:
    """A document: what stands in its declaration (None where it has none), its root and its layout."""

    declaration: str | None
    root: Element
    layout: Layout = PLAIN


def read_markup(text: str) -> Markup:
    """Take a document apart.

    Comments and instructions are left out; white space between elements is layout. Raises ValueError, with the reason,
    for what is not well-formed, has a document type, holds text between elements, or is too large: more than 20,000
    elements, or 60 inside each other.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    head = _DECLARATION.match(text)
    try:
        # Without its declaration: what is text already has no encoding.
        parser.Parse(text[head.end() :] if head is not None else text.removeprefix("\ufeff"), True)
    except expat.ExpatError as error:
        raise ValueError(f"it is not well-formed: {error}") from None
    assert reader.root is not None
    told = head["told"] if head is not None else None
    return Markup(told, reader.root, _layout(text, reader.root, head["after"] if head is not None else None))


def write_markup(document: Markup) -> str:
    """Write a document. Raises ValueError where a name or a text cannot stand in XML."""
    layout = document.layout
    empty = "/>" if layout.empty is None else layout.empty
    writer = _Writer(layout.indent or "", empty, layout.quote or '"')
    writer.element(document.root, 0)
    head = f"<?xml {document.declaration}?>{layout.after or ''}" if document.declaration is not None else ""
    return f"{head}{''.join(writer.pieces)}{layout.end or ''}"


def _refuse_doctype(*_: Any) -> None:
    raise ValueError("it has a document type")


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[tuple[Element, list[str]]] = []
        self._left = _MOST

    def start(self, name: str, attributes: list[str]) -> None:
        self._left -= 1
        if self._left < 0 or len(self._open) > _DEEPEST:
            raise ValueError("it is too large")
        made = Element(name, dict(zip(attributes[::2], attributes[1::2], strict=True)))
        if self._open:
            self._open[-1][0].children.append(made)
        else:
            self.root = made
        self._open.append((made, []))

    def data(self, text: str) -> None:
        self._open[-1][1].append(text)

    def end(self, _name: str) -> None:
        element, texts = self._open.pop()
        text = "".join(texts)
        if not element.children:
            element.text = text
        elif text.strip(_SPACE):
            raise ValueError(f"{element.name} holds text between elements")


def _layout(text: str, root: Element, after: str | None) -> Layout:
    body = text.rstrip(_SPACE)
    indent = None
    if root.children:
        lead = re.search(rf"<{re.escape(root.name)}\b[^<>]*>([ \t\r\n]*)<", text)
        indent = lead[1].rpartition("\n")[2] if lead is not None and "\n" in lead[1] else ""
    empty = _EMPTY.search(body)
    is_quoted = any('"' in one.text for one in root.walk())
    written = _QUOTED.search(re.sub(r"<[^<>]*>", "", body)) if is_quoted else None
    return Layout(
        after, indent, None if empty is None else empty["end"] or "",
        (written[0] if written is not None else '"') if is_quoted else None, text[len(body) :],
    )  # fmt: skip


def merged(layouts: Iterable[Layout]) -> Layout:
    """Give the layout of several documents of one kind: of each part what the first shows that shows it."""
    known = list(layouts)
    names = [one.name for one in fields(Layout)]
    shown = {name: [part for one in known if (part := getattr(one, name)) is not None] for name in names}
    return Layout(**{name: parts[0] for name, parts in shown.items() if parts})


class _Writer:
    def __init__(self, indent: str, empty: str, quote: str) -> None:
        self.pieces: list[str] = []
        self._indent, self._empty, self._quote = indent, empty, quote

    def element(self, element: Element, depth: int) -> None:
        name, add = _named(element.name), self.pieces.append
        add(f"<{name}")
        for key, value in element.attributes.items():
            add(f' {_named(key)}="{_escaped(value, "&quot;")}"')
        if element.children:
            add(">")
            for child in element.children:
                self._line(depth + 1)
                self.element(child, depth + 1)
            self._line(depth)
            add(f"</{name}>")
        elif element.text or not self._empty:
            add(f">{_escaped(element.text, self._quote)}</{name}>")
        else:
            add(self._empty)

    def _line(self, depth: int) -> None:
        if self._indent:
            self.pieces.append(f"\n{self._indent * depth}")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:80]!r} cannot be the name of an element or attribute")
    return name


def _escaped(text: str, quote: str) -> str:
    wrong = _UNREADABLE.search(text)
    if wrong is not None:
        raise ValueError(f"the character U+{ord(wrong[0]):04X} cannot stand in XML")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return text if quote == '"' else text.replace('"', quote)
