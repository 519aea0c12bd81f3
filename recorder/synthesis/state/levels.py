"""Levels: what there is of a thing with each of others, as its stock in each place, and the calls that change that."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.references import free_name
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.totals import find_totals
from recorder.synthesis.nodes.node import Node, Object, Said
from recorder.synthesis.samples.values import MISSING, as_text, look, parts
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.histories import Lookups, lists_of_items
from recorder.synthesis.state.level_forms import Amounts, LevelForm, form_of, keys_of, levels_named, whole
from recorder.synthesis.state.tallies import Kind, Solver, Span, Step, moved_on
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.level import Level, Order, level_terms
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, part_of

_LEAST: Final = 3
_SESSIONS: Final = 2
_RIGHT_TENTHS: Final = 8
_LONGEST_LIST: Final = 20
_NEAR: Final = 1e-6
_MOST_MOVED: Final = 2
_PLAIN: Final = re.compile(r"[a-z][\w.\[\]']*\Z")
Place: TypeAlias = tuple[int, str]
"""Whose level: the number of the session, and the key."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The levels of the items of a collection, kept in a `collection` of their own.

    `lookups` find those that calls name, by endpoint, `terms` are what answers may tell of them.
    """

    collection: Collection
    lookups: Mapping[Endpoint, Mapping[str, Level]]
    terms: Mapping[Endpoint, Sequence[Term]]


@dataclass(slots=True)
class _Walk:
    """One number of a level followed through its session."""

    base: float | None
    calls: list[tuple[Kind, Scene]] = field(default_factory=list)
    is_first: bool = True


def find_levels(
    world: World, bindings: Mapping[Endpoint, Binding], named: Lookups, collections: Sequence[Collection]
) -> list[Levels]:
    """Find the levels of items; have the world know what they were, what changes them, and what sums of them are."""
    found: list[Levels] = []
    taken = {one.name for one in collections}
    if len(world.timelines) < _SESSIONS:  # of one session the rows of what it made look like levels, too
        return found
    for (name, word), places in lists_of_items(world.scenes, bindings).items():
        form = form_of(world.scenes, places)
        if form is None:
            continue
        label = free_name(f"{name}_{word}".lower(), taken)
        lookups = levels_named(world.scenes, named, name, label, form)
        finder = _Finder(world.scenes, bindings, form, lookups, named)
        steps = finder.steps()
        if steps:
            taken.add(label)
            found.append(finder.levels(world, label, steps, keys_of(named, name)))
    own = {one.collection.name for one in found}
    if found:
        sums = find_totals(world.scenes, bindings, [*collections, *(one.collection for one in found)])
        told = {(one.collection.name, one.path): one for one in sums if one.source.name in own}
        others = [one for one in world.totals if (one.collection.name, one.path) not in told]
        world.reckoned.totals = [*others, *told.values()]
    return found


class _Finder:
    """Follows the levels of one form through all sessions."""

    def __init__(
        self,
        scenes: Sequence[Scene],
        bindings: Mapping[Endpoint, Binding],
        form: LevelForm,
        lookups: Mapping[Endpoint, Mapping[str, Level]],
        named: Lookups,
    ) -> None:
        self._scenes = scenes
        self._bindings = bindings
        self._form = form
        self._lookups = lookups
        self._all = {one: {**named[one], **lookups.get(one, {})} for one in named}
        for scene in scenes:
            scene.lookups = self._all[scene.endpoint]
        self._looks = {id(scene): list(self._looked(scene)) for scene in scenes}
        self._begun: Mapping[str, Mapping[str, Any]] = {}
        self._shared = self._in_several()

    def steps(self) -> dict[Kind, dict[str, Step]]:
        """Give how far each number goes with each kind of call; nothing where too little of that is told.

        Of what is there in several sessions it is first told how far it goes, then what it began with.
        """
        found = self._steps()
        seeds, _ = self._openings(found)
        if seeds:
            self._begun = seeds
            found = self._steps()
        return found

    def _steps(self) -> dict[Kind, dict[str, Step]]:
        found: dict[Kind, dict[str, Step]] = defaultdict(dict)
        for name in self._form.numbers:
            spans = self._spans(name)
            steps, right = self._solved(name, spans)
            moved = [span for span in spans if span.before[name] != span.after[name]]
            if right < _LEAST or right * 10 < len(moved) * _RIGHT_TENTHS:
                continue
            for kind, step in steps.items():
                if step.term is not None:
                    found[kind][name] = step
        return found

    def _solved(self, name: str, spans: Sequence[Span]) -> tuple[dict[Kind, Step], int]:
        """Give what is told by spans, and how many that moved it tells rightly."""
        steps = Solver((name,), spans, self._all).solve()
        right = 0
        for span in spans:
            went = span.after[name] - span.before[name]
            is_told = bool(went) and all(kind in steps for kind, _ in span.calls)
            right += is_told and abs(sum(steps[kind].of(scene) for kind, scene in span.calls) - went) < _NEAR
        return steps, right

    def _spans(self, name: str) -> list[Span]:
        """Give what a number was at looks that followed each other.

        Before the first of them it was what it began with: nothing, where only one session knows of it.
        """
        spans: list[Span] = []
        walks: dict[Place, _Walk] = {}
        for scene in self._scenes:
            session, is_fine = scene.sample.session, scene.sample.succeeded
            for kind, key in self._named(scene) if is_fine else ():
                walks.setdefault((session, key), self._begin(name, key)).calls.append((kind, scene))
            for key, amounts in self._looks[id(scene)]:
                if name not in amounts:
                    continue
                walk = walks.get((session, key)) or self._begin(name, key)
                if walk.base is not None and (walk.calls or not walk.is_first):
                    spans.append(Span({name: walk.base}, {name: amounts[name]}, walk.calls))
                walks[session, key] = _Walk(amounts[name], is_first=False)
        return spans

    def _begin(self, name: str, key: str) -> _Walk:
        known = self._begun.get(key, {}).get(name)
        return _Walk(known if known is not None or key in self._shared else 0)

    def _in_several(self) -> set[str]:
        """Give the keys that several sessions look at: what they name was there before."""
        seen: dict[str, set[int]] = defaultdict(set)
        for scene in self._scenes:
            for key, _ in self._looks[id(scene)]:
                seen[key].add(scene.sample.session)
        return {key for key, sessions in seen.items() if len(sessions) > 1}

    def _named(self, scene: Scene) -> Iterator[tuple[Kind, str]]:
        """Give the levels that a call names, by their keys, and what kind of call it is for each."""
        for name, lookup in self._lookups.get(scene.endpoint, {}).items():
            key = lookup.find(scene)[0]
            if key:
                yield (scene.endpoint, scene.sample.status, name), key

    def _looked(self, scene: Scene) -> Iterator[tuple[str, Amounts]]:
        """Give what an answer shows of levels: rows of their list, or objects that say of what and how much."""
        answer, form = scene.sample.answer_json, self._form
        if scene.endpoint in form.places:
            own = self._bindings[scene.endpoint].key(scene.endpoint.values(scene.sample))
            rows = look(answer, form.places[scene.endpoint]) if scene.sample.succeeded else MISSING
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    yield f"{own}/{as_text(row.get(form.by))}", form.amounts(row)
            return
        keys = {key.rpartition("/")[2]: key for _, key in self._named(scene)}
        known = self._known(scene) if keys else {}
        for _, one in parts(answer, longest_list=_LONGEST_LIST) if keys else ():
            if isinstance(one, dict) and as_text(one.get(form.by)) in keys:
                told = {name: value for name, value in form.amounts(one).items() if value not in known.get(name, ())}
                yield keys[as_text(one[form.by])], told

    def _known(self, scene: Scene) -> dict[str, list[Any]]:
        """Give what is called as the numbers of levels are and is sent, or is of another item that the call names."""
        named = self._all[scene.endpoint]
        items = [
            scene.sample.json,
            *(scene.looked_up(name) for name, one in named.items() if not isinstance(one, Level)),
        ]
        return {
            name: [item[name] for item in items if isinstance(item, dict) and name in item]
            for name in self._form.numbers
        }

    def levels(
        self, world: World, label: str, steps: Mapping[Kind, Mapping[str, Step]], keys: Mapping[Endpoint, Term]
    ) -> Levels:
        """Give the levels, and have the world know what they were and what changes them."""
        seeds, own = self._openings(steps)
        for session, timeline in world.timelines.items():
            timeline.set_aside(label)
            for key, row in {**seeds, **own.get(session, {})}.items():
                timeline.put(label, key, row, -1)
        for scene in self._scenes:
            for key, row in self._became(scene, steps, label):
                scene.timeline.put(label, key, row, scene.moment)
        order = self._order(label)
        terms = {
            endpoint: list(level_terms(label, keys[endpoint], self._form.numbers, order))
            for endpoint in self._all
            if endpoint in keys
        }
        used = {kind[0] for kind in steps}
        lookups = {one: some for one, some in self._lookups.items() if one in used or self._is_shown(one)}
        effects = list(self._effects(steps))
        for endpoint, some in _by_endpoint(effects).items():
            terms.setdefault(endpoint, []).extend(_moved_rows(some))
        world.seeds |= {label: seeds}
        world.effects += effects
        return Levels(Collection(("", label, None), label, None), lookups, terms)

    def _became(
        self, scene: Scene, steps: Mapping[Kind, Mapping[str, Step]], label: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give what levels are after a call: as it shows them, else as far on as such calls move them."""
        made: dict[str, dict[str, Any]] = {}
        for kind, key in self._named(scene) if scene.sample.succeeded else ():
            row = made.get(key) or self._row(scene, label, key)
            if kind in steps:
                made[key] = row | {name: row[name] + step.of(scene) for name, step in steps[kind].items()}
        for key, amounts in self._looks[id(scene)]:
            row = made.get(key) or self._row(scene, label, key)
            # A refusal tells of what is not there, too: it is not there from then on.
            if scene.sample.succeeded or scene.timeline.get(label, key, scene.moment) is not MISSING:
                made[key] = row | amounts
        yield from made.items()

    def _row(self, scene: Scene, label: str, key: str) -> dict[str, Any]:
        known = scene.timeline.get(label, key, scene.moment)
        return known if isinstance(known, dict) else self._nothing(key)

    def _nothing(self, key: str) -> dict[str, Any]:
        own = key.rpartition("/")[2]
        return {name: 0 if name in self._form.numbers else own for name in self._form.members}

    def _openings(
        self, steps: Mapping[Kind, Mapping[str, Step]]
    ) -> tuple[dict[str, dict[str, Any]], dict[int, dict[str, dict[str, Any]]]]:
        """Give what there was before anything was recorded: in all sessions, and in single ones.

        It is what the first look at a number shows that no call before it has brought about.
        """
        moved: dict[tuple[int, str, str], float] = defaultdict(int)
        first: dict[Place, dict[str, float]] = defaultdict(dict)
        for scene in self._scenes:
            session = scene.sample.session
            for kind, key in self._named(scene) if scene.sample.succeeded else ():
                for name, step in steps.get(kind, {}).items():
                    moved[session, key, name] += step.of(scene)
            for key, amounts in self._looks[id(scene)]:
                for name, value in amounts.items():
                    first[session, key].setdefault(name, value - moved[session, key, name])
        own: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
        by_key: dict[str, list[Amounts]] = defaultdict(list)
        for (session, key), amounts in first.items():
            by_key[key].append(amounts)
            if any(amounts.values()):
                own[session][key] = self._nothing(key) | amounts
        least = min(2, len({scene.sample.session for scene in self._scenes}))
        seeds: dict[str, dict[str, Any]] = {}
        for key, every in by_key.items():
            amounts = {name: told for name in self._form.numbers if (told := _agreed(every, name, least)) is not None}
            if any(amounts.values()):
                seeds[key] = self._nothing(key) | amounts
        return seeds, own

    def _order(self, label: str) -> Order:
        """Tell in which order lists show levels."""
        shown: list[tuple[Scene, str, list[str]]] = []
        for scene in self._scenes:
            rows = look(scene.sample.answer_json, self._form.places.get(scene.endpoint, ("",)))
            if scene.sample.succeeded and isinstance(rows, list) and len(rows) > 1:
                own = self._bindings[scene.endpoint].key(scene.endpoint.values(scene.sample))
                shown.append((scene, own, [as_text(row.get(self._form.by)) for row in rows]))
        orders = [Order(), Order(by=self._form.by), *self._likes()]
        return max(orders, key=lambda one: sum(self._is_so(one, label, *each) for each in shown))

    def _is_so(self, order: Order, label: str, scene: Scene, key: str, words: list[str]) -> bool:
        rows = order.rows(label, key, scene)
        return [as_text(row.get(self._form.by)) for row in rows] == words

    def _likes(self) -> Iterator[Order]:
        """Give the orders of the collections that hold what levels are about."""
        timeline = self._scenes[-1].timeline
        for name in timeline.names():
            items = [item for item in timeline.ever_held(name).values() if isinstance(item, dict)]
            for member in dict.fromkeys(member for item in items for member in item):
                values = {as_text(item.get(member)) for item in items if isinstance(item.get(member), str)}
                if self._form.words <= values:
                    yield Order(like=name, own=member)

    def _is_shown(self, endpoint: Endpoint) -> bool:
        """Tell whether answers of an endpoint show levels that its requests name."""
        return any(self._looks[id(scene)] for scene in self._scenes if scene.endpoint is endpoint)

    def _effects(self, steps: Mapping[Kind, Mapping[str, Step]]) -> Iterator[Effect]:
        for kind, moves in steps.items():
            endpoint, status, name = kind
            lookup = self._lookups[endpoint][name]
            inside = [scene for scene in self._scenes if scene.endpoint is endpoint and scene.sample.status == status]
            own = Term(lookup.key.text.rpartition(" ~ ")[2], _last(lookup), self._form.by, 1.0, lookup.uses)
            members: dict[str, tuple[Node, Term | None]] = {}
            for one in self._form.members:
                level = whole(name)
                moved = moved_on(name, (one,), moves[one], inside) if one in moves else part_of(level, (one,), look)
                members[one] = (Said(own if one == self._form.by else moved), None)
            terms = [step.term.text for step in moves.values() if step.term is not None]
            needs = [f"vars.{name} is not none", *(f"{text} is number" for text in terms if _PLAIN.match(text))]
            yield Effect(
                endpoint, lookup, Object(members), self._all[endpoint], status,
                needs=" and ".join(dict.fromkeys(needs)), is_deep=False,
            )  # fmt: skip


def _agreed(every: Sequence[Amounts], name: str, least: int) -> float | None:
    """Give what nearly all say that a number began with, None where they do not agree."""
    counts = Counter(one[name] for one in every if name in one)
    value, count = max(counts.items(), key=lambda one: one[1], default=(0, 0))
    return value if count >= least and count * 10 >= counts.total() * _RIGHT_TENTHS else None


def _by_endpoint(effects: Sequence[Effect]) -> dict[Endpoint, list[Effect]]:
    found: dict[Endpoint, list[Effect]] = defaultdict(list)
    for one in effects:
        found[one.endpoint].append(one)
    return found


def _moved_rows(effects: Sequence[Effect]) -> Iterator[Term]:
    """Give what a call makes of the levels that it names, in either order; not where only its answer tells that."""
    rows = {one.lookup.name: one.node for one in effects if isinstance(one.node, Object)}
    if not any("vars.answer" in row.expression() for row in rows.values()):
        yield from (_moved_term(some) for some in permutations(rows.items())) if len(rows) <= _MOST_MOVED else ()


def _moved_term(rows: Sequence[tuple[str, Object]]) -> Term:
    """Give the levels that calls name, one after the other, as what these calls make of them."""
    texts = [f"{row.expression()} if vars.{name} is not none else none" for name, row in rows]

    def get(scene: Scene) -> Any:
        return [row.value(scene) for name, row in rows if scene.looked_up(name) is not MISSING]

    uses = frozenset(name for name, _ in rows)
    return Term(f"([{', '.join(texts)}] | select | list)", get, "levels", 1.6, uses)


def _last(lookup: Level) -> Any:
    return lambda scene: lookup.find(scene)[0].rpartition("/")[2]
