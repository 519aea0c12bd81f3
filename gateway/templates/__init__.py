"""Templates: Jinja's syntax, of which a bounded part is compiled to plain functions."""

from gateway.templates.code import Kind, OnMissing
from gateway.templates.errors import TemplateError
from gateway.templates.grammar import is_template, quoted
from gateway.templates.template import Document, Template, compile_document, compile_template

__all__ = [
    "Document",
    "Kind",
    "OnMissing",
    "Template",
    "TemplateError",
    "compile_document",
    "compile_template",
    "is_template",
    "quoted",
]
