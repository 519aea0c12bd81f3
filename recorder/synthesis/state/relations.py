"""Relations: what calls are told of items by their members, whether one stands, and what those have that fit.

An item may stand for others: who edits may view, and who is of a group has what the group has. Which words go with
which, and how items name all who have another one, as `team:x#member`, is told by the answers to whether one stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.compound import Compound
from recorder.synthesis.collections.keys import is_beside, key_term, lead_of
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, is_word, leaves, look, parts, rows_at
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import STANDS, Term, literal, member

_SIGNS: Final = "#:@/|"
_MOST_WORDS: Final = 12
_MOST_STEPS: Final = 24
_LEAST: Final = 4
_RIGHT_TENTHS: Final = 8
Part: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reach:
    """What else an item stands for. `granted_by` are for a word of the member `word` those that go with it.

    With a `sign` the member `who` of an item may be `of`, the sign and the word of others: all who have one of these.
    """

    word: str = ""
    granted_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    who: str = ""
    of: str = ""
    sign: str = ""

    def fitting(self, rows: Sequence[Part], asked: Part) -> Iterator[Part]:
        """Give the parts of items that fit all members which are asked."""
        wanted = {name: [as_text(value)] for name, value in asked.items()}
        if self.word in wanted:
            wanted[self.word] = [*self.granted_by.get(wanted[self.word][0], wanted[self.word])]
        if self.sign and self.who in wanted:
            own = [row for row in rows if as_text(row.get(self.who)) == wanted[self.who][0]]
            wanted[self.who] += [f"{as_text(row.get(self.of))}{self.sign}{as_text(row.get(self.word))}" for row in own]
        return (row for row in rows if all(as_text(row.get(name)) in values for name, values in wanted.items()))

    def text(self, rows: str, place: Path, asked: Mapping[str, str]) -> str:
        """Write the items of a list that fit; `asked` are the expressions of members."""
        found = rows
        for name, one in asked.items():
            where = literal(".".join(map(str, (*place, name))))
            if name == self.word and any([*words] != [own] for own, words in self.granted_by.items()):
                table = literal({own: [*words] for own, words in self.granted_by.items()})
                found += f" | selectattr({where}, 'in', ({table}[{one}] | default([{one}])))"
            elif name == self.who and self.sign:
                of, word = (member("row", (*place, inner)) for inner in (self.of, self.word))
                own = f"each({rows} | selectattr({where}, 'eq', {one}), {of} ~ {literal(self.sign)} ~ {word})"
                found += f" | selectattr({where}, 'in', [{one}] + {own})"
            else:
                found += f" | selectattr({where}, 'eq', {one})"
        return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where calls are asked by which `members`, and where they are sent `given` rows that count for this call alone."""

    base: Path
    members: tuple[str, ...]
    given: Path | None

    def of(self, scene: Scene) -> Part | None:
        found = look(scene.sample.json, self.base)
        values = {name: found.get(name) for name in self.members} if isinstance(found, dict) else {}
        return values if values and all(is_scalar(one) and one is not None for one in values.values()) else None


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether an item stands that was `asked` for, among the parts of all `rows`, and what the answer was."""

    rows: Sequence[Part]
    asked: Part
    stands: bool


def relation_terms(
    scenes: Mapping[Endpoint, Sequence[Scene]], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> dict[Endpoint, list[Term]]:
    """Give what answers may tell of the items that have what is asked, by endpoint."""
    found: dict[Endpoint, list[Term]] = defaultdict(list)
    for collection in (one for one in collections if one.compound is not None):
        compound = collection.compound
        assert compound is not None, "only those were taken"
        asked = {
            endpoint: one
            for endpoint, inside in scenes.items()
            if bindings[endpoint].collection is not collection and not bindings[endpoint].sent_rows
            if is_beside(endpoint, collection) and (one := _asked(inside, compound)) is not None
        }
        reach = _reach(scenes, asked, collection, compound)
        for endpoint, one in asked.items():
            found[endpoint] += _terms(endpoint, one, collection, compound, reach)
    return found


def _asked(scenes: Sequence[Scene], compound: Compound) -> _Asked | None:
    """Give where most members are asked together, None where none is."""
    good = [scene for scene in scenes if scene.sample.succeeded and isinstance(scene.sample.json, dict)]
    counts: Counter[tuple[Path, tuple[str, ...]]] = Counter()
    given: Counter[Path] = Counter()
    for scene in good:
        for path, value in parts(scene.sample.json, longest_list=0):
            names = tuple(one for one in compound.members if isinstance(value, dict) and is_scalar(value.get(one, {})))
            counts[path, names] += len(names) > 0
        for path, rows in lists_in(scene.sample.json):
            given[path] += bool(rows) and all(compound.key(row) is not MISSING for row in rows)
    if not counts or max(counts.values()) * 2 <= len(good):
        return None
    base, members = max(counts, key=lambda one: (counts[one], len(one[1])))
    return _Asked(base, members, max(given, key=lambda one: given[one]) if any(given.values()) else None)


def _rows(scene: Scene, asked: _Asked, collection: Collection, compound: Compound) -> list[Part]:
    held = [look(item, compound.place) for item in scene.below(collection.name, lead_of(scene, collection))]
    held += rows_at(scene.sample.json, asked.given) if asked.given is not None else []
    return [part for part in held if isinstance(part, dict)]


def _terms(
    endpoint: Endpoint, asked: _Asked, collection: Collection, compound: Compound, reach: Reach
) -> Iterator[Term]:
    """Give whether an item stands that has all that is asked, or what is not asked of those that have the rest."""
    above = collection.count - 1
    rows = f"resource.{collection.name}."
    rows += f"under({key_term(endpoint, above, trailing=True).text})" if above else "all()"
    if asked.given is not None:
        given = f"{member('request.json', asked.given)} | default([])"
        rows = f"({rows} + each({given}, {compound.text_around('row')}))"
    told = {name: member("request.json", (*asked.base, name)) for name in asked.members}
    others = [name for name in compound.members if name not in told]
    for own in (reach, _DIRECT) if others and reach is not _DIRECT else (reach,):
        fitting, found = own.text(rows, compound.place, told), _Fitting(own, asked, collection, compound)
        if not others:
            yield Term(f"(({fitting} | list | length) != 0)", found.stands, STANDS, 0.4)
        for name in others:
            where = literal(".".join(map(str, (*compound.place, name))))
            text = f"({fitting} | map(attribute={where}) | unique | list)"
            yield Term(text, partial(found.members, name=name), name, 1.0)


_DIRECT: Final = Reach()


@dataclass(frozen=True, slots=True)
class _Fitting:
    """What calls are told of the items that fit what they ask; MISSING where they ask for none."""

    reach: Reach
    asked: _Asked
    collection: Collection
    compound: Compound

    def stands(self, scene: Scene) -> Any:
        """Tell whether there is one."""
        found = self._rows(scene)
        return MISSING if found is None else any(True for _ in found)

    def members(self, scene: Scene, name: str) -> Any:
        """Give what they have as one member, each once."""
        found = self._rows(scene)
        return MISSING if found is None else list(dict.fromkeys(row.get(name) for row in found))

    def _rows(self, scene: Scene) -> Iterator[Part] | None:
        one = self.asked.of(scene)
        return (
            None if one is None else self.reach.fitting(_rows(scene, self.asked, self.collection, self.compound), one)
        )


def _reach(
    scenes: Mapping[Endpoint, Sequence[Scene]],
    asked: Mapping[Endpoint, _Asked],
    collection: Collection,
    compound: Compound,
) -> Reach:
    """Learn what items stand for from the answers to whether one does."""
    questions = [
        question
        for endpoint, one in asked.items()
        if len(one.members) == len(compound.members)
        for question in _questions(scenes[endpoint], one, collection, compound)
    ]
    words = {
        name: {as_text(one.asked[name]) for one in questions}
        for name in compound.members
        if all(is_word(one.asked[name]) for one in questions)
    }
    word = min(words, key=lambda name: len(words[name]), default="")
    if len(questions) < _LEAST or not word or len(words[word]) > _MOST_WORDS:
        return _DIRECT
    reach = Reach(word)
    reach = max([reach, *_with_groups(reach, questions, compound)], key=lambda one: _right(one, questions))
    for _ in range(_MOST_STEPS):
        better = max(_with_words(reach, words[word]), key=lambda one: _right(one, questions), default=reach)
        if _right(better, questions) <= _right(reach, questions):
            break
        reach = better
    return reach if _right(reach, questions) * 10 >= len(questions) * _RIGHT_TENTHS else _DIRECT


def _questions(
    scenes: Sequence[Scene], asked: _Asked, collection: Collection, compound: Compound
) -> Iterator[_Question]:
    """Give what was asked of single items, where answers have a member that is true for some and false for others."""
    good = [scene for scene in scenes if scene.sample.succeeded and asked.of(scene) is not None]
    told: dict[Path, set[bool]] = defaultdict(set)
    for scene in good:
        for path, value in leaves(scene.sample.answer_json):
            if isinstance(value, bool):
                told[path].add(value)
    place = next((path for path, values in told.items() if len(values) > 1), None)
    for scene in good if place is not None else ():
        one, stands = asked.of(scene), look(scene.sample.answer_json, place or ())
        if one is not None and isinstance(stands, bool):
            yield _Question(_rows(scene, asked, collection, compound), one, stands)


def _right(reach: Reach, questions: Sequence[_Question]) -> int:
    return sum(any(True for _ in reach.fitting(one.rows, one.asked)) is one.stands for one in questions)


def _with_groups(reach: Reach, questions: Sequence[_Question], compound: Compound) -> Iterator[Reach]:
    """Give the ways in which a member of items may name all who have another one."""
    texts = {name: {as_text(row.get(name)) for one in questions for row in one.rows} for name in compound.members}
    for who, of in ((who, of) for who in texts for of in texts if reach.word not in (who, of) and who != of):
        for sign in _SIGNS:
            named = (text.rpartition(sign) for text in texts[who] if sign in text)
            if any(own in texts[of] and word in texts[reach.word] for own, _, word in named):
                yield replace(reach, who=who, of=of, sign=sign)


def _with_words(reach: Reach, words: set[str]) -> Iterator[Reach]:
    """Give what one more word that goes with another comes to; the one that is asked goes with itself."""
    for one in sorted(words):
        known = reach.granted_by.get(one, [one])
        for other in sorted(words - {*known}):
            yield replace(reach, granted_by={**reach.granted_by, one: [*known, other]})
