"""Left out: what a list does not give though nothing was asked, as what somebody holds, and all beyond so many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.listings.listing import Draft, Listing

_MOST: Final = 4
_MOST_SIZES: Final = 2
Change: TypeAlias = Callable[[Draft], Draft]


def last_words(plain: Sequence[Listing], listings: Sequence[Listing]) -> Iterator[Change]:
    """Give what may be said of a list when all else is: how many it gives when nobody says, and what it leaves out."""
    sizes = {len(one.given) for one in plain if not one.query and len(one.given) < len(one.pool)} - {0}
    yield from map(_of_size, sorted(sizes, reverse=True)[:_MOST_SIZES])
    yield from left_out(listings)


def left_out(listings: Sequence[Listing]) -> Iterator[Change]:
    """Give what leaves out items that have a member which few that are given have, as what somebody holds."""
    left: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for one in listings:
        for key, item in zip(one.ids, one.pool, strict=True):
            (given if key in one.given else left).update(item.keys() if isinstance(item, dict) else ())
    names = sorted((name for name in left if left[name] > 2 * given[name]), key=lambda name: given[name])
    yield from map(_lacking, names[:_MOST])


def _of_size(size: int) -> Change:
    return lambda draft: {**draft, "page": {**draft.get("page", {}), "size": size}}


def _lacking(name: str) -> Change:
    test: dict[str, Any] = {"field": name, "op": "present", "value": "false"}
    return lambda draft: {**draft, "where": [*draft.get("where", []), test]}
