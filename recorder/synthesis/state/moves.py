"""Moves: writes after which an item has another key, as a file that is renamed or a page whose title makes its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from recorder.synthesis.collections.attributes import shown_in
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import as_text, is_scalar, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member


def learn_moves(
    samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Tell for each endpoint that writes items whether these move: by whether the old key or the new one is found."""
    votes: Counter[Endpoint] = Counter()
    waiting: dict[tuple[int, str, str], tuple[Endpoint, int]] = {}
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if binding.role != "item" or binding.collection is None:
            continue
        values = endpoint.values(sample)
        name, key = binding.collection.name, binding.key(values)
        told, worth = waiting.pop((sample.session, name, key), (endpoint, 0))
        if sample.method in ("GET", "HEAD"):
            votes[told] += worth if sample.succeeded else -worth if sample.status in (404, 410) else 0
        is_written = sample.succeeded and sample.method in ("PUT", "PATCH")
        called = new_key(sample, binding, values) if is_written else None
        if called is not None:
            waiting[sample.session, name, key] = endpoint, -1
            waiting[sample.session, name, called] = endpoint, 1
    for endpoint, count in votes.items():
        bindings[endpoint].moves = count > 0


def new_key(sample: Sample, binding: Binding, values: Sequence[str]) -> str | None:
    """Give the key that an answer shows an item to have, None where it is the one that the path's `values` name."""
    collection = binding.collection
    if collection is None or collection.id_path is None or not values:
        return None
    shown = look(shown_in(sample, binding), collection.id_path)
    own = values[: collection.count]
    if not is_scalar(shown) or shown in (None, "") or as_text(shown) == own[-1]:
        return None
    return "/".join((*own[:-1], as_text(shown)))


def moved_below(collection: Collection, key: str, moved: str) -> dict[str, Any]:
    """Write that what lies below an item which moves comes along: what is in a folder has the folder's new path."""
    path = collection.id_path or ()
    own = f"({moved} ~ {member('vars.row', path)}[({key} | length):])"
    item = f"{{{{ merge(vars.row, {{{literal(str(path[0]))}: {own}}}) }}}}" if len(path) == 1 else "{{ vars.row }}"
    each = f"{{{{ resource.{collection.name}.under({key} ~ '/') }}}}"
    return {"in": collection.name, "each": each, "key": f"{{{{ {own} }}}}", "item": item}


def below_moved(scene: Scene, collection: Collection, old: str, new: str) -> dict[str, Any]:
    """Give what lies below an item that moves, by its new keys and with these: what is in a folder comes along."""
    if scene.endpoint.deep is None or collection.count != 1:
        return {}
    path = collection.id_path or ()
    found: dict[str, Any] = {}
    for known, item in scene.timeline.under(collection.name, f"{old}/", scene.moment).items():
        key = f"{new}{known[len(old) :]}"
        found[key] = {**item, str(path[0]): key} if len(path) == 1 and isinstance(item, dict) else item
    return found
