"""The threads of a provenance graph: each value that travels between steps, from its origin through all its uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from recorder.graph import Edge, Graph, Node

Sort: TypeAlias = Literal["credential", "id", "input", "state"]
"""What a value is used for: to say who asks, in a path, elsewhere in requests, or in answers only."""

SORTS: Final[tuple[Sort, ...]] = ("credential", "id", "input", "state")
_CREDENTIALS: Final = ("request.headers.authorization", "request.cookies.", "request.headers.cookie")


@dataclass(frozen=True, slots=True)
class Thread:
    """A value on its way: where it was first, and each edge on which it reaches another step."""

    origin: Node
    value: str
    sort: Sort
    uses: tuple[Edge, ...]

    @property
    def last(self) -> int:
        """The number of the interaction that uses it last."""
        return max(edge.target.interaction for edge in self.uses)


def threads_of(graph: Graph) -> tuple[Thread, ...]:
    """Give the values that reach a step other than their own, the most telling first: by sort, then by uses."""
    source = {edge.target: edge.source for edge in graph.edges if edge.kind != "composed"}
    values = {edge.target: edge.value for edge in graph.edges if edge.kind != "composed"}
    found: dict[Node, list[Edge]] = {}
    for edge in graph.edges:
        found.setdefault(_root(edge.source, source), []).append(edge)
    threads = [
        Thread(root, _value(root, edges, values), _sort(edges), tuple(edges))
        for root, edges in found.items()
        if any(edge.target.interaction != root.interaction for edge in edges)
    ]
    return tuple(sorted(threads, key=lambda one: (SORTS.index(one.sort), -len(one.uses), one.origin)))


def _root(node: Node, source: dict[Node, Node]) -> Node:
    """Follow a value back to where it was first; each step goes to an earlier message, so this ends."""
    while node in source:
        node = source[node]
    return node


def _value(root: Node, edges: list[Edge], values: dict[Node, str]) -> str:
    if root in values:
        return values[root]
    plain = [edge.value for edge in edges if edge.kind != "composed" and not edge.how]
    return min(plain or [edge.value for edge in edges], key=len)


def _sort(edges: list[Edge]) -> Sort:
    places = [edge.target.place for edge in edges]
    if any(place.startswith(_CREDENTIALS) for place in places):
        return "credential"
    if any(place.startswith("request.path.") for place in places):
        return "id"
    return "input" if any(place.startswith("request.") for place in places) else "state"
