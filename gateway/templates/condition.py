"""A bare expression that holds for a request or does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from gateway.context import Context
from gateway.errors import StateError
from gateway.templates.code import Notes
from gateway.templates.errors import TemplateError
from gateway.templates.grammar import parse
from gateway.templates.program import Program, begun, function_of
from gateway.templates.statements import Lines, Statements


class Condition:
    """A compiled condition. `waits` says that it reads state, so that only `holds_later` can tell.

    What cannot be worked out, such as a comparison with a value that is missing, does not hold.
    """

    __slots__ = ("_run", "needs_body", "source", "waits")

    def __init__(self, source: str, program: Program) -> None:
        self.source = source
        self.needs_body = program.needs_body
        self.waits = program.waits
        self._run: Callable[[Context], Any] = program.run

    def holds(self, context: Context) -> bool:
        """Say whether it holds; only where it does not wait."""
        assert not self.waits, "a condition that waits is worked out later"
        try:
            return bool(self._run(context))
        except Exception:  # noqa: BLE001 - whatever keeps it from being worked out, it does not hold
            return False

    async def holds_later(self, context: Context) -> bool:
        """Say whether it holds, waiting for state where it must. Raises StateError where the state is away."""
        if not self.waits:
            return self.holds(context)
        try:
            return bool(await self._run(context))
        except StateError:
            raise
        except Exception:  # noqa: BLE001 - whatever keeps it from being worked out, it does not hold
            return False


def compile_condition(source: str, where: str) -> Condition:
    """Compile an expression as it would stand between `{{` and `}}`; `where` is its place. Raises TemplateError."""
    try:
        return Condition(source, _program(source))
    except TemplateError as error:
        raise TemplateError(where, error.line, source, error.reason) from None


@lru_cache(maxsize=4096)
def _program(source: str) -> Program:
    if source.lstrip().startswith("{{"):
        raise TemplateError("", 1, "", "a condition is one expression, written without {{ }}")
    parsed = parse(f"{{{{ {source} }}}}", "")
    body = parsed.tree.body
    parts = [part for one in body for part in one.iter_child_nodes()]
    if len(body) != 1 or len(parts) != 1 or isinstance(parts[0], nodes.TemplateData):
        raise TemplateError("", 1, "", "a condition is one expression, written without {{ }}")
    notes, lines = Notes("text", "empty"), Lines("")
    statements = Statements(parsed, notes, lines)
    statements.next_tag()
    lines.add(1, f"return {statements.expression(parts[0])}", statements.tag)
    whole = begun(lines, notes, "c")
    return Program(function_of(whole), notes.needs_body, notes.waits, None, tuple(whole.tags))
