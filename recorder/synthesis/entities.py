"""Collections: which endpoints show, make, change and list the items of one, and where in their answers those stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from recorder.synthesis.adoption import adopt
from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.paths import Template, singular
from recorder.synthesis.places import lists_in, locate, place_of_item
from recorder.synthesis.plain_lists import find_plain_lists
from recorder.synthesis.sample import Sample
from recorder.synthesis.scene import GONE
from recorder.synthesis.sights import find_drops, find_list, ids_of, things
from recorder.synthesis.tellings import find_tellings
from recorder.synthesis.values import Path, as_text, is_scalar, leaves, look, parts

Role: TypeAlias = Literal["item", "collection", "action", "none"]
ONLY: Final = "it"
"""The key of the only item of a collection."""
_LONG_ID: Final = 5
_CALLED: Final = re.compile(r"[_-]?(?:id|key|no|nr|number|code|ref)$")
_SOME: Final = 20
FirstUses: TypeAlias = dict[int, dict[str, int]]
"""By session and id the number of the first sample whose path names it."""


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
    place of its id in the request's JSON. With `is_elsewhere` the items are kept by their own path, not by this one.
    `told` are members of the item that answers tell of without showing it, with their places.
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
    is_elsewhere: bool = False
    drops: list[tuple[Collection, Path]] = field(default_factory=list)
    also: list[Creation] = field(default_factory=list)
    told: dict[str, Path] = field(default_factory=dict)

    def prefix(self, values: Sequence[str]) -> str:
        """Give what the keys of a collection endpoint's items begin with, from the parameters of its path."""
        return "" if self.is_elsewhere else "".join(f"{value}/" for value in values)

    def key(self, values: Sequence[str]) -> str:
        """Give the key of an item endpoint's item."""
        assert self.collection is not None
        return "/".join(values[: self.collection.count]) or ONLY


def bind(endpoints: Sequence[Endpoint]) -> tuple[list[Collection], dict[Endpoint, Binding]]:
    """Find the collections behind the paths, and each endpoint's part in them."""
    collections = _behind_paths(endpoints)
    named = list(collections.values())
    _name(named)
    bindings = {endpoint: _role(endpoint, collections) for endpoint in endpoints}
    adopt(endpoints, collections, bindings)
    for collection in named:
        locate(collection, bindings)
    for endpoint in endpoints:
        bindings[endpoint] = _shown_above(endpoint, bindings[endpoint])
    _find_creations(endpoints, named, bindings)
    gone = _find_trash(endpoints, named, bindings)
    taken = {one.name for one in named}
    free = _find_free(endpoints, bindings, taken)
    free += find_plain_lists(endpoints, bindings, taken, Collection)
    kept = [one for one in named if _is_held(one, bindings)]
    for endpoint, binding in bindings.items():
        binding.parents = [(one, count) for one, count in binding.parents if one in kept]
        if binding.collection is not None and binding.collection not in (*kept, *free, *gone):
            bindings[endpoint] = _without_its_own(binding)
    find_tellings(endpoints, bindings)
    return [*kept, *free, *gone], bindings


def _without_its_own(binding: Binding) -> Binding:
    """Bind to the item above what had to do with a collection that is none."""
    if not binding.parents:
        return Binding("none", None, also=binding.also)
    return Binding("action", binding.parents[-1][0], parents=binding.parents[:-1], also=binding.also)


def _behind_paths(endpoints: Sequence[Endpoint]) -> dict[Template, Collection]:
    """Give the collections that paths show: a part that varies after one that does not, or one that is made into."""
    by_path: dict[Template, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        by_path[endpoint.template].append(endpoint)
    found: dict[Template, Collection] = {}
    for template in by_path:
        for length in range(2, len(template) + 1):
            if template[length - 1] is None and template[length - 2] is not None:
                found.setdefault(template[:length], Collection(template[:length]))
    for template, inside in by_path.items():
        item = (*template, None)
        if item not in found and _is_collection(inside) and template and template[-1] is not None:
            found[item] = Collection(item)
    for template, inside in by_path.items():
        if _is_single(template, inside, found):
            found[template] = Collection(template, is_single=True)
    return {path: one for path, one in found.items() if _is_used(one, by_path)}


def _find_free(endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding], taken: set[str]) -> list[Collection]:
    """Find things that no path names but several endpoints show, such as the user behind `/me` and the login."""
    found: list[Collection] = []
    for group in things(endpoints, bindings):
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
        ids = ids_of(group)
        for endpoint in endpoints:
            find_list(endpoint, bindings[endpoint], collection, group)
        find_drops(endpoints, bindings, collection, ids)
    return found


def _find_trash(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> list[Collection]:
    """Find the lists of what was deleted: beside a collection, of items that its path names no more."""
    found: list[Collection] = []
    for endpoint in endpoints:
        if endpoint.method != "GET" or bindings[endpoint].role != "none" or not endpoint.template:
            continue
        owner = next((one for one in collections if one.home == endpoint.template[:-1] and one.id_path), None)
        if owner is None or owner.id_path is None:
            continue
        deleted = _deleted(owner, bindings)
        counts: Counter[Path] = Counter()
        for sample in endpoint.samples:
            for where, rows in lists_in(sample.answer_json) if sample.succeeded else ():
                ids = [as_text(look(row, owner.id_path)) for row in rows if isinstance(row, dict)]
                counts[where] += sum((sample.session, one) in deleted for one in ids)
        if counts and max(counts.values()) > 1:
            made = Collection((*endpoint.template, None), owner.name + GONE, owner.id_path)
            bindings[endpoint] = Binding("collection", made, rows=max(counts, key=lambda where: counts[where]))
            found.append(made)
    return found


def _deleted(collection: Collection, bindings: dict[Endpoint, Binding]) -> set[tuple[int, str]]:
    """Give the ids of items that were deleted, with the sessions."""
    return {
        (sample.session, endpoint.values(sample)[-1])
        for endpoint, binding in bindings.items()
        if endpoint.method == "DELETE" and binding.collection is collection and binding.role == "item"
        for sample in endpoint.samples
        if sample.succeeded
    }


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
        made.entity = place_of_item(collection, endpoint, made, good)
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
    return is_written or is_listed or (is_missed and shown) or collection.is_single


def _find_creations(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> None:
    """Find endpoints whose answers tell of new items of a collection that is not theirs."""
    used = _first_uses(endpoints, collections, bindings)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        if endpoint.method in ("GET", "HEAD", "OPTIONS") or binding.made is not None:
            continue
        own = {binding.collection, *(one for one, _ in binding.parents)}
        good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.answer_json, dict)]
        for collection in collections:
            made = _places_of_new(good, used[collection]) if collection not in own and collection.count == 1 else []
            made = [where for where in made if _speaks_of(where, collection, good, bindings)]
            if made:
                binding.also.append(_creation(collection, made))
                break


def _first_uses(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> dict[Collection, FirstUses]:
    used: dict[Collection, FirstUses] = {one: defaultdict(dict) for one in collections}
    for endpoint in endpoints:
        binding = bindings[endpoint]
        own = [(binding.collection, 0)] if binding.collection else []
        for collection, count in [*binding.parents, *own]:
            place = collection.count - 1
            if not 0 <= place < len(endpoint.params) or count not in (0, place + 1):
                continue
            for sample in endpoint.samples:
                if sample.status < 400:
                    used[collection][sample.session].setdefault(endpoint.values(sample)[place], sample.number)
    return used


def _places_of_new(good: Sequence[Sample], used: FirstUses) -> list[Path]:
    """Give the places at which most answers show ids that paths name only later."""
    counts: Counter[Path] = Counter()
    for sample in good:
        later = used[sample.session]
        counts.update(
            where
            for where, value in parts(sample.answer_json, longest_list=0)
            if where and is_scalar(value) and later.get(as_text(value), -1) > sample.number
        )
    return [where for where, count in counts.items() if count * 2 > len(good)]


def _speaks_of(
    where: Path, collection: Collection, good: Sequence[Sample], bindings: Mapping[Endpoint, Binding]
) -> bool:
    """Tell whether a place may hold ids of a collection: short numbers of other things may be the same by chance.

    It is called so, or the object that holds it looks like the collection's items.
    """
    word = singular(collection.name)
    if any(isinstance(step, str) and _CALLED.sub("", singular(step.lower())) == word for step in where):
        return True
    if any(len(as_text(look(sample.answer_json, where))) >= _LONG_ID for sample in good):
        return True
    fields = {
        name
        for endpoint, binding in bindings.items()
        if binding.collection is collection and binding.role == "item" and binding.entity is not None
        for sample in endpoint.samples[:_SOME]
        if isinstance(item := look(sample.answer_json, binding.entity), dict) and sample.succeeded
        for name in _members(item)
    }
    shown = {name for sample in good[:_SOME] for name in _members(look(sample.answer_json, where[:-1]))}
    return len(fields & shown) * 2 >= len(fields | shown)


def _members(value: object) -> set[str]:
    """Give the names in an object, and in its objects."""
    found = leaves(value, longest_list=0) if isinstance(value, dict) else ()
    return {".".join(map(str, path[:2])) for path, _ in found}


def _creation(collection: Collection, likely: Sequence[Path]) -> Creation:
    """Give what is made, told at one of these places: best one that is called as the collection's ids are."""
    end = (collection.id_path or ())[-1:]
    made = min(likely, key=lambda where: (where[-1:] != end, len(where)))
    is_item = collection.id_path is not None and made[-1:] == collection.id_path
    return Creation(collection, made[:-1] if is_item else None, made)


def _is_single(template: Template, endpoints: Sequence[Endpoint], known: dict[Template, Collection]) -> bool:
    """Tell whether a path stands for one thing that is read and written: no collection, and shown in its answers."""
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
    listed = [rows for sample in methods["GET"].samples if sample.succeeded for _, rows in lists_in(sample.answer_json)]
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
