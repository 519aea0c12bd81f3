"""Groups: rows or members that tell how many items of a list have each value of a field, as the facets of a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from cassettes.comparing import rank
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.samples.values import MISSING, as_text, canon, is_scalar, look
from recorder.synthesis.terms.scene import OWNER, Scene
from recorder.synthesis.terms.term import Term, literal

_MANY: Final = 4
_NEARLY_TENTHS: Final = 8
_MOST_FIELDS: Final = 24
_MOST_ROWS: Final = 60
_ORDERS: Final = ("", "value", "count")
_LISTED: Final = "vars.list.matched"


@dataclass(frozen=True, slots=True)
class _Form:
    """How groups are shown: rows with the names of value and count, or with neither an object of counts by value."""

    value: str = ""
    count: str = ""

    def text(self, groups: str) -> str:
        """Write what an expression for pairs of value and count is shown as."""
        if not self.value:
            return f"from_pairs({groups})"
        return f"each({groups}, {{{literal(self.value)}: row[0], {literal(self.count)}: row[1]}})"

    def shown(self, pairs: Sequence[tuple[Any, int]]) -> Any:
        """Give pairs of value and count as they are shown."""
        if not self.value:
            return {as_text(value): count for value, count in pairs}
        return [{self.value: value, self.count: count} for value, count in pairs]


def grouped(cases: Sequence[Case]) -> Said | None:
    """Explain rows or members as how many items of the list, of all its pages, have each value of a field."""
    whole = [scene.values["list"]["matched"] for scene, _ in cases if isinstance(scene.values.get("list"), dict)]
    form = _form([value for _, value in cases]) if len(whole) == len(cases) >= _MANY else None
    if form is None or len({canon(value) for _, value in cases}) < _MANY:
        return None
    best: tuple[int, Term] | None = None
    for field in _fields(whole):
        for order in _ORDERS if form.value else _ORDERS[:1]:
            get = partial(_value, form, field, order)
            right = [canon(value) for scene, value in cases if canon(get(scene)) == canon(value)]
            is_nearly = len(right) * 10 >= len(cases) * _NEARLY_TENTHS and len(set(right)) >= _MANY
            if is_nearly and (best is None or len(right) > best[0]):
                by = f", {literal(order)}" if order else ""
                text = form.text(f"groups({_LISTED}, {literal('.'.join(field))}{by})")
                best = len(right), Term(text, get, field[-1], 1.5, frozenset({"list"}))
    return Said(best[1]) if best is not None else None


def _form(values: Sequence[Any]) -> _Form | None:
    """Tell how groups may be shown: the count is the one whole number above zero that all rows have beside a value."""
    if all(isinstance(value, dict) for value in values):
        are_counts = all(type(one) is int and one > 0 for value in values for one in value.values())
        return _Form() if are_counts and any(values) else None
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


def _fields(lists: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Give the fields of items, also those in objects of them, that are scalars or lists of these."""
    found: Counter[tuple[str, ...]] = Counter()
    for item in (item for items in lists for item in items[:_MOST_ROWS] if isinstance(item, dict)):
        for name, value in item.items():
            inside = [((name, inner), one) for inner, one in value.items()] if isinstance(value, dict) else []
            found.update(where for where, one in [((name,), value), *inside] if name != OWNER and any(_members(one)))
    return [field for field, _ in found.most_common(_MOST_FIELDS)]


def _members(value: Any) -> Iterator[bool]:
    yield from (is_scalar(one) and one is not None for one in (value if isinstance(value, list) else [value]))


def _value(form: _Form, field: tuple[str, ...], order: str, scene: Scene) -> Any:
    found = scene.values.get("list")
    if not isinstance(found, dict) or "matched" not in found:
        return MISSING
    counts: dict[Any, list[Any]] = {}
    for item in found["matched"]:
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
