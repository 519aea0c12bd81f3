"""Compiles a JSON value whose texts may be templates: one function that gives the whole value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from jinja2 import nodes

from gateway.templates.budget import WORK
from gateway.templates.code import Notes, OnMissing
from gateway.templates.errors import ExpressionError, TemplateError
from gateway.templates.grammar import is_template, parse
from gateway.templates.program import Program, begun, function_of
from gateway.templates.statements import SHORT_PIECES, Lines, Statements

_DEPTH: Final = 50


@dataclass(frozen=True, slots=True)
class CompiledDocument:
    """A document's program, which also takes the parts without templates: as values, or as ready JSON.

    `is_short` says that its values are few and small, so that nobody needs to weigh them.
    """

    program: Program
    constants: tuple[Any, ...]
    fragments: tuple[Any, ...]
    is_short: bool


def compiled(value: Any, where: str, missing: OnMissing) -> CompiledDocument:
    """Compile the value. Raises TemplateError that names the leaf and its line."""
    writing = _Writing(where, missing)
    try:
        writing.value(value, 2, "", 0)
        notes = writing.notes
        if notes.cost > WORK:
            raise TemplateError(where, 1, "", "the templates do too much at once")
        lines = writing.before
        lines.add(1, "return (")
        lines.text += writing.lines.text
        lines.tags += writing.lines.tags
        lines.add(1, ")")
        whole = begun(lines, notes, "c, K")
        program = Program(function_of(whole), notes.needs_body, notes.waits, None, tuple(whole.tags))
    except RecursionError:
        raise TemplateError(where, 1, "", "the value is nested too deep") from None
    except TypeError:
        raise TemplateError(where, 1, "", "the value holds what JSON does not have") from None
    is_short = writing.is_short and writing.leaves <= SHORT_PIECES
    return CompiledDocument(program, tuple(writing.constants), tuple(map(_ready, writing.constants)), is_short)


def has_templates(value: Any) -> bool:
    """Whether a text anywhere in the value is a template; raises RecursionError for one nested without end."""
    if isinstance(value, dict):
        return any(map(has_templates, value.values()))
    if isinstance(value, list | tuple):
        return any(map(has_templates, value))
    return isinstance(value, str) and is_template(value)


def _ready(value: Any) -> Any:
    return orjson.Fragment(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


class _Writing:
    """A document's program under way: `before` has the functions of its leaves, `lines` the value."""

    def __init__(self, where: str, missing: OnMissing) -> None:
        self.where = where
        self.notes = Notes("text", missing)
        self.before = Lines(where)
        self.lines = Lines(where)
        self.constants: list[Any] = []
        self.leaves = 0
        self.is_short = True

    def value(self, value: Any, indent: int, path: str, depth: int) -> bool:
        """Write a value, followed by a comma where it is part of another; says whether it may come out as `omit`."""
        comma = "," if depth else ""
        if depth > _DEPTH:
            raise TemplateError(self.where, 1, "", "the value is nested too deep")
        if not has_templates(value):
            self.constants.append(value)
            self.lines.add(indent, f"K[{len(self.constants) - 1}]{comma}")
            return False
        if isinstance(value, str):
            return self.leaf(value, indent, path, comma)
        is_object = isinstance(value, dict)
        begin, end = "{}" if is_object else "[]"
        head = self.lines.add(indent, begin)
        if is_object:
            omits = [self.member(key, one, indent + 1, path, depth + 1) for key, one in value.items()]
        else:
            omits = [self.value(one, indent + 1, f"{path}[{at}]", depth + 1) for at, one in enumerate(value)]
        if any(omits):
            self.lines.text[head] = "    " * indent + f"kept({begin}"
            end += ")"
        self.lines.add(indent, f"{end}{comma}")
        return False

    def member(self, key: Any, value: Any, indent: int, path: str, depth: int) -> bool:
        """Write a member of an object."""
        name = key if isinstance(key, str) else orjson.dumps(key).decode()
        self.lines.add(indent, f"{name!r}:")
        return self.value(value, indent, f"{path}.{name}", depth)

    def leaf(self, source: str, indent: int, path: str, comma: str) -> bool:
        """Write a text that is a template: `{{ value }}` alone keeps its type, any other becomes text.

        Says whether it may come out as `omit`.
        """
        parsed = parse(source, self.where, path)
        body: Sequence[nodes.Node] = parsed.tree.body
        self.notes.scopes = [{}]
        self.notes.omits = False
        self.lines.where = self.where + path
        self.leaves += 1
        statements = Statements(parsed, self.notes, self.lines)
        children = [child for one in body for child in one.iter_child_nodes()]
        if any(not isinstance(one, nodes.Output) for one in body):
            self.with_statements(statements, indent, comma)
            return False
        if len(children) != 1 or isinstance(children[0], nodes.TemplateData):
            self.is_short = statements.joined(body, indent, "", comma) and self.is_short
            return False
        statements.next_tag()
        tag = statements.tag
        try:
            code = statements.write.value(children[0])
        except ExpressionError as error:
            raise TemplateError(self.where + path, tag.line, tag.text, str(error)) from None
        text = statements.write.as_item(code)
        if self.notes.omits and any(children[0].find_all((nodes.Dict, nodes.List, nodes.Tuple, nodes.Call))):
            text = f"pruned(b, {text})"
        self.lines.add(indent, f"{text}{comma}", tag)
        self.is_short = self.is_short and code.short
        return self.notes.omits

    def with_statements(self, statements: Statements, indent: int, comma: str) -> None:
        """Write a leaf with statements as a function of its own, and call it in the leaf's place."""
        self.is_short = False
        notes, name = self.notes, self.notes.name("leaf")
        waited, notes.waits = notes.waits, False
        self.before.where = statements.lines.where
        statements.lines = self.before
        head = self.before.add(1, "")
        statements.whole(2)
        self.before.text[head] = f"    {'async ' if notes.waits else ''}def {name}():"
        self.lines.add(indent, f"{'await ' if notes.waits else ''}{name}(){comma}")
        notes.waits |= waited
