"""The provenance graph as a value: the steps of a recording, and the values that flow between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

EdgeKind: TypeAlias = Literal["echo", "link", "composed"]

SHOWN: Final = 120
"""So many characters of a value are kept in an edge."""


class Node(NamedTuple):
    """A value of a recording: the number of its interaction, and its place there (see `recorder.leaves.Leaf`)."""

    interaction: int
    place: str


class Edge(NamedTuple):
    """A value that flows.

    `echo`: from a request to its own answer. `link`: from an earlier answer (or an earlier write) to a later request
    or answer. `composed`: the target contains the source. `how` names the transformation, "" where it is the same;
    `value` is the target's, shortened.
    """

    source: Node
    target: Node
    kind: EdgeKind
    how: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One interaction, in short; `status` is None where no answer came."""

    number: int
    method: str
    target: str
    status: int | None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Where the values of a recording came from; `is_cut` says that there were more edges than are kept."""

    steps: tuple[Step, ...]
    edges: tuple[Edge, ...]
    is_cut: bool = False


def graph_document(graph: Graph) -> dict[str, Any]:
    """Give the graph as plain values for JSON: `steps`, and `edges` with from, to, kind, how and value.

    What was no UTF-8 when it was recorded has question marks.
    """
    return {
        "steps": [
            {"interaction": step.number, "method": step.method, "target": _sound(step.target), "status": step.status}
            for step in graph.steps
        ],
        "edges": [
            {"from": _node(edge.source), "to": _node(edge.target), "kind": edge.kind}
            | ({"how": edge.how} if edge.how else {})
            | {"value": _sound(edge.value)}
            for edge in graph.edges
        ],
        "cut": graph.is_cut,
    }


def _node(node: Node) -> dict[str, Any]:
    return {"interaction": node.interaction, "place": _sound(node.place)}


def _sound(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
