"""Merged rows: what is sent adds a row to a list, or adds to the number of the row that is there already, as in a cart.

One session seldom puts the same thing into a cart twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.explaining.change import Changed, unmarked
from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.nodes.node import MadeUp, Node, Object, Said, walk
from recorder.synthesis.samples.values import MISSING, as_text, is_number, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member

_SENT: Final = re.compile(r"request\.(?:json|form)\.\w+")
_ROW: Final = re.compile(r"\b(?:row|at)\b")
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Merged(Changed):
    """A list with a row more, unless `field` of one that is there is what `asked` gives: then that has more.

    `over` is laid over that row, as it is written.
    """

    over: str = ""

    def expression(self) -> str:
        assert self.item is not None, "a row is added"
        assert self.asked is not None, "it is named"
        more = f"({self.base.text} + [{self.item.expression()}])"
        name, asked = literal(self.field), self.asked.text
        is_it = f"({member('row', (self.field,))} | string) == ({asked} | string)"
        changed = f"each({self.base.text}, merge(row, {self.over}) if {is_it} else row)"
        return f"({more} if find({self.base.text}, {name}, {asked}) is none else {changed})"

    def value(self, scene: Scene) -> Any:
        rows = self.base.get(scene)
        asked = as_text(self.asked.get(scene)) if self.asked is not None else ""
        if not isinstance(rows, list) or self.item is None or any(self._is_it(row, asked) for row in rows):
            return MISSING
        return [*rows, self._made(scene)]


def merged(node: Changed, cases: Sequence[Case]) -> Changed:
    """Give how a list grows so that no thing is in two of its rows, where one session put none in twice.

    So it is where rows have no ids of their own, but what names a thing that is known by it, and one number that is
    sent: how many there are.
    """
    if node.kind != "more" or not in_few_sessions(cases) or len(cases) < _FEWEST or not isinstance(node.item, Object):
        return node
    if any(isinstance(part, MadeUp) for _, part in walk(node.item)) or _ROW.search(node.item.expression()):
        return node
    members = [(name, inner) for name, (inner, condition) in node.item.members.items() if condition is None]
    numbers = [(name, inner) for name, inner in members if _is_sent_number(inner, cases)]
    names = [(name, inner.term) for name, inner in members if isinstance(inner, Said) and _names(inner, members, cases)]
    if len(numbers) != 1 or len(names) != 1 or any(_is_twice(value, names[0][0]) for _, value in cases):
        return node
    (number, amount), (field, asked) = numbers[0], names[0]
    sent = amount.expression()
    more = f"({member('row', (number,))} + {sent})"
    over = {name: inner.expression().replace(sent, more) for name, inner in members if sent in inner.expression()}
    written = ", ".join(f"{literal(name)}: {text}" for name, text in over.items())
    return Merged("more", node.base, node.item, field, asked, f"{{{written}}}")


def _is_sent_number(part: Node, cases: Sequence[Case]) -> bool:
    """Tell whether a part is a number that is sent, or else a fixed one."""
    are_sent = [_SENT.match(term.text) is not None for term in part.terms]
    return bool(are_sent) and all(are_sent) and all(is_number(part.value(scene)) for scene, _ in cases)


def _names(part: Said, members: Sequence[tuple[str, Node]], cases: Sequence[Case]) -> bool:
    """Tell whether a part is a text that is sent, by which something else in the row is told."""
    text = part.term.text
    if _SENT.fullmatch(text) is None or not all(isinstance(part.term.get(scene), str) for scene, _ in cases):
        return False
    leading = [f"vars.{name}." for name, lookup in cases[0][0].lookups.items() if lookup.key.text == text]
    others = [unmarked(inner.expression()) for _, inner in members if inner is not part]
    return any(f"get({text})" in one or any(lead in one for lead in leading) for one in others)


def _is_twice(rows: Sequence[Any], field: str) -> bool:
    names = [as_text(look(row, (field,))) for row in rows]
    return len(set(names)) < len(names)
