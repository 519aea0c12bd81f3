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
from recorder.synthesis.terms.term import literal, member

_VERSION: Final = re.compile(r"(?P<count>[0-9]{1,6})(?P<mark>[^0-9A-Za-z\s]{1,2})(?P<token>[0-9A-Za-z_-]{6,})")
_HOLDERS: Final = ("item", "gone")
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
    held = _held(scenes, counts, mark, grounds.vocabulary.lookups)
    if held is None:
        return None
    number = f"((({' or '.join(held)} or '0') | string | regex_search('^[0-9]+') | int) + 1)"
    return MadeUp(f"({number} ~ {literal(mark)} ~ {token.text})", "token")


def _held(scenes: Sequence[Scene], counts: Sequence[int], mark: str, known: object) -> list[str] | None:
    """Give the members of the item, and of the deleted one, whose versions are counted on from."""
    names = [name for name in _HOLDERS if isinstance(known, dict) and name in known]
    for path in _places(scenes, names, mark):
        right = sum(count == 1 + _count_at(scene, names, path) for scene, count in zip(scenes, counts, strict=True))
        if right * 10 >= len(counts) * _FIT_TENTHS and (max(counts) > 1 or len(counts) > 1):
            return [member(f"vars.{name}", path) for name in names]
    return None


def _places(scenes: Sequence[Scene], names: Sequence[str], mark: str) -> list[Path]:
    """Give where the items hold versions of this form."""
    found: dict[Path, None] = {}
    for scene in scenes:
        for name in names:
            item = scene.looked_up(name)
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                is_version = isinstance(value, str) and (one := _VERSION.fullmatch(value)) and one["mark"] == mark
                if is_version and len(path) <= _DEEPEST:
                    found[path] = None
    return list(found)


def _count_at(scene: Scene, names: Sequence[str], path: Path) -> int:
    for name in names:
        value = look(scene.looked_up(name), path)
        one = _VERSION.fullmatch(value) if isinstance(value, str) else None
        if one is not None:
            return int(one["count"])
    return 0
