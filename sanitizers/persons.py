"""Persons: the pass that replaces the names of those who were named elsewhere in a recording or a cassette."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sanitizers import kinds
from sanitizers.edit import Hit
from sanitizers.name_walk import NameWalk
from sanitizers.names import Names, PackedNames, hides_words, words_of
from sanitizers.naming import may_be_neighbours, persons, surely_persons
from sanitizers.reveal import revealed
from sanitizers.wording import WORD, fold, is_initial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sanitizers.sheet import Piece
    from sanitizers.vault import Vault

    Told: TypeAlias = list[tuple[str, Hit]]


class Persons:
    """Knows whose names a recording holds, and replaces them where no rule tells that they are names.

    A word is known where it was part of a name in the same message, in an earlier exchange that was recorded, or in a
    stored one, whose stand-ins tell. So a live request is cleaned as the recorded one was.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._names = Names()
        self._packed = PackedNames()

    def __repr__(self) -> str:
        return repr(self._names)

    def learn(self, told: Told) -> frozenset[str]:
        """Know the names among these hits from now on; gives the words that are new, in small letters."""
        return self._names.learn(_words_in(told))

    def rewrite(self, pieces: Sequence[Piece], told: Told) -> Told:
        """Replace what names a person, also one that these hits name; gives the hits."""
        local = _words_in(told)
        self._packed.learn(hit.raw for _, hit in told if hit.kind == kinds.NAME and hit.stand_in)
        packed = self._packed.found(b"\n".join([piece.raw for piece in pieces])) if self._packed else set()
        words = self._present("\n".join([piece.text for piece in pieces]), local).union(*map(words_of, packed))
        if not words:
            return []
        walk = NameWalk(lambda word: word in local or self._knows(word), self._vault, words, unpacks=bool(packed))
        found = [pair for piece in pieces if walk.curious(piece.text) for pair in piece.apply(walk)]
        for piece in pieces:
            if may_be_neighbours(piece.text, words):
                found += self._forced(piece, local)
        return found

    def _forced(self, piece: Piece, local: set[str]) -> Told:
        """Replace what is surely a name where no layer could take the text apart."""
        before, piece.text = piece.text, self._replaced(piece.text, local, surely_persons)
        return [(piece.where, Hit("", "", kinds.NAME, "echo"))] if piece.text != before else []

    def shown(self, told: Told) -> Told:
        """Give hits whose places, which may be named after persons, are named as they are stored."""
        local, places = _words_in(told), {where for where, _ in told}
        if not self._present("\n".join(places), local):
            return told
        renamed = {where: self._replaced(where, local, persons) for where in places}
        return [(renamed[where], hit) for where, hit in told]

    def are_surely_in(self, data: bytes) -> bool:
        """Say whether two words of names stand side by side in `data`, or a full name in base64 or hexadecimal."""
        if self._packed.found(data):
            return True
        words = self._names.present(data)
        text = data.decode("utf-8", "surrogateescape")
        return may_be_neighbours(text, words) and any(surely_persons(text, self._names.__contains__))

    def _knows(self, word: str) -> bool:
        return word in self._names or self._vault.is_name(word)

    def _present(self, text: str, local: set[str]) -> set[str]:
        """Give the known words in a text that can mean a person, all that a walk would find."""
        if not (local or self._names or self._vault.knows_names):
            return set()
        found = self._names.present(text.encode("utf-8", "surrogateescape"))
        if not (self._vault.knows_names or any(word not in self._names for word in local)):
            return found
        text = revealed(text) if hides_words(text) else text
        return found | {word for word in map(fold, WORD.findall(text)) if word in local or self._vault.is_name(word)}

    def _replaced(self, text: str, local: set[str], where: Callable[..., Iterator[tuple[int, int]]]) -> str:
        stretches = list(where(text, lambda word: word in local or self._knows(word)))
        for start, end in reversed(stretches):
            text = f"{text[:start]}{self._vault.stand_in(text[start:end])}{text[end:]}"
        return text


def live_values(hits: Iterable[Hit]) -> dict[str, str]:
    """Give the live value behind each stand-in, and behind each word of one that stands for a name."""
    live: dict[str, str] = {}
    for hit in hits:
        if not hit.stand_in:
            continue
        live[hit.stand_in] = live.get(hit.raw, hit.raw)
        if hit.kind == kinds.NAME:
            for new, old in zip(WORD.findall(hit.stand_in), WORD.findall(hit.raw), strict=False):
                if new != old and not is_initial(old):
                    live[new] = old
                    for case in (str.lower, str.capitalize, str.upper):  # who asks for `jansen` is told of Jansen
                        live.setdefault(case(new), case(old))
    return live


def _words_in(told: Told) -> set[str]:
    return {word for _, hit in told if hit.kind == kinds.NAME and hit.stand_in for word in words_of(hit.raw)}
