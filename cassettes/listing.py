"""A part of a list: the items that a query asks for, in its order, by pages."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cassettes.comparing import MISSING, TESTS, as_text, contains, equals, rank, read_field, texts_of
from cassettes.conventions import completed, filters_by_name, is_called_filter, part_by_name
from cassettes.cursor import SORTED, before, cursor_after, in_order, place_of
from cassettes.definition import ListFilter, ListPage, ListSearch, ListSort, ListSpec
from cassettes.definition.cases import FilterOperator
from cassettes.expression import ExpressionError, find_field, parse
from cassettes.ordering import SOME, Query, fields_asked, is_descending, order_asked, readers_of
from cassettes.selector import selects

_MOST_DIGITS: Final = 15
_MOST_FREE: Final = 100
_DEPTH: Final = 50
_CURSOR: Final = re.compile(rb'\{"offset": ([0-9]{1,%d})\}' % _MOST_DIGITS)


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a list by its place: `limit` None for all that is left."""

    offset: int
    limit: int | None


def excerpt(
    spec: ListSpec,
    items: Sequence[Any],
    query: Query,
    values: Sequence[Any] | None = None,
    sought: str | None = None,
    selector: Any = None,
) -> dict[str, Any]:
    """Give what a query asks of a list, and where that part stands in it: what `vars.list` is.

    `values` are those that the filters of `where` and then of `any` compare with, one for each, and `sought` what is
    searched for, where whoever has templates has worked them out; else they are as the spec has them. `selector` is
    what the spec's selector gave. A parameter that is not what it should be counts as absent.
    """
    found = [*reversed(items)] if spec.latest_first else [*items]
    if spec.selector is not None:
        found = [item for item in found if selects(selector, item, lenient=spec.selector.lenient)]
    if spec.expression is not None:
        text = query.get(spec.expression.param, [""])[0]
        found = _fulfilling(found, text, caseless=spec.expression.caseless, exact=spec.expression.exact)
    filters = [*spec.where, *spec.any]
    given = [one.value for one in filters] if values is None else values
    tests = [_test(one, value, query) for one, value in zip(filters, given, strict=True)]
    for test in tests[: len(spec.where)]:
        found = found if test is None else [item for item in found if test(item)]
    some = [test for test in tests[len(spec.where) :] if test is not None]
    if some:
        found = [item for item in found if any(test(item) for test in some)]
    if spec.free:
        others = [name for name in list(query)[:_MOST_FREE] if name not in _own_parameters(spec)]
        spec, found = _freely(spec, items, found, query, others) if others else (spec, found)
    if spec.search is not None:
        text = query.get(spec.search.param, [""])[0] if spec.search.param is not None else spec.search.value or ""
        found = _searched(spec.search, found, text if sought is None else sought)
    if spec.sort is not None:
        # Sorting is stable: the last field first.
        for read, descends in reversed(readers_of(items, order_asked(spec.sort, query))):
            found.sort(key=lambda item, read=read: rank(read(item)), reverse=descends)  # type: ignore[misc]
    return _told(spec, query, items, found) | _mistakes(spec, items, query)


def _mistakes(spec: ListSpec, items: Sequence[Any], query: Query) -> dict[str, Any]:
    """Tell what a request asks for that cannot be: a name that no item has, and a text that is no filter expression."""
    if not query:
        return {"unknown": None, "unread": None}
    named, unread = [*_projected(spec, query), *_sorted_by(spec, query)], None
    param = spec.expression.param if spec.expression is not None else next(filter(is_called_filter, query), None)
    text = query.get(param, [""])[0] if param is not None else ""
    if text.strip():
        try:
            named = [*parse(text).fields, *named]
        except ExpressionError:
            unread = text
    some = [item for item in items[:SOME] if isinstance(item, dict)] if named else []
    unknown = (name for name in named if all(find_field(item, name) is MISSING for item in some))
    return {"unknown": next(unknown, None) if some else None, "unread": unread}


def _sorted_by(spec: ListSpec, query: Query) -> list[str]:
    """Give the names that the order of a list is asked for by."""
    given = query.get(spec.sort.param or "", ()) if spec.sort is not None and not spec.sort.words else ()
    if spec.sort is None or not given:
        return []
    asked = [field for text in given for field in text.split(",")]
    return [".".join(steps) for steps, _ in order_asked(spec.sort, query)][: len(asked)]


def _test(spec: ListFilter, value: Any, query: Query) -> Callable[[Any], bool] | None:
    texts = _asked(spec, query) if spec.param is not None else texts_of(value)
    steps = spec.field.split(".")
    return None if texts is None else lambda item: TESTS[spec.op](read_field(item, steps), texts)


def _asked(spec: ListFilter, query: Query) -> Sequence[str] | None:
    """Give what a parameter is compared with: what it is, its default where it is absent, None for nothing."""
    given = query.get(spec.param or "")
    if given is None:
        return texts_of(spec.default) if "default" in spec.model_fields_set else None
    return None if spec.all is not None and spec.all in given else given


def query_of(value: Any) -> dict[str, list[str]]:
    """Give an object as the parameters of a query: scalars as texts, lists of them as repeated, no others.

    Orders may be objects: `{"sort": [{"pages": "desc"}]}` is `sort=-pages`.
    """
    found: dict[str, list[str]] = {}
    for name, one in value.items() if isinstance(value, dict) else ():
        each = one if isinstance(one, list) else [one]
        is_order = any(isinstance(part, dict) for part in each) and part_by_name(str(name)) in ("sort", "order")
        texts = (
            [text for part in each for text in _ordered(part)]
            if is_order
            else list(map(as_text, filter(_is_said, each)))
        )
        if texts:
            found[str(name)] = texts
    return found


def _ordered(part: Any) -> list[str]:
    """Give the fields of one part of an order, a `-` before those that descend."""
    if not isinstance(part, dict):
        return [as_text(part)] if _is_said(part) else []
    ways = {name: way.get("order", way) if isinstance(way, dict) else way for name, way in part.items()}
    return [f"-{name}" if is_descending(as_text(way).lower()) else str(name) for name, way in ways.items()]


def _is_said(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _fulfilling(found: list[Any], text: str, *, caseless: bool = False, exact: bool = False) -> list[Any]:
    """Give the items that fulfil a filter expression; what is none asks for nothing."""
    try:
        holds = parse(text, caseless=caseless, exact=exact).holds if text.strip() else None
    except ExpressionError:
        return found
    return found if holds is None else list(filter(holds, found))


def _searched(search: ListSearch, found: list[Any], text: str) -> list[Any]:
    if not text:
        return found
    fields = [field.split(".") for field in search.fields]
    return [item for item in found if _holds_text(item, fields, text.casefold())]


def _freely(
    spec: ListSpec, items: Sequence[Any], found: list[Any], query: Query, names: Sequence[str]
) -> tuple[ListSpec, list[Any]]:
    """Test the fields that these parameters name, and say what the others are, each as it is called everywhere."""
    fields = _fields_of(items)
    others: list[str] = []
    for name in names:
        field, operator = _compared(name, items, fields)
        if field is None and is_called_filter(name):
            found = _fulfilling(found, query[name][0])
            continue
        if field is None:
            others.append(name)
            continue
        steps = field.split(".")
        found = [item for item in found if TESTS[operator](read_field(item, steps), query[name])]
    return completed(spec, others), found


def _compared(name: str, items: Sequence[Any], fields: Sequence[str]) -> tuple[str | None, FilterOperator]:
    """Give the field that a parameter of this name compares, and how; None where it is no field's name."""
    steps = name.split(".")
    if any(read_field(item, steps) is not MISSING for item in items):
        return name, "eq"
    known = filters_by_name(name, fields) if part_by_name(name) is None else []
    return known[0] if known else (None, "eq")


def _fields_of(items: Sequence[Any]) -> list[str]:
    """Give the dotted names of the members of some items, and of the objects in them."""
    named: dict[str, None] = {}
    for item in items[:SOME]:
        for name, value in item.items() if isinstance(item, dict) else ():
            inner = [f"{name}.{one}" for one in value] if isinstance(value, dict) else [name]
            named.update(dict.fromkeys(map(str, inner)))
    return list(named)[:_MOST_FREE]


def _own_parameters(spec: ListSpec) -> frozenset[str]:
    named: list[str | None] = [spec.fields_param, *(one.param for one in (*spec.where, *spec.any))]
    if spec.search is not None:
        named.append(spec.search.param)
    if spec.expression is not None:
        named.append(spec.expression.param)
    if spec.sort is not None:
        named += [spec.sort.param, spec.sort.order_param, spec.sort.descending_param]
    if spec.page is not None:
        named += [spec.page.number, spec.page.offset, spec.page.end, spec.page.cursor, spec.page.limit]
    return frozenset(name for name in named if name is not None)


def _holds_text(item: Any, fields: Sequence[Sequence[str]], text: str) -> bool:
    if fields:
        return any(contains(read_field(item, steps), text) for steps in fields)
    return _holds_anywhere(item, text, _DEPTH)


def _holds_anywhere(value: Any, text: str, depth: int) -> bool:
    if isinstance(value, str):
        return text in value.casefold()
    if depth and isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return any(_holds_anywhere(one, text, depth - 1) for one in parts)
    return False


def _told(spec: ListSpec, query: Query, everything: Sequence[Any], found: Sequence[Any]) -> dict[str, Any]:
    page = _in_order(spec, query)
    window = _window(page, query, found)
    offset, limit, total = window.offset, window.limit, len(found)
    items = list(found[offset:] if limit is None else found[offset : offset + limit])
    has_more = limit is not None and offset + limit < total
    number = page.first + (offset // limit if limit else 0)
    following = offset + (limit or 0)
    return {
        "items": _with_fields(spec, query, items),
        "matched": list(found),
        "total": total,
        "all": len(everything),
        "offset": offset,
        "limit": limit,
        "page": number,
        "pages": -(-total // limit) if limit else min(total, 1),
        "has_more": has_more,
        "has_previous": offset > 0,
        "next_page": number + 1 if has_more else None,
        "previous_page": max(number - 1, page.first) if offset > 0 else None,
        "next_offset": following if has_more else None,
        "previous_offset": max(0, offset - (limit or offset)) if offset > 0 else None,
        "next_cursor": _cursor(page, items, following) if has_more else None,
        "first": items[0] if items else None,
        "last": items[-1] if items else None,
    }


def _in_order(spec: ListSpec, query: Query) -> ListPage:
    """Give which part is given, its cursors written with what the query sorts by."""
    page = spec.page or ListPage()
    if page.cursor_text is None or SORTED not in page.cursor_text:
        return page
    form = in_order(page.cursor_text, fields_asked(spec.sort or ListSort(), query))
    return page.model_copy(update={"cursor_text": form})


def _window(page: ListPage, query: Query, found: Sequence[Any]) -> _Window:
    asked = [name for name in (page.number, page.offset, page.end, page.cursor, page.limit) if name in query]
    if page.asked and not asked:
        return _Window(0, None)
    limit = _number(query, page.limit, 1)
    limit = page.size if limit is None else limit
    limit = None if limit is None else min(limit, page.most)
    number = _number(query, page.number, page.first)
    if number is not None:
        return _Window((number - page.first) * limit if limit is not None else 0, limit)
    told = _number(query, page.offset, 0)
    offset = None if told is None else max(0, told - page.offset_first)
    end = _number(query, page.end, 0)
    if end is not None:
        limit = max(0, end - (offset or 0))
    return _Window(_place(page, query, found) if offset is None else offset, limit)


def _number(query: Query, name: str | None, least: int) -> int | None:
    """Give the whole number that a parameter is, None where it is absent or is none."""
    text = query.get(name, [""])[-1] if name is not None else ""
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return None
    return int(text) if int(text) >= least else None


def _place(page: ListPage, query: Query, found: Sequence[Any]) -> int:
    """Give how many items a cursor leaves out."""
    text = query.get(page.cursor, [""])[-1] if page.cursor is not None else ""
    if not text:
        return 0
    if page.by is not None:
        steps = page.by.split(".")
        place = next((at for at, item in enumerate(found, 1) if equals(read_field(item, steps), text)), None)
        return before(steps, text, found) if place is None else place
    if page.cursor_text is not None:
        return place_of(page.cursor_text, page.cursor_code, text, found)
    try:
        told = _CURSOR.fullmatch(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return 0
    return int(told[1]) if told is not None else 0


def cursor_at(offset: int) -> str:
    """Give the cursor that goes on after so many items: a short opaque text, as most services make theirs."""
    return base64.urlsafe_b64encode(b'{"offset": %d}' % offset).decode().rstrip("=")


def _cursor(page: ListPage, items: Sequence[Any], offset: int) -> str | None:
    if page.by is not None:
        found = read_field(items[-1], page.by.split(".")) if items else MISSING
        return None if found is MISSING else as_text(found)
    if page.cursor_text is not None:
        return cursor_after(page.cursor_text, page.cursor_code, items, offset)
    return cursor_at(offset)


def _projected(spec: ListSpec, query: Query) -> list[str]:
    """Give the names of the members that a request lists."""
    given = query.get(spec.fields_param, ()) if spec.fields_param is not None else ()
    return [name.strip() for text in given for name in text.split(",") if name.strip()]


def _with_fields(spec: ListSpec, query: Query, items: list[Any]) -> list[Any]:
    """Give of each item only the members that the request lists, where it does and any item has one of them.

    Names that no item has as a member are those of something else, as of members of an object in the items.
    """
    names = _projected(spec, query)
    if not any(name in item for item in items if isinstance(item, dict) for name in names):
        return items
    names = list(dict.fromkeys([*spec.fields_kept, *names]))
    return [{name: item[name] for name in names if name in item} if isinstance(item, dict) else item for item in items]
