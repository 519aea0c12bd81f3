"""What nodes have in common that are written as one expression, or that are made of other nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recorder.synthesis.nodes.node import Node
    from recorder.synthesis.terms.term import Term


class Expressed:
    """A node that stands in a document as one expression."""

    __slots__ = ()

    def document(self: Node) -> Any:
        return f"{{{{ {self.expression()} }}}}"


class Composed:
    """A node that is made of others: it guesses what they guess, and speaks of what they speak of."""

    __slots__ = ()

    @property
    def nodes(self) -> Sequence[Node]:
        """The others, in their order."""
        raise NotImplementedError

    @property
    def unknown(self) -> int:
        return sum(node.unknown for node in self.nodes)

    @property
    def terms(self) -> list[Term]:
        return [term for node in self.nodes for term in node.terms]
