"""Collections: which endpoints show, make, change and list the items of one, and where in their answers those stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.paths import Template
from recorder.synthesis.sample import Sample
from recorder.synthesis.scene import GONE
from recorder.synthesis.values import MISSING, Path, as_text, is_scalar, look, parts

Role: TypeAlias = Literal["item", "collection", "action", "none"]
_DEEPEST_ITEM: Final = 3
ONLY: Final = "it"
"""The key of the only item of a collection."""


@dataclass(eq=False, slots=True)
class Collection:
    """Items of one kind. `template` is the path of one of them, `id_path` where an item's own id stands in it.

    `id_path` is None where items do not hold their id. `name` is what definitions call it. A single one has one item
    behind its path, such as `/profile`, kept under `it` or under the parameters before.
    """

    template: Template
    name: str = ""
    id_path: Path | None = None
    is_single: bool = False

    @property
    def count(self) -> int:
        """How many parameters of the path name an item."""
        return sum(part is None for part in self.template)

    @property
    def home(self) -> Template:
        """The path of the collection itself."""
        return self.template[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class Creation:
    """An item of another collection that an endpoint makes: where it stands in the answer, and its id.

    With `is_sent` both stand in the request. With `is_told` the call names the item that it shows: it may be one that
    was there before.
    """

    collection: Collection
    entity: Path | None
    made: Path
    is_sent: bool = False
    is_told: bool = False


@dataclass(eq=False, slots=True)
class Binding:
    """How an endpoint has to do with a collection.

    `entity` is where in a successful answer the item stands, `rows` where the list of items does; `made` tells where
    the id of a new item is: a path in the answer's JSON, or `location`. `parents` are the collections whose items the
    path names before its own, with how many parameters name them. `also` are items made beside. `changes_when_read`
    counts how often an item was read that had changed though nobody had written it: a job that goes on. With
    `lists_by_call` a list is given by another method than GET. `drops` are items that a call removes, each with the
    place of its id in the request's JSON.
    """

    role: Role
    collection: Collection | None
    entity: Path | None = None
    rows: Path | None = None
    rows_are_ids: bool = False
    made: Path | Literal["location"] | None = None
    parents: list[tuple[Collection, int]] = field(default_factory=list)
    removes: bool = False
    changes_when_read: int = 0
    lists_by_call: bool = False
    drops: list[tuple[Collection, Path]] = field(default_factory=list)
    also: list[Creation] = field(default_factory=list)

    def prefix(self, values: Sequence[str]) -> str:
        """Give what the keys of a collection endpoint's items begin with, from the parameters of its path."""
        return "".join(f"{value}/" for value in values)

    def key(self, values: Sequence[str]) -> str:
        """Give the key of an item endpoint's item."""
        assert self.collection is not None
        return "/".join(values[: self.collection.count]) or ONLY


def bind(endpoints: Sequence[Endpoint]) -> tuple[list[Collection], dict[Endpoint, Binding]]:
    """Find the collections behind the paths, and each endpoint's part in them."""
    by_path: dict[Template, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        by_path[endpoint.template].append(endpoint)
    collections: dict[Template, Collection] = {}
    for template in by_path:
        for length in range(1, len(template) + 1):
            if template[length - 1] is None and length > 1 and template[length - 2] is not None:
                collections.setdefault(template[:length], Collection(template[:length]))
    for template, inside in by_path.items():
        item = (*template, None)
        if item not in collections and _is_collection(inside) and template and template[-1] is not None:
            collections[item] = Collection(item)
    for template, inside in by_path.items():
        if _is_single(template, inside, collections):
            collections[template] = Collection(template, is_single=True)
    collections = {path: one for path, one in collections.items() if _is_used(one, by_path)}
    _name(list(collections.values()))
    bindings = {endpoint: _role(endpoint, collections) for endpoint in endpoints}
    for collection in collections.values():
        _locate(collection, bindings)
    for endpoint in endpoints:
        bindings[endpoint] = _shown_above(endpoint, bindings[endpoint])
    _find_creations(endpoints, list(collections.values()), bindings)
    gone = _find_trash(endpoints, list(collections.values()), bindings)
    free = _find_free(endpoints, bindings, {one.name for one in collections.values()})
    kept = [one for one in collections.values() if _is_held(one, bindings)]
    for endpoint, binding in bindings.items():
        binding.parents = [(one, count) for one, count in binding.parents if one in kept]
        if binding.collection is not None and binding.collection not in kept and binding.collection not in gone:
            above = binding.parents[-1][0] if binding.parents else None
            bindings[endpoint] = Binding(
                "action" if above else "none", above, parents=binding.parents[:-1], also=binding.also
            )
    return [*kept, *free, *gone], bindings


@dataclass(eq=False, slots=True)
class _Sight:
    """Objects that stand at one place in the answers, or the requests, of one endpoint and have an id."""

    endpoint: Endpoint
    where: Path
    id_path: Path
    label: str
    fields: set[str]
    ids: set[tuple[int, str]]
    is_sent: bool
    is_told: bool


_ID_NAMES: Final = ("id", "_id", "uuid", "uid", "Id", "ID")
_ALIKE: Final = 0.5


def _find_free(endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding], taken: set[str]) -> list[Collection]:
    """Find things that no path names but several endpoints show, such as the user behind `/me` and the login."""
    sights = [sight for endpoint in endpoints for sight in _sights(endpoint, bindings[endpoint])]
    groups: list[list[_Sight]] = []
    for sight in sights:
        for group in groups:
            if any(_is_alike(sight, other) for other in group):
                group.append(sight)
                break
        else:
            groups.append([sight])
    found: list[Collection] = []
    for group in groups:
        ids = set().union(*(sight.ids for sight in group))
        is_made = any(sight.endpoint.method not in ("GET", "HEAD") for sight in group)
        if len({sight.endpoint for sight in group}) < 2 or len(ids) < 2 or not is_made:
            continue
        label = next((sight.label for sight in group if sight.label and not sight.is_sent), "thing")
        name = label if label.endswith("s") else f"{label}s"
        while name in taken:
            name += "_"
        taken.add(name)
        collection = Collection(("", name, None), name, group[0].id_path)
        found.append(collection)
        for sight in group:
            made = Creation(collection, sight.where, (*sight.where, *sight.id_path), sight.is_sent, sight.is_told)
            bindings[sight.endpoint].also.append(made)
        for endpoint in endpoints:
            _list_free(endpoint, bindings[endpoint], collection, ids)
        _drop_free(endpoints, bindings, collection, ids)
    return found


def _list_free(endpoint: Endpoint, binding: Binding, collection: Collection, ids: set[tuple[int, str]]) -> None:
    """Bind an endpoint that no path binds to the list that it gives."""
    if binding.role != "none" or binding.also or collection.id_path is None:
        return
    counts: Counter[Path] = Counter()
    for sample in endpoint.samples:
        for where, rows in _arrays(sample.answer_json) if sample.succeeded else ():
            made = [look(row, collection.id_path) for row in rows if isinstance(row, dict)]
            if rows and len(made) == len(rows) and all(is_scalar(one) for one in made):
                counts[where] += sum((sample.session, as_text(one)) in ids for one in made)
    if counts and max(counts.values()) > 1:
        binding.role, binding.collection = "collection", collection
        binding.rows = max(counts, key=lambda where: (counts[where], -len(where)))
        binding.lists_by_call = endpoint.method not in ("GET", "HEAD")


def _drop_free(
    endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding], collection: Collection, ids: set[tuple[int, str]]
) -> None:
    """Find the calls after which an item that they name is not shown any more."""
    shows = {endpoint for endpoint in endpoints if any(one.collection is collection for one in bindings[endpoint].also)}
    made = {one.collection: one for endpoint in shows for one in bindings[endpoint].also}
    samples = sorted((sample for endpoint in endpoints for sample in endpoint.samples), key=lambda one: one.number)
    endpoint_of = {sample.number: endpoint for endpoint in endpoints for sample in endpoint.samples}
    waiting: dict[tuple[int, str], set[tuple[Endpoint, Path]]] = defaultdict(set)
    votes: Counter[tuple[Endpoint, Path]] = Counter()
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        for path, value in parts(sample.json, longest_list=0) if isinstance(sample.json, dict) else ():
            place = (sample.session, as_text(value)) if is_scalar(value) and value is not None else None
            if place is None or place not in ids:
                continue
            if endpoint in shows:
                is_shown = any(
                    as_text(look(sample.answer_json, one.made)) == place[1]
                    for one in bindings[endpoint].also if one.collection is collection and not one.is_sent
                )  # fmt: skip
                is_put = any(one.is_sent for one in bindings[endpoint].also if one.collection is collection)
                for cause in waiting.pop(place, set()) if not is_put else ():
                    votes[cause] += -2 if is_shown else 1
            elif sample.succeeded and endpoint.method not in ("GET", "HEAD"):
                waiting[place].add((endpoint, path))
    del made
    for (endpoint, path), count in votes.items():
        if count > 0:
            bindings[endpoint].drops.append((collection, path))


def _sights(endpoint: Endpoint, binding: Binding) -> Iterator[_Sight]:
    if binding.entity is not None or binding.rows is not None or binding.made is not None:
        return
    good = [sample for sample in endpoint.samples if sample.succeeded]
    places: dict[tuple[bool, Path], list[tuple[Sample, dict[str, Any]]]] = defaultdict(list)
    for sample in good:
        for is_sent, document in ((False, sample.answer_json), (True, sample.json)):
            if is_sent and (endpoint.method in ("GET", "HEAD") or binding.role != "none"):
                continue
            for where, value in _objects(document) if isinstance(document, dict) else ():
                if len(where) < _DEEPEST_ITEM:
                    places[is_sent, where].append((sample, value))
    for (is_sent, where), shown in places.items():
        if len(shown) * 2 < len(good) or any(one.entity == where for one in binding.also):
            continue
        path = _own_id([value for _, value in shown])
        if path is None or len(shown[0][1]) <= 2:
            continue
        label = re.sub(r"\W+", "_", str(where[-1])).lower() if where else ""
        ids = {(sample.session, as_text(look(value, path))) for sample, value in shown}
        told = sum(as_text(look(value, path)) in _asked(sample) for sample, value in shown) * 10 >= len(shown) * 8
        yield _Sight(
            endpoint, where, path, label, set().union(*(set(value) for _, value in shown)), ids, is_sent,
            told and not is_sent,
        )  # fmt: skip
        if not is_sent:
            return


def _own_id(objects: Sequence[dict[str, Any]]) -> Path | None:
    """Give where objects hold their id: in a member that is called so, alone or wrapped in its type."""
    for name in _ID_NAMES:
        values = [value.get(name) for value in objects]
        if all(is_scalar(value) and value is not None for value in values):
            return (name,)
        if all(isinstance(value, dict) and len(value) == 1 for value in values):
            inner = {next(iter(value)) for value in values if isinstance(value, dict)}
            if len(inner) == 1 and all(
                is_scalar(next(iter(value.values()))) for value in values if isinstance(value, dict)
            ):
                return (name, next(iter(inner)))
    return None


def _asked(sample: Sample) -> set[str]:
    """Give the scalars that a request sent, as texts."""
    sent = (
        {as_text(value) for _, value in parts(sample.json) if is_scalar(value)}
        if isinstance(sample.json, dict)
        else set()
    )
    return sent | set(sample.segments) | {value[0] for value in sample.query.values()}


def _is_alike(one: _Sight, other: _Sight) -> bool:
    shared = len(one.fields & other.fields) / len(one.fields | other.fields)
    return one.id_path == other.id_path and shared >= _ALIKE and bool(one.ids & other.ids)


def _find_trash(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> list[Collection]:
    """Find the lists of what was deleted: beside a collection, of items that its path names no more."""
    found: list[Collection] = []
    for endpoint in endpoints:
        binding = bindings[endpoint]
        if endpoint.method != "GET" or binding.role != "none" or not endpoint.template:
            continue
        owner = next((one for one in collections if one.home == endpoint.template[:-1] and one.id_path), None)
        if owner is None:
            continue
        deleted = {
            (sample.session, other.values(sample)[-1])
            for other in endpoints if other.method == "DELETE" and bindings[other].collection is owner and bindings[other].role == "item"
            for sample in other.samples if sample.succeeded
        }  # fmt: skip
        counts: Counter[Path] = Counter()
        for sample in endpoint.samples:
            for where, rows in _arrays(sample.answer_json) if sample.succeeded else ():
                counts[where] += sum(
                    (sample.session, as_text(look(row, owner.id_path or ()))) in deleted
                    for row in rows
                    if isinstance(row, dict)
                )
        if counts and max(counts.values()) > 1:
            made = Collection((*endpoint.template, None), owner.name + GONE, owner.id_path)
            bindings[endpoint] = Binding("collection", made, rows=max(counts, key=lambda where: counts[where]))
            found.append(made)
    return found


def _shown_above(endpoint: Endpoint, binding: Binding) -> Binding:
    """Bind an endpoint to the item above, where it is that item which its answers show and not one of its own."""
    is_shown = binding.entity is not None or binding.rows is not None or binding.made is not None
    if is_shown and binding.collection is not None and binding.collection.id_path is None and binding.role == "item":
        is_shown = False  # an object without an id of its own: perhaps it is that of the item above
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
    if is_shown or not good:
        return binding
    for collection, count in reversed(binding.parents):
        made = Binding("action", collection, parents=[one for one in binding.parents if one[1] < count])
        made.entity = _entity_of_item(collection, endpoint, made, good)
        if made.entity is not None:
            return made
    return binding


def _is_held(collection: Collection, bindings: dict[Endpoint, Binding]) -> bool:
    """Tell whether the service was seen to hold items here: listed, made, written to, or known and unknown ones read.

    What is only read, and whatever is asked for is there, may as well be worked out from what is asked.
    """
    own = [(endpoint, one) for endpoint, one in bindings.items() if one.collection is collection]
    if any(one.collection is collection for binding in bindings.values() for one in binding.also):
        return True
    shown = any(one.entity is not None or one.rows is not None or one.made is not None for _, one in own)
    items = [sample for endpoint, one in own if one.role == "item" for sample in endpoint.samples]
    is_written = any(sample.method not in ("GET", "HEAD", "OPTIONS") and sample.succeeded for sample in items)
    is_listed = any(one.rows is not None or one.made is not None for _, one in own)
    is_missed = any(sample.status in (404, 410) for sample in items) and any(sample.succeeded for sample in items)
    return is_written or is_listed or is_missed and shown or collection.is_single


def _find_creations(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> None:
    """Find endpoints whose answers tell of new items of a collection that is not theirs."""
    used: dict[Collection, dict[int, dict[str, int]]] = {one: defaultdict(dict) for one in collections}
    for endpoint in endpoints:
        binding = bindings[endpoint]
        for collection, count in [*binding.parents, *([(binding.collection, 0)] if binding.collection else [])]:
            place = collection.count - 1
            if 0 <= place < len(endpoint.params) and count in (0, place + 1):
                for sample in endpoint.samples:
                    if sample.status < 400:
                        used[collection][sample.session].setdefault(endpoint.values(sample)[place], sample.number)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        if endpoint.method in ("GET", "HEAD", "OPTIONS") or binding.made is not None:
            continue
        good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
        for collection in collections:
            deep = collection.count
            if collection is binding.collection or collection in [one for one, _ in binding.parents] or deep != 1:
                continue
            counts: Counter[Path] = Counter()
            for sample in good:
                later = used[collection][sample.session]
                counts.update(
                    {where for where, value in parts(sample.answer_json, longest_list=0)
                     if where and is_scalar(value) and later.get(as_text(value), -1) > sample.number}
                )  # fmt: skip
            likely = [where for where, count in counts.items() if count * 2 > len(good)]
            if not likely:
                continue
            made = min(likely, key=lambda where: (where[-1:] != (collection.id_path or ())[-1:], len(where)))
            is_item = collection.id_path is not None and made[-1:] == collection.id_path
            binding.also.append(Creation(collection, made[:-1] if is_item else None, made))
            break


def _is_single(template: Template, endpoints: Sequence[Endpoint], known: dict[Template, Collection]) -> bool:
    """Tell whether a path stands for one thing that is read and written: it is no collection, and its own answers show it."""
    methods = {endpoint.method: endpoint for endpoint in endpoints}
    if not template or template[-1] is None or (*template, None) in known or "GET" not in methods:
        return False
    if not {"PUT", "PATCH"} & set(methods):
        return False
    read = [sample for sample in methods["GET"].samples if sample.succeeded]
    if any(sample.auth.token and sample.auth.scheme != "basic" for sample in read):
        return False  # who asks decides which thing it is
    return bool(read) and all(isinstance(sample.answer_json, dict) for sample in read)


def _is_used(collection: Collection, by_path: dict[Template, list[Endpoint]]) -> bool:
    """Tell whether anything but what only ever failed has to do with the collection's items."""
    size = len(collection.template)
    return any(
        sample.status < 400
        for path, inside in by_path.items()
        if path[:size] == collection.template or path == collection.home
        for endpoint in inside
        for sample in endpoint.samples
    )


def _is_collection(endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether a path without one for its items is a collection all the same: made into, and listed."""
    methods = {endpoint.method: endpoint for endpoint in endpoints}
    if "POST" not in methods or "GET" not in methods:
        return False
    listed = [rows for sample in methods["GET"].samples if sample.succeeded for _, rows in _arrays(sample.answer_json)]
    return any(isinstance(row, dict) for rows in listed for row in rows)


def _name(collections: Sequence[Collection]) -> None:
    used: set[str] = set()
    for collection in sorted(collections, key=lambda one: len(one.template)):
        words = [part for part in (collection.template if collection.is_single else collection.home) if part]
        for count in range(1, len(words) + 1):
            made = re.sub(r"\W+", "_", "_".join(words[-count:])).strip("_").lower() or "items"
            if made not in used:
                break
        else:
            made = "_".join(words) or "items"
        made = made if made[:1].isalpha() else f"c_{made}"
        while made in used:
            made += "_"
        used.add(made)
        collection.name = made


def _role(endpoint: Endpoint, collections: dict[Template, Collection]) -> Binding:
    template = endpoint.template
    parents = [
        (collections[template[:length]], sum(part is None for part in template[:length]))
        for length in range(1, len(template) + 1)
        if template[:length] in collections
    ]
    if template in collections:
        return Binding("item", collections[template], parents=parents[:-1])
    home = collections.get((*template, None))
    if home is not None:
        return Binding("collection", home, parents=parents)
    if parents:
        return Binding("action", parents[-1][0], parents=parents[:-1])
    return Binding("none", None)


def _locate(collection: Collection, bindings: dict[Endpoint, Binding]) -> None:
    own = [(endpoint, one) for endpoint, one in bindings.items() if one.collection is collection]
    collection.id_path = _id_path(collection, own)
    for endpoint, binding in own:
        good = [sample for sample in endpoint.samples if sample.succeeded and sample.answer_json is not MISSING]
        if binding.role in ("item", "action"):
            binding.entity = _entity_of_item(collection, endpoint, binding, good)
        elif endpoint.method in ("GET", "HEAD"):
            _find_rows(collection, binding, good)
        else:
            _find_made(collection, endpoint, binding, own)


def _id_path(collection: Collection, own: Sequence[tuple[Endpoint, Binding]]) -> Path | None:
    """Find where an item holds its id: in the answers of its own path, else in rows, else in what is made."""
    counts: Counter[Path] = Counter()
    total = 0
    if collection.is_single:
        return None
    for endpoint, binding in own:
        if binding.role != "item":
            continue
        for sample in endpoint.samples:
            if not sample.succeeded or not isinstance(sample.answer_json, dict):
                continue
            wanted = endpoint.values(sample)[-1]
            total += 1
            counts.update(
                {where for where, value in parts(sample.answer_json, longest_list=0)
                 if where and is_scalar(value) and value is not None and as_text(value) == wanted
                 and isinstance(where[-1], str)}
            )  # fmt: skip
    likely = [where for where, count in counts.items() if count * 2 > total]
    if likely:
        best = min(likely, key=lambda where: (len(where), -counts[where], _oddness(where)))
        return (best[-1],)
    rows = [
        row
        for endpoint, binding in own
        if binding.role == "collection"
        for sample in endpoint.samples
        if sample.succeeded
        for _, found in _arrays(sample.answer_json)
        for row in found
        if isinstance(row, dict)
    ]
    return _unique_field(rows)


def _unique_field(rows: Sequence[dict[str, Any]]) -> Path | None:
    if not rows:
        return None
    names = [name for name in rows[0] if all(name in row and is_scalar(row[name]) for row in rows)]
    ranked = sorted(names, key=lambda name: (_oddness((name,)), -len({as_text(row[name]) for row in rows})))
    distinct = [name for name in ranked if len({as_text(row[name]) for row in rows}) > len(rows) // 3]
    return (distinct[0],) if distinct else None


def _oddness(where: Path) -> int:
    """Rank the name of a field as an id's: what is called so by everybody first."""
    name = str(where[-1]).lower().strip("_")
    if name in ("id", "uuid", "key", "uid"):
        return 0
    return 1 if name.endswith(("id", "key", "uuid", "code", "slug", "name")) else 2


def _entity_of_item(
    collection: Collection, endpoint: Endpoint, binding: Binding, good: Sequence[Sample]
) -> Path | None:
    counts: Counter[Path] = Counter()
    objects = [sample for sample in good if isinstance(sample.answer_json, dict)]
    place = collection.count - 1
    for sample in objects if place >= 0 else ():
        wanted = endpoint.values(sample)[place]
        counts.update(
            {where for where, value in _objects(sample.answer_json)
             if collection.id_path and as_text(look(value, collection.id_path)) == wanted}
        )  # fmt: skip
    likely = [where for where, count in counts.items() if count * 2 > len(objects)]
    if likely:
        return min(likely, key=len)
    is_plain = collection.id_path is None and binding.role == "item" and objects
    return () if is_plain and endpoint.method in ("GET", "PUT", "PATCH", "POST") else None


def _find_rows(collection: Collection, binding: Binding, good: Sequence[Sample]) -> None:
    counts: Counter[Path] = Counter()
    ids: Counter[Path] = Counter()
    for sample in good:
        for where, rows in _arrays(sample.answer_json):
            fitting = [
                row for row in rows
                if isinstance(row, dict)
                and (collection.id_path is None or look(row, collection.id_path) is not MISSING)
            ]  # fmt: skip
            if rows and len(fitting) == len(rows):
                counts[where] += len(rows)
            elif rows and all(isinstance(row, str) for row in rows):
                ids[where] += len(rows)
            elif not rows:
                counts[where] += 0
    full = [where for where in counts if counts[where] > 0] or [where for where in counts if not ids]
    if full:
        binding.rows = max(full, key=lambda where: (counts[where], -len(where)))
    elif ids:
        binding.rows = max(ids, key=lambda where: (ids[where], -len(where)))
        binding.rows_are_ids = True


def _find_made(
    collection: Collection, endpoint: Endpoint, binding: Binding, own: Sequence[tuple[Endpoint, Binding]]
) -> None:
    good = [sample for sample in endpoint.samples if sample.succeeded]
    if not good:
        return
    later: dict[int, set[str]] = defaultdict(set)
    for other, one in own:
        if one.role in ("item", "action"):
            place = collection.count - 1
            for sample in other.samples if place >= 0 else ():
                later[sample.session].add(other.values(sample)[place])
    counts: Counter[Path] = Counter()
    objects: Counter[Path] = Counter()
    located = 0
    for sample in good:
        used = later[sample.session]
        location = sample.answer_header("location")
        if location is not None and location.partition("?")[0].rstrip("/").rpartition("/")[2] in used:
            located += 1
        for where, value in _objects(sample.answer_json):
            if (
                collection.id_path is not None
                and is_scalar(found := look(value, collection.id_path))
                and found is not None
            ):
                objects[where] += 1 + (as_text(found) in used)
        counts.update(
            {where for where, value in parts(sample.answer_json, longest_list=0)
             if where and is_scalar(value) and value is not None and as_text(value) in used}
        )  # fmt: skip
    if objects:
        binding.entity = max(objects, key=lambda where: (objects[where], -len(where)))
        assert collection.id_path is not None
        binding.made = (*binding.entity, *collection.id_path)
        if counts and binding.made not in counts and max(counts.values()) * 2 > len(good):
            binding.made = max(counts, key=lambda where: (counts[where], -len(where)))
            binding.entity = None
    elif counts and max(counts.values()) * 2 > len(good):
        binding.made = max(counts, key=lambda where: (counts[where], -len(where)))
    elif located * 2 > len(good):
        binding.made = "location"


def _objects(value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    for where, one in parts(value, longest_list=0):
        if isinstance(one, dict) and len(where) <= _DEEPEST_ITEM:
            yield where, one


def _arrays(value: Any) -> Iterator[tuple[Path, list[Any]]]:
    for where, one in parts(value, longest_list=0):
        if isinstance(one, list) and len(where) <= _DEEPEST_ITEM:
            yield where, one
