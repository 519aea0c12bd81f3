"""Templates and documents: compiled once when a definition is loaded, rendered for each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from gateway.context import Context
from gateway.templates.budget import Budget
from gateway.templates.code import Kind, OnMissing
from gateway.templates.documents import CompiledDocument, compiled, has_templates
from gateway.templates.errors import TemplateError
from gateway.templates.grammar import is_template
from gateway.templates.program import Program, program_of
from gateway.templates.values import dumped, weigh


class Template:
    """A compiled text. `literal` is its text where it has no expressions, else None.

    `needs_body` says that it reads the request's body; `waits`, that it reads or changes state, so that only
    `render_later` can render it.
    """

    __slots__ = ("_program", "_run", "literal", "needs_body", "source", "waits", "where")

    def __init__(self, source: str, where: str, program: Program | None) -> None:
        self.source = source
        self.where = where
        self.literal = source if program is None else program.literal
        self.needs_body = program is not None and program.needs_body
        self.waits = program is not None and program.waits
        self._program = program
        self._run: Callable[[Context], Any] = program.run if program is not None else (lambda _context: source)

    def render(self, context: Context) -> str:
        """Render at once; only where it does not wait. Raises TemplateError."""
        assert not self.waits, "a template that waits is rendered later"
        try:
            rendered: str = self._run(context)
        except Exception as error:  # noqa: BLE001 - whatever a value does, the template's place is told
            raise self._failure(error) from None
        return rendered

    async def render_later(self, context: Context) -> str:
        """Render, waiting for state where it must. Raises TemplateError, and StateError where the state is away."""
        if not self.waits:
            return self.render(context)
        try:
            rendered: str = await self._run(context)
        except Exception as error:  # noqa: BLE001 - whatever a value does, the template's place is told
            raise self._failure(error) from None
        return rendered

    def _failure(self, error: Exception) -> Exception:
        return self._program.failure(error, self.where) if self._program else error


class Document:
    """A compiled JSON value. `literal` is its ready JSON where it has no templates, else None."""

    __slots__ = ("_compiled", "_value", "literal", "needs_body", "waits", "where")

    def __init__(self, where: str, value: Any, made: CompiledDocument | None) -> None:
        self.where = where
        self.literal = None if made else _ready_json(value, where)
        self.needs_body = made is not None and made.program.needs_body
        self.waits = made is not None and made.program.waits
        self._compiled = made
        self._value = value

    def render(self, context: Context) -> bytes:
        """Render as JSON at once; only where it does not wait. Raises TemplateError."""
        if self.literal is not None or self._compiled is None:
            return self.literal or b"null"
        try:
            return self._json_of(self._made(context, self._compiled.fragments))
        except Exception as error:  # noqa: BLE001 - whatever a value does, the template's place is told
            raise self._compiled.program.failure(error, self.where) from None

    async def render_later(self, context: Context) -> bytes:
        """Render as JSON, waiting for state where it must. Raises TemplateError, StateError."""
        if self._compiled is None or not self.waits:
            return self.render(context)
        try:
            return self._json_of(await self._compiled.program.run(context, self._compiled.fragments))
        except Exception as error:  # noqa: BLE001 - whatever a value does, the template's place is told
            raise self._compiled.program.failure(error, self.where) from None

    def value(self, context: Context) -> Any:
        """Give the value at once; its parts without templates are shared, so do not change it. Raises TemplateError."""
        if self._compiled is None:
            return self._value
        try:
            return self._made(context, self._compiled.constants)
        except Exception as error:  # noqa: BLE001 - whatever a value does, the template's place is told
            raise self._compiled.program.failure(error, self.where) from None

    async def value_later(self, context: Context) -> Any:
        """Give the value, waiting for state where it must. Raises TemplateError, StateError."""
        if self._compiled is None or not self.waits:
            return self.value(context)
        try:
            return await self._compiled.program.run(context, self._compiled.constants)
        except Exception as error:  # noqa: BLE001 - whatever a value does, the template's place is told
            raise self._compiled.program.failure(error, self.where) from None

    def _json_of(self, value: Any) -> bytes:
        if self._compiled is None or not self._compiled.is_short:
            weigh(Budget(), value)
        return dumped(value)

    def _made(self, context: Context, parts: tuple[Any, ...]) -> Any:
        assert not self.waits, "a document that waits is rendered later"
        assert self._compiled is not None
        return self._compiled.program.run(context, parts)


def compile_template(source: str, where: str, *, kind: Kind = "text", missing: OnMissing = "empty") -> Template:
    """Compile a text whose values are written as its `kind` wants; `where` is its place, for errors.

    `missing` says what a value that is not there does: nothing is written, or it is an error. Raises TemplateError.
    """
    return Template(source, where, program_of(source, where, kind, missing) if is_template(source) else None)


def compile_document(value: Any, where: str, *, missing: OnMissing = "empty") -> Document:
    """Compile a JSON value whose texts may be templates; one that is only `{{ … }}` keeps its value's type.

    Raises TemplateError.
    """
    try:
        templated = has_templates(value)
    except RecursionError:
        raise TemplateError(where, 1, "", "the value is nested too deep") from None
    return Document(where, value, compiled(value, where, missing) if templated else None)


def _ready_json(value: Any, where: str) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        reason = "the value holds what JSON does not have: half a surrogate pair, too many levels or a large number"
        raise TemplateError(where, 1, "", reason) from None
