"""Unsent ids: what a new thing is called where the call that makes it does not say, though all recorded ones did."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.nodes.kinds import by_its_form
from recorder.synthesis.nodes.node import Chosen, MadeUp, Node, Object, Over, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, is_number, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_WHOLE: Final = "request.json"
_SENT: Final = ("request.json.", "request.form.")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_TITLES: Final = ("name", "title", "label")
_DIGITS: Final = 16
_Members: TypeAlias = dict[str, tuple[Node, Term | None]]


def with_unsent_ids(node: Node, cases: Sequence[Case], places: Mapping[Path, str]) -> Node:
    """Have new things get an id from the service where none is sent, in few sessions in which all calls sent one.

    `places` tells where in answers ids of new things stand, with the collection. A number is the next one, the words
    of a slug are those of the name that is sent, and any other text is made up.
    """
    if not in_few_sessions(cases) or any(scene.sample.method != "POST" for scene, _ in cases):
        return node
    for path, collection in places.items():
        values = [look(value, path) for _, value in cases]
        name = str(path[-1]) if path else ""
        if name and all(value is not MISSING and value is not None for value in values):
            node = _with_id(node, path, _made(values, name, collection, cases))
    return node


def _with_id(node: Node, path: Path, made: MadeUp) -> Node:
    """Have an id that is shown as it was sent be made where it is not, alone or in a body that is shown as it is."""
    parts = dict(walk(node))
    own, whole = parts.get(path), parts.get(path[:-1])
    if isinstance(own, Said) and own.term.text.startswith(_SENT):
        return replaced(node, path, Chosen([(_is_there(own.term), own), (None, made)]))
    under: _Members = {str(path[-1]): (made, None)}
    if isinstance(whole, Said) and whole.term.text == _WHOLE:
        return replaced(node, path[:-1], Over(Object(under), [whole.term], Object({})))
    if isinstance(whole, Over) and own is None and [one.text for one in whole.bases] == [_WHOLE]:
        return replaced(node, path[:-1], replace(whole, under=Object(under | dict(whole.under.members))))
    return node


def _made(values: Sequence[object], name: str, collection: str, cases: Sequence[Case]) -> MadeUp:
    if all(map(is_number, values)):
        return MadeUp(f"resource.{collection}.next_id({literal(name)})", "counter")
    texts = [str(value) for value in values]
    title = next((one for one in _TITLES if all(_sent_text(scene, one) for scene, _ in cases)), None)
    if title is not None and name != title and all(map(_SLUG.fullmatch, texts)):
        return MadeUp(f"({member(_WHOLE, (title,))} | slug)", "token")
    own = by_its_form(texts[0]) if any(map(str.isdigit, texts[0])) else None
    return own or MadeUp(f"random_token({_DIGITS})", "token")


def _sent_text(scene: Scene, name: str) -> bool:
    return isinstance(look(scene.sample.json, (name,)), str)


def _is_there(term: Term) -> Term:
    return Term(f"{term.text} is defined", lambda scene: term.get(scene) is not MISSING, term.name, 0.3)
