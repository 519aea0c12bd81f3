"""By-products: rows that a call makes in a collection without showing them, as an entry of a log or a notification."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.given_ids import given_id
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.conditions.opposites import negated
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.new_ids import with_new_ids
from recorder.synthesis.explaining.objects import Members
from recorder.synthesis.nodes.kinds import time_form
from recorder.synthesis.nodes.node import Chosen, Fixed, MadeUp, Node, Object, inner, replaced
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, is_scalar, leaves, look
from recorder.synthesis.state.bare_ids import tells_id
from recorder.synthesis.state.companions import count_on
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.play import Found, Origins
from recorder.synthesis.state.standing_rows import standing
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.few import are_of_one
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import OWNER, Lookup, Scene
from recorder.synthesis.terms.term import Get, Term, literal, member
from recorder.synthesis.terms.timeline import whole_number

_LEAST: Final = 2
_CREATED: Final = 201
_MOST_OF: Final = 0.3
_PLAINEST: Final = 0.7
_MOST_LOOKED_AT: Final = 200
_ALIKE_TENTHS: Final = 8
_SLACK_S: Final = 0.05
_TICK_S: Final = 0.001
_SHORTEST: Final = 6
_SECONDS: Final = (1e9, 4e9)


@dataclass(frozen=True, slots=True, eq=False)
class Byproduct:
    """A row that calls make: of which `collection`, what it is, and where the key of what it belongs to begins.

    `condition` tells the calls that make one; without it all that are answered with the `status` do. `later` are
    members that tell the row's own new id, as a link to it does: they are put in once that is there. With `each`, the
    expression of a list, calls make one for each `vars.row` of it, whose id the expression `own` gives. Of rows that do
    not hold their id `named` is it.
    """

    behaviour: Behaviour
    status: int
    collection: Collection
    node: Node
    prefix: Node | None = None
    condition: Term | None = None
    later: Node | None = None
    each: str | None = None
    own: str | None = None
    named: Node | None = None

    @property
    def terms(self) -> list[Term]:
        parts = [part for part in (self.node, self.prefix, self.later, self.named) if part is not None]
        return [*(term for part in parts for term in part.terms), *([self.condition] if self.condition else [])]


def has_owner(row: Byproduct) -> bool:
    """Tell whether rows are kept with whom they belong to."""
    return isinstance(row.node, Object) and OWNER in row.node.members


def find_origins(world: World) -> Origins:
    """Tell of rows that nothing made when they were seen which call made them: the one at whose time they were made.

    Rows that tell no time are told by what they share with a call. Kinds of calls that made but one row did not, and no
    call made what some session saw just so though no call before it could have made it.
    """
    calls: dict[int, list[Scene]] = defaultdict(list)
    for scene in world.scenes:
        if scene.sample.method not in READS and scene.sample.succeeded:
            calls[scene.sample.session].append(scene)
    likely = [
        (one, _likely(one, [scene for scene in calls[one.session] if scene.moment < one.moment])) for one in world.found
    ]
    unnamed = [one for one, makers in likely if makers and not any(_names(scene.sample, one) for scene in makers)]
    is_standing = standing([one for one, makers in likely if not makers], unnamed)
    likely = [(one, makers) for one, makers in likely if not is_standing(one)]
    votes = Counter((one.collection.name, found[0].endpoint.id) for one, found in likely if len(found) == 1)
    by_kind: dict[tuple[str, int, str], list[tuple[Scene, Found]]] = defaultdict(list)
    for one, scenes in likely:
        name = one.collection.name
        ranked = sorted((votes[name, scene.endpoint.id], scene.moment, place) for place, scene in enumerate(scenes))
        if ranked:
            maker = scenes[ranked[-1][2]]
            by_kind[maker.endpoint.id, maker.sample.status, name].append((maker, one))
    origins: dict[int, list[Found]] = defaultdict(list)
    is_once = len(world.timelines) == 1
    for pairs in by_kind.values():
        are_some = len({scene.sample.number for scene, _ in pairs}) >= _LEAST
        for scene, one in pairs if are_some or (is_once and all(_is_born(*pair) for pair in pairs)) else ():
            origins[scene.sample.number].append(one)
    return origins


def _is_born(scene: Scene, found: Found) -> bool:
    """Tell whether a row names the thing that a call made: one such thing tells that others begin with such a row."""
    is_made = scene.sample.method == "POST" and scene.sample.answered_status == _CREATED
    own = given_id(scene.sample) if is_made else None
    made = as_text(look(scene.sample.answer_json, own)) if own is not None else ""
    return len(made) >= _SHORTEST and any(as_text(value) == made for _, value in leaves(found.item))


def _likely(found: Found, calls: Sequence[Scene]) -> list[Scene]:
    """Give the call that told a row's id, else that of its time; without times the likest since the last look."""
    if told := [scene for scene in calls if tells_id(scene, found)]:
        return told[-1:]
    own = {as_text(value) for _, value in leaves(found.item) if len(as_text(value)) >= _SHORTEST}
    shared = {id(scene): len(own & _said(scene.sample)) for scene in calls}
    stamps = list(_times(found.item))
    if stamps:
        near = [(min(_distance(scene.sample, *stamp) for stamp in stamps), scene) for scene in calls]
        near = [(gap, scene) for gap, scene in near if gap <= _SLACK_S]
        return [min(near, key=lambda one: (one[0], -shared[id(one[1])]))[1]] if near else []
    best = max(shared.values(), default=0)
    likely = [scene for scene in calls if best and shared[id(scene)] == best]
    return [scene for scene in likely if scene.moment > found.looked_before] or likely


def _names(sample: Sample, found: Found) -> bool:
    """Tell whether a call says what a row, or what it lies below, is called."""
    said = {as_text(value) for one in (sample.json, sample.answer_json, sample.form) for _, value in leaves(one)}
    return not said.isdisjoint(found.key.split("/")) or not {*sample.segments}.isdisjoint(found.key.split("/"))


def _times(item: Any) -> Iterator[tuple[float, float]]:
    """Give the times in a row as Unix seconds, each with how exact it is."""
    for _, value in leaves(item):
        form = time_form([value]) if isinstance(value, str) else None
        if form is not None and form.name != "date":
            yield form.read(value), _TICK_S if "." in value else 1.0
        elif is_number(value) and _SECONDS[0] < value < _SECONDS[1]:
            yield float(value), _TICK_S if isinstance(value, float) else 1.0
        elif is_number(value) and _SECONDS[0] < value / 1_000 < _SECONDS[1]:
            yield value / 1_000, _TICK_S


def _distance(sample: Sample, moment: float, exact_s: float) -> float:
    """Give how far a time, told as exactly as that, is from that of a call; 0 within it."""
    return max(0.0, sample.started - exact_s - moment, moment - sample.ended)


def _said(sample: Sample) -> set[str]:
    """Give the longer texts and numbers of a request and its answer."""
    documents = [sample.json, sample.answer_json, dict(enumerate(sample.segments)), sample.form]
    found = {as_text(value) for one in documents for _, value in leaves(one)}
    return {text for text in found if len(text) >= _SHORTEST}


def find_byproducts(
    behaviours: Sequence[Behaviour], origins: Origins, bindings: Mapping[Any, Binding], world: World
) -> list[Byproduct]:
    """Explain the rows that calls made, and which calls make them."""
    last_look: dict[tuple[int, str], int] = {}
    for scene in world.scenes:
        binding = bindings[scene.endpoint]
        if binding.collection is not None and scene.sample.method in READS and scene.sample.succeeded:
            last_look[scene.sample.session, binding.collection.name] = scene.moment
    found: list[Byproduct] = []
    for behaviour in behaviours:
        for (status, collection, place), cases in _by_kind(behaviour, origins).items():
            looked = [
                scene
                for scene in behaviour.scenes
                if scene.sample.status == status
                and last_look.get((scene.sample.session, collection.name), -1) > scene.moment
                and not _made_unseen(origins.get(scene.sample.number, ()), collection)
            ]
            became = [one for one in world.effects if one.endpoint is behaviour.endpoint and one.is_of(status)]
            made = _explained(behaviour, status, collection, cases, looked, became)
            if made is not None and (place == 0 or len(cases) * 2 > len(looked)):
                found.append(made)
    return found


def _made_unseen(rows: Sequence[Found], collection: Collection) -> bool:
    """Tell whether a call made a row of which nothing but its id is known."""
    return any(one.collection is collection and not one.is_seen for one in rows)


def _by_kind(behaviour: Behaviour, origins: Origins) -> dict[tuple[int, Collection, int], list[tuple[Scene, Found]]]:
    kinds: dict[tuple[int, Collection, int], list[tuple[Scene, Found]]] = defaultdict(list)
    for scene in behaviour.scenes:
        counts: dict[str, int] = defaultdict(int)
        for one in origins.get(scene.sample.number, ()) if scene.sample.succeeded else ():
            if not one.is_seen:
                continue
            kinds[scene.sample.status, one.collection, counts[one.collection.name]].append((scene, one))
            counts[one.collection.name] += 1
    return {
        kind: cases
        for kind, cases in kinds.items()
        if len(cases) >= _LEAST or (are_of_one(behaviour.scenes) and all(_is_born(*case) for case in cases))
    }


def _explained(
    behaviour: Behaviour,
    status: int,
    collection: Collection,
    cases: Sequence[tuple[Scene, Found]],
    looked: Sequence[Scene],
    became: Sequence[Effect] = (),
) -> Byproduct | None:
    are_told = len(cases) > _LEAST and all(tells_id(*case) for case in cases)  # so others make one that nobody saw
    cases = cases if are_told else _alike(cases)
    inside = [scene for scene, _ in cases]
    told = [answer_term(), *_became(became)]
    vocabulary = behaviour.vocabulary.with_terms(inside, *told)
    judge = Judge(looked, vocabulary, most=_MOST_LOOKED_AT)
    condition = (None,) if are_told else _condition(judge, inside, looked)
    if condition is None:
        return None
    explainer = Explainer(vocabulary, Judge(inside, vocabulary, most=_MOST_LOOKED_AT).decide, behaviour.endpoint.id)
    node = _counted(explainer.explain([(scene, one.item) for scene, one in _seen(cases, became)]), collection, cases)
    if len(cases) == 1 and collection.id_path is not None:
        node = with_new_ids(node, [(inside[0], cases[0][1].item)], [collection.id_path], collection.name)
    if _is_by_heart(node, len(cases)):
        return None
    node, later = _with_links(node, cases, collection, explainer)
    named = None
    if collection.id_path is None:
        named = explainer.explain([(scene, one.key.rpartition("/")[2]) for scene, one in cases])
        if named.unknown or isinstance(named, MadeUp):
            return None
    prefix = None
    if collection.count > 1:
        prefix = explainer.explain([(scene, one.key.rpartition("/")[0]) for scene, one in cases])
        if prefix.unknown:
            return None
    return Byproduct(behaviour, status, collection, node, prefix, condition[0], later, named=named)


def _is_by_heart(node: Node, count: int) -> bool:
    """Tell whether some member is a text of its own for nearly each row, chosen by what tells these apart by chance."""
    return any(len(set(_choices(part))) > max(_LEAST, count // 2) for _, part in inner(node))


def _choices(node: Node) -> Iterator[str]:
    """Give the fixed texts between which a node chooses."""
    for one in node.nodes if isinstance(node, Chosen) else ():
        if isinstance(one, Fixed) and isinstance(one.content, str):
            yield one.content
        yield from _choices(one)


def _with_links(
    node: Node, cases: Sequence[tuple[Scene, Found]], collection: Collection, explainer: Explainer
) -> tuple[Node, Node | None]:
    """Take out the members of a row that link to it: they are made of its id."""
    own = collection.id_path
    if own is None or not isinstance(node, Object):
        return node, None
    ids = {id(scene): as_text(look(one.item, own)) for scene, one in cases}
    term = Term(member("vars.made", own), lambda scene: ids.get(id(scene), MISSING), "id", 0.6)
    told = explainer.with_terms([scene for scene, _ in cases], [term])
    later: Members = {}
    for name, (_, condition) in node.members.items():
        if any(_is_link(path, cases, own) for path in _texts_in(name, cases)):
            part = told.explain([(scene, one.item[name]) for scene, one in cases], name, 1)
            if not part.unknown:
                later[name] = (part, condition)
    rest = {name: made for name, made in node.members.items() if name not in later}
    return (Object(rest), Object(later)) if later else (node, None)


def _texts_in(name: str, cases: Sequence[tuple[Scene, Found]]) -> Iterator[Path]:
    """Give where texts stand in a member that all rows have."""
    if all(name in one.item for _, one in cases):
        found = leaves(cases[0][1].item[name], longest_list=0)
        yield from ((name, *path) for path, value in found if isinstance(value, str))


def _is_link(path: Path, cases: Sequence[tuple[Scene, Found]], own: Path) -> bool:
    """Tell whether the texts at a place are links that end with the row's id."""
    pairs = [(look(one.item, path), as_text(look(one.item, own))) for _, one in cases]
    return all(isinstance(text, str) and text.endswith(f"/{key}") for text, key in pairs)


def _seen(cases: Sequence[tuple[Scene, Found]], became: Sequence[Effect]) -> Sequence[tuple[Scene, Found]]:
    """Leave out what calls made of which nobody saw which row was new in a list, where those are the fewer."""
    watched = [
        one.seen
        for one in became
        if any(isinstance(part, list) for parts in one.seen.values() for part in parts.values())
    ]
    seen = [case for case in cases if all(case[0].sample.number in one for one in watched)]
    return seen if len(seen) * 2 > len(cases) and len(seen) >= _LEAST else cases


def _became(effects: Sequence[Effect]) -> Iterator[Term]:
    """Give what items became with the call, and the last row of each list that it changed: it may be new."""
    for lookup in {one.lookup.name: one.lookup for one in effects}.values():
        whole = Term(lookup.text, _afterwards(lookup, ""), lookup.name, 2.0, lookup.key.uses, lookup.key.keeps)
        yield whole
        for name in dict.fromkeys(name for one in effects if one.lookup is lookup for name in sorted(one.members)):
            text = f"({member(lookup.text, (name,))} | last)"
            yield Term(text, _afterwards(lookup, name), name, 2.2, whole.uses, whole.keeps)


def _afterwards(lookup: Lookup, name: str) -> Get:
    def get(scene: Scene) -> Any:
        item = scene.timeline.get(lookup.collection, lookup.find(scene)[0], scene.moment + 1)
        if not name:
            return item
        rows = look(item, (name,)) if isinstance(item, dict) else MISSING
        return rows[-1] if isinstance(rows, list) and rows else MISSING

    return get


def _alike(cases: Sequence[tuple[Scene, Found]]) -> Sequence[tuple[Scene, Found]]:
    """Leave out the few rows that differ in what almost all have alike: another call of that moment made them."""
    for path, value in leaves(cases[0][1].item, longest_list=0):
        values = [look(one.item, path) for _, one in cases]
        usual, count = Counter(map(as_text, filter(is_scalar, values))).most_common(1)[0]
        if is_scalar(value) and len(cases) > count >= max(_LEAST, len(cases) * _ALIKE_TENTHS / 10):
            return _alike([case for case in cases if as_text(look(case[1].item, path)) == usual])
    return cases


def _counted(node: Node, collection: Collection, cases: Sequence[tuple[Scene, Found]]) -> Node:
    """Have ids and numbers that count on do so: not all rows that were made were seen, so that some are missing."""
    for path in [(step,) for step, part in inner(node) if not _is_told(part)]:
        numbers: dict[int, list[int | None]] = defaultdict(list)
        for _, one in cases:
            numbers[one.session].append(whole_number(look(one.item, path)))
        is_id = path == collection.id_path and not _is_the_same(path, collection, cases)
        if any(None in found for found in numbers.values()) or not (is_id or _count_on(numbers)):
            continue
        written = "({} | string)" if isinstance(look(cases[0][1].item, path), str) else "{}"
        made = f"resource.{collection.name}.next_id({literal(str(path[0]))})"
        text = written.format(count_on(collection.name).text if _follow_the_count(path, collection, cases) else made)
        node = replaced(node, path, MadeUp(text, "counter"))
    return node


def _is_told(node: Node) -> bool:
    """Tell whether the answer of the call tells a part of the row."""
    return not node.unknown and any(term.text.startswith("vars.answer.") for term in node.terms)


def _is_the_same(path: Path, collection: Collection, cases: Sequence[tuple[Scene, Found]]) -> bool:
    """Tell whether all rows have one number, and it is not the next one: the first of all has 0, say."""
    numbers = [(whole_number(look(one.item, path)), scene) for scene, one in cases]
    nexts = (scene.timeline.highest(collection.name, str(path[0]), scene.moment) + 1 for _, scene in numbers)
    return len({number for number, _ in numbers}) == 1 and all(one != numbers[0][0] for one in nexts)


def _follow_the_count(path: Path, collection: Collection, cases: Sequence[tuple[Scene, Found]]) -> bool:
    """Tell whether numbers are one more than there were items, also where there had been more."""
    pairs = [(whole_number(look(one.item, path)), scene) for scene, one in cases]
    right: int = sum(number == count_on(collection.name).get(scene) for number, scene in pairs)
    highest = sum(
        number == scene.timeline.highest(collection.name, str(path[0]), scene.moment) + 1 for number, scene in pairs
    )
    return bool(right * 10 >= len(cases) * 9 and right > highest)


def _count_on(numbers: Mapping[int, Sequence[int | None]]) -> bool:
    """Tell whether numbers only ever rise within each session, and not always to the same ones."""
    told = [[number for number in found if number is not None] for found in numbers.values()]
    rises = all(one < other for found in told for one, other in pairwise(found))
    return rises and any(len(found) > 1 for found in told)


def _condition(judge: Judge, inside: Sequence[Scene], looked: Sequence[Scene]) -> tuple[Term | None] | None:
    """Give what tells the calls that make a row from those that do not, nothing where all do; None for no rule."""
    makers = {id(scene) for scene in inside}
    labels = [id(scene) in makers for scene in looked]
    if all(labels):
        return (None,)
    rules = judge.decide(looked, labels)
    term, makes = rules[0] if rules is not None and len(rules) == 2 else (None, False)
    if term is not None and term.cost <= _PLAINEST:
        return (term if makes else _turned(term),)
    likely = judge.narrowest(looked, labels)
    if likely is not None:
        return (likely,)
    return (None,) if sum(labels) >= len(labels) * _MOST_OF else None


def _turned(term: Term) -> Term:
    return Term(negated(term.text), lambda scene: term.get(scene) is not True, "", term.cost, term.uses, term.keeps)
