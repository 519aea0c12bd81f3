"""JSONPath (RFC 9535) compiled: a singular path is a plain getter, any other is walked within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from gateway.matchers.jsonsyntax import PathError, parse
from gateway.matchers.jsonwalk import ExhaustedError, Walk
from gateway.view import MISSING

Steps: TypeAlias = tuple[str | int, ...]

__all__ = ["ExhaustedError", "JsonPath", "PathError", "Steps", "compile_path", "getter"]


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A compiled path: `find` gives the values in order; `steps` is None unless the path is singular.

    `find` raises ExhaustedError where walking the tree on this path would cost too much.
    """

    source: str
    steps: Steps | None
    find: Callable[[Any], list[Any]] = field(repr=False)


@lru_cache(maxsize=16_384)
def compile_path(source: str) -> JsonPath:
    """Compile a path; raises PathError, which says what is wrong and where."""
    nodes, steps = parse(source)
    if steps is not None:
        get = getter(steps)

        def one(tree: Any) -> list[Any]:
            value = get(tree)
            return [] if value is MISSING else [value]

        return JsonPath(source, steps, one)

    def find(tree: Any) -> list[Any]:
        try:
            return nodes(Walk(tree), tree)
        except RecursionError:  # two values compared that are both nested too deeply
            raise ExhaustedError from None

    return JsonPath(source, None, find)


def getter(steps: Steps) -> Callable[[Any], Any]:
    """Compile a singular path to a function from a tree to the value there, or MISSING.

    A name is looked up in objects only, an index in arrays only.
    """
    if len(steps) == 1 and isinstance(steps[0], str):
        name = steps[0]
        return lambda tree: tree.get(name, MISSING) if type(tree) is dict else MISSING

    def get(tree: Any) -> Any:
        for step in steps:
            kind = type(tree)
            if kind is dict:
                tree = tree.get(step, MISSING)
            elif kind is list and type(step) is int and -len(tree) <= step < len(tree):
                tree = tree[step]
            else:
                return MISSING
        return tree

    return get
