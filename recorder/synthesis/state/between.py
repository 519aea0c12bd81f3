"""Between: what items became at each of several calls between two looks, as far as the second look tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.last_sent import last_sent_terms
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.nodes.node import Node, Object, Said
from recorder.synthesis.samples.amounts import digits_of
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, as_text, is_number, is_scalar, leaves, same
from recorder.synthesis.state.consequences import Consequence, find_consequence, items_shown
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.endowments import find_endowments
from recorder.synthesis.state.spells import UNKNOWN, Kind, Mover, Spell, beginnings, movers, spells_of
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

Lookups = Mapping[Endpoint, Mapping[str, Lookup]]
Row = dict[str, Any]
_LEAST: Final = 3
_LEAST_NAMED: Final = 2
_LONGEST: Final = 50


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What calls of one kind make of a member: `seen` tells what it was afterwards, by the number of the sample."""

    kind: Kind
    member: str
    seen: dict[int, Any] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)
    """Samples of which it is only a guess."""
    still: set[int] = field(default_factory=set)
    """Samples that are another one told again, and change nothing."""


class Retelling:
    """Tells what items became between two looks; `named` gives the items that the calls of endpoints name."""

    def __init__(self, bindings: Mapping[Endpoint, Binding], named: Callable[[Sequence[Scene]], Lookups]) -> None:
        self._bindings = bindings
        self._named = named
        self._always: dict[str, set[str]] = {}

    def changes(self, scenes: Sequence[Scene]) -> list[Change]:
        """Find what calls change of members of items, and note what new items have though no answer tells it."""
        found: list[Change] = []
        makes, named = _made(self._bindings), self._named(scenes)
        for name, spells in spells_of(scenes, self._bindings, named).items():
            for one in movers(spells):
                kinds = _with_rows(one, spells)
                bound = [self._bindings[endpoint] for endpoint, _ in kinds]
                if any(one.member in binding.told or binding.report is not None for binding in bound):
                    continue
                changes = {kind: Change(kind, one.member) for kind in kinds}
                for spell in spells:
                    _retell(spell, one.member, changes, one.first)
                some = [change for change in changes.values() if len(change.seen) - len(change.unsure) >= _LEAST]
                found += some
                if some and name in makes and one.first is not MISSING and one.first is not UNKNOWN:
                    makes[name].begins[one.member] = one.first
            if name in makes:
                self._begin(makes[name], spells, scenes, named)
        return found

    def _reports(self, scene: Scene) -> bool:
        """Tell whether a call is a write that reports what it changed: anything may be other than it began."""
        return self._bindings[scene.endpoint].report is not None

    @property
    def has_beginnings(self) -> bool:
        """Tell whether it is known of any new items what they have that no answer tells."""
        return any(one.begins or one.stamps or one.given for one in _made(self._bindings).values())

    def _begin(self, collection: Collection, spells: Sequence[Spell], scenes: Sequence[Scene], named: Lookups) -> None:
        """Note what new items have that no call changes later."""
        moved = {one.member: one.able for one in movers(spells)}
        spells = [one for one in spells if not any(self._reports(scene) for _, scene in one.calls)]
        always, collection.stamps, tokens = beginnings(spells, moved)
        self._always[collection.name] = set(always)
        collection.begins |= always
        collection.given = find_endowments(collection, spells, moved, named)
        given = {name for one in collection.given.values() for name in one.members}
        collection.stamps |= {name: text for name, text in tokens.items() if name not in given}
        for scene in scenes if collection.stamps else ():
            for name, key, item in items_seen(scene, self._bindings[scene.endpoint]):
                if name == collection.name and isinstance(item, dict):
                    known = collection.stamped.setdefault((scene.sample.session, key), {})
                    for one in collection.stamps.keys() - moved.keys():
                        if one in item:
                            known.setdefault(one, item[one])
        for spell in spells if collection.stamps else ():
            if spell.maker is not None:
                early = [one for one in collection.stamps if one in spell.after and not spell.of(moved.get(one, ()))]
                known = collection.stamped.setdefault((spell.maker.sample.session, spell.key), {})
                known |= {one: spell.after[one] for one in early}

    def seen(self, changes: Sequence[Change], scenes: Sequence[Scene]) -> list[Effect]:
        """Give changes as effects of which only is known what was seen."""
        named = self._named(scenes)
        return [_effect(one, named[one.kind[0]], Object({})) for one in changes]

    def effects(self, changes: Sequence[Change], scenes: Sequence[Scene]) -> list[Effect]:
        """Give those changes of which it can be told how they come about, as effects."""
        named = self._named(scenes)
        by_number = {scene.sample.number: scene for scene in scenes}
        found = [(one, _explained(one, self._bindings[one.kind[0]], named[one.kind[0]], by_number)) for one in changes]
        told = {one.member for one, node in found if node is not None}
        made = [
            _effect(one, named[one.kind[0]], Object({one.member: (node, None)}))
            for one, node in found
            if node is not None
        ]
        left = list(dict.fromkeys(one.member for one, node in found if node is None and one.member not in told))
        for name in left:
            followed = [one for one in changes if one.member == name]
            consequence = self._consequence(name, followed, named, scenes, frozenset(left) - told)
            if consequence is not None:
                told.add(name)
                causes = [one for one in changes if one.member == name or one.member in consequence.needs]
                made += [
                    _following(one, named[one.kind[0]], consequence)
                    for one in {one.kind: one for one in causes}.values()
                ]
        for collection in _made(self._bindings).values():
            kept = told | self._always.get(collection.name, set())
            collection.begins = {name: value for name, value in collection.begins.items() if name in kept}
        return made

    def _consequence(
        self, name: str, changes: Sequence[Change], named: Lookups, scenes: Sequence[Scene], left: frozenset[str]
    ) -> Consequence | None:
        """Find what a member follows from that calls change; new items have it as well.

        Of two members that are `left` to be told each may follow from the other: the later one does.
        """
        of = {named[endpoint][own].collection for endpoint, own in (one.kind for one in changes)}
        if len(of) != 1:
            return None
        shown = items_shown(scenes, self._bindings, *of)
        found = find_consequence(name, shown)
        before = list(shown[0])[: list(shown[0]).index(name)] if found is not None else []
        if found is not None and found.needs & left - {*before}:
            return None
        made = _made(self._bindings).get(next(iter(of)))
        if found is not None and made is not None:
            first = found.value(made.begins)
            if first is not MISSING:
                made.begins[name] = first
        return found


def _following(change: Change, lookups: Mapping[str, Lookup], consequence: Consequence) -> Effect:
    """Give what follows from what else a call changed of an item."""
    lookup = lookups[change.kind[1]]

    def get(scene: Scene) -> Any:
        item = scene.timeline.get(lookup.collection, lookup.find(scene)[0], scene.moment + 1)
        return consequence.value(item) if isinstance(item, dict) else MISSING

    term = Term(consequence.text(lookup.text), get, consequence.member, 1.0, lookup.key.uses, lookup.key.keeps)
    # What was seen is what it came to at last, after others too: it is worked out each time.
    own = Change(change.kind, consequence.member, still=change.still)
    return replace(_effect(own, lookups, Object({consequence.member: (Said(term), None)})), follows=True)


def _effect(change: Change, lookups: Mapping[str, Lookup], node: Object) -> Effect:
    endpoint, name = change.kind
    seen = {number: {change.member: value} for number, value in change.seen.items()}
    return Effect(endpoint, lookups[name], node, lookups, None, seen, is_deep=False, still=frozenset(change.still))


def _explained(
    change: Change, binding: Binding, lookups: Mapping[str, Lookup], by_number: Mapping[int, Scene]
) -> Node | None:
    cases = [(by_number[number], value) for number, value in change.seen.items() if number not in change.unsure]
    if all(is_number(value) or digits_of(value) is not None for _, value in cases):
        return None  # how far it went with each call is told by all of them together
    inside = [scene for scene, _ in cases]
    for scene in inside:
        scene.lookups = lookups
    vocabulary = Vocabulary(inside, lookups, [answer_term(), *last_sent_terms(binding, lookups)])
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, change.kind[0].id)
    node = explainer.explain(cases, change.member)
    return None if node.unknown else node


def _made(bindings: Mapping[Endpoint, Binding]) -> dict[str, Collection]:
    """Give the collections that calls make items of, by name."""
    makers = [
        one for one in bindings.values() if one.role == "collection" and (one.made is not None or _tells_ids(one))
    ]
    return {one.collection.name: one.collection for one in makers if one.collection is not None}


def _tells_ids(binding: Binding) -> bool:
    return binding.shown_bulk is not None and binding.shown_bulk.sent is not None


def _with_rows(one: Mover, spells: Sequence[Spell]) -> Sequence[Kind]:
    """Give the kinds of calls that change a member: of a list also those without which its rows cannot be told."""
    kinds = list(one.kinds)
    left = _untold(one, kinds, spells)
    for kind in one.able:
        if left and kind not in kinds and len(fewer := _untold(one, [*kinds, kind], spells)) < len(left):
            kinds, left = [*kinds, kind], fewer
    return kinds


def _untold(one: Mover, kinds: Sequence[Kind], spells: Sequence[Spell]) -> list[Spell]:
    """Give the spells in which the rows of a list are other ones than calls of these kinds tell."""
    changes = {kind: Change(kind, one.member) for kind in kinds}
    for spell in spells:
        _retell(spell, one.member, changes, one.first)
    unsure = {number for change in changes.values() for number in change.unsure}
    return [spell for spell in spells if any(scene.sample.number in unsure for _, scene in spell.calls)]


def _retell(spell: Spell, own: str, found: Mapping[Kind, Change], first: Any) -> None:
    """Tell what the member was after each call between two looks."""
    calls = spell.of(found)
    old = spell.before.get(own, first if spell.is_new else MISSING)
    new = spell.after.get(own, MISSING)
    if not calls or new is MISSING:
        return
    if isinstance(new, list) and isinstance(old, list):
        for some in (calls, _once(calls)) if max(len(old), len(new)) <= _LONGEST else ():
            told = _rows_retold(old, new, some) or _rows_retold(old, new, some, are_first=True)
            if told is not None:
                kept = {scene.sample.number for _, scene in some}
                for kind, scene in calls:
                    if scene.sample.number not in kept:
                        found[kind].still.add(scene.sample.number)
                for (kind, scene), rows in zip(some, told, strict=True):
                    found[kind].seen[scene.sample.number] = rows
                return
    kind, scene = calls[-1]
    found[kind].seen[scene.sample.number] = new
    if isinstance(new, list):
        found[kind].unsure.add(scene.sample.number)


def _once(calls: Sequence[tuple[Kind, Scene]]) -> list[tuple[Kind, Scene]]:
    """Leave out the calls that are an earlier one sent again, and answered with what was answered then."""
    told: dict[tuple[Endpoint, bytes, bytes], tuple[Kind, Scene]] = {}
    for kind, scene in calls:
        told.setdefault((scene.endpoint, scene.sample.body, scene.sample.answer_body), (kind, scene))
    return list(told.values())


def _rows_retold(
    old: list[Any], new: list[Any], calls: Sequence[tuple[Kind, Scene]], *, are_first: bool = False
) -> list[list[Any]] | None:
    """Give a list after each call, where each made, changed or took away one row that it names; None where not so.

    New rows come last, or all first.
    """
    field_ = _key(old, new)
    if field_ is None:
        return None
    olds, news = ({as_text(row[field_]): row for row in rows} for rows in (old, new))
    added = [row for key, row in news.items() if key not in olds][:: -1 if are_first else 1]
    left = {key: news.get(key) for key, row in olds.items() if not same(row, news.get(key))}
    made: list[list[Any]] = []
    rows = old
    for number, (_, scene) in enumerate(calls):
        said = _said(scene.sample)
        named = [key for key in left if key in said]
        later = sum(key in _said(one.sample) for _, one in calls[number + 1 :] for key in named[:1])
        fits = max(added, key=lambda row: _shared(row, said), default=None)
        if named and later:
            return None  # what it was in between is not known
        if named:
            value = left.pop(named[0])
            rows = [
                one for row in rows for one in [value if as_text(row[field_]) == named[0] else row] if one is not None
            ]
        elif fits is not None and _shared(fits, said) >= min(_LEAST_NAMED, len(fits) - 1):
            added.remove(fits)
            rows = [fits, *rows] if are_first else [*rows, fits]
            if any(as_text(fits[field_]) in _said(one.sample, is_sent=True) for _, one in calls[number + 1 :]):
                return None
        else:
            return None
        made.append(rows)
    return made if same(rows, new) else None


def _key(old: list[Any], new: list[Any]) -> str | None:
    """Give the field that no two rows share."""
    if not all(isinstance(row, dict) for row in (*old, *new)):
        return None
    for name in (old or new or [{}])[0]:
        values = [[row.get(name) for row in rows] for rows in (old, new)]
        is_key = all(isinstance(one, str | int) and not isinstance(one, bool) for some in values for one in some)
        if is_key and all(len(set(map(as_text, some))) == len(some) for some in values):
            return str(name)
    return None


def _said(sample: Sample, *, is_sent: bool = False) -> set[str]:
    """Give the scalars that a call tells as texts: sent in its body and path, and answered."""
    documents = [sample.json] if is_sent else [sample.json, sample.answer_json]
    values = [value for one in documents if one is not MISSING for _, value in leaves(one)]
    texts = {as_text(value) for value in values if is_scalar(value) and not isinstance(value, bool | None)}
    sent = [values[0] for values in (*sample.query.values(), *sample.form.values())]
    return texts | set(sample.path.strip("/").split("/")) | set(sent)


def _shared(row: Row, said: set[str]) -> int:
    return sum(is_scalar(value) and value is not None and as_text(value) in said for value in row.values())
