"""Groups: rows or members that tell how many items have each value of a field, as facets of a search, or tags."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from cassettes.comparing import rank
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.samples.values import MISSING, as_text, canon, is_scalar, look
from recorder.synthesis.terms.scene import GONE, HIDDEN, OWNER, Scene
from recorder.synthesis.terms.term import Term, literal

_MANY: Final = 4
_NEARLY_TENTHS: Final = 5
_MOST_FIELDS: Final = 24
_MOST_ROWS: Final = 60
_MOST_COLLECTIONS: Final = 12
_FEW: Final = 4
_HALF: Final = 2
_ORDERS: Final = ("", "value", "count")
_LISTED: Final = "vars.list.matched"


@dataclass(frozen=True, slots=True)
class _Form:
    """How groups are shown: rows with the names of value and count, or with neither an object of counts by value.

    Such an object may always have the same members, also `none` where nothing is counted.
    """

    value: str = ""
    count: str = ""
    none: tuple[str, ...] = ()

    def text(self, groups: str) -> str:
        """Write what an expression for pairs of value and count is shown as."""
        if self.none:
            return f"merge({literal(dict.fromkeys(self.none, 0))}, from_pairs({groups}))"
        if not self.value:
            return f"from_pairs({groups})"
        return f"each({groups}, {{{literal(self.value)}: row[0], {literal(self.count)}: row[1]}})"

    def shown(self, pairs: Sequence[tuple[Any, int]]) -> Any:
        """Give pairs of value and count as they are shown."""
        if not self.value:
            return dict.fromkeys(self.none, 0) | {as_text(value): count for value, count in pairs}
        return [{self.value: value, self.count: count} for value, count in pairs]


@dataclass(frozen=True, slots=True)
class Source:
    """Items whose values are counted: how they are written, and how they are found in a scene, None where not."""

    text: str
    find: Callable[[Scene], Sequence[Any] | None]
    uses: frozenset[str] = frozenset()


def grouped(cases: Sequence[Case]) -> Said | None:
    """Explain rows or members as how many items of the list, of all its pages, have each value of a field.

    Where nothing is listed the items are those of a collection, or of these those of one kind.
    """
    form = _form([value for _, value in cases]) if len(cases) >= _MANY else None
    if form is None or len({canon(value) for _, value in cases}) < _MANY:
        return None
    return _best(form, sources(cases), cases)


def sources(cases: Sequence[Case]) -> Iterator[Source]:
    """Give the items that may be counted: those of the list, of all its pages, or of a collection, or some of these."""
    if is_listed(cases):
        yield Source(_LISTED, _matched, frozenset({"list"}))
        return
    wholes = [Source(f"resource.{name}.all()", partial(_held, name)) for name in _collections(cases)]
    yield from wholes
    for whole in wholes:
        yield from _kinds(whole, cases)


def is_listed(cases: Sequence[Case]) -> bool:
    """Tell whether the endpoint lists items, and mostly those that it was learnt to list."""
    right = [scene.values.get("list_right", True) for scene, _ in cases if "list" in scene.values]
    return bool(right) and right.count(True) * _HALF >= len(right)


def _best(form: _Form, sources: Iterable[Source], cases: Sequence[Case]) -> Said | None:
    """Give the groups that nearly all answers show, those that most do."""
    best: tuple[int, Term] | None = None
    for source in sources:
        if best is not None and best[0] == len(cases):
            break
        items = [source.find(scene) for scene, _ in cases]
        for field in _fields([one for one in items if one is not None], cases, form) if None not in items else ():
            for order in _ORDERS if form.value else _ORDERS[:1]:
                get = partial(_value, form, field, order, source)
                right = [canon(value) for scene, value in cases if canon(get(scene)) == canon(value)]
                is_nearly = len(right) * 10 >= len(cases) * _NEARLY_TENTHS and len(set(right)) >= _MANY
                if is_nearly and (best is None or len(right) > best[0]):
                    by = f", {literal(order)}" if order else ""
                    text = form.text(f"groups({source.text}, {literal('.'.join(field))}{by})")
                    best = len(right), Term(text, get, field[-1], 1.5, source.uses)
    return Said(best[1]) if best is not None else None


def _matched(scene: Scene) -> Sequence[Any] | None:
    found = scene.values.get("list")
    return found.get("matched") if isinstance(found, dict) else None


def _held(name: str, scene: Scene) -> Sequence[Any]:
    return scene.held(name)


def _collections(cases: Sequence[Case]) -> list[str]:
    names = dict.fromkeys(name for scene, _ in cases for name in scene.timeline.names())
    return [name for name in names if not name.endswith((HIDDEN, GONE))][:_MOST_COLLECTIONS]


def _kinds(whole: Source, cases: Sequence[Case]) -> Iterator[Source]:
    """Give those items that have one of the few values of a field, as what is published."""
    values: dict[str, dict[str, Any]] = defaultdict(dict)
    for item in (item for scene, _ in cases for item in whole.find(scene) or () if isinstance(item, dict)):
        for name, value in item.items():
            if isinstance(value, str | bool) and len(values[name]) <= _FEW:
                values[name][repr(value)] = value
    for name, told in values.items():
        for value in told.values() if 1 < len(told) <= _FEW else ():
            text = f"keep_rows({whole.text}, {literal(name)}, {literal(value)})"
            yield Source(text, partial(_kept, whole, name, value))


def _kept(whole: Source, name: str, value: Any, scene: Scene) -> Sequence[Any]:
    items = whole.find(scene) or ()
    return [item for item in items if isinstance(item, dict) and canon(item.get(name)) == canon(value)]


def _form(values: Sequence[Any]) -> _Form | None:
    """Tell how groups may be shown: the count is the one whole number above zero that all rows have beside a value."""
    if all(isinstance(value, dict) for value in values):
        counts = [one for value in values for one in value.values()]
        if not counts or not all(type(one) is int and one >= 0 for one in counts):
            return None
        are_always = all(value.keys() == values[0].keys() for value in values)
        return _Form() if all(counts) else _Form(none=tuple(values[0])) if are_always and any(counts) else None
    rows = [row for value in values if isinstance(value, list) for row in value]
    if not rows or not all(isinstance(row, dict) and len(row) == 2 for row in rows) or any(map(_is_long, values)):
        return None
    names = [*rows[0]]
    if any([*row] != names for row in rows):
        return None
    counts = [name for name in names if all(type(row[name]) is int and row[name] > 0 for row in rows)]
    kinds = [name for name in names if all(is_scalar(row[name]) and row[name] is not None for row in rows)]
    told = [(kind, count) for count in counts for kind in kinds if kind != count]
    texts = [one for one in told if all(isinstance(row[one[0]], str) for row in rows)]
    one = next(iter(texts or told), None)
    return _Form(*one) if one is not None else None


def _is_long(value: Any) -> bool:
    return not isinstance(value, list) or len(value) > _MOST_ROWS


def _fields(lists: Sequence[Sequence[Any]], cases: Sequence[Case], form: _Form) -> list[tuple[str, ...]]:
    """Give the fields of items, also those in objects of them, that have the values which most rows show."""
    found: Counter[tuple[str, ...]] = Counter()
    for item in (item for items in lists for item in items[:_MOST_ROWS] if isinstance(item, dict)):
        for name, value in item.items():
            inside = [((name, inner), one) for inner, one in value.items()] if isinstance(value, dict) else []
            found.update(where for where, one in [((name,), value), *inside] if name != OWNER and any(_members(one)))

    def size(place: int) -> int:
        shown = cases[place][1]
        return sum(map(bool, shown.values())) if form.none else len(shown)

    longest = max(range(len(cases)), key=size)
    shown = cases[longest][1]
    told = {as_text(row[form.value]) for row in shown} if form.value else {key for key in shown if shown[key]}
    return [field for field, _ in found.most_common(_MOST_FIELDS) if _has(lists[longest], field, told)]


def _has(items: Sequence[Any], field: tuple[str, ...], told: AbstractSet[str]) -> bool:
    """Tell whether items have most of these values in a field."""
    values = [look(item, field) for item in items]
    texts = {as_text(one) for value in values for one in (value if isinstance(value, list) else [value])}
    return len(texts & told) * _HALF >= len(told)


def _members(value: Any) -> Iterator[bool]:
    yield from (is_scalar(one) and one is not None for one in (value if isinstance(value, list) else [value]))


def _value(form: _Form, field: tuple[str, ...], order: str, source: Source, scene: Scene) -> Any:
    items = source.find(scene)
    if items is None:
        return MISSING
    counts: dict[Any, list[Any]] = {}
    for item in items:
        value = look(item, field)
        for one in value if isinstance(value, list) else [value]:
            if one is not MISSING and one is not None and is_scalar(one):
                counts.setdefault(canon(one), [one, 0])[1] += 1
    pairs = [(value, count) for value, count in counts.values()]
    if order:
        pairs.sort(key=lambda pair: rank(pair[0]))
    if order == "count":
        pairs.sort(key=lambda pair: -pair[1])
    return form.shown(pairs)
