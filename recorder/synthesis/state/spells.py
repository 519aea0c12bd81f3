"""Spells: what items were at two looks, the calls between, and which kinds of these change which member."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.shown_bulks import shown_by
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.links import ADDRESS, origin
from recorder.synthesis.nodes.kinds import made_up
from recorder.synthesis.nodes.node import MadeUp
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, canon, look, same
from recorder.synthesis.state.results import is_poll
from recorder.synthesis.state.sightings import Place
from recorder.synthesis.terms.scene import GONE, Lookup, Scene
from recorder.synthesis.terms.term import literal

Kind: TypeAlias = tuple[Endpoint, str]
"""Calls of an endpoint that succeeded, and what its look-ups call the item."""
UNKNOWN: Final = object()
"""What stands for what new items have where that is not known."""
_LEAST: Final = 2
_SOME: Final = 10
_MOST_FIRSTS: Final = 4
_MOST_OFF: Final = 20
"""One in so many looks may be otherwise than the others say."""
_FEWEST_ALONE: Final = 3
_MOST_STILL: Final = 5
"""One in so many calls of a kind may change nothing, where so many times nothing else was called: a set has it all."""


@dataclass(frozen=True, slots=True)
class Spell:
    """What an item was at two looks, and the calls between that named it.

    `expected` is what was known of it right before the second look. With a `maker` it was made by that call, which was
    the first look, and nothing is known of members that `before` does not have. `key` is the item's.
    """

    collection: str
    key: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    expected: Mapping[str, Any]
    calls: Sequence[tuple[Kind, Scene]]
    maker: Scene | None = None

    @property
    def is_new(self) -> bool:
        """Tell whether it was made at the first look."""
        return self.maker is not None

    def moved(self, name: str, first: Any) -> bool:
        """Tell whether a member is another one now; `first` is what new items have."""
        old = self.before.get(name, first if self.is_new else MISSING)
        return not same(self.after.get(name, MISSING), old) and (name in self.after or old is not MISSING)

    def of(self, kinds: Iterable[Kind]) -> list[tuple[Kind, Scene]]:
        """Give the calls of these kinds."""
        wanted = set(kinds)
        return [call for call in self.calls if call[0] in wanted]


@dataclass(slots=True)
class _Walk:
    """One item followed through its session."""

    base: Mapping[str, Any]
    maker: Scene | None = None
    calls: list[tuple[Kind, Scene]] = field(default_factory=list)


def spells_of(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], lookups: Mapping[Endpoint, Mapping[str, Lookup]]
) -> dict[str, list[Spell]]:
    """Give, by collection, what its items were at looks that followed each other; what was made is the first look."""
    found: dict[str, list[Spell]] = defaultdict(list)
    walks: dict[Place, _Walk] = {}
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        if not sample.succeeded:
            continue
        shown: dict[Place, Any] = {}
        if sample.method not in READS or (binding.role == "item" and not sample.parameters):
            seen = items_seen(scene, binding)
            shown = {(sample.session, name, key): item for name, key, item in seen if isinstance(item, dict)}
        for place, item in shown.items():
            walk = walks.get(place)
            if walk is not None and sample.method in READS:
                expected = scene.timeline.get(place[1], place[2], scene.moment)
                known = expected if isinstance(expected, dict) else {}
                found[place[1]].append(Spell(*place[1:], walk.base, item, known, walk.calls, walk.maker))
            walks[place] = _Walk(item)
        for place in named_places(scene, lookups[scene.endpoint]) if is_poll(scene.endpoint, binding) else ():
            if place not in shown:  # it may have become another by now
                walks.pop(place, None)
        if sample.method in READS:
            continue
        made = made_place(scene, binding)
        if made is not None and made in shown:
            walks[made].maker = scene
        if made is not None and made not in shown:
            item = scene.timeline.get(made[1], made[2], scene.moment + 1)
            walks[made] = _Walk(item if isinstance(item, dict) else {}, maker=scene)
        for place in told_places(scene, binding):
            item = scene.timeline.get(place[1], place[2], scene.moment + 1)
            walks[place] = _Walk(item if isinstance(item, dict) else {}, maker=scene)
        for place, name in named_places(scene, lookups[scene.endpoint]).items():
            if place not in shown and place != made and place in walks:
                walks[place].calls.append(((scene.endpoint, name), scene))
    return found


def made_place(scene: Scene, binding: Binding) -> Place | None:
    """Give where the item is that a call made."""
    collection = binding.collection
    if binding.role != "collection" or collection is None or binding.made is None:
        return None
    if binding.made == "location":
        made: Any = (scene.sample.answer_header("location") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
    else:
        made = look(scene.sample.answer_json, binding.made)
    if made is MISSING or isinstance(made, dict | list):
        return None
    return (
        scene.sample.session,
        collection.name,
        f"{binding.prefix(scene.endpoint.values(scene.sample))}{collection.key_of(made)}",
    )


def told_places(scene: Scene, binding: Binding) -> Iterator[Place]:
    """Give where the items are of which a call told only the ids."""
    bulk = binding.shown_bulk
    if bulk is not None and bulk.sent is not None:
        prefix = binding.prefix(scene.endpoint.values(scene.sample))
        for own, _ in shown_by(scene.sample, bulk):
            yield scene.sample.session, bulk.collection.name, f"{prefix}{own}"


def named_places(scene: Scene, lookups: Mapping[str, Lookup]) -> dict[Place, str]:
    """Give where the items are that a call names, each with what its look-ups call it."""
    named: dict[Place, str] = {}
    for name, lookup in lookups.items():
        if is_by_key(lookup):
            named.setdefault((scene.sample.session, lookup.collection, lookup.find(scene)[0]), name)
    return named


def is_by_key(lookup: Lookup) -> bool:
    """Tell whether an item is looked up by its key."""
    return lookup.by is None and lookup.within is None and not lookup.collection.endswith(GONE)


@dataclass(frozen=True, slots=True)
class Mover:
    """A member that calls change: the `kinds` of calls that do, and what new items have, MISSING for none of it.

    A kind changes a member where it did, nearly whenever it was called; of several such, `kinds` are as few as tell all
    changes, and `able` are all of them.
    """

    member: str
    kinds: Sequence[Kind]
    able: Sequence[Kind]
    first: Any


def movers(spells: Sequence[Spell]) -> Iterator[Mover]:
    """Give the members that calls change."""
    for name in dict.fromkeys(name for one in spells for name in (*one.after, *one.before)):
        for first in _firsts(spells, name):
            kinds, able = _kinds(spells, name, first)
            if kinds:
                yield Mover(name, kinds, able, first)
                break


def _firsts(spells: Sequence[Spell], name: str) -> Iterator[Any]:
    """Give what a member may be in new items: a list is empty, else nothing or what it often is; last UNKNOWN."""
    if any(isinstance(one.after.get(name), list) for one in spells):
        yield []
        return
    values = [one.after.get(name, MISSING) for one in spells if one.is_new and name not in one.before]
    known = {MISSING if value is MISSING else canon(value): value for value in reversed(values)}
    counts = Counter(MISSING if value is MISSING else canon(value) for value in values)
    often = [one for one, count in counts.most_common(_MOST_FIRSTS) if count >= _LEAST and count * _SOME >= len(values)]
    often.sort(key=lambda one: known[one] is not MISSING and known[one] is not None)
    yield from (known[one] for one in often)
    yield UNKNOWN


def _kinds(spells: Sequence[Spell], name: str, first: Any) -> tuple[list[Kind], list[Kind]]:
    known = [one for one in spells if not one.is_new or name in one.before or first is not UNKNOWN]
    moved = [one for one in known if one.calls and one.moved(name, first)]
    surprising = [one for one in moved if not same(one.expected.get(name, MISSING), one.after.get(name, MISSING))]
    by_itself = sum(not one.calls and one.moved(name, first) for one in known)
    if len(surprising) < _LEAST or by_itself * _MOST_OFF > len(moved):
        return [], []
    counts: Counter[Kind] = Counter()
    still: Counter[Kind] = Counter()
    ids = {id(one) for one in moved}
    for one in known:
        (counts if id(one) in ids else still).update(dict.fromkeys((kind for kind, _ in one.calls), 1))
    alone = Counter(next(iter(kinds)) for one in moved if len(kinds := {kind for kind, _ in one.calls}) == 1)
    able = [
        kind
        for kind, count in counts.items()
        if still[kind] * (_MOST_OFF if alone[kind] < _FEWEST_ALONE else _MOST_STILL) <= count
    ]
    left, chosen = moved, []
    while left:
        covers = {kind: sum(bool(one.of([kind])) for one in left) for kind in able}
        best = max(able, key=lambda kind: covers[kind], default=None)
        if best is None or not covers[best]:
            break
        chosen.append(best)
        left = [one for one in left if not one.of([best])]
    return (chosen, able) if len(left) * _MOST_OFF <= len(moved) else ([], [])


def beginnings(
    spells: Sequence[Spell], moved: Mapping[str, Container[Kind]]
) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """Give what new items have that no answer tells: what is always the same, times, and what else may be made anew.

    `moved` are the members that calls change, with the kinds of these: only what is made anew is told of them.
    """
    new = [one for one in spells if one.maker is not None]
    same_always: dict[str, Any] = {}
    times: dict[str, str] = {}
    tokens: dict[str, str] = {}
    for name in dict.fromkeys(name for one in new for name in one.after):
        early = [one for one in new if not any(kind in moved.get(name, ()) for kind, _ in one.calls)]
        untold = [one for one in early if name not in one.before]
        values = [one.after.get(name, MISSING) for one in untold]
        is_kept = all(name not in one.before or same(one.before[name], one.after.get(name, MISSING)) for one in spells)
        is_left = len(values) < _LEAST or any(value is MISSING for value in values)
        if is_left or not (is_kept or name in moved):
            continue
        made = _made_anew([(one.maker, one.after[name]) for one in untold if one.maker is not None])
        if made is not None and len(untold) == len(early):
            is_time = made.text.startswith("now(")
            (times if is_time else tokens)[name] = _differing(made.text)
        elif made is None and name not in moved and all(same(value, values[0]) for value in values):
            same_always[name] = values[0]
    return same_always, times, tokens


def _made_anew(cases: Sequence[tuple[Scene, Any]]) -> MadeUp | None:
    """Give what makes values anew: of links of the service itself to other things only what these are called."""
    values = [value if isinstance(value, str) else "" for _, value in cases]
    homes = {
        value.rpartition("/")[0].removeprefix(origin(scene.sample))
        for value, (scene, _) in zip(values, cases, strict=True)
    }
    are_own = all(value.startswith(f"{origin(scene.sample)}/") for value, (scene, _) in zip(values, cases, strict=True))
    if not are_own or len(homes) > 1:
        return made_up(cases)
    made = made_up([(scene, value.rpartition("/")[2]) for value, (scene, _) in zip(values, cases, strict=True)])
    home = literal(f"{homes.pop()}/")
    return None if made is None else MadeUp(f"({ADDRESS.text} ~ {home} ~ {made.text})", made.kind)


def _differing(text: str) -> str:
    """Write a time so that it differs between two items of one moment."""
    if not text.startswith("now("):
        return text
    return f"now({', '.join(filter(None, (text.removeprefix('now(').removesuffix(')'), 'unique=true')))})"
