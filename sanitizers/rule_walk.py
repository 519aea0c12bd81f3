"""The rule walk: finds what the rules call sensitive and puts stand-ins in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers import kinds
from sanitizers.edit import Edit, Hit, merged, settle, shift
from sanitizers.layers import credentials, json_text
from sanitizers.layers.escapes import PERCENT
from sanitizers.rule import Judgement
from sanitizers.rules.keyblocks import armour_lines, is_key_block
from sanitizers.rules.providers import PROVIDERS
from sanitizers.walk import MAX_DEPTH, Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanitizers.book import RuleBook
    from sanitizers.rule import Place
    from sanitizers.vault import StandIns

_CURIOUS: Final = re.compile(
    r"[A-Za-z0-9+/_-]{12,}|[@%\\&<={}?:]|[0-9](?:[ .()-]{0,2}[0-9]){8}|[A-Z]{2}[0-9]{2} [A-Z0-9]{4}|\A[\[\"]|\+[0-9]"
)
_DULL: Final = re.compile(
    r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
    r"(?:[T ][0-2][0-9]:[0-5][0-9](?::[0-9.]{2,13})?(?:Z|[+-][0-2][0-9]:?[0-5][0-9])?)?"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[A-Za-z][A-Za-z ,.'!?;()-]*(?<!=)"
)
_QUIET_LENGTH: Final = 256
_QUIET_DEPTH: Final = 3
_QUIET_COUNT: Final = 8192
_LONG_WORD: Final = re.compile(r"[A-Za-z]{16}|\A[A-Za-z]{12,}\Z")
_SPELT: Final = re.compile(r"(?:bearer|token|basic|apikey|jwt|dpop)\s", re.IGNORECASE)
_PARAMETERS: Final = re.compile(r"[A-Za-z]\w{0,31}=[^\s,;=][^\s,;]*(?:,[A-Za-z]\w{0,31}=[^\s,;]+)*")


class RuleWalk(Walk):
    """Judges every value by a book of rules; `stand_ins` decides what stands for a value that is sensitive.

    With `recognise`, a neutral value whose stand-in is known from a stored exchange is taken for the same secret.
    `quiet` is a memory of short texts in which nothing was found, shared by walks over one state of knowledge.
    """

    def __init__(
        self, book: RuleBook, stand_ins: StandIns, *, recognise: bool = False, quiet: set[str] | None = None
    ) -> None:
        super().__init__()
        self._quiet = quiet
        self._book = book
        self._stand_ins = stand_ins
        self._recognise = recognise
        self.thorough = book.by_path

    def curious(self, text: str) -> bool:
        if _CURIOUS.search(text) is None:
            return False
        return _DULL.fullmatch(text) is None or _LONG_WORD.search(text) is not None

    def value(self, text: str, depth: int = 0) -> list[Edit]:
        quiet = self._quiet
        if quiet is None or len(text) > _QUIET_LENGTH or depth >= _QUIET_DEPTH:
            return super().value(text, depth)
        if text in quiet:
            return []
        found = super().value(text, depth)
        if not found:
            if len(quiet) >= _QUIET_COUNT:
                quiet.clear()
            quiet.add(text)
        return found

    def telling(self, place: Place, name: str) -> bool:
        return self._book.telling(place, name)

    def located(self, steps: tuple[str | int, ...], /) -> Judgement | None:
        return self._book.located(steps) if self._book.by_path else None

    def named(self, place: Place, name: str, text: str, depth: int = 0) -> list[Edit]:
        judgement = self._book.judge(place, name, text)
        if judgement is not None:
            return self.whole(judgement, text, depth)
        # As permissive as the echo of any kind: what the recorder found elsewhere must be known here at once.
        if self._recognise and kinds.is_sought("password", text):
            made = self._stand_ins.recognised(text)
            if made is not None:
                return [Edit(0, len(text), made, (Hit(text, made, "known", "echo"),))]
        return self.value(text, depth)

    def header(self, name: str, text: str) -> list[Edit]:
        return self.named("header", name, text)

    def target(self, text: str) -> list[Edit]:
        path = text.partition("?")[0]
        own = [
            Edit(edit.start, edit.end, edit.text, tuple(hit._replace(path="path") for hit in edit.hits))
            for start, end, judgement in self._book.in_path(path)
            for edit in shift(
                self.coded(PERCENT, path[start:end], 0, lambda raw, level, j=judgement: self.whole(j, raw, level)),  # type: ignore[misc]
                start,
            )
        ]
        return settle(own + super().target(text)) if own else super().target(text)

    def keep(self, raw: str, made: str) -> str:
        self._stand_ins.keep(raw, made)
        return made

    def plain(self, text: str, depth: int = 0) -> list[Edit]:
        return self._patterns(text, depth, sure_only=False)

    def whole(self, judgement: Judgement, text: str, depth: int = 0) -> list[Edit]:
        if judgement.rule in self._book.without:
            return self.value(text, depth)
        if judgement.action == "keep":
            return self._patterns(text, depth, sure_only=True)
        if judgement.action != "pseudonymize":
            new = _FIXED[judgement.action](judgement, text)
            return [Edit(0, len(text), new, (Hit(text, "", judgement.kind, judgement.rule),))] if new != text else []
        if depth > MAX_DEPTH:
            return self._one(judgement, text, self._stand_ins.stand_in(text))
        return self._by_form(judgement, text, depth)

    def _by_form(self, judgement: Judgement, text: str, depth: int) -> list[Edit]:
        kind = judgement.kind
        if kind in _SPECIAL:
            if self._stand_ins.is_stand_in(text):  # a stand-in of odd marks may read like a scheme and a token
                return []
            return _SPECIAL[kind](text, self, depth)
        if _SPELT.match(text):
            return credentials.authorization(text, self, depth)
        if "%" in text and PERCENT.decode(text) != text:
            return self.coded(PERCENT, text, depth, lambda inner, level: self.whole(judgement, inner, level))
        if text[:1] in "{[" and json_text.is_container(text):
            return json_text.forced(text, self, depth + 1, judgement)
        if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'":
            return shift(self.whole(judgement, text[1:-1], depth + 1), 1)
        if text[:3] == "eyJ" and "." in text:
            return self._jwt(judgement, text, depth)
        if kind == "signature" and _PARAMETERS.fullmatch(text):
            return credentials.parameters(text, self, depth + 1)
        if is_key_block(text):
            return self._armour(judgement, text)
        return self._one(judgement, text, self._stand_ins.stand_in(text))

    def _armour(self, judgement: Judgement, text: str) -> list[Edit]:
        new = self._stand_ins.stand_in(text)
        for old_line, new_line in zip(armour_lines(text), armour_lines(new), strict=False):
            self._stand_ins.keep(old_line, new_line)
        return self._one(judgement, text, new)

    def _jwt(self, judgement: Judgement, text: str, depth: int) -> list[Edit]:
        if self._stand_ins.is_stand_in(text):
            return self._one(judgement, text, self._stand_ins.keep(text, text))
        made = credentials.jwt(text, self, depth, self._stand_ins.stand_in)
        if made is not None and made[0] == text and self._stand_ins.is_stand_in(text.rpartition(".")[2]):
            # What was echoed in its claims was replaced after the token, which is another than was handed out since.
            return self._one(judgement, text, self._stand_ins.keep(text, text))
        if made is None or made[0] == text:
            return self._one(judgement, text, self._stand_ins.stand_in(text))
        new = self._stand_ins.keep(text, made[0])
        return [Edit(0, len(text), new, (Hit(text, new, judgement.kind, judgement.rule), *merged(made[1])))]

    def _patterns(self, text: str, depth: int, *, sure_only: bool) -> list[Edit]:
        found: list[Edit] = []
        for rule in self._book.sure if sure_only else self._book.patterns:
            for span in rule.spans(text):
                judgement = Judgement(span.kind, rule.name)
                found += shift(self.whole(judgement, text[span.start : span.end], depth), span.start)
        return settle(found) if len(found) > 1 else found

    def _one(self, judgement: Judgement, text: str, new: str) -> list[Edit]:
        self._stand_ins.told(judgement.kind, text)
        # What looks like a credential inside a stand-in is none, and the guard must know.
        for span in PROVIDERS.spans(new):
            self._stand_ins.keep(new[span.start : span.end], new[span.start : span.end])
        if new == text:
            return []
        return [Edit(0, len(text), new, (Hit(text, new, judgement.kind, judgement.rule),))]


_FIXED: Final[dict[str, Callable[[Judgement, str], str]]] = {
    "mask": lambda _, text: "*" * len(text),
    "constant": lambda judgement, _: judgement.text,
    "drop": lambda *_: "",
}
_SPECIAL: Final[dict[str, Callable[[str, Walk, int], list[Edit]]]] = {
    "authorization": credentials.authorization,
    "cookies": credentials.cookies,
    "set-cookies": credentials.set_cookie,
    "basic": credentials.basic,
}
