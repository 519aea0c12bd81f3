"""The swap walk: puts given values in the place of others, in whatever layer they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanitizers import kinds
from sanitizers.edit import Edit, Hit, settle
from sanitizers.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sanitizers.rule import Judgement, Place


class SwapWalk(Walk):
    """Replaces each key of `swaps` with its value: whole values always, stretches where they are distinctive."""

    thorough = True

    def __init__(self, swaps: Mapping[str, str], kind: str) -> None:
        super().__init__()
        self._swaps = dict(swaps)
        self._kind = kind
        self._sought = sorted((old for old in swaps if len(old) >= kinds.MIN_LENGTH), key=len, reverse=True)
        self._shortest = min(map(len, swaps), default=1)

    def curious(self, text: str) -> bool:
        return len(text) >= self._shortest

    def telling(self, _place: Place, _name: str, /) -> bool:
        return True

    def named(self, _place: Place, _name: str, text: str, depth: int = 0, /) -> list[Edit]:
        new = self._swaps.get(text)
        return [self._edit(0, text, new)] if new is not None else self.value(text, depth)

    def whole(self, _judgement: Judgement, text: str, depth: int = 0, /) -> list[Edit]:
        return self.named("field", "", text, depth)

    def keep(self, _raw: str, made: str, /) -> str:
        return made

    def plain(self, text: str, _depth: int = 0, /) -> list[Edit]:
        new = self._swaps.get(text)
        if new is not None:
            return [self._edit(0, text, new)]
        found = [edit for old in self._sought for edit in self._each(old, text)]
        return settle(found) if len(found) > 1 else found

    def _each(self, old: str, text: str) -> Iterator[Edit]:
        needle, hay = (old.lower(), text.lower()) if "@" in old and text.isascii() else (old, text)
        start = hay.find(needle)
        while start >= 0:
            end = start + len(old)
            if not kinds.needs_borders(old) or stands_alone(text, start, end):
                yield self._edit(start, text[start:end], self._swaps[old])
            start = hay.find(needle, end)

    def _edit(self, start: int, old: str, new: str) -> Edit:
        return Edit(start, start + len(old), new, (Hit(old, new, self._kind, "echo"),))


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether neither neighbour of a stretch is a letter or a digit."""
    return not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum()
