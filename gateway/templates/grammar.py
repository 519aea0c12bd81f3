"""Reads the text of a template: Jinja's syntax, of which an allow-listed part is kept and the rest refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from gateway.templates.budget import NUMBER, SOURCE
from gateway.templates.errors import TemplateError

_TOKENS: Final = 10_000
_NODES: Final = 5_000
_DEPTH: Final = 40
_LOOPS: Final = 5
_SHORT: Final = 500
_STATEMENTS: Final = frozenset({"if", "elif", "else", "endif", "for", "endfor", "set"})
_WITH_EXPRESSION: Final = frozenset({"if", "elif", "for", "set"})
_INSTEAD: Final = {
    "block": "a definition's template stands alone",
    "call": "write the text where it is needed",
    "do": "write {% set ignored = … %}",
    "extends": "a definition's template stands alone",
    "filter": "write {{ value | filter }}",
    "from": "a definition's template stands alone",
    "import": "a definition's template stands alone",
    "include": "a definition's template stands alone",
    "macro": "write the text where it is needed",
    "print": "write {{ … }}",
    "with": "write {% set name = … %}",
}
_BRACE: Final = re.compile(r"\{(?=[{%#])")
_ALLOWED: Final = (
    nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Const, nodes.Name, nodes.List,
    nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
    nodes.Template,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it is written, `{{ … }}` or `{% … %}`, and its line."""

    line: int
    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template's tree, and its tags with an expression in the order of the text."""

    tree: nodes.Template
    tags: tuple[Tag, ...]
    restore: str  # what stands for a carriage return in the tree, or ""


class _Jinja(Environment):
    """Jinja's environment, whose parser is given the tokens, so that a text is taken apart once."""

    def _tokenize(self, source: Any, name: str | None, filename: str | None = None, state: str | None = None) -> Any:
        del state
        return TokenStream(self.lexer.wrap(iter(source), name, filename), name, filename)


_JINJA: Final = _Jinja(keep_trailing_newline=True)
Token: TypeAlias = tuple[int, str, str]
"""Line, kind and text; for a tag line, text and keyword."""


def is_template(text: str) -> bool:
    """Whether the text has a tag of a template in it: `{{`, `{%` or `{#`."""
    return "{{" in text or "{%" in text or "{#" in text


def quoted(text: str) -> str:
    """Give a template that renders as this text, which may hold tags: for bodies that come from elsewhere."""
    if not is_template(text):
        return text
    if "endraw" not in text:
        return f"{{% raw %}}{text}{{% endraw %}}"
    return _BRACE.sub("{{ '{' | safe }}", text)


def parse(source: str, where: str, path: str = "") -> Parsed:
    """Read and check a template; raises TemplateError with the line and what can be written instead.

    `path` is the template's place below `where`; its tags tell it.
    """
    where += path
    if len(source) > SOURCE:
        raise TemplateError(where, 1, "", f"the template is longer than {SOURCE} characters")
    try:
        parsed = _known(source) if len(source) <= _SHORT else _parsed(source)
    except TemplateError as error:
        raise TemplateError(where, error.line, error.expression, error.reason) from None
    if not path:
        return parsed
    return replace(parsed, tags=tuple(replace(tag, where=path) for tag in parsed.tags))


def _parsed(source: str, where: str = "") -> Parsed:
    if _is_broken(source):
        raise TemplateError(where, 1, "", "the template holds half of a character")
    source, restore = _without_returns(source)
    tokens: list[Token] = []
    try:
        for token in _JINJA.lexer.tokeniter(source, None):
            tokens.append(token)
            if len(tokens) > _TOKENS:
                raise TemplateError(where, token[0], "", f"the template has more than {_TOKENS} words and signs")
        tagged = list(_tagged(tokens))
        for line, text, keyword in tagged:
            if text.startswith("{%") and keyword not in _STATEMENTS:
                hint = _INSTEAD.get(keyword, "there are if, for and set")
                raise TemplateError(where, line, text, f"{{% {keyword} %}} cannot be used here: {hint}")
        tree = Parser(_JINJA, cast("str", tokens)).parse()
    except TemplateSyntaxError as error:
        shown = _tag_at(tokens, error.lineno)
        raise TemplateError(where, error.lineno, shown, _reworded(error.message or "")) from None
    except (ValueError, OverflowError):
        raise TemplateError(where, 1, "", "a number in the template is too long") from None
    except RecursionError:
        raise TemplateError(where, 1, "", "the template is nested too deep") from None
    _check(tree, where)
    tags = [Tag(line, text) for line, text, keyword in tagged if not keyword or keyword in _WITH_EXPRESSION]
    return Parsed(tree, tuple(tags), restore)


@lru_cache(maxsize=4096)
def _known(source: str) -> Parsed:
    """Read a short template once: definitions by the thousand hold the same ones."""
    return _parsed(source)


def _without_returns(source: str) -> tuple[str, str]:
    """Put a separator that Jinja takes for white space in a carriage return's place: it would be normalized away."""
    if "\r" not in source:
        return source, ""
    stand_in = next((char for char in "\x1c\x1d\x1e\x1f\x85" if char not in source), "")
    return source.replace("\r", stand_in), stand_in


def _tagged(tokens: list[Token]) -> Iterator[Token]:
    """Give line, text and keyword ("" for an output) of each tag."""
    text: list[str] = []
    line = 0
    keyword: str | None = None
    for at, kind, value in tokens:
        if kind in ("variable_begin", "block_begin"):
            text, line = [value], at
            keyword = "" if kind == "variable_begin" else None
        elif kind in ("variable_end", "block_end"):
            yield line, "".join((*text, value.rstrip())), keyword or ""
            text = []
        elif text:
            text.append(value)
            if keyword is None and kind == "name":
                keyword = value
    if text:
        yield line, "".join(text), keyword or ""


def _tag_at(tokens: list[Token], line: int) -> str:
    """Give the last tag that begins up to a line: where a syntax error is."""
    shown = ""
    for at, text, _ in _tagged(tokens):
        if at > line:
            break
        shown = text
    return shown


def _reworded(message: str) -> str:
    return f"{message[:1].lower()}{message[1:]}".rstrip(".")


def _check(tree: nodes.Template, where: str) -> None:
    pending: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    count = 0
    while pending:
        node, depth, loops = pending.pop()
        count += 1
        loops += isinstance(node, nodes.For)
        reason = (
            f"the template has more than {_NODES} parts" if count > _NODES
            else "the expression is nested too deep" if depth > _DEPTH
            else f"more than {_LOOPS} loops are nested" if loops > _LOOPS
            else refusal(node) if isinstance(node, nodes.Stmt)
            else ""
        )  # fmt: skip
        if reason:
            raise TemplateError(where, node.lineno or 1, "", reason)
        pending.extend((child, depth + 1, loops) for child in node.iter_child_nodes())


def refusal(node: nodes.Node) -> str:
    """Say why a part of the tree is refused, or ""."""
    if isinstance(node, nodes.Pow):
        return "** cannot be used here: write a product, a * a"
    if isinstance(node, nodes.AssignBlock):
        return "{% set %} takes a value here: write {% set name = … %}"
    if isinstance(node, nodes.NSRef):
        return "a part of a value cannot be set: write {% set name = … %}"
    if not isinstance(node, _ALLOWED):
        return "this cannot be used here"
    if isinstance(node, nodes.For) and node.recursive:
        return "a loop cannot be recursive here: nest two loops"
    if isinstance(node, nodes.Call | nodes.Filter | nodes.Test) and (node.dyn_args or node.dyn_kwargs):
        return "arguments are written one by one here, not with * or **"
    if isinstance(node, nodes.Getattr) and node.attr.startswith("__") and node.attr.endswith("__"):
        return "only data is looked into, and no object of Python"
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _is_broken(node.value):
        return "the text holds half of a character"
    if isinstance(node, nodes.Const) and isinstance(node.value, int | float) and not abs(node.value) < NUMBER:
        return "numbers have at most 64 bits"
    return ""


def _is_broken(text: str) -> bool:
    """Whether a text holds a surrogate without its other half, which UTF-8 cannot."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
