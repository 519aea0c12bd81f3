"""Templates: Jinja's syntax, of which a bounded part is compiled to plain functions."""

from gateway.templates.code import Kind, OnMissing
from gateway.templates.condition import Condition, compile_condition
from gateway.templates.errors import TemplateError
from gateway.templates.grammar import is_template, quoted
from gateway.templates.template import Document, Template, compile_document, compile_template
from gateway.templates.values import OMIT, as_text

__all__ = [
    "OMIT",
    "Condition",
    "Document",
    "Kind",
    "OnMissing",
    "Template",
    "TemplateError",
    "as_text",
    "compile_condition",
    "compile_document",
    "compile_template",
    "is_template",
    "quoted",
]
