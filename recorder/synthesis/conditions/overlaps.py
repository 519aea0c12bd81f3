"""Overlaps: what is kept of the same thing for a time that overlaps the one that is asked for, as a booked room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, leaves, look
from recorder.synthesis.terms.callers import own_headers
from recorder.synthesis.terms.days import days_since
from recorder.synthesis.terms.request_terms import header_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, literal

CONFLICT: Final = 409
_REFUSED: Final = (400, CONFLICT, 422)
_SOME: Final = 80
_LEAST: Final = 2
_MOST_TERMS: Final = 12
_MOST_DATES: Final = 4
_MOST_WORDS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Overlap(Lookup):
    """The first item of the same `owner` whose time, from its field `by` to its field `to`, overlaps what is asked.

    The owner stands in the member `of` of items, dotted. The time that is asked for goes from `key` to `until`; with
    `is_whole` these days are in it. Items whose field has one of the words in `but`, a pair of both, do not count.
    """

    owner: Term | None = None
    of: str = ""
    is_whole: bool = False
    to: str = ""
    until: Term | None = None
    but: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def text(self) -> str:
        """The expression that looks it up."""
        assert self.owner is not None
        assert self.until is not None
        items = f"keep_rows(resource.{self.collection}.all(), {literal(self.of)}, {self.owner.text})"
        for word in self.but[1]:
            items = f"drop_rows({items}, {literal(self.but[0])}, {literal(word)})"
        whole = ", true" if self.is_whole else ""
        times = f"{literal(self.by)}, {literal(self.to)}, {self.key.text}, {self.until.text}"
        return f"overlapping({items}, {times}{whole})"

    def find(self, scene: Scene) -> tuple[str, Any]:
        """Give the key and the item, MISSING where there is none."""
        return next(self.all(scene), ("", MISSING))

    def all(self, scene: Scene) -> Iterator[tuple[str, Any]]:
        """Give all such items of a scene, with their keys."""
        assert self.owner is not None
        assert self.until is not None
        owner, since, until = (term.get(scene) for term in (self.owner, self.key, self.until))
        if not is_scalar(owner) or days_since(since, until) is None:
            return
        for key, item in scene.timeline.under(self.collection, "", scene.moment).items():
            if not isinstance(item, dict) or as_text(look(item, tuple(self.of.split(".")))) != as_text(owner):
                continue
            begins, ends = item.get(str(self.by)), item.get(self.to)
            is_within = days_since(begins, ends) is not None and begins < until and ends > since
            is_within = is_within or (self.is_whole and (begins == until or ends == since))
            if is_within and as_text(item.get(self.but[0])) not in self.but[1]:
                yield key, item


def overlap_lookups(
    scenes: Sequence[Scene],
    asked: Sequence[Term],
    collections: Sequence[Collection],
    known: Mapping[str, Lookup],
    free: Callable[[str, Mapping[str, Lookup]], str],
) -> dict[str, Lookup]:
    """Give the overlaps that nearly always lead to a refusal: one for each collection at most."""
    some = scenes[:: len(scenes) // _SOME | 1]
    dates = [term for term in asked if any(days_since(value := term.get(scene), value) is not None for scene in some)]
    found: dict[str, Lookup] = {}
    named = {lookup.key.text for lookup in known.values()}
    owners = sorted(
        (term for term in asked[:_MOST_TERMS] if term not in dates), key=lambda term: term.text not in named
    )
    for collection in collections if len(dates) > 1 else ():
        name = free(f"overlapping_{singular(collection.name)}", {**known, **found})
        pairs = list(permutations(dates[:_MOST_DATES], 2))
        owned = [*((owner, owner.name) for owner in owners), *_of_headers(collection.name, some)]
        made = [_refusing(name, collection, owner, of, *pair, some) for owner, of in owned for pair in pairs]
        best = max((one for one in made if one is not None), key=lambda one: one[0], default=None)
        if best is not None:
            found[name] = best[1]
    return found


def _refusing(
    name: str, collection: Collection, owner: Term, of: str, since: Term, until: Term, scenes: Sequence[Scene]
) -> tuple[int, Overlap] | None:
    """Give how often there was an overlap, and it, where those who ask for such a time are refused.

    Items for which they are not, such as cancelled ones, are told by a word of theirs. Days on which one ends and
    another begins are in both where that has more be refused.
    """
    part = Overlap(name, collection.name, since, since.name, None, None, owner, of, False, until.name, until)
    if sum(scene.sample.status == CONFLICT for scene in scenes) < _LEAST:
        return None
    found = [made for one in (part, replace(part, is_whole=True)) if (made := _best(one, scenes)) is not None]
    return max(found, key=lambda one: one[0], default=None)


def _best(whole: Overlap, scenes: Sequence[Scene]) -> tuple[int, Overlap] | None:
    """Give an overlap with the items that do not count left out, where no call was accepted in spite of it."""
    refused = [item for scene in scenes if scene.sample.status in _REFUSED for _, item in whole.all(scene)]
    if not refused:
        return None
    accepted = [item for scene in scenes if scene.sample.succeeded for _, item in whole.all(scene)]
    best: tuple[int, Overlap] | None = None
    for field in ("", *(name for name in _words(refused + accepted) if name != whole.of)):
        words = tuple(sorted({as_text(item[field]) for item in accepted})) if field else ()
        made = replace(whole, but=(field, words))
        hits = [scene.sample for scene in scenes if made.find(scene)[1] is not MISSING]
        clashes = sum(sample.status == CONFLICT for sample in hits)
        if clashes >= _LEAST and not any(sample.succeeded for sample in hits) and (best is None or clashes > best[0]):
            best = clashes, made
    return best


def _of_headers(name: str, scenes: Sequence[Scene]) -> Iterator[tuple[Term, str]]:
    """Give the headers that tell who asks, with the member of items, dotted, which has that most often."""
    for header in map(header_term, own_headers(scenes)):
        found: Counter[str] = Counter()
        for scene in scenes:
            asking = header.get(scene)
            for item in scene.timeline.under(name, "", scene.moment).values() if asking is not MISSING else ():
                for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                    if as_text(value) == asking:
                        found[".".join(map(str, path))] += 1
        yield from ((header, of) for of, _ in found.most_common(1))


def _words(items: Sequence[dict[str, Any]]) -> list[str]:
    """Give the fields that all items have and that hold one of a few words, as a status does."""
    named = [name for name, value in items[0].items() if isinstance(value, str)]
    told = {name: {item.get(name) for item in items} for name in named}
    return [
        name
        for name, words in told.items()
        if None not in words and len(words) <= min(_MOST_WORDS, len(items) // 2 + 1)
    ]
