"""Held references: the items that what a call names belongs to, by a member of it, as the board that a card is on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.collections.references import Fields, free_name, joined, part_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import is_typed, singular
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, applied

_MOST: Final = 4
_MOST_SCENES: Final = 60
_DEEPEST: Final = 2
_LEAST: Final = 3
_TENTHS: Final = 9
_SHORTEST: Final = 5
_COST: Final = 1.6
_CALLED: Final = re.compile(r"(?:id|key|no|nr|ref|code|slug|number)$")
Pairs = list[tuple[Scene, str]]
"""Scenes with the text that a member of what is looked up has in each."""


def held_references(
    scenes: Sequence[Scene], known: Mapping[str, Lookup], collections: Sequence[Collection], fields: Fields
) -> dict[str, Lookup]:
    """Give the items that members of what is looked up are the keys of, nearly always, and not of one item only."""
    found: dict[str, Lookup] = {}
    some = scenes[:_MOST_SCENES]
    if are_few(scenes):
        return found
    for name, lookup in known.items():
        if lookup.within is not None or not lookup.decides or name == "gone" or lookup.collection == "":
            continue
        own = next((one for one in collections if one.name == lookup.collection), None)
        for path, pairs in _members(lookup, some) if own is not None else ():
            for collection in collections:
                if len(found) >= _MOST:
                    return found
                may_be_below = own is not None and own.goes_on  # an operation is about what is below the same thing
                term = _key(part_term(lookup, name, path, _COST), collection, some[0].endpoint)
                if collection is own or term is None or not (collection.count == 1 or may_be_below):
                    continue
                if not _names(path, pairs, collection, term, fields):
                    continue
                label = free_name(singular(collection.name), [*known, *found])
                made = Lookup(label, collection.name, term)
                if not _is_known(made, some, {**known, **found}):
                    found[label] = made
    return found


def _members(lookup: Lookup, scenes: Sequence[Scene]) -> Iterator[tuple[Path, Pairs]]:
    """Give the members that may be keys, with what they are in each scene, for all that always are texts or numbers."""
    held = [(scene, item) for scene in scenes if isinstance(item := lookup.find(scene)[1], dict)]
    found: dict[Path, Pairs] = {}
    for scene, item in held:
        for path, value in leaves(item, longest_list=0):
            if len(path) <= _DEEPEST and isinstance(value, str | int) and not isinstance(value, bool):
                found.setdefault(path, []).append((scene, as_text(value)))
    yield from ((path, pairs) for path, pairs in found.items() if len(pairs) >= max(_LEAST, len(held) / 2))


def _key(own: Term, collection: Collection, endpoint: Endpoint) -> Term | None:
    """Give the term of the key that a member is, or ends with: below what the path names, too, else None."""
    above = collection.template[:-2]
    if endpoint.template[: len(above)] != above or collection.is_single:
        return None
    if collection.is_linked:
        own = applied("({} | split('/') | last)", own, partial(_last, collection=collection), 0.1)
    return own if collection.count == 1 else joined(key_term(endpoint, collection.count - 1, trailing=True), own)


def _last(text: Any, collection: Collection) -> Any:
    found = collection.key_of(text) if isinstance(text, str) else text
    return MISSING if found == text else found


def _names(path: Path, pairs: Pairs, collection: Collection, term: Term, fields: Fields) -> bool:
    """Tell whether a member names items of a collection: it is called so, or its texts are long and no plain words."""
    is_called_so = _CALLED.sub("", _plain(path[-1])) == singular(collection.name).lower()
    if len(path) > 1 and is_called_id(str(path[-1])):
        is_called_so = is_called_so or _plain(path[-2]) == singular(collection.name).lower()
    is_long = all(len(text) >= _SHORTEST and is_typed(text) for _, text in pairs)
    is_link = collection.is_linked and all(collection.key_of(text) != text for _, text in pairs)
    if collection.is_linked is not is_link or path == collection.id_path or not (is_called_so or is_long or is_link):
        return False
    keys = fields.keys[collection.name]
    hits = sum(as_text(term.get(scene)) in keys.get(scene.sample.session, ()) for scene, _ in pairs)
    return hits * 10 >= len(pairs) * _TENTHS and len({text for _, text in pairs}) > 1


def _plain(step: str | int) -> str:
    return re.sub(r"[\W_]", "", str(step)).lower()


def _is_known(made: Lookup, scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> bool:
    """Tell whether another look-up finds the same items, wherever this one finds any."""
    keys = [(scene, key) for scene in scenes for key, item in [made.find(scene)] if item is not MISSING]
    others = [one for one in known.values() if one.collection == made.collection]
    return not keys or any(all(one.find(scene)[0] == key for scene, key in keys) for one in others)
