"""Overviews: lists whose rows are about items of another collection, as a trial balance is about accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look

Ids: TypeAlias = dict[int, set[str]]
"""Ids by the number of the session in which they were told."""
_OFTEN: Final = 0.9
_NEARLY_ALWAYS: Final = 0.98
_SHORT: Final = 3
"""Whole numbers of so many digits are equal to those of other things by chance: what is told counts on from 1."""
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
        is_only_listed = _is_only_listed(bound[one], bindings)
        if is_only_listed and _are_of_rows(bound[one], bound, bindings):
            for endpoint in bound[one]:
                bindings[endpoint] = _below_its_item(bindings[endpoint])
        elif is_only_listed and any(
            len(rows) >= _LEAST and _covers(ids, rows)
            for rows in _naming(bound[one], bindings, one.id_path)
            for ids in others
        ):
            for endpoint in bound[one]:
                bindings[endpoint] = replace(bindings[endpoint], role="none", collection=None, rows=None)
        else:
            left.append(one)
    return left


def _below_its_item(binding: Binding) -> Binding:
    above, _ = binding.parents[-1]
    return replace(binding, role="action", collection=above, rows=None, parents=binding.parents[:-1])


def _are_of_rows(
    listing: Sequence[Endpoint], bound: Mapping[Collection, Sequence[Endpoint]], bindings: Mapping[Endpoint, Binding]
) -> bool:
    """Tell whether lists below an item tell more of each row in a list of that item, in its order: a poll's results."""
    right: list[bool] = []
    for endpoint in listing:
        binding = bindings[endpoint]
        above = binding.parents[-1][0] if binding.parents else None
        columns = _columns_of_items(bound.get(above, ()), bindings) if above is not None else {}
        for sample in endpoint.samples:
            rows = look(sample.answer_json, binding.rows or ()) if sample.succeeded else None
            if above is not None and isinstance(rows, list) and len(rows) > 1:
                key = "/".join(endpoint.values(sample)[: above.count])
                right.append(any(column in columns[sample.session, key] for column in _columns(rows)))
    return len(right) >= _LEAST and sum(right) >= len(right) * _OFTEN


def _columns_of_items(
    endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]
) -> dict[tuple[int, str], set[tuple[str, ...]]]:
    """Give the texts that the rows of lists in items have in each member, by session and key of the item."""
    found: dict[tuple[int, str], set[tuple[str, ...]]] = defaultdict(set)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        for sample in endpoint.samples if binding.entity is not None else ():
            item = look(sample.answer_json, binding.entity or ()) if sample.succeeded else None
            if not isinstance(item, dict) or binding.collection is None:
                continue
            made = look(item, binding.collection.id_path) if binding.collection.id_path is not None else MISSING
            key = as_text(made) if binding.role == "collection" else binding.key(endpoint.values(sample))
            for rows in item.values():
                if isinstance(rows, list) and len(rows) > 1:
                    found[sample.session, key].update(_columns(rows))
    return found


def _columns(rows: Sequence[object]) -> Iterator[tuple[str, ...]]:
    """Give the texts that rows have in each of their members, where no two have the same."""
    first = rows[0]
    for name, value in first.items() if isinstance(first, dict) else ():
        if isinstance(value, str):
            texts = tuple(as_text(look(row, (name,))) for row in rows)
            if len(set(texts)) == len(texts):
                yield texts


def _is_only_listed(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> bool:
    known = [(endpoint, bindings[endpoint]) for endpoint in endpoints]
    return bool(known) and all(
        endpoint.method in ("GET", "HEAD") and one.role == "collection" and not one.is_elsewhere
        for endpoint, one in known
    )


def _naming(
    endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding], id_path: Path | None
) -> Iterator[list[tuple[int, str]]]:
    """Give what rows of lists may name items by, each with its session: what was taken for their id, and other texts.

    The name of a thing may tell the rows of a list apart as well as the code that it is known by.
    """
    lists = [
        (sample.session, [row for row in rows if isinstance(row, dict)])
        for endpoint in endpoints
        for sample in endpoint.samples
        if sample.succeeded and isinstance(rows := look(sample.answer_json, bindings[endpoint].rows or ()), list)
    ]
    names = dict.fromkeys(name for _, rows in lists for row in rows for name, value in row.items() if is_scalar(value))
    for path in dict.fromkeys([*([id_path] if id_path is not None else []), *((name,) for name in names)]):
        told = [(session, [as_text(look(row, path)) for row in rows]) for session, rows in lists]
        if all(len(set(keys)) == len(keys) for _, keys in told):
            yield [(session, key) for session, keys in told for key in keys]


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
    may_be_chance = all(key.isdigit() and len(key) <= _SHORT for _, key in rows)
    share = _NEARLY_ALWAYS if may_be_chance else _OFTEN
    return sum(key in ids.get(session, ()) for session, key in rows) >= len(rows) * share
