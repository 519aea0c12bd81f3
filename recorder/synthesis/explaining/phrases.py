"""Phrases: texts that are fixed pieces around values that are known or made anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recorder.synthesis.explaining.counting import numbered
from recorder.synthesis.explaining.cuts import cut
from recorder.synthesis.explaining.emphasis import emphasised
from recorder.synthesis.explaining.grounds import Case, Grounds, is_last_of, is_of_transport, names_whom
from recorder.synthesis.nodes.kinds import is_of_run, made_up
from recorder.synthesis.nodes.node import Joined, MadeUp, Node, Piece, Said
from recorder.synthesis.samples.values import MISSING, as_text, is_number, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, applied
from recorder.synthesis.terms.vocabulary import transformations

_WORD: Final = re.compile(r"([A-Za-z0-9]+)")
_LONGEST: Final = 4_000
_MOST_WORDS: Final = 400
_MOST_KNOWN: Final = 30
_DEEPEST: Final = 6
_TELLING: Final = 5
_LOOKED_AT: Final = 8
_SEVERAL: Final = 3
_SENT: Final = ("request.json", "request.form", "request.query", "request.path_params")
_LETTERS: Final = ("({} | upper)", "({} | lower)")


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A term with what it gives in each scene, as text."""

    term: Term
    given: list[str]


def joined(grounds: Grounds, cases: Sequence[Case], least: int, *, whom: bool = False) -> Joined | None:
    """Explain texts as fixed pieces around values that are known, of at least so many letters.

    With `whom` only around what names who calls, or what the path names.
    """
    texts = [as_text(value) for _, value in cases]
    scenes = [scene for scene, _ in cases]
    if any(len(text) > _LONGEST for text in texts):
        return None
    likely = (one for one in _known(grounds, texts, scenes, least) if not whom or names_whom(one.term))
    known = sorted(likely, key=lambda one: (-min(map(len, one.given)), one.term.cost))
    pieces = _pieces(grounds, texts, scenes, known[:_MOST_KNOWN])
    if pieces is None or all(isinstance(piece, str | MadeUp) for piece in pieces):
        return None
    return Joined(_as_texts(pieces, scenes))


def mostly_around(grounds: Grounds, cases: Sequence[Case]) -> tuple[Joined | None, int]:
    """Guess that texts are what is known within fixed pieces, as `<p>…</p>`; give for how many that is right, too."""
    best: tuple[Joined | None, int] = (None, 0)
    tried: set[tuple[str, str, str]] = set()
    for scene, text in cases[:: max(1, len(cases) // _LOOKED_AT)][:_LOOKED_AT]:
        for term, value in grounds.vocabulary.everything(scene) if isinstance(text, str) else ():
            if not isinstance(value, str) or len(value) < _TELLING or value not in text or is_of_transport(term):
                continue
            before, _, behind = text.partition(value)
            ends = (term.text, before, behind)
            if ends in tried or len(before) + len(behind) > len(value):
                continue
            tried.add(ends)
            right = [(one, told) for one, told in cases if told == f"{before}{as_text(term.get(one))}{behind}"]
            if len(right) > best[1] and len({told for _, told in right}) >= _SEVERAL:
                pieces = [piece for piece in (before, Said(term, unknown=1), behind) if piece != ""]
                best = (Joined(pieces), len(right))
    return best


def _as_texts(pieces: Sequence[Piece], scenes: Sequence[Scene]) -> Sequence[Piece]:
    """Have what stands alone come out as text, though it may be a number that it was taken from."""
    only = pieces[0] if len(pieces) == 1 else None
    if not isinstance(only, Said) or all(isinstance(only.term.get(scene), str) for scene in scenes):
        return pieces
    return [Said(applied("({} | string)", only.term, as_text, 0.3))]


def worded(grounds: Grounds, cases: Sequence[Case], name: str) -> Joined | None:
    """Explain texts word by word, where all have the same words' number and the same marks between them."""
    split = [_WORD.split(as_text(value)) for _, value in cases]
    if len({len(words) for words in split}) != 1 or not 3 < len(split[0]) < _MOST_WORDS:
        return None
    pieces: list[Piece] = []
    for place, words in enumerate(zip(*split, strict=True)):
        if len(set(words)) == 1:
            pieces.append(words[0])
            continue
        if place % 2 == 0:
            return None
        made = _word(grounds, [(scene, word) for (scene, _), word in zip(cases, words, strict=True)], name)
        told = cut(grounds, words, [scene for scene, _ in cases]) if isinstance(made, MadeUp) else None
        if made is None:
            return None
        pieces += told or [made]
    return Joined(merged(pieces))


def _word(grounds: Grounds, cases: Sequence[Case], name: str) -> Node | None:
    term = grounds.term(cases, name)
    return Said(term) if term is not None else numbered(cases, grounds.name) or made_up(cases)


def _known(grounds: Grounds, texts: Sequence[str], scenes: Sequence[Scene], least: int) -> Iterator[_Known]:
    """Give the terms that stand in every text."""
    seen: set[str] = set()
    is_one_text = len(set(texts)) == 1
    everything = [*grounds.vocabulary.everything(scenes[0]), *grounds.vocabulary.hidden_terms(scenes[0])]
    for term, value in [
        *everything,
        *_slugs(everything, texts[0]),
        *_next_numbers(everything),
        *_in_letters(everything),
        *_emphasised(everything, texts, scenes[0]),
    ]:
        if is_of_transport(term) and (is_one_text or term.text.startswith("request.headers['content")):
            continue
        if is_one_text and is_last_of(term):
            continue
        if not is_scalar(value) or isinstance(value, bool) or value is None or term.text in seen:
            continue
        seen.add(term.text)
        shown = as_text(value)
        is_short = len(shown) < least and not is_number(value) and not (shown.isdigit() and names_whom(term))
        if not shown or is_short or shown not in texts[0] or shown in ("/", "http"):
            continue
        given = [as_text(term.get(scene)) for scene in scenes]
        if all(one and one in text for one, text in zip(given, texts, strict=True)):
            yield _Known(term, given)


def _slugs(terms: Sequence[tuple[Term, object]], text: str) -> Iterator[tuple[Term, object]]:
    """Give the slugs of what terms give that stand in a text, where they are more than the words of it."""
    for term, value in terms:
        if isinstance(value, str) and " " in value:
            for one in transformations(value):
                made = one.made_of(value) if "slug" in one.text else MISSING
                if isinstance(made, str) and made and made in text:
                    yield one.applied_to(term), made


def _in_letters(terms: Sequence[tuple[Term, object]]) -> Iterator[tuple[Term, object]]:
    """Give what is sent in capitals and in small letters, as codes are told again."""
    for term, value in terms:
        if isinstance(value, str) and value.isascii() and term.text.startswith(_SENT):
            for one in transformations(value):
                made = one.made_of(value) if one.text in _LETTERS else value
                if made != value:
                    yield one.applied_to(term), made


def _emphasised(
    terms: Sequence[tuple[Term, object]], texts: Sequence[str], scene: Scene
) -> Iterator[tuple[Term, object]]:
    """Give what is sent with elements in the place of marks, where texts have elements."""
    for term, value in terms if any("</" in text for text in texts) else ():
        if isinstance(value, str) and term.text.startswith(_SENT):
            yield from ((one, one.get(scene)) for one in emphasised(term, texts))


def _next_numbers(terms: Sequence[tuple[Term, object]]) -> Iterator[tuple[Term, object]]:
    """Give what the numbers of the item count on to, as its version with each write."""
    for term, value in terms:
        if isinstance(value, int) and not isinstance(value, bool) and "item" in term.uses:
            one = next(one for one in transformations(value) if one.text == "({} + 1)")
            yield one.applied_to(term), one.made_of(value)


def _pieces(
    grounds: Grounds, texts: list[str], scenes: Sequence[Scene], known: Sequence[_Known], depth: int = 0
) -> list[Piece] | None:
    """Take texts apart around the first of the known values that the rest can be explained around, too."""
    is_one_text = len(set(texts)) == 1
    if is_one_text:
        whole = next((one for one in known if one.given == texts), None)
        if whole is not None and len(texts[0]) > 3:
            return [Said(whole.term)]
        if not any(_is_telling(one) and one.given[0] in texts[0] for one in known):
            return _fixed(texts[0])
        known = [one for one in known if len(one.given[0]) >= _TELLING or names_whom(one.term)]
    for place, one in enumerate(known if depth < _DEEPEST else ()):
        parted = _parted(texts, one.given)
        if parted is None:
            continue
        heads, tails = parted
        before = _pieces(grounds, heads, scenes, known[place:], depth + 1)
        after = _pieces(grounds, tails, scenes, known[place:], depth + 1) if before is not None else None
        if before is not None and after is not None:
            return [*before, Said(one.term), *after]
    if is_one_text:
        return _fixed(texts[0])
    pairs = list(zip(scenes, texts, strict=True))
    made = made_up(pairs)
    if made is not None and made.kind == "token" and is_of_run(pairs):
        return _fixed(texts[0])
    # What looks as if it was made anew may be a part of what is known.
    told = cut(grounds, texts, scenes) if made is not None else None
    return told or ([made] if made is not None else None)


def _is_telling(one: _Known) -> bool:
    """Tell whether a value hardly stands in the only text there is by chance: it is long, or is what the path names."""
    return len(one.given[0]) > _TELLING or names_whom(one.term)


def _fixed(text: str) -> list[Piece]:
    return [text] if text else []


def _parted(texts: Sequence[str], given: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Give what is before and after what is given, where that hardly stands in the texts by chance."""
    pairs = list(zip(given, texts, strict=True))
    is_always_short = len(set(given)) == 1 and len(given) > 1 and len(given[0]) < 5
    if is_always_short or not all(one in text for one, text in pairs):
        return None
    for cut_at in (str.partition, str.rpartition):
        parts = [cut_at(text, one) for one, text in pairs]
        heads, tails = [head for head, _, _ in parts], [tail for _, _, tail in parts]
        if len(given[0]) >= 4 or _stands_alone(heads, tails):
            return heads, tails
    return None


def _stands_alone(heads: Sequence[str], tails: Sequence[str]) -> bool:
    return all(not head[-1:].isalnum() and not tail[:1].isalnum() for head, tail in zip(heads, tails, strict=True))


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Join the fixed pieces that follow each other."""
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        elif piece != "":
            made.append(piece)
    return made
