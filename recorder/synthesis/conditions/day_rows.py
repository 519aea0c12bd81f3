"""Rows of a day: which lists are the same rows on every day that is asked for, and what takes some of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import permutations
from typing import Any, Final, TypeAlias

from recorder.synthesis.conditions.timetables import ALWAYS, Taking, Timetable
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, canon, common, is_scalar, look, parts, same
from recorder.synthesis.terms.request_terms import path_term, query_term
from recorder.synthesis.terms.scene import GONE, HIDDEN, Scene
from recorder.synthesis.terms.term import Term, alike
from recorder.timetable import day_of, on_day, without_day

Row: TypeAlias = dict[str, Any]
_LEAST: Final = 3
_SOME: Final = 60
_MOST_ROWS: Final = 400
_MOST_DATES: Final = 4
_MOST_WORDS: Final = 8
_WRONG: Final = 20
"""Of so many rows that something takes, one may be told as free."""
_UNTOLD: Final = 4
"""Of so many rows that are taken, nothing known needs to take one."""
_PAIR: Final = 2
_ENDED: Final = re.compile(r"cancel|declin|reject|expire|release|withdraw|void|no.?show|refund|delete", re.IGNORECASE)
"""What the state of an item is called everywhere that takes nothing any more."""
_A_DAY: Final = len("{0}")


@dataclass(frozen=True, slots=True)
class _Case:
    """What one answer showed: its rows as they would be on any day, of the day that was asked for."""

    scene: Scene
    day: date
    rows: list[Row]


@dataclass(slots=True)
class _Seen:
    """The rows of one case: all that there are on such a day, and of each whether it was taken."""

    scene: Scene
    rows: list[Row]
    taken: list[bool]
    shows_all: bool
    spans: list[tuple[str, str]] = field(default_factory=list)


def find_timetables(scenes: Mapping[Endpoint, Sequence[Scene]]) -> list[Timetable]:
    """Give the lists that are timetables: one of each endpoint at most."""
    found = []
    for endpoint, inside in scenes.items():
        fine = [one for one in inside if one.sample.succeeded and isinstance(one.sample.answer_json, dict | list)]
        if endpoint.method not in READS or len(fine) < _LEAST:
            continue
        fine = fine[:: len(fine) // _SOME + 1]
        made = next(_timetables(endpoint, fine), None)
        if made is not None:
            found.append(made)
    return found


def _timetables(endpoint: Endpoint, scenes: Sequence[Scene]) -> Iterator[Timetable]:
    names = dict.fromkeys(name for scene in scenes for name in scene.sample.query)
    asked = [*map(path_term, endpoint.sent_in_path), *map(query_term, names)]
    days = [term for term in asked if all(day_of(term.get(scene)) is not None for scene in scenes)]
    for path in _lists(scenes) if days else ():
        for day in days:
            cases = _cases(scenes, day, path)
            if len(cases) >= _LEAST and len({case.day for case in cases}) > 1:
                others = [term for term in asked if term is not day]
                made = _learnt(endpoint, path, day, cases, others)
                if made is not None:
                    yield made


def _lists(scenes: Sequence[Scene]) -> list[Path]:
    found: dict[Path, None] = {}
    for scene in scenes[:10]:
        for path, value in parts(scene.sample.answer_json, longest_list=0):
            if isinstance(value, list) and len(value) > 1 and all(isinstance(row, dict) for row in value):
                found.setdefault(path)
    return list(found)


def _cases(scenes: Sequence[Scene], day: Term, path: Path) -> list[_Case]:
    """Give what each answer shows, nothing where some row has a time that no day tells."""
    cases = []
    for scene in scenes:
        first, rows = day_of(day.get(scene)), look(scene.sample.answer_json, path)
        if first is None or not isinstance(rows, list) or len(rows) > _MOST_ROWS:
            return []
        made = [_on_any_day(row, first) for row in rows]
        if None in made:
            return []
        cases.append(_Case(scene, first, [row for row in made if row is not None]))
    return cases


def _on_any_day(row: Any, first: date) -> Row | None:
    if not isinstance(row, dict):
        return None
    made = {}
    for name, value in row.items():
        is_dated = day_of(value) is not None
        made[name] = without_day(value, first) if is_dated else value
        if is_dated and made[name] is None:
            return None
    return made


def _learnt(
    endpoint: Endpoint, path: Path, day: Term, cases: Sequence[_Case], asked: Sequence[Term]
) -> Timetable | None:
    times = _times([row for case in cases for row in case.rows])
    if times is None:
        return None
    bare = Timetable(endpoint, path, day, (), by_weekday=False, times=times, rows={})
    kinds: list[tuple[Term, ...]] = [(), *((term,) for term in asked if _are_words(term, cases))]
    for chosen in kinds:
        for by_weekday in (False, True):
            kept = replace(bare, kinds=chosen, by_weekday=by_weekday)
            made = _with_rows(kept, cases)
            if made is not None:
                return _with_takings(*made, cases, asked)
    return None


def _are_words(term: Term, cases: Sequence[_Case]) -> bool:
    values = [term.get(case.scene) for case in cases]
    return all(isinstance(value, str) for value in values) and len(set(values)) * 2 <= len(values)


def _times(rows: Sequence[Row]) -> tuple[str, str] | None:
    """Give the members that begin and end a row's time; "" where a row is a whole day, or only begins."""
    names = [name for name in rows[0] if all(_is_placed(row.get(name)) for row in rows)] if rows else []
    for begins, ends in permutations(names, _PAIR):
        if all(_order(row[begins]) < _order(row[ends]) for row in rows):
            return begins, ends
    return (names[0], "") if names else None


def _is_placed(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("{")


def _order(placed: str) -> tuple[int, str]:
    number, _, rest = placed[1:].partition("}")
    return int(number), rest


def _with_rows(bare: Timetable, cases: Sequence[_Case]) -> tuple[Timetable, str] | None:
    """Give the timetable with its rows by kind, and the member that tells what is taken; None where there are none."""
    groups: dict[str, list[_Case]] = defaultdict(list)
    for case in cases:
        groups[bare.key(case.scene, case.day, bare.kinds)].append(case)
    begins = bare.times[0]
    places = {key: {row[begins] for case in inside for row in case.rows} for key, inside in groups.items()}
    full = sum(len(case.rows) == len(places[key]) for key, inside in groups.items() for case in inside)
    ordered = all([_order(row[begins]) for row in case.rows] == sorted({_order(row[begins]) for row in case.rows})
                  for case in cases)  # fmt: skip
    if (
        not ordered
        or full < _PAIR
        or full * 4 < len(cases)
        or len(groups) * 2 > len(cases) + 1
        or max(map(len, places.values())) < 2
    ):
        return None
    values: dict[str, dict[tuple[str, str], dict[Any, Any]]] = defaultdict(lambda: defaultdict(dict))
    for key, inside in groups.items():
        for row in (row for case in inside for row in case.rows):
            for name, value in row.items():
                values[name][key, row[begins]][canon(value)] = value
    fixed = [name for name, held in values.items() if all(len(one) == 1 for one in held.values())]
    if not {begins, *([bare.times[1]] if bare.times[1] else [])} <= set(fixed):
        return None
    flags = [
        name
        for name, held in values.items()
        if name not in fixed and len({known for one in held.values() for known in one}) == _PAIR
    ]
    made = {
        key: [
            {name: next(iter(values[name][key, place].values())) for name in fixed if (key, place) in values[name]}
            for place in sorted(places[key], key=_order)
        ]
        for key in groups
    }
    return replace(bare, rows=_of_other_days(made) if bare.by_weekday else made), flags[0] if flags else ""


def _of_other_days(rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Keep the rows of a weekday only where they are not those of most days."""
    kinds: dict[str, list[tuple[str, list[Row]]]] = defaultdict(list)
    for key, inside in rows.items():
        kinds[key.rpartition("/")[0] or ALWAYS].append((key, inside))
    made: dict[str, list[Row]] = {}
    for kind, days in sorted(kinds.items()):
        made[kind] = common([inside for _, inside in days])
        made |= {key: inside for key, inside in sorted(days) if inside != made[kind]}
    return made


def _with_takings(bare: Timetable, flag: str, cases: Sequence[_Case], asked: Sequence[Term]) -> Timetable | None:
    """Give the timetable with what takes its rows: None where rows are missing at times and nothing tells why."""
    begins = bare.times[0]
    words = _words(flag, cases)
    tried: list[tuple[int, tuple[Any, Any], list[_Seen], list[Taking]]] = []
    for free, taken in permutations(words, _PAIR) if flag else ((True, False),):
        seen = [_seen(bare, case, flag, taken, begins) for case in cases]
        takings = list(_takings(bare, seen, asked))
        count = sum(map(sum, (one.taken for one in seen)))
        if takings:
            tried.append((count, (free, taken), seen, takings))
    is_whole = all(len(case.rows) == len(bare.rows_of(case.scene, case.day, bare.kinds)) for case in cases)
    if not tried:
        return bare if is_whole else None
    _, told, seen, takings = min(tried, key=lambda one: one[0])
    made = replace(bare, flag=flag, words=told, takings=tuple(takings))
    if not flag:
        return made
    only = _only(made, seen, asked)
    return replace(made, only=only) if only is not None or is_whole else None


def _words(flag: str, cases: Sequence[_Case]) -> list[Any]:
    """Give the two words of a flag; of yes and no what is free is yes, which is tried first."""
    told = {canon(row[flag]): row[flag] for case in cases for row in case.rows if flag in row}
    return sorted(told.values(), key=lambda value: (value is not True, str(value)))


def _seen(bare: Timetable, case: _Case, flag: str, taken: Any, begins: str) -> _Seen:
    whole = bare.rows_of(case.scene, case.day, bare.kinds)
    shown = {row[begins]: row for row in case.rows}
    told = [
        row[begins] not in shown or (bool(flag) and same(shown[row[begins]].get(flag, MISSING), taken)) for row in whole
    ]
    placed = on_day(whole, case.day)
    return _Seen(case.scene, placed, told, len(shown) == len(whole), [bare.span(row) for row in placed])


def _takings(bare: Timetable, seen: Sequence[_Seen], asked: Sequence[Term]) -> Iterator[Taking]:
    """Give what takes rows, at most two collections: where one of its items does, the row nearly always is taken."""
    left = sum(map(sum, (one.taken for one in seen)))
    whole = left
    known: list[Taking] = []
    for _ in range(_PAIR):
        best: tuple[int, Taking] | None = None
        for taking in _candidates(bare, seen, asked):
            hits, made = _but(taking, seen, known)
            if hits >= _PAIR and (best is None or hits > best[0]):
                best = hits, made
        if best is None:
            break
        left -= best[0]
        known.append(best[1])
    if known and left * _UNTOLD <= whole:
        yield from known


def _candidates(bare: Timetable, seen: Sequence[_Seen], asked: Sequence[Term]) -> Iterator[Taking]:
    names = dict.fromkeys(name for one in seen for name in one.scene.timeline.names())
    is_day = not bare.times[1] and all(len(row[bare.times[0]]) == _A_DAY for rows in bare.rows.values() for row in rows)
    for name in names:
        if name.endswith((HIDDEN, GONE)):
            continue
        held = [(one.scene, item) for one in seen for item in one.scene.held(name) if isinstance(item, dict)]
        dated = [field for field, value in (held[0][1].items() if held else ()) if day_of(value) is not None]
        owners: list[tuple[str, Term] | None] = [*_owners(held, asked), None]
        for owner in owners:
            for begins, ends in permutations(dated[:_MOST_DATES], _PAIR) if bare.times[1] or is_day else ():
                if all(str(item.get(begins)) < str(item.get(ends)) for _, item in held):
                    yield Taking(name, begins, ends, owner)
            for begins in dated[:_MOST_DATES]:
                yield Taking(name, begins, "", owner)


def _owners(held: Sequence[tuple[Scene, Row]], asked: Sequence[Term]) -> Iterator[tuple[str, Term]]:
    """Give the fields of items that are what is asked for: those called so first."""
    found = [
        (not alike(name, term.name), name, term)
        for name in (held[0][1] if held else ())
        for term in asked
        if any(_is_asked(item.get(name), term.get(scene)) for scene, item in held)
    ]
    yield from ((name, term) for _, name, term in sorted(found, key=lambda one: one[0]))


def _is_asked(held: Any, asked: Any) -> bool:
    return is_scalar(held) and held is not None and as_text(held) == as_text(asked)


def _but(taking: Taking, seen: Sequence[_Seen], known: Sequence[Taking]) -> tuple[int, Taking]:
    """Give how many rows it takes that nothing else does, and it without the items that take none, as cancelled ones.

    None are taken where it takes too many that are free.
    """
    right, wrong = _taken_by(taking, seen, known)
    if not wrong:
        return right, _without_ended(taking, seen)
    best = right, len(wrong), taking
    names = [name for name, value in wrong[0].items() if isinstance(value, str) and name != taking.begins]
    for name in names:
        words = tuple(sorted({str(item.get(name)) for item in wrong}))
        made = replace(taking, but=(name, words))
        kept, still = _taken_by(made, seen, known)
        if len(words) <= _MOST_WORDS and kept * 2 > right and len(still) < best[1]:
            best = kept, len(still), made
    return (best[0], best[2]) if best[1] * _WRONG <= best[0] else (0, taking)


def _without_ended(taking: Taking, seen: Sequence[_Seen]) -> Taking:
    """Give it without the items that are called cancelled or so, where none of those took a row."""
    took: dict[str, set[str]] = defaultdict(set)
    ever: dict[str, set[str]] = defaultdict(set)
    for one in seen:
        items = taking.items(one.scene)
        by = [[item for item in items if taking.takes(item, *span)] for span in one.spans]
        alone = [inside[0] for inside in by if len(inside) == 1]
        for item in items:
            for name in (name for name, value in item.items() if isinstance(value, str)):
                ever[name].add(item[name])
                took[name] |= {item[name]} if any(item is one for one in alone) else set()
    for name, words in ever.items():
        ended = tuple(sorted(word for word in words - took[name] if _ENDED.match(word)))
        if ended and len(words) <= _MOST_WORDS and took[name]:
            return replace(taking, but=(name, ended))
    return taking


def _taken_by(taking: Taking, seen: Sequence[_Seen], known: Sequence[Taking]) -> tuple[int, list[Row]]:
    """Give how many rows that are taken it takes and nothing known does, and the items that take free ones."""
    right, wrong = 0, []
    for one in seen:
        items = taking.items(one.scene)
        others = [(other, other.items(one.scene)) for other in known] if items else []
        for span, taken in zip(one.spans, one.taken, strict=True) if items else ():
            by = [item for item in items if taking.takes(item, *span)]
            if by and not taken:
                wrong += by
            elif by and not any(other.takes(item, *span) for other, inside in others for item in inside):
                right += 1
    return right, wrong


def _only(made: Timetable, seen: Sequence[_Seen], asked: Sequence[Term]) -> tuple[Term, str] | None:
    """Give the parameter with which taken rows are left out, by its name where no taken row would have been."""
    shown = [one for one in seen if one.shows_all and any(one.taken)]
    hidden = [one for one in seen if not one.shows_all]
    for term in asked:
        told = {term.get(one.scene) for one in hidden}
        word = next(iter(told)) if len(told) == 1 else None
        if isinstance(word, str) and not any(term.get(one.scene) == word for one in shown):
            return term, word
        words = {term.get(one.scene) for one in seen} - {term.get(one.scene) for one in shown}
        if not hidden and alike(term.name, made.flag) and "true" in words and made.words[0] is True:
            return term, "true"
    return None
