"""What a list of a resource is asked for: a filter, an order and a page, read from the query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from cassettes.comparing import equals, order, rank, read_field, words
from cassettes.definition import ResourceSpec
from gateway.view import RequestView

LARGEST_PAGE: Final = 10_000
_MOST_DIGITS: Final = 15
_MOST_FIELDS: Final = 10
_MOST_FILTERS: Final = 100


class BadQueryError(ValueError):
    """A parameter is not what it should be; the message says which and what would be right."""


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list: `offset` items are left out, at most `limit` given; `by_offset` says how it was asked for."""

    offset: int
    limit: int
    by_offset: bool


def page_of(spec: ResourceSpec, view: RequestView) -> Page:
    """Read which page is asked for; raises BadQueryError."""
    limit = _number(view, spec.limit_param, spec.page_size, 1, LARGEST_PAGE)
    if spec.offset_param in view.query:
        return Page(_number(view, spec.offset_param, 0, 0, None), limit, by_offset=True)
    return Page((_number(view, spec.page_param, 1, 1, None) - 1) * limit, limit, by_offset=False)


def _number(view: RequestView, name: str, default: int, least: int, most: int | None) -> int:
    given = view.query.get(name)
    if given is None:
        return default
    text = given[-1]
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1
    if number < least or (most is not None and number > most):
        upto = f"from {least} to {most}" if most is not None else f"of at least {least}"
        raise BadQueryError(f"the query's {name} is to be a whole number {upto}")
    return number


def links(spec: ResourceSpec, view: RequestView, page: Page, total: int) -> str:
    """Give the value of the Link header (RFC 8288): first, prev, next, last; "" where one page holds all."""
    if total <= page.limit and page.offset == 0:
        return ""
    last = max(0, (total - 1) // page.limit * page.limit)
    offsets = {"first": 0, "prev": max(0, min(page.offset, total) - page.limit), "next": page.offset + page.limit}
    if page.offset == 0:
        del offsets["prev"]
    if offsets["next"] >= total:
        del offsets["next"]
    offsets["last"] = last
    return ", ".join(f'<{_target(spec, view, page, offset)}>; rel="{rel}"' for rel, offset in offsets.items())


def _target(spec: ResourceSpec, view: RequestView, page: Page, offset: int) -> str:
    name, place = (spec.offset_param, offset) if page.by_offset else (spec.page_param, offset // page.limit + 1)
    pairs = parse_qsl(view.request.query.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
    kept = [pair for pair in pairs if pair[0] not in (spec.page_param, spec.offset_param)]
    path = view.request.path.decode("latin-1").replace("<", "%3C").replace(">", "%3E")
    return f"{path}?{urlencode([*kept, (name, str(place))], errors='surrogateescape')}"


def chosen(spec: ResourceSpec, view: RequestView, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the items that the query asks for, in its order; raises BadQueryError."""
    own = {spec.page_param, spec.offset_param, spec.limit_param, spec.sort_param}
    if sum(len(wanted) for name, wanted in view.query.items() if name not in own) > _MOST_FILTERS:
        raise BadQueryError(f"the query has more than {_MOST_FILTERS} parameters that filter")
    tests = [_test(name, wanted) for name, wanted in view.query.items() if name not in own]
    kept = [item for item in items if all(holds(item) for holds in tests)] if tests else list(items)
    fields = [field for text in view.query.get(spec.sort_param, ()) for field in text.split(",") if field.strip("-+ ")]
    if len(fields) > _MOST_FIELDS:
        raise BadQueryError(f"the query's {spec.sort_param} names more than {_MOST_FIELDS} fields")
    # Sorting is stable: the last field first.
    for field in reversed(fields):
        steps = field.strip("-+ ").split(".")
        kept.sort(key=lambda item, steps=steps: rank(read_field(item, steps)), reverse=field.strip().startswith("-"))  # type: ignore[misc]
    return kept


def _test(name: str, wanted: list[str]) -> Callable[[Mapping[str, Any]], bool]:
    for suffix, compare in _COMPARISONS.items():
        if name.endswith(suffix) and len(name) > len(suffix):
            steps = name.removesuffix(suffix).split(".")
            return lambda item: all(compare(read_field(item, steps), text) for text in wanted)
    steps = name.split(".")
    return lambda item: any(equals(read_field(item, steps), text) for text in wanted)


_COMPARISONS: Final[Mapping[str, Callable[[Any, str], bool]]] = {
    "_gte": lambda found, text: order(found, text) in (0, 1),
    "_lte": lambda found, text: order(found, text) in (0, -1),
    "_gt": lambda found, text: order(found, text) == 1,
    "_lt": lambda found, text: order(found, text) == -1,
    "_ne": lambda found, text: not equals(found, text),
    "_like": lambda found, text: any(text.casefold() in word.casefold() for word in words(found)),
}
