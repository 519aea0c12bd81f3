"""Deriving: numbers of an answer that are worked out from other parts of it, and parts that stand in it twice."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final

from recorder.synthesis.grounds import Case
from recorder.synthesis.node import Fixed, MadeUp, Named, Node, Object, Over, Said, Table, replaced, walk
from recorder.synthesis.reckoning import SIGNS, equal
from recorder.synthesis.scene import Scene
from recorder.synthesis.term import Get, Term, literal, used_by
from recorder.synthesis.values import MISSING, Path, canon, is_number, is_scalar, look
from recorder.synthesis.vocabulary import Vocabulary

_MOST_TERMS: Final = 60
_MOST_OWN: Final = 14
_MOST_KEYS: Final = 20
_FEW: Final = 8
_ROUNDS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """A part of the answer itself as something to reckon with: `path` is the part that has to be named for it.

    `form` writes it, with `{}` for that part; `size` tells how far-fetched it is.
    """

    form: str
    path: Path
    values: list[Any]
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class _Operand:
    """Numbers to reckon with: `own` of the answer itself, or else of a term."""

    values: Sequence[Any]
    own: _Own | None = None
    term: Term | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Sum:
    """What a number was found to be: `form` with `{}` for each operand."""

    form: str
    operands: tuple[_Operand, ...]


@dataclass(slots=True)
class Names:
    """The names given to parts of one answer, each once."""

    used: set[str] = field(default_factory=set)

    def free(self, path: Path) -> str:
        """Give a name for the part at a path that no other has."""
        words = [re.sub(r"\W+", "_", str(step)).strip("_").lower() for step in path if isinstance(step, str)]
        base = next((word for word in reversed(words) if word), "made")
        base = f"new_{base}" if base in ("item", "list", "answer", "items") or not base[0].isalpha() else base
        made, number = base, 2
        while made in self.used:
            made, number = f"{base}{number}", number + 1
        self.used.add(made)
        return made


def derive(node: Node, cases: Sequence[Case], vocabulary: Vocabulary, names: Names) -> Node:
    """Explain numbers that nothing else explains by what else is in the answer: sums, products, shares of others."""
    if not any(part.unknown for _, part in walk(node) if not isinstance(part, Object | Over)):
        return node
    for _ in range(_ROUNDS):
        found = _derived_one(node, cases, vocabulary, names)
        if found is None:
            return node
        node = found
    return node


def _derived_one(node: Node, cases: Sequence[Case], vocabulary: Vocabulary, names: Names) -> Node | None:
    unknown = [path for path, part in walk(node) if path and isinstance(part, Fixed | Table) and part.unknown]
    own = list(_own(node, cases))
    for path in unknown:
        wanted = [look(value, path) for _, value in cases]
        found = _reckoned(wanted, own, cases, vocabulary) if all(map(is_number, wanted)) else None
        if found is not None:
            return _with_sum(node, path, found, names)
    return None


def _with_sum(node: Node, path: Path, found: _Sum, names: Names) -> Node:
    """Give the node with a number reckoned at a path, and what it is reckoned from named."""
    for operand in found.operands:
        if operand.own is not None:
            node = _named(node, operand.own.path, names)
    shown: list[str] = []
    for operand in found.operands:
        if operand.own is not None:
            shown.append(operand.own.form.format(_part_at(node, operand.own.path).expression()))
        elif operand.term is not None:
            shown.append(operand.term.text)
    uses, keeps = used_by(operand.term for operand in found.operands if operand.term is not None)
    return replaced(node, path, Said(Term(found.form.format(*shown), _unknown, "", 1.0, uses, keeps)))


def _part_at(node: Node, path: Path) -> Node:
    return next(part for where, part in walk(node) if where == path)


def _named(node: Node, path: Path, names: Names) -> Node:
    """Give the node with a name for the part at a path."""
    part = _part_at(node, path)
    return node if isinstance(part, Named) else replaced(node, path, Named(names.free(path), part))


def _unknown(_scene: Scene) -> Any:
    """Work out what only the answer itself tells: nothing, before there is one."""
    return MISSING


def _own(node: Node, cases: Sequence[Case]) -> Iterator[_Own]:
    for path, part in walk(node):
        if not path or part.unknown or isinstance(part, Object | Over):
            continue
        values = [look(value, path) for _, value in cases]
        if any(value is MISSING for value in values):
            continue
        if all(isinstance(value, list) for value in values):
            yield from _aggregates(path, values)
        elif all(map(is_scalar, values)):
            yield _Own("{}", path, values, 1)


def _aggregates(path: Path, values: Sequence[list[Any]]) -> Iterator[_Own]:
    yield _Own("({} | length)", path, [len(value) for value in values], 2)
    rows = [row for value in values for row in value if isinstance(row, dict)]
    if not rows:
        return
    fields = [name for name in rows[0] if all(is_number(row.get(name)) for row in rows)]
    for name in fields:
        sums = [sum(row[name] for row in value) for value in values]
        yield _Own(f"total({{}}, {_braced(name)})", path, sums, 2)
    for place, one in enumerate(fields):
        for other in fields[place + 1 :]:
            sums = [sum(row[one] * row[other] for row in value) for value in values]
            yield _Own(f"total({{}}, {_braced(one)}, {_braced(other)})", path, sums, 3)


def _braced(value: Any) -> str:
    """Write a value so that it comes through `str.format`."""
    return literal(value).replace("{", "{{").replace("}", "}}")


def _reckoned(wanted: Sequence[Any], own: Sequence[_Own], cases: Sequence[Case], vocabulary: Vocabulary) -> _Sum | None:
    """Find what a number is: another, a sum, difference or product of two, or a share of one."""
    if len(cases) < 2 or len(set(map(canon, wanted))) < 2:
        return None
    numbers = sorted((one for one in own if all(map(is_number, one.values))), key=lambda one: one.size)[:_MOST_TERMS]
    operands = [_Operand(one.values, own=one) for one in numbers]
    operands += _numeric_terms(cases, vocabulary)
    return (
        _of_two(wanted, operands)
        or _share(wanted, operands, own, cases, vocabulary)
        or _of_three(wanted, [one for one in operands if one.own is not None][:_MOST_OWN])
    )


def _of_two(wanted: Sequence[Any], operands: Sequence[_Operand]) -> _Sum | None:
    for operand in operands:
        if equal(operand.values, wanted):
            return _Sum("{}", (operand,))
    for place, one in enumerate(operands):
        for two in operands[place:]:
            for sign, reckon in SIGNS.items():
                if equal(map(reckon, one.values, two.values), wanted):
                    return _Sum(f"({{}} {sign} {{}})", (one, two))
                if sign == "-" and equal(map(reckon, two.values, one.values), wanted):
                    return _Sum("({} - {})", (two, one))
    return None


def _of_three(wanted: Sequence[Any], own: Sequence[_Operand]) -> _Sum | None:
    """Find a sum of two less or plus a third, over the parts of the answer itself."""
    for a, b, c in permutations(own, 3):
        values = list(zip(a.values, b.values, c.values, strict=True))
        for form, reckon in _OF_THREE:
            if equal((reckon(*three) for three in values), wanted):
                return _Sum(form, (a, b, c))
    return None


_OF_THREE: Final[tuple[tuple[str, Callable[[Any, Any, Any], Any]], ...]] = (
    ("({} - {} + {})", lambda x, y, z: x - y + z),
    ("({} + {} + {})", lambda x, y, z: x + y + z),
    ("(({} - {}) * {})", lambda x, y, z: (x - y) * z),
)


def _numeric_terms(cases: Sequence[Case], vocabulary: Vocabulary) -> list[_Operand]:
    found: list[_Operand] = []
    for term, value in vocabulary.everything(cases[0][0]):
        if not is_number(value) or "headers" in term.text or term.text.count("[") > 1 or "answer" in term.text:
            continue
        values = [term.get(scene) for scene, _ in cases]
        if all(map(is_number, values)):
            found.append(_Operand(values, term=term))
        if len(found) >= _MOST_TERMS // 2:
            break
    return found


_ROUNDINGS: Final[tuple[tuple[str, Callable[[float], Any]], ...]] = (
    ("{}", lambda x: x),
    ("({} | round | int)", round),
    ("(({} + 0.5) | round(0, 'floor') | int)", lambda x: math.floor(x + 0.5)),
    ("({} | round(0, 'floor') | int)", math.floor),
    ("({} | round(0, 'ceil') | int)", math.ceil),
    ("({} | round(2))", lambda x: round(x, 2)),
    ("({} | round(1))", lambda x: round(x, 1)),
)


def _share(
    wanted: Sequence[Any], operands: Sequence[_Operand], own: Sequence[_Own], cases: Sequence[Case],
    vocabulary: Vocabulary,
) -> _Sum | None:  # fmt: skip
    """Find a fixed share of a number, or of the difference of two; or a share that another value decides."""
    for operand in operands:
        rate = _rate(operand.values, wanted)
        if rate is not None:
            return _Sum(rate.form.format(f"({{}} * {literal(rate.rate)})"), (operand,))
    mine = sorted((one for one in operands if one.own is not None), key=_size)[:_MOST_OWN]
    for one, two in permutations(mine, 2):
        rate = _rate([x - y for x, y in zip(one.values, two.values, strict=True)], wanted)
        if rate is not None:
            return _Sum(rate.form.format(f"(({{}} - {{}}) * {literal(rate.rate)})"), (one, two))
    keys = _keys(own, cases, vocabulary)
    for operand in operands:
        for key in keys:
            found = _by_key(operand, wanted, key)
            if found is not None:
                return found
    return None


def _size(operand: _Operand) -> int:
    return operand.own.size if operand.own is not None else 0


def _keys(own: Sequence[_Own], cases: Sequence[Case], vocabulary: Vocabulary) -> list[_Operand]:
    """Give the values that may decide about a share: those that are few."""
    keys = [
        _Operand(one.values, own=one)
        for one in own
        if all(map(is_scalar, one.values)) and len(set(map(canon, one.values))) <= _FEW
    ]
    for term, value in vocabulary.everything(cases[0][0]):
        if not (isinstance(value, str | bool) or value is None) or "headers" in term.text:
            continue
        given = [term.get(scene) for scene, _ in cases]
        if all(map(is_scalar, given)) and 2 <= len(set(map(canon, given))) <= _FEW:
            keys.append(_Operand(given, term=term))
    return keys[:_MOST_KEYS]


@dataclass(frozen=True, slots=True)
class _Rate:
    """A share of a number, and the form of how it is rounded."""

    rate: float
    form: str


def _rate(values: Sequence[Any], wanted: Sequence[Any]) -> _Rate | None:
    largest = max(range(len(values)), key=lambda place: abs(values[place]))
    if abs(values[largest]) < 1e-9 or all(abs(value) < 1e-9 for value in wanted):
        return None
    raw = wanted[largest] / values[largest]
    if abs(raw) < 1e-6 or abs(raw) > 1e6:
        return None
    for digits in (1, 2, 3, 4):
        rate = round(raw, digits)
        if not rate or abs(rate - 1) < 1e-9:
            continue
        for form, rounding in _ROUNDINGS:
            if equal((rounding(value * rate) for value in values), wanted):
                return _Rate(rate, form)
    return None


def _by_key(operand: _Operand, wanted: Sequence[Any], key: _Operand) -> _Sum | None:
    """Find a share of a number that is another for each value of a key."""
    values, labels = operand.values, [canon(value) for value in key.values]
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        groups[label].append(place)
    if len(groups) < 2:
        return None
    rates: dict[Hashable, float] = {}
    for label, places in groups.items():
        told = [wanted[place] for place in places]
        if all(abs(value) < 1e-9 for value in told):
            continue
        rate = _rate([values[place] for place in places], told)
        if rate is None or len(places) < 2:
            return None
        rates[label] = rate.rate
    shown = dict(zip(labels, key.values, strict=True))
    for form, rounding in _ROUNDINGS if rates else ():
        shares = (rounding(value * rates.get(label, 0)) for value, label in zip(values, labels, strict=True))
        if equal(shares, wanted):
            choice = " else ".join(
                f"{literal(rate)} if {{}} == {_braced(shown[label])}" for label, rate in rates.items()
            )
            return _Sum(form.format(f"({{}} * ({choice} else 0))"), (operand, *(key for _ in rates)))
    return None


def made_up_terms(node: Node, cases: Sequence[Case], names: Names) -> list[tuple[Term, Path, str]]:
    """Give terms for the parts of an answer that are made anew, so that others can be explained by them."""
    found: list[tuple[Term, Path, str]] = []
    for path, part in walk(node):
        if not path or not isinstance(part, MadeUp | Named):
            continue
        name = part.name if isinstance(part, Named) else names.free(path)
        term = Term(f"vars.{name}", _recorded(cases, path), str(path[-1]), 0.7, frozenset({f"made:{name}"}))
        found.append((term, path, name))
    return found


def _recorded(cases: Sequence[Case], path: Path) -> Get:
    """Give what reads the part of an answer at a path, as it was recorded."""
    recorded = {id(scene): look(value, path) for scene, value in cases}
    return lambda scene: recorded.get(id(scene), MISSING)


def share_repeats(node: Node, cases: Sequence[Case], names: Names) -> Node:
    """Have what is made anew once where it stands twice in every answer, as a time or an id can."""
    first: dict[tuple[Any, ...], Path] = {}
    for path, part in list(walk(node)):
        if not path or not isinstance(part, MadeUp):
            continue
        values = tuple(canon(look(value, path)) for _, value in cases)
        known = first.setdefault(values, path)
        if known is not path:
            node = _named(node, known, names)
            origin = _part_at(node, known)
            assert isinstance(origin, Named), "it has just been named"
            node = replaced(node, path, Said(Term(f"vars.{origin.name}", _unknown, origin.name)))
    return node


def name_used(node: Node, uses: frozenset[str], terms: Sequence[tuple[Term, Path, str]]) -> Node:
    """Name the parts that headers were explained by."""
    for _, path, name in terms:
        if f"made:{name}" in uses:
            part = _part_at(node, path)
            if not isinstance(part, Named):
                node = replaced(node, path, Named(name, part))
    return node
