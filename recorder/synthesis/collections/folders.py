"""Folders: items named by several parts of a path, which show what lies directly below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, as_text, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

CHILDREN: Final = "children"
"""The name of the terms of what lies directly below an item."""
_SIGN: Final = "\N{SECTION SIGN}"
"""What stands around the name of a collection and an expression that gives its items with all that is kept in them."""
_LEAST: Final = 2
_Children: TypeAlias = dict[str, Any]


def folder_terms(
    scenes: Mapping[Endpoint, Sequence[Scene]], bindings: Mapping[Endpoint, Binding]
) -> dict[Endpoint, list[Term]]:
    """Give the terms of what lies directly below the item that a path names, or at the top, where answers list that.

    Only where things are named by several parts of a path, and two answers at least list just what lies there.
    """
    deep = {bindings[one].collection for one in bindings if one.deep is not None and bindings[one].role == "item"}
    found: dict[Endpoint, list[Term]] = {}
    for endpoint, binding in bindings.items():
        collection = binding.collection
        if endpoint.method != "GET" or collection is None or collection not in deep or not collection.id_path:
            continue
        parent = _parent(endpoint, binding, collection)
        if parent is None:
            continue
        shown = [one for scene in scenes[endpoint] if (one := _shown(scene, collection, parent)) is not None]
        if sum(len(one) > 0 for one in shown) >= _LEAST:
            found[endpoint] = [_term(collection, parent, shown)]
    return found


def _parent(endpoint: Endpoint, binding: Binding, collection: Collection) -> Term | None:
    """Give the term of the key below which a path lists things, None where it does not."""
    if binding.role == "item":
        return key_term(endpoint, collection.count)
    if binding.role == "collection" and endpoint.template == collection.home:
        return key_term(endpoint, collection.count - 1) if collection.count > 1 else Term("''", lambda _: "")
    return None


def _below(scene: Scene, collection: Collection, key: str) -> _Children:
    prefix = f"{key}/" if key else ""
    held = scene.timeline.under(collection.name, prefix, scene.moment)
    return {own: item for own, item in held.items() if "/" not in own[len(prefix) :]}


def _shown(scene: Scene, collection: Collection, parent: Term) -> list[str] | None:
    """Give the keys of what lies there in the order in which the answer lists just that, None where it does not."""
    key = as_text(parent.get(scene))
    below = _below(scene, collection, key)
    own = {as_text(look(item, collection.id_path or ())): name for name, item in below.items()}
    for _, rows in lists_in(scene.sample.answer_json) if scene.sample.succeeded else ():
        ids = [as_text(look(row, collection.id_path or ())) for row in rows if isinstance(row, dict)]
        if ids and len(ids) == len(rows) and set(ids) == set(own):
            return [own[one] for one in ids]
    return None


def _term(collection: Collection, parent: Term, shown: Sequence[Sequence[str]]) -> Term:
    """Write what lies below: by its keys where it was so more often, else as it came.

    A file system that tells it in an order of its own leaves nothing to say of that.
    """
    text = f"resource.{collection.name}.children({'' if parent.text == literal('') else parent.text})"
    path = ".".join(map(str, collection.id_path or ()))
    sorted_ones = sum(list(one) == sorted(one) for one in shown if len(one) > 1)
    if sorted_ones * 2 > sum(len(one) > 1 for one in shown):
        text = f"({text} | sort(attribute={literal(path)}, case_sensitive=true))"
    return Term(f"{_SIGN}{collection.name}{_SIGN}{text}{_SIGN}", _getter(collection, parent), CHILDREN, 1.1)


def _getter(collection: Collection, parent: Term) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        key = parent.get(scene)
        if key is MISSING:
            return MISSING
        below = _below(scene, collection, as_text(key))
        order = _shown(scene, collection, parent)
        return [below[one] for one in order] if order is not None else list(below.values())

    return get


def without_children(collection: Collection, key: str, shown: Any, old: Any) -> Any:
    """Give an item that is read with what it is beside the list of what lies below it: that is kept by itself."""
    if not isinstance(shown, dict) or not collection.id_path:
        return shown
    held = old if isinstance(old, dict) else {}
    lists = {name for name, rows in shown.items() if isinstance(rows, list) and held.get(name) is None}
    folder = "/".join(key.split("/")[collection.count - 1 :])
    ids = {name: [look(row, collection.id_path) for row in shown[name]] for name in lists}
    below = {name for name in lists if all(as_text(one).rpartition("/")[0] == folder for one in ids[name])}
    # An empty list is one of these where the item was seen without it.
    return {**shown, **{name: None for name in below if shown[name] or name in held}}
