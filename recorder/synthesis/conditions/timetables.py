"""Timetables: rows of fixed times, placed on the day that is asked for, with what takes them, as lookups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.nodes.node import Table
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, same
from recorder.synthesis.terms.request_terms import path_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, constant, literal, member
from recorder.timetable import day_of, on_day

ALWAYS: Final = "always"
_NOTHING: Final = constant([])


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """The items of a collection that take a row, as their time, from the field `begins` to `ends`, overlaps it.

    Where `ends` is "", the time is a beginning that is the row's own. `owner` is a field of items that has to be what
    is asked for; items whose field has one of the words in `but`, a pair of both, take nothing.
    """

    collection: str
    begins: str
    ends: str = ""
    owner: tuple[str, Term] | None = None
    but: tuple[str, tuple[str, ...]] = ("", ())

    def text(self, begin: str, end: str) -> str:
        """Write the item that takes the row from `begin` to `end`."""
        items = f"resource.{self.collection}.all()"
        if self.owner is not None:
            items = f"keep_rows({items}, {literal(self.owner[0])}, {self.owner[1].text})"
        for word in self.but[1]:
            items = f"drop_rows({items}, {literal(self.but[0])}, {literal(word)})"
        if not self.ends:
            return f"find({items}, {literal(self.begins)}, {begin})"
        return f"overlapping({items}, {literal(self.begins)}, {literal(self.ends)}, {begin}, {end})"

    def items(self, scene: Scene) -> list[dict[str, Any]]:
        """Give the items of a scene that may take a row."""
        held = [item for item in scene.held(self.collection) if isinstance(item, dict)]
        if self.owner is not None:
            name, term = self.owner
            wanted = term.get(scene)
            held = [item for item in held if is_scalar(wanted) and as_text(item.get(name)) == as_text(wanted)]
        return [item for item in held if as_text(item.get(self.but[0])) not in self.but[1]] if self.but[1] else held

    def takes(self, item: Mapping[str, Any], begin: str, end: str) -> bool:
        """Tell whether an item takes the row of this time."""
        begins, ends = item.get(self.begins), item.get(self.ends)
        if not self.ends:
            return begins == begin
        return isinstance(begins, str) and isinstance(ends, str) and begins < end and begin < ends


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The rows of a list at a path of an endpoint's answers, as they are on every day.

    `day` is what says which day, `kinds` what else tells which rows there are, and `by_weekday` whether the day of the
    week does. `times` are the members of rows that begin and end its time. `flag` is the member that tells whether a
    row is taken, with its two `words`, of what is free first; "" where taken rows are left out. `only` is the query
    parameter and the value with which they are left out.
    """

    endpoint: Endpoint
    path: Path
    day: Term
    kinds: tuple[Term, ...]
    by_weekday: bool
    times: tuple[str, str]
    rows: dict[str, list[dict[str, Any]]] = field(repr=False)
    flag: str = ""
    words: tuple[Any, Any] = (True, False)
    takings: tuple[Taking, ...] = ()
    only: tuple[Term, str] | None = None

    @property
    def table(self) -> Table:
        """What the rows are kept in."""
        return Table(f"timetable_of_{self.name}", self.day, self.rows, [])

    @property
    def name(self) -> str:
        """What the rows are called: as their list is, or else as the last word of the path."""
        words = [*self.endpoint.path.split("/"), *self.path]
        last = next(word for word in reversed(words) if isinstance(word, str) and word and not word.startswith("{"))
        return re.sub(r"\W+", "_", last).strip("_").lower() or "rows"

    def key(self, scene: Scene, day: date, kinds: Sequence[Term]) -> str:
        """Give under which key the rows of a day are kept."""
        words = [as_text(term.get(scene)) for term in kinds] + ([f"{day:%a}"] if self.by_weekday else [])
        return "/".join(words) or ALWAYS

    def rows_of(self, scene: Scene, day: date, kinds: Sequence[Term]) -> list[dict[str, Any]]:
        """Give the rows of such a day: those of the weekday, else those of the kind, else some."""
        key = self.key(scene, day, kinds)
        kind = key.rpartition("/")[0] or ALWAYS
        return self.rows.get(key) or self.rows.get(kind) or next(iter(self.rows.values()))

    def placed_text(self, day: str, kinds: Sequence[Term]) -> str:
        """Write the rows of a day."""
        rows = f"resource.{self.table.name}"
        kind = " ~ '/' ~ ".join(term.text for term in kinds)
        found = f"{rows}.get({kind or literal(ALWAYS)})"
        if self.by_weekday:
            lead = f"{kind} ~ '/' ~ " if kind else ""
            found = f"{rows}.get({lead}date({day}, format='%a')) | default({found})"
        return f"on_days({found} | default(({rows}.all() | first)), {day})"

    def placed(self, scene: Scene, asked: Any, kinds: Sequence[Term]) -> Any:
        """Give the rows of a day, MISSING where none is asked for."""
        day = day_of(asked)
        return MISSING if day is None else on_day(self.rows_of(scene, day, kinds), day)

    def span(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """Give from when to when a row's time is."""
        begin, end = str(row.get(self.times[0], "")), row.get(self.times[1])
        day = day_of(begin)
        return begin, end if isinstance(end, str) else (day + timedelta(days=1)).isoformat() if day is not None else ""

    def free_text(self) -> str:
        """Write that nothing takes `row`."""
        begin = member("row", (self.times[0],))
        end = member("row", (self.times[1],)) if self.times[1] else f"date({begin}, offset='+1d', format='date')"
        return " and ".join(f"{taking.text(begin, end)} is none" for taking in self.takings)

    def taken(self, scene: Scene, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Tell of each row whether something takes it."""
        spans = [self.span(row) for row in rows]
        held = [(taking, taking.items(scene)) for taking in self.takings]
        return [any(taking.takes(item, *span) for taking, items in held for item in items) for span in spans]


@dataclass(frozen=True, slots=True, eq=False)
class Placed(Lookup):
    """The rows of the day that is asked for; with `times`, the name under which these are, whether they are taken."""

    timetable: Timetable | None = None
    times: str = ""

    @property
    def text(self) -> str:
        """The expression of the rows."""
        table = self.timetable
        assert table is not None
        if not self.times:
            return table.placed_text(self.key.text, table.kinds)
        free = table.free_text()
        if not table.flag:
            marked = f"each(vars.{self.times}, merge(row, {{'_free': {free}}}))"
            return f"without(keep_rows({marked}, '_free', true), '_free')"
        words = [literal(word) for word in table.words]
        told = free if table.words == (True, False) else f"({words[0]} if {free} else {words[1]})"
        return f"each(vars.{self.times}, merge(row, {{{literal(table.flag)}: {told}}}))"

    def find(self, scene: Scene) -> tuple[str, Any]:
        """Give the rows."""
        table = self.timetable
        assert table is not None
        rows = table.placed(scene, self.key.get(scene), table.kinds)
        if not self.times:
            return "", rows
        rows = rows if rows is not MISSING else []
        taken = table.taken(scene, rows)
        if not table.flag:
            return "", [row for row, one in zip(rows, taken, strict=True) if not one]
        return "", [{**row, table.flag: table.words[one]} for row, one in zip(rows, taken, strict=True)]


def timetable_lookups(
    endpoint: Endpoint, scenes: Sequence[Scene], timetables: Sequence[Timetable], asked: Sequence[Term],
    known: Mapping[str, Lookup],
) -> dict[str, Lookup]:  # fmt: skip
    """Give the rows that an endpoint shows, and the one that its requests name by when it begins."""
    found: dict[str, Lookup] = {}
    for one in timetables:
        name = one.name
        if one.endpoint is endpoint:
            times = f"{name}_of_the_day" if one.takings else f"all_{name}"
            found[times] = Placed(times, "", one.day, one.times[0], None, _NOTHING, one)
            if one.takings:
                own = f"all_{name}"
                day = replace(one.day, uses=one.day.uses | {times})
                found[own] = Placed(own, "", day, one.times[0], None, _NOTHING, one, times)
        else:
            chosen = _chosen(one, scenes, asked, known, f"chosen_{singular(name)}")
            if chosen is not None:
                found[chosen.name] = chosen
    return {name: one for name, one in found.items() if name not in known}


def _chosen(
    timetable: Timetable, scenes: Sequence[Scene], asked: Sequence[Term], known: Mapping[str, Lookup], name: str
) -> Lookup | None:
    """Give the row that is named by when it begins, where nearly all that was accepted named one."""
    if timetable.times[1] == "":  # a whole day is no row that is chosen
        return None
    begins = timetable.times[0]
    for term in asked:
        fine = [scene for scene in scenes if scene.sample.succeeded and day_of(term.get(scene)) is not None]
        if len(fine) < 3:
            continue
        for kinds in _kinds(timetable, fine, asked, known):
            within = Term(timetable.placed_text(term.text, kinds), _rows_for(timetable, term, kinds), name)
            uses = frozenset(use for kind in kinds for use in kind.uses)
            lookup = Lookup(name, "", Term(term.text, term.get, term.name, term.cost, uses), begins, None, within)
            if all(lookup.find(scene)[1] is not MISSING for scene in fine):
                return lookup
    return None


def _rows_for(timetable: Timetable, day: Term, kinds: Sequence[Term]) -> Any:
    return lambda scene: timetable.placed(scene, day.get(scene), kinds)


def _kinds(
    timetable: Timetable, scenes: Sequence[Scene], asked: Sequence[Term], known: Mapping[str, Lookup]
) -> Iterator[tuple[Term, ...]]:
    """Give what may tell here which rows there are: what is called so, what is sent, or a field of an item."""
    if len(timetable.kinds) != 1:
        if not timetable.kinds:
            yield ()
        return
    words = {key.split("/")[0] for key in timetable.rows}
    params = map(path_term, scenes[0].endpoint.sent_in_path)
    for term in [*params, *asked, *_fields(scenes, known)]:
        if all(as_text(term.get(scene)) in words for scene in scenes):
            yield (term,)


def _fields(scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> Iterator[Term]:
    for name, lookup in known.items():
        item = lookup.find(scenes[0])[1]
        for member_name, value in item.items() if isinstance(item, dict) else ():
            if isinstance(value, str):
                yield Term(
                    member(f"vars.{name}", (member_name,)), _field(lookup, member_name), member_name, 1.3,
                    frozenset({name}),
                )  # fmt: skip


def _field(lookup: Lookup, name: str) -> Any:
    def get(scene: Scene) -> Any:
        item = lookup.find(scene)[1]
        return item.get(name, MISSING) if isinstance(item, dict) else MISSING

    return get


def shown_terms(lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the rows that are shown, where taken ones are left out at times, and how many are free."""
    for name, one in lookups.items():
        if not isinstance(one, Placed) or not one.times or one.timetable is None or not one.timetable.flag:
            continue
        table = one.timetable
        free = f"keep_rows(vars.{name}, {literal(table.flag)}, {literal(table.words[0])})"
        yield Term(f"({free} | length)", _count_of_free(name, table), "free", 1.2, frozenset({name}))
        if table.only is not None:
            sent, word = table.only
            text = f"({free} if {sent.text} == {literal(word)} else vars.{name})"
            yield Term(text, _shown(name, table), table.name, 1.1, frozenset({name}) | sent.uses)


def _free(name: str, table: Timetable, scene: Scene) -> list[Any]:
    return [row for row in scene.looked_up(name) if same(row.get(table.flag), table.words[0])]


def _count_of_free(name: str, table: Timetable) -> Any:
    return lambda scene: len(_free(name, table, scene))


def _shown(name: str, table: Timetable) -> Any:
    def get(scene: Scene) -> Any:
        assert table.only is not None
        sent, word = table.only
        return _free(name, table, scene) if sent.get(scene) == word else scene.looked_up(name)

    return get
