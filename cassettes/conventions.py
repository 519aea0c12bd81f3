"""Conventions: what the parameters of lists, and what lists tell of themselves, are called everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from cassettes.definition import ListPage, ListSearch, ListSort, ListSpec
from cassettes.definition.cases import FilterOperator

Part: TypeAlias = Literal["limit", "number", "offset", "end", "sort", "order", "search", "cursor", "fields"]
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CALLED: Final[dict[Part, frozenset[str]]] = {
    "limit": frozenset((
        "limit", "size", "count", "take", "top", "first", "rows", "per page", "page size", "page limit", "max results",
        "items per page", "n", "num", "batch size", "max items", "max messages", "max number of messages",
    )),
    "number": frozenset(("page", "p", "page number", "page no", "page index")),
    "offset": frozenset(("offset", "skip", "start", "from", "start index", "start at", "page offset")),
    "end": frozenset(("end",)),
    "sort": frozenset(("sort", "order by", "orderby", "sort by", "sortby", "ordering", "sort field")),
    "order": frozenset(("order", "dir", "direction", "sort order", "sort dir", "sort direction")),
    "search": frozenset(("q", "query", "search", "s", "term", "text", "keyword", "keywords")),
    "cursor": frozenset((
        "cursor", "after", "token", "page token", "next token", "continuation", "continuation token", "starting after",
        "marker", "page cursor", "page after", "next", "skip token", "skiptoken",
    )),
    "fields": frozenset(("fields", "select", "only")),
}  # fmt: skip
_FILTERS: Final = frozenset(("filter", "filters", "where", "filter by"))
_LEADS: Final = ("filter", "filters", "where")
_OPERATORS: Final[dict[str, FilterOperator]] = {
    **dict.fromkeys(("gte", "ge", "min", "from", "since", "minimum"), "ge"),
    **dict.fromkeys(("lte", "le", "max", "to", "until", "maximum"), "le"),
    **dict.fromkeys(("gt", "after", "over", "above"), "gt"),
    **dict.fromkeys(("lt", "before", "under", "below"), "lt"),
    **dict.fromkeys(("ne", "not", "neq"), "ne"),
    **dict.fromkeys(("like", "contains", "search", "match"), "like"),
    **dict.fromkeys(("starts", "prefix"), "starts"),
    "in": "in",
    "has": "has",
    "exists": "present",
}

_TOLD: Final[tuple[tuple[frozenset[str], tuple[str, ...]], ...]] = (
    (frozenset(("next",)), ("next_page", "next_offset", "next_cursor")),
    (frozenset(("prev", "previous")), ("previous_page", "previous_offset")),
    (frozenset(("pages", "last")), ("pages",)),
    (frozenset(("limit", "size", "per", "take")), ("limit",)),
    (frozenset(("offset", "skip", "start")), ("offset",)),
    (frozenset(("more",)), ("has_more",)),
    (frozenset(("total", "hits", "found", "matches", "matched")), ("total", "all")),
    (frozenset(("page",)), ("page",)),
    (frozenset(("count", "results")), ("total", "count", "all")),
)
"""Words of a name, with the members of `vars.list` that something of such a name tells; the first that fits."""


def told_by_name(name: str) -> tuple[str, ...]:
    """Give which members of `vars.list` something of this name tells, the likeliest first; () for any other name."""
    words = set(words_of(name))
    return next((members for called, members in _TOLD if called & words), ())


@lru_cache(1024)
def words_of(name: str) -> tuple[str, ...]:
    """Give the words of a name in lower case: those of `page[size]` and `pageSize` are `page` and `size`."""
    return tuple(word.lower() for word in _WORD.findall(name))


def part_by_name(name: str) -> Part | None:
    """Give which part of a list's query a parameter of this name is everywhere, None for any other name."""
    called = " ".join(words_of(name))
    return next((part for part, names in _CALLED.items() if called in names), None)


def is_called_filter(name: str) -> bool:
    """Tell whether a parameter of this name has a filter expression everywhere."""
    return " ".join(words_of(name)) in _FILTERS


def filters_by_name(name: str, fields: Sequence[str]) -> list[tuple[str, FilterOperator]]:
    """Give the fields, as dotted names, that a parameter of this name compares, each with the operator.

    That it filters may be said before: `filter[read]` is `read`, as JSON:API has it.
    """
    words = words_of(name)
    words = words[1:] if len(words) > 1 and words[0] in _LEADS else words
    spelled = {field: "".join(words_of(field)) for field in fields}
    found: list[tuple[str, FilterOperator]] = []
    for rest, operator in ((words, ()), (words[:-1], words[-1:]), (words[1:], words[:1])):
        sign = _OPERATORS.get("".join(operator)) if operator else "eq"
        bare = "".join(rest)
        if not bare or sign is None:
            continue
        exact = [field for field, spelling in spelled.items() if spelling == bare]
        ends = [field for field in fields if "".join(words_of(field.rpartition(".")[2])) == bare]
        found += [(field, sign) for field in dict.fromkeys([*exact, *ends])]
    return found


def completed(spec: ListSpec, names: Iterable[str]) -> ListSpec:
    """Give a list that also understands parameters of these names, where it says nothing of what they are everywhere.

    Cursors are left out: only a list that hands them out could understand one.
    """
    made: dict[str, Any] = {}
    page: dict[str, Any] = {}
    sort: dict[str, Any] = {}
    for name in names:
        part = part_by_name(name)
        if part in ("limit", "number", "offset"):
            page.setdefault(part, name)
        elif part == "sort":
            sort["param"] = name
        elif part == "order":
            sort["order_param"] = name
        elif part == "search" and spec.search is None:
            made["search"] = ListSearch(param=name)
        elif part == "fields" and spec.fields_param is None:
            made["fields_param"] = name
    if page:
        made["page"] = _with_more(spec.page or ListPage(), page)
    if sort:
        made["sort"] = _with_more(spec.sort or ListSort(), sort)
    return spec.model_copy(update=made) if made else spec


def _with_more(part: Any, more: dict[str, Any]) -> Any:
    return part.model_copy(update={name: value for name, value in more.items() if getattr(part, name) is None})
