"""Cascades: items that go with the one that a member of theirs names, as tasks do when their project is deleted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import ids_listed
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import as_text, is_scalar
from recorder.synthesis.terms.scene import GONE, Scene
from recorder.synthesis.terms.term import literal, member

_LEAST: Final = 2
_FEW_SESSIONS: Final = 3
_SHORTEST: Final = 5
"""How many characters an id has at least that is not equal to another value by accident."""
Kind: TypeAlias = tuple[Collection, Collection, str]
"""What is deleted, what may go with it, and the member of that which names it."""


def learn_cascades(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> None:
    """Tell for each collection what goes with its items: what is found no more, and listed no more, after these."""
    votes: dict[Kind, Counter[bool]] = defaultdict(Counter)
    waiting: dict[tuple[int, str, str], list[Kind]] = {}
    shown: dict[tuple[int, str], set[str]] = {}
    flat = {one.name: one for binding in bindings.values() if (one := binding.collection) is not None and _is_flat(one)}
    for scene in scenes:
        sample, binding = scene.sample, bindings[scene.endpoint]
        collection, session = binding.collection, scene.sample.session
        if collection is None or collection.name not in flat:
            continue
        if binding.role == "item":
            key = binding.key(scene.endpoint.values(sample))
            is_deleted = sample.method == "DELETE" and sample.succeeded
            for kind in waiting.get((session, collection.name, key), ()) if not is_deleted else ():
                if sample.method == "GET" and (sample.succeeded or sample.status in (404, 410)):
                    votes[kind][not sample.succeeded] += 1
            if is_deleted:
                waiting.pop((session, collection.name, key), None)
                waiting |= {(session, *one): kinds for one, kinds in _naming(scene, collection, key, flat)}
        elif binding.role == "collection" and sample.method in READS and sample.succeeded:
            listed, asked = set(ids_listed(sample, binding)), repr((sample.path, sample.parameters))
            before = shown.get((session, asked), set())
            before = before | _missing(scene, collection, listed, waiting) if waiting else before
            for key in (listed | before) if waiting else ():
                for kind in waiting.get((session, collection.name, key), ()):
                    votes[kind][key not in listed] += 1
            shown[session, asked] = listed
    _settle(votes, len({scene.sample.session for scene in scenes}), flat.values())


def _missing(
    scene: Scene, collection: Collection, listed: set[str], waiting: Mapping[tuple[int, str, str], Sequence[Kind]]
) -> set[str]:
    """Give the items that may have gone with another, where a whole collection is asked for and shows all others."""
    held = set(scene.timeline.under(collection.name, "", scene.moment))
    may_be_gone = {key for key in held if (scene.sample.session, collection.name, key) in waiting}
    is_whole = scene.endpoint.template == collection.home and not scene.sample.parameters
    return may_be_gone if is_whole and held - may_be_gone <= listed else set()


def going_with(scene: Scene, collection: Collection, key: str) -> list[tuple[Collection, str]]:
    """Give an item that is deleted, and after it those that go with it, and with these."""
    found = [(collection, key)]
    for one, own in found:
        for other, name in one.takes:
            items = scene.timeline.under(other.name, "", scene.moment).items()
            rows = [known for known, item in items if isinstance(item, dict) and _names(item.get(name), own)]
            found += [(other, known) for known in rows if (other, known) not in found]
    return found


def names_below(collection: Collection, bindings: Iterable[Binding]) -> set[str]:
    """Give the names of the collections whose items are named below those of one, with its own."""
    kinds = [one.collection for one in bindings if one.collection is not None]
    return {collection.name, *(one.name for one in kinds if one.is_below(collection))}


def saves_of_cascades(
    endpoint: Endpoint, collection: Collection, remembers: Callable[[str], bool]
) -> Iterator[dict[str, Any]]:
    """Write what goes with the item of the path; of some collections deleted items are remembered."""
    for other, name in collection.takes:
        rows = f"keep_rows(resource.{other.name}.all(), {literal(name)}, {key_term(endpoint, 1).text})"
        each = {"each": f"{{{{ {rows} }}}}", "key": f"{{{{ {member('vars.row', other.id_path or ())} }}}}"}
        if remembers(other.name):
            yield {"in": other.name + GONE, **each, "item": "{{ vars.row }}"}
        yield {"in": other.name, **each, "delete": True}


def _is_flat(collection: Collection) -> bool:
    return collection.count == 1 and bool(collection.id_path) and not collection.is_linked


def _naming(
    scene: Scene, collection: Collection, key: str, flat: Mapping[str, Collection]
) -> Iterator[tuple[tuple[str, str], list[Kind]]]:
    """Give the items that name a deleted one, each by collection and key, with the members that do."""
    is_telling = len(key) >= _SHORTEST and not key.isdigit()
    for other in flat.values():
        items = scene.timeline.under(other.name, "", scene.moment) if other is not collection else {}
        for known, item in items.items():
            members = item.items() if isinstance(item, dict) else ()
            found = [name for name, value in members if _names(value, key)]
            kinds = [
                (collection, other, name)
                for name in found
                if (name,) != other.id_path and (is_telling or singular(collection.name) in name.lower())
            ]
            if kinds:
                yield (other.name, known), kinds


def _names(value: Any, key: str) -> bool:
    return is_scalar(value) and value is not None and not isinstance(value, bool) and as_text(value) == key


def _settle(votes: Mapping[Kind, Counter[bool]], sessions: int, collections: Iterable[Collection]) -> None:
    for collection in collections:
        collection.takes = []
    least = 1 if sessions <= _FEW_SESSIONS else _LEAST
    for (deleted, other, name), counts in votes.items():
        if counts[True] >= least and counts[True] >= counts[False] * 9:
            deleted.takes.append((other, name))
