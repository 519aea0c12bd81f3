"""Answers retold: what one operation answers in XML, where elements have its name, under the name of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from recorder.synthesis.endpoints.discriminators import Discriminator
from recorder.synthesis.nodes.composition import Expressed
from recorder.synthesis.nodes.node import Node, Object
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_WHERE: Final = {"header": "request.headers", "form": "request.form", "query": "request.query"}
_LAST_WORD: Final = "'([A-Za-z0-9_]+)[^A-Za-z0-9_]*$', 1"


@dataclass(frozen=True, slots=True, eq=False)
class Renamed(Expressed):
    """An object in the names of whose members what a call is named stands in the place of an old name."""

    members: Mapping[str, Node]
    old: str
    word: str

    @property
    def unknown(self) -> int:
        return sum(node.unknown for node in self.members.values())

    @property
    def terms(self) -> list[Term]:
        return [term for node in self.members.values() for term in node.terms]

    def expression(self) -> str:
        pairs = (f"[{renamed(name, self.old, self.word)}, {node.expression()}]" for name, node in self.members.items())
        return f"from_pairs([{', '.join(pairs)}])"

    def value(self, scene: Scene) -> Any:
        del scene
        return MISSING


def renamed(name: str, old: str, word: str) -> str:
    """Write a name with what an expression gives in the place of an old name."""
    before, found, after = name.partition(old)
    if not found:
        return literal(name)
    return " ~ ".join([*([literal(before)] if before else []), word, *([literal(after)] if after else [])])


def retold(node: Node | None, old: str, word: str, content: Node) -> Node | None:
    """Give an answer around other content, under another name; None where the old one does not stand in it."""
    if not isinstance(node, Object):
        return None
    named = [name for name in node.members if old in name]
    members: dict[str, tuple[Node, Term | None]] = {}
    for name, (inner, condition) in node.members.items():
        told = retold(inner, old, word, content)
        if name in named:
            members[name] = (told or content, None)
        elif told is not None or not any("vars." in term.text for term in inner.terms):
            members[name] = (told or inner, condition)
    if named:
        return Renamed({name: inner for name, (inner, _) in members.items()}, old, word)
    is_within = any(
        isinstance(inner, Renamed | Object) and inner is not node.members[name][0]
        for name, (inner, _) in members.items()
    )
    return replace(node, members=members) if is_within else None


def within(path: Sequence[Any], node: Node) -> Node:
    """Put a node into objects, at a path."""
    for step in reversed(path):
        node = Object({str(step): (node, None)})
    return node


def said_name(told: Discriminator) -> str:
    """Write the name that a call says, without what stands before and behind it."""
    base = {"header": "request.headers", "form": "request.form", "query": "request.query"}.get(
        told.where, "request.json"
    )
    return f"({member(base, (told.name,))} | regex_search({_LAST_WORD}))"
