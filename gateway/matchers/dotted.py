"""Members of a JSON object by a short name: `user.id`, `roles.0`, or a JSONPath."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gateway.matcher import Place
from gateway.matchers.jsonpath import ExhaustedError
from gateway.matchers.paths import read_path
from gateway.view import MISSING


def dotted(name: str, place: Place) -> Callable[[Any], Sequence[Any]]:
    """Compile a name to a function from an object to the values there.

    A member that has the whole name is taken first; then each part is a member's name, or an index of an array. A name
    that begins with `$` is a JSONPath.
    """
    if name.startswith("$"):
        return _by_path(read_path(name, place).find)
    steps = name.split(".")

    def values(tree: Any) -> Sequence[Any]:
        if type(tree) is dict and name in tree:
            return (tree[name],)
        for step in steps:
            if type(tree) is dict:
                tree = tree.get(step, MISSING)
            elif type(tree) is list and step.isascii() and step.isdigit() and len(step) < 10 and int(step) < len(tree):
                tree = tree[int(step)]
            else:
                return ()
        return () if tree is MISSING else (tree,)

    return values


def _by_path(find: Callable[[Any], list[Any]]) -> Callable[[Any], Sequence[Any]]:
    def values(tree: Any) -> Sequence[Any]:
        try:
            return find(tree)
        except ExhaustedError:
            return ()

    return values
