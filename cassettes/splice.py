"""A value changed inside a YAML or JSON text: only the characters that have to change are written anew."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from cassettes.document import Path, plain_scalar

Splice = tuple[int, int, str]
"""Characters from, to, and what stands there instead."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Final = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^\[\]{},]*")
_BLOCK_HEADER: Final = re.compile(r"([|>])[-+]?([ \t]*(?:#.*)?)\r?\n")


def spliced(text: str, place: Path, wanted: Any, *, is_json: bool = False) -> str | None:
    """Give the text with the value at a path made this one; None where that takes more than small changes.

    In YAML blocks keys and items are added and removed by lines; comments beside them stay. The caller has to read
    the text again to be sure that it says what is wanted.
    """
    lead = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix("\ufeff")
    try:
        node = _node_at(yaml.compose(body, Loader=_LOADER), place)
    except (yaml.YAMLError, LookupError):
        return None
    splices = _Splicer(body, is_json=is_json).splices(node, wanted)
    if splices is None:
        return None
    for start, end, new in sorted(splices, reverse=True):
        body = body[:start] + new + body[end:]
    return lead + body


def rewritten(text: str, place: Path, wanted: Any) -> str | None:
    """Give the YAML text with the value at a path written anew as a whole; None where it stands in brackets."""
    try:
        node = _node_at(yaml.compose(text, Loader=_LOADER), place)
    except (yaml.YAMLError, LookupError):
        return None
    splicer = _Splicer(text, is_json=False)
    return text[: node.start_mark.index] + splicer.anew(node, wanted) + text[splicer.end(node) :]


def rendered(value: Any) -> str:
    """Write a value as YAML, as a person would."""
    return _block(value)


def rendered_item(value: Any) -> str:
    """Write a value as an item of a block list at the left edge."""
    return _block([value])


def _node_at(node: Any, place: Path) -> Node:
    for part in place:
        if isinstance(node, MappingNode):
            node = next(value for key, value in node.value if key.value == part)
        else:
            node = node.value[part]
    if isinstance(node, Node):
        return node
    raise LookupError(place)


def plain_value(node: Node) -> Any:
    """Give what a node says."""
    if isinstance(node, MappingNode):
        return {key.value: plain_value(value) for key, value in node.value}
    if isinstance(node, ScalarNode):
        return node.value if node.style else plain_scalar(node.value)
    return [plain_value(item) for item in node.value]


def _is_flow(node: Node) -> bool:
    """Say whether a collection stands in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


class _Splicer:
    """Compares a node with what is wanted of it, and tells the changes of the text."""

    def __init__(self, text: str, *, is_json: bool) -> None:
        self._text = text
        self._json = is_json
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def splices(self, node: Node, wanted: Any) -> list[Splice] | None:
        """Give the changes, or None where the node has to be written anew as a whole by who knows its surroundings."""
        old = plain_value(node)
        if json.dumps(old) == json.dumps(wanted):
            return []
        if isinstance(node, ScalarNode):
            return None if isinstance(wanted, dict | list) else self._scalar(node, wanted)
        if type(old) is not type(wanted):
            return self._flow(node, wanted) if _is_flow(node) else None
        found = self._mapping(node, wanted) if isinstance(node, MappingNode) else self._sequence(node, wanted)
        return self._flow(node, wanted) if found is None and _is_flow(node) else found

    def _mapping(self, node: Node, wanted: dict[str, Any]) -> list[Splice] | None:
        names = [key.value for key, _ in node.value]
        gone = [name for name in names if name not in wanted]
        new = {name: value for name, value in wanted.items() if name not in names}
        if new and [*(name for name in names if name in wanted), *new] != list(wanted):
            return None
        if (_is_flow(node) and (gone or new)) or len(gone) == len(names):
            return None
        found: list[Splice] = []
        for key, value in node.value:
            if key.value in gone:
                lines = self._lines(key, value)
                if lines is None:
                    return None
                found.append((*lines, ""))
                continue
            inner = self.splices(value, wanted[key.value])
            if inner is None:
                if _is_flow(node):
                    return None
                entry = self._indented({key.value: wanted[key.value]}, key.start_mark.column)
                inner = [(key.start_mark.index, self.end(value), entry)]
            found.extend(inner)
        if new:
            column = node.start_mark.column
            found.append(self._after(node, " " * column + self._indented(new, column)))
        return found

    def _sequence(self, node: Node, wanted: list[Any]) -> list[Splice] | None:
        items = node.value
        old = [json.dumps(plain_value(item)) for item in items]
        new = [json.dumps(item) for item in wanted]
        head = _common(old, new)
        tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
        changed, anew = items[head : len(items) - tail], wanted[head : len(wanted) - tail]
        if _is_flow(node) and len(changed) != len(anew):
            return None
        found: list[Splice] = []
        for item, value in zip(changed, anew, strict=False):
            inner = self.splices(item, value)
            if inner is None:
                if _is_flow(node):
                    return None
                inner = [(item.start_mark.index, self.end(item), self._indented(value, item.start_mark.column))]
            found.extend(inner)
        found.extend((*self._item_lines(item), "") for item in changed[len(anew) :])
        if len(anew) > len(changed):
            column = node.start_mark.column
            more = self._newline.join(" " * column + self._indented([value], column) for value in anew[len(changed) :])
            before = items[head + len(changed) - 1] if head + len(changed) else None
            if before is None:
                return None
            found.append(self._after(before, more))
        return found

    def _flow(self, node: Node, wanted: Any) -> list[Splice] | None:
        if self._json:
            return None
        return [(node.start_mark.index, node.end_mark.index, _flow_text(wanted))]

    def _scalar(self, node: ScalarNode, wanted: Any) -> list[Splice]:
        start, end = node.start_mark.index, node.end_mark.index
        if self._json:
            return [(start, end, json.dumps(wanted, ensure_ascii=False))]
        if node.style in ("|", ">"):
            block = self._block_scalar(node, wanted)
            return [block if block is not None else (start, self.end(node), _scalar_text(wanted, None))]
        lead = " " if start == end and self._text[start - 1 : start] in (":", "-") else ""
        return [(start, end, lead + _scalar_text(wanted, node.style or None))]

    def _block_scalar(self, node: ScalarNode, wanted: Any) -> Splice | None:
        start, end = node.start_mark.index, self.end(node)
        header = _BLOCK_HEADER.match(self._text, start, end)
        if header is None or not isinstance(wanted, str) or not wanted.strip() or wanted[0] in " \t\n":
            return None
        if not all(char.isprintable() or char in "\n\t" for char in wanted):
            return None
        first = next(line for line in self._text[header.end() : end].splitlines() if line.strip())
        indent = " " * (len(first) - len(first.lstrip(" ")))
        kept = len(wanted) - len(wanted.rstrip("\n"))
        chomp = "-" if kept == 0 else ("" if kept == 1 else "+")
        lines = [f"|{chomp}{header[2]}", *(indent + line if line else "" for line in wanted.rstrip("\n").split("\n"))]
        if kept > 1:
            # These blank lines are part of the text, so those that stood here before are not left.
            end = node.end_mark.index
        return start, end, self._newline.join(lines) + (self._newline * kept if kept > 1 else "")

    def _lines(self, first: Node, last: Node) -> tuple[int, int] | None:
        """Give the whole lines from one node to another, or None where something else stands before them."""
        start = self._text.rfind("\n", 0, first.start_mark.index) + 1
        if self._text[start : first.start_mark.index].strip(" "):
            return None
        return start, self._line_end(self.end(last), including=True)

    def _item_lines(self, item: Node) -> tuple[int, int]:
        dash = self._text.rfind("-", 0, item.start_mark.index)
        start = self._text.rfind("\n", 0, dash) + 1
        return start, self._line_end(self.end(item), including=True)

    def _after(self, node: Node, text: str) -> Splice:
        end = self._line_end(self.end(node), including=False)
        return end, end, self._newline + text

    def _line_end(self, index: int, *, including: bool) -> int:
        found = self._text.find("\n", index)
        if found < 0:
            return len(self._text)
        if including:
            return found + 1
        return found - 1 if self._text[found - 1 : found] == "\r" else found

    def end(self, node: Node) -> int:
        """Give where a node's own text ends, without the blank lines and comments that follow it."""
        end: int = node.end_mark.index
        if isinstance(node, ScalarNode):
            if node.style in ("|", ">"):
                end = node.start_mark.index + len(self._text[node.start_mark.index : end].rstrip("\r\n"))
            return end
        if _is_flow(node) or not node.value:
            return end
        last = node.value[-1]
        return self.end(last[1] if isinstance(last, tuple) else last)

    def anew(self, node: Node, wanted: Any) -> str:
        """Write what is wanted as it can stand where the node stands."""
        return _flow_text(wanted) if _is_flow(node) else self._indented(wanted, node.start_mark.column)

    def _indented(self, value: Any, column: int) -> str:
        """Write a value as a block whose first line begins at the cursor."""
        lines = _block(value).rstrip("\n").split("\n")
        return self._newline.join([lines[0], *(" " * column + line if line else "" for line in lines[1:])])


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, and lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text_node(dumper: yaml.SafeDumper, text: str) -> ScalarNode:
    # A block of lines that ends with empty ones would end the whole document.
    style = '"' if text.endswith("\n\n") else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def _block(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1 << 20)
    return text


def _flow_text(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1 << 20, default_flow_style=True
    )
    return text.rstrip("\n")


def _scalar_text(value: Any, style: str | None) -> str:
    """Write a scalar on one line, in the quotes that were there if that can be."""
    if not isinstance(value, str):
        return _block(value).partition("\n")[0]
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and ": " not in text and " #" not in text and text[-1] not in ": "
    if style is None and is_plain and text.isprintable() and isinstance(plain_scalar(text), str):
        return text
    if style != '"' and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
