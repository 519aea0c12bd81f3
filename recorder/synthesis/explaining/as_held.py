"""As held: what reads show of an item is what it has, though the few that were recorded showed some changed unseen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.explaining.change import Changed
from recorder.synthesis.explaining.grounds import Case, in_few_sessions, is_hardly_fixed, is_last_of
from recorder.synthesis.nodes.node import (
    Chosen,
    Each,
    Fixed,
    Items,
    Joined,
    MadeUp,
    Node,
    Object,
    Over,
    Said,
    replaced,
    walk,
)
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, canon, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member, part_of

_ITEM: Final = Term("vars.item", lambda scene: scene.looked_up("item"), "item", 1.0, frozenset({"item"}))
_OF_ITEM: Final = re.compile(r"\bvars\.item\b(?!\.)")
_MARKS: Final = re.compile("\N{SECTION SIGN}(?:\\w+\N{SECTION SIGN})?")
_LISTED: Final = "vars.list.items"
_GROWN: Final = ("more", "first")
_SEVERAL: Final = 3


def as_held(body: Node, cases: Sequence[Case], entity: Path | None) -> Node:
    """Have members of an item that a read shows, and of rows in a list, be what is held of it after few sessions.

    So it is where nothing but the recording tells them: a number or a word that was shown, which came about unseen.
    What every read hides or shows otherwise, of several items, is not touched. `entity` is where the item stands.
    """
    if not cases or not in_few_sessions(cases) or any(scene.sample.method not in READS for scene, _ in cases):
        return body
    for path, part in list(walk(body)):
        if isinstance(part, Each) and part.source.text.replace("\N{SECTION SIGN}", "").endswith(_LISTED):
            body = replaced(body, path, _with_rows(part, cases))
    item = dict(walk(body)).get(entity) if entity is not None else None
    if entity is None or not isinstance(item, Object | Over):
        return body
    shown = [(scene, value) for scene, whole in cases if isinstance(value := look(whole, entity), dict)]
    if not shown or not all(isinstance(scene.looked_up("item"), dict) for scene, _ in shown):
        return body
    return replaced(body, entity, _with_members(item, shown))


def _with_members(item: Object | Over, cases: Sequence[Case]) -> Node:
    own = item.over if isinstance(item, Over) else item
    members = dict(own.members)
    is_whole = isinstance(item, Over) and any(_OF_ITEM.search(base.text) for base in item.bases)
    for name, (node, condition) in own.members.items():
        pairs = [(scene, look(scene.looked_up("item"), (name,)), value.get(name, MISSING)) for scene, value in cases]
        is_only_shown = _is_recorded(node) or (len(pairs) < _SEVERAL and _counts_on(node, ("item", name)))
        if condition is not None or not is_only_shown or not _may_be_held(pairs):
            continue
        if is_whole:
            del members[name]
        else:
            members[name] = (Said(part_of(_ITEM, (name,), look)), None)
    return replace(item, over=Object(members)) if isinstance(item, Over) else Object(members)


def _with_rows(each: Each, cases: Sequence[Case]) -> Each:
    """Give a list without what is laid over its rows though they have it, and nothing tells it."""
    if not isinstance(each.item, Over) or [base.text for base in each.item.bases] != ["row"]:
        return each
    rows = [row for scene, _ in cases for row in _rows(each.source, scene)]

    def is_only_shown(name: str, node: Node) -> bool:
        return _is_recorded(node) or (len(rows) < _SEVERAL and _counts_on(node, ("row", name)))

    members = {
        name: (node, condition)
        for name, (node, condition) in each.item.over.members.items()
        if condition is not None or not is_only_shown(name, node) or not all(name in row for row in rows)
    }
    return replace(each, item=replace(each.item, over=Object(members)))


def _rows(source: Term, scene: Scene) -> list[dict[str, Any]]:
    found = source.get(scene)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _is_recorded(node: Node) -> bool:
    """Tell whether a part is only what was recorded: fixed, made up, or told by the last thing of some kind.

    So is a list with one such row more than is held: reads make no rows.
    """
    if isinstance(node, Fixed | MadeUp):
        return True
    if isinstance(node, Said):
        return bool(node.unknown) or is_last_of(node.term)
    if isinstance(node, Changed):
        row = walk(node.item) if node.kind in _GROWN and node.item is not None else ()
        return any(isinstance(part, Fixed | MadeUp) and not _may_come_about(part) for _, part in row)
    if isinstance(node, Object | Items):
        return all(map(_is_recorded, node.nodes))
    if isinstance(node, Joined):
        return any(map(_is_recorded, node.nodes))
    if isinstance(node, Chosen):
        return any(map(_is_recorded, (one for one in node.nodes if not _may_come_about(one))))
    return False


def _counts_on(node: Node, path: Path) -> bool:
    """Tell whether a member is one more or less than is held of it: a read or two do not show that reads count."""
    held = re.escape(member("vars" if path[0] == "item" else "", path).lstrip("."))
    return isinstance(node, Said) and re.fullmatch(rf"\(\w*{held} [-+] 1\)", _MARKS.sub("", node.term.text)) is not None


def _may_come_about(node: Node) -> bool:
    """Tell whether a part may be what an item comes to by itself: a word of a few, or the time at which it is read."""
    if isinstance(node, Fixed):
        return not node.guess and not is_hardly_fixed(node.content)
    return isinstance(node, MadeUp) and node.text.startswith("now(") and "offset" not in node.text


def _may_be_held(pairs: Sequence[tuple[Scene, Any, Any]]) -> bool:
    """Tell whether an item has a member each time, and reads do not hide or add it, or show it otherwise of several."""
    if any(held is MISSING or shown is MISSING for _, held, shown in pairs):
        return False
    is_hidden = all((shown is None) is not (held is None) for _, held, shown in pairs)
    items = {canon(list(scene.params.values())) for scene, _, _ in pairs}
    is_other = not any(same(held, shown) for _, held, shown in pairs) and len(pairs) >= _SEVERAL and len(items) > 1
    return not is_hidden and not is_other
