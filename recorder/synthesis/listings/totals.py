"""Totals: numbers of items that are sums over rows of others, as balances are over the lines of entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import permutations
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.looks import Look, looks_at
from recorder.synthesis.listings.sources import Source, sources_of
from recorder.synthesis.samples.amounts import amount, amounts_in
from recorder.synthesis.samples.kinds import kinds_of
from recorder.synthesis.samples.values import Path, leaves, look
from recorder.synthesis.terms.only import Only
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member

Measure: TypeAlias = tuple[str, str]
"""What is added up, and what is taken off, each "" for nothing; both empty: how many rows there are."""
Row: TypeAlias = tuple[dict[str, Decimal], dict[str, Any]]
"""The amounts of a row, and the item that it is of."""
RowsOf: TypeAlias = Callable[[Source], Sequence[Row]]
"""Gives the rows of a source that name an item."""
_MOST_SEEN: Final = 500
_MOST_AMOUNTS: Final = 5
_MOST_PLACES: Final = 12
_DEEPEST: Final = 3
_LEAST_TENTHS: Final = 9
_LEAST_DISTINCT: Final = 2
_LEAST_APART: Final = 3
_BETTER: Final = 0.03
_LIKE_OTHERS: Final = 0.05
_TWO: Final = 2
_ANSWER: Final = "{{ vars.answer.json }}"
_STEADY_TENTHS: Final = 8
_LEAST_STEADY: Final = 8


@dataclass(frozen=True, slots=True)
class Way:
    """How it is added up: `only` says of which items, `by` which measure for which value of the item's field `kind`."""

    only: Only | None
    by: Mapping[Any, Measure]
    kind: str = ""

    def measure(self, item: Mapping[str, Any]) -> Measure | None:
        """Give what is added up for an item."""
        kind = item.get(self.kind) if self.kind else next(iter(self.by))
        return None if isinstance(kind, list | dict) else self.by.get(kind)


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """A part of the items of a collection that is a sum; `digits` after the point where it is a text, else None.

    One that `drifts` is another than the sum after calls whose rows nobody saw, and goes on from there.
    With a `base` it is what that comes to with the sum added or taken off, as what is free of a balance without holds.
    """

    collection: Collection
    path: Path
    source: Source
    way: Way
    digits: int | None
    base: Total | None = None
    sign: str = "-"
    drifts: bool = False
    rows: dict[tuple[int, int, str], dict[str, list[dict[str, Any]]]] = field(default_factory=dict, repr=False)
    """Rows by what they name, once they were looked for: by session, moment and how their keys begin."""

    @property
    def member(self) -> str:
        """The member of the items in which it stands."""
        return str(self.path[0])

    @property
    def sources(self) -> set[str]:
        """The collections from which it is worked out."""
        return {self.source.name} | (self.base.sources if self.base is not None else set())

    def of(self, rows_of: RowsOf, item: Mapping[str, Any]) -> Decimal | None:
        """Give what the rows of sources that name an item come to, None where nothing tells how."""
        measure = self.way.measure(item)
        if measure is None:
            return None
        made = _sum(rows_of(self.source), self.way.only, measure)
        base = self.base.of(rows_of, item) if self.base is not None else Decimal()
        return None if base is None else base - made if self.base is not None and self.sign == "-" else base + made

    def shown(self, made: Decimal) -> Any:
        """Give an amount as items show it."""
        if self.digits is not None:
            return f"{made:.{self.digits}f}"
        return int(made) if made == made.to_integral_value() else float(made)

    def text(self, prefix: str, item: str) -> str:
        """Write it for the item that an expression gives; `prefix` writes how the keys of what is summed begin."""
        made = self.plain(prefix, item)
        return made if self.digits is None else f"({made} | fixed({self.digits}))"

    def plain(self, prefix: str, item: str) -> str:
        """Write it as a number, whatever items show it as."""
        rows = self.source.text(prefix, self.way.only, member(item, self.collection.id_path or ()))
        made = self.said(rows, item)
        return made if self.base is None else f"(({self.base.plain(prefix, item)} {self.sign} {made}) | round(6))"

    def reached(self, prefix: str, item: str, saves: Sequence[Mapping[str, Any]]) -> str:
        """Write what it comes to after some saves; what drifts goes on from what the item shows."""
        made = self.went_on(prefix, item, saves) if self.drifts else self.plain(prefix, item)
        return made if self.digits is None else f"({made} | fixed({self.digits}))"

    def went_on(self, prefix: str, item: str, saves: Sequence[Mapping[str, Any]]) -> str:
        """Write what the item shows with what the rows come to that a call makes, as a number."""
        wanted = member(item, self.collection.id_path or ())
        if self.base is not None:
            rows = self.source.text(prefix, self.way.only, wanted)
            return f"(({self.base.went_on(prefix, item, saves)} {self.sign} {self.said(rows, item)}) | round(6))"
        shown = f"({member(item, self.path)} | default(0)" + (")" if self.digits is None else " | float)")
        own = [one for one in saves if one.get("in") == self.source.name]
        new = [one for one in own if "merge" not in one and "delete" not in one]
        if not own:
            return shown
        if len(new) != 1 or self.way.only is not None:
            return self.plain(prefix, item)
        said = new[0].get("item")
        made = "vars.made" if new[0].get("as") == "made" else "vars.answer.json" if said == _ANSWER else ""
        rows = self.source.said_of(f"[{made}]", wanted)
        return f"(({shown} + {self.said(rows, item)}) | round(6))" if made else self.plain(prefix, item)

    def said(self, rows: str, item: str, does: str = "net") -> str:
        """Write what rows, given as an expression, come to for an item; `does` is the function that adds up."""
        texts: dict[str, list[Any]] = defaultdict(list)
        for kind, (plus, minus) in self.way.by.items():
            off = f", {literal(minus)}" if minus else ""
            texts[f"{does}({rows}, {literal(plus)}{off})" if plus else f"({rows} | length)"].append(kind)
        *choices, (last, _) = texts.items()
        made = last
        for text, kinds in reversed(choices):
            made = f"({text} if {member(item, (self.way.kind,))} in {literal(kinds)} else {made})"
        return made


def find_totals(
    scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collections: Sequence[Collection]
) -> list[Total]:
    """Find the members of items that are always what rows that name them come to."""
    seen = looks_at(scenes, bindings)
    timelines = {scene.sample.session: scene.timeline for scene in scenes}
    found: list[Total] = []
    for collection in collections:
        looks = seen.get(collection.name, [])
        looks = looks[:: max(1, len(looks) // _MOST_SEEN)]
        names = _moving(looks) if collection.id_path is not None else []
        if names:
            kept = [_Summed(source, looks) for source in sources_of(collection, collections, timelines)]
            told = [total for name in names if (total := _total(collection, name, looks, kept)) is not None]
            own = _bases(told)
            left = [name for name in names if all(one.path != name for one in own)] if own else []
            beside = [total for name in left if (total := _beside(name, own, looks, kept)) is not None]
            known = {one.path for one in [*own, *beside]}
            found += [*own, *beside, *(one for one in told if one.path not in known)]
    return found


def _bases(told: Sequence[Total]) -> list[Total]:
    """Give the sums beside which others may be told: of those that drift from one source the one that has two sides."""
    best: dict[Source, Total] = {}
    for one in (one for one in told if one.drifts):
        known = best.get(one.source)
        if known is None or _sides(one) > _sides(known):
            best[one.source] = one
    return [one for one in told if not one.drifts or best[one.source] is one]


def _sides(one: Total) -> int:
    return sum(bool(plus) + bool(minus) for plus, minus in one.way.by.values())


class _Summed:
    """What the rows of a source come to in each way, for each of the items that were seen."""

    def __init__(self, source: Source, looks: Sequence[Look]) -> None:
        self.source = source
        self.looks = looks
        by_link: dict[tuple[int, int, str], dict[str, list[Row]]] = {}
        rows: list[list[Row]] = []
        for one in looks:
            scene, prefix = one.scene, source.prefix(one.key)
            place = (scene.sample.session, scene.moment, prefix)
            if place not in by_link:
                by_link[place] = defaultdict(list)
                for row, item in source.rows(scene.timeline, prefix, scene.moment + 1):
                    by_link[place][source.named(row)].append((amounts_in(row), item))
            rows.append(by_link[place].get(one.key.rpartition("/")[2], []))
        items = list({id(item): item for inside in rows for _, item in inside}.values())
        counts = Counter(name for inside in rows for amounts, _ in inside for name in amounts)
        names = [name for name, _ in counts.most_common(_MOST_AMOUNTS)]
        names = names if source.view is None else [name for name in source.view.sides if name in counts]
        onlies = [None, *(one for field, values in kinds_of(items) for one in _onlies(field, values))]
        onlies += _undone(items)
        measures = [("", ""), *((name, "") for name in names), *permutations(names, 2)]
        self.ways: dict[tuple[Only | None, Measure], list[Decimal]] = {
            (only, measure): [_sum(inside, only, measure) for inside in rows] for only in onlies for measure in measures
        }


def _onlies(field: str, values: Sequence[Any]) -> Iterator[Only]:
    """Give which items may count by a field: those of a kind, or where there are more than two all but those."""
    yield from (Only(field, value) for value in values)
    yield from (Only(field, value, but=True) for value in values if len(values) > _TWO)


def _undone(items: Sequence[Mapping[str, Any]]) -> Iterator[Only]:
    """Give that items count which are null where others have a text, as when they were archived."""
    nulls, texts = (
        Counter(name for item in items for name, value in item.items() if isinstance(value, kind))
        for kind in (type(None), str)
    )
    yield from (Only(name, None) for name, count in nulls.items() if min(count, texts[name]) >= _LEAST_DISTINCT)


def _sum(rows: Sequence[Row], only: Only | None, measure: Measure) -> Decimal:
    counted = [amounts for amounts, item in rows if only is None or only.counts(item)]
    plus, minus = measure
    if not plus:
        return Decimal(len(counted))
    nothing = Decimal()
    return sum((one.get(plus, nothing) - (one.get(minus, nothing) if minus else 0) for one in counted), nothing)


def _moving(looks: Sequence[Look]) -> list[Path]:
    """Give the parts of items that were amounts and not always the same; what stands in lists is none."""
    known: dict[tuple[int, str, Path], Decimal] = {}
    moved: Counter[Path] = Counter()
    for one in looks:
        for path, given in leaves(one.item, longest_list=0):
            value = amount(given)
            if value is not None and len(path) <= _DEEPEST:
                moved[path] += known.setdefault((one.scene.sample.session, one.key, path), value) != value
    return [path for path, count in moved.most_common(_MOST_PLACES) if count >= _LEAST_DISTINCT]


def _total(collection: Collection, path: Path, looks: Sequence[Look], kept: Sequence[_Summed]) -> Total | None:
    places = [place for place, one in enumerate(looks) if amount(look(one.item, path)) is not None]
    wanted = [amount(look(looks[place].item, path)) for place in places]
    if len(path) > 1 and len(places) * 10 < len(looks) * _LEAST_TENTHS:
        return None  # what only some answers show of an item would be shown by all from then on
    best: tuple[float, Source, Way] | None = None
    for summed in kept:
        for right, way in _ways(summed, looks, places, wanted):
            if best is None or right > best[0]:
                best = right, summed.source, way
    drifts = best is not None and best[0] * 10 < len(places) * _LEAST_TENTHS
    if best is None or (drifts and not _is_steady(best[1], best[2], [looks[place] for place in places], path, kept)):
        return None
    texts = [text for place in places if isinstance(text := look(looks[place].item, path), str)]
    digits = len(texts[0].partition(".")[2]) if texts else None
    return Total(collection, path, best[1], best[2], digits, drifts=drifts)


def _is_steady(source: Source, way: Way, looks: Sequence[Look], path: Path, kept: Sequence[_Summed]) -> bool:
    """Tell whether a number goes with a sum but for what calls that show no rows add to it now and then."""
    summed = next(one for one in kept if one.source is source)
    place_of = {id(one): place for place, one in enumerate(summed.looks)}
    apart: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    told: set[Decimal] = set()
    steady = 0
    for one in looks:
        measure, value = way.measure(one.item), amount(look(one.item, path))
        if measure is None or value is None:
            continue
        item, left = (one.scene.sample.session, one.key), value - summed.ways[way.only, measure][place_of[id(one)]]
        steady += apart[item] == left
        told |= {value} if not left else set()
        apart[item] = left
    right = sum(not left for left in apart.values())
    return steady * 10 >= len(looks) * _STEADY_TENTHS and right * _TWO >= len(apart) and len(told) >= _LEAST_STEADY


def _beside(path: Path, own: Sequence[Total], looks: Sequence[Look], kept: Sequence[_Summed]) -> Total | None:
    """Tell a number as another one that is a sum, with what other rows come to added or taken off."""
    best: tuple[float, Total] | None = None
    text = next((one for look_at in looks if isinstance(one := look(look_at.item, path), str)), None)
    digits = None if text is None else len(text.partition(".")[2])
    for base, sign in ((base, sign) for base in own for sign in "-+"):
        apart = _apart(path, base, sign, looks)
        some = [place for place, over in apart.items() if over]
        for summed in kept if len(some) >= _LEAST_APART else ():
            if summed.source.name == base.source.name or summed.source.shared != base.source.shared:
                continue
            for right, way in _ways(summed, looks, list(apart), list(apart.values())):
                measure = next(iter(way.by.values()))
                hits = sum(summed.ways[way.only, measure][place] == apart[place] for place in some)
                is_often = right * 10 >= len(apart) * _LEAST_TENTHS and hits * 10 >= len(some) * _LEAST_TENTHS
                if not way.kind and is_often and (best is None or right > best[0]):
                    best = right, Total(base.collection, path, summed.source, way, digits, base, sign, base.drifts)
    return None if best is None else best[1]


def _apart(path: Path, base: Total, sign: str, looks: Sequence[Look]) -> dict[int, Decimal]:
    """Give by how much a number is more than another one, or less, in each of the looks that show both."""
    pairs = [(amount(look(one.item, path)), amount(look(one.item, base.path))) for one in looks]
    return {
        place: value - of if sign == "+" else of - value
        for place, (value, of) in enumerate(pairs)
        if value is not None and of is not None
    }


def _ways(
    summed: _Summed, looks: Sequence[Look], places: Sequence[int], wanted: Sequence[Any]
) -> Iterator[tuple[float, Way]]:
    """Give ways of adding up with how often each came to what was wanted; a plainer one counts a little more."""
    best = 0.0
    for (only, measure), sums in summed.ways.items():
        hits = [sums[place] == value for place, value in zip(places, wanted, strict=True)]
        told = {value for value, hit in zip(wanted, hits, strict=True) if hit and value}
        right = sum(hits) - _cost(only, measure)
        if len(told) >= _LEAST_DISTINCT and right > best:
            best = right
            yield right, Way(only, {None: measure})
    if best * 50 > len(places) * 49:
        return
    # That kinds differ takes more to say than that they do not; which items count is told by any that do not.
    least = best + len(places) * _BETTER
    for name, _ in kinds_of([looks[place].item for place in places]):
        for only in dict.fromkeys(only for only, _ in summed.ways):
            found = _by_kind(summed, looks, places, wanted, name, only)
            if found is not None and found[0] > max(best, least):
                best = found[0]
                yield found


def _by_kind(
    summed: _Summed,
    looks: Sequence[Look],
    places: Sequence[int],
    wanted: Sequence[Any],
    field: str,
    only: Only | None,
) -> tuple[float, Way] | None:
    """Give the way in which each kind of item has a measure of its own."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        kind = looks[place].item.get(field)
        if isinstance(kind, list | dict):
            return None
        groups[kind].append(number)
    by: dict[Any, Measure] = {}
    right = 0.0
    told: set[Any] = set()
    for kind, numbers in sorted(groups.items(), key=lambda one: -len(one[1])):
        hits, measure = max(
            (
                (
                    sum(sums[places[number]] == wanted[number] for number in numbers)
                    - _cost(only, measure)
                    + _LIKE_OTHERS * (measure in by.values() or measure[::-1] in by.values()),
                    measure,
                )
                for (one, measure), sums in summed.ways.items()
                if one == only and measure[0]
            ),
            default=(0.0, ("", "")),
        )
        if hits > 0 and measure[0]:
            by[kind] = measure
            right += hits
            told |= {wanted[number] for number in numbers if wanted[number]}
    return (right, Way(only, by, field)) if len(told) >= _LEAST_DISTINCT and len(by) == len(groups) else None


def _cost(only: Only | None, measure: Measure) -> float:
    return 0.02 * bool(measure[1]) + 0.04 * (only is not None) + 0.01 * (only is not None and only.but)
