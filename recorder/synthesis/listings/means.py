"""Means: numbers of items that are averages over rows of others, as what a product's reviews give it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.looks import Look, looks_at
from recorder.synthesis.listings.recounts import placed, renewal
from recorder.synthesis.listings.sources import Source, sources_of
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.samples.amounts import amounts_in
from recorder.synthesis.samples.values import MISSING, Path, is_number, leaves, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member
from recorder.synthesis.terms.timeline import Timeline

_MOST_SEEN: Final = 500
_DEEPEST: Final = 3
_LEAST_TENTHS: Final = 9
_LEAST_DISTINCT: Final = 2
_MOST_DIGITS: Final = 4
"""An average with more digits after the point is not rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Mean:
    """A part of the items of a collection that is an average of `measure`; `nothing` stands where there are no rows."""

    collection: Collection
    path: Path
    source: Source
    measure: str
    digits: int | None
    nothing: Any

    @property
    def member(self) -> str:
        """The member of the items in which it stands."""
        return str(self.path[0])

    def of(self, amounts: Sequence[Decimal]) -> Any:
        """Give the average as the template function `mean` does."""
        if not amounts:
            return self.nothing
        made = float(sum(amounts, Decimal())) / len(amounts)
        return made if self.digits is None else round(made, self.digits)

    def text(self, prefix: str, item: str) -> str:
        """Write it for the item that an expression gives; `prefix` writes how the keys of the rows begin."""
        rows = self.source.text(prefix, None, member(item, self.collection.id_path or ()))
        return f"mean({rows}, {literal(self.measure)}, {literal(self.digits)}, {literal(self.nothing)})"


def find_means(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    collections: Sequence[Collection],
    totals: Sequence[Total],
) -> list[Mean]:
    """Find the members of items that are always what rows that name them have on average, and no sums."""
    timelines = {scene.sample.session: scene.timeline for scene in scenes}
    found: list[Mean] = []
    for name, looks in looks_at(scenes, bindings).items():
        collection = next((one for one in collections if one.name == name), None)
        if collection is None or collection.id_path is None:
            continue
        seen = looks[:: max(1, len(looks) // _MOST_SEEN)]
        told = {total.path for total in totals if total.collection is collection}
        paths = [path for path in _broken(seen) if path not in told]
        sources = sources_of(collection, collections, timelines) if paths else ()
        known = [(source, _amounts(source, seen)) for source in sources if source.view is None]
        found += [mean for path in paths if (mean := _mean(collection, path, seen, known)) is not None]
    return found


def _broken(looks: Sequence[Look]) -> list[Path]:
    """Give the parts of items that are numbers, or nothing, and not always whole, as no average is for long."""
    numbers: dict[Path, set[Any]] = defaultdict(set)
    for one in looks:
        for path, value in leaves(one.item, longest_list=0):
            if len(path) <= _DEEPEST:
                numbers[path].add(value if value is None or is_number(value) else MISSING)
    return [
        path
        for path, values in numbers.items()
        if MISSING not in values
        and len(values - {None}) >= _LEAST_DISTINCT
        and any(value is not None and value != int(value) for value in values)
    ]


def _amounts(source: Source, looks: Sequence[Look]) -> list[dict[str, list[Decimal]]]:
    """Give for each look the amounts of the rows that name its item, by the member of the rows in which they stand."""
    by_link: dict[tuple[int, int, str], dict[str, dict[str, list[Decimal]]]] = {}
    found = []
    for one in looks:
        prefix = source.prefix(one.key)
        place = (one.scene.sample.session, one.scene.moment, prefix)
        if place not in by_link:
            by_link[place] = _by_link(source, one.scene.timeline, prefix, one.scene.moment + 1)
        found.append(by_link[place].get(one.key.rpartition("/")[2], {}))
    return found


def _by_link(source: Source, timeline: Timeline, prefix: str, moment: int) -> dict[str, dict[str, list[Decimal]]]:
    found: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for row, _ in source.rows(timeline, prefix, moment):
        for name, value in amounts_in(row).items():
            found[source.named(row)][name].append(value)
    return found


def _mean(
    collection: Collection,
    path: Path,
    looks: Sequence[Look],
    known: Sequence[tuple[Source, list[dict[str, list[Decimal]]]]],
) -> Mean | None:
    """Give the average that a part of items is, None where it is none of those that rows have."""
    places = [place for place, one in enumerate(looks) if look(one.item, path) is not MISSING]
    wanted = {place: look(looks[place].item, path) for place in places}
    if len(path) > 1 and len(places) * 10 < len(looks) * _LEAST_TENTHS:
        return None  # what only some answers show of an item would be shown by all from then on
    most = max(len(str(value).partition(".")[2]) for value in wanted.values() if is_number(value))
    digits = most if most <= _MOST_DIGITS else None
    best: tuple[int, Mean] | None = None
    for source, amounts in known:
        for measure in sorted({name for inside in amounts for name in inside}):
            empty = [wanted[place] for place in places if not amounts[place].get(measure)]
            nothing = next((one for one in empty if not one), None)
            mean = Mean(collection, path, source, measure, digits, nothing)
            right = [place for place in places if same(mean.of(amounts[place].get(measure, ())), wanted[place])]
            several = {wanted[place] for place in right if len(set(amounts[place].get(measure, ()))) > 1}
            told = {wanted[place] for place in right if amounts[place].get(measure)}
            is_told = len(told) >= _LEAST_DISTINCT and several and len(right) * 10 >= len(places) * _LEAST_TENTHS
            if is_told and (best is None or len(right) > best[0]):
                best = len(right), mean
    return None if best is None else best[1]


def remeans(means: Sequence[Mean], endpoint: Endpoint, saved: set[str]) -> Iterator[dict[str, Any]]:
    """Give the saves that work averages out anew where something was saved in the collections of their rows."""
    groups: dict[tuple[str, int], list[Mean]] = defaultdict(list)
    for one in means:
        if one.source.name in saved and len(endpoint.params) >= one.source.shared:
            groups[one.collection.name, one.source.shared].append(one)
    for (name, shared), inside in groups.items():
        prefix = key_term(endpoint, shared, trailing=True).text
        yield renewal(name, prefix if shared else "", {one.path: one.text(prefix, "vars.row") for one in inside})


def average(means: Sequence[Mean], timeline: Timeline, moment: int) -> None:
    """Have items show what their rows have on average after a moment, where rows changed in it."""
    for mean in means:
        if not timeline.changed(mean.source.name, moment):
            continue
        name = mean.collection.name
        rows: dict[str, dict[str, dict[str, list[Decimal]]]] = {}
        for key, item in timeline.under(name, "", moment + 1).items():
            prefix = mean.source.prefix(key)
            if prefix not in rows:
                rows[prefix] = _by_link(mean.source, timeline, prefix, moment + 1)
            made = mean.of(rows[prefix].get(key.rpartition("/")[2], {}).get(mean.measure, ()))
            if (
                isinstance(item, dict)
                and not same(look(item, mean.path), made)
                and look(item, mean.path) is not MISSING
            ):
                timeline.put(name, key, placed(timeline.get(name, key, moment + 1), mean.path, made), moment)
