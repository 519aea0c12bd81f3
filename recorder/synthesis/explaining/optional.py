"""Optional members: what an answer shows of a write that one session never sent, and that other sessions may send."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from cassettes.conventions import words_of
from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.nodes.node import Chosen, Fixed, MadeUp, Node, Object, Over, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, look, same
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_WRITES: Final = ("POST", "PUT", "PATCH")
_IDS: Final = ("id", "_id", "uuid")
_VERSIONS: Final = frozenset(("version", "revision", "rev", "etag"))
_OF_CALL: Final = frozenset(("command", "request", "correlation", "operation", "client", "idempotency"))
"""Words of what ids of calls are called."""
_JSON: Final = "request.json"
_MADE_INTO: Final = re.compile(r"\((request\.json[\w.]*) \| \w+\)")
"""What is sent, made into something else, as into small letters."""
_FIELD: Final = re.compile(r"request\.form\['[^'\[\]]+(?:\[\w+\])+'\]")
"""A field of a form that is a member of an object."""


def with_optional(body: Node, cases: Sequence[Case]) -> Node:
    """Have members that are the same each time, or are as the item has them, follow what is sent under their names.

    So it is in one session alone, in objects that show something as it was sent, under its own name: a session sends
    few of the members that there are. Not of members that were sent and shown otherwise.
    """
    if not in_few_sessions(cases):
        return body
    body = _bracketed(body)
    if not all(_is_write(scene) for scene, _ in cases):
        return body
    body = _with_own_ids(body, cases)
    for path, part in list(walk(body)):
        if isinstance(part, Over):
            body = replaced(body, path, _under_sent(part, [(scene, look(value, path)) for scene, value in cases]))
        base = _sent_at(part)
        if base is None:
            continue
        if isinstance(part, Over) and not any(one.text.startswith(_JSON) for one in part.bases):
            body = replaced(body, path, _with_sent(part, base, [look(value, path) for _, value in cases], cases))
        for name, (node, condition) in _members(part).items():
            sent = json_term((*base, name))
            nothing = _nothing(node, condition, sent, cases)
            if nothing is not None:
                body = replaced(body, (*path, name), nothing)
                continue
            shown = [(scene, look(value, (*path, name))) for scene, value in cases]
            may_be_sent = not _is_kept(name) and _may_be_sent(node, name)
            if may_be_sent and all(_agrees(sent.get(scene), one) for scene, one in shown):
                body = replaced(body, (*path, name), Chosen([(_is_there(sent), Said(sent)), (None, node)]))
    return body


def _bracketed(body: Node) -> Node:
    """Have members that fields of a form are written as, such as `metadata[tier]`, only where they are sent."""
    for path, part in list(walk(body)):
        if isinstance(part, Object):
            members = dict(part.members)
            for name, (node, condition) in part.members.items():
                if condition is None and isinstance(node, Said) and _FIELD.fullmatch(node.term.text):
                    members[name] = (node, _is_there(node.term))
            body = replaced(body, path, Object(members)) if members != part.members else body
    return body


def _with_own_ids(body: Node, cases: Sequence[Case]) -> Node:
    """Have ids of the call itself, as `commandId`, be those that are sent: with others a call has one made for it.

    Ids of what is made are no such ids: these are told again by later calls.
    """
    shown = _members(body)
    for name, (node, condition) in shown.items():
        sent = json_term((name,))
        is_made = isinstance(node, MadeUp) and node.kind in ("id", "uuid") and condition is None
        is_never_sent = all(sent.get(scene) is MISSING for scene, _ in cases)
        if is_made and is_never_sent and _OF_CALL & {*words_of(name)}:
            body = replaced(body, (name,), Chosen([(_is_there(sent), Said(sent)), (None, node)]))
    return body


def _is_write(scene: Scene) -> bool:
    sample = scene.sample
    return sample.method in _WRITES and sample.succeeded and isinstance(sample.json, dict)


def _members(part: Node) -> dict[str, tuple[Node, Term | None]]:
    if isinstance(part, Over):
        return dict(part.over.members)
    return dict(part.members) if isinstance(part, Object) else {}


def _with_sent(part: Over, base: Path, shown: Sequence[Any], cases: Sequence[Case]) -> Over:
    """Lay what is sent over what the item has, where nothing else tells of it."""
    if len(part.bases) != 1 or part.bases[0].text.startswith("request.") or part.order:
        return part
    names = [
        name for name in shown[0] if name not in part.over.members and name not in part.without and not _is_kept(name)
    ]
    sent = {name: json_term((*base, name)) for name in names}
    may = [
        name
        for name, term in sent.items()
        if all(_agrees(term.get(scene), look(value, (name,))) for (scene, _), value in zip(cases, shown, strict=True))
    ]
    if not may:
        return part
    text = member("request.json", base)

    def get(scene: Scene) -> Any:
        whole = look(scene.sample.json, base)
        return {name: whole[name] for name in may if name in whole} if isinstance(whole, dict) else {}

    laid = Term(f"pick({text}, {', '.join(map(literal, may))})", get, "", 1.5)
    return replace(part, bases=[*part.bases, laid])


def _under_sent(part: Over, cases: Sequence[Case]) -> Over:
    """Lay what is the same each time under what is sent, and not over it, where no call sent such a member."""
    sent = next((base for base in part.bases if base.text.startswith(_JSON)), None)
    if sent is None or part.order:
        return part
    given = [sent.get(scene) for scene, _ in cases]
    names = {name for one in given if isinstance(one, dict) for name in one}
    usual = {
        name: (node, condition)
        for name, (node, condition) in part.over.members.items()
        if isinstance(node, Fixed) and condition is None and name not in names and not _is_kept(name)
    }
    over = {name: one for name, one in part.over.members.items() if name not in usual}
    return replace(part, under=Object({**usual, **part.under.members}), over=Object(over)) if usual else part


def _nothing(node: Node, condition: Term | None, sent: Term, cases: Sequence[Case]) -> Node | None:
    """Give what a switch or a list that all calls sent is shown as where it is not sent: off, or without anything."""
    if condition is not None or not isinstance(node, Said) or node.term.text != sent.text:
        return None
    given = [sent.get(scene) for scene, _ in cases]
    if all(isinstance(one, bool) for one in given):
        return Chosen([(_is_there(sent), node), (None, Fixed(False))])
    return Chosen([(_is_there(sent), node), (None, Fixed([]))]) if all(isinstance(one, list) for one in given) else None


def _is_kept(name: str) -> bool:
    """Tell whether a service keeps a member of this name itself: an id, or a version."""
    return name in _IDS or not _VERSIONS.isdisjoint(words_of(name))


def _sent_at(part: Node) -> Path | None:
    """Give where in the request the members of an object are sent, if it shows some as they were sent."""
    bases: Counter[Path] = Counter()
    for name, (node, _) in _members(part).items():
        for base in dict.fromkeys(base for term in node.terms for base in _bases(term.text, name)):
            bases[base] += 1
    return bases.most_common(1)[0][0] if bases else None


def _bases(text: str, name: str) -> list[Path]:
    """Give where the member is sent that a term reads, if it is called so; at most one place."""
    end = member("", (name,))
    text = _MADE_INTO.sub(r"\1", text)
    steps = text.removeprefix("request.json").removesuffix(end).split(".")[1:]
    base: Path = tuple(steps)
    return [base] if text == member("request.json", (*base, name)) else []


def _may_be_sent(node: Node, name: str) -> bool:
    """Tell whether a member is the same each time, or what an item has under this name."""
    if isinstance(node, Said):
        return not node.term.text.startswith("request.") and node.term.text.endswith(member("", (name,)))
    return isinstance(node, Fixed)


def _agrees(sent: object, shown: object) -> bool:
    return sent is MISSING or same(sent, shown)


def _is_there(term: Term) -> Term:
    return Term(f"{term.text} is defined", lambda scene: term.get(scene) is not MISSING, term.name, 0.3)
