"""Queries: calls whose body says which items of a collection are wanted: `{"where": {"kind": "map"}, "limit": 3}`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cassettes.conventions import words_of
from cassettes.operators import is_signed
from cassettes.selector import is_condition, selects
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.bulks import written_by
from recorder.synthesis.collections.hand_outs import find_hand_out
from recorder.synthesis.collections.places import place_of_rows
from recorder.synthesis.collections.shown_bulks import shown_by
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look, parts

_METHODS: Final = ("POST", "QUERY", "SEARCH")
_FEWEST_ROWS: Final = 4
_FEWEST_CALLED_SO: Final = 2
_ASKING: Final = frozenset(("filter", "search", "query", "find", "list", "select"))
"""Words that paths of queries end in: then fewer rows tell."""
_FEWEST_CALLS: Final = 2
_NEARLY_ALL: Final = 0.9
Seen = Mapping[int, set[str]]
"""The ids of items that a session was told of or that its paths name."""


def find_queries(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Bind calls that list items by what their body says to the collection whose items they show."""
    free = [one for one in endpoints if _is_free(one, bindings[one])]
    for collection in collections if free else ():
        if collection.id_path is None or collection.is_single:
            continue
        seen = _seen(endpoints, collection, bindings)
        for endpoint in free:
            place = place_of_rows(endpoint) if _is_beside(endpoint, collection) else None
            if place is None or bindings[endpoint].lists_by_call or not _are_items(endpoint, place, collection, seen):
                continue
            binding = bindings[endpoint]
            if binding.role == "action" and binding.collection is not None:
                binding.parents = [*binding.parents, (binding.collection, binding.collection.count)]
            binding.role, binding.collection, binding.rows = "collection", collection, place
            binding.lists_by_call = True
            binding.selector = selector_of(endpoint, place)
            binding.shown_bulk = find_hand_out(endpoint, place, collection, bindings)
            for sample in endpoint.samples:
                sample.asks_in_body = True


def _is_free(endpoint: Endpoint, binding: Binding) -> bool:
    """Tell whether an endpoint may be a query: it is sent objects, and nothing else is known of what it does."""
    is_bound = (
        binding.role not in ("none", "action") or binding.entity is not None or binding.bulk or binding.shown_bulk
    )
    if is_bound or binding.also or endpoint.method not in _METHODS or endpoint.operation is not None:
        return False
    good = [sample for sample in endpoint.samples if sample.succeeded]
    return len(good) >= _FEWEST_CALLS and all(isinstance(sample.json, dict) for sample in good)


def _is_beside(endpoint: Endpoint, collection: Collection) -> bool:
    """Tell whether a path names all that the collection's own path does, and no item of it."""
    above = _above(collection.home)
    return len(endpoint.params) == collection.count - 1 and endpoint.template[: len(above)] == above


def _above(home: Template) -> Template:
    while home and home[-1] is not None:
        home = home[:-1]
    return home


def _seen(endpoints: Sequence[Endpoint], collection: Collection, bindings: Mapping[Endpoint, Binding]) -> Seen:
    found: dict[int, set[str]] = defaultdict(set)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        good = [sample for sample in endpoint.samples if sample.succeeded]
        for sample in good if binding.collection is collection else ():
            found[sample.session] |= set(_ids(endpoint, binding, collection, sample))
        bulk, shown = binding.bulk, binding.shown_bulk
        if bulk is not None and bulk.collection is collection:
            for sample in good:
                found[sample.session] |= {own for own, _, _ in written_by(sample, bulk)}
        if shown is not None and shown.collection is collection:
            for sample in good:
                found[sample.session] |= {own for own, _ in shown_by(sample, shown)}
    return found


def _ids(endpoint: Endpoint, binding: Binding, collection: Collection, sample: Sample) -> Iterator[str]:
    if binding.role == "item":
        yield endpoint.values(sample)[collection.count - 1]
    elif isinstance(binding.made, tuple):
        yield as_text(look(sample.answer_json, binding.made))
    rows = look(sample.answer_json, binding.rows) if binding.rows is not None else ()
    for row in rows if isinstance(rows, list) else ():
        yield as_text(look(row, binding.id_in_row or ()))


def _are_items(endpoint: Endpoint, place: Path, collection: Collection, seen: Seen) -> bool:
    """Tell whether nearly all rows are items that their sessions know."""
    everywhere = set().union(*seen.values()) if seen else set()
    known: list[bool] = []
    for sample in endpoint.samples if collection.id_path is not None else ():
        rows = look(sample.answer_json, place) if sample.succeeded else ()
        for row in rows if isinstance(rows, list) else ():
            own = look(row, collection.id_path or ())
            known.append(is_scalar(own) and as_text(own) in (seen.get(sample.session, set()) or everywhere))
    last = endpoint.template[-1] if endpoint.template else None
    is_called_so = last is not None and bool(_ASKING.intersection(words_of(last)))
    return len(known) >= (_FEWEST_CALLED_SO if is_called_so else _FEWEST_ROWS) and sum(known) * 10 >= len(known) * 9


def selector_of(endpoint: Endpoint, place: Path, inside: Path = (), share: float = _NEARLY_ALL) -> Path | None:
    """Give where in what is sent an object of conditions stands: one that all rows which are shown fulfil.

    With `inside` it is that part of a row which does; `share` is in how much of the answers.
    Two answers have to show rows at least, or one where the conditions have signs that only operators have.
    Rows may lack the fields that are asked about, where others were chosen; then most calls have to have it.
    """
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.json, dict)]
    had: Counter[Path] = Counter()
    fulfilled: dict[Path, list[bool]] = defaultdict(list)
    signed: set[Path] = set()
    for sample in good:
        rows = look(sample.answer_json, place)
        for path, conditions in _conditions(sample.json):
            had[path] += 1
            signed |= {path} if _has_signs(conditions) else set()
            if isinstance(rows, list) and rows:
                fulfilled[path].append(all(selects(conditions, look(row, inside)) for row in rows))
    told = [
        path
        for path, calls in fulfilled.items()
        if sum(calls) >= (1 if path in signed else _FEWEST_CALLS) and sum(calls) >= len(calls) * share
    ]
    usual = [path for path, count in had.items() if len(path) == 1 and count * 2 > len(good)]
    return max(told or usual, key=lambda path: (sum(fulfilled[path]), had[path]), default=None)


def _has_signs(conditions: Mapping[str, Any]) -> bool:
    """Tell whether conditions have operators with a sign, as `any_` and `$gt`, which no field is called by."""
    return any(isinstance(name, str) and is_signed(name) for path, _ in parts(conditions) for name in path)


def _conditions(sent: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Give the objects in what is sent that may be conditions, and those in them."""
    for name, value in sent.items():
        if isinstance(value, dict) and value and is_condition(value):
            yield (*above, name), value
            if not above:
                yield from _conditions(value, (name,))
