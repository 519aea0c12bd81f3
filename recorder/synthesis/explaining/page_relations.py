"""Page relations: that something is told of the next page, or of the one before, where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from cassettes.conventions import part_by_name, told_by_name, words_of
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_OF_PAGES: Final = ("limit", "number", "offset", "cursor")
_NEARLY: Final = 0.9
_AROUND: Final = frozenset(("links", "link", "paging", "page", "pages", "pagination", "cursors"))
"""What is called so tells of other pages."""


def when_there_is(grounds: Grounds, name: str, scenes: Sequence[Scene], holds: Sequence[bool]) -> Term | None:
    """Give when a list tells of what is called so: best where there is such a page, else by anything that tells.

    Links to other pages are told where a page was asked for.
    """
    of_lists = _terms(name, scenes) if all("list" in scene.values for scene in scenes) else ()
    found = next((term for term in of_lists if [term.get(scene) for scene in scenes] == list(holds)), None)
    return found or grounds.condition(scenes, holds)


def where_listed(scenes: Sequence[Scene], holds: Sequence[bool]) -> Term | None:
    """Give the condition that anything is listed, where rows are told nearly always when that is so: else left out.

    What is listed may not be known of every answer.
    """
    if not all("list" in scene.values for scene in scenes):
        return None
    told = sum(_lists_any(scene) == held for scene, held in zip(scenes, holds, strict=True))
    if told < len(scenes) * _NEARLY or len({_lists_any(scene) for scene in scenes}) < len({*holds}):
        return None
    return Term("vars.list.items", _lists_any, "items", 0.5, frozenset({"list"}))


def _lists_any(scene: Scene) -> bool:
    return bool(scene.values.get("list", {}).get("items"))


def _terms(name: str, scenes: Sequence[Scene]) -> Iterator[Term]:
    for told in told_by_name(name):
        text = f"vars.list.{told} is not none"
        yield Term(text, partial(_is_told, told), told, 1.0, frozenset({"list"}))
    for asked in (
        sorted({asked for scene in scenes for asked in scene.sample.query}) if _AROUND & {*words_of(name)} else ()
    ):
        if part_by_name(asked) in _OF_PAGES:
            yield Term(f"{member('request.query', (asked,))} is defined", partial(_is_asked, asked), asked, 1.0)


def _is_told(name: str, scene: Scene) -> bool:
    return scene.values.get("list", {}).get(name) is not None


def _is_asked(name: str, scene: Scene) -> bool:
    return name in scene.sample.query
