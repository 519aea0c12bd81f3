"""The name walk: replaces what names a person whose name was learnt elsewhere, in whatever layer it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers import kinds
from sanitizers.edit import Edit, Hit, merged, settle
from sanitizers.layers import credentials
from sanitizers.naming import is_distinctive, is_person, is_search, persons
from sanitizers.walk import Walk
from sanitizers.wording import WORD, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sanitizers.rule import Judgement, Place
    from sanitizers.vault import StandIns

_MARKS: Final = r"[%\\&<={}?]|://|eyJ|\A[\[\"]|[\x00-\x08\x0e-\x1f]"
_LAYERED: Final = re.compile(_MARKS)
_LAYERED_OR_PACKED: Final = re.compile(_MARKS + r"|[A-Za-z0-9+/_-]{8}")
_JWT: Final = re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]*){2,4}")
# What such a head says is about software: a word alone in it is no person.
_TECHNICAL: Final = re.compile(
    r"(?:accept|access-control|cache|content|if|sec|strict|x-forwarded|x-mimic)-.*"
    r"|accept|age|allow|connection|date|etag|expires|host|last-modified|server|te|trailer|transfer-encoding|upgrade"
    r"|user-agent|vary|via|range|pragma|retry-after|keep-alive|alt-svc|x-powered-by"
)


class NameWalk(Walk):
    """Replaces persons' names: `knows` says of a word in small letters if it is in one.

    `words` are those that stand in the text and can mean a person: a value has one of them, or is left. One that
    `unpacks` looks into base64 and hexadecimal digits too, which costs much and is seldom called for.
    """

    shortest = 2

    def __init__(
        self, knows: Callable[[str], bool], stand_ins: StandIns, words: Collection[str], *, unpacks: bool = False
    ) -> None:
        super().__init__()
        self.unpacks = unpacks
        self._layered = _LAYERED_OR_PACKED if unpacks else _LAYERED
        self._words = words
        self._knows = knows
        self._stand_in = stand_ins.stand_in
        self._keep = stand_ins.keep

    def curious(self, text: str) -> bool:
        if self._layered.search(text) is not None:
            return True
        small = fold(text)
        return any(word in small for word in self._words)

    def telling(self, _place: Place, _name: str, /) -> bool:
        return False

    def header(self, name: str, text: str) -> list[Edit]:
        if _TECHNICAL.fullmatch(name) is None:
            return super().header(name, text)
        return [edit for edit in self.plain(text) if len(WORD.findall(text[edit.start : edit.end])) > 1]

    def named(self, _place: Place, name: str, text: str, depth: int = 0, /) -> list[Edit]:
        if not self.curious(text):
            return []
        if self._layered.search(text) is None:
            return self._edits(text, of_person=is_person(name) or (len(text) < 3 and is_search(name)))
        return self.value(text, depth)

    def whole(self, _judgement: Judgement, text: str, depth: int = 0, /) -> list[Edit]:
        return self.value(text, depth)

    def member(self, text: str, depth: int = 0) -> list[Edit]:
        """Give the edits of a member's own name: programs read those, so only what can hardly be another word goes."""
        if " " not in text and not (text.istitle() and is_distinctive(fold(text)) and len(text) > 3):
            return []
        return self.value(text, depth)

    def keep(self, raw: str, made: str, /) -> str:
        return self._keep(raw, made)

    def plain(self, text: str, depth: int = 0, /) -> list[Edit]:
        found = self._edits(text, of_person=False)
        if "eyJ" in text:
            found += (edit for token in _JWT.finditer(text) for edit in self._token(token, depth))
        return settle(found) if len(found) > 1 else found

    def _token(self, token: re.Match[str], depth: int) -> list[Edit]:
        """Rewrite a JSON Web Token as a whole: it is a stand-in already, and so must be what comes of it."""
        made = credentials.jwt(token[0], self, depth, lambda part: part)
        if made is None or not made[1]:
            return []
        return [Edit(*token.span(), self._keep(token[0], made[0]), merged(made[1]))]

    def _edits(self, text: str, *, of_person: bool) -> list[Edit]:
        found: list[Edit] = []
        for start, end in persons(text, self._knows, of_person=of_person):
            old = text[start:end]
            new = self._stand_in(old)
            if new != old:
                found.append(Edit(start, end, new, (Hit(old, new, kinds.NAME, "echo"),)))
        return found
