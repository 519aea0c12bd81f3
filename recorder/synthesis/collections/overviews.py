"""Overviews: lists whose rows are about items of another collection, as a trial balance is about accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, Path, as_text, look

Ids: TypeAlias = dict[int, set[str]]
"""Ids by the number of the session in which they were told."""
_OFTEN: Final = 0.9
_LEAST: Final = 3
_LOOKED_AT: Final = 20


def set_aside_overviews(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: dict[Endpoint, Binding]
) -> list[Collection]:
    """Unbind the endpoints that only list what is told of items made elsewhere; give the collections that are left."""
    bound: dict[Collection, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        collection = bindings[endpoint].collection
        if collection is not None:
            bound[collection].append(endpoint)
    told = {one: _told(bound[one], bindings) for one in collections}
    for endpoint in endpoints:
        for made in bindings[endpoint].also:
            for sample in endpoint.samples:
                told.get(made.collection, defaultdict(set))[sample.session].add(
                    as_text(look(sample.answer_json, made.made))
                )
    left: list[Collection] = []
    for one in collections:
        shown = _members(bound[one], bindings)
        others = [
            told[other]
            for other in collections
            if other is not one and _are_others(shown, _members(bound[other], bindings))
        ]
        rows = list(_rows(bound[one], bindings, one.id_path)) if _is_only_listed(bound[one], bindings) else []
        if len(rows) >= _LEAST and any(_covers(ids, rows) for ids in others):
            for endpoint in bound[one]:
                bindings[endpoint] = replace(bindings[endpoint], role="none", collection=None, rows=None)
        else:
            left.append(one)
    return left


def _is_only_listed(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> bool:
    known = [(endpoint, bindings[endpoint]) for endpoint in endpoints]
    return bool(known) and all(
        endpoint.method in ("GET", "HEAD") and one.role == "collection" and not one.is_elsewhere
        for endpoint, one in known
    )


def _rows(
    endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding], id_path: Path | None
) -> Iterator[tuple[int, str]]:
    """Give the ids in the rows of lists, each with its session."""
    for endpoint in endpoints if id_path is not None else ():
        where = bindings[endpoint].rows
        for sample in endpoint.samples:
            rows = look(sample.answer_json, where) if where is not None and sample.succeeded else MISSING
            for row in rows if isinstance(rows, list) else ():
                found = look(row, id_path or ())
                if found is not MISSING:
                    yield sample.session, as_text(found)


def _members(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> set[str]:
    """Give the names of the members that items are shown with: whole, else in lists."""
    whole: set[str] = set()
    listed: set[str] = set()
    for endpoint in endpoints:
        binding = bindings[endpoint]
        for sample in endpoint.samples[:_LOOKED_AT]:
            item = look(sample.answer_json, binding.entity) if binding.entity is not None else MISSING
            whole |= set(item) if isinstance(item, dict) and sample.succeeded else set()
            rows = look(sample.answer_json, binding.rows) if binding.rows is not None else MISSING
            for row in rows if isinstance(rows, list) else ():
                listed |= set(row) if isinstance(row, dict) else set()
    return whole or listed


def _are_others(rows: set[str], items: set[str]) -> bool:
    """Tell whether rows are something else than items: they say more, and not all of what items do."""
    return bool(rows - items) and bool(items - rows)


def _told(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> Ids:
    """Give the ids of the items that calls made or named."""
    ids: Ids = defaultdict(set)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        for sample in endpoint.samples:
            if not sample.succeeded or binding.collection is None:
                continue
            if binding.role in ("item", "action"):
                ids[sample.session].add(binding.key(endpoint.values(sample)).rpartition("/")[2])
            elif binding.made is not None and binding.made != "location":
                ids[sample.session].add(as_text(look(sample.answer_json, binding.made)))
    return ids


def _covers(ids: Ids, rows: Sequence[tuple[int, str]]) -> bool:
    return sum(key in ids.get(session, ()) for session, key in rows) >= len(rows) * _OFTEN
