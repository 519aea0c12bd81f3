"""Entity tags: those in headers that items, or bodies, also have as a member, perhaps marked with their coding."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from cassettes.conventions import words_of
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Joined, Node, Object, Over, Said
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, part_of
from recorder.synthesis.terms.vocabulary import Vocabulary

_ITEM: Final = "item"
_SHORTEST: Final = 8
_LEAST: Final = 3
_MOST_PIVOTS: Final = 4
_RIGHT_TENTHS: Final = 6
_VERSION: Final = frozenset(("version", "revision", "rev"))
_SUFFIX: Final = re.compile(r"[;+-]*[a-z]{0,8}")
"""How servers mark the tag of a body that they have compressed: `-gzip`, `;br`."""


def tag_of_member(cases: Sequence[Case], vocabulary: Vocabulary) -> Said | None:
    """Explain entity tags as a text that is long enough for one and stands in most of them, with the usual mark.

    In the others it may have changed since anybody saw it. What the item has is the likelier one.
    """
    if len(cases) < _LEAST or not all(isinstance(tag, str) for _, tag in cases):
        return None
    likely = {
        term.text: term
        for scene, tag in cases[:: max(1, len(cases) // _MOST_PIVOTS)]
        for term, value in vocabulary.everything(scene)
        if _is_tag(value) and _bare(value) in tag and not term.text.startswith("request.")
    }
    for term in sorted(likely.values(), key=lambda one: (_ITEM not in one.uses, one.cost)):
        parts = [_parted(one, term.get(other)) for other, one in cases]
        told = Counter(part for part in parts if part is not None)
        if sum(told.values()) * 10 >= len(cases) * _RIGHT_TENTHS:
            return Said(_tag(term, *told.most_common(1)[0][0]))
    return None


def tag_of_count(body: Node, cases: Sequence[Case]) -> Joined | None:
    """Explain entity tags that are always the member of a body that counts its versions, in quotes."""
    pairs = [(scene.sample.answer_header("etag"), value) for scene, value in cases]
    shown = pairs[0][1]
    for name in [name for name in shown if _VERSION & {*words_of(name)}] if isinstance(shown, dict) else ():
        counts = [(tag, look(value, (name,))) for tag, value in pairs]
        if all(type(count) is int and f'"{count}"' == tag for tag, count in counts):
            told = _told_of(body, name)
            return Joined(['"', Said(told), '"']) if told is not None else None
    return None


def _told_of(body: Node, name: str) -> Term | None:
    """Give what explains a member of a body, where it is no constant."""
    members = body.over.members if isinstance(body, Over) else body.members if isinstance(body, Object) else {}
    if name in members:
        node, condition = members[name]
        return node.term if isinstance(node, Said) and condition is None else None
    if isinstance(body, Said):
        return part_of(body.term, (name,), look)
    return part_of(body.bases[0], (name,), look) if isinstance(body, Over) and len(body.bases) == 1 else None


def _is_tag(value: Any) -> bool:
    return isinstance(value, str) and len(_bare(value)) >= _SHORTEST and " " not in value


def _bare(value: str) -> str:
    return value.removeprefix("W/").strip('"')


def _parted(tag: Any, held: Any) -> tuple[str, str] | None:
    """Give what stands before and behind what is held, None where it does not stand in the tag."""
    if not isinstance(tag, str) or not _is_tag(held):
        return None
    before, is_there, behind = tag.partition(_bare(held))
    is_marked = _SUFFIX.fullmatch(behind.rstrip('"')) is not None and before in ("", '"', 'W/"')
    return (before, behind) if is_there and is_marked else None


def _tag(term: Term, before: str, behind: str) -> Term:
    def get(scene: Scene) -> Any:
        held = term.get(scene)
        return f"{before}{_bare(held)}{behind}" if isinstance(held, str) else MISSING

    bare = f"({term.text} | replace('W/', '') | replace('\"', ''))"
    pieces = [literal(before), bare, literal(behind)]
    text = f"({' ~ '.join(piece for piece in pieces if piece != literal(''))})"
    return Term(text, get, "etag", 1.0, term.uses, term.keeps)
