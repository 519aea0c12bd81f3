"""What is asked: the scalars of a request that may speak of an item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cassettes.conventions import part_by_name
from recorder.synthesis.samples.values import MISSING, Path, leaves
from recorder.synthesis.terms.callers import own_headers
from recorder.synthesis.terms.request_terms import (
    cookie_term,
    form_term,
    header_term,
    json_term,
    query_term,
    username_term,
)
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, applied

MONTH: Final = 7
"""How many signs of a date tell the month."""
_MOST_SCENES: Final = 60
_MOST_MEMBERS: Final = 40
_OF_PAGES: Final = ("limit", "number", "offset")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ])")


def asked_terms(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the scalars of the request that may speak of an item.

    Of very many members of bodies those that most calls send: others may be called as the caller likes, as words with
    their meanings. Which part of a list is wanted names nothing, though a small number might.
    """
    some = scenes[:_MOST_SCENES]
    operation = scenes[0].endpoint.operation if scenes else None
    aside = operation.envelope if operation is not None else ()
    paths: Counter[Path] = Counter()
    for scene in some:
        for path, value in leaves(scene.sample.json, longest_list=0) if isinstance(scene.sample.json, dict) else ():
            if len(path) <= 3 and path[:1] and path[0] not in aside and may_refer(value):
                paths[path] += 1
    most = sorted(paths, key=lambda path: (-paths[path], len(path), path))[:_MOST_MEMBERS]
    named = list(map(json_term, sorted(most, key=lambda path: (len(path), path))))
    yield from named
    yield from _months(named, some)
    for name in sorted({name for scene in some for name in scene.sample.form}):
        yield form_term(name)
    is_read = not _is_write(scenes)
    for name in sorted({name for scene in some for name in scene.sample.query}):
        if not (is_read and part_by_name(name) in _OF_PAGES):
            yield query_term(name)
    if any(scene.sample.auth.username for scene in scenes):
        yield username_term()
    yield from map(header_term, own_headers(some))
    for name in sorted({name for scene in some for name in scene.sample.cookies}) if _is_write(scenes) else ():
        yield cookie_term(name)


def _months(terms: Sequence[Term], scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the months of the dates that are sent: periods of books are known by them."""
    for term in terms:
        given = [value for scene in scenes if (value := term.get(scene)) is not MISSING]
        if sum(_begins_a_month(value) for value in given) * 2 > len(given):
            yield applied(f"{{}}[:{MONTH}]", term, _month_of, 0.5)


def _begins_a_month(value: Any) -> bool:
    return isinstance(value, str) and _DATE.match(value) is not None


def _month_of(value: Any) -> Any:
    return value[:MONTH] if _begins_a_month(value) else MISSING


def _is_write(scenes: Sequence[Scene]) -> bool:
    return bool(scenes) and scenes[0].endpoint.method not in ("GET", "HEAD", "OPTIONS")


def may_refer(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
