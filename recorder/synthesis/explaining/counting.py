"""Counting: whole numbers that a service counts on by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Serial
from recorder.synthesis.collections.serials import is_next
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Chosen, Fixed, MadeUp, Node, Object, Over, Said, replaced, walk
from recorder.synthesis.samples.values import MISSING, Path, common, is_number, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal
from recorder.synthesis.terms.timeline import whole_number

_LEAST: Final = 2
_STRAYS_OF: Final = 20
"""Of so many ids one may not follow the highest that is known: rows that calls made unseen are dated by guess."""
_SENT: Final = ("request.json", "request.form")


def next_id(cases: Sequence[Case], name: str) -> MadeUp | None:
    """Explain whole numbers, or texts of them, that are one more than any that an item had at this field."""
    numbers = [whole_number(value) for _, value in cases]
    are_texts = all(isinstance(value, str) for _, value in cases)
    if None in numbers or not (are_texts or all(_is_whole(value) for _, value in cases)):
        return None
    counted = [(scene, number) for (scene, _), number in zip(cases, numbers, strict=True)]
    written = "({} | string)" if are_texts else "{}"
    known = sorted({one for scene, _ in cases[:20] for one in scene.timeline.names() if not one.endswith("~")})
    for collection in known:
        if _follow(counted, collection, name, held=False):
            return MadeUp(written.format(f"resource.{collection}.next_id({literal(name)})"), "counter")
        if _follow(counted, collection, name, held=True):
            numbers_of = "| map('int') " if are_texts else ""
            held = f"[0] + (resource.{collection}.all() | map(attribute={literal(name)}) {numbers_of}| list)"
            return MadeUp(written.format(f"(({held}) | max) + 1"), "counter")
    nearly = next((one for one in known if _follow_nearly(counted, one, name)), None)
    return MadeUp(written.format(f"resource.{nearly}.next_id({literal(name)})"), "counter") if nearly else None


def with_own_ids(node: Node, cases: Sequence[Case], places: Mapping[Path, str]) -> Node:
    """Have ids of new things be one more than the highest of their collection where that is so each time.

    `places` tells where in answers they stand, with the collection. Short numbers are equal to much else by chance, and
    what is sent alone says more.
    """
    for path, collection in places.items():
        own = [(scene, look(value, path)) for scene, value in cases]
        numbers = [(scene, value) for scene, value in own if _is_whole(value)]
        if not path or len(numbers) < max(len(own), _LEAST):
            continue
        told = _told_at(node, path, own[0][0])
        if told is None or told.text.lstrip("(").startswith(_SENT):
            continue
        if _follow_nearly(numbers, collection, str(path[-1])):
            text = f"resource.{collection}.next_id({literal(str(path[-1]))})"
            node = _placed(node, path, MadeUp(text, "counter"))
    return node


def with_serials(node: Node, cases: Sequence[Case], places: Mapping[Path, Serial]) -> Node:
    """Have numbers that items get in turn be the next one where they were that in all cases of an answer or branch."""
    for path, serial in places.items():
        own = [(scene, look(value, path)) for scene, value in cases]
        told = dict(walk(node)).get(path)
        if isinstance(told, Chosen):
            node = replaced(node, path, _with_next(told, own, serial))
        elif all(is_next(scene, serial, value) for scene, value in own):
            node = _placed(node, path, MadeUp(serial.text, "counter"))
    return node


def _with_next(node: Chosen, cases: Sequence[Case], serial: Serial) -> Chosen:
    """Have the branches of a choice that only ever gave the next number give that."""
    rest, options = list(cases), []
    for condition, branch in node.options:
        inside = [one for one in rest if condition is None or condition.get(one[0])]
        rest = [one for one in rest if one not in inside]
        is_one = bool(inside) and all(is_next(scene, serial, value) for scene, value in inside)
        options.append((condition, MadeUp(serial.text, "counter") if is_one else branch))
    return Chosen(options)


def _told_at(node: Node, path: Path, scene: Scene) -> Term | None:
    """Give the term that gives what stands at a place: its own, or that of an object of which it is a member."""
    told = dict(walk(node)).get(path)
    if told is not None or not isinstance(node, Over):
        return told.term if isinstance(told, Said) else None
    return next((one for one in reversed(node.bases) if look(one.get(scene), path) is not MISSING), None)


def _placed(node: Node, path: Path, new: Node) -> Node:
    if isinstance(node, Over) and len(path) == 1 and path[0] not in node.over.members:
        over = Object({**node.over.members, str(path[0]): (new, None)})
        return Over(node.under, node.bases, over, node.without, node.order)
    return replaced(node, path, new)


def counter(cases: Sequence[Case], key: str) -> MadeUp | None:
    """Explain whole numbers that count on within each session; `key` names the count in the state."""
    if not all(_is_whole(value) for _, value in cases):
        return None
    gaps = set()
    count: Counter[int] = Counter()
    for scene, value in cases:
        gaps.add(value - count[scene.sample.session])
        count[scene.sample.session] += 1
    if len(gaps) != 1 or max(count.values()) < 2:
        return None
    start = next(iter(gaps))
    plus = f" + {start - 1}" if start > 1 else f" - {1 - start}" if start < 1 else ""
    return MadeUp(f"(state.incr('{key}:count'){plus})", "counter")


def numbered(cases: Sequence[Case], key: str) -> MadeUp | None:
    """Explain texts of digits that count on, perhaps with leading zeros."""
    texts = [value for _, value in cases]
    if not all(re.fullmatch(r"\d{1,12}", text) for text in texts):
        return None
    made = counter([(scene, int(text)) for scene, text in cases], key)
    if made is None or not any(text.startswith("0") for text in texts):
        return made
    return MadeUp(f"({made.text} | string | zfill({max(map(len, texts))}))", "counter")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _follow(cases: Sequence[Case], collection: str, name: str, *, held: bool) -> bool:
    return all(value == 1 + scene.timeline.highest(collection, name, scene.moment, held=held) for scene, value in cases)


def _follow_nearly(cases: Sequence[Case], collection: str, name: str) -> bool:
    """Tell whether that is so but for a few of many, where a row was made in between that nobody saw or could date."""
    gaps = [value - scene.timeline.highest(collection, name, scene.moment) for scene, value in cases]
    return all(gap > 0 for gap in gaps) and sum(gap > 1 for gap in gaps) * _STRAYS_OF <= len(gaps)


def is_number_of(term: Term) -> Term | None:
    """Give the condition that a term can be worked out, where it reckons with what may not be there."""
    found = re.fullmatch(r"\((.+) [+-] \d+\)", term.text)
    if found is None:
        return None
    return Term(f"{found[1]} is number", lambda scene: is_number(term.get(scene)), "", 0.3, term.uses, term.keeps)


def said_where_number(term: Term, cases: Sequence[Case]) -> Node:
    """Give what a term says as a guess, and the most frequent other value where it cannot be worked out."""
    said, can = Said(term, unknown=1), is_number_of(term)
    rest = [value for scene, value in cases if can is not None and not can.get(scene)]
    return Chosen([(can, said), (None, Fixed(common(rest), guess=True))]) if rest else said
