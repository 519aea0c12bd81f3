"""Terms of a page: what an answer can tell of the page of a list that it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import OWNER, Scene
from recorder.synthesis.terms.term import Term

_PAGE: Final = (
    "total",
    "all",
    "offset",
    "limit",
    "page",
    "pages",
    "has_more",
    "has_previous",
    "next_page",
    "previous_page",
    "next_offset",
    "previous_offset",
    "next_cursor",
)
_MISTAKES: Final = ("unknown", "unread")


def mistake_terms() -> Iterator[Term]:
    """Give the conditions that a list is asked for what cannot be: by what nothing has, or in no filter expression."""
    for name in _MISTAKES:
        yield Term(f"vars.list.{name} is not none", _is_there(name), "query.", 0.3, frozenset({"list"}))


def page_terms(collection: str) -> Iterator[Term]:
    """Give the terms of `vars.list` for a list of a collection."""
    uses = frozenset({"list"})
    yield Term(f"{MARK}{collection}{MARK}vars.list.items{MARK}", _of_list("items"), "items", 0.9, uses)
    for name in _PAGE:
        yield Term(f"vars.list.{name}", _of_list(name), name, 1.1, uses)
    for name in _MISTAKES:
        yield Term(f"vars.list.{name}", _said(name), name, 1.0, uses)
    yield Term("vars.list.last", _of_list("last"), "last", 1.2, uses)
    yield Term("(vars.list.pages or 1)", lambda scene: _of_list("pages")(scene) or 1, "pages", 1.15, uses)
    yield Term("([vars.list.pages - 1, 0] | max)", _last_page, "last", 1.2, uses)
    start = "([vars.list.pages - 1, 0] | max) * (vars.list.limit or 0)"
    yield Term(f"({start})", _start_of_last_page, "last", 1.25, uses)
    yield Term("(vars.list.items | length)", _count, "count", 1.0, uses)
    left = "([vars.list.total - vars.list.offset - (vars.list.items | length), 0] | max)"
    yield Term(left, _left, "left", 1.25, uses)


def _of_list(name: str) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        found = scene.values.get("list")
        value = found.get(name, MISSING) if isinstance(found, dict) else MISSING
        return list(map(_without_owner, value)) if name == "items" and isinstance(value, list) else value

    return get


def _said(name: str) -> Callable[[Scene], Any]:
    return lambda scene: MISSING if (value := _of_list(name)(scene)) is None else value


def _is_there(name: str) -> Callable[[Scene], bool]:
    return lambda scene: _of_list(name)(scene) not in (MISSING, None)


def _without_owner(item: Any) -> Any:
    if not isinstance(item, dict) or OWNER not in item:
        return item
    return {name: value for name, value in item.items() if name != OWNER}


def _last_page(scene: Scene) -> Any:
    """Give the number of the last page where pages are counted from 0."""
    pages = _of_list("pages")(scene)
    return max(pages - 1, 0) if isinstance(pages, int) else MISSING


def _left(scene: Scene) -> Any:
    """Give how many items follow the page that is shown."""
    total, offset = _of_list("total")(scene), _of_list("offset")(scene)
    is_known = isinstance(total, int) and isinstance(offset, int)
    return max(total - offset - _count(scene), 0) if is_known else MISSING


def _start_of_last_page(scene: Scene) -> Any:
    """Give how many items come before those of the last page."""
    number, limit = _last_page(scene), _of_list("limit")(scene)
    return number * (limit or 0) if isinstance(number, int) else MISSING


def _count(scene: Scene) -> int:
    return len(scene.values.get("list", {}).get("items", ()))
