"""Effects: what a call changes of items that it names, told by how they look when they are read the next time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.last_sent import last_sent_terms
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import MADE_UP, Node, Object
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, Path, look, same
from recorder.synthesis.state.sent_members import sent_members
from recorder.synthesis.state.sightings import Sightings, sightings_of
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import GONE, Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_LEAST: Final = 2


def is_use(sample: Sample) -> bool:
    """Tell whether a read uses a thing rather than looking at it: it leads elsewhere, which may be counted."""
    return sample.method in READS and sample.status in (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What becomes of an item when a call of an endpoint is answered so: with any success, or with the `status`.

    `lookup` finds the item; `node` is what is laid over it, worked out with the endpoint's `lookups`. `seen` is what
    it was, as it was read next, by the number of the sample that changed it. `needs` is the condition for it. With
    `is_deep` members of objects are laid over, else whole ones. The samples `still` are earlier calls sent again, which
    change nothing. What `follows` from the rest of the item comes after all that changes that. What `announces` a sum
    comes after what is reckoned. With `ends`, its collection, the item is gone, where the `condition` holds if any.
    """

    endpoint: Endpoint
    lookup: Lookup
    node: Node
    lookups: Mapping[str, Lookup]
    status: int | None = None
    seen: Mapping[int, Any] = field(default_factory=dict)
    needs: str = ""
    is_deep: bool = True
    still: frozenset[int] = frozenset()
    follows: bool = False
    announces: bool = False
    ends: Collection | None = None
    condition: Term | None = None

    def is_of(self, status: int) -> bool:
        """Tell whether a call that is answered with this status has it."""
        return 200 <= status < 300 if self.status is None else status == self.status

    def is_over(self, scene: Scene) -> bool:
        """Tell whether the item is gone after a call, where it is one that ends it."""
        return scene.sample.succeeded and (self.condition is None or self.condition.get(scene) is True)

    @property
    def members(self) -> set[str]:
        """The members of the item that it changes, as far as they are told one by one."""
        return set(self.node.members) if isinstance(self.node, Object) else set()

    @property
    def _is_guessed(self) -> bool:
        """Tell whether nothing is known of what becomes of any member."""
        return isinstance(self.node, Object) and all(node.unknown for node in self.node.nodes)

    def without(self, names: Container[str]) -> Effect:
        """Give it without what it does to some members, which follow from something else."""
        node = self.node
        if not isinstance(node, Object) or not any(name in names for name in node.members):
            return self
        kept = {name: one for name, one in node.members.items() if name not in names}
        seen = {
            number: {name: value for name, value in told.items() if name not in names}
            for number, told in self.seen.items()
        }
        return replace(self, node=Object(kept), seen=seen)

    def on(self, scene: Scene, item: Any) -> Any:
        """Give what becomes of an item in a scene: as it was seen, or as what was learnt says."""
        if scene.sample.number in self.still:
            return item
        if self.node.unknown and (self.endpoint.operation is not None or self._is_guessed):
            return item  # nothing that is written will do it
        if scene.sample.number in self.seen:
            return self._laid(item, self.seen[scene.sample.number])
        made = _without_guesses(self.node.value(scene))
        return self._laid(item, made) if isinstance(made, dict) and isinstance(item, dict) else item

    def _laid(self, item: Any, parts: Any) -> Any:
        return laid_over(item, parts) if self.is_deep or not isinstance(item, dict) else {**item, **parts}


def _without_guesses(made: Any) -> Any:
    if not isinstance(made, dict):
        return made
    told = {name: _without_guesses(value) for name, value in made.items()}
    return {name: value for name, value in told.items() if value is not MADE_UP and value is not MISSING}


def find_effects(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    named: Mapping[Endpoint, Mapping[str, Lookup]] | None = None,
) -> list[Effect]:
    """Find the endpoints whose calls change an item that their path names and their answers do not show.

    `named` are the items that calls name, also in fields: those may change too.
    """
    history = sightings_of(scenes, bindings, named)
    with_lists = history.with_lists()
    by_kind: dict[tuple[Endpoint, int | None], list[Scene]] = defaultdict(list)
    for scene in scenes:
        refused = None if scene.sample.succeeded else scene.sample.status
        if scene.sample.method not in READS and (refused is None or refused >= 400):
            by_kind[scene.endpoint, refused].append(scene)
    found: list[Effect] = []
    for (endpoint, status), inside in by_kind.items():
        if bindings[endpoint].report is not None and status is None:
            continue  # what becomes of items is told by all reports together
        lookups = path_lookups(endpoint, bindings[endpoint])
        is_refused, is_delete = status is not None, endpoint.method == "DELETE"
        above = _above(bindings[endpoint], lookups, is_refused=is_refused, is_delete=is_delete)
        others = (named or {}).get(endpoint, {})
        spoken_of = _spoken_of(bindings[endpoint], lookups, others) if status is None else []
        for lookup in [*above, *_made_of(endpoint, bindings[endpoint], others), *spoken_of]:
            own = bindings[endpoint].collection
            told = bindings[endpoint].entity if own is not None and lookup.collection == own.name else None
            sent = list(last_sent_terms(bindings[endpoint], lookups))
            known = {**lookups, lookup.name: lookup}
            cases, is_deep = cases_of(lookup, inside, history, told, is_refused=is_refused)
            effect = explained(endpoint, lookup, known, status, cases, sent, is_deep=is_deep) if cases else None
            if not cases and not is_refused and own is not None and lookup.collection == own.name:
                cases, is_deep = cases_of(lookup, inside, with_lists, told, is_refused=False)
                effect = explained(endpoint, lookup, known, status, cases, sent, is_deep=is_deep) if cases else None
            is_sure = effect is not None and not effect.node.unknown
            if effect is not None and (is_sure or (status is None and lookup not in spoken_of)):
                found.append(effect)
    return found


def _spoken_of(binding: Binding, lookups: Mapping[str, Lookup], named: Mapping[str, Lookup]) -> list[Lookup]:
    """Give the look-ups of items of other kinds that a field names where something is made: the order that is paid."""
    own = binding.collection.name if binding.collection is not None else None
    if binding.role != "collection" or binding.made is None:
        return []
    known = {own, *(one.collection for one in lookups.values())}
    others = [one for one in named.values() if one.by is None and one.within is None]
    return [one for one in others if one.collection not in known and not one.collection.endswith(GONE)]


def _above(binding: Binding, lookups: Mapping[str, Lookup], *, is_refused: bool, is_delete: bool) -> list[Lookup]:
    """Give the look-ups of the items that a path names and the answers do not show, or perhaps not all of."""
    named = {lookup.collection: lookup for lookup in lookups.values()}
    above = [one.name for one, count in binding.parents if count]
    own = binding.collection
    is_hidden = binding.role == "action" or (is_delete and not binding.removes) or bool(binding.renamed)
    is_hidden = (is_hidden or binding.is_begun) and binding.entity is None
    is_partly_shown = binding.role == "action" and binding.entity is not None
    if (
        own is not None
        and own.count
        and (is_hidden or is_partly_shown or (is_refused and binding.role in ("action", "item")))
    ):
        above.append(own.name)
    return [named[name] for name in above if name in named]


def _made_of(endpoint: Endpoint, binding: Binding, named: Mapping[str, Lookup]) -> list[Lookup]:
    """Give the look-ups of the items, of which an operation makes others of their kind."""
    if endpoint.operation is None or binding.role != "collection" or binding.collection is None:
        return []
    own = [one for one in named.values() if one.collection == binding.collection.name]
    return [one for one in own if one.by is None and one.within is None]


def cases_of(
    lookup: Lookup, scenes: Sequence[Scene], history: Sightings, told: Path | None, *, is_refused: bool
) -> tuple[list[Case], bool]:
    """Give what was read anew of the item after each call, where that tells that the calls change it; else nothing.

    Tell also whether members of its objects can be laid over: not where objects lost some. What the answers themselves
    show of the item, at the path `told`, is not changed again: another caller may only see it otherwise.

    Refused calls change an item seldom: the more of them have to.
    """
    pairs: list[tuple[Scene, dict[str, Any], dict[str, Any]]] = []
    for scene in scenes:
        key, _ = lookup.find(scene)
        before = scene.timeline.get(lookup.collection, key, scene.moment + 1)
        place = (scene.sample.session, lookup.collection, key)
        after = history.next_read(place, scene.moment, after_all=is_refused)
        if isinstance(after, dict) and isinstance(before, dict):
            pairs.append((scene, before, after))
    changed = sum(not same(before, after) for _, before, after in pairs)
    if changed < _LEAST or changed * 2 < len(pairs):
        return [], True
    paths = list(dict.fromkeys(path for _, before, after in pairs for path in changed_members(before, after)))
    if is_refused:  # what was not known of it before is no change
        paths = [path for path in paths if any(look(before, path) is not MISSING for _, before, _ in pairs)]
    if told is not None:
        paths = [path for path in paths if not any(_tells(scene, (*told, *path)) for scene, _, _ in pairs)]
    if not paths:
        return [], True
    is_deep = not any(_loses(before, after) for _, before, after in pairs)
    if not is_deep:
        paths = list(dict.fromkeys(path[:1] for path in paths))
    return [(scene, _parts(after, paths)) for scene, _, after in pairs], is_deep


def _tells(scene: Scene, path: Path) -> bool:
    return scene.sample.succeeded and look(scene.sample.answer_json, path) not in (MISSING, None)


def _loses(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether objects of an object lost members, so that they have to be put whole."""
    both = ((before.get(name), value) for name, value in after.items())
    return any(isinstance(old, dict) and isinstance(value, dict) and not set(old) <= set(value) for old, value in both)


def changed_members(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Path]:
    """Give the members of an object, and of its objects, that became others."""
    for name, value in after.items():
        old = before.get(name, MISSING)
        if isinstance(value, dict) and isinstance(old, dict) and set(old) <= set(value):
            yield from ((name, inner) for inner in value if not same(value[inner], old.get(inner, MISSING)))
        elif not same(value, old):
            yield (name,)


def _parts(item: dict[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """Give only these parts of an object, as far as it has them."""
    made: dict[str, Any] = {}
    for path in paths:
        value = look(item, path)
        if value is not MISSING and len(path) == 1:
            made[str(path[0])] = value
        elif value is not MISSING and isinstance(made.setdefault(str(path[0]), {}), dict):
            made[str(path[0])][str(path[1])] = value
    return made


def explained(
    endpoint: Endpoint,
    lookup: Lookup,
    lookups: Mapping[str, Lookup],
    status: int | None,
    cases: Sequence[Case],
    sent: Sequence[Term] = (),
    *,
    is_deep: bool,
) -> Effect:
    inside = [scene for scene, _ in cases]
    for scene in inside:
        scene.lookups = lookups
    vocabulary = Vocabulary(inside, lookups, [answer_term(), *sent])

    def explainer() -> Explainer:
        return Explainer(vocabulary, Judge(inside, vocabulary).decide, endpoint.id)

    node = explainer().explain(cases)
    seen = {scene.sample.number: after for scene, after in cases}
    if isinstance(node, Object) and node.unknown and status is None:  # of the rest items stay as they were
        known = sent_members(node, cases, explainer)
        if known:
            node = Object(known)
            seen = {
                number: {name: one for name, one in after.items() if name in known} for number, after in seen.items()
            }
    return Effect(endpoint, lookup, node, lookups, status, seen, is_deep=is_deep)


def laid_over(item: Any, parts: Any) -> Any:
    """Give an item with other parts: members of an object, and of its objects."""
    if not isinstance(item, dict) or not isinstance(parts, dict):
        return parts
    return {**item, **{name: laid_over(item.get(name), value) for name, value in parts.items()}}
