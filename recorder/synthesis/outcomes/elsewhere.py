"""A list in another place: what one list answers, told of the items of another collection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.nodes.composition import Expressed
from recorder.synthesis.nodes.node import Node
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term


class Elsewhere(Expressed):
    """What another list answers, with the items of this one."""

    def __init__(self, node: Node, other: str, name: str) -> None:
        self._node = node
        self._other = other
        self._name = name

    unknown = 0

    @property
    def terms(self) -> list[Term]:
        return [replace(term, text=self._moved(term.text)) for term in self._node.terms]

    def document(self) -> Any:
        return self._moved(self._node.document())

    def expression(self) -> str:
        return str(self._moved(self._node.expression()))

    def value(self, scene: Scene) -> Any:
        return self._node.value(scene)

    def _moved(self, document: Any) -> Any:
        if isinstance(document, str):
            return document.replace(f"{MARK}{self._other}{MARK}", f"{MARK}{self._name}{MARK}")
        if isinstance(document, list):
            return [self._moved(one) for one in document]
        if isinstance(document, dict):
            own = {self._other: self._name}
            return {own.get(name, name): self._moved(one) for name, one in document.items()}
        return document
