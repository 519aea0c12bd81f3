"""Aliases: paths that name items by something else than their key, as an invitation by the token it was made with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from recorder.synthesis.collections.binding import Alias, Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import leaves, look

_SHORTEST: Final = 6
_DEEPEST: Final = 2
_FEWEST: Final = 3
_TENTHS: Final = 9


class _Member(NamedTuple):
    """A member of the items of a collection, by its dotted name or None for the id, and what these are made under."""

    collection: Collection
    name: str | None
    above: tuple[str, Collection] | None


_Told = Mapping[int, Mapping[str, _Member]]
"""By session and text, the member of a new item that was told with it."""


def find_aliases(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> None:
    """Bind paths that seemed to name things of their own to the items that were made with what they name.

    So it is where nobody makes or lists such things, and nearly all that was accepted there had been told as a member
    of new items that are kept under another id. What is only asked about, by `POST`, may be named by its id as well.
    """
    told: dict[bool, _Told] = {}
    for collection in collections:
        inside = _inside(collection, endpoints)
        if collection.is_single or not inside or not _is_only_named(collection, bindings):
            continue
        is_asked = all(one.method == "POST" for one in inside)
        if is_asked not in told:
            told[is_asked] = _told(endpoints, bindings, ids=is_asked)
        found = _aliased(collection, inside, told[is_asked])
        for endpoint in inside if found is not None else ():
            assert found is not None
            bindings[endpoint] = _renamed(endpoint, bindings[endpoint], collection, found)


def _inside(collection: Collection, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    size = len(collection.template)
    return [one for one in endpoints if one.operation is None and one.template[:size] == collection.template]


def _is_only_named(collection: Collection, bindings: Mapping[Endpoint, Binding]) -> bool:
    """Tell whether no call makes, puts or lists items of a collection."""
    for endpoint, binding in bindings.items():
        if any(one.collection is collection for one in binding.also):
            return False
        if binding.collection is collection:
            is_made = binding.role == "collection" and (binding.made is not None or binding.rows is not None)
            is_put = binding.role == "item" and endpoint.method == "PUT"
            if is_made or is_put or binding.bulk is not None or binding.shown_bulk is not None:
                return False
    return True


def _told(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding], *, ids: bool) -> _Told:
    """Give the texts that answers told as members of what they made; with `ids` also ids, of what is below nothing."""
    found: dict[int, dict[str, _Member]] = defaultdict(dict)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        collection = binding.collection
        if binding.role != "collection" or binding.entity is None or not isinstance(binding.made, tuple):
            continue
        if collection is None or collection.id_path is None or endpoint.method in READS:
            continue
        above = next(((endpoint.params[0], one) for one, count in binding.parents if count == 1), None)
        for sample in endpoint.samples if endpoint.operation is None else ():
            item = look(sample.answer_json, binding.entity) if sample.succeeded else None
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                is_text = isinstance(value, str) and len(value) >= _SHORTEST and len(path) <= _DEEPEST
                if is_text and path != collection.id_path:
                    found[sample.session].setdefault(value, _Member(collection, ".".join(map(str, path)), above))
                elif is_text and ids and collection.count == 1:
                    found[sample.session][value] = _Member(collection, None, None)
    return found


def _aliased(collection: Collection, inside: Sequence[Endpoint], told: _Told) -> _Member | None:
    """Give the member that nearly all names are, which calls were accepted with."""
    place = collection.count - 1
    named = {
        (sample.session, endpoint.values(sample)[place])
        for endpoint in inside
        for sample in endpoint.samples
        if sample.succeeded
    }
    counts = Counter(told.get(session, {}).get(name) for session, name in named)
    best, count = max(counts.items(), key=lambda one: one[1], default=(None, 0))
    is_enough = count >= min(_FEWEST, len(told)) and count * 10 >= len(named) * _TENTHS
    return best if best is not None and best.collection is not collection and is_enough else None


def _renamed(endpoint: Endpoint, binding: Binding, collection: Collection, found: _Member) -> Binding:
    """Bind an endpoint to nothing but what its path names so, and to what it names beside."""
    alias = Alias(found.collection, found.name, endpoint.params[collection.count - 1], found.above)
    found.collection.keeps_above = found.collection.keeps_above or found.above is not None
    if binding.collection is collection:
        return Binding("none", None, parents=binding.parents, also=binding.also, aliases=[*binding.aliases, alias])
    binding.parents = [one for one in binding.parents if one[0] is not collection]
    binding.aliases = [*binding.aliases, alias]
    return binding
