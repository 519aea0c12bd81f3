"""The leaf walk: collects the values of a message, each decoded from the layers it stands in, and edits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanitizers.walk import Walk

if TYPE_CHECKING:
    from sanitizers.edit import Edit
    from sanitizers.rule import Judgement, Place

_SHORTEST: Final = 4
_LONGEST: Final = 200
_MOST: Final = 400


class LeafWalk(Walk):
    """Collects in `found` the texts of a usual length, each once, and no more than are soon gone through."""

    thorough = True

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def curious(self, text: str) -> bool:
        return len(text) >= _SHORTEST

    def telling(self, _place: Place, _name: str, /) -> bool:
        return True

    def named(self, _place: Place, _name: str, text: str, depth: int = 0, /) -> list[Edit]:
        self._take(text)
        return self.value(text, depth)

    def whole(self, _judgement: Judgement, text: str, depth: int = 0, /) -> list[Edit]:
        return self.named("field", "", text, depth)

    def plain(self, text: str, _depth: int = 0, /) -> list[Edit]:
        self._take(text)
        return []

    def keep(self, _raw: str, made: str, /) -> str:
        return made

    def _take(self, text: str) -> None:
        if _SHORTEST <= len(text) <= _LONGEST and len(self.found) < _MOST:
            self.found.setdefault(text)
