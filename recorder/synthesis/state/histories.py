"""Histories: lists without ids that reads of an item show, and to which calls add a row each, as its events."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.collections.references import free_name
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.change import Grown
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.nodes.node import Items, Node, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour, made_key
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, look, same
from recorder.synthesis.state.byproducts import Byproduct
from recorder.synthesis.state.sightings import Place
from recorder.synthesis.state.spells import Kind, is_by_key, made_place, named_places
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, part_of

OF: Final = "of"
ROWS: Final = "rows"
MADE: Final = ""
"""What a kind of calls is called that make the item."""
_LEAST: Final = 3
_LEAST_EXPLAINED: Final = 2
_SESSIONS: Final = 2
_MOST_OFF: Final = 20
_MOST_ROWS: Final = 2
Lookups = Mapping[Endpoint, Mapping[str, Lookup]]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Rows that calls add to, one list for each item: kept in a `collection` of its own, under the item's key.

    `lookups` find it, by the endpoints that read it or add to it. `added` are the rows that calls added, by their kind,
    each with the call. New rows come first with `is_reversed`, else last.
    """

    collection: Collection
    lookups: Mapping[Endpoint, Lookup]
    added: Mapping[Kind, Sequence[tuple[Scene, list[Any]]]]
    is_reversed: bool
    seeds: Mapping[str, dict[str, Any]]


@dataclass(slots=True)
class _Stay:
    """What happened to an item's list between two looks: `old` is None where nothing is known of it before."""

    key: str
    old: list[Any] | None
    new: list[Any]
    calls: list[tuple[Kind, Scene]]
    look: Scene


@dataclass(slots=True)
class _Walk:
    old: list[Any] | None = None
    calls: list[tuple[Kind, Scene]] = field(default_factory=list)


def find_histories(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], named: Lookups, taken: set[str]
) -> list[History]:
    """Find the histories of items, and put into the timelines what each was at each moment."""
    found: list[History] = []
    for (name, where), places in lists_of_items(scenes, bindings).items():
        stays = list(_stays(scenes, bindings, named, name, places))
        told = [one for one in stays if one.old is not None]
        is_reversed = _is_reversed(told)
        grown = [one for one in told if len(one.new) > len(one.old or ())]
        kept = [one for one in told if _rows_added(one, is_reversed=is_reversed) is not None]
        sessions = {one.look.sample.session for one in grown}
        is_law = len(grown) >= _LEAST and len(sessions) >= _SESSIONS and _nearly_all(len(kept), len(told))
        rates = _rates(kept, is_reversed=is_reversed) if is_law and not _is_known(told, name, where) else None
        adding = {endpoint for (endpoint, own), count in (rates or {}).items() if count and own != MADE}
        if rates is None or not adding:
            continue
        label = free_name(f"{name}_{where}".lower(), taken)
        taken.add(label)
        collection = Collection(("", label, None), label, (OF,))
        lookups = _lookups(named, label, name, {*places, *adding}, found)
        added = _attributed(kept, rates, is_reversed=is_reversed)
        found.append(History(collection, lookups, added, is_reversed, _seeds(stays)))
        _put(label, stays, rates, is_reversed=is_reversed)
    return found


def lists_of_items(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]
) -> dict[tuple[str, str], dict[Endpoint, Path]]:
    """Give by collection, and by what the lists are called, where answers of reads show lists of objects."""
    counts: dict[tuple[str, str], dict[Endpoint, Counter[Path]]] = defaultdict(lambda: defaultdict(Counter))
    for scene in scenes:
        binding = bindings[scene.endpoint]
        is_read = scene.sample.method in READS and scene.sample.succeeded and not scene.sample.query
        if not is_read or binding.role not in ("item", "action") or binding.collection is None:
            continue
        for where, rows in lists_in(scene.sample.answer_json):
            if rows and all(isinstance(row, dict) for row in rows):
                counts[binding.collection.name, _word(scene.endpoint, where)][scene.endpoint][where] += 1
    return {
        own: {endpoint: one.most_common(1)[0][0] for endpoint, one in by_endpoint.items()}
        for own, by_endpoint in counts.items()
    }


def _word(endpoint: Endpoint, where: Path) -> str:
    named = [str(step) for step in where if isinstance(step, str)] or [one for one in endpoint.template if one]
    return named[-1] if named else ""


def _stays(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    named: Lookups,
    collection: str,
    places: Mapping[Endpoint, Path],
) -> Iterator[_Stay]:
    """Follow each item's list from look to look, with the calls between that name the item."""
    walks: dict[Place, _Walk] = {}
    for scene in scenes:
        if not scene.sample.succeeded:
            continue
        binding = bindings[scene.endpoint]
        if scene.endpoint in places:
            own = binding.collection
            place = (scene.sample.session, collection, binding.key(scene.endpoint.values(scene.sample)))
            rows = look(scene.sample.answer_json, places[scene.endpoint])
            if own is not None and isinstance(rows, list):
                walk = walks.get(place, _Walk())
                yield _Stay(place[2], walk.old, rows, walk.calls, scene)
                walks[place] = _Walk(rows)
        if scene.sample.method in READS:
            continue
        made = made_place(scene, binding)
        if made is not None and made[1] == collection:
            walks[made] = _Walk([], [((scene.endpoint, MADE), scene)])
        for place, name in named_places(scene, named[scene.endpoint]).items():
            if place[1] == collection and place != made:
                walks.setdefault(place, _Walk()).calls.append(((scene.endpoint, name), scene))


def _is_reversed(stays: Sequence[_Stay]) -> bool:
    """Tell whether new rows come first."""
    votes = 0
    for one in stays:
        if one.old and len(one.new) > len(one.old):
            votes += same(one.new[-len(one.old) :], one.old) - same(one.new[: len(one.old)], one.old)
    return votes > 0


def _rows_added(stay: _Stay, *, is_reversed: bool) -> list[Any] | None:
    """Give the rows that are new, the oldest first; None where others are not as they were."""
    old, count = stay.old or [], len(stay.new) - len(stay.old or ())
    if count < 0:
        return None
    if is_reversed:
        return stay.new[:count][::-1] if same(stay.new[count:], old) else None
    return stay.new[len(old) :] if same(stay.new[: len(old)], old) else None


def _nearly_all(count: int, whole: int) -> bool:
    return (whole - count) * _MOST_OFF <= whole


def _is_known(stays: Sequence[_Stay], collection: str, member: str) -> bool:
    """Tell whether the items themselves are known to have these lists at most looks."""
    known = 0
    for one in stays:
        item = one.look.timeline.get(collection, one.key, one.look.moment)
        known += isinstance(item, dict) and same(item.get(member, MISSING), one.new)
    return known * 10 > len(stays) * 9


def _rates(stays: Sequence[_Stay], *, is_reversed: bool) -> dict[Kind, int] | None:
    """Give how many rows calls of each kind add, None where that is not always so."""
    rates: dict[Kind, int] = {}
    grown = [len(_rows_added(one, is_reversed=is_reversed) or ()) for one in stays]
    counts = [Counter(kind for kind, _ in one.calls) for one in stays]
    while True:
        votes: dict[Kind, Counter[int]] = defaultdict(Counter)
        for growth, calls in zip(grown, counts, strict=True):
            left = [kind for kind in calls if kind not in rates]
            rest = growth - sum(rates.get(kind, 0) * count for kind, count in calls.items())
            if len(left) == 1 and rest >= 0 and rest % calls[left[0]] == 0:
                votes[left[0]][rest // calls[left[0]]] += 1
            elif rest == 0:
                for kind in left:
                    votes[kind][0] += 1
        if not votes:
            break
        best = max(votes, key=lambda kind: max(votes[kind].values()))
        rates[best] = votes[best].most_common(1)[0][0]
    for kind in {kind: None for calls in counts for kind in calls}:
        rates.setdefault(kind, 0)
    right = sum(
        growth == sum(rates[kind] * count for kind, count in calls.items())
        for growth, calls in zip(grown, counts, strict=True)
    )
    most = max(rates.values(), default=0)
    return rates if _nearly_all(right, len(stays)) and most <= _MOST_ROWS else None


def _shares(stay: _Stay, rates: Mapping[Kind, int], *, is_reversed: bool) -> list[tuple[Kind, Scene, list[Any]]] | None:
    """Give the rows that each call between two looks added, None where it cannot be told."""
    rows = _rows_added(stay, is_reversed=is_reversed) if stay.old is not None else None
    if rows is None or len(rows) != sum(rates.get(kind, 0) for kind, _ in stay.calls):
        return None
    made: list[tuple[Kind, Scene, list[Any]]] = []
    for kind, scene in stay.calls:
        count = rates.get(kind, 0)
        made.append((kind, scene, rows[:count]))
        rows = rows[count:]
    return made


def _attributed(
    stays: Sequence[_Stay], rates: Mapping[Kind, int], *, is_reversed: bool
) -> dict[Kind, list[tuple[Scene, list[Any]]]]:
    added: dict[Kind, list[tuple[Scene, list[Any]]]] = defaultdict(list)
    for stay in stays:
        for kind, scene, rows in _shares(stay, rates, is_reversed=is_reversed) or ():
            if rates[kind] or kind[1] == MADE:  # what is made has a list, though there may be nothing in it
                added[kind].append((scene, rows))
    return added


def _put(label: str, stays: Sequence[_Stay], rates: Mapping[Kind, int], *, is_reversed: bool) -> None:
    """Have the timelines know what each list was after each call and each look."""
    for stay in stays:
        timeline, rows = stay.look.timeline, list(stay.old or ())
        timeline.set_aside(label)
        for _, scene, new in _shares(stay, rates, is_reversed=is_reversed) or ():
            rows = [*reversed(new), *rows] if is_reversed else [*rows, *new]
            timeline.put(label, stay.key, {OF: stay.key, ROWS: rows}, scene.moment)
        if stay.old is None and not stay.calls:
            timeline.put(label, stay.key, {OF: stay.key, ROWS: stay.new}, -1)
        else:
            timeline.put(label, stay.key, {OF: stay.key, ROWS: stay.new}, stay.look.moment)


def _seeds(stays: Sequence[_Stay]) -> dict[str, dict[str, Any]]:
    """Give the lists that were there before anything was recorded, as far as sessions agree on them."""
    seen: dict[str, list[list[Any]]] = defaultdict(list)
    for one in stays:
        if one.old is None and not one.calls:
            seen[one.key].append(one.new)
    return {key: {OF: key, ROWS: rows[0]} for key, rows in seen.items() if all(same(rows[0], one) for one in rows)}


def _lookups(
    named: Lookups, label: str, collection: str, endpoints: set[Endpoint], known: Sequence[History]
) -> dict[Endpoint, Lookup]:
    """Give what finds an item's history, for the endpoints that read it or add to it."""
    found: dict[Endpoint, Lookup] = {}
    for endpoint in named:
        names = {*named[endpoint], *(one.lookups[endpoint].name for one in known if endpoint in one.lookups)}
        keys = [one.key for one in named[endpoint].values() if one.collection == collection and is_by_key(one)]
        if endpoint in endpoints and keys:
            name = free_name("history", names)
            found[endpoint] = Lookup(name, label, keys[0], decides=False)
    return found


def history_rows(histories: Sequence[History], behaviours: Sequence[Behaviour]) -> Iterator[Byproduct]:
    """Explain the rows that calls add to histories, and give what keeps them."""
    by_endpoint = {one.endpoint: one for one in behaviours}
    for history in histories:
        for (endpoint, own), cases in history.added.items():
            behaviour = by_endpoint[endpoint]
            statuses = {scene.sample.status for scene, _ in cases}
            key = made_key_term(behaviour) if own == MADE else history.lookups[endpoint].key
            rows = _explained(behaviour, history, cases, is_new=own == MADE)
            if key is not None and rows is not None:
                node = Object({OF: (Said(key), None), ROWS: (rows, None)})
                known = None if own == MADE else _is_there(history.lookups[endpoint])
                yield from (Byproduct(behaviour, one, history.collection, node, None, known) for one in statuses)


def _explained(
    behaviour: Behaviour, history: History, cases: Sequence[tuple[Scene, list[Any]]], *, is_new: bool
) -> Node | None:
    """Give what becomes of the rows with a call; None where too few are known."""
    if len(cases) < _LEAST_EXPLAINED:
        return None
    inside = [scene for scene, _ in cases]
    vocabulary = behaviour.vocabulary.with_terms(inside, answer_term())
    explainer = Explainer(vocabulary, Judge(inside, behaviour.vocabulary).decide, behaviour.endpoint.id)
    counts = {len(rows) for _, rows in cases}
    if len(counts) > 1:
        return None
    made = [explainer.explain([(scene, rows[place]) for scene, rows in cases]) for place in range(*counts)]
    if is_new:
        return Items(made[::-1] if history.is_reversed else made)
    lookup = history.lookups[behaviour.endpoint]
    base = part_of(_whole(lookup), (ROWS,), look)
    return Grown(base, made, history.is_reversed)


def _whole(lookup: Lookup) -> Term:
    name = lookup.name
    return Term(f"vars.{name}", lambda scene: scene.looked_up(name), name, 1.0, frozenset({name}))


def _is_there(lookup: Lookup) -> Term:
    text = f"vars.{lookup.name} is not none"
    return Term(text, lambda scene: scene.looked_up(lookup.name) is not MISSING, "", 1.0, frozenset({lookup.name}))


def made_key_term(behaviour: Behaviour) -> Term | None:
    """Give the term of the key of an item that a call makes."""
    own, prefix = made_key(behaviour.binding), prefix_term(behaviour.endpoint, behaviour.binding)
    if own is None:
        return None

    def get(scene: Scene) -> Any:
        place = made_place(scene, behaviour.binding)
        return MISSING if place is None else place[2]

    return Term(own if prefix.text == "''" else f"{prefix.text} ~ {own}", get, OF, 1.0, prefix.uses, prefix.keeps)
