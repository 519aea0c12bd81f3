"""Meanings: what a list may do by itself and what each of its parameters may mean, as changes of a draft."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice, product
from typing import Any, Final

from cassettes.comparing import MISSING, read_field
from cassettes.conventions import filters_by_name, part_by_name, words_of
from cassettes.expression import ExpressionError, find_field, parse
from cassettes.ordering import read_constant
from recorder.synthesis.listings.left_out import Change, left_out
from recorder.synthesis.listings.listing import Draft, Listing
from recorder.synthesis.listings.made_up_orders import may_order
from recorder.synthesis.listings.operators import BOUNDS, operators_for
from recorder.synthesis.listings.order_words import order_words
from recorder.synthesis.samples.values import canon, is_number, is_scalar, leaves, look

_MOST_FIELDS: Final = 32
_DEEPEST: Final = 4
_MOST_LIST_FIELDS: Final = 8
_MOST_ITEMS: Final = 20
_MOST_LIKELY: Final = 4
_MOST_TOGETHER: Final = 64
_WAYS: Final = ("asc", "desc")
_DIRECTIONS: Final = ("true", "false", "asc", "desc", "ascending", "descending", "1", "-1")
_TRUE: Final = frozenset(("true", "1", "yes", "on"))
_SHORT: Final = 3
_FLAGS: Final = _TRUE | {"false", "0", "no", "off"}
_EVERYTHING: Final = ("all", "any", "*", "both")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_DAY: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?:$|[T ])")
_NUMBER: Final = re.compile(r"\d{1,9}")
_DIRECTION: Final = re.compile(r"^[-+]|[-+]$|\s*[:. ](?:asc|desc)(?:ending)?$", re.IGNORECASE)
_OF_PAGES: Final = frozenset((
    "offset", "skip", "limit", "page", "per page", "page size", "page number", "page limit", "page index", "page no",
    "items per page",
))  # fmt: skip
_IS_OFFSET: Final = re.compile(r"offset|skip|start", re.IGNORECASE)


def fields_of(listings: Sequence[Listing]) -> list[str]:
    """Give the dotted names of the scalars that the items have."""
    names: dict[str, None] = {}
    for one in listings:
        for item in one.pool[:_MOST_ITEMS]:
            for path, value in leaves(item, longest_list=0):
                if len(path) <= _DEEPEST and is_scalar(value):
                    names.setdefault(".".join(map(str, path)))
    return list(names)[:_MOST_FIELDS]


def list_fields_of(listings: Sequence[Listing]) -> list[str]:
    """Give the names of the lists that the items have."""
    names: dict[str, None] = {}
    for one in listings:
        for item in one.pool[:_MOST_ITEMS]:
            for name, value in item.items() if isinstance(item, dict) else ():
                if isinstance(value, list):
                    names.setdefault(name)
    return list(names)[:_MOST_LIST_FIELDS]


def defaults(listings: Sequence[Listing], *, sized: bool = True) -> Iterator[Change]:
    """Give what a list may do without any parameter: orders, with `sized` sizes, and what it leaves out.

    Some services list what came last first; a field that counts on says the same, and is tried before others.
    """
    fields = [name for name in fields_of(listings) if may_order(name, listings)]
    fields.sort(key=lambda name: not _counts_on(name, listings))
    timed = [name for name in fields if _is_of_times(name, listings)]
    orders = [[name] for name in fields] + [[f"-{name}"] for name in fields]
    # What came when is a likelier order than that of words, which few items may be in by chance.
    orders = [*([f"{sign}{name}"] for name in timed for sign in ("", "-")), *orders] if timed else orders
    sizes = sorted({len(one.given) for one in listings if len(one.given) < len(one.pool)} - {0}, reverse=True)[:2]
    pages: list[Draft] = [{"page": {"size": size}} for size in sizes if sized]
    told = list(constants(listings))
    tests = [{"field": name, "op": operator, "value": value} for name, value in told for operator in ("eq", "ne")]
    # What takes one thing to say is likelier than what takes two: fewer open than closed may look like a page.
    ordered = [order for order in orders if order[0].lstrip("-") in timed or _counts_on(order[0].lstrip("-"), listings)]
    yield from (_with({"sort": {"default": order}}) for order in ordered)
    yield _with({"latest_first": True})
    yield from (_with({"sort": {"default": order}}) for order in orders if order not in ordered)
    yield from map(_with, pages)
    yield from map(_where, tests)
    yield from left_out(listings)
    for page in pages:
        yield from (_with({"sort": {"default": order}, **page}) for order in orders)
    few = sorted({name for name, _ in told})
    for lead in [*few, *(f"-{name}" for name in few)]:
        yield from (_with({"sort": {"default": [lead, *order]}}) for order in orders)
    for test in tests:
        if test["op"] == "eq":
            yield from (after(_where(test), _with({"sort": {"default": order}})) for order in orders)


def orders(listings: Sequence[Listing]) -> Iterator[Change]:
    """Give the orders that a list may have by itself, beside the parameter that it may be sorted by."""
    fields = sorted(fields_of(listings), key=lambda name: not _counts_on(name, listings))
    yield from (_sort({"default": [f"{sign}{name}"]}) for sign in ("", "-") for name in fields)


def as_called(names: Sequence[str], listings: Sequence[Listing]) -> list[Change]:
    """Give what all parameters together mean where each means what it is called everywhere.

    Where no list was ever asked for without them, none can be told from the others.
    """
    if any(part_by_name(name) == "cursor" for name in names):
        return []  # what follows which item is said in too many ways
    fields, each = fields_of(listings), list[list[Change]]()
    for name in names:
        values = [value for one in listings for value in one.query.get(name, ())]
        likely = list(islice(_by_convention(name, listings, values, fields), _MOST_LIKELY))
        each += [likely] if likely else []
    return [_all_of(chosen) for chosen in islice(product(*each), _MOST_TOGETHER)] if each else []


def _all_of(changes: Sequence[Change]) -> Change:
    return lambda draft: reduce(lambda made, change: change(made), changes, draft)


def _counts_on(field: str, listings: Sequence[Listing]) -> bool:
    """Tell whether each item has a number or time of its own there: in order in a mock too, as no made-up id is."""
    pool = max((one.pool for one in listings), key=len)
    found = [read_field(item, field.split(".")) for item in pool]
    is_ordered = all(is_number(one) or (isinstance(one, str) and _TIME.match(one)) for one in found)
    return is_ordered and len(set(map(canon, found))) == len(found)


def _is_of_times(field: str, listings: Sequence[Listing]) -> bool:
    """Tell whether each item has a time there, of which there are several."""
    found = [read_field(item, field.split(".")) for item in max((one.pool for one in listings), key=len)]
    return all(isinstance(one, str) and _TIME.match(one) for one in found) and len(set(map(canon, found))) > 1


def constants(listings: Sequence[Listing]) -> Iterator[tuple[str, Any]]:
    """Give fields of few values, with these: what a list may leave out without being asked to."""
    counts: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in listings:
        for item in one.pool:
            for path, value in leaves(item, longest_list=0):
                if len(path) <= 2 and (isinstance(value, str | bool | int) or value is None):
                    counts[".".join(map(str, path))][repr(value)] = value
    for name, values in counts.items():
        if 2 <= len(values) <= 4 and not any(map(is_number, values.values())):
            for value in values.values():
                yield name, value
        elif "None" in values and len(values) > 1:  # as `archived_at` or `parent`: whether it is there at all
            yield name, None


def meanings(name: str, listings: Sequence[Listing]) -> Iterator[Change]:
    """Give everything that a parameter could mean, the likeliest first."""
    values = [value for one in listings for value in one.query.get(name, ())]
    fields = fields_of(listings)
    is_numeric = bool(values) and all(map(_NUMBER.fullmatch, values))
    if is_numeric and name not in fields and " ".join(words_of(name)) in _OF_PAGES:
        yield from _by_convention(name, listings, values, fields)
        yield from _of_pages(name, listings)
        return  # nobody calls anything else so: what else fits does so by chance
    ordering = list(_of_order(name, values, fields)) if part_by_name(name) == "sort" else []
    if ordering:
        yield from ordering
        return
    yield from _of_expression(name, values, listings)
    if name in fields:
        yield from (_filter(name, operator, name) for operator in ("eq", "in", "has"))
    yield from (_filter(field, operator, name) for field, operator in filters_by_name(name, fields))
    yield from (_choosing(field, name, values) for field, _ in filters_by_name(name, fields))
    yield from _of_days(name, values, listings, fields)
    if set(values) <= _FLAGS and part_by_name(name) is None:
        yield _including(name, values)
        yield _instead(name)
    yield from _by_convention(name, listings, values, fields)
    if is_numeric:
        yield from _of_pages(name, listings)
    yield from _of_order(name, values, fields)
    lists = list_fields_of(listings)
    yield from (_filter(field, "has", name) for field in lists if _is_near(field, name))
    near = [field for field in fields if _is_near(field, name)]
    operators = operators_for(name, values)
    for field in [*near, *(one for one in fields if one not in near)]:
        yield from (_filter(field, operator, name) for operator in operators)
    yield from (_filter(field, "has", name) for field in lists if not _is_near(field, name))
    yield from _of_search(name, listings, fields)
    if _may_be_cursor(name, values, fields):
        yield from _of_cursor(name, listings, fields)


def _may_be_cursor(name: str, values: Sequence[str], fields: Sequence[str]) -> bool:
    """Tell whether a parameter may say where a list goes on: no flag does, and nothing that is called as a field is."""
    is_short = all(_NUMBER.fullmatch(value) and len(value) <= _SHORT for value in values)
    return not is_short and name not in fields and not set(values) <= _FLAGS


def _of_days(name: str, values: Sequence[str], listings: Sequence[Listing], fields: Sequence[str]) -> Iterator[Change]:
    """Give the days from which, or up to which, a list is asked for: of any field that has days."""
    ways = next((ways for words, ways in BOUNDS if words & {*words_of(name)}), None)
    if ways is None or not values or not all(map(_DAY.match, values)):
        return
    for field in fields:
        some = [read_field(item, field.split(".")) for one in listings for item in one.pool[:_MOST_ITEMS]]
        if some and all(isinstance(one, str) and _DAY.match(one) for one in some):
            yield from (_filter(field, operator, name) for operator in ways)


def _by_convention(
    name: str, listings: Sequence[Listing], values: Sequence[str], fields: Sequence[str]
) -> Iterator[Change]:
    part = part_by_name(name)
    is_numeric = all(map(_NUMBER.fullmatch, values))
    if part in ("limit", "number", "offset", "end") and is_numeric:
        sizes = (None, *_sizes(listings)[:1])
        by_part = {
            "limit": [_page({"limit": name})],
            "number": [_page({"number": name, "first": first, **_sized(size)}) for first in (1, 0) for size in sizes],
            "offset": [_page({"offset": name}), _page({"offset": name, "offset_first": 1})],
            "end": [_end(name)],
        }
        yield from by_part[part]
    elif part in ("sort", "order", "fields"):
        words = order_words(name, listings, fields) if part != "fields" else {}
        yield from [_sort({"param": name, "words": words})] if words else []
        yield from _of_order(name, values, fields)
    elif part == "search":
        yield from _of_search(name, listings, fields)
    elif part == "cursor":
        yield from _of_cursor(name, listings, fields)


def _is_near(field: str, name: str) -> bool:
    one, other = (re.sub(r"\W", "", text).lower() for text in (field, name))
    return one in other or other in one


def _of_pages(name: str, listings: Sequence[Listing]) -> Iterator[Change]:
    sizes = _sizes(listings)
    if _IS_OFFSET.search(name):
        yield _page({"offset": name})
        yield _page({"offset": name, "offset_first": 1})
        yield from (_page({"offset": name, "size": size}) for size in sizes[:2] if size)
        return
    yield _page({"limit": name})
    if part_by_name(name) == "limit":
        return
    for first in (1, 0):
        for size in (None, *sizes[:3]):
            yield _page({"number": name, "first": first, **_sized(size)})
    yield _page({"offset": name})
    yield _end(name)
    for size in sizes[:2]:
        if size:
            yield _page({"offset": name, "size": size})


def _sizes(listings: Sequence[Listing]) -> list[int]:
    return sorted({len(one.given) for one in listings}, reverse=True)


def _sized(size: int | None) -> Draft:
    return {"size": size} if size else {}


def _of_order(name: str, values: Sequence[str], fields: Sequence[str]) -> Iterator[Change]:
    """Give the meanings that name fields: to sort by, with a direction apart, and to show."""
    stripped = [_DIRECTION.sub("", part.strip()) for value in values for part in value.split(",")]
    stripped = [(read_constant(part, fields) or (part,))[0] for part in stripped if part.lower() not in _WAYS]
    if stripped and sum(part in fields for part in stripped) * 2 > len(stripped):
        yield _sort({"param": name})
        yield from [_sort({"descending_param": name})] if set(stripped) == {*values} else []
    if values and name not in fields and all(value.lower() in _DIRECTIONS for value in values):
        yield _sort({"order_param": name})
    if values and all(part in fields for value in values for part in value.split(",")):
        yield _with({"fields_param": name})


def _of_expression(name: str, values: Sequence[str], listings: Sequence[Listing]) -> Iterator[Change]:
    """Give the meanings of a parameter whose texts compare fields of the items: `price gt 3 and kind eq 'map'`."""
    some = [item for one in listings for item in one.pool[:_MOST_ITEMS]]
    told = [_named_in(value) for value in values]
    known = [names for names in told if names and any(_has(item, names) for item in some)]
    if known and len(known) * 2 >= len(values):
        yield from (_with({"expression": {"param": name, **way}}) for way in ({}, {"exact": True}, {"caseless": True}))


def _named_in(text: str) -> tuple[str, ...]:
    try:
        return parse(text).fields
    except ExpressionError:
        return ()


def _has(item: Any, names: Sequence[str]) -> bool:
    return any(find_field(item, name) is not MISSING for name in names)


def _of_search(name: str, listings: Sequence[Listing], fields: Sequence[str]) -> Iterator[Change]:
    yield _with({"search": {"param": name}})
    some = [item for listing in listings for item in listing.pool[:5]]
    texts = [field for field in fields if any(isinstance(look(item, tuple(field.split("."))), str) for item in some)]
    for field in texts:
        yield _with({"search": {"param": name, "fields": [field]}})
    for one, other in product(texts, texts):
        if one < other:
            yield _with({"search": {"param": name, "fields": [one, other]}})


def _of_cursor(name: str, listings: Sequence[Listing], fields: Sequence[str]) -> Iterator[Change]:
    yield _page({"cursor": name})
    for field in (None, *fields):
        for size in (None, *_sizes(listings)[:2]):
            by = {"by": field} if field else {}
            yield _page({"cursor": name, **by, **_sized(size)})


def after(one: Change, other: Change) -> Change:
    """Give the change that makes one and then the other."""
    return lambda draft: other(one(draft))


def _with(parts: Mapping[str, Any]) -> Change:
    return lambda draft: {**draft, **parts}


def _where(test: Mapping[str, Any]) -> Change:
    return lambda draft: {**draft, "where": [*draft.get("where", []), test]}


def _filter(field: str, operator: str, param: str) -> Change:
    return _where({"field": field, "op": operator, "param": param})


def _choosing(field: str, param: str, values: Sequence[str]) -> Change:
    """Give the change that has a parameter choose what is else always left out: `?state=closed`, `?state=all`."""

    def changed(draft: Draft) -> Draft:
        tests = draft.get("where", [])
        usual = [one for one in tests if one["field"] == field and one["op"] == "eq" and "value" in one]
        if not usual:
            return draft
        made = {"field": field, "op": "eq", "param": param, "default": usual[0]["value"]}
        everything = [value for value in values if value in _EVERYTHING]
        made |= {"all": everything[0]} if everything else {}
        return {**draft, "where": [*(one for one in tests if one not in usual), made]}

    return changed


def _including(param: str, values: Sequence[str]) -> Change:
    """Give the change that has a flag show what is else always left out: `?include_deleted=true`."""

    def changed(draft: Draft) -> Draft:
        tests = draft.get("where", [])
        usual = next((one for one in tests if "value" in one and isinstance(one["value"], str | bool | None)), None)
        shown = next((value for value in values if value in _TRUE), None)
        if usual is None or shown is None or str(usual["value"]).startswith("{{"):
            return draft
        made = {name: part for name, part in usual.items() if name != "value"}
        made |= {"param": param, "default": usual["value"], "all": shown}
        return {**draft, "where": [*(one for one in tests if one is not usual), made]}

    return changed


def _instead(param: str) -> Change:
    """Give the change that has a flag show just what is else always left out: `?archived=true`."""

    def changed(draft: Draft) -> Draft:
        tests = draft.get("where", [])
        usual = next((one for one in tests if "value" in one and one["value"] is None and one["op"] == "eq"), None)
        if usual is None:
            return draft
        made = {"field": usual["field"], "op": "filled", "param": param, "default": "false"}
        return {**draft, "where": [*(one for one in tests if one is not usual), made]}

    return changed


def _sort(change: Mapping[str, Any]) -> Change:
    return lambda draft: {**draft, "sort": {**draft.get("sort", {}), **change}}


def _end(name: str) -> Change:
    """Give the change that has a parameter end the page that another begins."""
    ended = _page({"end": name})
    return lambda draft: ended(draft) if "offset" in draft.get("page", {}) else draft


def _page(change: Mapping[str, Any]) -> Change:
    def changed(draft: Draft) -> Draft:
        page = dict(draft.get("page", {}))
        if "cursor" in change:
            page.pop("by", None)
        return {**draft, "page": {**page, **change}}

    return changed
