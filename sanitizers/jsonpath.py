"""JSONPath of a profile, compiled to a test of where a value stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonpath_ng.jsonpath import Child, Descendants, Fields, Index, Root, Slice
from jsonpath_ng.parser import parse as parse_jsonpath

from sanitizers.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Callable

    Steps = tuple[str | int, ...]
    Test = Callable[[Steps], bool]
    Ends = Callable[[Steps, frozenset[int]], frozenset[int]]


def compiled(path: str) -> Test:
    """Compile a path of fields, indexes, wildcards and `..`; raises ProfileError for anything else."""
    try:
        tree = parse_jsonpath(path)
    except Exception as error:  # noqa: BLE001 the parser raises its own, the lexer's and plain exceptions
        raise ProfileError(f"'{path}' is no JSONPath: {type(error).__name__}.") from None
    ends = _compile(tree, path)
    return lambda steps: len(steps) in ends(steps, frozenset({0}))


def _compile(tree: Any, path: str) -> Ends:
    """Give a function from starts to ends: how many steps are taken when this part of the path has matched."""
    if isinstance(tree, Root):
        return lambda _, starts: starts
    if isinstance(tree, Child):
        left, right = _compile(tree.left, path), _compile(tree.right, path)
        return lambda steps, starts: right(steps, left(steps, starts))
    if isinstance(tree, Descendants):
        left, right = _compile(tree.left, path), _compile(tree.right, path)
        return lambda steps, starts: right(steps, _onward(steps, left(steps, starts)))
    if isinstance(tree, Fields):
        names = frozenset(tree.fields)
        return _step(lambda step: isinstance(step, str) and (step in names or "*" in names))
    if isinstance(tree, Index):
        wanted = frozenset(tree.indices)
        return _step(lambda step: step in wanted)
    if type(tree).__name__ == "Wildcard" or (isinstance(tree, Slice) and tree.start is tree.end is tree.step is None):
        return _step(lambda _: True)
    raise ProfileError(
        f"'{path}' is more than fields, indexes, [*] and '..', which is all that a rule's JSONPath can use."
    )


def _onward(steps: Steps, starts: frozenset[int]) -> frozenset[int]:
    return frozenset(range(min(starts), len(steps) + 1)) if starts else starts


def _step(accepts: Callable[[str | int], bool]) -> Ends:
    return lambda steps, starts: frozenset(at + 1 for at in starts if at < len(steps) and accepts(steps[at]))
