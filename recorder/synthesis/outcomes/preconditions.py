"""Preconditions: what HTTP says of `If-Match` and `If-None-Match`, lent to writes where none was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from recorder.synthesis.explaining.answer import Answered, etag_of
from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.nodes.node import MADE_UP, Fixed, Joined, MadeUp, Node, Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, as_text
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, used_by

_WRITES: Final = ("PUT", "PATCH", "DELETE", "POST")
_ASKED: Final = "request.headers['if-match']"
_NEW: Final = "request.headers['if-none-match'] is defined and request.headers['if-none-match'] == '*'"


def preconditions(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Iterator[Term]:
    """Give when a write to an item speaks of another version than the one that is held (RFC 9110 §13.1)."""
    told = " ".join(term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms)
    if behaviour.endpoint.method not in _WRITES or "item" not in behaviour.lookups:
        return
    if "if-match" not in told:
        tag = _tag_of_item(behaviour, behaviours)
        if tag is not None:
            yield _speaks_of_another(tag)
    if behaviour.endpoint.sent_method == "PUT" and "if-none-match" not in told:
        yield Term(f"{_NEW} and vars.item is not none", _is_for_new, "item", 1.0, frozenset({"item"}))


def _speaks_of_another(tag: Term) -> Term:
    def differs(scene: Scene) -> bool:
        asked, held = scene.sample.headers.get("if-match"), tag.get(scene)
        if asked is None or asked == "*" or held is MADE_UP or scene.looked_up("item") is MISSING:
            return False
        return asked != as_text(held)

    text = f"{_ASKED} is defined and vars.item is not none and {_ASKED} not in ['*', {tag.text}]"
    return Term(text, differs, "item", 1.0, tag.uses | {"item"}, tag.keeps)


def _is_for_new(scene: Scene) -> bool:
    return scene.sample.headers.get("if-none-match") == "*" and scene.looked_up("item") is not MISSING


def _tag_of_item(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> Term | None:
    """Give the entity tag with which reads show the same item, where it can be worked out of the item alone."""
    for other in behaviours:
        is_read = other.endpoint.method == "GET" and other.binding.role == "item"
        if not is_read or other.collection is not behaviour.collection or other.collection is None:
            continue
        for _, outcome in other.cases:
            header = etag_of(outcome.answered) if outcome.status < 300 else None
            if header is not None:
                return _worked_out(header, outcome.answered)
    return None


def _worked_out(header: Header, answered: Answered) -> Term | None:
    _, node, condition = header
    parts: list[Node] = [node]
    text = node.expression()
    if isinstance(node, MadeUp):
        if node.kind != "tag" or answered.body is None or answered.names:
            return None
        parts = [answered.body]
        text = text.replace("vars.body", f"({answered.body.expression()})")
    terms = [term for part in parts for term in part.terms]
    uses, keeps = used_by(terms)
    if condition is not None or isinstance(node, Fixed) or uses != {"item"} or any(map(_is_made_up, parts)):
        return None
    get = node.value if isinstance(node, Said | Joined) else _unknown
    return Term(f"({text})", get, "etag", 1.0, uses, keeps)


def _is_made_up(node: Node) -> bool:
    return "now(" in node.expression() or "uuid(" in node.expression() or "random" in node.expression()


def _unknown(_scene: Scene) -> object:
    return MADE_UP
