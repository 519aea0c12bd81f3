"""A check: what is said of an answer, as `status == 500 and json["error"]["code"] == "late"`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.errors import CheckError

NAMES: Final = ("status", "headers", "text", "json")
"""What a check may name: the status, the headers by lower-case name, the body as text, and as JSON."""

_LONGEST: Final = 1000
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


@dataclass(frozen=True, slots=True)
class Check:
    """A compiled check; `source` is the expression as Python writes it."""

    source: str
    _tree: ast.expr = field(repr=False)

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether it is true of an answer, given by `NAMES`; what is not there makes it false."""
        try:
            return bool(_value(self._tree, facts))
        except (KeyError, IndexError, TypeError, AttributeError):
            return False


def parse_check(text: str) -> Check:
    """Compile a check; raises CheckError that says what may stand in it.

    Comparisons of the names with literals and with each other, `in`, `and`, `or`, `not`, and `[…]` with a literal.
    Nothing is called, so nothing can happen.
    """
    if len(text) > _LONGEST:
        raise CheckError(f"the check has {len(text)} characters; {_LONGEST} are enough")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        told = error.msg if isinstance(error, SyntaxError) else "it cannot be read"
        raise CheckError(f"the check {text!r} is no expression ({told}): write status == 500") from None
    for node in ast.walk(tree):
        _refuse_unknown(node, text)
    return Check(ast.unparse(tree), tree)


def _refuse_unknown(node: ast.AST, text: str) -> None:
    if isinstance(node, ast.Name):
        if node.id not in NAMES:
            raise CheckError(f"the check {text!r} names {node.id!r}: there are {', '.join(NAMES)}")
        return
    known = (
        *(ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant, ast.Subscript, ast.List, ast.Tuple, ast.Dict),
        *(ast.cmpop, ast.boolop, ast.Not, ast.USub, ast.expr_context),
    )
    is_unknown = not isinstance(node, known) or (isinstance(node, ast.cmpop) and type(node) not in _COMPARISONS)
    if is_unknown or (isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not | ast.USub)):
        raise CheckError(
            f"the check {text!r} holds {type(node).__name__}: write comparisons of {', '.join(NAMES)} with literals, "
            "joined by and, or, not"
        )


def _value(node: ast.AST, facts: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return facts[node.id]
        case ast.Subscript():
            return _value(node.value, facts)[_value(node.slice, facts)]
        case ast.List() | ast.Tuple():
            return [_value(item, facts) for item in node.elts]
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            return {_value(key, facts): _value(value, facts) for key, value in pairs if key is not None}
        case ast.BoolOp():
            values = (_value(item, facts) for item in node.values)
            return all(values) if isinstance(node.op, ast.And) else any(values)
        case ast.UnaryOp():
            value = _value(node.operand, facts)
            return not value if isinstance(node.op, ast.Not) else -value
        case ast.Compare():
            return _compared(node, facts)
    raise TypeError(type(node).__name__)


def _compared(node: ast.Compare, facts: Mapping[str, Any]) -> bool:
    left = _value(node.left, facts)
    for comparison, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, facts)
        if not _COMPARISONS[type(comparison)](left, right):
            return False
        left = right
    return True
