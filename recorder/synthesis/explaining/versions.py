"""Versions: tokens that say how often an item was written, and which writing it is, as `3-9f2c11ab04` does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.nodes.kinds import made_up
from recorder.synthesis.nodes.node import MadeUp
from recorder.synthesis.samples.values import Path, leaves, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Get, Term, literal, member

_VERSION: Final = re.compile(r"(?P<count>[0-9]{1,6})(?P<mark>[^0-9A-Za-z\s]{1,2})(?P<token>[0-9A-Za-z_-]{6,})")
_HOLDERS: Final = ("item", "gone")
_HELD: Final = re.compile(r"resource\.\w+\.get\([^()]*\)")
_SOME: Final = 20
_DEEPEST: Final = 2
_FIT_TENTHS: Final = 8


def version(grounds: Grounds, cases: Sequence[Case]) -> MadeUp | None:
    """Explain texts of a number and a token: the number is one more than the item's, a deleted one's counts on."""
    told = [_VERSION.fullmatch(value) for _, value in cases]
    parts = [one for one in told if one is not None]
    if len(parts) < len(cases) or len({one["mark"] for one in parts}) != 1:
        return None
    token = made_up([(scene, one["token"]) for (scene, _), one in zip(cases, parts, strict=True)])
    if token is None:
        return None
    scenes, counts = [scene for scene, _ in cases], [int(one["count"]) for one in parts]
    mark = parts[0]["mark"]
    held = _held(_holders(grounds, scenes), scenes, counts, mark)
    if held is None:
        return None
    number = f"((({' or '.join(held)} or '0') | string | regex_search('^[0-9]+') | int) + 1)"
    return MadeUp(f"({number} ~ {literal(mark)} ~ {token.text})", "token")


def _holders(grounds: Grounds, scenes: Sequence[Scene]) -> list[Term]:
    """Give what may hold the version before: the item and the deleted one, or what the row of a list names."""
    found = {
        term.text: term
        for scene in scenes[:_SOME]
        for term, _ in grounds.vocabulary.objects(scene)
        if "row" in term.uses and _HELD.fullmatch(term.text)
    }
    names = [name for name in _HOLDERS if name in grounds.vocabulary.lookups]
    return list(found.values()) or [Term(f"vars.{name}", _looked_up(name), name) for name in names]


def _looked_up(name: str) -> Get:
    return lambda scene: scene.looked_up(name)


def _held(holders: Sequence[Term], scenes: Sequence[Scene], counts: Sequence[int], mark: str) -> list[str] | None:
    """Give the members of what may hold it whose versions are counted on from."""
    for path in _places(holders, scenes, mark):
        right = sum(count == 1 + _count_at(holders, scene, path) for scene, count in zip(scenes, counts, strict=True))
        if right * 10 >= len(counts) * _FIT_TENTHS and (max(counts) > 1 or len(counts) > 1):
            return [member(one.text, path) for one in holders]
    return None


def _places(holders: Sequence[Term], scenes: Sequence[Scene], mark: str) -> list[Path]:
    """Give where the items hold versions of this form."""
    found: dict[Path, None] = {}
    for scene in scenes:
        for one in holders:
            item = one.get(scene)
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                is_version = isinstance(value, str) and (told := _VERSION.fullmatch(value)) and told["mark"] == mark
                if is_version and len(path) <= _DEEPEST:
                    found[path] = None
    return list(found)


def _count_at(holders: Sequence[Term], scene: Scene, path: Path) -> int:
    for one in holders:
        value = look(one.get(scene), path)
        told = _VERSION.fullmatch(value) if isinstance(value, str) else None
        if told is not None:
            return int(told["count"])
    return 0
