"""Sources: rows that other items are named by, as the lines of entries name accounts, and what is summed of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.endpoints.verbs import is_called_id
from recorder.synthesis.samples.kinds import kinds_of
from recorder.synthesis.samples.values import as_text, look
from recorder.synthesis.terms.only import Only
from recorder.synthesis.terms.scene import GONE, HIDDEN
from recorder.synthesis.terms.term import literal
from recorder.synthesis.terms.timeline import Timeline
from recorder.synthesis.terms.views import LEGS, NAMED, Legs, View, leg_views, sided_views

_OFTEN: Final = 0.9
_MOST_LOOKED_AT: Final = 300


@dataclass(frozen=True, slots=True)
class Source:
    """The rows in the list `field` of a collection's items, or these themselves, that name an item by `link`.

    That may be dotted, where rows show what they name as an object with an id. Their keys have the first `shared`
    parts in common with the keys of the items that they name. With a `view` they are seen as that has them, and
    `field` and `link` are of what is seen.
    """

    name: str
    field: str | None
    link: str
    shared: int
    view: View | None = None

    def named(self, row: Mapping[str, Any]) -> str:
        """Give what a row names."""
        return as_text(row[self.link] if self.link in row else look(row, tuple(self.link.split("."))))

    def prefix(self, key: str) -> str:
        """Give what the keys of the items with rows for the item of a key begin with."""
        return "".join(f"{part}/" for part in key.split("/")[: self.shared])

    def rows(self, timeline: Timeline, prefix: str, moment: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Give the rows that there are, each with its item."""
        for item in timeline.under(self.name, prefix, moment).values():
            if not isinstance(item, dict):
                continue
            inside = [item] if self.field is None or isinstance(self.view, Legs) else item.get(self.field)
            for row in inside if isinstance(inside, list) else ():
                if isinstance(row, dict) and self.view is not None:
                    yield from self.view.rows(row, item)
                elif isinstance(row, dict):
                    yield row, item

    def text(self, prefix: str, only: Only | None, wanted: str) -> str:
        """Write the rows that name what an expression gives, of the items whose keys begin so."""
        items = f"resource.{self.name}.under({prefix})"
        return self.said_of(items if only is None else only.text(items), wanted)

    def said_of(self, items: str, wanted: str) -> str:
        """Write the rows that name what an expression gives, of the items that another one gives."""
        items = items if self.view is None else self.view.items(items)
        every = items if self.field is None else f"unfold({items}, {literal(self.field)})"
        rows = f"keep_rows({every}, {literal(self.link)}, {wanted})"
        return rows if self.view is None else self.view.text(rows)


def sources_of(
    collection: Collection, collections: Sequence[Collection], timelines: Mapping[int, Timeline]
) -> list[Source]:
    """Find the rows that name items of a collection by the last part of their key."""
    keys = {
        session: {key.rpartition("/")[2] for key in versions}
        for session, timeline in timelines.items()
        if (versions := timeline.ever_held(collection.name))
    }
    found: list[Source] = []
    for other in collections:
        if other is collection or other.name.endswith((HIDDEN, GONE)) or not other.name:
            continue
        shared = _shared(collection, other)
        named: dict[str | None, Counter[str]] = defaultdict(Counter)
        given: dict[str | None, Counter[str]] = defaultdict(Counter)
        rows: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
        for session, row, field in _sample(other.name, timelines):
            rows[field].append(row)
            for name, value in [*row.items(), *(_ids_within(row) if field is None else ())]:
                if isinstance(value, str | int) and not isinstance(value, bool):
                    given[field][name] += 1
                    named[field][name] += as_text(value) in keys.get(session, ())
        for field, counts in named.items():
            links = [name for name, count in counts.items() if count > 1 and count >= given[field][name] * _OFTEN]
            plain = [Source(other.name, field, name, shared) for name in links]
            found += [*plain, *_seen_otherwise(plain, rows[field])]
    return found


def _ids_within(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the ids in the objects that a row shows, by dotted names."""
    for name, inner in row.items():
        for own, value in inner.items() if isinstance(inner, dict) else ():
            if is_called_id(own):
                yield f"{name}.{own}", value


def _seen_otherwise(plain: Sequence[Source], rows: Sequence[dict[str, Any]]) -> Iterator[Source]:
    """Give views of sources of one field, whose rows have one amount each that is added here and taken off there."""
    kinds = kinds_of(rows) if plain else []
    for source in plain:
        yield from (replace(source, view=view) for view in sided_views(rows, kinds))
    if len(plain) > 1 and plain[0].field is None:
        one = replace(plain[0], field=LEGS, link=NAMED)
        yield from (replace(one, view=view) for view in leg_views(rows, [source.link for source in plain]))


def _shared(one: Collection, other: Collection) -> int:
    """Give how many parameters the paths of two collections have in common."""
    count = 0
    for left, right in zip(one.template[:-1], other.template[:-1], strict=False):
        if left != right:
            break
        count += left is None
    return count


def _sample(name: str, timelines: Mapping[int, Timeline]) -> Iterator[tuple[int, dict[str, Any], str | None]]:
    """Give some of the rows of all sessions: items, and objects in the lists that they hold, with the list's name."""
    share = max(4, _MOST_LOOKED_AT // max(1, len(timelines)))
    for session, timeline in timelines.items():
        for item in timeline.ever_held(name).values():
            share_left = share
            for field, inside in item.items() if isinstance(item, dict) else ():
                for row in inside if isinstance(inside, list) else ():
                    share_left -= 1
                    if isinstance(row, dict) and share_left > 0:
                        yield session, row, field
            if isinstance(item, dict):
                yield session, item, None
