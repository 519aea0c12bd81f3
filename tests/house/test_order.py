"""The order of a set is chance: nothing that is learnt may come of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from house.tree import ROOT

_ORDERLESS = {"all", "any", "frozenset", "len", "max", "min", "set", "sorted", "sum"}
_ORDERED = {"Counter", "enumerate", "iter", "list", "next", "tuple"}
_KEEPING_ORDER = {"extend", "fromkeys", "update"}
MODULES = sorted((ROOT / "recorder" / "synthesis").rglob("*.py"))


def is_set(node: ast.AST) -> bool:
    """Tell whether an expression is a set by its form."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.Sub)):
        return is_set(node.left) or is_set(node.right)
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset")
    return is_call or isinstance(node, (ast.Set, ast.SetComp))


def ordered_sets(text: str) -> Iterator[int]:
    """Give the lines where something goes through a set in its order."""
    tree = ast.parse(text)
    above = {inner: outer for outer in ast.walk(tree) for inner in ast.iter_child_nodes(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and is_set(node.iter):
            yield node.lineno
        if isinstance(node, ast.comprehension) and is_set(node.iter):
            user = above[above[node]]
            called = user.func.id if isinstance(user, ast.Call) and isinstance(user.func, ast.Name) else ""
            if not isinstance(above[node], ast.SetComp) and called not in _ORDERLESS:
                yield node.iter.lineno
        if isinstance(node, ast.Call) and any(map(is_set, node.args)):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in (_KEEPING_ORDER if isinstance(node.func, ast.Attribute) else _ORDERED):
                yield node.lineno


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_synthesis_goes_through_no_set_in_its_order(module: Path) -> None:
    assert list(ordered_sets(module.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("for one in {word for word in words}: pass", 1),
        ("counts.update({one for one in some})", 1),
        ("made = [one for one in set(words)]", 1),
        ("first = next(iter({*words} - known))", 1),
        ("made = sorted(one for one in set(words))", 0),
        ("is_there = any(one in told for one in {*words})", 0),
        ("for one in dict.fromkeys(words): pass", 0),
    ],
)
def test_what_goes_through_a_set_is_seen(text: str, found: int) -> None:
    assert len(list(ordered_sets(text))) == found
