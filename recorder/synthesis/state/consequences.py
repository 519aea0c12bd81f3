"""Consequences: members of items that follow from other members, such as the totals of an order from its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jinja2

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.formulas import Formula, Operand, find_formula
from recorder.synthesis.explaining.laws import Place, keys_of, operands_of
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, canon, is_number, leaves, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member

_FEWEST: Final = 8
_DISTINCT: Final = 3
_MOST: Final = 150
_MOST_PARTS: Final = 8
_DEEPEST: Final = 2
_MOST_KEYS: Final = 8
_REASONS: Final = jinja2.Environment(autoescape=False)  # noqa: S701 -- numbers are reckoned, nothing is shown
_REASONS.filters["fixed"] = lambda value, digits: f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True, eq=False)
class Consequence:
    """What a member of an item comes to: each of its parts, in the order in which one may need another, by a formula.

    A part without a formula is always the same.
    """

    member: str
    parts: Mapping[Path, Formula[Place] | Any]

    @property
    def needs(self) -> set[str]:
        """The other members that it follows from."""
        formulas = [how for how in self.parts.values() if isinstance(how, Formula)]
        return {str(operand.part.path[0]) for how in formulas for operand in how.operands} - {self.member}

    def value(self, item: Mapping[str, Any]) -> Any:
        """Give it for an item, MISSING where a part of the item that it needs is not there."""
        made: dict[str, Any] = {**item, self.member: {}}
        for path, how in self.parts.items():
            value = _reckoned(how, made) if isinstance(how, Formula) else how
            if value is MISSING:
                return MISSING
            if len(path) == 1:
                made[self.member] = value
            else:
                made[self.member] = {**made[self.member], str(path[1]): value}
        return made[self.member]

    def text(self, base: str) -> str:
        """Write it for the item that an expression gives."""
        texts: dict[Path, str] = {}
        for path, how in self.parts.items():
            if not isinstance(how, Formula):
                texts[path] = literal(how)
                continue
            asked = [
                one.part.form.format(texts.get(one.part.path) or member(base, one.part.path)) for one in how.operands
            ]
            texts[path] = how.write(*asked)
        if list(texts) == [(self.member,)]:
            return texts[self.member,]
        return f"{{{', '.join(f'{literal(str(path[1]))}: {text}' for path, text in texts.items())}}}"


def find_consequence(name: str, shown: Sequence[dict[str, Any]]) -> Consequence | None:
    """Find what a member, a number or an object of numbers, comes to in all of the items, or None."""
    places = _places(name, shown)
    if not places or len(shown) < _FEWEST:
        return None
    left = list(places)
    found: dict[Path, Formula[Place] | Any] = {}
    while left:
        for path in left:
            how = _how(path, left, shown)
            if how is not None:
                found[path] = how
                left.remove(path)
                break
        else:
            return None
    return Consequence(name, found) if any(isinstance(one, Formula) for one in found.values()) else None


def items_shown(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], collection: str) -> list[dict[str, Any]]:
    """Give the items of a collection as they were shown when they were read by themselves, each once."""
    found: dict[Any, dict[str, Any]] = {}
    for scene in scenes:
        binding = bindings[scene.endpoint]
        is_read = binding.role == "item" and scene.sample.method in READS and len(found) < _MOST
        for name, _, item in items_seen(scene, binding) if is_read else ():
            if name == collection and isinstance(item, dict):
                found.setdefault(canon(item), item)
    return list(found.values())


def _places(name: str, shown: Sequence[dict[str, Any]]) -> list[Path]:
    """Give where the numbers of a member stand, none where it has anything else in it, or not always the same."""
    made: list[Path] = []
    for one in shown:
        value = one.get(name)
        paths: list[Path] = [(name,)]
        if isinstance(value, dict):
            paths = [(name, *path) for path, _ in leaves(value)]
        is_plain = all(len(path) <= _DEEPEST and is_number(look(one, path)) for path in paths)
        if not paths or not is_plain or (made and set(paths) != set(made)) or len(paths) > _MOST_PARTS:
            return []
        made = paths
    return made


def _how(path: Path, left: Sequence[Path], shown: Sequence[dict[str, Any]]) -> Formula[Place] | Any:
    wanted = [look(one, path) for one in shown]
    distinct = len(set(map(canon, wanted)))
    if distinct == 1:
        return wanted[0]
    if distinct < _DISTINCT:
        return None
    near = [one for one in _operands(shown) if one.part.path not in left and one.part.path != path]
    near.sort(key=lambda one: (one.part.path[:-1] != path[:-1], len(one.part.path), len(one.part.form)))
    keys = [one for one in keys_of(shown) if one.part.path[0] != path[0]][:_MOST_KEYS]
    return find_formula(wanted, near, keys)


def _operands(shown: Sequence[dict[str, Any]]) -> Iterator[Operand[Place]]:
    """Give the numbers of items, and what the rows in their lists come to, also how many there are."""
    yield from operands_of(shown)
    for name, value in shown[0].items():
        lists = [rows for one in shown if isinstance(rows := one.get(name), list)]
        if not isinstance(value, list) or len(lists) < len(shown):
            continue
        yield Operand([len(one) for one in lists], Place((name,), "({} | length)"))
        rows = [row for one in lists for row in one]
        fields = [field for field in rows[0] if isinstance(rows[0], dict)] if rows else []
        fields = [field for field in fields if all(isinstance(row, dict) and is_number(row.get(field)) for row in rows)]
        for place, one in enumerate(fields):
            for other in fields[place + 1 :]:
                form = f"total({{}}, {literal(one)}, {literal(other)})"
                yield Operand([sum(row[one] * row[other] for row in inside) for inside in lists], Place((name,), form))


def _reckoned(how: Formula[Place], item: Mapping[str, Any]) -> Any:
    given = [next((one.values[0] for one in _again(operand.part, item)), MISSING) for operand in how.operands]
    if MISSING in given:
        return MISSING
    names = [f"given{place}" for place in range(len(given))]
    try:
        reckon = _REASONS.compile_expression(how.write(*names), undefined_to_none=False)
        made = reckon(**dict(zip(names, given, strict=True)))
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError):
        return MISSING
    return MISSING if isinstance(made, jinja2.Undefined) else made


def _again(place: Place, item: Mapping[str, Any]) -> Iterator[Operand[Place]]:
    """Give a place of an item as an operand."""
    value = look(item, place.path)
    if value is MISSING:
        return
    if place.form == "{}":
        yield Operand([value], place)
    elif value == []:
        yield Operand([0], place)
    elif isinstance(value, list):
        given = [dict(item)]
        yield from (one for one in _operands(given) if one.part == place)
