"""References: which held items a request speaks of, by the parameters of its path, by its fields and by credentials."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.collections.alias_lookups import alias_lookups
from recorder.synthesis.collections.asked import MONTH, asked_terms, may_refer
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, is_scalar, leaves, look, same
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import (
    json_term,
    path_term,
)
from recorder.synthesis.terms.scene import GONE, Lookup, Scene
from recorder.synthesis.terms.term import Term, member
from recorder.synthesis.terms.timeline import Timeline

_MOST_LOOKUPS: Final = 12
_MOST_ROWS: Final = 2
_MOST_ROW_FIELDS: Final = 8
_MOST_SCENES: Final = 60
_CONFLICT: Final = 409
_SHORTEST_VALUE: Final = 5
"""How many characters a value has at least that is not equal to another by accident."""
_NAMING: Final = re.compile(r"(?:^|_)(?:id|no|nr|num|key|ref|code|number)s?$|(?:Id|No|Key|Ref|Code|Number)s?$")
_TAKEN: Final = ("item", "list", "answer", "gone")
Pairs = list[tuple[Scene, str]]
"""Scenes with the text that a term gives in each."""


def path_lookups(endpoint: Endpoint, binding: Binding) -> dict[str, Lookup]:
    """Give the items that the parameters of an endpoint's path name."""
    found: dict[str, Lookup] = {}
    for collection, count in binding.parents:
        name = free_name(singular(collection.name), found)
        found[name] = Lookup(name, collection.name, key_term(endpoint, count))
    for alias in binding.aliases:
        found |= alias_lookups(alias, partial(free_name, used=found))
    own = binding.collection
    if own is not None and binding.role in ("item", "action"):
        found["item"] = Lookup("item", own.name, key_term(endpoint, own.count), or_gone=own.reads_gone)
        found["gone"] = Lookup("gone", own.name + GONE, key_term(endpoint, own.count))
    return found


def free_name(name: str, used: Container[str]) -> str:
    """Give a name for a look-up that is not used yet, and means nothing else."""
    made, number = re.sub(r"\W|^(?=\d)", "_", name) or "thing", 2
    while made in used or made in _TAKEN:
        made, number = f"{name}{number}", number + 1
    return made


def versions_of(timeline: Timeline, collection: str) -> dict[str, list[tuple[int, Any]]]:
    """Give all that the items of a collection ever were, by their keys: pairs of a moment and an item, or MISSING."""
    return timeline._versions.get(collection, {})  # noqa: SLF001  # a timeline is asked for one moment everywhere else


class Fields:
    """Which keys items had in each session, by collection, and which texts stood in their fields."""

    def __init__(self, timelines: Mapping[int, Timeline], collections: Sequence[Collection]) -> None:
        self.keys: dict[str, dict[int, set[str]]] = {}
        self.values: dict[str, dict[str, dict[int, set[str]]]] = {}
        self.unique: dict[str, set[str]] = {}
        """The fields that no two items of a session under the same others share, by collection."""
        for collection in collections:
            self._learn(collection.name, timelines)

    def _learn(self, name: str, timelines: Mapping[int, Timeline]) -> None:
        keys: dict[int, set[str]] = {}
        values: dict[str, dict[int, set[str]]] = defaultdict(dict)
        owners: dict[str, dict[tuple[int, str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
        for session, timeline in timelines.items():
            seen = list(_ever(timeline, name))
            keys[session] = {key for key, _ in seen}
            for key, item in seen:
                for field, value in _texts(item):
                    values[field].setdefault(session, set()).add(value)
                    owners[field][session, key.rpartition("/")[0], value].add(key)
        self.unique[name] = {
            field for field, held in owners.items() if sum(len(own) > 1 for own in held.values()) * 10 <= len(held)
        }
        self.keys[name] = keys
        self.values[name] = values


def _ever(timeline: Timeline, name: str) -> Iterator[tuple[str, Any]]:
    for key, history in versions_of(timeline, name).items():
        for _, item in history:
            if item is not MISSING:
                yield key, item


def _texts(item: Any) -> Iterator[tuple[str, str]]:
    inner = []
    for name, value in item.items() if isinstance(item, dict) else ():
        if may_refer(value):
            yield name, as_text(value)
        elif isinstance(value, dict):
            inner.append((name, value))
    for name, part in inner:
        yield from ((f"{name}.{field}", as_text(value)) for field, value in part.items() if may_refer(value))


def field_lookups(
    endpoint: Endpoint,
    binding: Binding,
    scenes: Sequence[Scene],
    collections: Sequence[Collection],
    fields: Fields,
    known: Mapping[str, Lookup],
) -> dict[str, Lookup]:
    """Give the items that fields of the request, or of what is looked up already, speak of."""
    found: dict[str, Lookup] = {}
    kinds = {singular(one.name) for one in collections}
    of_rows = _first_rows(scenes[:_MOST_SCENES]) if endpoint.operation is not None else []
    told = _told(scenes, known)
    for term in [*_free_params(endpoint, binding, known), *asked_terms(scenes), *told, *of_rows]:
        pairs = [(scene, as_text(value)) for scene in scenes if is_scalar(value := term.get(scene)) and as_text(value)]
        for collection in collections if pairs else ():
            if len(found) + len(known) >= _MOST_LOOKUPS:
                return found
            if any(one.collection == collection.name and one.key.text == term.text for one in known.values()):
                continue
            if term.name.lower().removesuffix("_id") in kinds - {singular(collection.name)}:
                continue  # `track_id` names a track, and no other thing that has the same number
            reference = _Reference(term, pairs, collection, binding, endpoint, told.get(term))
            made = reference.by_key(fields, {**known, **found})
            if made is None and term not in of_rows and not term.text.startswith("request.cookies"):
                made = reference.by_field(fields, {**known, **found})
            is_new = made is not None and made.text not in {one.text for one in known.values()}
            if made is not None and is_new and not (term in told and _is_known(made, pairs, {**known, **found})):
                found[made.name] = made
    return found


def finds_what_is_made(lookup: Lookup, binding: Binding, scenes: Sequence[Scene]) -> bool:
    """Tell whether what few sessions find elsewhere by what is sent is the new thing, which a list showed later."""
    made, own = binding.made, binding.collection
    is_elsewhere = own is not None and own.name != lookup.collection
    if lookup.by is None or not isinstance(made, tuple) or not is_elsewhere or not are_few(scenes):
        return False
    pairs = [(lookup.find(scene)[1], look(scene.sample.answer_json, binding.entity or ())) for scene in scenes]
    found = [(item, shown) for item, shown in pairs if isinstance(item, dict)]
    return bool(found) and all(same(item, shown) for item, shown in found)


def _is_known(lookup: Lookup, pairs: Pairs, known: Mapping[str, Lookup]) -> bool:
    """Tell whether another look-up finds the same items in the same collection, by their keys."""
    others = [one for one in known.values() if one.collection == lookup.collection and one.by is None]
    return any(all(one.find(scene)[0] == lookup.find(scene)[0] for scene, _ in pairs) for one in others)


def _free_params(endpoint: Endpoint, binding: Binding, known: Mapping[str, Lookup]) -> list[Term]:
    """Give the parameters of the path that name no item yet: it may have a path of its own elsewhere."""
    if endpoint.operation is not None:
        return []
    taken = {name for one in known.values() for name in re.findall(r"path_params\.(\w+)", one.key.text)}
    if endpoint.method == "PUT" and len(endpoint.sent_in_path) > 1 and binding.role != "item":
        # What is put below an item is often called as another one: a member, a ware. What is made there is not.
        taken -= {endpoint.sent_in_path[-1]}
    return [path_term(name) for name in endpoint.sent_in_path if name not in taken]


class _Reference:
    """A term that may speak of the items of a collection; `whole` is that of the object which it is a member of."""

    def __init__(
        self,
        term: Term,
        pairs: Pairs,
        collection: Collection,
        binding: Binding,
        endpoint: Endpoint,
        whole: Term | None = None,
    ) -> None:
        self._term = term
        self._whole = whole
        self._pairs = pairs
        self._collection = collection
        self._binding = binding
        self._endpoint = endpoint

    def by_key(self, fields: Fields, known: Mapping[str, Lookup]) -> Lookup | None:
        """Look the item up by its key, where what is sent is one often enough."""
        is_own = self._binding.role in ("item", "action") and self._binding.collection is self._collection
        if is_own and self._term.text.startswith("request.path"):
            return None
        above = self._above()
        if above is None:
            return None
        hits = self._hits(fields.keys[self._collection.name], above)
        if not hits:
            return None
        is_month = self._term.text.endswith(f"[:{MONTH}]") and hits > 1
        is_said = is_month or self._is_named() or self._is_called_so() or self._is_shown_in_part()
        if not is_said and (hits * 2 < len(self._pairs) or all(len(value) <= 3 for _, value in self._pairs)):
            return None
        name = free_name(singular(self._collection.name), known)
        term = self._term if not above.text else joined(above, self._term)
        return self._found(Lookup(name, self._collection.name, term))

    def _above(self) -> Term | None:
        """Give what stands in keys before what the term gives, an empty text for nothing; None where that is unknown.

        Items under others are named so by calls on the same others.
        """
        deep = self._collection.count - 1
        if deep == 0:
            return Term("", lambda _scene: "")
        own = self._binding.collection if self._binding.role in ("item", "action") else None
        owners = [*(one for one, _ in self._binding.parents), *([own] if own is not None else [])]
        owners = [one for one in owners if one.count == deep]
        above = self._collection.template[:-2]
        if (owners[0].template if owners else self._endpoint.template[: len(above)]) != above:
            return None
        return key_term(self._endpoint, deep, trailing=True)

    def by_field(self, fields: Fields, known: Mapping[str, Lookup]) -> Lookup | None:
        """Look the item up by the field that has what is sent most often."""
        is_own = self._binding.collection is self._collection
        if is_own and self._term.text.startswith("request.path"):
            return None
        field = self._best_field(fields)
        deep = self._collection.count
        if field is None or len(self._endpoint.params) < deep - 1:
            return None
        prefix = key_term(self._endpoint, deep - 1, trailing=True) if deep > 1 else None
        is_own = self._binding.role == "collection" and self._binding.collection is self._collection
        label = f"same_{field.replace('.', '_')}" if is_own else singular(self._collection.name)
        name = free_name(re.sub(r"\W", "_", label), known)
        return self._found(Lookup(name, self._collection.name, self._term, field, prefix))

    def _found(self, lookup: Lookup) -> Lookup | None:
        return lookup if any(lookup.find(scene)[1] is not MISSING for scene, _ in self._pairs) else None

    def _hits(self, held: Mapping[int, set[str]], above: Term | None = None) -> int:
        if above is None:
            return sum(value in held.get(scene.sample.session, ()) for scene, value in self._pairs)
        return sum(above.get(scene) + value in held.get(scene.sample.session, ()) for scene, value in self._pairs)

    def _is_named(self) -> bool:
        """Tell whether calls show, or remove, the very item that this term names."""
        good = [(scene, value) for scene, value in self._pairs if scene.sample.succeeded]
        for one in self._binding.also:
            if one.collection is self._collection and one.is_told:
                shown = sum(as_text(look(scene.sample.answer_json, one.made)) == value for scene, value in good)
                if shown * 10 >= len(good) * 8:
                    return True
        return any(one is self._collection for one, _ in self._binding.drops)

    def _is_called_so(self) -> bool:
        name = self._term.name.lower()
        return singular(self._collection.name) in re.sub(r"\W", "", name) or name.endswith("_id")

    def _is_shown_in_part(self) -> bool:
        """Tell whether what is called an id stands in an object that shows more of the item which has it as its key."""
        if self._whole is None or self._term.name not in ("id", self._id_name()):
            return False
        right = 0
        for scene, value in self._pairs:
            whole, item = self._whole.get(scene), scene.timeline.get(self._collection.name, value, scene.moment)
            if isinstance(whole, dict) and isinstance(item, dict):
                beside = [name for name in whole if name in item and name != self._term.name]
                right += any(_is_telling(whole[name]) and whole[name] == item[name] for name in beside)
        return right * 2 > len(self._pairs)

    def _id_name(self) -> str:
        return str(self._collection.id_path[-1]) if self._collection.id_path else ""

    def _best_field(self, fields: Fields) -> str | None:
        if self._are_amounts():
            return None
        distinct = {value for _, value in self._pairs}
        are_short = all(len(value) < _SHORTEST_VALUE for value in distinct)
        best: tuple[float, str] | None = None
        if are_short and len(distinct) < 2 and sum(one.sample.status != _CONFLICT for one, _ in self._pairs) > 1:
            return None
        unique = fields.unique[self._collection.name]
        for path, values in fields.values[self._collection.name].items():
            is_same = path.rpartition(".")[2].lower() == self._term.name.lower()
            if path not in unique or (are_short and not is_same):
                continue
            hits = self._hits(values)
            if not hits or (not is_same and hits * 2 < len(self._pairs)):
                continue
            score = hits / len(self._pairs) + (1.0 if is_same else 0.0)
            if best is None or score > best[0]:
                best = (score, path)
        return best[1] if best is not None else None

    def _are_amounts(self) -> bool:
        """Tell whether all are numbers which one session cannot tell to name something."""
        if len({scene.sample.session for scene, _ in self._pairs}) > 1 or _NAMING.search(self._term.name):
            return False
        return all(is_number(self._term.get(scene)) for scene, _ in self._pairs)


def joined(above: Term, own: Term) -> Term:
    """Give the term of a key: what stands in it before, and its end."""

    def get(scene: Scene) -> Any:
        value = own.get(scene)
        return as_text(above.get(scene)) + as_text(value) if is_scalar(value) else MISSING

    return Term(f"{above.text} ~ {own.text}", get, own.name, own.cost, above.uses | own.uses, above.keeps | own.keeps)


def _first_rows(scenes: Sequence[Scene]) -> list[Term]:
    """Give the texts of the first rows of lists in the request: each may name an item, as the lines of an order do."""
    paths: dict[Path, None] = {}
    for scene in scenes:
        arguments = scene.sample.arguments if isinstance(scene.sample.json, dict) else {}
        for name, rows in arguments.items():
            for place, row in enumerate(rows[:_MOST_ROWS] if isinstance(rows, list) else ()):
                base = scene.endpoint.operation.base if scene.endpoint.operation is not None else ()
                fields = row.items() if isinstance(row, dict) else ()
                paths |= {(*base, name, place, field): None for field, value in fields if isinstance(value, str)}
    return list(map(json_term, list(paths)[:_MOST_ROW_FIELDS]))


def _told(scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> dict[Term, Term]:
    """Give the scalars that may speak of an item in what tickets were handed out with, and the objects they are in."""
    found: dict[Term, Term] = {}
    for name, lookup in known.items():
        if lookup.collection == "" or name == "item":
            continue
        paths: dict[Path, None] = {}
        for scene in scenes[:40]:
            item = scene.looked_up(name) if scene.lookups.get(name) is lookup else lookup.find(scene)[1]
            if isinstance(item, dict) and {"request", "answer"} <= set(item) <= {"request", "answer", "rows"}:
                for path, value in leaves(item, longest_list=0):
                    if len(path) <= 3 and path[0] != "rows" and may_refer(value):
                        paths.setdefault(path)
        for path in sorted(paths, key=lambda path: path[-1] != "id")[:12]:
            found[part_term(lookup, name, path, 1.6)] = part_term(lookup, name, path[:-1], 1.6)
    return found


def _is_telling(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= _SHORTEST_VALUE


def part_term(lookup: Lookup, name: str, path: Path, cost: float) -> Term:
    """Give the term of a part of what is looked up, before scenes know of it."""
    return Term(
        member(f"vars.{name}", path),
        lambda scene: look(lookup.find(scene)[1], path),
        str(path[-1]),
        cost,
        frozenset({name}),
    )
