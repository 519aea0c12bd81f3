"""Statements and reports: answers that tell of the rows behind totals, of one item or of all, perhaps of some days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from cassettes.conventions import part_by_name
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.limits import Limits, limits_of
from recorder.synthesis.listings.slices import Slice, find_slice, is_in_order, slice_terms
from recorder.synthesis.listings.totals import Measure, Total
from recorder.synthesis.samples.amounts import amount, amounts_in
from recorder.synthesis.samples.kinds import kinds_of
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look, parts
from recorder.synthesis.terms.request_terms import query_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Get, Term, literal, member

_COST: Final = 1.6
_OFTEN: Final = 0.8
_LOOKED_AT: Final = 40
_TRIED: Final = 30
Rows = list[dict[str, Any]]


def report_terms(
    endpoint: Endpoint,
    binding: Binding,
    scenes: Sequence[Scene],
    lookups: Mapping[str, Lookup],
    totals: Sequence[Total],
) -> Iterator[Term]:
    """Give the terms of what is added up: the rows of the item that a call names, and all items with their sums."""
    if endpoint.method not in ("GET", "HEAD") and not binding.lists_by_call:
        return
    told = [scene for scene in scenes if scene.sample.succeeded]
    if not told:
        return
    mains: dict[tuple[str, str, str | None], Total] = {}
    for total in (one for one in totals if one.base is None):
        known = mains.get((total.collection.name, total.source.name, total.source.field))
        if known is None or _is_signed(total) > _is_signed(known):
            mains[total.collection.name, total.source.name, total.source.field] = total
    for total in mains.values():
        named = [name for name, one in lookups.items() if one.collection == total.collection.name and one.by is None]
        limits = list(limits_of(total.source, told)) if named or _lists_of(total, told) else []
        statements = [_Statement(endpoint, total, one, name) for name in named[:1] for one in limits]
        if statements:
            yield from max(statements, key=lambda one: one.fit(told)).terms(told)
        yield from _reports(endpoint, binding, total, limits, told)


def _is_signed(total: Total) -> int:
    """Tell how much of a balance a total is: what is taken off counts most, and what only counts rows nothing."""
    return sum(2 * bool(minus) + bool(plus) for plus, minus in total.way.by.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Statement:
    """The rows that name one item, within limits, and what they come to."""

    endpoint: Endpoint
    total: Total
    limits: Limits
    name: str

    def terms(self, scenes: Sequence[Scene]) -> Iterator[Term]:
        """Give the rows with what they come to so far, what they came to before the limits, and at their end."""
        total, limits, item = self.total, self.limits, f"vars.{self.name}"
        prefix = key_term(self.endpoint, total.source.shared, trailing=True).text
        wanted = member(item, total.collection.id_path or ())
        rows = total.source.text(prefix, total.way.only, wanted)
        if limits.field:
            rows = f"({rows} | sort(attribute={literal(limits.path)}))"
        is_counted = not any(plus for plus, _ in total.way.by.values())
        shown = limits.text(rows if is_counted else total.said(rows, item, "running"))
        last = replace(limits, first=None).text(rows)
        uses = frozenset({self.name})
        since = limits.first
        yield Term(shown, self._rows(None), "lines", _COST, uses)
        yield Term(f"({shown} | length)", lambda scene: _length(self._shown(scene)), "total", _COST + 0.1, uses)
        yield Term(total.said(last, item), self._net(first=False), "closing", _COST + 0.1, uses)
        if since is not None:
            after = replace(limits, last=None).text(rows)
            text = f"({total.said(rows, item)} - {total.said(after, item)})"
            yield Term(text, self._net(first=True), "opening", _COST + 0.2, uses)
        yield from self._pages(shown, scenes, uses)
        yield from self._slices(shown, rows, item, scenes, uses)

    def fit(self, scenes: Sequence[Scene]) -> int:
        """Tell in how many answers what they come to, or how many there are, is told."""
        right = 0
        for scene in scenes[:: max(1, len(scenes) // _TRIED)]:
            shown, closing = self._shown(scene), self._net(first=False)(scene)
            told = {amount(value) for _, value in leaves(scene.sample.answer_json, longest_list=0)}
            lists = [value for _, value in parts(scene.sample.answer_json, longest_list=0) if isinstance(value, list)]
            right += shown is not None and (len(shown) in told or any(len(one) == len(shown) for one in lists))
            right += closing is not MISSING and Decimal(str(closing)) in told
            right += is_in_order(scene, self._amounts(scene) or ())
        return right

    def _slices(
        self, shown: str, rows: str, item: str, scenes: Sequence[Scene], uses: frozenset[str]
    ) -> Iterator[Term]:
        given = {one.sample.number: found for one in scenes if (found := self._amounts(one)) is not None}
        part = find_slice(scenes, given) if self.limits.first is None and self.limits.last is None else None
        if part is not None:
            text = f"({shown})[{part.begin_text}:{part.end_text}]"
            yield Term(text, self._sliced(part), "lines", _COST, uses)
            yield from slice_terms(part, rows, lambda some: self.total.said(some, item), self._amounts, uses)

    def _sliced(self, part: Slice) -> Get:
        def get(scene: Scene) -> Any:
            found = self._shown(scene)
            return MISSING if found is None else found[part.begin(scene) : part.end(scene)]

        return _kept(get)

    def _amounts(self, scene: Scene) -> list[Decimal] | None:
        found = self._all(scene)
        return None if found is None else [net_of([row], found[1]) for row in found[0]]

    def _pages(self, shown: str, scenes: Sequence[Scene], uses: frozenset[str]) -> Iterator[Term]:
        names = list(dict.fromkeys(name for scene in scenes for name in scene.sample.query))
        number = next((name for name in names if part_by_name(name) == "number"), None)
        limit = next((name for name in names if part_by_name(name) == "limit"), None)
        if number is None or limit is None:
            return
        size = _usual_size(limit, scenes)
        of, page = f"({member('request.query', (limit,))} | default({size}) | int)", member("request.query", (number,))
        text = f"({shown})[((({page} | default(1) | int) - 1) * {of}):][:{of}]"
        paged = _Page(query_term(number), query_term(limit), size)
        yield Term(text, self._rows(paged), "lines", _COST, uses)
        count = f"(({shown} | length) / {of}) | round(0, 'ceil') | int"
        yield Term(f"({count})", lambda scene: _pages_of(self._shown(scene), paged.size(scene)), "pages", 1.8, uses)

    def _rows(self, page: _Page | None) -> Get:
        def get(scene: Scene) -> Any:
            found = self._shown(scene)
            return found if found is None or page is None else page.of(found, scene)

        return _kept(lambda scene: MISSING if (found := get(scene)) is None else found)

    def _all(self, scene: Scene) -> tuple[Rows, Measure] | None:
        item, key = scene.looked_up(self.name), scene.key_of(self.name)
        measure = self.total.way.measure(item) if isinstance(item, dict) else None
        if measure is None:
            return None
        rows = rows_for(self.total, scene, key)
        if self.limits.field:
            rows = sorted(rows, key=lambda row: as_text(row["of"].get(self.limits.field)))
        return rows, measure

    def _shown(self, scene: Scene) -> Rows | None:
        found = self._all(scene)
        if found is None:
            return None
        rows, measure = found
        reached = Decimal()
        made: Rows = [] if measure[0] else rows
        for row in rows if measure[0] else ():
            reached += net_of([row], measure)
            made.append({**row, "net": plain(reached), "nth": len(made) + 1})
        kept = self.limits.kept(made, scene)
        if self.total.source.field is not None:
            return kept
        return [{name: value for name, value in row.items() if name != "of"} for row in kept]

    def _net(self, *, first: bool) -> Get:
        def get(scene: Scene) -> Any:
            found = self._all(scene)
            if found is None:
                return MISSING
            rows, measure = found
            if first:
                after = Limits(self.limits.field, self.limits.first).kept(rows, scene)
                return plain(net_of(rows, measure) - net_of(after, measure))
            return plain(net_of(Limits(self.limits.field, None, self.limits.last).kept(rows, scene), measure))

        return get


@dataclass(frozen=True, slots=True)
class _Page:
    number: Term
    limit: Term
    usual: int

    def size(self, scene: Scene) -> int:
        return _whole(self.limit.get(scene), self.usual)

    def of(self, rows: Rows, scene: Scene) -> Rows:
        size = self.size(scene)
        start = (_whole(self.number.get(scene), 1) - 1) * size
        return rows[start:][:size]


def _whole(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() else otherwise


def _usual_size(limit: str, scenes: Sequence[Scene]) -> int:
    """Give how many are shown where nothing is asked: what the answer says then, else very many."""
    for scene in scenes:
        if limit not in scene.sample.query:
            for path, value in parts(scene.sample.answer_json):
                if path and path[-1] == limit and isinstance(value, int):
                    return value
    return 1000


def _length(rows: Rows | None) -> Any:
    return MISSING if rows is None else len(rows)


def _pages_of(rows: Rows | None, size: int) -> Any:
    return MISSING if rows is None or size < 1 else -(-len(rows) // size)


def _kept(get: Get) -> Get:
    """Remember what is worked out for a scene: it is asked for many times."""
    known: dict[int, tuple[Scene, Any]] = {}

    def found(scene: Scene) -> Any:
        if id(scene) not in known:
            known[id(scene)] = scene, get(scene)
        return known[id(scene)][1]

    return found


def rows_for(total: Total, scene: Scene, key: str) -> Rows:
    """Give the rows that name the item of a key, each with its item as `of`."""
    source, only, wanted = total.source, total.way.only, key.rpartition("/")[2]
    prefix = source.prefix(key)
    place = (scene.sample.session, scene.moment, prefix)
    if place not in total.rows:
        by_link: dict[str, Rows] = {}
        for row, item in source.rows(scene.timeline, prefix, scene.moment):
            if only is None or only.counts(item):
                by_link.setdefault(source.named(row), []).append({**row, "of": item})
        total.rows[place] = by_link
    return total.rows[place].get(wanted, [])


def net_of(rows: Rows, measure: Measure) -> Decimal:
    """Give what rows come to."""
    plus, minus = measure
    if not plus:
        return Decimal(len(rows))
    amounts = [amounts_in(row) for row in rows]
    nothing = Decimal()
    return sum((one.get(plus, nothing) - (one.get(minus, nothing) if minus else 0) for one in amounts), nothing)


def plain(made: Decimal) -> int | float:
    """Give a number as JSON writes it."""
    return int(made) if made == made.to_integral_value() else float(made)


@dataclass(frozen=True, slots=True, eq=False)
class _Report:
    """The items of a collection with what their rows within limits come to; perhaps only some of the items."""

    endpoint: Endpoint
    total: Total
    limits: Limits
    kind: tuple[str, Any] | None
    is_moved: bool
    is_sorted: bool

    @property
    def shared(self) -> int:
        return self.total.collection.count - 1

    def rows(self, scene: Scene) -> Rows:
        collection, made = self.total.collection, []
        prefix = "".join(f"{scene.params.get(name, '')}/" for name in self.endpoint.params[: self.shared])
        for key, item in scene.timeline.under(collection.name, prefix, scene.moment).items():
            if not isinstance(item, dict) or (self.kind is not None and item.get(self.kind[0]) != self.kind[1]):
                continue
            rows = self.limits.kept(rows_for(self.total, scene, key), scene)
            measure = self.total.way.measure(item)
            if measure is not None and (rows or not self.is_moved):
                made.append({**item, "net": plain(net_of(rows, _one_way(self.total))), "moves": len(rows)})
        own = collection.id_path or ()
        return sorted(made, key=lambda row: as_text(look(row, own))) if self.is_sorted else made

    def term(self) -> Term:
        total = self.total
        prefix = key_term(self.endpoint, self.shared, trailing=True).text
        items = f"resource.{total.collection.name}.under({prefix})"
        if self.kind is not None:
            items = f"keep_rows({items}, {literal(self.kind[0])}, {literal(self.kind[1])})"
        below = key_term(self.endpoint, total.source.shared, trailing=True).text
        own = total.collection.id_path or ()
        rows = self.limits.text(total.source.text(below, total.way.only, member("row", own)))
        plus, minus = _one_way(total)
        net = f"net({rows}, {literal(plus)}{f', {literal(minus)}' if minus else ''})" if plus else f"({rows} | length)"
        text = f"each({items}, merge(row, {{'net': {net}, 'moves': ({rows} | length)}}))"
        if self.is_moved:
            text = f"({text} | rejectattr('moves', 'eq', 0))"
        if self.is_sorted:
            text = f"({text} | sort(attribute={literal(own[0])}))"
        return Term(text, _kept(self.rows), "rows", _COST)


def _one_way(total: Total) -> Measure:
    """Give the measure of items of the first kind: what has a sign of its own by kind is turned around from it."""
    return next(iter(total.way.by.values()))


def _lists_of(total: Total, scenes: Sequence[Scene]) -> dict[Path, str]:
    """Give the lists in answers whose objects name items of the collection, with the member that does."""
    found: dict[Path, str] = {}
    for scene in scenes[:_LOOKED_AT]:
        ids = {key.rpartition("/")[2] for key in scene.timeline.under(total.collection.name, "", scene.moment)}
        for path, value in parts(scene.sample.answer_json, longest_list=0):
            if path in found or not isinstance(value, list) or not value or not isinstance(value[0], dict):
                continue
            for name, inner in value[0].items():
                if isinstance(inner, str | int) and as_text(inner) in ids:
                    if all(isinstance(row, dict) and as_text(row.get(name)) in ids for row in value):
                        found[path] = name
                    break
    return found


def _reports(
    endpoint: Endpoint, binding: Binding, total: Total, limits: Sequence[Limits], scenes: Sequence[Scene]
) -> Iterator[Term]:
    if binding.collection is total.collection and binding.rows is not None:
        return
    if len(endpoint.params) < total.collection.count - 1:
        return
    items = [item for scene in scenes[:_LOOKED_AT] for item in scene.held(total.collection.name)]
    kinds = [(field, value) for field, values in kinds_of(items) for value in values]
    for path, name in _lists_of(total, scenes).items():
        given = [(scene, _ids(scene.sample.answer_json, path, name)) for scene in scenes]
        usable = [(scene, ids) for scene, ids in given if ids is not None]
        usable = usable[:: max(1, len(usable) // _TRIED)]
        best: tuple[float, float, _Report] | None = None
        for one in limits:
            reports = [
                _Report(endpoint, total, one, kind, is_moved, is_sorted)
                for kind in (None, *kinds)
                for is_moved in (False, True)
                for is_sorted in (False, True)
            ]
            fitting = [(share, report) for report in reports if (share := _share(report, usable)) >= _OFTEN]
            if fitting:
                share, report = max(fitting, key=lambda found: found[0])
                told = _told(report, [scene for scene, _ in usable], path)
                if best is None or (told, share) > best[:2]:
                    best = told, share, report
        if best is not None:
            yield best[2].term()


def _told(report: _Report, scenes: Sequence[Scene], path: Path) -> float:
    """Tell how many of the rows in answers have the amount that is added up for them."""
    right = 0
    for scene in scenes:
        shown = look(scene.sample.answer_json, path)
        for row, told in zip(report.rows(scene), shown if isinstance(shown, list) else (), strict=False):
            amounts = {abs(found) for found in amounts_in(told).values()}
            right += abs(Decimal(str(row["net"]))) in amounts
    return right


def _ids(answer: Any, path: Path, name: str) -> list[str] | None:
    for step in path:
        answer = answer.get(step) if isinstance(answer, dict) else None
    return [as_text(row.get(name)) for row in answer] if isinstance(answer, list) else None


def _share(report: _Report, given: Sequence[tuple[Scene, list[str]]]) -> float:
    own = report.total.collection.id_path or ()
    right = sum([as_text(look(row, own)) for row in report.rows(scene)] == ids for scene, ids in given)
    return right / len(given) if given else 0.0
