"""Plain lists: collections that are only ever listed, as an audit log or a list of places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import own_field, place_of_rows
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, as_text, canon, is_word, look

_LEAST: Final = 2
_FEWEST_ROWS: Final = 4


def find_plain_lists(
    endpoints: Sequence[Endpoint],
    bindings: Mapping[Endpoint, Binding],
    taken: set[str],
) -> list[Collection]:
    """Bind endpoints that list rows with ids, which nothing else has to do with, to collections of their own."""
    found: list[Collection] = []
    ids = _made_ids(endpoints, bindings)
    for endpoint in endpoints:
        binding = bindings[endpoint]
        is_free = binding.role == "none" or (binding.role == "action" and binding.entity is None)
        if (
            endpoint.method != "GET"
            or not is_free
            or binding.also
            or not endpoint.template
            or not endpoint.template[-1]
        ):
            continue
        place = place_of_rows(endpoint)
        lists = _lists(endpoint, place) if place is not None else []
        field = own_field(lists) or _serial_field(lists)
        if place is None or field is None or not _are_kept(endpoint, place, field):
            continue
        if endpoint.operation is not None and _are_of_others(endpoint, place, ids):
            continue
        collection = Collection((*endpoint.template, None), _name(endpoint, taken), field)
        if binding.role == "action" and binding.collection is not None:
            binding.parents = [*binding.parents, (binding.collection, binding.collection.count)]
        binding.role, binding.collection, binding.rows = "collection", collection, place
        found.append(collection)
    return found


def _serial_field(lists: Sequence[Sequence[dict[str, Any]]]) -> Path | None:
    """Give the field whose whole numbers count through each list, as those of a feed do; None where there is none.

    What counts up from the same number in all lists is the place of a row in its list, and names nothing.
    """
    rows = [row for found in lists for row in found]
    several = [found for found in lists if len(found) > 1]
    if len(rows) < _FEWEST_ROWS or len(several) < _LEAST:
        return None
    for name in rows[0]:
        if not all(isinstance(row.get(name), int) and not isinstance(row[name], bool) for row in rows):
            continue
        numbers = [[int(row[name]) for row in found] for found in lists]
        steps = [other - one for found in numbers for one, other in pairwise(found)]
        begun = {found[0] for found in numbers if found}
        is_one_way = all(step > 0 for step in steps) or all(step < 0 for step in steps)
        is_place = steps[0] > 0 and len(begun) == 1
        if is_one_way and not is_place and sum(abs(step) == 1 for step in steps) * 2 >= len(steps):
            return (name,)
    return None


def _made_ids(endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> set[tuple[int, str]]:
    """Give the ids that sessions were told when they made items."""
    return {
        (sample.session, as_text(look(sample.answer_json, made)))
        for endpoint in endpoints
        for sample in endpoint.samples
        if sample.succeeded and isinstance(made := bindings[endpoint].made, tuple)
    }


def _are_of_others(endpoint: Endpoint, place: Path, ids: set[tuple[int, str]]) -> bool:
    """Tell whether most rows are about one item each, and name it: a report on items, nothing that is kept itself."""
    about: dict[str, list[bool]] = defaultdict(list)
    for sample in endpoint.samples:
        rows = look(sample.answer_json, place) if sample.succeeded else None
        named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        for name in dict.fromkeys(name for row in named for name in row):
            values = [as_text(row.get(name)) for row in named]
            about[name] += [(sample.session, one) in ids and values.count(one) == 1 for one in values]
    return any(len(told) >= _FEWEST_ROWS and sum(told) * 10 >= len(told) * 8 for told in about.values())


def _lists(endpoint: Endpoint, place: Path) -> list[list[dict[str, Any]]]:
    found = (look(sample.answer_json, place) for sample in endpoint.samples if sample.succeeded)
    return [[row for row in rows if isinstance(row, dict)] for rows in found if isinstance(rows, list)]


def _are_kept(endpoint: Endpoint, place: Path, field: Path) -> bool:
    """Tell whether rows are kept, not worked out: each id stands once in a list, and is of the same row later on.

    Below several items the same ids may be of other rows, and a row that goes from one word to the next is still it.
    """
    seen: dict[tuple[int, str, str], set[object]] = defaultdict(set)
    for sample in endpoint.samples:
        rows = look(sample.answer_json, place) if sample.succeeded else None
        ids = [as_text(look(row, field)) for row in rows] if isinstance(rows, list) else []
        if len(ids) != len(set(ids)):
            return False
        for own, row in zip(ids, rows if isinstance(rows, list) else (), strict=True):
            seen[sample.session, "/".join(endpoint.values(sample)), own].add(canon(_but_states(row)))
    changing = sum(len(forms) > _LEAST for forms in seen.values())
    return len(seen) >= _LEAST and changing * 4 <= len(seen)


def _but_states(row: Any) -> Any:
    """Give a row without what may only tell how it is at the moment: flags and words."""
    if not isinstance(row, dict):
        return row
    return {name: value for name, value in row.items() if not isinstance(value, bool) and not is_word(value)}


def _name(endpoint: Endpoint, taken: set[str]) -> str:
    words = [part for part in endpoint.template if part]
    name = re.sub(r"\W+", "_", words[-1]).strip("_").lower() or "rows"
    name = name if name[:1].isalpha() else f"c_{name}"
    while name in taken:
        name += "_"
    taken.add(name)
    return name
