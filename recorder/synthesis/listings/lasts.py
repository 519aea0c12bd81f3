"""Lasts: texts of items that are what the last row that names them says, as the day of an account's last entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.looks import Look, looks_at
from recorder.synthesis.listings.sources import Source, sources_of
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.terms.only import Only
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member
from recorder.synthesis.terms.timeline import Timeline

_LEAST_TENTHS: Final = 9
_LEAST: Final = 3
_MOST_SEEN: Final = 500
_MOST_FIELDS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Last:
    """A member of the items of a collection: a field of the last item with rows for them, or the greatest of all."""

    collection: Collection
    member: str
    source: Source
    field: str
    only: Only | None
    is_greatest: bool

    def of(self, items: Sequence[Mapping[str, Any]]) -> Any:
        """Give what the items with rows for one come to, None where there are none."""
        counted = [item for item in items if self.only is None or self.only.counts(item)]
        told = [value for item in counted if isinstance(value := item.get(self.field), str)]
        return None if not told else max(told) if self.is_greatest else told[-1]

    def text(self, prefix: str, item: str) -> str:
        """Write it for the item that an expression gives; `prefix` writes how the keys of the rows' items begin."""
        rows = self.source.text(prefix, self.only, member(item, self.collection.id_path or ()))
        field = self.field if self.source.field is None else f"of.{self.field}"
        which = "max" if self.is_greatest else "list | last"
        return f"({rows} | map(attribute={literal(field)}) | {which} | default(none))"


def find_lasts(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    collections: Sequence[Collection],
    totals: Sequence[Total],
) -> list[Last]:
    """Find the members of items that are always what the last row says that names them, and null before there is one.

    They are looked for where the rows are known already, as something else is added up from them.
    """
    seen = looks_at(scenes, bindings)
    timelines = {scene.sample.session: scene.timeline for scene in scenes}
    found: list[Last] = []
    for collection in collections:
        own = [one for one in totals if one.collection is collection]
        looks = seen.get(collection.name, [])
        looks = looks[:: max(1, len(looks) // _MOST_SEEN)]
        names = _changing(looks) if own else []
        onlies = list(dict.fromkeys([None, *(one.way.only for one in own)]))
        known = {one.source.name for one in own}
        best: dict[str, tuple[int, Last]] = {}
        for source in sources_of(collection, collections, timelines) if names else ():
            for fit, one in _of_source(collection, names, source, onlies, looks) if source.name in known else ():
                if fit > best.get(one.member, (0,))[0]:
                    best[one.member] = fit, one
        found += [one for _, one in best.values()]
    return found


def _changing(looks: Sequence[Look]) -> list[str]:
    """Give the members that are texts or null, and that became others of the same item."""
    known: dict[tuple[int, str, str], Any] = {}
    changed: dict[str, int] = defaultdict(int)
    for one in looks:
        for name, value in one.item.items():
            if value is None or isinstance(value, str):
                changed[name] += known.setdefault((one.scene.sample.session, one.key, name), value) != value
    return [name for name, count in changed.items() if count >= _LEAST]


def _of_source(
    collection: Collection, names: Sequence[str], source: Source, onlies: Sequence[Only | None], looks: Sequence[Look]
) -> Iterator[tuple[int, Last]]:
    rows = _items_of(source, looks)
    first = next((items[0] for items in rows if items), {})
    fields = [name for name, value in first.items() if isinstance(value, str)][:_MOST_FIELDS]
    for name in names:
        ways = (
            Last(collection, name, source, field, only, is_greatest)
            for field in fields
            for only in onlies
            for is_greatest in (True, False)
        )
        yield from ((_fit(one, looks, rows), one) for one in ways)


def _items_of(source: Source, looks: Sequence[Look]) -> list[list[dict[str, Any]]]:
    """Give for each look the items with rows that name what was seen, in their order."""
    known: dict[tuple[int, int, str], dict[str, list[dict[str, Any]]]] = {}
    found: list[list[dict[str, Any]]] = []
    for one in looks:
        scene, prefix = one.scene, source.prefix(one.key)
        place = (scene.sample.session, scene.moment, prefix)
        if place not in known:
            known[place] = _by_link(source, scene.timeline, prefix, scene.moment + 1)
        found.append(known[place].get(one.key.rpartition("/")[2], []))
    return found


def _by_link(source: Source, timeline: Timeline, prefix: str, moment: int) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row, item in source.rows(timeline, prefix, moment):
        found[source.named(row)].append(item)
    return found


def _fit(last: Last, looks: Sequence[Look], rows: Sequence[Sequence[dict[str, Any]]]) -> int:
    """Give how often it comes to what was shown, 0 where that is too seldom, or of too few values."""
    pairs = [
        (one.item[last.member], last.of(items))
        for one, items in zip(looks, rows, strict=True)
        if last.member in one.item
    ]
    hits = [shown for shown, made in pairs if shown == made]
    told = {shown for shown in hits if shown is not None}
    return len(hits) if len(told) >= _LEAST and len(hits) * 10 >= len(pairs) * _LEAST_TENTHS else 0


def retells(lasts: Sequence[Last], endpoint: Endpoint, saved: set[str]) -> Iterator[dict[str, Any]]:
    """Give the saves that tell anew what the last rows say of the collections in which something was saved."""
    groups: dict[tuple[str, int], list[Last]] = defaultdict(list)
    for one in lasts:
        if one.source.name in saved and len(endpoint.params) >= one.source.shared:
            groups[one.collection.name, one.source.shared].append(one)
    for (name, shared), inside in groups.items():
        prefix = key_term(endpoint, shared, trailing=True).text
        item = {one.member: f"{{{{ {one.text(prefix, 'vars.row')} }}}}" for one in inside}
        yield {"in": name, "under": f"{{{{ {prefix} }}}}" if shared else "", "as": "row", "item": item, "merge": True}


def bring_up(lasts: Sequence[Last], timeline: Timeline, moment: int) -> None:
    """Have items show what the last rows say after a moment, where rows changed in it."""
    known: dict[tuple[Source, str], dict[str, list[dict[str, Any]]]] = {}
    for last in (one for one in lasts if timeline.changed(one.source.name, moment)):
        name, source = last.collection.name, last.source
        for key, item in timeline.under(name, "", moment + 1).items():
            prefix = source.prefix(key)
            if (source, prefix) not in known:
                known[source, prefix] = _by_link(source, timeline, prefix, moment + 1)
            made = last.of(known[source, prefix].get(key.rpartition("/")[2], []))
            if isinstance(item, dict) and last.member in item and item[last.member] != made:
                timeline.put(name, key, {**timeline.get(name, key, moment + 1), last.member: made}, moment)
