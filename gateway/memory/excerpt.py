"""A part of a collection: the items that a request asks for, in its order, by pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from cassettes.definition import ListFilter, ListPage, ListSearch, ListSort, ListSpec
from gateway.context import Context
from gateway.memory.listing import equals, order, rank, read_field, words
from gateway.templates import Document, Template, compile_document, compile_template
from gateway.view import MISSING, RequestView

_MOST_DIGITS: Final = 15
_MOST_FIELDS: Final = 10
_MOST_FREE: Final = 100
_DEPTH: Final = 50

Test: TypeAlias = Callable[[Any, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class _Filter:
    """One test: `texts` says with what a request compares, None for not at all."""

    steps: tuple[str, ...]
    test: Test
    param: str | None
    value: Document | None

    async def texts(self, context: Context) -> Sequence[str] | None:
        if self.param is not None:
            return context.view.query.get(self.param)
        assert self.value is not None
        found = await self.value.value_later(context)
        return [_as_text(one) for one in found] if isinstance(found, list | tuple) else [_as_text(found)]


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a list by its place: `limit` None for all that is left."""

    offset: int
    limit: int | None


class Excerpt:
    """What `list` of a definition asks of its collection. `waits` is always so: a collection may have to be waited for.

    A parameter that is not what it should be counts as absent.
    """

    def __init__(self, spec: ListSpec, where: str) -> None:
        self._spec = spec
        self._under = compile_template(spec.under or "", f"{where}.under")
        self._filters = [_filter(one, f"{where}.where.{place}") for place, one in enumerate(spec.where)]
        search = spec.search
        told = search.value if search is not None and search.value is not None else ""
        self._search = compile_template(told, f"{where}.search.value")
        self._own = _own_parameters(spec)
        values = [one.value for one in self._filters if one.value is not None]
        parts: list[Template | Document] = [self._under, self._search, *values]
        self.needs_body = any(part.needs_body for part in parts)

    async def take(self, context: Context) -> dict[str, Any]:
        """Give `vars.list`: the items of this part, and where it stands. Raises RenderError, StateError."""
        everything = await context.resources.all(self._spec.in_, await self._under.render_later(context))
        view = context.view
        found = await self._found(context, everything)
        self._sort(view, found)
        return _told(self._spec, view, everything, found)

    async def _found(self, context: Context, items: Sequence[Any]) -> list[Any]:
        found = list(items)
        for one in self._filters:
            texts = await one.texts(context)
            if texts is not None:
                found = [item for item in found if one.test(read_field(item, one.steps), texts)]
        if self._spec.search is not None:
            text = await self._sought(context, self._spec.search)
            if text:
                fields = [field.split(".") for field in self._spec.search.fields]
                found = [item for item in found if _holds_text(item, fields, text.casefold())]
        return self._freely(context.view, items, found) if self._spec.free else found

    async def _sought(self, context: Context, search: ListSearch) -> str:
        if search.param is None:
            return await self._search.render_later(context)
        return context.view.query.get(search.param, [""])[0]

    def _freely(self, view: RequestView, items: Sequence[Any], found: list[Any]) -> list[Any]:
        """Test what is named by the request's other parameters, where any item has a field of that name."""
        for name, texts in list(view.query.items())[:_MOST_FREE]:
            steps = name.split(".")
            if name in self._own or all(read_field(item, steps) is MISSING for item in items):
                continue
            found = [item for item in found if _eq(read_field(item, steps), texts)]
        return found

    def _sort(self, view: RequestView, found: list[Any]) -> None:
        if self._spec.sort is None:
            return
        # Sorting is stable: the last field first.
        for steps, descends in reversed(_order(self._spec.sort, view)):
            found.sort(key=lambda item, steps=steps: rank(read_field(item, steps)), reverse=descends)  # type: ignore[misc]


def _filter(spec: ListFilter, where: str) -> _Filter:
    value = None if spec.param is not None else compile_document(spec.value, f"{where}.value")
    return _Filter(tuple(spec.field.split(".")), _TESTS[spec.op], spec.param, value)


def _own_parameters(spec: ListSpec) -> frozenset[str]:
    named: list[str | None] = [spec.fields_param, *(one.param for one in spec.where)]
    if spec.search is not None:
        named.append(spec.search.param)
    if spec.sort is not None:
        named += [spec.sort.param, spec.sort.order_param]
    if spec.page is not None:
        named += [spec.page.number, spec.page.offset, spec.page.cursor, spec.page.limit]
    return frozenset(name for name in named if name is not None)


def _as_text(value: Any) -> str:
    """Give a value as a query would say it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _eq(found: Any, texts: Sequence[str]) -> bool:
    return any(equals(found, text) for text in texts if found is not MISSING)


def _comparing(*signs: int) -> Test:
    return lambda found, texts: all(order(found, text) in signs for text in texts)


def _in(found: Any, texts: Sequence[str]) -> bool:
    return _eq(found, [part for text in texts for part in text.split(",")])


def _present(found: Any, texts: Sequence[str]) -> bool:
    return (found is not MISSING) is (texts[0].lower() not in ("", "0", "false", "no", "null"))


_TESTS: Final[Mapping[str, Test]] = {
    "eq": _eq,
    "ne": lambda found, texts: not _eq(found, texts),
    "lt": _comparing(-1),
    "le": _comparing(-1, 0),
    "gt": _comparing(1),
    "ge": _comparing(0, 1),
    "like": lambda found, texts: all(_contains(found, text.casefold()) for text in texts),
    "starts": lambda found, texts: isinstance(found, str) and found.startswith(tuple(texts)),
    "in": _in,
    "has": lambda found, texts: isinstance(found, list) and all(equals(found, text) for text in texts),
    "present": _present,
}


def _contains(found: Any, text: str) -> bool:
    return any(text in word.casefold() for word in words(found))


def _holds_text(item: Any, fields: Sequence[Sequence[str]], text: str) -> bool:
    if fields:
        return any(_contains(read_field(item, steps), text) for steps in fields)
    return _holds_anywhere(item, text, _DEPTH)


def _holds_anywhere(value: Any, text: str, depth: int) -> bool:
    if isinstance(value, str):
        return text in value.casefold()
    if depth and isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return any(_holds_anywhere(one, text, depth - 1) for one in parts)
    return False


def _order(sort: ListSort, view: RequestView) -> list[tuple[list[str], bool]]:
    """Give the fields to sort by, and whether each descends."""
    given = [field.strip() for text in view.query.get(sort.param or "", ()) for field in text.split(",")]
    fields = [field for field in given if field][:_MOST_FIELDS]
    if not fields:
        return [(field.lstrip("-").split("."), field.startswith("-")) for field in sort.default]
    ways = [way.strip().lower() for text in view.query.get(sort.order_param or "", ()) for way in text.split(",")]
    made = []
    for place, field in enumerate(fields):
        bare = field.removeprefix(sort.descending).removesuffix(sort.descending)
        way = ways[min(place, len(ways) - 1)] if ways else ""
        made.append((bare.strip("+ ").split("."), bare != field or way.startswith("desc") or way == "-1"))
    return made


def _told(spec: ListSpec, view: RequestView, everything: Sequence[Any], found: Sequence[Any]) -> dict[str, Any]:
    page = spec.page or ListPage()
    window = _window(page, view, found)
    offset, limit, total = window.offset, window.limit, len(found)
    items = list(found[offset:] if limit is None else found[offset : offset + limit])
    has_more = limit is not None and offset + limit < total
    number = page.first + (offset // limit if limit else 0)
    following = offset + (limit or 0)
    return {
        "items": _with_fields(spec, view, items),
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


def _window(page: ListPage, view: RequestView, found: Sequence[Any]) -> _Window:
    asked = [name for name in (page.number, page.offset, page.cursor, page.limit) if name in view.query]
    if page.asked and not asked:
        return _Window(0, None)
    limit = _number(view, page.limit, 1)
    limit = page.size if limit is None else limit
    limit = None if limit is None else min(limit, page.most)
    if page.number is not None:
        number = _number(view, page.number, page.first)
        return _Window((number - page.first) * limit if number is not None and limit is not None else 0, limit)
    if page.offset is not None:
        return _Window(_number(view, page.offset, 0) or 0, limit)
    return _Window(_place(page, view, found), limit)


def _number(view: RequestView, name: str | None, least: int) -> int | None:
    """Give the whole number that a parameter is, None where it is absent or is none."""
    text = view.query.get(name, [""])[-1] if name is not None else ""
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return None
    return int(text) if int(text) >= least else None


def _place(page: ListPage, view: RequestView, found: Sequence[Any]) -> int:
    """Give how many items a cursor leaves out."""
    text = view.query.get(page.cursor, [""])[-1] if page.cursor is not None else ""
    if not text:
        return 0
    if page.by is not None:
        steps = page.by.split(".")
        return next((at for at, item in enumerate(found, 1) if equals(read_field(item, steps), text)), 0)
    try:
        told = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return 0
    return int(told) if told.isdigit() and len(told) <= _MOST_DIGITS else 0


def _cursor(page: ListPage, items: Sequence[Any], offset: int) -> str | None:
    if page.by is not None:
        found = read_field(items[-1], page.by.split(".")) if items else MISSING
        return None if found is MISSING else _as_text(found)
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def _with_fields(spec: ListSpec, view: RequestView, items: list[Any]) -> list[Any]:
    """Give of each item only the members that the request lists, where it does."""
    given = view.query.get(spec.fields_param, ()) if spec.fields_param is not None else ()
    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    if not names:
        return items
    return [{name: item[name] for name in names if name in item} if isinstance(item, dict) else item for item in items]
