"""How a JSONPath is walked: selectors, segments and filter expressions as closures, within a budget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.matchers.jsontree import same
from gateway.matchers.regex import RegexError, compile_regex
from gateway.view import MISSING

BUDGET: Final = 75_000
_LARGE: Final = frozenset({str, list, dict})
_CHARACTERS: Final = 1_000
"""Of two texts that are compared cost as much as one value that is looked at."""
_MATCHED_CHARACTERS: Final = 32
"""The same of a text that a pattern is compared with."""
_COMPILED: Final = 100
"""What reading another pattern costs."""


class ExhaustedError(Exception):
    """More values would have to be looked at than one test of one request may cost."""


class Walk:
    """One evaluation: the tree, and how many values may still be looked at."""

    __slots__ = ("left", "pattern", "root")

    def __init__(self, root: Any, budget: int = BUDGET) -> None:
        self.root = root
        self.left = budget
        self.pattern = ""
        """What was matched last."""

    def spend(self, values: int) -> None:
        """Take from the budget; raises ExhaustedError when it is gone."""
        self.left -= values
        if self.left < 0:
            raise ExhaustedError


Selector = Callable[[Walk, Any, list[Any]], None]
Segment = Callable[[Walk, list[Any]], list[Any]]
Nodes = Callable[[Walk, Any], list[Any]]
Value = Callable[[Walk, Any], Any]
Logical = Callable[[Walk, Any], bool]


def named(name: str) -> Selector:
    """Select a member."""

    def select(walk: Walk, node: Any, out: list[Any]) -> None:
        if type(node) is dict and name in node:
            walk.spend(1)
            out.append(node[name])

    return select


def indexed(index: int) -> Selector:
    """Select an item, from the end where the index is negative."""

    def select(walk: Walk, node: Any, out: list[Any]) -> None:
        if type(node) is list and -len(node) <= index < len(node):
            walk.spend(1)
            out.append(node[index])

    return select


def every(walk: Walk, node: Any, out: list[Any]) -> None:
    """Select all members or items."""
    children = _children(node)
    walk.spend(len(children))
    out.extend(children)


def sliced(start: int | None, stop: int | None, step: int | None) -> Selector:
    """Select a slice; Python's own is RFC 9535 §2.3.4, but for a step of 0, which selects nothing."""
    wanted = slice(start, stop, step)

    def select(walk: Walk, node: Any, out: list[Any]) -> None:
        if type(node) is list and step != 0:
            found = node[wanted]
            walk.spend(len(found))
            out.extend(found)

    return select


def filtered(test: Logical) -> Selector:
    """Select the children that a filter expression holds for."""

    def select(walk: Walk, node: Any, out: list[Any]) -> None:
        children = _children(node)
        walk.spend(len(children))
        out.extend([child for child in children if test(walk, child)])

    return select


def child_segment(selectors: tuple[Selector, ...]) -> Segment:
    """Apply the selectors to each node."""

    def segment(walk: Walk, nodes: list[Any]) -> list[Any]:
        out: list[Any] = []
        for node in nodes:
            for select in selectors:
                select(walk, node, out)
        return out

    return segment


def descendant_segment(selectors: tuple[Selector, ...]) -> Segment:
    """Apply the selectors to each node and all below it, parents before children."""

    def segment(walk: Walk, nodes: list[Any]) -> list[Any]:
        out: list[Any] = []
        for node in nodes:
            pending = [node]
            while pending:
                at = pending.pop()
                for select in selectors:
                    select(walk, at, out)
                children = _children(at)
                if children:
                    walk.spend(len(children))
                    pending.extend(reversed(children))
        return out

    return segment


def query(segments: tuple[Segment, ...], *, from_root: bool) -> Nodes:
    """Walk from the root (`$`) or the current node (`@`)."""

    def nodes(walk: Walk, current: Any) -> list[Any]:
        found = [walk.root if from_root else current]
        for segment in segments:
            if not found:
                break
            found = segment(walk, found)
        return found

    return nodes


def single(nodes: Nodes) -> Value:
    """Give the value of a query that finds at most one, or MISSING."""

    def value(walk: Walk, current: Any) -> Any:
        found = nodes(walk, current)
        return found[0] if len(found) == 1 else MISSING

    return value


def constant(value: Any) -> Value:
    """Give a literal."""
    return lambda _walk, _current: value


def compared(operator: str, left: Value, right: Value) -> Logical:
    """Compare two values (RFC 9535 §2.3.5.2.2)."""
    compare = _COMPARISONS[operator]

    def holds(walk: Walk, current: Any) -> bool:
        one, other = left(walk, current), right(walk, current)
        # A filter can compare the same large values for each of many nodes.
        if type(one) is type(other) and type(one) in _LARGE:
            _weigh(walk, one)
        return compare(one, other)

    return holds


def _weigh(walk: Walk, value: Any) -> None:
    """Take what comparing a value costs."""
    pending = [value]
    while pending:
        at = pending.pop()
        if type(at) is str:
            walk.spend(len(at) // _CHARACTERS)
            continue
        children = _children(at)
        walk.spend(len(children))
        pending.extend(children)


def _equal(left: Any, right: Any) -> bool:
    if left is MISSING or right is MISSING:
        return left is right
    return same(left, right)


def _less(left: Any, right: Any) -> bool:
    kinds = {type(left), type(right)}
    return (kinds == {str} or kinds <= {int, float}) and bool(left < right)


_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _less,
    "<=": lambda left, right: _less(left, right) or _equal(left, right),
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _less(right, left) or _equal(left, right),
}


def exists(nodes: Nodes) -> Logical:
    """Ask whether a query finds anything."""
    return lambda walk, current: bool(nodes(walk, current))


def negated(test: Logical) -> Logical:
    """Turn a test round."""
    return lambda walk, current: not test(walk, current)


def both(tests: tuple[Logical, ...]) -> Logical:
    """Ask for all of several."""
    return lambda walk, current: all(test(walk, current) for test in tests)


def either(tests: tuple[Logical, ...]) -> Logical:
    """Ask for one of several."""
    return lambda walk, current: any(test(walk, current) for test in tests)


def length(value: Value) -> Value:
    """Give the length of a text, array or object, or MISSING."""

    def measured(walk: Walk, current: Any) -> Any:
        found = value(walk, current)
        return len(found) if type(found) in {str, list, dict} else MISSING

    return measured


def count(nodes: Nodes) -> Value:
    """Give how many nodes a query finds."""
    return lambda walk, current: len(nodes(walk, current))


def like(text: Value, pattern: Value, *, whole: bool) -> Logical:
    """Match an I-Regexp (RFC 9485) against the whole text, or search it; what is no pattern matches nothing."""

    def holds(walk: Walk, current: Any) -> bool:
        subject, wanted = text(walk, current), pattern(walk, current)
        if type(subject) is not str or type(wanted) is not str:
            return False
        walk.spend(len(subject) // _MATCHED_CHARACTERS)
        if wanted is not walk.pattern:
            # Patterns can come from the tree, and be another for each node.
            walk.spend(_COMPILED + len(wanted))
            walk.pattern = wanted
        try:
            compiled = compile_regex(iregexp(wanted), dot_all=False)
        except RegexError:
            return False
        return compiled.matches(subject) if whole else compiled.found_in(subject)

    return holds


def iregexp(pattern: str) -> str:
    """Give an I-Regexp as RE2 reads it: its dot takes neither line feed nor carriage return (RFC 9485 §5.3)."""
    if "." not in pattern:
        return pattern
    out: list[str] = []
    in_class = escaped = False
    for letter in pattern:
        if letter == "." and not in_class and not escaped:
            out.append("[^\\n\\r]")
            continue
        if not escaped:
            in_class = letter == "[" or (in_class and letter != "]")
        escaped = letter == "\\" and not escaped
        out.append(letter)
    return "".join(out)


def _children(node: Any) -> list[Any]:
    if type(node) is list:
        return node
    return list(node.values()) if type(node) is dict else []
