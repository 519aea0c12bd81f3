"""Compiles a template's statements: outputs, conditions, loops and variables become lines of a Python function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from jinja2 import nodes

from gateway.templates.budget import WORK, Budget
from gateway.templates.code import Loop, Notes
from gateway.templates.errors import ExpressionError, TemplateError
from gateway.templates.expressions import Expressions
from gateway.templates.grammar import Parsed, Tag
from gateway.templates.values import items_of, kind

_QUOTE: Final = re.compile(r'\\.|"', re.DOTALL)
SHORT_PIECES: Final = 16
"""So many small values make no output that needs to be measured."""
Form: TypeAlias = Literal["text", "string", "json", "markup"]


@dataclass(slots=True)
class Lines:
    """Lines of a program under way, and the tag that each was made for."""

    where: str
    text: list[str] = field(default_factory=list)
    tags: list[Tag | None] = field(default_factory=list)

    def add(self, indent: int, text: str, tag: Tag | None = None) -> int:
        """Add a line; gives its number from 0."""
        self.text.append("    " * indent + text)
        self.tags.append(tag)
        return len(self.text) - 1


class Statements:
    """Writes the body of one template."""

    def __init__(self, parsed: Parsed, notes: Notes, lines: Lines) -> None:
        self.parsed = parsed
        self.notes = notes
        self.lines = lines
        self.write = Expressions(notes)
        self.tags = iter(parsed.tags)
        self.tag = Tag(1, "")
        self.in_string = False  # whether the text so far has opened a JSON string

    def whole(self, indent: int) -> None:
        """Write the body as lines that end with `return`."""
        body = self.parsed.tree.body
        if all(isinstance(one, nodes.Output) for one in body):
            self.joined(body, indent)
        else:
            self.lines.add(indent, "out = []")
            self._begin(body, indent)
            self.block(body, indent)
            self.lines.add(indent, "return ''.join(out)")
        if self.notes.cost > WORK:
            raise TemplateError(self.lines.where, 1, "", "the template does too much at once")

    def expression(self, node: nodes.Node) -> str:
        """Write one expression. Raises TemplateError."""
        text: str = self._guarded(self.write.value, node).text
        if self.notes.cost > WORK:
            raise TemplateError(self.lines.where, 1, "", "the expression does too much at once")
        return text

    def joined(self, body: Sequence[nodes.Node], indent: int, before: str = "return ", after: str = "") -> bool:
        """Write a body without statements: its pieces, joined at once, between what comes before and after.

        Says whether they are few and small.
        """
        pieces, is_short = self.pieces(child for one in body for child in one.iter_child_nodes())
        if len(pieces) == 1 and is_short:
            self.lines.add(indent, f"{before}{pieces[0][0]}{after}", pieces[0][1])
            return is_short
        self.lines.add(indent, f"{before}''.join((" if is_short else f"{before}joined((")
        for text, tag in pieces:
            self.lines.add(indent + 1, f"{text},", tag)
        self.lines.add(indent, f")){after}")
        return is_short

    def pieces(self, children: Iterator[nodes.Node]) -> tuple[list[tuple[str, Tag | None]], bool]:
        """Write the pieces of an output; also says whether they are few and small."""
        made: list[tuple[str, Tag | None]] = []
        dynamic = 0
        is_short = True
        for child in children:
            if isinstance(child, nodes.TemplateData):
                made.append((repr(self.restored(child.data)), None))
                self._scan(child.data)
                continue
            self.next_tag()
            with_code = self._guarded(self.write.value, child)
            dynamic += 1
            is_short = is_short and with_code.short
            made.append((self.write.written(with_code, self.form()), self.tag))
        return made, is_short and dynamic <= SHORT_PIECES

    def form(self) -> Form:
        """Give the form that a value is written in here."""
        if self.notes.kind == "json":
            return "string" if self.in_string else "json"
        return "text" if self.notes.kind == "text" else "markup"

    def next_tag(self) -> None:
        """Go to the tag of the next expression in the order of the text."""
        self.tag = next(self.tags)

    def restored(self, text: str) -> str:
        """Give a text of the tree with its carriage returns."""
        return text.replace(self.parsed.restore, "\r") if self.parsed.restore else text

    def block(self, body: Sequence[nodes.Node], indent: int) -> None:
        """Write statements."""
        if not body:
            self.lines.add(indent, "pass")
        for node in body:
            self.notes.cost += 1
            if isinstance(node, nodes.Output):
                self._output(node, indent)
            elif isinstance(node, nodes.If):
                self._if(node, indent)
            elif isinstance(node, nodes.For):
                self._for(node, indent)
            elif isinstance(node, nodes.Assign):
                self._set(node, indent)

    def _output(self, node: nodes.Output, indent: int) -> None:
        pieces, _ = self.pieces(iter(node.nodes))
        self.lines.add(indent, "put(b, out, (")
        for text, tag in pieces:
            self.lines.add(indent + 1, f"{text},", tag)
        self.lines.add(indent, "))", self.tag)

    def _if(self, node: nodes.If, indent: int) -> None:
        before = self.in_string
        ends = []
        for at, branch in enumerate((node, *node.elif_)):
            self.next_tag()
            test = self._guarded(self.write.value, branch.test).text
            self.lines.add(indent, f"{'elif' if at else 'if'} {test}:", self.tag)
            ends.append(self._branch(branch.body, indent + 1, before))
        if node.else_:
            self.lines.add(indent, "else:")
            ends.append(self._branch(node.else_, indent + 1, before))
        else:
            ends.append(before)
        self.in_string = ends[0] if len(set(ends)) == 1 else before

    def _branch(self, body: Sequence[nodes.Node], indent: int, in_string: bool) -> bool:
        self.in_string = in_string
        self.block(body, indent)
        return self.in_string

    def _for(self, node: nodes.For, indent: int) -> None:
        self.next_tag()
        tag, before = self.tag, self.in_string
        items = self.notes.name("L")
        self.lines.add(indent, f"{items} = turns(b, {self._guarded(self.write.solid, node.iter)})", tag)
        if node.test is not None:
            items = self._selected(node, items, indent)
        outside, self.notes.cost = self.notes.cost, 1
        charge = self.lines.add(indent, "", tag)
        counter = self.notes.name("i")
        self.notes.scopes.append({"loop": Loop(counter, items)})
        counted = any(one.name == "loop" for one in node.find_all(nodes.Name))
        target = self._target(node.target)
        each = f"{counter}, {target[0]}" if counted else target[0]
        self.lines.add(indent, f"for {each} in {f'enumerate({items}, 1)' if counted else items}:", tag)
        for line in target[1:]:
            self.lines.add(indent + 1, line, tag)
        self._begin(node.body, indent + 1)
        self.block(node.body, indent + 1)
        self.notes.scopes.pop()
        self.lines.text[charge] = "    " * indent + f"b.turn(len({items}), {self.notes.cost})"
        self.notes.cost = outside
        self.in_string = before
        if node.else_:
            self.lines.add(indent, f"if not {items}:")
            self._branch(node.else_, indent + 1, before)
            self.in_string = before

    def _selected(self, node: nodes.For, items: str, indent: int) -> str:
        """Write the loop that keeps the items for which `for … if` holds; gives the name of their list."""
        kept, one = self.notes.name("L"), self.notes.name("x")
        outside, self.notes.cost = self.notes.cost, 1
        charge = self.lines.add(indent, "", self.tag)
        self.lines.add(indent, f"{kept} = []")
        self.lines.add(indent, f"for {one} in {items}:")
        self.notes.scopes.append({})
        target = self._target(node.target)
        self.lines.add(indent + 1, f"{target[0]} = {one}")
        for line in target[1:]:
            self.lines.add(indent + 1, line, self.tag)
        test = self._guarded(self.write.value, node.test).text
        self.lines.add(indent + 1, f"if {test}:", self.tag)
        self.lines.add(indent + 2, f"{kept}.append({one})")
        self.notes.scopes.pop()
        self.lines.text[charge] = "    " * indent + f"b.spend(len({items}) * {self.notes.cost})"
        self.notes.cost = outside
        return kept

    def _target(self, target: nodes.Node) -> list[str]:
        """Give the name that takes an item, and the lines that take it apart into the variables."""
        scope = self.notes.scopes[-1]
        names = _names(target)
        if names is None:
            raise self._error("write one name, or names with commas between them")
        for name in names:
            scope[name] = self.notes.name("x")
        if isinstance(target, nodes.Name):
            return [str(scope[target.name])]
        item = self.notes.name("x")
        return [item, f"{', '.join(str(scope[name]) for name in names)}, = unpacked({item}, {len(names)})"]

    def _set(self, node: nodes.Assign, indent: int) -> None:
        self.next_tag()
        value = self._guarded(self.write.value, node.node).text
        names = _names(node.target)
        if names is None:
            raise self._error("write one name, or names with commas between them")
        variables = ", ".join(str(self.notes.scopes[-1][name]) for name in names)
        if isinstance(node.target, nodes.Tuple):
            self.lines.add(indent, f"{variables}, = unpacked({value}, {len(names)})", self.tag)
        else:
            self.lines.add(indent, f"{variables} = {value}", self.tag)

    def _begin(self, body: Sequence[nodes.Node], indent: int) -> None:
        """Write where a scope's variables begin: as those outside of the same name, or absent."""
        scope = self.notes.scopes[-1]
        for name in dict.fromkeys(_assigned(body)):
            if isinstance(scope.get(name), str):
                continue
            outer = self.notes.find(name)
            scope[name] = self.notes.name("x")
            self.lines.add(indent, f"{scope[name]} = {outer if isinstance(outer, str) else f'Absent({name!r})'}")

    def _guarded(self, write: Any, node: nodes.Node | None) -> Any:
        try:
            return write(node)
        except ExpressionError as error:
            raise self._error(str(error)) from None
        except TemplateError as error:
            raise self._error(error.reason) from None

    def _error(self, reason: str) -> TemplateError:
        return TemplateError(self.lines.where, self.tag.line, self.tag.text, reason)

    def _scan(self, text: str) -> None:
        """Follow the quotes of a JSON text, to know whether what comes next stands inside a string."""
        if self.notes.kind == "json":
            for found in _QUOTE.finditer(text):
                if found[0] == '"':
                    self.in_string = not self.in_string


def _names(target: nodes.Node) -> list[str] | None:
    """Give the names that a target takes, or None where it is anything else."""
    found = target.items if isinstance(target, nodes.Tuple) else [target]
    return [one.name for one in found if isinstance(one, nodes.Name)] if all(
        isinstance(one, nodes.Name) for one in found
    ) else None  # fmt: skip


def _assigned(body: Sequence[nodes.Node]) -> Iterator[str]:
    """Give the names that are set in a scope; a loop's body is a scope of its own."""
    for node in body:
        if isinstance(node, nodes.Assign):
            yield from _names(node.target) or ()
        elif isinstance(node, nodes.If):
            for branch in (node.body, *(one.body for one in node.elif_), node.else_):
                yield from _assigned(branch)
        elif isinstance(node, nodes.For):
            yield from _assigned(node.else_)


def turns(budget: Budget, value: Any) -> list[Any] | tuple[Any, ...]:
    """Give what a loop goes over."""
    items = items_of(value, "for")
    if len(items) > budget.turns:
        budget.turn(len(items), 0)
    return items


def unpacked(value: Any, count: int) -> Any:
    """Give the parts of an item for so many names."""
    if not isinstance(value, list | tuple):
        raise ExpressionError(f"this takes {count} parts, and an item is {kind(value)}")
    if len(value) != count:
        raise ExpressionError(f"this takes {count} parts, and an item has another number of them")
    return value


PROGRAM: Final[dict[str, Any]] = {"turns": turns, "unpacked": unpacked}
"""The names that a program's statements may use."""
