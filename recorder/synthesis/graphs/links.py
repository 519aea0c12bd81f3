"""Links between the kinds of a GraphQL service: the member of an item that names one of another kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recorder.synthesis.graphs.places import KEY, At, Place, Shown
from recorder.synthesis.graphs.stock import Stock, id_of, rows_at
from recorder.synthesis.samples.values import as_text

_LEAST_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Link:
    """A field that shows items of `kind`: those whose member `by` is the member `of` of the object it belongs to."""

    kind: str
    by: str
    of: str
    is_list: bool


def links_of(places: Mapping[At, Place], stock: Stock, keys: Mapping[str, str]) -> dict[tuple[str, str], Link]:
    """Find the links by (kind, field); what seeds were seen to name is put into them."""
    found: dict[tuple[str, str], Link] = {}
    linked: dict[tuple[str, str], list[tuple[Place, Place]]] = {}
    for at, place in places.items():
        above = places.get(at[:-1])
        if above is not None and above.role == "item" and place.is_object and place.role in ("item", "page"):
            linked.setdefault((above.kind, at[-1]), []).append((above, place))
    for wants_list in (False, True):
        for (kind, name), pairs in linked.items():
            is_list = any(place.is_list or place.role == "page" for _, place in pairs)
            if is_list is not wants_list:
                continue
            seen = [one for above, place in pairs for one in _seen(above, place, name, stock, keys)]
            other = pairs[0][1].kind
            found[kind, name] = (
                _lists(kind, other, seen, stock, found) if is_list else _ones(kind, name, other, seen, stock)
            )
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """One object that showed what it is linked to: its id, what was known of it, and what was shown."""

    key: str
    item: Mapping[str, Any]
    shown: Shown
    rows: Sequence[Shown]


def _seen(above: Place, place: Place, name: str, stock: Stock, keys: Mapping[str, str]) -> Iterator[_Seen]:
    for one in above.shown:
        key = id_of(one, above, keys.get(above.name, ""))
        if key is None or name not in one.parts:
            continue
        item = dict(rows_at(stock, one.asked, above.kind)).get(key, {})
        told = one.parts[name]
        rows = told if isinstance(told, list) else [told] if isinstance(told, Shown) else []
        if place.role == "page":
            rows = [row for page in rows for row in _rows_in(page)]
        yield _Seen(key, item, one, rows)


def _rows_in(page: Shown) -> Iterator[Shown]:
    """Give the rows in a page, also where each is the node of an edge."""
    for part in page.parts.values():
        for row in part if isinstance(part, list) else ():
            inside = [one for name, one in row.parts.items() if name == "node" and isinstance(one, Shown)]
            yield from inside or [row]


def _is(row: Shown, item: Mapping[str, Any]) -> bool:
    """Tell whether what is shown can be this item."""
    return all(name in item and item[name] == value for name, value in row.members.items() if name in item) and any(
        item.get(name) == value for name, value in row.members.items()
    )


def _ones(kind: str, name: str, other: str, seen: Sequence[_Seen], stock: Stock) -> Link:
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for one in seen:
        if not one.rows:
            continue
        there = dict(rows_at(stock, one.shown.asked, other))
        for member, value in one.item.items():
            if member == KEY or value is None:
                continue
            fits = as_text(value) in there and _is(one.rows[0], there[as_text(value)])
            (right if fits else wrong)[member] = (right if fits else wrong).get(member, 0) + 1
    best = max(right, key=lambda member: (right[member] - 9 * wrong.get(member, 0), member), default="")
    if not best or right[best] < _LEAST_SHARE * (right[best] + wrong.get(best, 0)):
        best = f"{name}Id"
    for one in seen:
        seed = stock.seeds.get(kind, {}).get(one.key)
        if seed is None or best in seed or not one.rows:
            continue
        there = dict(rows_at(stock, one.shown.asked, other))
        alike = [key for key, item in there.items() if _is(one.rows[0], item)]
        shown = one.rows[0].members.get(KEY)
        if shown is not None or len(alike) == 1:
            seed[best] = shown if shown is not None else alike[0]
    _complete(other, ((as_text(one.item.get(best)), one.rows[0]) for one in seen if one.rows), stock)
    return Link(other, KEY, best, is_list=False)


def _complete(kind: str, shown: Iterable[tuple[str, Shown]], stock: Stock) -> None:
    """Give seeds what they were shown with behind a link, where that was always the same."""
    told: dict[tuple[str, str], list[Any]] = {}
    for key, row in shown:
        for name, value in row.members.items() if key in stock.seeds.get(kind, {}) else ():
            told.setdefault((key, name), []).append(value)
    for (key, name), values in told.items():
        if all(value == values[0] for value in values):
            stock.seeds[kind][key].setdefault(name, values[0])


def _lists(kind: str, other: str, seen: Sequence[_Seen], stock: Stock, known: Mapping[tuple[str, str], Link]) -> Link:
    back = [one.of for (of, _), one in known.items() if of == other and one.kind == kind and not one.is_list]
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for one in seen:
        there = dict(rows_at(stock, one.shown.asked, other))
        members = dict.fromkeys(member for item in there.values() for member in item if member != KEY)
        for member in members:
            named = [item for item in there.values() if member in item and as_text(item[member]) == one.key]
            fits = all(any(_is(row, item) for row in one.rows) for item in named)
            if named:
                (right if fits else wrong)[member] = (right if fits else wrong).get(member, 0) + 1
    best = max(right, key=lambda member: (right[member] - 9 * wrong.get(member, 0), member in back, member), default="")
    if not best or right[best] < _LEAST_SHARE * (right[best] + wrong.get(best, 0)):
        best = back[0] if back else f"{kind[:1].lower()}{kind[1:]}Id"
    for one in seen:
        for row in one.rows:
            alike = [item for item in stock.seeds.get(other, {}).values() if _is(row, item)]
            if len(alike) == 1:
                alike[0].setdefault(best, one.key)
    return Link(other, best, KEY, is_list=True)
