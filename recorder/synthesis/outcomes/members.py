"""Members: what stands in the item that a body shows."""

from __future__ import annotations

from collections.abc import Iterator

from recorder.synthesis.nodes.node import Node, Object, Over
from recorder.synthesis.samples.values import Path


def members_of(body: Node | None, lead: Path) -> Iterator[tuple[str, Node]]:
    """Give the members of the item in a body, with what they are explained by."""
    for step in lead:
        shown = _as_object(body)
        body = shown.members[str(step)][0] if shown is not None and str(step) in shown.members else None
    item = _as_object(body)
    for name, (node, _) in item.members.items() if item is not None else ():
        yield name, node


def _as_object(body: Node | None) -> Object | None:
    if isinstance(body, Over):
        return body.over
    return body if isinstance(body, Object) else None
