"""Marks: what each caller may put on an item and take off again, as likes, stars and follows; told by flags and counts.

An answer shows each caller whether the item has its mark, or to all how many there are. Marks are kept in a collection
of their own, under the item's key and who put them there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.collections.references import free_name
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.samples.values import MISSING, as_text, is_number, is_scalar, leaves, look
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, literal, member

Way: TypeAlias = Literal["turns", "puts", "takes"]
"""What a call does to the caller's mark: puts it where it was not and takes it where it was, puts it, or takes it."""
Lookups: TypeAlias = Callable[[Endpoint, list[Scene]], Mapping[str, Lookup]]
Look: TypeAlias = "tuple[Scene, str, Mapping[str, Any]]"
"""An answer that shows an item: the scene, the item's key and what is shown of it."""
_WAYS: Final[Mapping[str, tuple[Way, ...]]] = {
    "POST": ("puts", "turns", "takes"),
    "PUT": ("puts", "turns"),
    "DELETE": ("takes",),
}
_WHO: Final = re.compile(r"(?:^|[_.])(?:user_?name|login|handle|e?mail|name)$", re.IGNORECASE)
_LEAST: Final = 4
_RIGHT_TENTHS: Final = 9
_MOST_CALLERS: Final = 6


@dataclass(eq=False, slots=True)
class Mark:
    """Marks on the items of a collection: `name` is where they are kept, `whom` who asks, as answers know it.

    `ways` is what the endpoints do, `flags` the members that tell each caller of its own, `counts` those that say how
    many there are.
    """

    name: str
    collection: Collection
    whom: Term
    ways: Mapping[Endpoint, Way]
    flags: Sequence[str]
    counts: Sequence[str]
    lookups: dict[Endpoint, Lookup] = field(default_factory=dict)

    def key(self, endpoint: Endpoint) -> Term:
        """Give the term of the key of the caller's own mark."""
        item = key_term(endpoint, self.collection.count)
        return _joined(item, self.whom)


def find_marks(
    every: Sequence[Scene], bindings: Mapping[Endpoint, Binding], lookups: Lookups, taken: set[str]
) -> list[Mark]:
    """Find the marks that calls without anything to say put on the items that their paths name, and have them kept."""
    scenes: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in every:
        scenes[scene.endpoint].append(scene)
    groups: dict[tuple[Collection, tuple[str | None, ...]], list[Endpoint]] = defaultdict(list)
    for endpoint, binding in bindings.items():
        collection = _marked(endpoint, binding)
        if collection is not None and _says_nothing(scenes[endpoint]):
            groups[collection, endpoint.template].append(endpoint)
    found: list[Mark] = []
    for (collection, template), inside in groups.items():
        looks = list(_looks(collection, inside, bindings, scenes))
        mark = _mark(collection, inside, looks, scenes, lookups)
        if mark is not None:
            mark.name = free_name(re.sub(r"\W+", "_", f"{template[-1]}s").strip("_").lower(), taken)
            taken.add(mark.name)
            _keep(mark, every)
            found.append(mark)
    return found


def _marked(endpoint: Endpoint, binding: Binding) -> Collection | None:
    """Give the collection of the items that a call may put marks on: the path ends in a word after their ids."""
    template = endpoint.template
    if endpoint.method not in _WAYS or endpoint.operation is not None or not template or template[-1] is None:
        return None
    owners = [one for one, _ in binding.parents] + ([binding.collection] if binding.collection is not None else [])
    return next((one for one in owners if one.template == template[:-1] and one.count), None)


def _says_nothing(scenes: Sequence[Scene]) -> bool:
    good = [scene.sample for scene in scenes if scene.sample.succeeded]
    return len(good) > 1 and all(sample.json in (MISSING, {}, None) and not sample.query for sample in good)


def _looks(
    collection: Collection, own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding],
    scenes: Mapping[Endpoint, list[Scene]],
) -> Iterator[Look]:  # fmt: skip
    """Give the answers that show an item, or how its marks are after a call."""
    for endpoint, binding in bindings.items():
        values = endpoint.values
        is_of_item = binding.role == "item" and binding.collection is collection and endpoint.method == "GET"
        for scene in scenes[endpoint] if endpoint in own or is_of_item else ():
            if not scene.sample.succeeded or not isinstance(scene.sample.answer_json, dict):
                continue
            shown = {
                str(path[-1]): value
                for path, value in leaves(scene.sample.answer_json, longest_list=0)
                if len(path) <= 2 and isinstance(value, bool | int)
            }
            yield scene, "/".join(values(scene.sample)[: collection.count]), shown


def _mark(
    collection: Collection, own: Sequence[Endpoint], looks: Sequence[Look], scenes: Mapping[Endpoint, list[Scene]],
    lookups: Lookups,
) -> Mark | None:  # fmt: skip
    asked = dict.fromkeys(one[0].endpoint for one in looks)
    asking = {endpoint: lookups(endpoint, list(scenes[endpoint])) for endpoint in asked}
    for endpoint, named in asking.items():
        for scene in scenes[endpoint]:
            scene.lookups = named
    calls = [scene for endpoint in own for scene in scenes[endpoint] if scene.sample.succeeded]
    terms = callers_of(calls, asking.get(own[0], {})).values()
    likely = sorted((term for term in terms if _tells_who(term)), key=lambda term: not is_called_id(term.name))
    order = sorted(looks, key=lambda one: one[0].sample.number)
    silent: list[Look] = [
        (scene, _key(scene, collection), {}) for scene in calls if not any(one[0] is scene for one in looks)
    ]
    order = sorted([*order, *silent], key=lambda one: one[0].sample.number)
    best: tuple[int, Mark] | None = None
    for whom in likely[:_MOST_CALLERS]:
        if any(not is_scalar(whom.get(scene)) for scene in calls):
            continue
        for chosen in product(*(_WAYS[endpoint.method] for endpoint in own)):
            ways = dict(zip(own, chosen, strict=True))
            flags, counts, right = _told(order, ways, whom)
            if flags and (best is None or right > best[0]):
                best = (right, Mark("", collection, whom, ways, flags, counts))
    return best[1] if best is not None else None


def _key(scene: Scene, collection: Collection) -> str:
    return "/".join(scene.endpoint.values(scene.sample)[: collection.count])


def _tells_who(term: Term) -> bool:
    return is_called_id(term.name) or _WHO.search(term.name) is not None


def _told(looks: Sequence[Look], ways: Mapping[Endpoint, Way], whom: Term) -> tuple[list[str], list[str], int]:
    """Give which members tell of marks if calls do so, flags and counts, and how often they were right."""
    held: dict[tuple[int, str], set[str]] = defaultdict(set)
    right: Counter[tuple[str, str]] = Counter()
    seen: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for scene, key, shown in looks:
        who = as_text(whom.get(scene)) if is_scalar(whom.get(scene)) else ""
        marks = held[scene.sample.session, key]
        if scene.endpoint in ways:
            _do(ways[scene.endpoint], marks, who)
        for name, value in shown.items():
            kind = "flag" if isinstance(value, bool) else "count"
            wanted: Any = who in marks if kind == "flag" else len(marks)
            seen[kind, name].append(value)
            right[kind, name] += value == wanted
    good = [
        (kind, name)
        for (kind, name), values in seen.items()
        if len(values) >= _LEAST and len(set(values)) > 1 and right[kind, name] * 10 >= len(values) * _RIGHT_TENTHS
    ]
    flags = [name for kind, name in good if kind == "flag"]
    counts = [name for kind, name in good if kind == "count"]
    return flags, counts, sum(right[one] for one in good)


def _do(way: Way, marks: set[str], who: str) -> None:
    if way == "takes" or (way == "turns" and who in marks):
        marks.discard(who)
    else:
        marks.add(who)


def _keep(mark: Mark, scenes: Sequence[Scene]) -> None:
    """Have the marks be in the timelines as the calls put and took them; each call looks its own up."""
    for endpoint in mark.ways:
        name = singular(mark.name)
        mark.lookups[endpoint] = Lookup(name, mark.name, mark.key(endpoint))
    for scene in scenes:
        way = mark.ways.get(scene.endpoint)
        who = mark.whom.get(scene) if way is not None and scene.sample.succeeded else MISSING
        if way is None or not is_scalar(who):
            continue
        key = f"{_key(scene, mark.collection)}/{as_text(who)}"
        is_there = scene.timeline.get(mark.name, key, scene.moment) is not MISSING
        put = way == "puts" or (way == "turns" and not is_there)
        if put != is_there:
            kept = {"on": _key(scene, mark.collection), "by": as_text(who)}
            scene.timeline.put(mark.name, key, kept if put else MISSING, scene.moment)


def mark_terms(
    marks: Sequence[Mark], endpoint: Endpoint, binding: Binding, lookups: Mapping[str, Lookup]
) -> Iterator[Term]:
    """Give the terms of the marks on the item that a path names, after the call, and on the rows of lists."""
    for mark in marks:
        if not mark.whom.uses <= set(lookups):
            continue
        own = mark.collection
        if endpoint.template[: len(own.template)] == own.template:
            yield from _terms(mark, key_term(endpoint, own.count), mark.ways.get(endpoint))
        elif binding.collection is own and binding.role == "collection" and own.id_path and own.count == 1:
            yield from _terms(mark, _row_key(own), None)


def marked_by_caller(marks: Sequence[Mark], lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the terms of the keys of all that who asks has marked."""
    for mark in marks:
        if mark.whom.uses <= set(lookups):
            whom = mark.whom.text
            text = (
                f"resource.{mark.name}.all() | selectattr('by', 'eq', ({whom} | string)) | map(attribute='on') | list"
            )
            yield Term(text, _of_caller(mark), "on", 2.0, mark.whom.uses, mark.whom.keeps)


def _of_caller(mark: Mark) -> Callable[[Scene], list[str]]:
    def get(scene: Scene) -> list[str]:
        who = mark.whom.get(scene)
        shown = as_text(who) if is_scalar(who) else ""
        held = scene.timeline.under(mark.name, "", scene.moment).values()
        return [one["on"] for one in held if one["by"] == shown]

    return get


def _row_key(collection: Collection) -> Term:
    path = collection.id_path or ()
    return Term(
        member("row", path), lambda scene: look(scene.values.get("row", MISSING), path), uses=frozenset({"row"})
    )


def _terms(mark: Mark, item: Term, way: Way | None) -> Iterator[Term]:
    base, own = member("resource", (mark.name,)), _joined(item, mark.whom)
    uses = own.uses

    def has(scene: Scene) -> Any:
        key = own.get(scene)
        return key if key is MISSING else scene.timeline.get(mark.name, key, scene.moment) is not MISSING

    def count(scene: Scene) -> Any:
        key = item.get(scene)
        return key if key is MISSING else len(scene.timeline.under(mark.name, f"{as_text(key)}/", scene.moment))

    before, number = f"{base}.has({own.text})", f"{base}.count({item.text} ~ '/')"
    turned, more = (f"(not {before})", 1) if way == "turns" else (before, 0)
    for name in mark.flags if way in (None, "turns") else ():
        yield Term(turned, (lambda scene: _not(has(scene))) if more else has, name, 0.2, uses)
    step = _steps(way, before)
    for name in mark.counts:
        yield Term(
            f"({number}{step})" if step else number,
            lambda scene: _after(way, has(scene), count(scene)),
            name,
            0.2,
            uses,
        )


def _steps(way: Way | None, before: str) -> str:
    if way is None:
        return ""
    if way == "turns":
        return f" + (-1 if {before} else 1)"
    return f" + (0 if {before} else 1)" if way == "puts" else f" - (1 if {before} else 0)"


def _after(way: Way | None, has: Any, count: Any) -> Any:
    if (has is MISSING and way is not None) or not is_number(count):
        return MISSING if way is not None else count
    if way is None:
        return count
    if way == "turns":
        return count + (-1 if has else 1)
    return count + (0 if has else 1) if way == "puts" else count - (1 if has else 0)


def _not(value: Any) -> Any:
    return value if value is MISSING else not value


def _joined(item: Term, whom: Term) -> Term:
    def get(scene: Scene) -> Any:
        key, who = item.get(scene), whom.get(scene)
        if key is MISSING or key is None:
            return MISSING
        return f"{as_text(key)}/{as_text(who) if is_scalar(who) and who is not MISSING else ''}"

    return Term(
        f"{item.text} ~ {literal('/')} ~ {whom.text}", get, "", 1.0, item.uses | whom.uses, item.keeps | whom.keeps
    )


def mark_saves(marks: Sequence[Mark], endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Give what becomes of marks by a call that succeeds."""
    for mark in marks:
        way = mark.ways.get(endpoint)
        if way is None:
            continue
        lookup = mark.lookups[endpoint]
        place = {"in": mark.name, "key": f"{{{{ {lookup.key.text} }}}}"}
        there = f"vars.{lookup.name} is not none"
        if way in ("takes", "turns"):
            yield {**place, "delete": True, "when": there}
        if way in ("puts", "turns"):
            item = key_term(endpoint, mark.collection.count)
            kept = {"on": f"{{{{ {item.text} }}}}", "by": f"{{{{ ({mark.whom.text} | string) }}}}"}
            yield {**place, "item": kept, "when": f"vars.{lookup.name} is none"}
