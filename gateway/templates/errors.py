"""What can go wrong with a template: it cannot be used, or it cannot be rendered for this request."""

from __future__ import annotations

from typing import Final

from gateway.errors import RenderError

_SHOWN: Final = 160


class TemplateError(RenderError):
    """A template cannot be compiled or rendered; says where, in which line and expression, and why.

    `where` is the place in the definition, `line` counts from 1 in the template, `expression` is the tag as written.
    """

    def __init__(self, where: str, line: int, expression: str, reason: str) -> None:
        shown = " ".join(expression.split())
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}…"
        super().__init__(": ".join(part for part in (f"{where}, line {line}", shown, reason) if part))
        self.where = where
        self.line = line
        self.expression = expression
        self.reason = reason


class ExpressionError(Exception):
    """Why an expression fails; who renders the template adds where. The reason holds no value of a request."""
