"""Sent lists: calls that are sent rows which a list shows from then on, or shows no more; several members name each.

So are relations that are written and deleted many at once, and then read: rows without ids, and receipts for them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection, SentRows
from recorder.synthesis.collections.compound import Compound
from recorder.synthesis.collections.places import lists_in, place_of_rows
from recorder.synthesis.collections.queries import selector_of
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, Path, canon, look, rows_at

_WRITES: Final = ("POST", "PUT", "PATCH", "DELETE")
_FEWEST_ROWS: Final = 4
_LEAST: Final = 2
_TENTHS: Final = 9
_SOME: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Way:
    """Where calls are sent rows: the list, and in each row the part that has the members."""

    endpoint: Endpoint
    sent: Path
    inner: Path

    def parts(self, sample: Sample) -> list[dict[str, Any]]:
        found = (look(row, self.inner) for row in rows_at(sample.json, self.sent))
        return [one for one in found if isinstance(one, dict)]


@dataclass(frozen=True, slots=True)
class _Look:
    """A list that an answer showed: by which call, what was asked, and the keys of its rows."""

    number: int
    asked: object
    keys: frozenset[str]


def find_sent_lists(
    endpoints: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding], taken: set[str]
) -> list[Collection]:
    """Bind calls that are sent such rows, and the list that shows them, to collections of their own."""
    found: list[Collection] = []
    free = [one for one in endpoints if _is_free(one, bindings[one])]
    ways = [way for one in free if one.method in _WRITES for way in _ways(one)]
    for lister in free if ways else ():
        place = place_of_rows(lister)
        beside = [way for way in ways if _above(way.endpoint.template) == _above(lister.template)]
        if place is None or not beside or not _may_list(lister):
            continue
        for base in _bases(lister, place):
            compound, own = _compound(lister, place, base, beside)
            written = _written(lister, place, compound, own) if compound is not None else {}
            if compound is None or not any(written.values()):
                continue
            collection = Collection(
                (*_above(lister.template), name := _name(lister, place, taken), None), name, compound=compound
            )
            for way, puts in written.items():
                bindings[way.endpoint].sent_rows.append(SentRows(collection, way.sent, way.inner, removes=not puts))
            _bind_list(lister, bindings[lister], collection, place)
            found.append(collection)
            break
    return found


def _is_free(endpoint: Endpoint, binding: Binding) -> bool:
    """Tell whether nothing is known yet of what an endpoint does with items."""
    is_known = binding.entity is not None or binding.rows is not None or binding.bulk or binding.shown_bulk
    return binding.role in ("none", "action") and not (is_known or binding.also or endpoint.operation is not None)


def _may_list(endpoint: Endpoint) -> bool:
    good = [sample for sample in endpoint.samples if sample.succeeded]
    return endpoint.method in READS or all(isinstance(sample.json, dict) for sample in good)


def _above(template: Template) -> Template:
    while template and template[-1] is not None:
        template = template[:-1]
    return template


def _ways(endpoint: Endpoint) -> Iterator[_Way]:
    """Give where an endpoint is sent rows."""
    found: dict[tuple[Path, Path], None] = {}
    for sample in endpoint.samples if any(one.succeeded for one in endpoint.samples) else ():
        for sent, rows in lists_in(sample.json) if sample.succeeded and sample.json is not MISSING else ():
            objects = [row for row in rows if isinstance(row, dict)]
            if objects and len(objects) == len(rows):
                found |= {(sent, inner): None for inner in _inner(objects)}
    return (_Way(endpoint, *one) for one in found)


def _inner(rows: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    """Give where in rows the parts may be that tell them apart: in all the same place."""
    yield ()
    yield from ((name,) for name in rows[0] if all(isinstance(row.get(name), dict) for row in rows))


def _bases(endpoint: Endpoint, place: Path) -> list[Path]:
    return list(_inner([row for _, rows in _lists(endpoint, place) for row in rows]))


def _lists(endpoint: Endpoint, place: Path) -> Iterator[tuple[Sample, list[dict[str, Any]]]]:
    for sample in endpoint.samples:
        if sample.succeeded:
            yield sample, [row for row in rows_at(sample.answer_json, place) if isinstance(row, dict)]


def _compound(lister: Endpoint, place: Path, base: Path, ways: Sequence[_Way]) -> tuple[Compound | None, list[_Way]]:
    """Give the members that the rows of a list and of calls have in common, where these tell them apart."""
    shown = _scalars([look(row, base) for _, rows in _lists(lister, place) for row in rows])
    alike = {way: [one for one in _scalars(_sent(way)) if one in shown] for way in ways}
    own = [way for way, names in alike.items() if len(names) >= _LEAST]
    members = tuple(name for name in shown if own and all(name in alike[way] for way in own))
    made = Compound(base, members)
    if len(members) < _LEAST or not _are_told_apart(lister, place, made, own):
        return None, []
    return made, own


def _sent(way: _Way) -> list[dict[str, Any]]:
    return [one for sample in way.endpoint.samples if sample.succeeded for one in way.parts(sample)]


def _scalars(rows: Sequence[Any]) -> list[str]:
    """Give the members that are texts or whole numbers in all rows."""
    names = rows[0] if rows and all(isinstance(row, dict) for row in rows) else ()
    return [name for name in names if all(type(row.get(name)) in (str, int) for row in rows)]


def _are_told_apart(lister: Endpoint, place: Path, compound: Compound, ways: Sequence[_Way]) -> bool:
    """Tell whether no list has a key twice, nearly all keys were sent before, and no member alone would do."""
    sent: dict[int, dict[str, int]] = defaultdict(dict)
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for way in ways:
        for sample in way.endpoint.samples if _sent(way) else ():
            for part in way.parts(sample) if sample.succeeded else ():
                own = sent[sample.session]
                key = str(compound.key(part))
                own[key] = min(sample.number, own.get(key, sample.number))
                rows[sample.session].append(part)
    known: list[bool] = []
    for sample, some in _lists(lister, place):
        keys = [str(compound.key_in(row)) for row in some]
        if len(set(keys)) < len(keys):
            return False
        known += [sent[sample.session].get(key, sample.number) < sample.number for key in keys]
    are_known = len(known) >= _FEWEST_ROWS and sum(known) * 10 >= len(known) * _TENTHS
    return are_known and all(_is_shared(name, compound, rows.values()) for name in compound.members)


def _is_shared(name: str, compound: Compound, sessions: Any) -> bool:
    """Tell whether rows of one session have the same member and are told apart by others."""
    for rows in sessions:
        keys: dict[object, set[str]] = defaultdict(set)
        for row in rows:
            keys[canon(row[name])].add(str(compound.key(row)))
        if any(len(own) > 1 for own in keys.values()):
            return True
    return False


def _written(lister: Endpoint, place: Path, compound: Compound, ways: Sequence[_Way]) -> dict[_Way, bool]:
    """Give the ways by which rows are put into a list, with true, and by which they are taken out of it."""
    looks: dict[int, list[_Look]] = defaultdict(list)
    for sample, rows in _lists(lister, place):
        asked = canon([sample.query, sample.json if sample.json is not MISSING else None, sample.path])
        keys = frozenset(str(compound.key_in(row)) for row in rows)
        looks[sample.session].append(_Look(sample.number, asked, keys))
    events: dict[tuple[int, str], list[tuple[int, _Way]]] = defaultdict(list)
    for way in ways:
        for sample in way.endpoint.samples:
            for part in way.parts(sample) if sample.succeeded else ():
                events[sample.session, str(compound.key(part))].append((sample.number, way))
    seen: dict[_Way, Counter[str]] = defaultdict(Counter)
    for (session, key), found in events.items():
        found.sort(key=lambda one: one[0])
        ends = [number for number, _ in found[1:]]
        for nth, ((number, way), end) in enumerate(zip(found, [*ends, None], strict=True)):
            seen[way][_verdict(key, looks[session], number, end, is_known=nth > 0)] += 1
    puts = {way: True for way, told in seen.items() if told["shown"] >= _LEAST and _is_nearly_all("shown", told)}
    drops = {way: False for way, told in seen.items() if told["gone"] and _is_nearly_all("gone", told)}
    return puts | drops


def _is_nearly_all(verdict: str, told: Counter[str]) -> bool:
    return told[verdict] * 10 >= (told.total() - told[""]) * _TENTHS


def _verdict(key: str, looks: Sequence[_Look], number: int, end: int | None, *, is_known: bool) -> str:
    """Tell whether lists show a row from a call on, until the next one sends it; "" where none tells.

    Lists that may leave it out are those which were asked otherwise than when they had it. What `is_known` was sent
    before, and is gone then.
    """
    later = [one for one in looks if one.number > number and (end is None or one.number < end)]
    if any(key in one.keys for one in later):
        return "shown"
    before = [one for one in looks if one.number < number and key in one.keys]
    had, whole = {one.asked for one in before}, _plainest(looks)
    if not any(one.asked in had or one.asked == whole for one in later):
        return ""
    return "gone" if before or is_known else "never there"


def _plainest(looks: Sequence[_Look]) -> object:
    """Give what was asked when most was shown."""
    return max(looks, key=lambda one: len(one.keys)).asked


def _bind_list(endpoint: Endpoint, binding: Binding, collection: Collection, place: Path) -> None:
    if binding.role == "action" and binding.collection is not None:
        binding.parents = [*binding.parents, (binding.collection, binding.collection.count)]
    binding.role, binding.collection, binding.rows = "collection", collection, place
    binding.is_elsewhere, binding.above = True, collection.count - 1
    if endpoint.method in READS:
        return
    binding.lists_by_call = True
    binding.selector = selector_of(endpoint, place, collection.compound.place if collection.compound else (), _SOME)
    for sample in endpoint.samples:
        sample.asks_in_body = True


def _name(endpoint: Endpoint, place: Path, taken: set[str]) -> str:
    words = [*(part for part in endpoint.template if part), *(str(step) for step in place if isinstance(step, str))]
    name = re.sub(r"\W+", "_", words[-1]).strip("_").lower() if words else ""
    name = name if name[:1].isalpha() else f"c_{name or 'rows'}"
    while name in taken:
        name += "_"
    taken.add(name)
    return name
