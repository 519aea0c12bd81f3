"""Forms of levels: how answers show what there is of a thing with each of others, and which calls name such a level."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.references import free_name
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import Path, as_text, is_number, look
from recorder.synthesis.state.histories import Lookups
from recorder.synthesis.state.spells import is_by_key
from recorder.synthesis.terms.level import Level, pair_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, part_of
from recorder.synthesis.terms.vocabulary import Vocabulary

SENT: Final = re.compile(r"request\.(?:json|form|query|path_params)\b[\w.\[\]']*\Z")
_RIGHT_TENTHS: Final = 8
_MOST_NUMBERS: Final = 6
Amounts: TypeAlias = dict[str, float]


@dataclass(frozen=True, slots=True)
class LevelForm:
    """How levels are shown: the list's path by endpoint, the member that says of what, and their numbers."""

    places: Mapping[Endpoint, Path]
    by: str
    numbers: tuple[str, ...]
    members: tuple[str, ...]
    words: frozenset[str]

    def amounts(self, row: Any) -> Amounts:
        return {name: row[name] for name in self.numbers if is_number(row.get(name))}


def form_of(scenes: Sequence[Scene], places: Mapping[Endpoint, Path]) -> LevelForm | None:
    """Tell how rows say what they are about: by a text that no two rows of a list share, beside numbers."""
    shown = [
        look(scene.sample.answer_json, places[scene.endpoint])
        for scene in scenes
        if scene.endpoint in places and scene.sample.succeeded
    ]
    lists = [rows for rows in shown if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)]
    every = [row for rows in lists for row in rows]
    if not every:
        return None
    names = [name for name in every[0] if all(name in row for row in every)]
    numbers = tuple(name for name in names if all(is_number(row[name]) for row in every))[:_MOST_NUMBERS]
    texts = [name for name in names if all(isinstance(row[name], str) for row in every)]
    for name in texts if numbers else ():
        words = Counter(row[name] for row in every)
        is_own = all(len({row[name] for row in rows}) == len(rows) for rows in lists)
        if is_own and len(texts) == 1 and len(words) < len(every):
            return LevelForm(places, name, numbers, tuple(names), frozenset(words))
    return None


def keys_of(named: Lookups, collection: str) -> dict[Endpoint, Term]:
    """Give the terms of the keys of the collection's items that calls name."""
    found: dict[Endpoint, Term] = {}
    for endpoint, lookups in named.items():
        keys = [one.key for one in lookups.values() if one.collection == collection and is_by_key(one)]
        if keys:
            found[endpoint] = keys[0]
    return found


def levels_named(
    scenes: Sequence[Scene], named: Lookups, collection: str, label: str, form: LevelForm
) -> dict[Endpoint, dict[str, Level]]:
    """Give what finds the levels that calls name, by an item of the collection and by what levels are about."""
    inside: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if scene.sample.method not in READS:
            inside[scene.endpoint].append(scene)
    owners = {scene.sample.session: scene.timeline.ever_held(collection).keys() for scene in scenes}
    nothing: dict[str, Any] = {one: 0 if one in form.numbers else "" for one in form.members}
    found: dict[Endpoint, dict[str, Level]] = defaultdict(dict)
    for endpoint, some in inside.items():
        for pair in _pairs(some, named[endpoint], collection, owners, form):
            name = free_name("level", {*named[endpoint], *found[endpoint]})
            told = tuple(text for text in pair.text.split(" ~ '/' ~ ") if not text.startswith("request.path_params"))
            found[endpoint][name] = Level(name, label, pair, nothing=nothing, told=told)
    return {endpoint: lookups for endpoint, lookups in found.items() if lookups}


def _pairs(
    scenes: Sequence[Scene],
    named: Mapping[str, Lookup],
    collection: str,
    owners: Mapping[int, Container[str]],
    form: LevelForm,
) -> list[Term]:
    """Give the keys of levels that calls name: both parts in the request, or in one item that it names."""
    lookups = {name: one for name, one in named.items() if is_by_key(one)}
    keys = [
        one.key for one in lookups.values() if one.collection == collection and one.key.text[:13] == "request.path_"
    ]
    for scene in scenes:
        scene.lookups = lookups
    fine = [scene for scene in scenes if scene.sample.succeeded]
    texts: dict[str, Term] = {}
    votes: dict[str, Counter[bool]] = defaultdict(Counter)
    others: dict[str, Counter[bool]] = defaultdict(Counter)
    vocabulary = Vocabulary(fine, {})
    held = [whole(name) for name, one in lookups.items() if one.collection != collection]
    for scene in fine:
        sent = ((term, value) for term, value in vocabulary.everything(scene) if SENT.match(term.text))
        inside = (part_of(one, (name,), look) for one in held for name in _members(one.get(scene)))
        for term, value in (*sent, *((one, one.get(scene)) for one in inside)):
            if isinstance(value, str):
                texts.setdefault(term.text, term)
                votes[term.text][value in form.words] += 1
                others[term.text][value in owners[scene.sample.session]] += 1
    abouts = [texts[text] for text, count in votes.items() if _is_often(count)]
    things = [*(texts[text] for text, count in others.items() if _is_often(count)), *keys]
    made: list[Term] = []
    seen: set[tuple[Any, ...]] = set()
    for about in sorted(abouts, key=lambda term: not SENT.match(term.text)):
        for thing in sorted(things, key=lambda term: _root(term) != _root(about)):
            is_sent = _root(thing) == "request" == _root(about)
            if thing is about or not (is_sent or _root(thing) == _root(about) or thing in keys):
                continue
            pair = pair_term(thing, about)
            values = tuple(as_text(pair.get(scene)) for scene in fine)
            if any(values) and values not in seen:
                seen.add(values)
                made.append(pair)
                break
    return made


def whole(name: str) -> Term:
    return Term(f"vars.{name}", lambda scene: scene.looked_up(name), name, 1.0, frozenset({name}))


def _members(item: Any) -> list[str]:
    return list(item) if isinstance(item, dict) else []


def _is_often(count: Counter[bool]) -> bool:
    return count[True] >= 1 and count[True] * 10 >= count.total() * _RIGHT_TENTHS


def _root(term: Term) -> str:
    words = term.text.split(".")
    return words[0] if words[0] == "request" else ".".join(words[:2])
