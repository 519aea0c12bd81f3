"""Collections: which endpoints show, make, change and list the items of one, and where in their answers those stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

from recorder.synthesis.collections.acted_on import find_acted_on
from recorder.synthesis.collections.adoption import adopt, adopt_below, adopt_views
from recorder.synthesis.collections.aliases import find_aliases
from recorder.synthesis.collections.attributes import said_by_sender
from recorder.synthesis.collections.bare_items import find_bare_items
from recorder.synthesis.collections.binding import Binding, Collection, Creation
from recorder.synthesis.collections.bulks import find_bulks
from recorder.synthesis.collections.creations import find_creations
from recorder.synthesis.collections.given_ids import given_id
from recorder.synthesis.collections.item_members import bind_members
from recorder.synthesis.collections.last_sent import find_last_sent
from recorder.synthesis.collections.locations import is_under
from recorder.synthesis.collections.partial_views import find_partial_views
from recorder.synthesis.collections.partial_writes import find_partial_writes
from recorder.synthesis.collections.places import (
    lists_in,
    locate,
    objects_in,
    own_field,
    place_of_item,
)
from recorder.synthesis.collections.plain_lists import find_plain_lists
from recorder.synthesis.collections.put_below import shows_what_was_put
from recorder.synthesis.collections.queries import find_queries
from recorder.synthesis.collections.receipts import find_receipts, is_contradicted
from recorder.synthesis.collections.renamed import find_renamed
from recorder.synthesis.collections.sent_lists import find_sent_lists
from recorder.synthesis.collections.shown_bulks import find_shown_bulks
from recorder.synthesis.collections.sights import Sight, find_drops, find_list, ids_of, things
from recorder.synthesis.collections.tellings import find_tellings
from recorder.synthesis.collections.told_kinds import are_of_another_kind, told_kinds
from recorder.synthesis.collections.withheld import find_withheld
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look
from recorder.synthesis.terms.scene import GONE

CREATED: Final = 201
_LEAST: Final = 2


def bind(endpoints: Sequence[Endpoint]) -> tuple[list[Collection], dict[Endpoint, Binding]]:
    """Find the collections behind the paths, and each endpoint's part in them."""
    collections = _behind_paths(endpoints)
    named = list(collections.values())
    _name(named)
    bindings = {endpoint: _role(endpoint, collections) for endpoint in endpoints}
    adopt(endpoints, collections, bindings)
    adopt_below(endpoints, collections, bindings)
    for collection in named:
        locate(collection, bindings)
    find_bare_items(named, bindings)
    for endpoint in endpoints:
        bindings[endpoint] = _making_below(endpoint, bindings[endpoint])
    find_receipts(endpoints, named, bindings)
    find_withheld(endpoints, named, bindings)
    find_renamed(endpoints, named, bindings)
    find_bulks(endpoints, named, bindings)
    find_shown_bulks(endpoints, named, bindings)
    find_queries(endpoints, named, bindings)
    for endpoint in endpoints:
        bindings[endpoint] = _shown_above(endpoint, bindings[endpoint])
    find_partial_writes(endpoints, named, bindings)
    for endpoint in endpoints:
        if is_contradicted(endpoint, endpoints, bindings):
            bindings[endpoint].entity = None
    find_acted_on(named, bindings)
    bind_members(endpoints, bindings)
    find_creations(endpoints, named, bindings)
    find_aliases(endpoints, named, bindings)
    gone = _find_trash(endpoints, named, bindings)
    taken = {one.name for one in named}
    free = _find_free(endpoints, bindings, taken)
    adopt_views(endpoints, [one for one in named if _is_held(one, bindings)], bindings)
    free += find_sent_lists(endpoints, bindings, taken)
    free += find_plain_lists(endpoints, bindings, taken)
    kept = [one for one in named if _is_held(one, bindings)]
    for endpoint, binding in bindings.items():
        binding.parents = [(one, count) for one, count in binding.parents if one in kept]
        if binding.shown_bulk is not None and binding.shown_bulk.collection not in kept:
            binding.shown_bulk = None
        if binding.collection is not None and binding.collection not in (*kept, *free, *gone):
            bindings[endpoint] = _without_its_own(binding)
    find_tellings(endpoints, bindings)
    find_partial_views(endpoints, named, bindings)
    find_last_sent(endpoints, named, bindings)
    return [*kept, *free, *gone], bindings


def _without_its_own(binding: Binding) -> Binding:
    """Bind to the item above what had to do with a collection that is none."""
    if not binding.parents:
        return Binding("none", None, also=binding.also, sent_rows=binding.sent_rows)
    above, parents = binding.parents[-1][0], binding.parents[:-1]
    return Binding("action", above, parents=parents, also=binding.also, sent_rows=binding.sent_rows)


def _behind_paths(endpoints: Sequence[Endpoint]) -> dict[Template, Collection]:
    """Give the collections that paths show: a part that varies after one that does not, or one that is made into.

    A part that varies with no word before it names an item where it is put there: a database under `/`.
    """
    by_path: dict[Template, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        by_path[endpoint.template].append(endpoint)
    is_once = len({sample.session for endpoint in endpoints for sample in endpoint.samples}) == 1
    found: dict[Template, Collection] = {}
    for template in by_path:
        for length in range(1, len(template) + 1):
            is_after_word = length > 1 and template[length - 2] is not None
            if template[length - 1] is None and (is_after_word or _is_put(by_path.get(template[:length], ()))):
                found.setdefault(template[:length], Collection(template[:length]))
    for template, inside in by_path.items():
        item = (*template, None)
        is_made_into = _is_collection(inside) or _tells_where(inside) or _makes_named(inside) or _are_makings(inside)
        is_made_into = is_made_into or (is_once and _makes_things(template, inside))
        if item not in found and is_made_into and template and template[-1] is not None:
            found[item] = Collection(item)
    for template, inside in by_path.items():
        if _is_single(template, inside, found):
            found[template] = Collection(template, is_single=True)
    return {path: one for path, one in found.items() if _is_used(one, by_path)}


def _find_free(endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding], taken: set[str]) -> list[Collection]:
    """Find things that no path names but several endpoints show, such as the user behind `/me` and the login."""
    found: list[Collection] = []
    for group in things(endpoints, bindings):
        if _are_known(group, bindings):
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
        ids = ids_of(group)
        for endpoint in endpoints:
            find_list(endpoint, bindings[endpoint], collection, group)
        find_drops(endpoints, bindings, collection, ids)
    return found


def _are_known(group: Sequence[Sight], bindings: dict[Endpoint, Binding]) -> bool:
    """Bind sights to the collection in which calls make what looks just so and has the same ids, if there is one.

    So are an account that is made at `/users`, and seen at `/me`.
    """
    fields = {name for sight in group for name in sight.fields}
    for endpoint, binding in list(bindings.items()):
        collection = binding.collection
        if collection is None or collection.count != 1 or binding.made in (None, "location") or binding.entity is None:
            continue
        made = [look(one.answer_json, binding.entity) for one in endpoint.samples if one.succeeded]
        own = {
            (one.session, as_text(look(item, group[0].id_path)))
            for one, item in zip((one for one in endpoint.samples if one.succeeded), made, strict=True)
        }
        names = {name for item in made if isinstance(item, dict) for name in item}
        if collection.id_path is None or names != fields or not ids_of(group) <= own:
            continue
        kinds = told_kinds(made)
        if any(are_of_another_kind(sight.kinds, kinds) for sight in group):
            continue
        for sight in group:
            where = (*sight.where, *collection.id_path)
            bindings[sight.endpoint].also.append(
                Creation(collection, sight.where, where, sight.is_sent, sight.is_told or sight.endpoint.method == "GET")
            )
        return True
    return False


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
                counts[where] += sum(sample.number > deleted.get((sample.session, one), sample.number) for one in ids)
        if counts and max(counts.values()) > 1:
            made = Collection((*endpoint.template, None), owner.name + GONE, owner.id_path)
            bindings[endpoint] = Binding("collection", made, rows=max(counts, key=lambda where: counts[where]))
            found.append(made)
    return found


def _deleted(collection: Collection, bindings: dict[Endpoint, Binding]) -> dict[tuple[int, str], int]:
    """Give the sessions and ids of items that were deleted, with the number of the first call that did so."""
    return {
        (sample.session, endpoint.values(sample)[-1]): sample.number
        for endpoint, binding in bindings.items()
        if endpoint.method == "DELETE" and binding.collection is collection and binding.role == "item"
        for sample in reversed(endpoint.samples)
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


def _making_below(endpoint: Endpoint, binding: Binding) -> Binding:
    """Bind what is sent to an item's path and makes another item, whose id begins with its, to the collection."""
    collection = binding.collection
    is_sent = binding.role == "item" and endpoint.method == "POST" and endpoint.operation is None
    if not is_sent or collection is None or collection.id_path is None or collection.count != 1:
        return binding
    counts: Counter[Path] = Counter()
    good = [sample for sample in endpoint.samples if sample.status == CREATED]
    for sample in good:
        own = endpoint.values(sample)[-1]
        for where, value in objects_in(sample.answer_json):
            made = look(value, collection.id_path)
            counts[where] += isinstance(made, str) and made.startswith(f"{own}/")
    where = max(counts, key=lambda one: (counts[one], -len(one)), default=())
    if len(good) < _LEAST or counts[where] * 10 < len(good) * 9:
        return binding
    parents = [*binding.parents, (collection, collection.count)]
    made_at = (*where, *collection.id_path)
    return Binding("collection", collection, entity=where, made=made_at, parents=parents, is_elsewhere=True)


def _is_held(collection: Collection, bindings: dict[Endpoint, Binding]) -> bool:
    """Tell whether the service was seen to hold items here: listed, made, written to, or known and unknown ones read.

    So it was where an action changed what the next look at the same item showed, though nothing ever made that.

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
    return is_written or is_listed or (is_missed and shown) or collection.is_single or collection.is_implied


def _is_single(template: Template, endpoints: Sequence[Endpoint], known: dict[Template, Collection]) -> bool:
    """Tell whether a path stands for one thing that is read and written: no collection, and shown in its answers."""
    methods = {endpoint.method: endpoint for endpoint in endpoints}
    if not template or template[-1] is None or (*template, None) in known or "GET" not in methods:
        return False
    if not {"PUT", "PATCH"} & set(methods):
        return False
    read = [sample for sample in methods["GET"].samples if sample.succeeded]
    if any(sample.auth.token and sample.auth.scheme != "basic" for sample in read):
        # Who asks decides which thing it is, but where a path that names one shows what was put there.
        return None in template and shows_what_was_put(methods["GET"], methods.get("PUT"))
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


def _is_put(endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether what a path names is put under it and found there: put and read, or put and deleted."""
    methods = {one.method for one in endpoints if any(sample.succeeded for sample in one.samples)}
    return "PUT" in methods and bool(methods & {"GET", "HEAD", "DELETE"})


def _is_collection(endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether a path without one for its items is a collection all the same: made into, and listed."""
    methods = {endpoint.method: endpoint for endpoint in endpoints}
    if "POST" not in methods or "GET" not in methods:
        return False
    listed = [rows for sample in methods["GET"].samples if sample.succeeded for _, rows in lists_in(sample.answer_json)]
    return any(isinstance(row, dict) for rows in listed for row in rows)


def _tells_where(endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether what is made into a path is found under it: so say the `Location` headers of most answers."""
    made = [sample for one in endpoints for sample in one.samples if one.method == "POST" and sample.succeeded]
    told = [sample for sample in made if is_under(sample.answer_header("location"), sample.path)]
    return len(told) > 1 and len(told) * 2 > len(made)


def _makes_named(endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether a path makes things that are told apart by a member that is called as ids are, and has no other."""
    made = [sample for one in endpoints for sample in one.samples if one.method == "POST" and sample.succeeded]
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for sample in made:
        if sample.answered_status == CREATED and isinstance(sample.answer_json, dict):
            rows[sample.session].append(said_by_sender(sample))
    if max(map(len, rows.values()), default=0) < _LEAST and any(_has_own_id(sample) for sample in made):
        return False  # no session has a second one to tell it from: the id that the service gave is its name
    count = sum(map(len, rows.values()))
    return count > 1 and count * 10 >= len(made) * 8 and own_field(list(rows.values())) is not None


def _makes_things(template: Template, endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether what is sent to a word in the plural was created and got a plain id: one session makes one thing."""
    is_plural = bool(template) and (template[-1] or "").endswith("s")
    made = [sample for one in endpoints for sample in one.samples if one.method == "POST" and sample.succeeded]
    are_plain = all(one.operation is None and not one.element and one.carried is None for one in endpoints)
    are_created = bool(made) and all(sample.answered_status == CREATED for sample in made)
    return is_plural and are_plain and are_created and all(given_id(sample) is not None for sample in made)


def _are_makings(endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether operations make things that later calls name, though these calls make others of their kind, too."""
    return any(one.operation is not None and bool(one.operation.made) for one in endpoints)


def _has_own_id(sample: Sample) -> bool:
    """Tell whether an answer shows a plain id that was not sent: the service gave it."""
    told = sample.answer_json if isinstance(sample.answer_json, dict) else {}
    sent = said_by_sender(sample)
    return any(is_called_id(name) and is_scalar(value) and name not in sent for name, value in told.items())


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
