"""The program that a template or document is compiled to: a Python function made once and shared by its source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from jinja2 import nodes

from gateway.errors import GatewayError
from gateway.templates import expressions, statements
from gateway.templates.budget import Budget
from gateway.templates.code import Kind, Notes, OnMissing
from gateway.templates.errors import ExpressionError, TemplateError
from gateway.templates.grammar import Parsed, Tag, parse
from gateway.templates.statements import Lines, Statements

_FILE: Final = "<template>"
_GLOBALS: Final[dict[str, Any]] = {**expressions.PROGRAM, **statements.PROGRAM, "Budget": Budget, "__builtins__": {
    "enumerate": enumerate, "isinstance": isinstance, "len": len, "list": list, "dict": dict, "str": str,
}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled template: `run` is a function of the context, a coroutine function where the template waits.

    `literal` is the text of a template without expressions; `tags` says which tag each line of the program is for.
    """

    run: Callable[..., Any]
    needs_body: bool
    waits: bool
    literal: str | None
    tags: tuple[Tag | None, ...]

    def failure(self, error: Exception, where: str) -> GatewayError:
        """Say where the template failed. The reason is ours; what Python says could hold a request's values."""
        if isinstance(error, GatewayError):
            return error
        number = 0
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == _FILE:
                number = trace.tb_lineno
            trace = trace.tb_next
        tag = self.tags[number - 1] if 0 < number <= len(self.tags) else None
        if isinstance(error, ExpressionError):
            reason = str(error)
        elif isinstance(error, RecursionError):
            reason = "a value is nested too deep"
        else:
            reason = "this cannot be done with these values"
        found = tag or Tag(1, "")
        return TemplateError(where + found.where, found.line, found.text, reason)


def program_of(source: str, where: str, kind: Kind, missing: OnMissing) -> Program:
    """Give the program of a template; the same source has the same program. Raises TemplateError."""
    try:
        return _program(source, kind, missing)
    except TemplateError as error:
        raise TemplateError(where, error.line, error.expression, error.reason) from None


@lru_cache(maxsize=4096)
def _program(source: str, kind: Kind, missing: OnMissing) -> Program:
    parsed = parse(source, "")
    notes = Notes(kind, missing)
    lines = Lines("")
    body = Statements(parsed, notes, lines)
    literal = _literal(parsed, body)
    body.whole(1)
    whole = begun(lines, notes, "c")
    return Program(function_of(whole), notes.needs_body, notes.waits, literal, tuple(whole.tags))


def _literal(parsed: Parsed, body: Statements) -> str | None:
    parts = [part for one in parsed.tree.body for part in one.iter_child_nodes()]
    if all(isinstance(one, nodes.Output) for one in parsed.tree.body):
        texts = [body.restored(part.data) for part in parts if isinstance(part, nodes.TemplateData)]
        return "".join(texts) if len(texts) == len(parts) else None
    return None


def begun(lines: Lines, notes: Notes, takes: str) -> Lines:
    """Give the function that these lines are the body of, with what they need before them."""
    text = "\n".join(lines.text)
    whole = Lines(lines.where)
    whole.add(0, f"{'async ' if notes.waits else ''}def run({takes}):")
    for name, made in (("v", "c.view"), ("b", "Budget()")):
        if re.search(rf"\b{name}\b", text):
            whole.add(1, f"{name} = {made}")
    whole.text += lines.text
    whole.tags += lines.tags
    return whole


def function_of(lines: Lines) -> Callable[..., Any]:
    made: dict[str, Any] = {}
    try:
        code: CodeType = compile("\n".join(lines.text), _FILE, "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise TemplateError("", 1, "", "the template is nested too deep") from None
    # The source is written by us from a checked tree: names are ours, texts and numbers are literals.
    exec(code, _GLOBALS, made)  # noqa: S102
    run: Callable[..., Any] = made["run"]
    return run
